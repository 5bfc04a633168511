//! Fills the ring: new blocks at its head, and after an edit those that are already there.

use std::collections::VecDeque;
use std::sync::Arc;

use dsp::engine::BLOCK_FRAMES;
use dsp::protocol::feed::{BlockHeader, CHANGE_OVER, LANE_1, REFEED_MARGIN_BLOCKS};
use dsp::protocol::{SharedWords, StripId};

use super::block::{LaneParts, Old, Planes, RUNS, TrackBlock};
use super::cache::{RUN_FRAMES, Run};
use super::plan::{FeedPlan, TrackPlan};
use super::ring::Ring;
use super::walk::{self, Walk};
use super::{FeedError, SampleSource};

/// How many former lists of a track's clips are remembered, from which blocks in the ring may still be.
const REMEMBERED: usize = 8;

/// What an unused place says.
const NO_STRIP: StripId = StripId(0);

/// What [`Feeder::fill`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Blocks written or rewritten.
    pub written: u32,
    /// Blocks that could be written now: 0 means wait for the reader.
    pub room_left: u32,
    /// The render's last block is in the ring.
    pub finished: bool,
    /// Tracks for which the ring has no place.
    pub unplaced: u32,
}

/// A track's place in the ring's blocks.
#[derive(Default)]
struct Place {
    track: Option<Arc<TrackPlan>>,
    former: VecDeque<Arc<TrackPlan>>,
    runs: [Run; RUNS],
}

/// What is being fed.
#[derive(Clone, Copy)]
struct Play {
    generation: u32,
    end: Option<u64>,
    /// The next new block.
    next: u32,
    /// Where it goes on.
    position: u64,
    /// The block that the reader wanted when it was last asked.
    wanted: u32,
    /// Blocks from here to `next` may hold something else than the plan says.
    stale_from: u32,
    finished: bool,
}

/// See the module's text.
pub struct Feeder {
    plan: FeedPlan,
    places: Vec<Place>,
    play: Option<Play>,
    must_place: bool,
    unplaced: u32,
}

impl Feeder {
    /// A feeder that rests.
    pub fn new(plan: FeedPlan) -> Self {
        Self { plan, places: Vec::new(), play: None, must_place: true, unplaced: 0 }
    }

    /// Feeds from this frame on as this generation; a render ends at `end` and repeats nothing, otherwise the loop is followed.
    pub fn start(&mut self, generation: u32, frame: u64, end: Option<u64>) {
        self.play = Some(Play { generation, end, next: 0, position: frame, wanted: 0, stale_from: 0, finished: false });
    }

    /// Feeds no more.
    pub fn stop(&mut self) {
        self.play = None;
    }

    /// Whether anything is being fed.
    pub fn is_feeding(&self) -> bool {
        self.play.is_some()
    }

    /// What is being fed.
    pub fn plan(&self) -> &FeedPlan {
        &self.plan
    }

    /// Another state of the song. Blocks that the reader has not reached are rewritten by the next calls of [`Feeder::fill`] where they
    /// differ.
    pub fn set_plan(&mut self, plan: FeedPlan) {
        self.plan = plan;
        self.must_place = true;
        if let Some(play) = &mut self.play {
            play.stale_from = 0;
        }
    }

    /// Writes up to `max_blocks` blocks: first those that an edit made stale, in order, then new ones while there is room.
    ///
    /// # Errors
    /// When audio could not be read (nothing of that block is in force then), or the ring is not one.
    pub fn fill(&mut self, words: &impl SharedWords, samples: &mut impl SampleSource, max_blocks: u32) -> Result<Filled, FeedError> {
        let ring = Ring::new(words)?;
        if self.must_place || self.places.len() != ring.tracks {
            self.place_tracks(ring.tracks);
        }
        let mut filled = Filled { unplaced: self.unplaced, ..Filled::default() };
        let Some(mut play) = self.play else { return Ok(filled) };
        let result = self.run(&ring, samples, &mut play, max_blocks, &mut filled);
        self.play = Some(play);
        filled.finished = play.finished;
        filled.room_left = if play.finished { 0 } else { ring.slots.saturating_sub(play.next - play.wanted) };
        result.map(|()| filled)
    }

    fn run<W: SharedWords>(
        &mut self,
        ring: &Ring<'_, W>,
        samples: &mut impl SampleSource,
        play: &mut Play,
        max_blocks: u32,
        filled: &mut Filled,
    ) -> Result<(), FeedError> {
        loop {
            let wanted = ring.wanted(play.generation);
            play.wanted = wanted.unwrap_or(0).clamp(play.wanted, play.next);
            let reachable = if wanted.is_some() { play.wanted + REFEED_MARGIN_BLOCKS } else { 0 };
            let stale = play.stale_from.max(reachable);
            if filled.written >= max_blocks {
                return Ok(());
            } else if stale < play.next {
                filled.written += u32::from(self.rewrite(ring, samples, play, stale)?);
                play.stale_from = stale + 1;
            } else if !play.finished && play.next - play.wanted < ring.slots {
                self.write_next(ring, samples, play)?;
                filled.written += 1;
            } else {
                return Ok(());
            }
        }
    }

    fn walk(&self, play: &Play) -> Walk {
        Walk { cycle: self.plan.cycle, end: play.end }
    }

    fn write_next<W: SharedWords>(
        &mut self,
        ring: &Ring<'_, W>,
        samples: &mut impl SampleSource,
        play: &mut Play,
    ) -> Result<(), FeedError> {
        let header = self.walk(play).block(play.generation, play.next, play.position);
        self.write(ring, samples, header, |_, _| true)?;
        play.next += 1;
        play.stale_from = play.next;
        play.position = walk::after(&header);
        play.finished = header.is_last;
        Ok(())
    }

