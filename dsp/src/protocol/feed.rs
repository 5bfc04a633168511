//! The audio ring between the feeder and the engine: blocks of all tracks, in the order in which they will sound.
//!
//! The feeder decides the timeline: it walks the song (and its loop) and writes into each block which frames it holds; the engine
//! follows, so a loop seam is one number in a header. Block `sequence` of a generation lies in slot `sequence % slots`.
//!
//! Header words: `[version, slots, slot_words, tracks, read_generation, read_sequence, …]` ([`HEADER_WORDS`] in all). The reader
//! publishes the sequence of the next block it wants (with its generation); the feeder may write `slots` blocks from there.
//!
//! A slot: [`SLOT_HEADER_WORDS`] words ([`BlockHeader`]), then per track [`TRACK_WORDS`] words ([`TrackHeader`]), then planes of
//! [`BLOCK_FRAMES`] samples: lane 0 left and right of each track, behind them lane 1 left and right of each track. A mono lane fills only its
//! left plane. A plane whose flag is not set holds nothing to be read; where no track's second lane does, a word of the slot says so
//! ([`FIRST_LANES_ONLY`]), and the reader leaves that half of the slot where it is.
//!
//! A slot is valid for (generation, sequence) while its first two words say so. The writer takes them away ([`UNWRITTEN`]) before it writes
//! and puts them back after; the reader checks them before and after it copies. The feeder may rewrite a block that the reader
//! has not reached (an edit re-feeds one track); it stays [`REFEED_MARGIN_BLOCKS`] ahead of the reader.

use crate::engine::BLOCK_FRAMES;

use super::StripId;

/// Words in front of the slots.
pub const HEADER_WORDS: usize = 16;
/// Header word: protocol version.
pub const VERSION: usize = 0;
/// Header word: number of slots.
pub const SLOTS: usize = 1;
/// Header word: words in one slot.
pub const SLOT_WORDS: usize = 2;
/// Header word: how many tracks a block can hold.
pub const TRACKS: usize = 3;
/// Header word: generation that the reader plays.
pub const READ_GENERATION: usize = 4;
/// Header word: sequence of the block that the reader wants next.
pub const READ_SEQUENCE: usize = 5;

/// Header word: words of a slot in front of the second lanes.
pub const FIRST_LANES_WORDS: usize = 6;

/// Words of a slot's header.
pub const SLOT_HEADER_WORDS: usize = 16;
/// Word of a slot that is 1 when nothing behind its first lanes is to be read.
pub const FIRST_LANES_ONLY: usize = 9;
/// Words of a track's header in a slot.
pub const TRACK_WORDS: usize = 4;
/// Planes of a lane: left and right.
const LANE_CHANNELS: usize = 2;
/// Planes of a track: two lanes.
pub const TRACK_CHANNELS: usize = 2 * LANE_CHANNELS;
/// What the sequence word of a slot says while it is not valid.
pub const UNWRITTEN: u32 = u32::MAX;
/// A rewrite starts at least this many blocks after the one that the reader wants.
pub const REFEED_MARGIN_BLOCKS: u32 = 4;
/// Slots of a live ring: about 0.7 s at 48 kHz.
pub const LIVE_SLOTS: usize = 256;

/// Words of one slot for this many tracks.
pub const fn slot_words(tracks: usize) -> usize {
    SLOT_HEADER_WORDS + tracks * (TRACK_WORDS + TRACK_CHANNELS * BLOCK_FRAMES)
}

/// Words of a slot in front of the second lanes.
pub const fn first_lanes_words(tracks: usize) -> usize {
    plane_at(tracks, 0, LANE_CHANNELS)
}

/// Words of a whole ring.
pub const fn words_for(slots: usize, tracks: usize) -> usize {
    HEADER_WORDS + slots * slot_words(tracks)
}

/// Word in a slot where a track's header starts.
pub const fn track_header_at(track: usize) -> usize {
    SLOT_HEADER_WORDS + track * TRACK_WORDS
}

