//! The send rows: one row for each return, one value bar for each strip.

use dsp::protocol::{StripId, StripKind};
use leptos::prelude::*;

use crate::state::Studio;
use crate::ui::widgets::ValueBar;

/// A strip's cells in the send rows. Returns send nowhere: their cells stay empty.
#[component]
pub fn Sends(strip: StripId, kind: StripKind, returns: Memo<Vec<StripId>>) -> impl IntoView {
    let cells = (kind != StripKind::Return).then(|| {
        view! { <For each=move || returns.get() key=|to| *to children=move |to| view! { <SendCell strip to /> } /> }
    });
    view! { <div class="sends">{cells}</div> }
}

#[component]
fn SendCell(strip: StripId, to: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let returned = studio.strip_memo(to, |strip| strip.name.clone());
    let name = Signal::derive(move || format!("Send to {}", returned.get()));
    let is_pre = studio.strip_memo(strip, move |strip| strip.send_to(to).is_some_and(|send| send.pre));
    let mark = Signal::derive(move || is_pre.get().then_some("pre"));
    view! { <ValueBar control=studio.send_level_control(strip, to) name mark /> }
}
