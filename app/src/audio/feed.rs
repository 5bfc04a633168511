//! The rings that the feeder fills.

use dsp::protocol::SharedWords;
use dsp::protocol::feed::{
    BlockHeader, HEADER_WORDS, LIVE_SLOTS, READ_GENERATION, READ_SEQUENCE, SLOT_HEADER_WORDS, SLOT_WORDS, SLOTS, words_for,
};
use dsp::protocol::telemetry::MAX_STRIPS;

use super::shared::SharedMemory;

/// Tracks for which a ring has room beyond those that there are, so that the next ones need no other ring.
const SPARE_TRACKS: usize = 8;

/// A feed ring and how many tracks it holds.
#[derive(Clone)]
pub struct FeedRing {
    /// Its memory.
    pub memory: SharedMemory,
    /// Tracks in a block.
    pub tracks: usize,
}

impl FeedRing {
    /// A ring with room for this many tracks and some more.
    pub fn new(tracks: usize) -> Self {
        let tracks = (tracks + SPARE_TRACKS).next_power_of_two().min(MAX_STRIPS);
        let memory = SharedMemory::new(words_for(LIVE_SLOTS, tracks));
        session::feed::format(&memory, LIVE_SLOTS, tracks);
        Self { memory, tracks }
    }

    /// The block that the engine wants next, of this generation.
    pub fn wanted(&self, generation: u32) -> u32 {
        let is_read = self.memory.load(READ_GENERATION) == generation;
        if is_read { self.memory.load(READ_SEQUENCE) } else { 0 }
    }

    /// The furthest block of this generation that has been fed, and whether it is the song's last.
    pub fn furthest(&self, generation: u32) -> Option<(u32, bool)> {
        let wanted = self.wanted(generation);
        let (slots, words) = (self.memory.load(SLOTS), self.memory.load(SLOT_WORDS) as usize);
        let mut header = [0; SLOT_HEADER_WORDS];
        // From one before: the last block may have been read already.
        (wanted.saturating_sub(1)..wanted + slots).rev().find_map(|sequence| {
            self.memory.read(HEADER_WORDS + (sequence % slots) as usize * words, &mut header);
            let block = BlockHeader::from_words(&header);
            ((block.generation, block.sequence) == (generation, sequence)).then_some((sequence, block.is_last))
        })
    }

    /// Whether everything from the wanted block to a whole ring ahead, or to the song's end, has been fed.
    pub fn is_full(&self, generation: u32) -> bool {
        let end = self.wanted(generation) + self.memory.load(SLOTS);
        self.furthest(generation).is_some_and(|(sequence, is_last)| is_last || sequence + 1 >= end)
    }
}
