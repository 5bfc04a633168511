//! Automation: lanes of points, and the values of one declaration that lanes and targets move.
//!
//! A lane is a pure function of the timeline's frame, so it gives the same values in any order of asking; the place of the last
//! answer is only kept to find the next one quickly. [`Driven`] joins a bank of values with its lanes and cuts a node's block into
//! grains wherever something moves: each grain's value is the lane's at the grain's last frame, and runs straight over the grain. A lane that
//! is drawn or switched on while playing takes its parameter over in a glide.

use alloc::vec::Vec;

use super::timeline::Run;
use crate::params::{Flags, ParamBank, ParamChange, ParamSpec, SMOOTHING_MS};
use crate::protocol::{LanePoint, Piece, Segment};
use crate::units::ms_to_frames;

/// Longest list of points that is taken in: four per second for three days.
const MAX_POINTS: usize = 1 << 20;
/// A curve's exponent is 2 to the power of this many times its bend.
const BEND_OCTAVES: f64 = 4.0;

/// One parameter's automation.
#[derive(Default)]
pub struct Lane {
    points: Vec<LanePoint>,
    building: Vec<LanePoint>,
    off: bool,
    /// Index of the last point at or before the last answer's frame.
    cursor: usize,
    /// Positions (0 to 1) of that point and the next, when they were needed: tapers cost more than the rest of an answer.
    ends: Option<(usize, f64, f64)>,
    /// Where the parameter was when the lane took it over or was changed, while it glides from there.
    from_value: f32,
    glide_left_frames: usize,
}

impl Lane {
    /// Takes a piece of the list in; `true` when the list is complete and in force.
    pub fn take(&mut self, piece: Piece, points: &[LanePoint]) -> bool {
        if piece.first {
            self.building = Vec::with_capacity((piece.total as usize).min(MAX_POINTS));
        }
        let room = MAX_POINTS - self.building.len();
        self.building.extend_from_slice(&points[..points.len().min(room)]);
        if piece.last {
            self.points = core::mem::take(&mut self.building);
            if !self.points.is_sorted_by_key(|point| point.frame) {
                self.points.sort_by_key(|point| point.frame);
            }
            self.cursor = 0;
            self.ends = None;
        }
        piece.last
    }

    /// Whether it drives its parameter.
    pub fn is_read(&self) -> bool {
        !self.off && !self.points.is_empty()
    }

    /// The value at this frame.
    pub fn value_at(&mut self, spec: &ParamSpec, position: i64) -> f32 {
        let Some(at) = self.find(position) else {
            return self.points.first().map_or(spec.default, |point| point.value);
        };
        let point = self.points[at];
        let Some(next) = self.points.get(at + 1) else {
            return point.value;
        };
        let into = position as u64 - point.frame;
        if into == 0 || is_flat(spec, &point, next) {
            return point.value;
        }
        let share = into as f64 / (next.frame - point.frame) as f64;
        let share = match point.segment {
            Segment::Curve(bend) => libm::pow(share, libm::exp2(BEND_OCTAVES * f64::from(bend.clamp(-1.0, 1.0)))),
            _ => share,
        };
        let next_value = next.value;
        let (from, to) = self.ends_of(at, spec, point.value, next_value);
        spec.from_position((from + (to - from) * share) as f32)
    }

    fn ends_of(&mut self, at: usize, spec: &ParamSpec, value: f32, next_value: f32) -> (f64, f64) {
        if let Some((of, from, to)) = self.ends
            && of == at
        {
            return (from, to);
        }
        let (from, to) = (f64::from(spec.to_position(value)), f64::from(spec.to_position(next_value)));
        self.ends = Some((at, from, to));
        (from, to)
    }

    /// Whether the value stays the same from this frame to `last`.
    pub fn is_constant(&mut self, spec: &ParamSpec, position: i64, last: i64) -> bool {
        match self.find(position) {
            None => self.points.first().is_none_or(|first| last < first.frame as i64),
            Some(at) => match self.points.get(at + 1) {
                None => true,
                Some(next) => last < next.frame as i64 && is_flat(spec, &self.points[at], next),
            },
        }
    }

    /// Index of the last point at or before this frame; `None` before the first.
    fn find(&mut self, position: i64) -> Option<usize> {
        let Ok(frame) = u64::try_from(position) else {
            return None;
        };
        let holds = |at: usize| {
            self.points.get(at).is_some_and(|point| point.frame <= frame) && self.points.get(at + 1).is_none_or(|next| next.frame > frame)
        };
        if !holds(self.cursor) {
            if holds(self.cursor + 1) {
                self.cursor += 1;
            } else {
                self.cursor = self.points.partition_point(|point| point.frame <= frame).checked_sub(1)?;
            }
        }
        Some(self.cursor)
    }
}

