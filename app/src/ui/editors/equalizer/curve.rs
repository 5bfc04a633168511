//! The picture behind the handles: grid, the chosen band's own curve, and the curve of all bands.

use dsp::processors::equalizer::{BANDS, OUTPUT, Response, band_index, band_param};
use leptos::html::Canvas;
use leptos::prelude::*;

use super::EqualizerView;
use super::scale::{NAMED_HZ, across, down, hz_at, span_db};
use crate::state::Studio;
use crate::ui::paint::{Align, Surface};

/// Pixels between two points of a curve.
const STEP_PX: f64 = 3.0;
/// Room for the frequencies' names.
const FOOT_PX: f64 = 14.0;

/// The gains of the bands that work.
pub fn working_gains(values: &[f32]) -> impl Iterator<Item = f32> {
    let works = |band: &usize| values.get(band_index(*band, band_param::ON)).is_some_and(|on| *on >= 0.5);
    (0..BANDS).filter(works).filter_map(|band| values.get(band_index(band, band_param::GAIN)).copied())
}

/// The canvas with the curves; redrawn when a value, the theme or the size changes.
#[component]
pub fn CurvePicture(view: EqualizerView) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let node = NodeRef::<Canvas>::new();
    let size = RwSignal::new((0, 0));
    let frames = expect_context::<crate::ui::frame::FrameLoop>();
    frames.each(move |frame| {
        if !frame.is_number_time {
            return;
        }
        let Some(canvas) = node.get_untracked() else { return };
        let now = (canvas.client_width(), canvas.client_height());
        if size.get_untracked() != now {
            size.set(now);
        }
    });
    let rate = Memo::new(move |_| studio.song(|song| f64::from(song.rate_hz)).unwrap_or(48_000.0));
    Effect::new(move |_| {
        size.track();
        studio.theme.track();
        let (chosen, rate) = (view.chosen.get(), rate.get());
        if let Some(surface) = node.get().as_ref().and_then(Surface::of) {
            view.values.with(|values| draw(&surface, values, chosen, rate));
        }
    });
    let summary = move || {
        let on = (0..BANDS).filter(|band| view.value(band_index(*band, band_param::ON)) >= 0.5).count();
        format!("Response of {on} bands")
    };
    view! { <canvas class="eq-canvas" node_ref=node role="img" aria-label=summary></canvas> }
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
    let step = if span > super::scale::NARROW_DB { 12.0 } else { 6.0 };
    for (hz, name) in NAMED_HZ {
        let x = across(hz) * surface.width;
        surface.ink("line-1", 1.0);
        surface.down(x, 0.0, surface.height - FOOT_PX);
        surface.ink("tx-3", 1.0);
        surface.text(name, x, surface.height - FOOT_PX / 2.0, 10, 400, Align::Centre);
    }
    let mut db = -(span / step).floor() * step;
    while db <= span {
        let y = down(db, span) * surface.height;
        surface.ink(if db == 0.0 { "line-2" } else { "line-1" }, 1.0);
        surface.across(y, 0.0, surface.width);
        surface.ink("tx-3", 1.0);
        let text = if db > 0.0 { format!("+{db}") } else { format!("{db}").replace('-', "−") };
        surface.text(&text, surface.width - 6.0, y - 6.0, 10, 400, Align::Right);
        db += step;
    }
}
