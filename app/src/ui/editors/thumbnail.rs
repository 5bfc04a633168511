//! What a processor does, small enough for a card of the chain: its curve, its parts or its shape, and what it takes away now.

use dsp::params::ProcessorSpec;
use dsp::processors::curves::{level_out_db, sample_out};
use dsp::processors::equalizer::{self, OUTPUT, Response};
use dsp::protocol::{InsertId, StripId};
use leptos::prelude::*;
use session::model::Insert;

use super::equalizer::working_gains;
use super::history::{History, reduces};
use super::picture::{Moves, Picture};
use super::ranges::{self, Part};
use super::scale::{down, hz_at, span_db};
use super::transfer::has_curve;
use super::view::{InsertView, value_by_id};
use super::waveshape::has_shape;
use crate::state::Studio;
use crate::ui::frame::Frame;
use crate::ui::paint::Surface;

/// Pixels between two points of a curve.
const STEP_PX: f64 = 2.0;
/// Levels that a curve from level to level spans.
const FLOOR_DB: f64 = -60.0;
/// Reduction that reaches to the picture's foot.
const DEEPEST_DB: f64 = 12.0;
/// Levels that the limiter's picture spans.
const LIMITER_FLOOR_DB: f64 = -12.0;

/// What its picture is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Response,
    Curve,
    Parts,
    Shape,
    /// Only what is taken away over time, under the ceiling.
    Ceiling,
}

fn kind(spec: &ProcessorSpec) -> Option<Kind> {
    if spec.id == equalizer::SPEC.id {
        Some(Kind::Response)
    } else if has_curve(spec) {
        Some(Kind::Curve)
    } else if ranges::has_ranges(spec) {
        Some(Kind::Parts)
    } else if has_shape(spec) {
        Some(Kind::Shape)
    } else {
        spec.index_of("ceiling").map(|_| Kind::Ceiling)
    }
}

/// The picture with a line under it; nothing for processors that have none. For eyes only: the editor says it in words.
#[component]
pub fn Thumbnail(strip: StripId, insert: InsertId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let spec = studio.peek_strip(strip, |strip| strip.insert(insert).and_then(Insert::spec)).flatten();
    let Some((spec, kind)) = spec.and_then(|spec| Some((spec, kind(spec)?))) else { return ().into_any() };
    let view = InsertView::new(studio, strip, insert, spec);
    let history = StoredValue::new_local(History::default());
    let moves =
        move |frame: &Frame<'_>| reduces(spec) && history.try_update_value(|history| history.take(frame, insert)).unwrap_or_default();
    let draw = move |surface: &Surface, values: &[f32]| {
        match kind {
            Kind::Response => response(surface, values, untrack(|| view.rate_hz())),
            Kind::Curve => curve(surface, spec, values),
            Kind::Parts => parts(surface, &ranges::parts(spec, values)),
            Kind::Shape => shape(surface, spec.id, values),
            Kind::Ceiling => ceiling(surface, value_by_id(spec, values, "ceiling")),
        }
        history.with_value(|history| reduction(surface, history));
    };
    let text = Memo::new(move |_| view.values.with(|values| caption(spec, values)));
    view! {
        <div class="thumbnail" aria-hidden="true">
            <div class="thumbnail-picture"><Picture view label="" moves=Box::new(moves) as Moves draw /></div>
            <span class="lbl el">{text}</span>
        </div>
    }
    .into_any()
}

/// What is written under the picture; those that reduce have their reduction there.
fn caption(spec: &ProcessorSpec, values: &[f32]) -> String {
    let text = |id: &str| spec.index_of(id).map(|at| spec.params[at].text(value_by_id(spec, values, id))).unwrap_or_default();
    let counted = |count: usize| if count == 1 { "1 band".to_owned() } else { format!("{count} bands") };
    match spec.id {
        "equalizer" => counted(working_gains(values).count()),
        "imager" if value_by_id(spec, values, "mono_on") >= 0.5 => format!("Mono below {}", text("mono_below")),
        "imager" => counted(ranges::count(spec, values).unwrap_or_default()),
        "saturator" => text("drive"),
        "clipper" => text("gain"),
        _ => String::new(),
    }
}

fn filled(surface: &Surface, line: Vec<(f64, f64)>, foot: f64) {
    let (Some(first), Some(last)) = (line.first().copied(), line.last().copied()) else { return };
    surface.ink("change", 0.18);
    surface.shape([(first.0, foot)].into_iter().chain(line.iter().copied()).chain([(last.0, foot)]));
    surface.ink("change", 1.0);
    surface.line(line, 1.5);
}

fn steps(surface: &Surface) -> impl Iterator<Item = f64> {
    let width = surface.width;
    (0..=(width / STEP_PX).ceil() as usize).map(move |step| (step as f64 * STEP_PX).min(width))
}

