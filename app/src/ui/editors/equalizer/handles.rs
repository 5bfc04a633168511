//! Handles on the curve: drag for frequency and gain, wheel for Q, double-click for no gain; and what the one that is held says.

use dsp::processors::equalizer::{band_index, band_param};
use leptos::prelude::*;

use super::EqualizerView;
use super::curve::working_gains;
use crate::ui::editors::handle::Handle;
use crate::ui::editors::scale::{across, db_at, down, hz_at, note_name, span_db};

/// One turn of the wheel multiplies Q by this.
const Q_STEP: f32 = 1.12;
/// Shapes before this index of the declaration have a gain, except the cuts; tilt as well.
pub const SHAPES_WITH_GAIN: [usize; 4] = [0, 1, 2, 7];
/// The readout keeps this far from the picture's ends, as part of its width.
const READOUT_MARGIN: f64 = 0.12;

/// Whether a band's shape has a gain, tracked.
pub fn has_gain(view: EqualizerView, band: usize) -> bool {
    SHAPES_WITH_GAIN.contains(&(view.value(band_index(band, band_param::SHAPE)) as usize))
}

/// Where a band's handle stands, tracked.
fn place(view: EqualizerView, band: usize) -> (f64, f64) {
    let span = view.values.with(|values| span_db(working_gains(values)));
    let db = if has_gain(view, band) { f64::from(view.value(band_index(band, band_param::GAIN))) } else { 0.0 };
    (across(f64::from(view.value(band_index(band, band_param::FREQUENCY)))), down(db, span))
}

/// The handle of a band.
#[component]
pub fn BandHandle(view: EqualizerView, band: usize) -> impl IntoView {
    let frequency = view.control(band_index(band, band_param::FREQUENCY));
    let gain = view.control(band_index(band, band_param::GAIN));
    let quality = view.control(band_index(band, band_param::Q));
    let class = move || {
        let is_on = view.value(band_index(band, band_param::ON)) >= 0.5;
        let chosen = if view.chosen.get() == band { " is-chosen" } else { "" };
        format!("handle{chosen}{}", if is_on { "" } else { " is-off" })
    };
    let press = move |()| {
        view.chosen.set(band);
        view.held.set(true);
    };
    let move_to = move |(across, down): (f64, f64)| {
        frequency.set.run(hz_at(across) as f32);
        if untrack(|| has_gain(view, band)) {
            let span = view.values.with_untracked(|values| span_db(working_gains(values)));
            gain.set.run((db_at(down, span) as f32 * 10.0).round() / 10.0);
        }
    };
    let done = move |()| {
        view.held.set(false);
        frequency.done.run(());
    };
    let wheel = move |is_up: bool| {
        let factor = if is_up { Q_STEP } else { 1.0 / Q_STEP };
        quality.set_once(quality.spec.clamp(quality.value.get_untracked() * factor));
    };
    view! {
        <Handle
            class=Signal::derive(class)
            place=Signal::derive(move || place(view, band))
            name=format!("Band {}", band + 1)
            hint="Drag for frequency and gain · wheel for Q · double-click for 0 dB"
            on_press=Callback::new(press)
            on_move=move_to
            on_done=done
            on_wheel=Callback::new(wheel)
            on_reset=move |()| gain.set_once(gain.spec.default)
        >
            {band + 1}
        </Handle>
    }
}

/// What the held band is set to; the same numbers stand in its column.
#[component]
pub fn Readout(view: EqualizerView) -> impl IntoView {
    let text = move || {
        let band = view.chosen.get();
        let said = |param: usize| {
            let index = band_index(band, param);
            view.spec().params[index].text(view.value(index))
        };
        let gain = if has_gain(view, band) { format!("  {}", said(band_param::GAIN)) } else { String::new() };
        let hz = f64::from(view.value(band_index(band, band_param::FREQUENCY)));
        format!("{}{gain}  Q {}  {}", said(band_param::FREQUENCY), said(band_param::Q).trim_start_matches("Q "), note_name(hz))
    };
    let at = move || place(view, view.chosen.get());
    view! {
        <Show when=move || view.held.get()>
            <span
                class="readout n"
                aria-hidden="true"
                style=("--x", move || format!("{:.5}", at().0.clamp(READOUT_MARGIN, 1.0 - READOUT_MARGIN)))
                style=("--y", move || format!("{:.5}", at().1))
            >
                {text}
            </span>
        </Show>
    }
}
