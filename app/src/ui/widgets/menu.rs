//! A menu under a button: arrows move, Enter chooses, Escape and a press elsewhere close it.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::{Button as ButtonElement, Div};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::button::keep_focus;
use crate::state::Studio;

/// One line of a menu.
#[derive(Clone)]
pub struct MenuItem {
    /// What is read.
    pub text: String,
    /// What it does, in the hint line.
    pub hint: String,
    /// Called when it is chosen.
    pub on_choose: Callback<()>,
}

impl MenuItem {
    /// A line.
    pub fn new(text: impl Into<String>, hint: impl Into<String>, on_choose: impl Fn() + Send + Sync + 'static) -> Self {
        Self { text: text.into(), hint: hint.into(), on_choose: Callback::new(move |()| on_choose()) }
    }
}

/// A button that opens a menu.
#[component]
pub fn Menu(
    /// The button's accessible name.
    #[prop(into)]
    name: Signal<String>,
    /// The button's classes.
    #[prop(optional)]
    class: &'static str,
    /// What it does, in the hint line.
    #[prop(optional)]
    hint: &'static str,
    /// The lines, asked for when the menu opens.
    items: Callback<(), Vec<MenuItem>>,
    /// What stands on the button.
    children: Children,
) -> impl IntoView {
    let hints = expect_context::<Studio>().hints;
    let open = RwSignal::new(false);
    let place = NodeRef::<Div>::new();
    let button = NodeRef::<ButtonElement>::new();
    let close = Callback::new(move |()| {
        open.set(false);
        if let Some(button) = button.get_untracked() {
            let _ = button.focus();
        }
    });
    let focus_left = move |event: FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        // The focus also leaves when an edit takes the menu away, and its values with it.
        let inside = place.try_get_untracked().flatten().is_some_and(|place| place.contains(to.as_ref()));
        if !inside {
            open.try_set(false);
        }
    };
    let show = move || hints.show(&name.get_untracked(), hint);
    let list = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let (Some(list), Some(button)) = (list.get(), button.get_untracked()) {
            place_at(&list, &button);
        }
    });
    view! {
        <div class="menu-place" node_ref=place on:focusout=focus_left>
            <button
                node_ref=button
                type="button"
                class=class
                aria-label=name
                aria-haspopup="menu"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:mousedown=keep_focus
                on:click=move |_| open.update(|open| *open = !*open)
                on:focus=move |_| show()
                on:pointerenter=move |_| show()
            >
                {children()}
            </button>
            <Show when=move || open.get()>
                <MenuLines name items=items.run(()) list close />
            </Show>
        </div>
    }
}

/// The lines of an open menu, whose owner places them.
#[component]
pub fn MenuLines(
    /// The menu's accessible name.
    name: Signal<String>,
    /// The lines.
    items: Vec<MenuItem>,
    /// Its element.
    list: NodeRef<Div>,
    /// Called when one is chosen, and by Escape.
    close: Callback<()>,
) -> impl IntoView {
    let hints = expect_context::<Studio>().hints;
    Effect::new(move |_| {
        if let Some(list) = list.get() {
            focus_item(&list, 0);
        }
    });
    let key = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else { return };
        match event.key().as_str() {
            "ArrowDown" => focus_item(&list, focused_item(&list) + 1),
            "ArrowUp" => focus_item(&list, focused_item(&list) - 1),
            "Home" => focus_item(&list, 0),
            "End" => focus_item(&list, -1),
            "Escape" => close.run(()),
            "Tab" | "Enter" | " " => {
                event.stop_propagation();
                return;
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let line = move |item: MenuItem| {
        let (shown, hint) = (item.text.clone(), item.hint);
        let choose = move |_| {
            close.run(());
            item.on_choose.run(());
        };
        let show = move || hints.show(&shown, &hint);
        view! {
            <button type="button" role="menuitem" tabindex="-1" class="menu-item" on:mousedown=keep_focus on:click=choose on:focus=move |_| show()>
                {item.text}
            </button>
        }
    };
    view! {
        <div class="menu" role="menu" aria-label=name node_ref=list on:keydown=key>
            {items.into_iter().map(line).collect_view()}
        </div>
    }
}

/// The menu stands at its button, inside the window: below it, or above it where there is more room.
fn place_at(list: &HtmlElement, button: &HtmlElement) {
    let from = button.get_bounding_client_rect();
    let size = list.get_bounding_client_rect();
    let below = from.bottom() + 2.0;
    let top = if below + size.height() > inner_size().1 { from.top() - size.height() - 2.0 } else { below };
    place_inside(list, from.left(), top);
}

/// Width and height of the window.
fn inner_size() -> (f64, f64) {
    let inner = |value: Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    (inner(window().inner_width()), inner(window().inner_height()))
}

/// Puts an open menu's corner at a place of the window, or as near as the whole menu is seen.
pub fn place_inside(list: &HtmlElement, x: f64, y: f64) {
    let (size, (width, height)) = (list.get_bounding_client_rect(), inner_size());
    let style = list.style();
    let _ = style.set_property("left", &format!("{}px", x.min(width - size.width() - 4.0).max(4.0)));
    let _ = style.set_property("top", &format!("{}px", y.min(height - size.height() - 4.0).max(4.0)));
}

fn items_of(list: &HtmlElement) -> Vec<HtmlElement> {
    let children = list.children();
    (0..children.length()).filter_map(|index| children.item(index)?.dyn_into().ok()).collect()
}

fn focused_item(list: &HtmlElement) -> i32 {
    let active = document().active_element();
    let is_active = |item: &HtmlElement| active.as_ref().is_some_and(|active| active.is_same_node(Some(item)));
    items_of(list).iter().position(is_active).map_or(-1, |index| index as i32)
}

fn focus_item(list: &HtmlElement, index: i32) {
    let items = items_of(list);
    if let Some(item) = items.get(index.rem_euclid(items.len().max(1) as i32) as usize) {
        let _ = item.focus();
    }
}
