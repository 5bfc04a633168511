//! A handle on a picture: dragged with the pointer, turned with the wheel. What it sets stands as sliders beside the picture; for
//! readers and keys the handle is not there.

use leptos::ev::{PointerEvent, WheelEvent};
use leptos::html::Div;
use leptos::prelude::*;

use crate::state::Studio;

/// A drag with Shift, Alt or Ctrl is this much finer.
const FINE_FACTOR: f64 = 0.1;

#[derive(Clone, Copy)]
struct Drag {
    x: f64,
    y: f64,
    across: f64,
    down: f64,
}

/// The handle; places are parts of the picture's width and height, from its upper left corner.
#[component]
pub fn Handle(
    /// Its classes.
    #[prop(into)]
    class: Signal<String>,
    /// Where it stands.
    #[prop(into)]
    place: Signal<(f64, f64)>,
    /// What it is called in the hint line.
    name: String,
    /// How it is used, in the hint line.
    hint: &'static str,
    /// Called when it is taken.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Called with where it is dragged.
    #[prop(into)]
    on_move: Callback<(f64, f64)>,
    /// Called when it is let go.
    #[prop(into)]
    on_done: Callback<()>,
    /// Called by a turn of the wheel, with whether it was upwards.
    #[prop(optional, into)]
    on_wheel: Option<Callback<bool>>,
    /// Called by a double click.
    #[prop(into)]
    on_reset: Callback<()>,
    /// What stands on it.
    children: Children,
) -> impl IntoView {
    let hints = expect_context::<Studio>().hints;
    let node = NodeRef::<Div>::new();
    let drag = StoredValue::new(None::<Drag>);
    let press = move |event: PointerEvent| {
        let Some(element) = node.get_untracked().filter(|_| event.button() == 0) else { return };
        let _ = element.set_pointer_capture(event.pointer_id());
        let (across, down) = place.get_untracked();
        drag.set_value(Some(Drag { x: event.client_x().into(), y: event.client_y().into(), across, down }));
        if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    let move_to = move |event: PointerEvent| {
        let (Some(mut now), Some(element)) = (drag.get_value(), node.get_untracked()) else { return };
        let Some(picture) = element.parent_element() else { return };
        let fine = if event.shift_key() || event.alt_key() || event.ctrl_key() { FINE_FACTOR } else { 1.0 };
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        now.across = (now.across + (x - now.x) * fine / f64::from(picture.client_width()).max(1.0)).clamp(0.0, 1.0);
        now.down = (now.down + (y - now.y) * fine / f64::from(picture.client_height()).max(1.0)).clamp(0.0, 1.0);
        (now.x, now.y) = (x, y);
        drag.set_value(Some(now));
        on_move.run((now.across, now.down));
    };
    let release = move |_: PointerEvent| {
        if drag.get_value().is_some() {
            drag.set_value(None);
            on_done.run(());
        }
    };
    let wheel = move |event: WheelEvent| {
        if let Some(on_wheel) = on_wheel {
            event.prevent_default();
            on_wheel.run(event.delta_y() < 0.0);
        }
    };
    let reset = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        on_reset.run(());
    };
    view! {
        <div
            class=class
            aria-hidden="true"
            node_ref=node
            style=("--x", move || format!("{:.5}", place.get().0))
            style=("--y", move || format!("{:.5}", place.get().1))
            on:pointerdown=press
            on:pointermove=move_to
            on:pointerup=release
            on:pointercancel=release
            on:wheel=wheel
            on:dblclick=reset
            on:pointerenter=move |_| hints.show(&name, hint)
        >
            {children()}
        </div>
    }
}
