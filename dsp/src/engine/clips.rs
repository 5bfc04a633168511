//! A track's clips as its player hears them: which of them sound at a frame, and with which gain.
//!
//! The gain of a clip at a frame is a pure function of the frame: `gain · fade-in · fade-out`, each fade read at the middle of the frame, so
//! that a fade-in and a fade-out of one length over each other are exact mirror images.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::protocol::{ClipPlay, FadeCurve, Piece};

/// Longest list of clips that is taken in.
const MAX_CLIPS: usize = 1 << 18;

/// The gain of a fade at its course from 0 to 1.
fn fade_gain(curve: FadeCurve, course: f64) -> f64 {
    match curve {
        FadeCurve::Linear => course,
        FadeCurve::EqualPower => libm::sin(core::f64::consts::FRAC_PI_2 * course),
        FadeCurve::Smooth => course * course * (3.0 - 2.0 * course),
    }
}

/// First frame after a clip.
pub fn clip_end(clip: &ClipPlay) -> u64 {
    clip.start.saturating_add(clip.length)
}

/// The gain of a clip at a frame inside it.
pub fn clip_gain(clip: &ClipPlay, frame: u64) -> f32 {
    let (into, left) = (frame - clip.start, clip_end(clip) - frame);
    let mut gain = f64::from(clip.gain);
    if into < u64::from(clip.fade_in) {
        gain *= fade_gain(clip.fade_in_curve, (into as f64 + 0.5) / f64::from(clip.fade_in));
    }
    if left <= u64::from(clip.fade_out) {
        gain *= fade_gain(clip.fade_out_curve, (left as f64 - 0.5) / f64::from(clip.fade_out));
    }
    gain as f32
}

/// Whether a clip has one gain from this frame to before `end`, both inside it.
pub fn is_plain(clip: &ClipPlay, frame: u64, end: u64) -> bool {
    frame - clip.start >= u64::from(clip.fade_in) && clip_end(clip) - end >= u64::from(clip.fade_out)
}

/// One revision of a track's clips.
#[derive(Default)]
pub struct ClipList {
    /// The revision that the feeder names.
    pub revision: u32,
    clips: Vec<ClipPlay>,
    /// For each clip the latest end of all clips up to it, so that a search backwards knows when to stop.
    latest_end: Vec<u64>,
}

impl ClipList {
    fn complete(&mut self) {
        self.clips.sort_by_key(|clip| clip.start);
        let mut latest = 0;
        self.latest_end.extend(self.clips.iter().map(|clip| {
            latest = latest.max(clip_end(clip));
            latest
        }));
    }

    /// The clips that sound anywhere from `start` to before `end`, from the latest start to the earliest.
    pub fn sounding(&self, start: u64, end: u64) -> impl Iterator<Item = &ClipPlay> {
        let after = self.clips.partition_point(|clip| clip.start < end);
        let clips = self.clips[..after].iter().zip(&self.latest_end[..after]).rev();
        clips.take_while(move |(_, latest)| **latest > start).map(|(clip, _)| clip).filter(move |clip| clip_end(clip) > start)
    }
}

/// Lists before the one in force that are kept: while a clip is dragged the feeder may be some revisions behind.
const OLDER_LISTS: usize = 8;

/// The clips of a track: the list in force, the ones before it, latest first, and the one that is arriving.
#[derive(Default)]
pub struct Clips {
    current: ClipList,
    older: VecDeque<ClipList>,
    arriving: ClipList,
}

impl Clips {
    /// Takes a piece of a list in; `true` when it completes a list that takes the place of one of the same revision: only gains and
    /// fades have changed.
    pub fn take(&mut self, revision: u32, piece: Piece, clips: &[ClipPlay]) -> bool {
        if piece.first {
            let room = (piece.total as usize).min(MAX_CLIPS);
            self.arriving = ClipList { revision, clips: Vec::with_capacity(room), latest_end: Vec::with_capacity(room) };
        }
        let room = MAX_CLIPS - self.arriving.clips.len();
        self.arriving.clips.extend(clips[..clips.len().min(room)].iter().map(bounded));
        if !piece.last {
            return false;
        }
        let mut list = core::mem::take(&mut self.arriving);
        list.complete();
        let is_edit = list.revision == self.current.revision;
        let old = core::mem::replace(&mut self.current, list);
        if !is_edit {
            self.older.truncate(OLDER_LISTS - 1);
            self.older.push_front(old);
        }
        is_edit
    }

    /// The list of this revision; the one in force when it is not known.
    pub fn of_revision(&self, revision: u32) -> &ClipList {
        let older = || self.older.iter().find(|list| list.revision == revision);
        if self.current.revision == revision { &self.current } else { older().unwrap_or(&self.current) }
    }
}

/// A clip whose values keep to what they should.
fn bounded(clip: &ClipPlay) -> ClipPlay {
    let longest = u32::try_from(clip.length).unwrap_or(u32::MAX);
    ClipPlay {
        gain: if clip.gain.is_finite() { clip.gain } else { 0.0 },
        lane: clip.lane.min(1),
        fade_in: clip.fade_in.min(longest),
        fade_out: clip.fade_out.min(longest),
        ..*clip
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Piece = Piece { first: true, last: true, total: 0 };

    fn clip(start: u64, length: u64) -> ClipPlay {
        ClipPlay {
            start,
            length,
            lane: 0,
            gain: 1.0,
            fade_in: 0,
            fade_out: 0,
            fade_in_curve: FadeCurve::Linear,
            fade_out_curve: FadeCurve::Linear,
        }
    }

    #[test]
    fn a_linear_cross_fade_of_equal_material_keeps_its_level() {
        for curve in [FadeCurve::Linear, FadeCurve::Smooth] {
            let old = ClipPlay { fade_out: 50, fade_out_curve: curve, ..clip(0, 150) };
            let new = ClipPlay { fade_in: 50, fade_in_curve: curve, ..clip(100, 150) };
            for frame in 100..150 {
                assert!((clip_gain(&old, frame) + clip_gain(&new, frame) - 1.0).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn an_equal_power_cross_fade_keeps_the_power() {
        let old = ClipPlay { fade_out: 50, fade_out_curve: FadeCurve::EqualPower, ..clip(0, 150) };
        let new = ClipPlay { fade_in: 50, fade_in_curve: FadeCurve::EqualPower, ..clip(100, 150) };
        for frame in 100..150 {
            let (out, into) = (clip_gain(&old, frame), clip_gain(&new, frame));
            assert!((out * out + into * into - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_long_clip_under_many_short_ones_is_found() {
        let mut clips: Vec<ClipPlay> = (0..100).map(|at| clip(at * 10, 5)).collect();
        clips.insert(0, clip(0, 100_000));
        let mut track = Clips::default();
        let _ = track.take(1, ALL, &clips);
        let found: Vec<u64> = track.of_revision(1).sounding(700, 702).map(|clip| clip.length).collect();
        assert_eq!(found, [5, 100_000]);
        assert_eq!(track.of_revision(1).sounding(50_000, 50_100).count(), 1);
    }

    #[test]
    fn lists_before_stay_in_force_for_their_revisions() {
        let mut track = Clips::default();
        for revision in 1..=6 {
            track.take(revision, ALL, &[clip(0, u64::from(revision) * 10)]);
        }
        for revision in 1..=6 {
            assert_eq!(track.of_revision(revision).sounding(0, 1).next().unwrap().length, u64::from(revision) * 10);
        }
        assert_eq!(track.of_revision(99).sounding(0, 1).next().unwrap().length, 60);
    }
}