impl Lane {
    /// The value at this frame, `frames` further into a glide from where the parameter was.
    fn glided_value_at(&mut self, spec: &ParamSpec, position: i64, frames: usize, glide_frames: usize) -> f32 {
        let value = self.value_at(spec, position);
        let left = self.glide_left_frames.saturating_sub(frames);
        if left == 0 || spec.is_discrete() {
            return value;
        }
        let (from, to) = (spec.to_position(self.from_value), spec.to_position(value));
        spec.from_position(to + (from - to) * (left as f32 / glide_frames as f32))
    }
}

/// Whether a segment stays at its first point's value; switches and choices never slide.
fn is_flat(spec: &ParamSpec, point: &LanePoint, next: &LanePoint) -> bool {
    point.segment == Segment::Hold || spec.is_discrete() || point.value == next.value
}

/// The running values of one declaration, moved by targets and by lanes.
pub struct Driven {
    bank: ParamBank,
    lanes: Vec<(usize, Lane)>,
    glide_frames: usize,
}

impl Driven {
    /// All at their defaults, without lanes.
    pub fn new(specs: &'static [ParamSpec], rate_hz: f64) -> Self {
        Self { bank: ParamBank::new(specs, rate_hz), lanes: Vec::new(), glide_frames: ms_to_frames(f64::from(SMOOTHING_MS), rate_hz) }
    }

