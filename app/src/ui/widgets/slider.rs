//! What every continuous control does: drag, wheel, keys, typing, reset. The looks stand in [`super::fader`], [`super::knob`] and
//! [`super::value_bar`].
//!
//! Dragging is relative (a press never jumps), captured, and ten times finer while Shift, Alt or Ctrl is held. One gesture is one
//! history entry: keys end theirs when they are released, the wheel when it rests.

use std::time::Duration;

use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use leptos::html::Div;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::control::{Stride, on_grid, stepped};
use super::type_in::TypeIn;
use super::{ContextMenus, Control, MenuItem};
use crate::state::Studio;

/// Pixels from one end of the range to the other, where the control itself is not the path.
const FREE_TRAVEL_PX: f64 = 240.0;
/// How much finer a drag is with Shift, Alt or Ctrl.
const FINE_FACTOR: f64 = 0.1;
/// The wheel's gesture ends after this rest.
const WHEEL_REST: Duration = Duration::from_millis(500);

/// What a drag moves along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Travel {
    /// [`FREE_TRAVEL_PX`] for the whole range, up or right.
    Free,
    /// The control's own height, less this many pixels, up.
    Height(u32),
}

#[derive(Clone, Copy)]
struct Drag {
    pointer: i32,
    x: f64,
    y: f64,
    position: f64,
    pressed_value: f32,
    travel_px: f64,
}

/// The behaviour of one slider; every method is an event handler.
#[derive(Clone, Copy)]
struct Behaviour {
    control: Control,
    travel: Travel,
    node: NodeRef<Div>,
    drag: StoredValue<Option<Drag>>,
    dragging: RwSignal<bool>,
    key_held: StoredValue<bool>,
    wheel_rest: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    typing: RwSignal<bool>,
}

impl Behaviour {
    fn pressed(self, event: &PointerEvent) {
        if event.button() != 0 || self.typing.get_untracked() {
            return;
        }
        let Some(element) = self.node.get_untracked() else { return };
        let _ = element.set_pointer_capture(event.pointer_id());
        let travel_px = match self.travel {
            Travel::Free => FREE_TRAVEL_PX,
            Travel::Height(less) => (element.get_bounding_client_rect().height() - f64::from(less)).max(1.0),
        };
        let value = self.control.value.get_untracked();
        self.drag.set_value(Some(Drag {
            pointer: event.pointer_id(),
            x: event.client_x().into(),
            y: event.client_y().into(),
            position: self.control.spec.to_position(value).into(),
            pressed_value: value,
            travel_px,
        }));
    }

    fn moved(self, event: &PointerEvent) {
        let Some(mut drag) = self.drag.get_value().filter(|drag| drag.pointer == event.pointer_id()) else { return };
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let up = drag.y - y;
        let way = if self.travel == Travel::Free { up + x - drag.x } else { up };
        (drag.x, drag.y) = (x, y);
        let fine = event.shift_key() || event.alt_key() || event.ctrl_key();
        drag.position = (drag.position + way * if fine { FINE_FACTOR } else { 1.0 } / drag.travel_px).clamp(0.0, 1.0);
        self.drag.set_value(Some(drag));
        if way != 0.0 {
            self.dragging.set(true);
            let spec = self.control.spec;
            self.change(on_grid(spec, spec.from_position(drag.position as f32)));
        }
    }

    fn released(self) {
        self.drag.set_value(None);
        if self.dragging.get_untracked() {
            self.dragging.set(false);
            self.control.done.run(());
        }
    }

    fn reset(self) {
        self.control.set_once(self.control.spec.default);
    }

    fn change(self, value: f32) {
        if value != self.control.value.get_untracked() {
            self.control.set.run(value);
        }
    }

    fn double_clicked(self, event: &MouseEvent) {
        event.prevent_default();
        self.reset();
    }