fn response(surface: &Surface, values: &[f32], rate_hz: f64) {
    let (span, response) = (span_db(working_gains(values)), Response::new(values, rate_hz));
    let output = values.get(OUTPUT).copied().unwrap_or(0.0);
    let zero = down(0.0, span) * surface.height;
    surface.ink("line-2", 1.0);
    surface.across(zero, 0.0, surface.width);
    let at = |x: f64| (x, hz_at(x / surface.width));
    let inside = steps(surface).map(at).take_while(|(_, hz)| *hz < rate_hz / 2.0);
    let place = |hz: f64| (down(f64::from(response.db(hz) + output), span) * surface.height).clamp(1.0, surface.height - 1.0);
    filled(surface, inside.map(|(x, hz)| (x, place(hz))).collect(), zero);
}

fn curve(surface: &Surface, spec: &ProcessorSpec, values: &[f32]) {
    let down = |db: f64| (db / FLOOR_DB * surface.height).clamp(0.0, surface.height);
    surface.ink("line-2", 1.0);
    surface.line([(0.0, surface.height), (surface.width, 0.0)], 1.0);
    let out = |x: f64| Some((x, down(f64::from(level_out_db(spec.id, values, (FLOOR_DB * (1.0 - x / surface.width)) as f32)?))));
    filled(surface, steps(surface).filter_map(out).collect(), surface.height);
}

fn shape(surface: &Surface, id: &str, values: &[f32]) {
    let middle = surface.height / 2.0;
    surface.ink("line-2", 1.0);
    surface.across(middle, 0.0, surface.width);
    surface.down(surface.width / 2.0, 0.0, surface.height);
    let out = |x: f64| {
        let sample = sample_out(id, values, (2.0 * x / surface.width - 1.0) as f32)?;
        Some((x, (middle - middle * f64::from(sample)).clamp(0.5, surface.height - 0.5)))
    };
    surface.ink("change", 1.0);
    surface.line(steps(surface).filter_map(out), 1.5);
}

/// Each part's own value, from where it would leave the part as it is.
fn parts(surface: &Surface, parts: &[Part]) {
    for part in parts {
        let (left, right) = (part.from * surface.width + 1.0, part.to * surface.width - 1.0);
        let (top, still) = (part.value_down * surface.height, part.still_down * surface.height);
        surface.ink("line-2", 1.0);
        surface.across(still, left, right);
        surface.ink("change", 0.35);
        surface.rect(left, top.min(still), (right - left).max(0.0), (top - still).abs());
        surface.ink("change", 1.0);
        surface.rect(left, (top - 1.0).clamp(0.0, surface.height - 2.0), (right - left).max(0.0), 2.0);
    }
}

fn ceiling(surface: &Surface, ceiling_dbtp: f32) {
    let y = (f64::from(ceiling_dbtp) / LIMITER_FLOOR_DB).clamp(0.0, 1.0) * surface.height;
    surface.ink("change", 0.1);
    surface.rect(0.0, y, surface.width, surface.height - y);
    surface.ink("change", 1.0);
    surface.rect(0.0, y, surface.width, 1.5);
}

/// What was taken away over the last seconds, hanging from the top.
fn reduction(surface: &Surface, history: &History) {
    let points: Vec<(f64, f64)> =
        history.course().map(|(share, db)| (share * surface.width, (f64::from(db) / DEEPEST_DB).min(1.0) * surface.height)).collect();
    let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else { return };
    surface.ink("change", 0.55);
    surface.shape([(first.0, 0.0)].into_iter().chain(points).chain([(last.0, 0.0)]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::editors::view::values_with as values;

    #[test]
    fn every_step_of_a_master_has_a_picture() {
        for (id, expected) in [
            ("equalizer", Kind::Response),
            ("compressor", Kind::Curve),
            ("multiband", Kind::Parts),
            ("imager", Kind::Parts),
            ("saturator", Kind::Shape),
            ("clipper", Kind::Shape),
            ("limiter", Kind::Ceiling),
        ] {
            assert_eq!(kind(dsp::processors::spec(id).expect("a processor")), Some(expected), "{id}");
        }
    }

    #[test]
    fn a_card_says_how_much_is_at_work() {
        let spec = |id: &str| dsp::processors::spec(id).expect("a processor");
        let imager = spec("imager");
        assert_eq!(caption(imager, &values(imager, &[("bands", 2.0)])), "3 bands");
        assert!(caption(imager, &values(imager, &[("mono_on", 1.0), ("mono_below", 110.0)])).starts_with("Mono below 110"));
        let limiter = spec("limiter");
        assert_eq!(caption(limiter, &values(limiter, &[])), "");
    }
}
