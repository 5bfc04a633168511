//! How a reverb falls, in the lows, the middle and the highs.

use dsp::processors::curves::decay_ms;
use leptos::prelude::*;

use super::picture::{Picture, scale_text, tick};
use super::view::{InsertView, value_by_id};
use crate::ui::paint::{Align, Surface};

/// Where it is read, with names.
const PARTS: [(f64, &str); 3] = [(100.0, "Low"), (1_000.0, "Mid"), (8_000.0, "High")];
/// A decay time is the time of this fall.
const FALL_DB: f64 = 60.0;
/// Room for the times.
const FOOT_PX: f64 = 16.0;
/// Steps of the time scale in ms; the first that leaves no more than eight lines is taken.
const STEPS_MS: [f64; 8] = [50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0];
/// Most lines of the time scale.
const MOST_LINES: f64 = 8.0;

/// The picture of the decay.
#[component]
pub fn DecayPicture(view: InsertView) -> impl IntoView {
    let spec = view.spec;
    let label = Signal::derive(move || {
        let rate_hz = view.rate_hz();
        let part = |(hz, name): (f64, &str)| view.values.with(|values| format!("{name} {}", seconds(decay_ms(values, rate_hz, hz))));
        format!("Decay by 60 dB: {}", PARTS.map(part).join(", "))
    });
    let draw = move |surface: &Surface, values: &[f32]| {
        let before = f64::from(value_by_id(spec, values, "pre_delay"));
        let rate_hz = untrack(|| view.rate_hz());
        draw(surface, before, PARTS.map(|(hz, name)| (decay_ms(values, rate_hz, hz), name)));
    };
    view! { <div class="picture"><Picture view label draw /></div> }
}

fn seconds(ms: f64) -> String {
    format!("{:.2} s", ms / 1000.0)
}

fn draw(surface: &Surface, before_ms: f64, parts: [(f64, &str); 3]) {
    let longest = parts.iter().map(|(ms, _)| *ms).fold(0.0, f64::max);
    let span = (before_ms + longest) * 1.08;
    let height = surface.height - FOOT_PX;
    let x = |ms: f64| ms / span * surface.width;
    let y = |db: f64| -db / FALL_DB * height;
    for db in [-12.0, -24.0, -36.0, -48.0] {
        surface.ink("line-1", 1.0);
        surface.across(y(db), 0.0, surface.width);
        tick(surface, &scale_text(db), surface.width - 5.0, y(db) - 7.0, Align::Right);
    }
    let step = STEPS_MS.into_iter().find(|step| span / step <= MOST_LINES).unwrap_or(20_000.0);
    let mut at = step;
    while at < span {
        surface.ink("line-1", 1.0);
        surface.down(x(at), 0.0, height);
        tick(surface, &seconds(at), x(at), surface.height - FOOT_PX / 2.0, Align::Centre);
        at += step;
    }
    for (ms, _) in parts {
        surface.ink("change", 0.2);
        surface.shape([(x(before_ms), 0.0), (x(before_ms + ms), height), (x(before_ms), height)]);
        surface.ink("change", 0.9);
        surface.line([(x(before_ms), 0.0), (x(before_ms + ms), height)], 1.5);
    }
    // Each name at another height, beside its own line.
    for (place, (ms, name)) in parts.into_iter().enumerate() {
        let db = -48.0 + 14.0 * place as f64;
        surface.ink("tx-1", 1.0);
        surface.text(&format!("{name} {}", seconds(ms)), x(before_ms + ms * -db / FALL_DB) + 6.0, y(db), 11, 500, Align::Left);
    }
    surface.ink("ivory", 1.0);
    surface.rect(0.0, 2.0, 2.0, height - 2.0);
}