    fn key_down(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let stride = if event.shift_key() { Stride::Fine } else { Stride::Step };
        match event.key().as_str() {
            "ArrowUp" | "ArrowRight" => self.step(stride, 1.0),
            "ArrowDown" | "ArrowLeft" => self.step(stride, -1.0),
            "PageUp" => self.step(Stride::Large, 1.0),
            "PageDown" => self.step(Stride::Large, -1.0),
            "Home" => self.key_change(self.control.spec.min),
            "End" => self.key_change(self.control.spec.max),
            "Delete" | "Backspace" => self.key_change(self.control.spec.default),
            "Enter" => self.typing.set(true),
            "Escape" if self.drag.get_value().is_some() => self.give_up_drag(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn step(self, stride: Stride, direction: f32) {
        self.key_change(stepped(self.control.spec, self.control.value.get_untracked(), stride, direction));
    }

    fn key_change(self, value: f32) {
        self.key_held.set_value(true);
        self.change(value);
    }

    fn key_up(self) {
        if self.key_held.get_value() {
            self.key_held.set_value(false);
            self.control.done.run(());
        }
    }

    fn give_up_drag(self) {
        if let Some(drag) = self.drag.get_value() {
            self.change(drag.pressed_value);
            self.released();
        }
    }

    fn wheeled(self, event: &WheelEvent) {
        let Some(element) = self.node.get_untracked() else { return };
        let focused = document().active_element().is_some_and(|active| active.is_same_node(Some(&element)));
        if !focused || event.ctrl_key() {
            return;
        }
        event.prevent_default();
        let way = if event.delta_y() == 0.0 { event.delta_x() } else { event.delta_y() };
        if way == 0.0 {
            return;
        }
        let stride = if event.shift_key() { Stride::Fine } else { Stride::Step };
        self.change(stepped(self.control.spec, self.control.value.get_untracked(), stride, -way.signum() as f32));
        self.end_when_wheel_rests();
    }

    fn end_when_wheel_rests(self) {
        self.wheel_rest.update_value(|rest| {
            if let Some(rest) = rest.take() {
                rest.clear();
            }
            *rest = set_timeout_with_handle(move || self.control.done.run(()), WHEEL_REST).ok();
        });
    }

    fn left(self) {
        // The focus also leaves when an edit takes the slider away, and its values with it.
        if self.drag.try_get_value().is_some() {
            self.key_up();
            self.released();
        }
    }

    fn typed(self, value: Option<f32>) {
        if let Some(value) = value {
            self.control.set_once(value);
        }
    }
}

/// A slider without a look: the children draw it, `class` styles it.
#[component]
pub fn Slider(
    /// What it turns.
    control: Control,
    /// Its accessible name.
    #[prop(into)]
    name: Signal<String>,
    /// Classes of the slider itself.
    #[prop(into)]
    class: Signal<String>,
    /// What a drag moves along.
    travel: Travel,
    /// Set to true from outside (a number that was clicked) opens the type-in.
    typing: RwSignal<bool>,
    /// The look.
    children: Children,
) -> impl IntoView {
    let hints = expect_context::<Studio>().hints;
    let node = NodeRef::new();
    let on = Behaviour {
        control,
        travel,
        node,
        drag: StoredValue::new(None),
        dragging: RwSignal::new(false),
        key_held: StoredValue::new(false),
        wheel_rest: StoredValue::new_local(None),
        typing,
    };
    let spec = control.spec;
    let hint = move || hints.show_slider(&name.get_untracked(), spec);
    let menus = use_context::<ContextMenus>();
    let offer = move |event: MouseEvent| {
        let Some(menus) = menus else { return };
        let mut items = vec![
            MenuItem::new("Type a value", "Enter", move || typing.set(true)),
            MenuItem::new(format!("Reset to {}", spec.text(spec.default)), "Double-click", move || on.reset()),
        ];
        items.extend(control.more.into_iter().flat_map(|more| more.run(name.get_untracked())));
        menus.open(&event, name.get_untracked(), items);
    };
    let refocus = Callback::new(move |()| {
        if let Some(element) = node.get_untracked() {
            let _ = element.focus();
        }
    });
    view! {
        <div class="slider-place">
            <div
                node_ref=node
                class=class
                class:is-dragged=on.dragging
                role="slider"
                tabindex="0"
                aria-label=name
                aria-orientation=matches!(travel, Travel::Height(_)).then_some("vertical")
                aria-valuemin=spec.min
                aria-valuemax=spec.max
                aria-valuenow=move || plain_number(control.value.get())
                aria-valuetext=move || spec.spoken(control.value.get())
                on:pointerdown=move |event| on.pressed(&event)
                on:pointermove=move |event| on.moved(&event)
                on:pointerup=move |_| on.released()
                on:pointercancel=move |_| on.released()
                on:dblclick=move |event| on.double_clicked(&event)
                on:contextmenu=offer
                on:keydown=move |event| on.key_down(&event)
                on:keyup=move |_| on.key_up()
                on:wheel=move |event| on.wheeled(&event)
                on:blur=move |_| on.left()
                on:focus=move |_| hint()
                on:pointerenter=move |_| hint()
            >
                {children()}
            </div>
            <Show when=move || typing.get()>
                <TypeIn spec name value=control.value typing on_value=Callback::new(move |value| on.typed(value)) on_closed=refocus />
            </Show>
        </div>
    }
}

/// A value for `aria-valuenow`: at most three decimals, no trailing zeros.
fn plain_number(value: f32) -> String {
    let rounded = (f64::from(value) * 1000.0).round() / 1000.0;
    rounded.to_string()
}
