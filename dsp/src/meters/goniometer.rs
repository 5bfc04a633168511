//! Goniometer: the last points of left against right, turned by 45° so that mono stands upright; one of every few frames.

use alloc::boxed::Box;
use core::f32::consts::FRAC_1_SQRT_2;

use super::tame;

/// Points that are kept.
pub const POINTS: usize = 512;

/// A cloud of points.
pub struct Goniometer {
    points: Box<[[f32; 2]]>,
    /// Points ever.
    count: u64,
    /// One point for so many frames, and the frames until the next.
    every: usize,
    wait: usize,
}

impl Goniometer {
    /// Empty; one point for every `every` frames.
    pub fn new(every: usize) -> Self {
        Self { points: alloc::vec![[0.0; 2]; POINTS].into_boxed_slice(), count: 0, every: every.max(1), wait: 0 }
    }

    /// Empties it.
    pub fn reset(&mut self) {
        (self.count, self.wait) = (0, 0);
    }

    /// Takes audio in.
    pub fn process(&mut self, left: &[f32], right: &[f32]) {
        let frames = left.len().min(right.len());
        let mut at = self.wait;
        while at < frames {
            let (l, r) = (tame(left[at]), tame(right[at]));
            self.points[(self.count % POINTS as u64) as usize] = [(r - l) * FRAC_1_SQRT_2, (l + r) * FRAC_1_SQRT_2];
            self.count += 1;
            at += self.every;
        }
        self.wait = at - frames;
    }

    /// Side (right is positive) and mid of the kept points, the oldest first.
    pub fn points(&self) -> impl Iterator<Item = [f32; 2]> {
        let kept = self.count.min(POINTS as u64);
        (self.count - kept..self.count).map(|point| self.points[(point % POINTS as u64) as usize])
    }
}
