//! The picture behind the handles: grid, the chosen band's own curve, and the curve of all bands.

use dsp::processors::equalizer::{BANDS, OUTPUT, Response, band_index, band_param};
use leptos::prelude::*;

use super::EqualizerView;
use crate::ui::editors::picture::{Moves, Picture, scale_text, tick};
use crate::ui::editors::scale::{FOOT_PX, NAMED_HZ, NARROW_DB, across, down, hz_at, span_db};
use crate::ui::frame::Frame;
use crate::ui::paint::{Align, Surface};

/// Pixels between two points of a curve.
const STEP_PX: f64 = 3.0;

/// The gains of the bands that work.
pub fn working_gains(values: &[f32]) -> impl Iterator<Item = f32> {
    let works = |band: &usize| values.get(band_index(*band, band_param::ON)).is_some_and(|on| *on >= 0.5);
    (0..BANDS).filter(works).filter_map(|band| values.get(band_index(band, band_param::GAIN)).copied())
}

/// The canvas with the curves.
#[component]
pub fn CurvePicture(view: EqualizerView) -> impl IntoView {
    let summary = Signal::derive(move || {
        let on = (0..BANDS).filter(|band| view.value(band_index(*band, band_param::ON)) >= 0.5).count();
        format!("Response of {on} bands")
    });
    let mut shown = None;
    let moves = move |_: &Frame<'_>| {
        let now = Some((view.chosen.get_untracked(), untrack(|| view.insert.rate_hz())));
        std::mem::replace(&mut shown, now) != now
    };
    let draw =
        move |surface: &Surface, values: &[f32]| draw(surface, values, view.chosen.get_untracked(), untrack(|| view.insert.rate_hz()));
    view! { <Picture view=view.insert label=summary moves=Box::new(moves) as Moves draw /> }
}

fn draw(surface: &Surface, values: &[f32], chosen: usize, rate_hz: f64) {
    let span = span_db(working_gains(values));
    grid(surface, span);
    let top_hz = rate_hz / 2.0;
    let curve = |db: &dyn Fn(f64) -> f32| -> Vec<(f64, f64)> {
        let points = (0..=(surface.width / STEP_PX).ceil() as usize).map(|step| (step as f64 * STEP_PX).min(surface.width));
        let at = |x: f64| (x, hz_at(x / surface.width));
        let inside = points.map(at).take_while(|(_, hz)| *hz < top_hz);
        inside.map(|(x, hz)| (x, (down(f64::from(db(hz)), span) * surface.height).clamp(-2.0, surface.height + 2.0))).collect()
    };
    let response = Response::new(values, rate_hz);
    if values.get(band_index(chosen, band_param::ON)).is_some_and(|on| *on >= 0.5) {
        fill(surface, &curve(&|hz| response.band_db(chosen, hz)), span, 0.14, "change");
    }
    let output = values.get(OUTPUT).copied().unwrap_or(0.0);
    let sum = curve(&|hz| response.db(hz) + output);
    fill(surface, &sum, span, 0.16, "change");
    surface.ink("change", 1.0);
    surface.line(sum.iter().copied(), 2.0);
}

fn fill(surface: &Surface, curve: &[(f64, f64)], span: f64, alpha: f64, token: &str) {
    let (Some(first), Some(last)) = (curve.first(), curve.last()) else { return };
    let zero = down(0.0, span) * surface.height;
    surface.ink(token, alpha);
    surface.shape(std::iter::once((first.0, zero)).chain(curve.iter().copied()).chain([(last.0, zero)]));
}

fn grid(surface: &Surface, span: f64) {
    let step = if span > NARROW_DB { 12.0 } else { 6.0 };
    for (hz, name) in NAMED_HZ {
        let x = across(hz) * surface.width;
        surface.ink("line-1", 1.0);
        surface.down(x, 0.0, surface.height - FOOT_PX);
        tick(surface, name, x, surface.height - FOOT_PX / 2.0, Align::Centre);
    }
    let mut db = -(span / step).floor() * step;
    while db <= span {
        let y = down(db, span) * surface.height;
        surface.ink(if db == 0.0 { "line-2" } else { "line-1" }, 1.0);
        surface.across(y, 0.0, surface.width);
        tick(surface, &scale_text(db), surface.width - 6.0, y - 6.0, Align::Right);
        db += step;
    }
}
