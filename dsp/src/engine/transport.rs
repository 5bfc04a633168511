//! What the transport does, and what it will do once the monitor has faded out.
//!
//! A stop or a seek never cuts: the engine goes on playing what it plays until the monitor is silent, then the change takes effect between
//! two blocks. A start from a stop resets everything, a seek while rolling resets nothing.

use crate::protocol::feed::BlockHeader;

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
    /// How often it had to.
    pub starved: u32,
    /// Where it stands after the coming stop, when that was said.
    pub stand_at: Option<u64>,
}

impl Transport {
    /// Stopped.
    pub fn new() -> Self {
        Self { phase: Phase::Stopped, change: None, holding: false, starved: 0, stand_at: None }
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

    /// There is no block; `true` when this begins a starvation.
    pub fn hold(&mut self) -> bool {
        let begins = !self.holding && self.has_begun() && self.change.is_none();
        if begins {
            self.holding = true;
            self.starved = self.starved.saturating_add(1);
        }
        begins
    }
}
