//! VU: the mean of the rectified signal behind a needle that reaches 99 % in 300 ms and overshoots by a little more than 1 % (IEC 60268-17).

use super::tame;
use crate::primitives::filter_design::Biquad;
use crate::units::gain_to_db;

/// The needle's natural frequency and damping.
const NEEDLE_HZ: f64 = 2.15;
const NEEDLE_DAMPING: f64 = 0.81;
/// Peak of a sine against the mean of its magnitude.
const PEAK_PER_MEAN: f64 = core::f64::consts::FRAC_PI_2;
/// Level of a sine, dBFS, at which it reads 0 VU (EBU R 68: the alignment level).
pub const REFERENCE_DB: f64 = -18.0;
/// Deflections below this are none.
const LEAST: f64 = 1e-12;

/// A needle for one channel.
#[derive(Clone)]
pub struct Vu {
    needle: Biquad,
    states: [f64; 2],
    deflection: f64,
}

impl Vu {
    /// At rest.
    pub fn new(rate_hz: f64) -> Self {
        let omega = 2.0 * core::f64::consts::PI * NEEDLE_HZ / rate_hz;
        let needle = Biquad::bilinear(omega, [[1.0, 0.0, 0.0], [1.0, 2.0 * NEEDLE_DAMPING, 1.0]]);
        Self { needle, states: [0.0; 2], deflection: 0.0 }
    }

    /// Back to rest.
    pub fn reset(&mut self) {
        (self.states, self.deflection) = ([0.0; 2], 0.0);
    }

    /// Takes audio in.
    pub fn process(&mut self, audio: &[f32]) {
        let Biquad { b, a } = self.needle;
        let [mut s1, mut s2] = self.states;
        for sample in audio {
            let x = f64::from(tame(*sample).abs());
            let y = b[0] * x + s1;
            s1 = b[1] * x - a[0] * y + s2;
            s2 = b[2] * x - a[1] * y;
            self.deflection = y;
        }
        self.states = [s1, s2].map(|state| if state.abs() < LEAST { 0.0 } else { state });
    }

    /// Where the needle stands: 0 VU for a sine of [`REFERENCE_DB`]; negative infinity at rest.
    pub fn read(&self) -> f64 {
        gain_to_db(if self.deflection > LEAST { self.deflection * PEAK_PER_MEAN } else { 0.0 }) - REFERENCE_DB
    }
}
