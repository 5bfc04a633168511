//! A connection from one strip into another: the delay that keeps parallel paths together, and the gate that solo closes.

use super::block::StereoBlock;
use super::delay::DelayLine;
use super::gain_stage::apply_ramp;
use super::ramp::{Ramp, SWITCH_MS};
use crate::units::ms_to_frames;

/// See the module's text.
pub struct Edge {
    delay: DelayLine,
    gate: Ramp,
    through: StereoBlock,
}

impl Edge {
    /// A closed connection without delay.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(SWITCH_MS, rate_hz);
        Self { delay: DelayLine::new(fade_frames), gate: Ramp::new(0.0, fade_frames), through: StereoBlock::new() }
    }

    /// Where the delay goes.
    pub fn set_delay(&mut self, frames: usize) {
        self.delay.set_frames(frames);
    }

    /// Opens or closes; a connection that was never open waits until its delay holds sound.
    pub fn open(&mut self, open: bool) {
        let wait = if open && self.gate.rests_at(0.0) && !self.delay.is_settled() { self.delay.frames() } else { 0 };
        self.gate.go_after(if open { 1.0 } else { 0.0 }, wait);
    }

    /// Starts from nothing, all fades at their ends.
    pub fn reset(&mut self) {
        self.delay.reset();
        self.gate.snap();
    }

    /// Closes at once: what comes next has another destination.
    pub fn shut(&mut self) {
        self.gate.set(0.0);
    }

    /// How far the gate is open.
    pub fn gate(&self) -> f32 {
        self.gate.value()
    }

    /// Adds `from` to `into`.
    pub fn carry(&mut self, from: &StereoBlock, into: &mut StereoBlock) {
        let idle = self.delay.is_unused();
        if idle && self.gate.rests_at(1.0) {
            into.add(from);
        } else if !(idle && self.gate.rests_at(0.0)) {
            self.through.copy_from(from);
            self.delay.process(&mut self.through.left, &mut self.through.right);
            apply_ramp(&mut self.gate, &mut self.through.left, &mut self.through.right);
            into.add(&self.through);
        }
    }
}