/// Word in a slot where a plane of a track's audio starts.
pub const fn plane_at(tracks: usize, track: usize, plane: usize) -> usize {
    let (lane, channel) = (plane / LANE_CHANNELS, plane % LANE_CHANNELS);
    SLOT_HEADER_WORDS + tracks * TRACK_WORDS + ((lane * tracks + track) * LANE_CHANNELS + channel) * BLOCK_FRAMES
}

/// What a block holds. A block never holds more than one loop seam: loops are at least [`MIN_LOOP_FRAMES`] long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlockHeader {
    /// The play (or seek) that it belongs to.
    pub generation: u32,
    /// Its number in that play.
    pub sequence: u32,
    /// Timeline frame of its first sample.
    pub start: u64,
    /// How many frames run on from `start`; the rest of the block starts at `jump_to`.
    pub first_frames: u32,
    /// Timeline frame after the seam.
    pub jump_to: u64,
    /// How many frames of the block are the song's; fewer than a block only in a render's last one.
    pub frames: u32,
    /// The last block of a render.
    pub is_last: bool,
}

/// The last frame that a timeline has: 186 years at 48 kHz, and far enough from the end of every number to count on from there.
pub const LAST_FRAME: u64 = 1 << 48;
/// Shortest loop in frames.
pub const MIN_LOOP_FRAMES: u64 = 8 * BLOCK_FRAMES as u64;

impl BlockHeader {
    /// As words, the sequence word at index 1.
    pub fn to_words(self) -> [u32; SLOT_HEADER_WORDS] {
        let mut words = [0; SLOT_HEADER_WORDS];
        words[0] = self.generation;
        words[1] = self.sequence;
        words[2] = self.start as u32;
        words[3] = (self.start >> 32) as u32;
        words[4] = self.first_frames;
        words[5] = self.jump_to as u32;
        words[6] = (self.jump_to >> 32) as u32;
        words[7] = self.frames;
        words[8] = u32::from(self.is_last);
        words
    }

    /// From words; lengths are brought into a block's size, frames into a timeline's.
    pub fn from_words(words: &[u32]) -> Self {
        let word = |at: usize| words.get(at).copied().unwrap_or(0);
        let frames = word(7).min(BLOCK_FRAMES as u32);
        Self {
            generation: word(0),
            sequence: word(1),
            start: (u64::from(word(2)) | u64::from(word(3)) << 32).min(LAST_FRAME),
            first_frames: word(4).min(BLOCK_FRAMES as u32),
            jump_to: (u64::from(word(5)) | u64::from(word(6)) << 32).min(LAST_FRAME),
            frames,
            is_last: word(8) != 0,
        }
    }
}

/// Flag of a track's header: lane 0 holds audio.
pub const LANE_0: u32 = 1;
/// Flag of a track's header: lane 1 holds audio.
pub const LANE_1: u32 = 2;
/// Flag of a track's header: lane 0 is mono.
pub const LANE_0_MONO: u32 = 4;
/// Flag of a track's header: lane 1 is mono.
pub const LANE_1_MONO: u32 = 8;
/// Flag of a track's header: this block changes over from the old list of clips (revision in `old_revision`, heard in the lane that
/// [`OLD_IN_LANE_1`] names) to the new one (in the other lane): the player cross-fades over the block.
pub const CHANGE_OVER: u32 = 16;
/// See [`CHANGE_OVER`].
pub const OLD_IN_LANE_1: u32 = 32;

/// What a block holds of one track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackHeader {
    /// Whose audio it is; 0 for an unused place.
    pub strip: StripId,
    /// Revision of the clips that it was made from.
    pub revision: u32,
    /// Flags.
    pub flags: u32,
    /// The revision before a change-over.
    pub old_revision: u32,
}

impl TrackHeader {
    /// As words.
    pub fn to_words(self) -> [u32; TRACK_WORDS] {
        [self.strip.0, self.revision, self.flags, self.old_revision]
    }

    /// From words.
    pub fn from_words(words: &[u32]) -> Self {
        let word = |at: usize| words.get(at).copied().unwrap_or(0);
        Self { strip: StripId(word(0)), revision: word(1), flags: word(2), old_revision: word(3) }
    }
}
