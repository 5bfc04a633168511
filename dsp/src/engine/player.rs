//! A track's player: takes the track's lanes out of the feed's block, applies each clip's gain and fades, and sums.
//!
//! It depends on nothing but the block and the list of clips of the revision that the block names, so an edited gain is heard at the next
//! block and a cross-fade needs no state; only the jump that an edit may make is smoothed. A sample that is not a finite number plays as
//! silence and is counted.

use super::BLOCK_FRAMES;
use super::block::StereoBlock;
use super::clips::{ClipList, Clips, clip_end, clip_gain, is_plain};
use super::declick::Declick;
use super::ramp::SWITCH_MS;
use super::timeline::{Run, Timeline};
use crate::protocol::feed::{
    BlockHeader, CHANGE_OVER, LANE_0, LANE_0_MONO, LANE_1, LANE_1_MONO, OLD_IN_LANE_1, TRACK_WORDS, TrackHeader, plane_at, track_header_at,
};
use crate::protocol::{ClipPlay, Piece, StripId};
use crate::units::ms_to_frames;

/// A block of the feed as the players read it.
#[derive(Clone, Copy)]
pub struct FeedBlock<'a> {
    /// Its header.
    pub header: BlockHeader,
    /// The slot's words.
    pub words: &'a [u32],
    /// How many tracks it has room for.
    pub tracks: usize,
}

impl<'a> FeedBlock<'a> {
    fn track(&self, index: usize) -> TrackHeader {
        let at = track_header_at(index);
        TrackHeader::from_words(&self.words[at..at + TRACK_WORDS])
    }

    fn plane(&self, track: usize, plane: usize) -> &'a [u32] {
        let at = plane_at(self.tracks, track, plane);
        &self.words[at..at + BLOCK_FRAMES]
    }

    /// Both channels of a lane; `None` when it holds no audio.
    fn lane(&self, track: usize, flags: u32, lane: u8) -> Option<Planes<'a>> {
        let (filled, mono) = if lane == 0 { (LANE_0, LANE_0_MONO) } else { (LANE_1, LANE_1_MONO) };
        let plane = 2 * usize::from(lane);
        (flags & filled != 0).then(|| {
            let left = self.plane(track, plane);
            Planes { left, right: if flags & mono != 0 { left } else { self.plane(track, plane + 1) } }
        })
    }
}

#[derive(Clone, Copy)]
struct Planes<'a> {
    left: &'a [u32],
    right: &'a [u32],
}

/// A sample's word without its sign.
const MAGNITUDE: u32 = u32::MAX >> 1;

/// How much of a list is heard over the block.
#[derive(Clone, Copy, PartialEq)]
enum Share {
    Whole,
    Rising,
    Falling,
}

impl Share {
    fn at(self, frame: usize) -> f32 {
        let course = (frame as f32 + 0.5) / BLOCK_FRAMES as f32;
        match self {
            Share::Whole => 1.0,
            Share::Rising => course,
            Share::Falling => 1.0 - course,
        }
    }
}

/// See the module's text.
pub struct Player {
    clips: Clips,
    /// Where in the feed the track was found last.
    place: usize,
    /// The revision of the last block, `None` when the track was not in it; nothing yet after a reset.
    heard: Option<Option<u32>>,
    declick: Declick,
}

impl Player {
    /// A player without clips.
    pub fn new(rate_hz: f64) -> Self {
        Self { clips: Clips::default(), place: 0, heard: None, declick: Declick::new(ms_to_frames(SWITCH_MS, rate_hz)) }
    }

    /// Nothing was heard before.
    pub fn reset(&mut self) {
        self.heard = None;
        self.declick.reset();
    }

    /// Takes a piece of a list of clips in.
    pub fn take_clips(&mut self, revision: u32, piece: Piece, clips: &[ClipPlay]) {
        if self.clips.take(revision, piece, clips) {
            self.declick.arm();
        }
    }