    /// The declaration.
    pub fn specs(&self) -> &'static [ParamSpec] {
        self.bank.specs()
    }

    /// Value now.
    pub fn value(&self, index: usize) -> f32 {
        self.bank.value(index)
    }

    /// Where it goes when no lane drives it.
    pub fn target(&self, index: usize) -> f32 {
        self.bank.target(index)
    }

    /// A new target.
    pub fn set_target(&mut self, index: usize, value: f32) {
        self.bank.set_target(index, value);
    }

    /// Targets for all parameters, in their order; what the list lacks goes to its default.
    pub fn set_targets(&mut self, values: &[f32]) {
        for (index, spec) in self.specs().iter().enumerate() {
            self.bank.set_target(index, values.get(index).copied().unwrap_or(spec.default));
        }
    }

    /// Takes a piece of a lane in; parameters that cannot be automated have none.
    pub fn take_points(&mut self, index: usize, piece: Piece, points: &[LanePoint]) {
        let Some(spec) = self.specs().get(index) else {
            return;
        };
        if !spec.flags.has(Flags::AUTOMATABLE) || spec.flags.has(Flags::AFFECTS_LATENCY) {
            return;
        }
        if let Some(at) = self.lane_of(index).or_else(|| self.add_lane(index, piece))
            && self.lanes[at].1.take(piece, points)
        {
            if self.lanes[at].1.points.is_empty() {
                self.lanes.remove(at);
                self.bank.release(index);
            } else {
                self.take_over(at);
            }
        }
    }

    /// Reads a lane or leaves it alone.
    pub fn enable_lane(&mut self, index: usize, enabled: bool) {
        if let Some(at) = self.lane_of(index) {
            let was_off = core::mem::replace(&mut self.lanes[at].1.off, !enabled);
            if !enabled {
                self.bank.release(index);
            } else if was_off {
                self.take_over(at);
            }
        }
    }

    /// All values at once where the targets and, at this frame, the lanes put them.
    pub fn snap(&mut self, position: i64) {
        self.lanes.iter_mut().for_each(|(_, lane)| lane.glide_left_frames = 0);
        self.drive(position, 0);
        self.bank.snap();
    }

    /// How many frames of the run can be handled together from `done` on, with the lanes' values at their end in force. `moves` tells
    /// that something else of this node moves.
    pub fn prepare(&mut self, run: &Run, done: usize, moves: bool) -> usize {
        let grain = run.grain_frames(done);
        self.drive(run.position_of(done + grain - 1), grain);
        if moves || self.bank.is_moving() || !self.lanes_rest(run, done) { grain } else { run.frames - done }
    }

    /// Goes on and tells what changed; see [`ParamBank::advance`].
    pub fn advance(&mut self, frames: usize, changed: impl FnMut(ParamChange)) {
        self.bank.advance(frames, changed);
    }

    /// Takes the lanes' values over, `frames` further on.
    fn drive(&mut self, position: i64, frames: usize) {
        for (index, lane) in self.lanes.iter_mut().filter(|(_, lane)| lane.is_read()) {
            let spec = &self.bank.specs()[*index];
            self.bank.drive(*index, lane.glided_value_at(spec, position, frames, self.glide_frames));
            lane.glide_left_frames = lane.glide_left_frames.saturating_sub(frames);
        }
    }

    /// A lane's new values are reached by a glide.
    fn take_over(&mut self, at: usize) {
        let (index, lane) = &mut self.lanes[at];
        lane.from_value = self.bank.value(*index);
        lane.glide_left_frames = self.glide_frames;
    }

    fn lanes_rest(&mut self, run: &Run, done: usize) -> bool {
        let (first, last) = (run.position_of(done), run.position_of(run.frames - 1));
        let specs = self.bank.specs();
        self.lanes
            .iter_mut()
            .all(|(index, lane)| !lane.is_read() || lane.glide_left_frames == 0 && lane.is_constant(&specs[*index], first, last))
    }

    fn lane_of(&self, index: usize) -> Option<usize> {
        self.lanes.iter().position(|(lane_index, _)| *lane_index == index)
    }

    fn add_lane(&mut self, index: usize, piece: Piece) -> Option<usize> {
        if !piece.first {
            return None;
        }
        self.lanes.push((index, Lane::default()));
        Some(self.lanes.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Unit;

    const PERCENT: ParamSpec = ParamSpec::new("p", "P", Unit::Percent, 0.0, 100.0, 50.0, "");
    const ALL: Piece = Piece { first: true, last: true, total: 0 };

    fn lane(points: &[(u64, f32, Segment)]) -> Lane {
        let mut lane = Lane::default();
        let points: Vec<LanePoint> = points.iter().map(|&(frame, value, segment)| LanePoint { frame, value, segment }).collect();
        assert!(lane.take(ALL, &points));
        lane
    }

    #[test]
    fn a_lane_holds_before_its_first_and_after_its_last_point_and_slides_between() {
        let mut lane = lane(&[(100, 20.0, Segment::Linear), (200, 40.0, Segment::Hold), (300, 80.0, Segment::Linear)]);
        for (position, value) in [(-50, 20.0), (0, 20.0), (100, 20.0), (150, 30.0), (200, 40.0), (299, 40.0), (300, 80.0), (9999, 80.0)] {
            assert!((lane.value_at(&PERCENT, position) - value).abs() < 1e-4, "at {position}");
        }
    }

    #[test]
    fn the_last_of_several_points_on_one_frame_holds() {
        let mut lane =
            lane(&[(10, 1.0, Segment::Linear), (20, 2.0, Segment::Linear), (20, 60.0, Segment::Linear), (30, 70.0, Segment::Linear)]);
        assert_eq!(lane.value_at(&PERCENT, 20), 60.0);
        assert!(lane.value_at(&PERCENT, 19) < 2.0);
    }

    #[test]
    fn a_bent_segment_starts_slowly_or_fast_and_ends_where_it_should() {
        let mut slow = lane(&[(0, 0.0, Segment::Curve(0.5)), (100, 100.0, Segment::Hold)]);
        let mut fast = lane(&[(0, 0.0, Segment::Curve(-0.5)), (100, 100.0, Segment::Hold)]);
        assert!((slow.value_at(&PERCENT, 50) - 6.25).abs() < 0.01);
        assert!(fast.value_at(&PERCENT, 50) > 80.0);
        assert_eq!(slow.value_at(&PERCENT, 100), 100.0);
    }

    #[test]
    fn answers_do_not_depend_on_what_was_asked_before() {
        let points: Vec<_> = (0..500).map(|at| (at * 37, (at * 7919 % 101) as f32, Segment::Linear)).collect();
        let mut walked = lane(&points);
        for step in 0..4000_i64 {
            let position = step * 7919 % 20_000 - 500;
            assert_eq!(walked.value_at(&PERCENT, position), lane(&points).value_at(&PERCENT, position));
        }
    }

    #[test]
    fn a_switch_never_slides() {
        const SWITCH: ParamSpec = ParamSpec::toggle("s", "S", false, "");
        let mut lane = lane(&[(0, 0.0, Segment::Linear), (100, 1.0, Segment::Linear)]);
        assert_eq!(lane.value_at(&SWITCH, 99), 0.0);
        assert_eq!(lane.value_at(&SWITCH, 100), 1.0);
    }
}
