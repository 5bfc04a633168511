//! A line between two panes that can be dragged, moved by arrow keys, and put back by a double click.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// How far an arrow key moves it.
const STEP_PX: f64 = 8.0;
/// How far a Page key moves it.
const LARGE_STEP_PX: f64 = 40.0;

/// Which way the line lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Between an upper and a lower pane; the lower one grows upwards.
    Across,
    /// Between a left and a right pane; the right one grows to the left.
    Down,
}

/// The line. `size` is the lower or right pane's size in pixels as it is now, `on_size` gets another one, or `None` for the page's own.
#[component]
pub fn Splitter(
    /// Its accessible name: what it makes larger.
    name: &'static str,
    /// Which way it lies.
    line: Line,
    /// Smallest and largest size.
    limits_px: (f64, f64),
    /// The size, read from the page.
    size: Callback<(), f64>,
    /// The size that was chosen.
    on_size: Callback<Option<f64>>,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let shown = RwSignal::new(None::<f64>);
    let held = StoredValue::new(None::<(f64, f64)>);
    let (least, most) = limits_px;
    let place = move |event: &PointerEvent| f64::from(if line == Line::Across { event.client_y() } else { event.client_x() });
    let choose = move |size_px: f64| {
        let size_px = size_px.clamp(least, most).round();
        shown.set(Some(size_px));
        on_size.run(Some(size_px));
    };
    let reset = move || {
        on_size.run(None);
        shown.set(Some(size.run(())));
    };
    let pressed = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let Some(node) = node.get_untracked() {
            let _ = node.set_pointer_capture(event.pointer_id());
        }
        held.set_value(Some((place(&event), size.run(()))));
    };
    let moved = move |event: PointerEvent| {
        if let Some((from, size_px)) = held.get_value() {
            choose(size_px + from - place(&event));
        }
    };
    let key_down = move |event: KeyboardEvent| {
        let now = size.run(());
        let (more, less) = if line == Line::Across { ("ArrowUp", "ArrowDown") } else { ("ArrowLeft", "ArrowRight") };
        match event.key().as_str() {
            key if key == more => choose(now + STEP_PX),
            key if key == less => choose(now - STEP_PX),
            "PageUp" => choose(now + LARGE_STEP_PX),
            "PageDown" => choose(now - LARGE_STEP_PX),
            "Home" => choose(least),
            "End" => choose(most),
            "Delete" | "Backspace" => reset(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <div
            node_ref=node
            class="splitter"
            class:is-across=line == Line::Across
            role="separator"
            tabindex="0"
            aria-label=name
            aria-orientation=if line == Line::Across { "horizontal" } else { "vertical" }
            aria-valuemin=least
            aria-valuemax=most
            aria-valuenow=move || shown.get().unwrap_or(least)
            aria-valuetext=move || shown.get().map(|size_px| format!("{size_px} pixels"))
            on:focus=move |_| shown.set(Some(size.run(()).round()))
            on:pointerdown=pressed
            on:pointermove=moved
            on:pointerup=move |_| held.set_value(None)
            on:pointercancel=move |_| held.set_value(None)
            on:dblclick=move |_| reset()
            on:keydown=key_down
        ></div>
    }
}
