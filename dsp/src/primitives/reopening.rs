//! A change that cannot be heard through: fade out, change in silence, wait until there is sound again, fade in.

use super::fade::Fade;

/// See the module's text.
#[derive(Clone, Copy, Debug)]
pub struct Reopening {
    open: Fade,
    /// Frames until there is sound again.
    filling: usize,
}

impl Reopening {
    /// Open; it fades within this many frames.
    pub fn new(fade_frames: usize) -> Self {
        Self { open: Fade::new(true, fade_frames), filling: 0 }
    }

    /// Opens at once.
    pub fn reset(&mut self) {
        self.open.turn(true);
        self.open.settle();
        self.filling = 0;
    }

    /// Told before each stretch whether a change waits: fades out for it, opens when none is left; `true` when it is silent and the
    /// change is due, of which sound comes after `latency_frames`.
    pub fn is_due(&mut self, waits: bool, latency_frames: usize) -> bool {
        if waits {
            self.open.turn(false);
        } else if self.filling == 0 {
            self.open.turn(true);
        }
        let is_due = waits && self.open.is_off();
        if is_due {
            self.filling = latency_frames;
            self.open.turn(latency_frames == 0);
        }
        is_due
    }

    /// Frames until the next step.
    pub fn steady_frames(&self) -> usize {
        match (self.filling, self.open.frames_left()) {
            (0, 0) => usize::MAX,
            (0, fading) => fading,
            (filling, _) => filling,
        }
    }

    /// Whether it stands open.
    pub fn is_open(&self) -> bool {
        !self.open.is_moving() && !self.open.is_off()
    }

    /// The level of the next frame.
    #[inline(always)]
    pub fn advance(&mut self) -> f32 {
        self.open.advance()
    }

    /// So many frames have passed.
    pub fn pass(&mut self, frames: usize) {
        self.filling = self.filling.saturating_sub(frames);
    }
}
