//! A delay's repeats in time: left above the line, right below it.

use dsp::processors::curves::{Repeat, repeat};
use dsp::units::gain_to_db;
use leptos::prelude::*;

use super::picture::{Picture, tick};
use super::view::{InsertView, value_by_id};
use crate::ui::paint::{Align, Surface};

/// Repeats below this are not drawn.
const FLOOR_DB: f64 = -60.0;
/// Most repeats that are drawn.
const MOST: u32 = 64;
/// The picture spans at least and at most so many times the time between two repeats.
const SHORTEST: f64 = 4.0;
const LONGEST: f64 = 12.0;
/// Room for the times.
const FOOT_PX: f64 = 16.0;
/// Width of a repeat.
const BAR_PX: f64 = 5.0;
/// Room at the left.
const MARGIN_PX: f64 = 8.0;

/// The repeats that can be heard, in order.
fn heard(values: &[f32]) -> Vec<Repeat> {
    let is_heard = |repeat: &Repeat| repeat.gains.iter().any(|gain| gain_to_db(f64::from(*gain)) > FLOOR_DB);
    (1..=MOST).map(|number| repeat(values, number)).take_while(is_heard).collect()
}

/// The picture of the repeats.
#[component]
pub fn EchoPicture(view: InsertView) -> impl IntoView {
    let label = Signal::derive(move || {
        let (count, first) = view.values.with(|values| (heard(values).len(), repeat(values, 1).ms));
        format!("{count} repeats above −60 dB, one every {first:.0} ms")
    });
    let spec = view.spec;
    let draw = move |surface: &Surface, values: &[f32]| {
        let dry = 1.0 - f64::from(value_by_id(spec, values, "mix")) / 100.0;
        draw(surface, values, dry);
    };
    view! { <div class="picture"><Picture view label draw /></div> }
}

fn time_text(ms: f64) -> String {
    if ms >= 1000.0 { format!("{:.2} s", ms / 1000.0) } else { format!("{ms:.0} ms") }
}

fn draw(surface: &Surface, values: &[f32], dry: f64) {
    let repeats = heard(values);
    let step = repeat(values, 1).ms;
    let span = (step * (repeats.len() as f64 + 0.5)).clamp(step * SHORTEST, step * LONGEST);
    let x = |ms: f64| MARGIN_PX + ms / span * (surface.width - 2.0 * MARGIN_PX);
    let half = (surface.height - FOOT_PX) / 2.0;
    let length = |gain: f64| (1.0 - gain_to_db(gain) / FLOOR_DB).clamp(0.0, 1.0) * (half - 4.0);
    let mut number = 0.0;
    while number * step <= span {
        surface.ink("line-1", 1.0);
        surface.down(x(number * step), 0.0, 2.0 * half);
        let align = if number == 0.0 { Align::Left } else { Align::Centre };
        tick(surface, &time_text(number * step), x(number * step), surface.height - FOOT_PX / 2.0, align);
        number += 1.0;
    }
    surface.ink("line-2", 1.0);
    surface.across(half, 0.0, surface.width);
    let bar = |ms: f64, gains: [f64; 2]| {
        let [left, right] = gains.map(length);
        surface.rect(x(ms) - BAR_PX / 2.0, half - left, BAR_PX, left + right);
    };
    surface.ink("ivory", 1.0);
    bar(0.0, [dry; 2]);
    surface.ink("change", 1.0);
    for Repeat { ms, gains } in repeats.iter().filter(|repeat| repeat.ms <= span) {
        bar(*ms, gains.map(f64::from));
    }
    tick(surface, "L", surface.width - 6.0, 9.0, Align::Right);
    tick(surface, "R", surface.width - 6.0, 2.0 * half - 9.0, Align::Right);
}
