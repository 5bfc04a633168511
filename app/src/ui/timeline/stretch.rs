//! A stretch of a lane: lifted as a whole, taken out, copied and laid down elsewhere, also into another parameter's lane.

use dsp::params::{ParamSpec, Unit};
use dsp::protocol::{LanePoint, Segment};
use session::model::Range;

use crate::state::value_in;

/// One step of a key that lifts values that are not in decibels, as a part of their range.
const LIFT_STEP: f32 = 0.02;

/// A lane's course, as far as stretches of it are concerned.
pub struct Course<'a> {
    /// The parameter.
    pub spec: &'static ParamSpec,
    /// The points.
    pub points: &'a [LanePoint],
    /// The value where there are no points.
    pub still: f32,
    /// The course comes and goes over this many frames at a stretch's ends.
    pub edge_frames: u64,
}

/// What was copied of a lane: places in the parameter's range, so that it fits any other.
#[derive(Clone, Debug, PartialEq)]
pub struct Copied {
    frames: u64,
    places: Vec<(u64, f32, Segment)>,
}

/// One step of a lift by keys: a step of the declaration for decibels, a part of the range for all else.
pub fn step(spec: &ParamSpec, is_fine: bool) -> f32 {
    match (matches!(spec.unit, Unit::Db), is_fine) {
        (true, true) => spec.steps.fine,
        (true, false) => spec.steps.step,
        (false, true) => LIFT_STEP / 10.0,
        (false, false) => LIFT_STEP,
    }
}

/// What a drag over this part of a lane's height lifts by.
pub fn dragged(spec: &ParamSpec, part: f32) -> f32 {
    /// The whole height in decibels: fine enough to trim a ride.
    const HEIGHT_DB: f32 = 24.0;
    if matches!(spec.unit, Unit::Db) { part * HEIGHT_DB } else { part }
}

