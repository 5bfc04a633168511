//! The filter of each line that makes the decay what the dial says, in every octave.
//!
//! After J.-M. Jot and A. Chaigne, "Digital delay networks for designing artificial reverberators" (AES 90, 1991): a line of d
//! frames must lose 60·d/(T·fs) dB. T is the dial below and T / (1 + 9·damping) above; between them stands a first-order shelf that
//! has half of its dB at the damping's corner fc, H(s) = g·(1 + √G·s/ωc) / (1 + s/(√G·ωc)), by the bilinear transform. In decibels
//! such shelves scale with the length of the line, so all lines agree: 1/T(f) = 1/T + (1/T_high − 1/T)·x²/(1 + x²), x = tan(πf/fs) /
//! tan(πfc/fs).

use core::f64::consts::PI;

use super::network::{LINES, Vectors};
use crate::primitives::lanes::{Lanes, VECTOR_LANES};

/// How many times faster the highs fall at a damping of 1, less one.
const MOST_DAMPING: f64 = 9.0;
/// Corners keep below this share of the rate.
const HIGHEST_SHARE: f64 = 0.4;
/// Frequencies are read below this share of the rate.
const HIGHEST_SEEN: f64 = 0.499;
/// No line's shelf falls further than this (−60 dB): beyond it nothing is left to hear, and the pole would come too near to 1.
const DEEPEST_SHELF: f64 = 1e-3;
/// States below this (−400 dB) are flushed to zero before they become subnormal.
const FLUSH_BELOW: f32 = 1e-20;

/// Numerator (two) and denominator (one) of all lines.
type Coefficients = [[f32; LINES]; 3];

fn vectors(values: &[f32; LINES]) -> Lanes<{ LINES / VECTOR_LANES }> {
    Lanes::new(core::array::from_fn(|vector| core::array::from_fn(|lane| values[vector * VECTOR_LANES + lane])))
}

/// Seconds in which a frequency falls by 60 dB, by the module's formula.
pub fn seconds_at(decay_seconds: f64, damping: f64, corner_hz: f64, rate_hz: f64, frequency_hz: f64) -> f64 {
    let warped = |hz: f64, highest: f64| libm::tan(PI * (hz / rate_hz).min(highest));
    let course = warped(frequency_hz, HIGHEST_SEEN) / warped(corner_hz, HIGHEST_SHARE);
    let square = course * course;
    decay_seconds / (1.0 + MOST_DAMPING * damping * square / (1.0 + square))
}

/// All lines' filters.
pub struct Decay {
    coefficients: [Vectors; 3],
    targets: [Vectors; 3],
    steps: [Vectors; 3],
    glide_left: usize,
    states: Vectors,
}

impl Decay {
    /// Silent ones that pass nothing.
    pub fn new() -> Self {
        let zero = [Vectors::splat(0.0); 3];
        Self { coefficients: zero, targets: zero, steps: zero, glide_left: 0, states: Vectors::splat(0.0) }
    }

    /// Where the coefficients go over the coming glide.
    pub fn aim(&mut self, line_frames: &[usize; LINES], decay_seconds: f64, damping: f64, corner_hz: f64, rate_hz: f64) {
        let warped = libm::tan(PI * (corner_hz / rate_hz).min(HIGHEST_SHARE));
        let mut coefficients: Coefficients = [[0.0; LINES]; 3];
        for (line, frames) in line_frames.iter().enumerate() {
            let exponent = -3.0 * *frames as f64 / (decay_seconds * rate_hz);
            let gain = libm::pow(10.0, exponent);
            let shelf = libm::pow(10.0, exponent * MOST_DAMPING * damping).max(DEEPEST_SHELF);
            let root = libm::sqrt(shelf);
            let (zero, pole) = (root / warped, 1.0 / (root * warped));
            coefficients[0][line] = (gain * (1.0 + zero) / (1.0 + pole)) as f32;
            coefficients[1][line] = (gain * (1.0 - zero) / (1.0 + pole)) as f32;
            coefficients[2][line] = ((1.0 - pole) / (1.0 + pole)) as f32;
        }
        self.targets = core::array::from_fn(|index| vectors(&coefficients[index]));
    }

    /// Frames until the running glide ends.
    pub fn glide_left(&self) -> usize {
        self.glide_left
    }

    /// Begins a glide of this many frames.
    pub fn begin(&mut self, frames: usize) {
        let share = Lanes::splat(1.0 / frames.max(1) as f32);
        self.steps = core::array::from_fn(|index| (self.targets[index] - self.coefficients[index]) * share);
        self.glide_left = frames;
    }

    /// Takes the coefficients at once and forgets all sound.
    pub fn reset(&mut self) {
        self.coefficients = self.targets;
        self.glide_left = 0;
        self.states = Lanes::splat(0.0);
    }

    /// One frame of all lines.
    #[inline(always)]
    pub fn pass(&mut self, x: Vectors) -> Vectors {
        if self.glide_left > 0 {
            self.glide_left -= 1;
            for (coefficient, step) in self.coefficients.iter_mut().zip(self.steps) {
                *coefficient += step;
            }
            if self.glide_left == 0 {
                self.coefficients = self.targets;
            }
        }
        let [b0, b1, a1] = self.coefficients;
        let y = b0 * x + self.states;
        self.states = b1 * x - a1 * y;
        y
    }

    /// Puts out what faded below −400 dB; call it at fixed frames.
    pub fn flush(&mut self) {
        self.states = self.states.abs().ge(Lanes::splat(FLUSH_BELOW)).keep(self.states);
    }
}
