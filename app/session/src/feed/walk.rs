//! The way over the timeline: which frames a block holds, and where the next one goes on.

use dsp::engine::BLOCK_FRAMES;
use dsp::protocol::feed::BlockHeader;

use crate::model::Range;

const BLOCK: u64 = BLOCK_FRAMES as u64;

/// What decides the way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Walk {
    /// What is repeated, when the way comes to its end from before. A render repeats nothing.
    pub cycle: Option<Range>,
    /// Where a render ends.
    pub end: Option<u64>,
}

impl Walk {
    /// The block `sequence` that goes on at `position`, the frame after the block before it (or the start of the play).
    pub fn block(self, generation: u32, sequence: u32, position: u64) -> BlockHeader {
        let cycle = self.cycle.filter(|_| self.end.is_none());
        let start = match cycle {
            Some(cycle) if position == cycle.end && sequence > 0 => cycle.start,
            _ => position,
        };
        let mut header = BlockHeader {
            generation,
            sequence,
            start,
            first_frames: BLOCK_FRAMES as u32,
            jump_to: start.saturating_add(BLOCK),
            frames: BLOCK_FRAMES as u32,
            is_last: false,
        };
        if let Some(cycle) = cycle.filter(|cycle| start < cycle.end && cycle.end - start < BLOCK) {
            header.first_frames = (cycle.end - start) as u32;
            header.jump_to = cycle.start;
        }
        if let Some(end) = self.end {
            let left = end.saturating_sub(start);
            header.frames = left.min(BLOCK) as u32;
            header.is_last = left <= BLOCK;
        }
        header
    }
}

/// The timeline frame after a block's last.
pub fn after(header: &BlockHeader) -> u64 {
    let first = u64::from(header.first_frames);
    if first < BLOCK { header.jump_to.saturating_add(BLOCK - first) } else { header.start.saturating_add(BLOCK) }
}

/// The stretches of a block that run on without a jump: (place in the block, timeline frame, length).
pub fn stretches(header: &BlockHeader) -> impl Iterator<Item = (usize, u64, usize)> {
    let (first, frames) = (header.first_frames as usize, header.frames as usize);
    let before = (0, header.start, first.min(frames));
    let after = (first, header.jump_to, frames.saturating_sub(first));
    [before, after].into_iter().filter(|(_, _, length)| *length > 0)
}
