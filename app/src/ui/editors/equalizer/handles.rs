//! Handles on the curve: drag for frequency and gain, wheel for Q, double-click for no gain. The same values stand as sliders in the
//! columns below; for readers and keys the handles are not there.

use dsp::processors::equalizer::{band_index, band_param};
use leptos::ev::{PointerEvent, WheelEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::EqualizerView;
use super::curve::working_gains;
use super::scale::{across, db_at, down, hz_at, span_db};
use crate::state::Studio;

/// A drag with Shift, Alt or Ctrl is this much finer.
const FINE_FACTOR: f64 = 0.1;
/// One turn of the wheel multiplies Q by this.
const Q_STEP: f32 = 1.12;
/// Shapes before this index of the declaration have a gain, except the cuts; tilt as well.
pub const SHAPES_WITH_GAIN: [usize; 4] = [0, 1, 2, 7];

#[derive(Clone, Copy)]
struct Drag {
    x: f64,
    y: f64,
    across: f64,
    down: f64,
}

/// The handle of a band.
#[component]
pub fn Handle(view: EqualizerView, band: usize) -> impl IntoView {
    let hints = expect_context::<Studio>().hints;
    let node = NodeRef::<Div>::new();
    let drag = StoredValue::new(None::<Drag>);
    let frequency = view.control(band_index(band, band_param::FREQUENCY));
    let gain = view.control(band_index(band, band_param::GAIN));
    let quality = view.control(band_index(band, band_param::Q));
    let is_on = move || view.value(band_index(band, band_param::ON)) >= 0.5;
    let has_gain = move || SHAPES_WITH_GAIN.contains(&(view.value(band_index(band, band_param::SHAPE)) as usize));
    let span = move || view.values.with(|values| span_db(working_gains(values)));
    let place = move || {
        let db = if has_gain() { f64::from(gain.value.get()) } else { 0.0 };
        (across(f64::from(frequency.value.get())), down(db, span()))
    };
    let press = move |event: PointerEvent| {
        let Some(element) = node.get_untracked() else { return };
        let _ = element.set_pointer_capture(event.pointer_id());
        view.chosen.set(band);
        let (across, down) = untrack(place);
        drag.set_value(Some(Drag { x: event.client_x().into(), y: event.client_y().into(), across, down }));
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
        frequency.set.run(hz_at(now.across) as f32);
        if untrack(has_gain) {
            let db = db_at(now.down, untrack(span)) as f32;
            gain.set.run((db * 10.0).round() / 10.0);
        }
    };
    let release = move |_: PointerEvent| {
        if drag.get_value().is_some() {
            drag.set_value(None);
            frequency.done.run(());
        }
    };
    let wheel = move |event: WheelEvent| {
        event.prevent_default();
        let factor = if event.delta_y() < 0.0 { Q_STEP } else { 1.0 / Q_STEP };
        quality.set_once(quality.spec.clamp(quality.value.get_untracked() * factor));
    };
    let hint = move |_| hints.show(&format!("Band {}", band + 1), "Drag for frequency and gain · wheel for Q · double-click for 0 dB");
    view! {
        <div
            class="eq-handle"
            class:is-chosen=move || view.chosen.get() == band
            class:is-off=move || !is_on()
            aria-hidden="true"
            node_ref=node
            style=("--x", move || format!("{:.5}", place().0))
            style=("--y", move || format!("{:.5}", place().1))
            on:pointerdown=press
            on:pointermove=move_to
            on:pointerup=release
            on:pointercancel=release
            on:wheel=wheel
            on:dblclick=move |_| gain.set_once(gain.spec.default)
            on:pointerenter=hint
        >
            {band + 1}
        </div>
    }
}
