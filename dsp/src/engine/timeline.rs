//! Which timeline frame is where: what every part of the graph asks to know its own position.
//!
//! The feed's blocks say which timeline frames the engine's frames hold; the timeline keeps the last few hundred stretches of that.
//! A node behind a latency of L frames handles what the players gave out L frames ago, so its position is looked up there: a loop
//! seam or a seek reaches it L frames later.

use alloc::vec::Vec;

use super::{AUTOMATION_GRID_FRAMES, BLOCK_FRAMES};
use crate::protocol::feed::BlockHeader;

/// Stretches that are remembered: with the shortest loop that covers more than 10 s of latency at 48 kHz.
const STRETCHES: usize = 512;

/// From this engine frame on the timeline ran from `position`, or stood there.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    engine_frame: i64,
    position: i64,
    rolling: bool,
}

impl Stretch {
    fn position_at(&self, engine_frame: i64) -> i64 {
        if self.rolling { self.position + (engine_frame - self.engine_frame) } else { self.position }
    }
}

/// A part of a block over which a node's position runs on without a jump (or stands).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First frame in the block.
    pub offset: usize,
    /// Length in frames.
    pub frames: usize,
    /// The node's timeline frame at `offset`; negative before the song's start.
    pub position: i64,
    /// Whether the position moves.
    pub rolling: bool,
}

impl Run {
    /// Frames from `done` to the next line of the automation's grid.
    pub fn grain_frames(&self, done: usize) -> usize {
        let left = self.frames - done;
        let into_grain = if self.rolling { (self.position + done as i64).rem_euclid(AUTOMATION_GRID_FRAMES as i64) as usize } else { 0 };
        left.min(AUTOMATION_GRID_FRAMES - into_grain)
    }

    /// The position of the frame `index` of the run.
    pub fn position_of(&self, index: usize) -> i64 {
        if self.rolling { self.position + index as i64 } else { self.position }
    }
}

/// See the module's text.
pub struct Timeline {
    /// Ascending, never empty.
    stretches: Vec<Stretch>,
    /// First engine frame of the block in hand.
    block_start: i64,
}

impl Timeline {
    /// Standing at frame 0.
    pub fn new() -> Self {
        let mut stretches = Vec::with_capacity(STRETCHES);
        stretches.push(Stretch { engine_frame: 0, position: 0, rolling: false });
        Self { stretches, block_start: 0 }
    }

    /// Forgets everything; the timeline has always run towards `position` at the block in hand.
    pub fn restart(&mut self, position: u64) {
        self.stretches.clear();
        self.stretches.push(Stretch { engine_frame: self.block_start, position: position as i64, rolling: true });
    }

    /// From the block in hand on the timeline stands at `position`.
    pub fn stand(&mut self, position: u64) {
        self.push(Stretch { engine_frame: self.block_start, position: position as i64, rolling: false });
    }

    /// The block in hand holds what its header says.
    pub fn follow(&mut self, header: &BlockHeader) {
        self.roll_from(self.block_start, header.start as i64);
        if (header.first_frames as usize) < BLOCK_FRAMES {
            self.roll_from(self.block_start + i64::from(header.first_frames), header.jump_to as i64);
        }
    }

    /// The block in hand is done.
    pub fn next_block(&mut self) {
        self.block_start += BLOCK_FRAMES as i64;
    }

    /// The position right after everything that was given out, at the players.
    pub fn position(&self) -> u64 {
        self.position_at(self.block_start).max(0) as u64
    }

    /// Engine frames since the beginning.
    pub fn engine_frame(&self) -> u64 {
        self.block_start as u64
    }

    /// The block in hand as a node behind `latency_frames` sees it.
    pub fn runs(&self, latency_frames: usize) -> Runs<'_> {
        Runs { stretches: &self.stretches, engine_frame: self.block_start - latency_frames as i64, offset: 0 }
    }

    fn roll_from(&mut self, engine_frame: i64, position: i64) {
        let last = self.last();
        if !last.rolling || last.position_at(engine_frame) != position {
            self.push(Stretch { engine_frame, position, rolling: true });
        }
    }

    fn push(&mut self, stretch: Stretch) {
        if self.last().engine_frame == stretch.engine_frame && self.stretches.len() > 1 {
            self.stretches.pop();
        } else if self.stretches.len() == STRETCHES {
            self.stretches.remove(0);
        }
        self.stretches.push(stretch);
    }

    fn last(&self) -> Stretch {
        self.stretches[self.stretches.len() - 1]
    }

    fn position_at(&self, engine_frame: i64) -> i64 {
        self.stretches[index_at(&self.stretches, engine_frame)].position_at(engine_frame)
    }
}

/// The stretch that holds this engine frame; what lies before all of them belongs to the first.
fn index_at(stretches: &[Stretch], engine_frame: i64) -> usize {
    stretches.iter().rposition(|stretch| stretch.engine_frame <= engine_frame).unwrap_or(0)
}

/// The runs of one block, in order.
pub struct Runs<'a> {
    stretches: &'a [Stretch],
    engine_frame: i64,
    offset: usize,
}

impl Iterator for Runs<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let left = BLOCK_FRAMES - self.offset;
        if left == 0 {
            return None;
        }
        let at = index_at(self.stretches, self.engine_frame);
        let stretch = self.stretches[at];
        let until_next = self.stretches.get(at + 1).map_or(left, |next| (next.engine_frame - self.engine_frame).max(1) as usize);
        let frames = left.min(until_next);
        let run = Run { offset: self.offset, frames, position: stretch.position_at(self.engine_frame), rolling: stretch.rolling };
        self.offset += frames;
        self.engine_frame += frames as i64;
        Some(run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(start: u64, first_frames: u32, jump_to: u64) -> BlockHeader {
        BlockHeader { start, first_frames, jump_to, frames: BLOCK_FRAMES as u32, ..BlockHeader::default() }
    }

    #[test]
    fn a_seam_reaches_a_late_node_later_by_its_latency() {
        let block = BLOCK_FRAMES as u32;
        let mut timeline = Timeline::new();
        timeline.restart(1000);
        timeline.follow(&header(1000, 100, 40));
        let players: Vec<Run> = timeline.runs(0).collect();
        assert_eq!(players[0], Run { offset: 0, frames: 100, position: 1000, rolling: true });
        assert_eq!(players[1], Run { offset: 100, frames: BLOCK_FRAMES - 100, position: 40, rolling: true });
        assert_eq!(timeline.runs(60).collect::<Vec<_>>(), [Run { offset: 0, frames: BLOCK_FRAMES, position: 940, rolling: true }]);
        timeline.next_block();
        timeline.follow(&header(40 + u64::from(block) - 100, block, 0));
        let late: Vec<Run> = timeline.runs(60).collect();
        let before_seam = 100 + 60 - BLOCK_FRAMES;
        assert_eq!(late[0], Run { offset: 0, frames: before_seam, position: 1000 + (BLOCK_FRAMES as i64 - 60), rolling: true });
        assert_eq!(late[1], Run { offset: before_seam, frames: BLOCK_FRAMES - before_seam, position: 40, rolling: true });
    }

    #[test]
    fn grains_end_on_the_grid_of_the_position() {
        let run = Run { offset: 0, frames: 100, position: 13, rolling: true };
        assert_eq!(run.grain_frames(0), 3);
        assert_eq!(run.grain_frames(3), AUTOMATION_GRID_FRAMES);
        assert_eq!(run.grain_frames(99), 1);
        let negative = Run { position: -5, ..run };
        assert_eq!(negative.grain_frames(0), 5);
    }
}
