//! Auto gain: takes back what the curve adds to pink noise.

use core::f64::consts::PI;

use super::rows::Rows;
use libm::{cos, exp2, sqrt};

/// Frequencies of equal weight, spread evenly over the octaves of the range that loudness lives in.
const POINTS: usize = 24;
const LOWEST_HZ: f64 = 40.0;
const OCTAVES: f64 = 8.3;

/// Where the curve is looked at.
pub struct AutoGain {
    cosines: [[f64; 2]; POINTS],
}

impl AutoGain {
    /// For this rate.
    pub fn new(rate_hz: f64) -> Self {
        let omega = |point: usize| 2.0 * PI * LOWEST_HZ * exp2(OCTAVES * (point as f64 + 0.5) / POINTS as f64) / rate_hz;
        Self { cosines: core::array::from_fn(|point| [cos(omega(point)), cos(2.0 * omega(point))]) }
    }

    /// The gain that makes pink noise as loud as without the bands.
    pub fn gain(&self, rows: &Rows) -> f32 {
        let mean = self.cosines.iter().map(|cosines| rows.curves.power_at(*cosines)).sum::<f64>() / POINTS as f64;
        1.0 / sqrt(mean.clamp(1e-6, 1e6)) as f32
    }
}
