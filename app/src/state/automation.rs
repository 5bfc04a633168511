//! Writing automation while playing: what the hand does to a control becomes points at the frames that were heard meanwhile.
//!
//! While the hand is on it, the lane is not read, so that the hand is heard. In touch the lane takes over again where the hand lets go,
//! in latch where playing stops. Write begins with the open lane where playing does, touched or not. Outside of that stretch the lane keeps its
//! course; where the loop turns, what was written before stays and the hand begins anew.

use std::sync::Arc;

use dsp::params::{Flags, ParamSpec};
use dsp::protocol::{LanePoint, Segment, StripId};
use leptos::prelude::*;
use session::Edit;
use session::model::{Lane, SongId, Target};

use super::Studio;

/// The lane comes and goes over this time at the ends of what was written.
const GLIDE_MS: u64 = 40;
/// Points are left out whose value lies this close, as part of the range, to the line between their neighbours.
const TOLERANCE: f32 = 0.003;

/// What a control that is moved while playing does to its lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AutomationMode {
    /// Nothing.
    #[default]
    Read,
    /// Writes while the hand is on it.
    Touch,
    /// Writes from the first touch until playing stops.
    Latch,
    /// Writes the open lane for as long as it plays, and what is touched as latch does.
    Write,
}

impl AutomationMode {
    /// All, with their names.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Read, "Read"), (Self::Touch, "Touch"), (Self::Latch, "Latch"), (Self::Write, "Write")];
}

/// A parameter under the hand.
struct Pass {
    song: SongId,
    strip: StripId,
    target: Target,
    spec: &'static ParamSpec,
    before: Vec<LanePoint>,
    taken: Vec<(u64, f32)>,
    glide_frames: u64,
}

impl Pass {
    /// The lane with what was written, the last value held until `until`.
    fn lane(&self, until: Option<u64>) -> Vec<LanePoint> {
        let mut taken = self.taken.clone();
        if let (Some(until), Some(last)) = (until, taken.last().copied())
            && until > last.0
        {
            taken.push((until, last.1));
        }
        written(self.spec, &self.before, &taken, self.glide_frames)
    }

    /// Playing jumps back: what was written stays, and the hand goes on where playing does.
    fn turn(&mut self, from: u64, to: u64) {
        if let Some(last) = self.taken.last().copied() {
            self.before = self.lane(Some(from));
            self.taken = vec![(to, last.1)];
        }
    }
}

/// The mode and what is being written.
#[derive(Clone, Copy)]
pub struct Automation {
    /// What a control does to its lane.
    pub mode: RwSignal<AutomationMode>,
    heard: StoredValue<Option<u64>>,
    passes: StoredValue<Vec<Pass>>,
}

impl Automation {
    /// Reads only.
    pub fn new() -> Self {
        Self { mode: RwSignal::new(AutomationMode::Read), heard: StoredValue::new(None), passes: StoredValue::new(Vec::new()) }
    }

    /// Says which frame is heard now; nothing while it stands.
    fn hear(self, frame: Option<u64>) {
        let before = self.heard.get_value();
        self.heard.set_value(frame);
        if let (Some(before), Some(frame)) = (before, frame)
            && frame < before
        {
            self.passes.update_value(|passes| passes.iter_mut().for_each(|pass| pass.turn(before, frame)));
        }
    }
}

impl Studio {
    /// Says which frame is heard now, nothing while it stands, and which lane is open: writing begins with it.
    pub fn hear(self, frame: Option<u64>, open_lane: impl FnOnce() -> Option<(StripId, Target)>) {
        let begins = frame.is_some() && self.automation.heard.get_value().is_none();
        self.automation.hear(frame);
        if !begins || self.automation.mode.get_untracked() != AutomationMode::Write {
            return;
        }
        let Some((strip, target)) = open_lane() else { return };
        let found = self.peek_strip(strip, |strip| Some((strip.spec_of(&target)?, strip.value_of(&target)))).flatten();
        if let Some((spec, value)) = found
            && let Some(edit) = self.take_over(strip, &target, spec, value)
        {
            self.dispatch(self.step_name(strip, &format!("{} automation is written", spec.name.to_lowercase())), edit);
        }
    }