impl Course<'_> {
    fn at(&self, frame: u64) -> f32 {
        if self.points.is_empty() { self.still } else { value_in(self.spec, self.points, frame) }
    }

    /// A point that changes nothing.
    pub fn point(&self, frame: u64) -> LanePoint {
        LanePoint { frame, value: self.at(frame), segment: self.way(frame) }
    }

    /// The way that leads on from a frame.
    fn way(&self, frame: u64) -> Segment {
        let before = self.points.partition_point(|point| point.frame <= frame).checked_sub(1);
        before.map_or(Segment::Linear, |at| self.points[at].segment)
    }

    /// A value lifted: decibels by decibels, all else along its range. Silence stays silent.
    fn lift(&self, value: f32, by: f32) -> f32 {
        match self.spec.unit {
            _ if value <= self.spec.min && by > 0.0 && matches!(self.spec.unit, Unit::Db) => value,
            Unit::Db => self.spec.clamp(value + by),
            _ => self.spec.from_position((self.spec.to_position(value) + by).clamp(0.0, 1.0)),
        }
    }

    /// The lane with all of a stretch lifted by the same, and the rest as it is.
    pub fn lifted(&self, range: Range, by: f32) -> Vec<LanePoint> {
        let edge = self.edge_frames.min((range.end - range.start) / 4);
        let (from, to) = (range.start + edge, range.end - edge);
        let inside = self.points.iter().filter(|point| point.frame > from && point.frame < to);
        let corner = |frame: u64| LanePoint { frame, value: self.lift(self.at(frame), by), segment: self.way(frame) };
        let lifted = inside.map(|point| LanePoint { value: self.lift(point.value, by), ..*point });
        let stretch = std::iter::once(corner(from)).chain(lifted).chain([LanePoint { segment: Segment::Linear, ..corner(to) }]);
        self.with(range, stretch.collect())
    }

    /// The lane without the points of a stretch.
    pub fn without(&self, range: Range) -> Vec<LanePoint> {
        self.points.iter().filter(|point| !(range.start..=range.end).contains(&point.frame)).copied().collect()
    }

    /// A copy of a stretch.
    pub fn copied(&self, range: Range) -> Copied {
        let inside = self.points.iter().filter(|point| point.frame > range.start && point.frame < range.end);
        let places = std::iter::once((0, self.at(range.start), self.way(range.start)))
            .chain(inside.map(|point| (point.frame - range.start, point.value, point.segment)))
            .chain([(range.end - range.start, self.at(range.end), Segment::Linear)]);
        let place = |(frame, value, segment)| (frame, self.spec.to_position(value), segment);
        Copied { frames: range.end - range.start, places: places.map(place).collect() }
    }

    /// The lane with a copy laid down from a frame on, in place of what was there.
    pub fn pasted(&self, at: u64, copied: &Copied) -> (Range, Vec<LanePoint>) {
        let point = |(frame, position, segment): &(u64, f32, Segment)| {
            let value = self.spec.clamp(self.spec.from_position(*position));
            LanePoint { frame: at + frame, value, segment: *segment }
        };
        let range = Range { start: at.saturating_sub(self.edge_frames), end: at + copied.frames + self.edge_frames };
        let laid = Range { start: at, end: at + copied.frames };
        (laid, self.with(range, copied.places.iter().map(point).collect()))
    }

    /// The lane with other points in a stretch, whose ends keep their values.
    fn with(&self, range: Range, stretch: Vec<LanePoint>) -> Vec<LanePoint> {
        let end = |frame: u64, segment: Segment| LanePoint { frame, value: self.at(frame), segment };
        let first = stretch.first().map_or(0, |point| point.frame);
        let mut points: Vec<LanePoint> = self.points.iter().take_while(|point| point.frame < range.start).copied().collect();
        if range.start < first {
            points.push(end(range.start, Segment::Linear));
        }
        points.extend(stretch);
        if points.last().is_some_and(|last| last.frame < range.end) {
            points.push(end(range.end, self.way(range.end)));
        }
        points.extend(self.points.iter().skip_while(|point| point.frame <= range.end).copied());
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dsp::engine::{STRIP_PARAMS, strip_param};

    const RIDE: [(u64, f32); 4] = [(0, -10.0), (10_000, -10.0), (20_000, -4.0), (40_000, -4.0)];

    fn points(list: &[(u64, f32)]) -> Vec<LanePoint> {
        list.iter().map(|(frame, value)| LanePoint { frame: *frame, value: *value, segment: Segment::Linear }).collect()
    }

    fn course(points: &[LanePoint]) -> Course<'_> {
        Course { spec: &STRIP_PARAMS[strip_param::VOLUME], points, still: 0.0, edge_frames: 100 }
    }

    fn hears(points: &[LanePoint], frame: u64, db: f32) {
        let heard = value_in(&STRIP_PARAMS[strip_param::VOLUME], points, frame);
        assert!((heard - db).abs() < 0.02, "{heard} dB at {frame}, not {db}: {points:?}");
    }

    #[test]
    fn a_lifted_stretch_keeps_its_shape_and_the_rest_its_course() {
        let ride = points(&RIDE);
        let lifted = course(&ride).lifted(Range { start: 5_000, end: 30_000 }, 3.0);
        for (frame, db) in [(2_000, -10.0), (6_000, -7.0), (10_000, -7.0), (20_000, -1.0), (29_000, -1.0), (35_000, -4.0)] {
            hears(&lifted, frame, db);
        }
        assert!(lifted.windows(2).all(|pair| pair[0].frame < pair[1].frame), "{lifted:?}");
    }

    #[test]
    fn an_empty_lane_is_lifted_from_where_the_control_stands() {
        let lifted = course(&[]).lifted(Range { start: 5_000, end: 30_000 }, -6.0);
        for (frame, db) in [(0, 0.0), (15_000, -6.0), (50_000, 0.0)] {
            hears(&lifted, frame, db);
        }
    }

    #[test]
    fn a_copy_sounds_the_same_where_it_is_laid_down() {
        let ride = points(&RIDE);
        let copied = course(&ride).copied(Range { start: 8_000, end: 22_000 });
        let (range, pasted) = course(&ride).pasted(100_000, &copied);
        assert_eq!(range, Range { start: 100_000, end: 114_000 });
        for frame in [8_500, 10_000, 15_000, 20_000, 21_500] {
            hears(&pasted, frame + 92_000, value_in(&STRIP_PARAMS[strip_param::VOLUME], &ride, frame));
        }
        hears(&pasted, 50_000, -4.0);
        hears(&pasted, 120_000, -4.0);
    }

    #[test]
    fn a_stretch_taken_out_leaves_what_is_around_it() {
        let ride = points(&RIDE);
        assert_eq!(course(&ride).without(Range { start: 9_000, end: 21_000 }), points(&[RIDE[0], RIDE[3]]));
    }
}
