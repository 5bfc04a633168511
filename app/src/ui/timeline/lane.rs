//! The automation lane under a track: its curve, its points, and what a press on it means.

use dsp::params::{ParamSpec, Unit};
use dsp::protocol::{LanePoint, Segment};

use session::model::Range;

use super::wave::Stroke;
use super::window::Window;
use crate::ui::paint::{Align, Surface};

/// Levels that a lane of decibels marks.
const LEVEL_MARKS_DB: [f32; 3] = [0.0, -12.0, -24.0];
/// Opacity of the waveform behind the curve.
const GHOST: f64 = 0.2;
/// Names nearer to each other than this would overlap.
const NAMES_APART_PX: f64 = 11.0;
/// Room above and below the curve.
const MARGIN_PX: f64 = 6.0;
/// Reach of a point to every side.
const POINT_REACH_PX: f64 = 8.0;
/// Steps in which a bent segment is drawn.
const BEND_STEPS: u32 = 16;
/// A curve's exponent is 2 to the power of this many times its bend, as [`Segment::Curve`] says.
const BEND_OCTAVES: f64 = 4.0;

/// What the lane shows.
pub struct Shown<'a> {
    /// The parameter.
    pub spec: &'static ParamSpec,
    /// Its points; empty for none.
    pub points: &'a [LanePoint],
    /// The value without automation.
    pub value: f32,
    /// Whether the points are read.
    pub enabled: bool,
    /// The point that is selected.
    pub selected: Option<usize>,
    /// The stretch that is chosen.
    pub stretch: Option<Range>,
}

/// Pixels under the lane's top at which a value stands.
pub fn y_of(spec: &ParamSpec, value: f32, height: f64) -> f64 {
    MARGIN_PX + (1.0 - f64::from(spec.to_position(value))) * (height - 2.0 * MARGIN_PX)
}

/// The value that stands at a distance under the lane's top.
pub fn value_at(spec: &ParamSpec, y: f64, height: f64) -> f32 {
    let position = 1.0 - (y - MARGIN_PX) / (height - 2.0 * MARGIN_PX).max(1.0);
    let value = spec.from_position(position as f32);
    let fine = spec.steps.fine;
    if fine > 0.0 && value > spec.min && value < spec.max { spec.clamp((value / fine).round() * fine) } else { value }
}

/// The point under the pointer.
pub fn point_at(spec: &ParamSpec, points: &[LanePoint], window: &Window, height: f64, x: f64, y: f64) -> Option<usize> {
    let distance = |point: &LanePoint| (window.x(point.frame) - x).hypot(y_of(spec, point.value, height) - y);
    (0..points.len())
        .filter(|&index| distance(&points[index]) <= POINT_REACH_PX)
        .min_by(|&a, &b| distance(&points[a]).total_cmp(&distance(&points[b])))
}

/// The points with one more, in order, and its place among them. A point on the same frame is replaced.
pub fn with_point(points: &[LanePoint], point: LanePoint) -> (Vec<LanePoint>, usize) {
    let mut points = points.to_vec();
    match points.binary_search_by_key(&point.frame, |point| point.frame) {
        Ok(index) => {
            points[index] = point;
            (points, index)
        }
        Err(index) => {
            points.insert(index, point);
            (points, index)
        }
    }
}

/// The points with one of them elsewhere: between its neighbours, never on them.
pub fn with_moved(points: &[LanePoint], index: usize, frame: u64, value: f32) -> Vec<LanePoint> {
    let mut points = points.to_vec();
    let after = index.checked_sub(1).map_or(0, |before| points[before].frame + 1);
    let before = points.get(index + 1).map_or(u64::MAX, |next| next.frame.saturating_sub(1));
    if let Some(point) = points.get_mut(index) {
        point.frame = frame.clamp(after, before.max(after));
        point.value = value;
    }
    points
}

/// The points with another way after one of them.
pub fn with_segment(points: &[LanePoint], index: usize, segment: Segment) -> Vec<LanePoint> {
    let mut points = points.to_vec();
    if let Some(point) = points.get_mut(index) {
        point.segment = segment;
    }
    points
}