    /// Notes where a control stands while it is written; what comes back must be done first: the lane is not read under the hand.
    pub(super) fn take_over(self, strip: StripId, target: &Target, spec: &'static ParamSpec, value: f32) -> Option<Edit> {
        let automation = self.automation;
        let is_written = automation.mode.get_untracked() != AutomationMode::Read && spec.flags.has(Flags::AUTOMATABLE);
        let (frame, song) = (automation.heard.get_value().filter(|_| is_written)?, self.peek_song_id()?);
        let glide = self.glide_frames();
        let goes_on = automation.passes.try_update_value(|passes| {
            let pass = passes.iter_mut().find(|pass| pass.strip == strip && pass.target == *target)?;
            take(&mut pass.taken, frame, value, glide);
            Some(())
        });
        if goes_on.flatten().is_some() {
            return None;
        }
        let lane = self.peek_strip(strip, |strip| strip.lane(target).cloned()).flatten();
        let before = lane.as_ref().map(|lane| lane.points.to_vec()).unwrap_or_default();
        automation.passes.update_value(|passes| {
            passes.push(Pass { song, strip, target: target.clone(), spec, before, taken: vec![(frame, value)], glide_frames: glide });
        });
        let lane = lane.filter(|lane| lane.enabled)?;
        Some(Edit::SetLane { song, strip, target: target.clone(), lane: Some(Lane { enabled: false, ..lane }) })
    }

    /// The hand lets go of a control; in touch its lane takes over again, as part of the same step.
    pub(super) fn let_go_of(self, strip: StripId, target: &Target) {
        if matches!(self.automation.mode.get_untracked(), AutomationMode::Latch | AutomationMode::Write) {
            return;
        }
        let frame = self.automation.heard.get_value();
        if let Some(pass) = self.end_pass(|pass| pass.strip == strip && pass.target == *target) {
            let (name, edit) = self.lane_of_pass(pass, frame);
            self.gesture(name, edit);
        }
    }

    /// Playing stops: what was latched is written.
    pub(super) fn finish_automation(self) {
        let frame = self.automation.heard.get_value();
        while let Some(pass) = self.end_pass(|_| true) {
            let (name, edit) = self.lane_of_pass(pass, frame);
            self.dispatch(name, edit);
        }
    }

    fn end_pass(self, is_meant: impl Fn(&Pass) -> bool) -> Option<Pass> {
        let passes = self.automation.passes;
        passes.try_update_value(|passes| passes.iter().position(is_meant).map(|at| passes.swap_remove(at))).flatten()
    }

    fn lane_of_pass(self, pass: Pass, until: Option<u64>) -> (String, Edit) {
        let points = pass.lane(until);
        let Pass { song, strip, target, spec, .. } = pass;
        let lane = Lane { target: target.clone(), enabled: true, points: Arc::new(points) };
        let name = self.step_name(strip, &format!("{} automation", spec.name.to_lowercase()));
        (name, Edit::SetLane { song, strip, target, lane: Some(lane) })
    }

    fn glide_frames(self) -> u64 {
        self.peek_song(|song| u64::from(song.rate_hz)).unwrap_or(48_000) * GLIDE_MS / 1000
    }
}

/// Notes a value. A hand that rested held the last one until just before.
fn take(taken: &mut Vec<(u64, f32)>, frame: u64, value: f32, glide_frames: u64) {
    if let Some(last) = taken.last().copied()
        && frame - last.0 > glide_frames
    {
        taken.push((frame - glide_frames, last.1));
    }
    taken.push((frame, value));
}

/// A lane's value at a frame, as the engine plays it.
pub fn value_in(spec: &ParamSpec, points: &[LanePoint], frame: u64) -> f32 {
    let after = points.partition_point(|point| point.frame <= frame);
    let (Some(from), next) = (after.checked_sub(1).map(|at| points[at]), points.get(after)) else {
        return points.first().map_or(spec.default, |point| point.value);
    };
    let Some(next) = next.filter(|_| from.segment != Segment::Hold) else { return from.value };
    let share = (frame - from.frame) as f32 / (next.frame - from.frame) as f32;
    let share = if let Segment::Curve(bend) = from.segment { share.powf(2f32.powf(4.0 * bend)) } else { share };
    let (low, high) = (spec.to_position(from.value), spec.to_position(next.value));
    spec.from_position(low + (high - low) * share)
}

/// The lane with what the hand did in place of its course there.
fn written(spec: &ParamSpec, before: &[LanePoint], taken: &[(u64, f32)], glide_frames: u64) -> Vec<LanePoint> {
    let (Some(first), Some(last)) = (taken.first(), taken.last()) else { return before.to_vec() };
    let point = |frame: u64, value: f32| LanePoint { frame, value, segment: Segment::Linear };
    let (start, end) = (first.0.saturating_sub(glide_frames), last.0 + glide_frames);
    let mut points: Vec<LanePoint> = before.iter().copied().take_while(|point| point.frame < start).collect();
    if !before.is_empty() && start < first.0 {
        points.push(point(start, value_in(spec, before, start)));
    }
    points.extend(thinned(spec, taken).into_iter().map(|(frame, value)| point(frame, value)));
    if !before.is_empty() {
        points.push(point(end, value_in(spec, before, end)));
    }
    points.extend(before.iter().copied().skip_while(|point| point.frame <= end));
    points
}

