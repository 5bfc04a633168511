//! One track of one block: which parts of which clips lie in it, and in which lane each goes.

use dsp::engine::BLOCK_FRAMES;
use dsp::protocol::StripId;
use dsp::protocol::feed::{BlockHeader, CHANGE_OVER, LANE_0, LANE_0_MONO, LANE_1, LANE_1_MONO, OLD_IN_LANE_1, TrackHeader};

use super::plan::{Placement, TrackPlan};
use super::walk;
use crate::model::SourceId;

/// A stretch of a clip inside a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// First frame in the block.
    pub at: usize,
    /// Length in frames.
    pub frames: usize,
    /// The source.
    pub source: SourceId,
    /// First frame of the source.
    pub from: u64,
    /// Frame of the source after the clip's last.
    pub until: u64,
    /// Whether it has two channels.
    pub is_stereo: bool,
}

/// What a lane of a block is made from, and which of the track's runs reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaneParts {
    pub parts: Vec<Part>,
    pub run: usize,
}

impl LaneParts {
    pub fn is_stereo(&self) -> bool {
        self.parts.iter().any(|part| part.is_stereo)
    }
}

/// Runs of a track: one per lane of its clips, and one for the old clips of a change-over.
pub const RUNS: usize = 3;
const OLD_RUN: usize = 2;

/// A track of a block, ready to be read.
#[derive(Clone, Debug)]
pub struct TrackBlock {
    pub header: TrackHeader,
    pub lanes: [LaneParts; 2],
}

/// What the list before a change held here.
pub enum Old<'a> {
    /// Nothing has changed.
    Same,
    /// It is known.
    Known(&'a TrackPlan),
    /// It is not known any more: the sound just changes.
    Forgotten,
}

impl TrackBlock {
    pub fn empty() -> Self {
        let header = TrackHeader { strip: StripId(0), revision: 0, flags: 0, old_revision: 0 };
        Self { header, lanes: Default::default() }
    }

    pub fn of(track: &TrackPlan, old: &Old<'_>, header: &BlockHeader) -> Self {
        let lanes = [parts(&track.lanes[0], header), parts(&track.lanes[1], header)];
        if let Old::Known(old) = old {
            let old_lanes = [parts(&old.lanes[0], header), parts(&old.lanes[1], header)];
            if let Some(block) = change_over(track, &lanes, old, &old_lanes) {
                return block;
            }
        }
        let mut run = 0..;
        let lanes = lanes.map(|parts| LaneParts { parts, run: run.next().unwrap_or(0) });
        Self::with_flags(track, lanes, 0, track.revision)
    }

    fn with_flags(track: &TrackPlan, lanes: [LaneParts; 2], mut flags: u32, old_revision: u32) -> Self {
        for (lane, (filled, mono)) in lanes.iter().zip([(LANE_0, LANE_0_MONO), (LANE_1, LANE_1_MONO)]) {
            if !lane.parts.is_empty() {
                flags |= if lane.is_stereo() { filled } else { filled | mono };
            }
        }
        let header = TrackHeader { strip: track.strip, revision: track.revision, flags, old_revision };
        Self { header, lanes }
    }
}

/// The block that fades from the old clips, all in one lane, to the new ones, all in the other. `None` when nothing is heard to change, or
/// when two clips of one list sound at once: a lane carries one.
fn change_over(track: &TrackPlan, new: &[Vec<Part>; 2], old_track: &TrackPlan, old: &[Vec<Part>; 2]) -> Option<TrackBlock> {
    if new == old {
        return None;
    }
    let (new, old_parts) = (in_one_lane(new)?, in_one_lane(old)?);
    let old_in_lane_1 = old[0].is_empty() && !old[1].is_empty();
    // A new clip goes on from here in its own lane, whose run has been reading it; the old one is at its end.
    let run = usize::from(new.1);
    let (old_lane, new_lane) = (LaneParts { parts: old_parts.0, run: OLD_RUN }, LaneParts { parts: new.0, run });
    let (lanes, flags) =
        if old_in_lane_1 { ([new_lane, old_lane], CHANGE_OVER | OLD_IN_LANE_1) } else { ([old_lane, new_lane], CHANGE_OVER) };
    Some(TrackBlock::with_flags(track, lanes, flags, old_track.revision))
}

/// Both lanes' parts in one, when they do not overlap, and whether the last of them is lane 1's.
fn in_one_lane(lanes: &[Vec<Part>; 2]) -> Option<(Vec<Part>, bool)> {
    let mut all: Vec<Part> = lanes.iter().flatten().copied().collect();
    all.sort_by_key(|part| part.at);
    let is_free = all.windows(2).all(|pair| pair[0].at + pair[0].frames <= pair[1].at);
    let last_at = |lane: &Vec<Part>| lane.last().map(|part| part.at);
    is_free.then(|| (all, last_at(&lanes[1]) > last_at(&lanes[0])))
}

/// The parts of a lane's clips in a block, in the block's order.
fn parts(clips: &[Placement], header: &BlockHeader) -> Vec<Part> {
    let mut parts = Vec::new();
    for (at, start, frames) in walk::stretches(header) {
        let end = start.saturating_add(frames as u64);
        let first = clips.partition_point(|clip| clip.start.saturating_add(clip.length) <= start);
        for clip in clips[first..].iter().take_while(|clip| clip.start < end) {
            let from = clip.start.max(start);
            let to = clip.start.saturating_add(clip.length).min(end);
            parts.push(Part {
                at: at + (from - start) as usize,
                frames: (to - from) as usize,
                source: clip.source,
                from: clip.offset.saturating_add(from - clip.start),
                until: clip.offset.saturating_add(clip.length),
                is_stereo: clip.is_stereo,
            });
        }
    }
    parts
}

/// Both channels of a lane.
pub type Planes = [[f32; BLOCK_FRAMES]; 2];