/// The points with one at `frame` in place of all between there and `last`, where the pen was before.
pub fn drawn_over(points: &[LanePoint], last: u64, frame: u64, value: f32) -> Vec<LanePoint> {
    let (from, to) = (last.min(frame), last.max(frame));
    let is_under = |point: &LanePoint| (from..=to).contains(&point.frame) && point.frame != last;
    let mut points: Vec<LanePoint> = points.iter().filter(|point| !is_under(point)).copied().collect();
    let at = points.partition_point(|point| point.frame < frame);
    let point = LanePoint { frame, value, segment: Segment::Linear };
    match points.get_mut(at).filter(|there| there.frame == frame) {
        Some(there) => *there = point,
        None => points.insert(at, point),
    }
    points
}

/// The points without one of them.
pub fn without(points: &[LanePoint], index: usize) -> Vec<LanePoint> {
    points.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, point)| *point).collect()
}

/// Draws the lane over what its clips sound like.
pub fn draw(surface: &Surface, window: &Window, shown: &Shown<'_>, colour: &str, top: f64, height: f64, ghost: &[Vec<Stroke>]) {
    surface.ink("bg-1", 1.0);
    surface.rect(0.0, top, surface.width, height - 1.0);
    surface.ink_value(colour, GHOST);
    ghost.iter().for_each(|strokes| haunt(surface, strokes, top + height - 1.0, height - 2.0 * MARGIN_PX));
    surface.ink("line-1", 1.0);
    for value in marks(shown.spec) {
        surface.across(top + y_of(shown.spec, value, height), 0.0, surface.width);
    }
    if let Some(range) = shown.stretch {
        let (from, to) = (window.x(range.start).max(0.0), window.x(range.end).min(surface.width));
        surface.ink("ivory", 0.08);
        surface.rect(from, top, (to - from).max(0.0), height - 1.0);
        surface.ink("ivory", 0.6);
        surface.down(from, top, top + height - 1.0);
        surface.down(to - 1.0, top, top + height - 1.0);
    }
    let alpha = if shown.enabled { 1.0 } else { 0.4 };
    surface.clipped(0.0, top, surface.width, height - 1.0, || {
        surface.ink_value(colour, alpha);
        surface.line(curve(window, shown, top, height), 1.75);
        for (index, point) in shown.points.iter().enumerate() {
            let x = window.x(point.frame);
            if !(-8.0..=surface.width + 8.0).contains(&x) {
                continue;
            }
            let y = top + y_of(shown.spec, point.value, height);
            let selected = shown.selected == Some(index);
            surface.ink_value(colour, alpha);
            surface.disc(x, y, if selected { 5.5 } else { 4.0 });
            surface.ink(if selected { "ivory" } else { "bg-1" }, 1.0);
            surface.disc(x, y, if selected { 3.5 } else { 2.4 });
        }
    });
    scale(surface, shown, top, height);
}

/// A waveform's outline on the lane's foot.
fn haunt(surface: &Surface, strokes: &[Stroke], foot: f64, height: f64) {
    let (Some(first), Some(last)) = (strokes.first(), strokes.last()) else { return };
    let outline = strokes.iter().map(|stroke| {
        let swing = f64::from(stroke.column.max.max(-stroke.column.min)).clamp(0.0, 1.0);
        (stroke.at as f64, foot - swing * height)
    });
    surface.shape(std::iter::once((first.at as f64, foot)).chain(outline).chain([(last.at as f64 + 1.0, foot)]));
}

/// The values that are lined and labelled: round ones where decibels are meant, else the ends and the default.
fn marks(spec: &ParamSpec) -> Vec<f32> {
    let values: &[f32] = if matches!(spec.unit, Unit::Db) { &LEVEL_MARKS_DB } else { &[spec.min, spec.default, spec.max] };
    values.iter().copied().filter(|value| (spec.min..=spec.max).contains(value)).collect()
}