/// Only what bends the line (Douglas and Peucker 1973), one value for each frame.
fn thinned(spec: &ParamSpec, taken: &[(u64, f32)]) -> Vec<(u64, f32)> {
    let mut values: Vec<(u64, f32)> = Vec::with_capacity(taken.len());
    for &(frame, value) in taken {
        match values.last_mut().filter(|last| last.0 == frame) {
            Some(last) => last.1 = value,
            None => values.push((frame, value)),
        }
    }
    let mut kept = vec![false; values.len()];
    let mut spans = vec![(0, values.len().saturating_sub(1))];
    while let Some((from, to)) = spans.pop() {
        kept[from] = true;
        kept[to] = true;
        let place = |at: usize| spec.to_position(values[at].1);
        let line = |at: usize| {
            let share = (values[at].0 - values[from].0) as f32 / (values[to].0 - values[from].0).max(1) as f32;
            place(from) + (place(to) - place(from)) * share
        };
        let off = |at: usize| (place(at) - line(at)).abs();
        if let Some(farthest) = (from + 1..to).max_by(|a, b| off(*a).total_cmp(&off(*b)))
            && off(farthest) > TOLERANCE
        {
            spans.extend([(from, farthest), (farthest, to)]);
        }
    }
    values.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(value, _)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dsp::engine::{STRIP_PARAMS, strip_param};

    fn pan() -> &'static ParamSpec {
        &STRIP_PARAMS[strip_param::PAN]
    }

    fn point(frame: u64, value: f32) -> LanePoint {
        LanePoint { frame, value, segment: Segment::Linear }
    }

    #[test]
    fn a_straight_way_is_two_points_and_a_corner_stays() {
        let way: Vec<(u64, f32)> = (0..=100).map(|step| (step * 480, step as f32 / 2.0)).collect();
        assert_eq!(thinned(pan(), &way), [(0, 0.0), (48_000, 50.0)]);
        let corner: Vec<(u64, f32)> = (0..=100).map(|step| (step * 480, 50.0 - (step as f32 - 50.0).abs())).collect();
        assert_eq!(thinned(pan(), &corner), [(0, 0.0), (24_000, 50.0), (48_000, 0.0)]);
    }

    #[test]
    fn outside_of_what_was_written_the_lane_keeps_its_course() {
        let before = [point(0, -50.0), point(100_000, 50.0)];
        let lane = written(pan(), &before, &[(40_000, 80.0), (50_000, 80.0)], 2_000);
        for frame in [0, 20_000, 38_000, 52_000, 90_000, 200_000] {
            let (was, is) = (value_in(pan(), &before, frame), value_in(pan(), &lane, frame));
            assert!((was - is).abs() < 0.01, "at {frame}: {was} became {is}");
        }
        assert!((value_in(pan(), &lane, 45_000) - 80.0).abs() < 0.01);
        assert!(lane.windows(2).all(|pair| pair[0].frame < pair[1].frame), "{lane:?}");
    }

    #[test]
    fn what_was_written_before_the_loop_turned_stays_and_the_hand_goes_on_from_its_start() {
        let target = Target::Strip("pan".into());
        let before = vec![point(0, 0.0), point(100_000, 0.0)];
        let taken = vec![(60_000, 40.0)];
        let mut pass = Pass { song: SongId(1), strip: StripId(2), target, spec: pan(), before, taken, glide_frames: 2_000 };
        pass.turn(80_000, 20_000);
        let lane = pass.lane(Some(30_000));
        for (frame, value) in [(10_000, 0.0), (25_000, 40.0), (45_000, 0.0), (70_000, 40.0), (90_000, 0.0)] {
            let heard = value_in(pan(), &lane, frame);
            assert!((heard - value).abs() < 0.01, "{heard} at {frame}, not {value}: {lane:?}");
        }
    }

    #[test]
    fn a_hand_that_rests_holds_its_value() {
        let mut taken = vec![(0, 10.0)];
        take(&mut taken, 90_000, 20.0, 2_000);
        take(&mut taken, 91_000, 21.0, 2_000);
        assert_eq!(taken, [(0, 10.0), (88_000, 10.0), (90_000, 20.0), (91_000, 21.0)]);
    }

    #[test]
    fn the_first_pass_of_a_lane_holds_its_ends() {
        let lane = written(pan(), &[], &[(1_000, 10.0), (9_000, 30.0)], 2_000);
        assert_eq!(lane, [point(1_000, 10.0), point(9_000, 30.0)]);
    }
}
