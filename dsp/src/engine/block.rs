//! One block of stereo audio, and the few things that all parts of the engine do with it.

use super::BLOCK_FRAMES;
use crate::meters::peak;

/// One block of stereo audio.
#[derive(Clone)]
pub struct StereoBlock {
    /// Left channel.
    pub left: [f32; BLOCK_FRAMES],
    /// Right channel.
    pub right: [f32; BLOCK_FRAMES],
}

impl StereoBlock {
    /// Silence.
    pub const fn new() -> Self {
        Self { left: [0.0; BLOCK_FRAMES], right: [0.0; BLOCK_FRAMES] }
    }

    /// Makes it silent.
    pub fn clear(&mut self) {
        self.left.fill(0.0);
        self.right.fill(0.0);
    }

    /// Takes another block's audio over.
    pub fn copy_from(&mut self, other: &Self) {
        self.left.copy_from_slice(&other.left);
        self.right.copy_from_slice(&other.right);
    }

    /// Adds another block.
    pub fn add(&mut self, other: &Self) {
        for (sum, more) in self.left.iter_mut().zip(&other.left) {
            *sum += more;
        }
        for (sum, more) in self.right.iter_mut().zip(&other.right) {
            *sum += more;
        }
    }

    /// The largest magnitude of each channel.
    pub fn peaks(&self) -> [f32; 2] {
        [peak(&self.left), peak(&self.right)]
    }

    /// Replaces what is not a number, or infinite, by silence, and tells how many samples that were.
    pub fn silence_non_finite(&mut self) -> u32 {
        if is_finite(&self.left) && is_finite(&self.right) {
            return 0;
        }
        let mut replaced = 0;
        for sample in self.left.iter_mut().chain(&mut self.right).filter(|sample| !sample.is_finite()) {
            *sample = 0.0;
            replaced += 1;
        }
        replaced
    }
}

/// Whether every sample is a finite number: magnitudes are compared as integers, which order alike and run in vectors.
pub fn is_finite(samples: &[f32]) -> bool {
    const MAGNITUDE: u32 = u32::MAX >> 1;
    let largest = samples.iter().fold(0, |largest: u32, sample| largest.max(sample.to_bits() & MAGNITUDE));
    largest < f32::INFINITY.to_bits()
}