fn scale(surface: &Surface, shown: &Shown<'_>, top: f64, height: f64) {
    let mut named = f64::NEG_INFINITY;
    for value in marks(shown.spec) {
        let y = top + y_of(shown.spec, value, height);
        let y = y.clamp(top + 7.0, top + height - 8.0);
        if (y - named).abs() < NAMES_APART_PX {
            continue;
        }
        named = y;
        surface.ink("bg-1", 0.85);
        surface.rect(surface.width - 34.0, y - 6.0, 34.0, 12.0);
        surface.ink("tx-3", 1.0);
        let is_level = matches!(shown.spec.unit, Unit::Db);
        let name = if is_level { format!("{value:.0}").replace('-', "−") } else { shown.spec.text_parts(value).0 };
        surface.text(&name, surface.width - 4.0, y, 10, 400, Align::Right);
    }
}

fn curve(window: &Window, shown: &Shown<'_>, top: f64, height: f64) -> Vec<(f64, f64)> {
    let at = |value: f32| top + y_of(shown.spec, value, height);
    let first = shown.points.first().map_or(shown.value, |point| point.value);
    let last = shown.points.last().map_or(shown.value, |point| point.value);
    let mut line = vec![(-8.0, at(first))];
    for (index, point) in shown.points.iter().enumerate() {
        line.push((window.x(point.frame), at(point.value)));
        let Some(next) = shown.points.get(index + 1) else { break };
        match point.segment {
            Segment::Hold => line.push((window.x(next.frame), at(point.value))),
            Segment::Linear => {}
            Segment::Curve(bend) => line.extend((1..BEND_STEPS).map(|step| {
                let course = f64::from(step) / f64::from(BEND_STEPS);
                let bent = course.powf(2f64.powf(BEND_OCTAVES * f64::from(bend)));
                let (from, to) = (window.x(point.frame), window.x(next.frame));
                (from + (to - from) * course, at(point.value) + (at(next.value) - at(point.value)) * bent)
            })),
        }
    }
    line.push((window.width + 8.0, at(last)));
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use dsp::engine::{STRIP_PARAMS, strip_param};

    const VOLUME: usize = strip_param::VOLUME;

    fn point(frame: u64, value: f32) -> LanePoint {
        LanePoint { frame, value, segment: Segment::Linear }
    }

    #[test]
    fn a_height_and_its_value_belong_together() {
        let spec = &STRIP_PARAMS[VOLUME];
        for value in [6.0, 0.0, -6.0, -20.0] {
            let y = y_of(spec, value, 58.0);
            assert!((value_at(spec, y, 58.0) - value).abs() <= 0.11, "{value} came back as {}", value_at(spec, y, 58.0));
        }
        assert_eq!(value_at(spec, 1000.0, 58.0), spec.min);
    }

    #[test]
    fn a_pen_takes_the_place_of_what_it_is_drawn_over() {
        let points = [point(100, 0.0), point(200, -1.0), point(300, -2.0), point(900, -3.0)];
        let drawn = drawn_over(&drawn_over(&points, 150, 150, -9.0), 150, 400, -8.0);
        assert_eq!(drawn, [point(100, 0.0), point(150, -9.0), point(400, -8.0), point(900, -3.0)]);
        let back = drawn_over(&drawn, 400, 120, -7.0);
        assert_eq!(back, [point(100, 0.0), point(120, -7.0), point(400, -8.0), point(900, -3.0)]);
    }

    #[test]
    fn points_stay_in_order_however_they_are_added_and_moved() {
        let (points, first) = with_point(&[], point(500, 0.0));
        let (points, second) = with_point(&points, point(100, -3.0));
        let (points, again) = with_point(&points, point(500, -6.0));
        assert_eq!((first, second, again), (0, 0, 1));
        assert_eq!(points, [point(100, -3.0), point(500, -6.0)]);
        let moved = with_moved(&points, 0, 9_000, 1.0);
        assert_eq!(moved, [point(499, 1.0), point(500, -6.0)]);
        assert_eq!(without(&moved, 0), [point(500, -6.0)]);
    }
}
