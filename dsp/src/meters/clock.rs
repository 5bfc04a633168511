//! The meters' clock: steps of 10 ms, at which windows move on and readings are refreshed.
//!
//! EBU Tech 3341 asks for a refresh of the momentary loudness at 10 Hz or more; only at 100 Hz does its case 13 pass wherever the burst falls.

/// Steps in a second.
pub const STEPS_PER_SECOND: u64 = 100;

/// Counts frames and cuts them into steps, whose ends are exact for any whole rate.
#[derive(Clone)]
pub struct StepClock {
    rate_hz: u64,
    step: u64,
    frame: u64,
}

impl StepClock {
    /// At frame 0.
    pub fn new(rate_hz: f64) -> Self {
        Self { rate_hz: libm::round(rate_hz.max(1.0)) as u64, step: 0, frame: 0 }
    }

    /// Back to frame 0.
    pub fn reset(&mut self) {
        (self.step, self.frame) = (0, 0);
    }

    /// Frames since the start.
    pub fn frame(&self) -> u64 {
        self.frame
    }

    /// Whole steps since the start.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Frames from the start to the end of `step` steps.
    pub fn frames_of(&self, step: u64) -> u64 {
        step * self.rate_hz / STEPS_PER_SECOND
    }

    /// How many of `available` frames belong to the current step.
    pub fn take(&self, available: usize) -> usize {
        let left = self.frames_of(self.step + 1) - self.frame;
        available.min(usize::try_from(left).unwrap_or(available))
    }

    /// Moves on; `true` when the step is complete.
    pub fn advance(&mut self, frames: usize) -> bool {
        self.frame += frames as u64;
        let complete = self.frame >= self.frames_of(self.step + 1);
        self.step += u64::from(complete);
        complete
    }
}
