//! F6: from one part of the page to the next.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The parts of the page in their order.
const REGIONS: &str = ".top, .start-head, .start-halves, .start-low, .timeline, .channel, .master-room > *, .editors, .console";
/// What can take the focus.
const FOCUSABLE: &str = "button:not([disabled], [tabindex='-1']), select, input:not([tabindex='-1']), a[href], [tabindex='0']";

/// Puts the focus on the first element of the next region that has one, or of the previous.
pub fn go(forward: bool) {
    let regions = regions();
    if regions.is_empty() {
        return;
    }
    let active = document().active_element();
    let now = regions.iter().position(|region| region.contains(active.as_deref().map(|element| element.unchecked_ref())));
    let count = regions.len() as i64;
    let step = if forward { 1 } else { -1 };
    let first = now.map_or(if forward { 0 } else { count - 1 }, |now| now as i64 + step);
    for offset in 0..count {
        let region = &regions[(first + offset * step).rem_euclid(count) as usize];
        if let Some(target) = focusable_in(region) {
            let _ = target.focus();
            return;
        }
    }
}

fn regions() -> Vec<Element> {
    let Ok(found) = document().query_selector_all(REGIONS) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

fn focusable_in(region: &Element) -> Option<HtmlElement> {
    let found = region.query_selector_all(FOCUSABLE).ok()?;
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into::<HtmlElement>().ok()).find(|element| element.offset_width() > 0)
}