    /// Brings a block in the ring to what the plan says; `false` when it said so already.
    fn rewrite<W: SharedWords>(
        &mut self,
        ring: &Ring<'_, W>,
        samples: &mut impl SampleSource,
        play: &mut Play,
        sequence: u32,
    ) -> Result<bool, FeedError> {
        let before = sequence.checked_sub(1).and_then(|before| ring.header(play.generation, before));
        let held = ring.header(play.generation, sequence);
        let position = match (&before, &held) {
            (Some(before), _) => walk::after(before),
            (None, Some(held)) => held.start,
            (None, None) => play.position,
        };
        let header = self.walk(play).block(play.generation, sequence, position);
        let moved = held != Some(header);
        let must_write = |place: &Place, at: usize| {
            let there = ring.track(sequence, at);
            let (strip, revision) = place.track.as_ref().map_or((NO_STRIP, 0), |track| (track.strip, track.revision));
            moved || there.flags & CHANGE_OVER != 0 || (there.strip, there.revision) != (strip, revision)
        };
        let is_stale = self.places.iter().enumerate().any(|(at, place)| must_write(place, at));
        if is_stale {
            self.write(ring, samples, header, must_write)?;
        }
        if sequence + 1 == play.next {
            play.position = walk::after(&header);
            play.finished = header.is_last;
        }
        Ok(is_stale)
    }

    /// Writes the tracks of a block that must be written.
    fn write<W: SharedWords>(
        &mut self,
        ring: &Ring<'_, W>,
        samples: &mut impl SampleSource,
        header: BlockHeader,
        must_write: impl Fn(&Place, usize) -> bool,
    ) -> Result<(), FeedError> {
        let must: Vec<bool> = self.places.iter().enumerate().map(|(at, place)| must_write(place, at)).collect();
        let mut keeps_to_first_lanes = must.iter().all(|must| *must) || ring.keeps_to_first_lanes(header.sequence);
        ring.open(header.sequence);
        for (at, place) in self.places.iter_mut().enumerate().filter(|(at, _)| must[*at]) {
            let block = place.block(ring, at, &header);
            for (lane, parts) in block.lanes.iter().enumerate().filter(|(_, parts)| !parts.parts.is_empty()) {
                let planes = place.read(parts, samples)?;
                ring.write_plane(header.sequence, at, 2 * lane, &planes[0]);
                if parts.is_stereo() {
                    ring.write_plane(header.sequence, at, 2 * lane + 1, &planes[1]);
                }
            }
            ring.write_track(header.sequence, at, block.header);
            keeps_to_first_lanes &= block.header.flags & LANE_1 == 0;
        }
        ring.close(header, keeps_to_first_lanes);
        Ok(())
    }

    /// Gives every track a place; a track keeps the one that it has.
    fn place_tracks(&mut self, tracks: usize) {
        self.must_place = false;
        self.places.resize_with(tracks, Place::default);
        for place in &mut self.places {
            let strip = place.strip();
            place.become_track(self.plan.tracks.iter().find(|track| track.strip == strip));
        }
        self.unplaced = 0;
        for track in &self.plan.tracks {
            if self.places.iter().any(|place| place.strip() == track.strip) {
                continue;
            }
            match self.places.iter_mut().find(|place| place.track.is_none()) {
                Some(place) => place.become_track(Some(track)),
                None => self.unplaced += 1,
            }
        }
    }
}

impl Place {
    fn strip(&self) -> StripId {
        self.track.as_ref().map_or(NO_STRIP, |track| track.strip)
    }

    fn become_track(&mut self, track: Option<&TrackPlan>) {
        if self.track.as_deref() == track {
            return;
        }
        if let Some(old) = self.track.take() {
            self.former.push_front(old);
            self.former.truncate(REMEMBERED);
        }
        self.track = track.map(|track| Arc::new(track.clone()));
    }

    /// What this place of a block holds, with a change-over when the block before was made from other clips.
    fn block<W: SharedWords>(&self, ring: &Ring<'_, W>, at: usize, header: &BlockHeader) -> TrackBlock {
        let Some(track) = &self.track else { return TrackBlock::empty() };
        let nothing = TrackPlan::empty(track.strip);
        let before = header.sequence.checked_sub(1).filter(|before| ring.header(header.generation, *before).is_some());
        let old = match before.map(|before| ring.track(before, at)) {
            None => Old::Same,
            Some(before) if before.strip != track.strip => Old::Known(&nothing),
            Some(before) if before.revision == track.revision => Old::Same,
            Some(before) => {
                let former = self.former.iter().find(|former| (former.strip, former.revision) == (track.strip, before.revision));
                former.map_or(Old::Forgotten, |former| Old::Known(former))
            }
        };
        TrackBlock::of(track, &old, header)
    }

    fn read(&mut self, lane: &LaneParts, samples: &mut impl SampleSource) -> Result<Planes, FeedError> {
        let mut planes: Planes = [[0.0; BLOCK_FRAMES]; 2];
        let [left, right] = &mut planes;
        // The old clips of a change-over are heard for this block only.
        let ahead = if lane.run + 1 == RUNS { 0 } else { RUN_FRAMES };
        for part in &lane.parts {
            let range = part.at..part.at + part.frames;
            self.runs[lane.run].copy(part, ahead, samples, (&mut left[range.clone()], &mut right[range]))?;
        }
        Ok(planes)
    }
}
