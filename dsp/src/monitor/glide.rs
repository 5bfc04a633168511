//! A set of numbers that goes to new values in straight lines, all in the same time: nothing that is switched in the monitor stage jumps.

use crate::engine::Ramp;

/// See the module's text.
pub struct Glide<const N: usize> {
    from: [f32; N],
    to: [f32; N],
    share: Ramp,
}

impl<const N: usize> Glide<N> {
    /// At rest at these values; every way will take this many frames.
    pub fn new(values: [f32; N], frames: usize) -> Self {
        Self { from: values, to: values, share: Ramp::new(1.0, frames) }
    }

    /// Goes to other values from where it is.
    pub fn go(&mut self, to: [f32; N]) {
        if to != self.to {
            self.from = self.at(self.share.value());
            self.to = to;
            self.share.set(0.0);
            self.share.go(1.0);
        }
    }

    /// Whether it rests.
    pub fn is_settled(&self) -> bool {
        self.share.is_settled()
    }

    /// Where it goes, or rests.
    pub fn target(&self) -> [f32; N] {
        self.to
    }

    /// Goes one frame on and gives its values.
    pub fn tick(&mut self) -> [f32; N] {
        if self.is_settled() {
            return self.to;
        }
        let share = self.share.tick();
        self.at(share)
    }

    fn at(&self, share: f32) -> [f32; N] {
        core::array::from_fn(|index| self.from[index] + share * (self.to[index] - self.from[index]))
    }
}
