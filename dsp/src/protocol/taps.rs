//! Audio for the eye: what the engine taps ([`super::Command::SetTap`]), block by block, in rings that the engine never waits for.
//!
//! Header words `[version, then per slot: number, frames written]` ([`HEADER_WORDS`] in all), then per slot [`RING_BLOCKS`] blocks of
//! [`BLOCK_WORDS`] samples, left then right. Block `n` of a tap lies at `n % RING_BLOCKS`. A slot's number says whose tap it carries; a
//! reader keeps its own cursor and loses what it is too late for.

use alloc::boxed::Box;

use super::SharedWords;
use crate::engine::BLOCK_FRAMES;

/// How many taps there can be at once.
pub const SLOTS: usize = 8;
/// Header word: protocol version.
pub const VERSION: usize = 0;
/// Words in front of the samples.
pub const HEADER_WORDS: usize = 2 * SLOTS + 2;
/// Samples of a block, both channels.
pub const BLOCK_WORDS: usize = 2 * BLOCK_FRAMES;
/// Blocks of a slot: twice the longest transform that is drawn.
pub const RING_BLOCKS: usize = 256;

/// Header word of a slot's number.
pub const fn number_at(slot: usize) -> usize {
    2 + 2 * slot
}

/// Header word of a slot's frames, modulo 2³².
pub const fn written_at(slot: usize) -> usize {
    number_at(slot) + 1
}

/// Word of a slot's block.
pub const fn block_at(slot: usize, block: usize) -> usize {
    HEADER_WORDS + (slot * RING_BLOCKS + block % RING_BLOCKS) * BLOCK_WORDS
}

/// Words of the whole memory.
pub const fn total_words() -> usize {
    HEADER_WORDS + SLOTS * RING_BLOCKS * BLOCK_WORDS
}

/// The reader of one tap.
pub struct TapReader {
    slot: usize,
    number: u32,
    seen: u32,
    words: Box<[u32]>,
    samples: Box<[f32]>,
}

impl TapReader {
    /// A reader of the tap with this number in this slot.
    pub fn new(slot: usize, number: u32) -> Self {
        let (words, samples) = ([0; BLOCK_WORDS], [0.0; BLOCK_WORDS]);
        Self { slot, number, seen: 0, words: words.into(), samples: samples.into() }
    }

    /// Hands what came since the last call to `take`, left and right, block by block; says how many frames that were. What was overwritten
    /// meanwhile is left out.
    pub fn read(&mut self, ring: &impl SharedWords, mut take: impl FnMut(&[f32], &[f32])) -> usize {
        if ring.load(number_at(self.slot)) != self.number {
            return 0;
        }
        let written = ring.load(written_at(self.slot)) / BLOCK_FRAMES as u32;
        // An engine that was started anew counts from nothing; the block after the last may be under the writer's hands.
        let kept = written.saturating_sub(RING_BLOCKS as u32 - 1);
        let from = if self.seen > written { kept } else { self.seen.max(kept) };
        let mut frames = 0;
        for block in from..written {
            ring.read(block_at(self.slot, block as usize), &mut self.words);
            let newest = ring.load(written_at(self.slot)) / BLOCK_FRAMES as u32;
            if newest >= block + RING_BLOCKS as u32 {
                continue;
            }
            for (sample, word) in self.samples.iter_mut().zip(&self.words) {
                *sample = f32::from_bits(*word);
            }
            let (left, right) = self.samples.split_at(BLOCK_FRAMES);
            take(left, right);
            frames += BLOCK_FRAMES;
        }
        self.seen = written;
        frames
    }
}
