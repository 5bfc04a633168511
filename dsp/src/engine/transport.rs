//! What the transport does, and what it will do once the monitor has faded out.
//!
//! A stop or a seek never cuts: the engine goes on playing what it plays until the monitor is silent, then the change takes effect between
//! two blocks. A start from a stop resets everything, a seek while rolling resets nothing.
//!
//! A missing block holds the transport at once. It counts as a starvation when the block comes after all or stays away for a while: at a seek
//! the feeder may turn to its new generation a moment before the command to play it is here.

use super::BLOCK_FRAMES;
use crate::protocol::feed::BlockHeader;
use crate::units::ms_to_frames;

/// Longest time between a seek's first block in the feed and its command: three of the page's animation frames.
const SEEK_MS: f64 = 50.0;

/// A generation of the feed that is being played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Playing {
    /// The feed's generation.
    pub generation: u32,
    /// The block that comes next.
    pub sequence: u32,
    /// Everything starts from its reset state with the first block.
    pub fresh: bool,
}

/// What the transport does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing is played; what still sounds rings out.
    Stopped,
    /// A generation plays, or waits for its first block.
    Playing(Playing),
    /// The last block was played; `left_frames` are still on their way to the output.
    Ended {
        /// Generation that was played.
        generation: u32,
        /// Frames until the last one leaves.
        left_frames: usize,
    },
}

/// A change that waits for the monitor's silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Stop.
    Stop,
    /// Play this generation.
    Play(u32),
}

/// See the module's text.
pub struct Transport {
    /// What it does.
    pub phase: Phase,
    /// What it will do.
    pub change: Option<Change>,
    /// Whether it holds for the feeder.
    pub holding: bool,
    /// How often it had to, because the feeder fell behind.
    pub starved: u32,
    /// Blocks of this hold, until it is counted.
    uncounted_blocks: usize,
    /// Blocks of a hold after which it counts.
    patience_blocks: usize,
    /// Where it stands after the coming stop, when that was said.
    pub stand_at: Option<u64>,
}

impl Transport {
    /// Stopped.
    pub fn new(rate_hz: f64) -> Self {
        Self {
            phase: Phase::Stopped,
            change: None,
            holding: false,
            starved: 0,
            uncounted_blocks: 0,
            patience_blocks: ms_to_frames(SEEK_MS, rate_hz).div_ceil(BLOCK_FRAMES),
            stand_at: None,
        }
    }

    /// Whether a play of this generation would change nothing.
    pub fn plays(&self, generation: u32) -> bool {
        match self.change {
            Some(change) => change == Change::Play(generation),
            None => matches!(self.phase, Phase::Playing(playing) if playing.generation == generation),
        }
    }

    /// The block that is to be rendered next.
    pub fn wanted(&self) -> Option<(u32, u32)> {
        match self.phase {
            Phase::Playing(playing) => Some((playing.generation, playing.sequence)),
            _ => None,
        }
    }

    /// The generation that sounds, 0 for none.
    pub fn generation(&self) -> u32 {
        match self.phase {
            Phase::Stopped => 0,
            Phase::Playing(playing) => playing.generation,
            Phase::Ended { generation, .. } => generation,
        }
    }

    /// Whether the feed's sound has begun: a missing block is a starvation from then on.
    pub fn has_begun(&self) -> bool {
        matches!(self.phase, Phase::Playing(playing) if playing.sequence > 0)
    }

    /// Takes the change into effect.
    pub fn commit(&mut self) {
        match self.change.take() {
            Some(Change::Stop) => self.phase = Phase::Stopped,
            Some(Change::Play(generation)) => {
                let fresh = match self.phase {
                    Phase::Playing(playing) => playing.fresh,
                    _ => true,
                };
                self.phase = Phase::Playing(Playing { generation, sequence: 0, fresh });
                self.stand_at = None;
            }
            None => {}
        }
        self.holding = false;
        self.uncounted_blocks = 0;
    }

    /// A block was rendered; the last frame of a last block leaves the output after `left_frames`.
    pub fn went_on(&mut self, header: &BlockHeader, left_frames: usize) {
        if let Phase::Playing(playing) = &mut self.phase {
            playing.sequence += 1;
            playing.fresh = false;
            if header.is_last {
                self.phase = Phase::Ended { generation: playing.generation, left_frames: left_frames.max(1) };
            }
        }
    }

    /// There is no block; `true` when this makes the hold a starvation.
    pub fn hold(&mut self) -> bool {
        if self.change.is_some() || !self.has_begun() {
            return false;
        }
        if !self.holding {
            self.holding = true;
            self.uncounted_blocks = 0;
        }
        self.uncounted_blocks = self.uncounted_blocks.saturating_add(1);
        self.uncounted_blocks == self.patience_blocks && self.count()
    }

    /// The missing block is there; `true` when this makes the hold a starvation.
    pub fn go_on(&mut self) -> bool {
        let was_held = core::mem::take(&mut self.holding);
        was_held && self.uncounted_blocks < self.patience_blocks && self.count()
    }

    fn count(&mut self) -> bool {
        self.starved = self.starved.saturating_add(1);
        true
    }
}