    /// Fills `out` with the track's sound and tells how many samples were not numbers.
    pub fn render(&mut self, strip: StripId, feed: &FeedBlock<'_>, timeline: &Timeline, out: &mut StereoBlock) -> u32 {
        out.clear();
        let track = self.find(strip, feed).map(|track| (track, feed.track(track)));
        let silenced = track.map_or(0, |(track, header)| self.play(track, header, feed, timeline, out));
        let revision = track.map(|(_, header)| header.revision);
        let fades_over = track.is_some_and(|(_, header)| header.flags & CHANGE_OVER != 0);
        if self.heard.is_some_and(|heard| heard != revision) && !fades_over {
            self.declick.arm();
        }
        self.heard = Some(revision);
        self.declick.process(&mut out.left, &mut out.right);
        silenced
    }

    fn play(&self, track: usize, header: TrackHeader, feed: &FeedBlock<'_>, timeline: &Timeline, out: &mut StereoBlock) -> u32 {
        let mut voice = Voice { feed, track, flags: header.flags, out, silenced: 0 };
        if header.flags & CHANGE_OVER == 0 {
            voice.play(self.clips.of_revision(header.revision), timeline, None, Share::Whole);
        } else {
            let old_lane = u8::from(header.flags & OLD_IN_LANE_1 != 0);
            voice.play(self.clips.of_revision(header.old_revision), timeline, Some(old_lane), Share::Falling);
            voice.play(self.clips.of_revision(header.revision), timeline, Some(1 - old_lane), Share::Rising);
        }
        voice.silenced
    }

    fn find(&mut self, strip: StripId, feed: &FeedBlock<'_>) -> Option<usize> {
        let is_ours = |&place: &usize| feed.track(place).strip == strip;
        if self.place >= feed.tracks || !is_ours(&self.place) {
            self.place = (0..feed.tracks).find(is_ours)?;
        }
        Some(self.place)
    }
}

/// Whether every word is a finite sample: magnitudes are compared as integers, which order alike and run in vectors.
fn are_finite(words: &[u32]) -> bool {
    words.iter().fold(0, |largest: u32, word| largest.max(word & MAGNITUDE)) < f32::INFINITY.to_bits()
}

/// Adds samples at a gain.
fn add_at(gain: f32, words: &[u32], out: &mut [f32]) {
    for (out, word) in out.iter_mut().zip(words) {
        *out += f32::from_bits(*word) * gain;
    }
}

/// One track of one block on its way into `out`.
struct Voice<'a, 'b> {
    feed: &'b FeedBlock<'a>,
    track: usize,
    flags: u32,
    out: &'b mut StereoBlock,
    silenced: u32,
}

impl Voice<'_, '_> {
    /// Adds a list of clips, each from its own lane or all from one.
    fn play(&mut self, list: &ClipList, timeline: &Timeline, lane: Option<u8>, share: Share) {
        for run in timeline.runs(0) {
            let start = run.position.max(0) as u64;
            for clip in list.sounding(start, start + run.frames as u64) {
                if let Some(planes) = self.feed.lane(self.track, self.flags, lane.unwrap_or(clip.lane)) {
                    self.add_clip(clip, &run, planes, share);
                }
            }
        }
    }

    fn add_clip(&mut self, clip: &ClipPlay, run: &Run, planes: Planes<'_>, share: Share) {
        let start = run.position.max(0) as u64;
        let song_frames = (self.feed.header.frames as usize).clamp(run.offset, run.offset + run.frames) - run.offset;
        let (from, to) = (clip.start.max(start), clip_end(clip).min(start + song_frames as u64));
        if from >= to {
            return;
        }
        let plain = is_plain(clip, from, to) && share == Share::Whole;
        let stretch = run.offset + (from - start) as usize..run.offset + (to - start) as usize;
        if plain && are_finite(&planes.left[stretch.clone()]) && are_finite(&planes.right[stretch.clone()]) {
            add_at(clip.gain, &planes.left[stretch.clone()], &mut self.out.left[stretch.clone()]);
            add_at(clip.gain, &planes.right[stretch.clone()], &mut self.out.right[stretch]);
            return;
        }
        for (at, frame) in stretch.zip(from..) {
            let gain = if plain { clip.gain } else { clip_gain(clip, frame) * share.at(at) };
            let (left, right) = (self.sample(planes.left[at]), self.sample(planes.right[at]));
            self.out.left[at] += left * gain;
            self.out.right[at] += right * gain;
        }
    }

    fn sample(&mut self, word: u32) -> f32 {
        let sample = f32::from_bits(word);
        if sample.is_finite() {
            return sample;
        }
        self.silenced += 1;
        0.0
    }
}
