//! K-weighting of ITU-R BS.1770-5: a high shelf for the head, then a high-pass, for two channels at once, in f64.
//!
//! The recommendation prints coefficients for 48 kHz only; the analogue prototype behind them (as recovered by libebur128) gives them for
//! any rate by the bilinear transform, and at 48 kHz the printed ones to all their digits.

use core::f64::consts::PI;

use wide::f64x2;

/// Corner of the shelf, Hz.
const SHELF_HZ: f64 = 1_681.974_450_955_533;
/// Gain of the shelf, dB.
const SHELF_DB: f64 = 3.999_843_853_973_347;
/// Quality of the shelf.
const SHELF_Q: f64 = 0.707_175_236_955_419_6;
/// The shelf's middle gain as a power of its gain.
const SHELF_MIDDLE: f64 = 0.499_666_774_154_541_6;
/// Corner of the high-pass, Hz.
const PASS_HZ: f64 = 38.135_470_876_024_44;
/// Quality of the high-pass.
const PASS_Q: f64 = 0.500_327_037_323_877_3;
/// States below this (−600 dB) are silence: long before subnormal numbers slow the filter down.
const SILENT: f64 = 1.0e-30;

/// A second-order section in transposed direct form II, left and right side by side.
struct Section {
    b: [f64x2; 3],
    a: [f64x2; 2],
    state: [f64x2; 2],
}

impl Section {
    fn new(b: [f64; 3], a: [f64; 2]) -> Self {
        Self { b: b.map(f64x2::splat), a: a.map(f64x2::splat), state: [f64x2::ZERO; 2] }
    }

    fn shelf(rate_hz: f64) -> Self {
        let k = libm::tan(PI * SHELF_HZ / rate_hz);
        let high = libm::pow(10.0, SHELF_DB / 20.0);
        let middle = libm::pow(high, SHELF_MIDDLE);
        let scale = 1.0 / (1.0 + k / SHELF_Q + k * k);
        Self::new(
            [(high + middle * k / SHELF_Q + k * k) * scale, 2.0 * (k * k - high) * scale, (high - middle * k / SHELF_Q + k * k) * scale],
            [2.0 * (k * k - 1.0) * scale, (1.0 - k / SHELF_Q + k * k) * scale],
        )
    }

    fn pass(rate_hz: f64) -> Self {
        let k = libm::tan(PI * PASS_HZ / rate_hz);
        let scale = 1.0 / (1.0 + k / PASS_Q + k * k);
        Self::new([1.0, -2.0, 1.0], [2.0 * (k * k - 1.0) * scale, (1.0 - k / PASS_Q + k * k) * scale])
    }

    #[inline(always)]
    fn next(&mut self, x: f64x2) -> f64x2 {
        let y = self.b[0] * x + self.state[0];
        self.state[0] = self.b[1] * x - self.a[0] * y + self.state[1];
        self.state[1] = self.b[2] * x - self.a[1] * y;
        y
    }

    fn settle(&mut self) {
        for state in &mut self.state {
            *state = f64x2::new(state.to_array().map(|value| if value.abs() < SILENT { 0.0 } else { value }));
        }
    }
}

/// The weighting at a frequency as a factor of power: the analogue prototype's, which no sample rate bends.
pub fn k_weighting_power(hz: f64) -> f64 {
    let size = |re: f64, im: f64| re * re + im * im;
    let (shelf, pass) = (hz / SHELF_HZ, hz / PASS_HZ);
    let high = libm::pow(10.0, SHELF_DB / 20.0);
    let middle = libm::pow(high, SHELF_MIDDLE);
    let shelved = size(1.0 - high * shelf * shelf, middle * shelf / SHELF_Q) / size(1.0 - shelf * shelf, shelf / SHELF_Q);
    shelved * libm::pow(pass, 4.0) / size(1.0 - pass * pass, pass / PASS_Q)
}

/// The filter for one pair of channels.
pub struct KWeighting {
    shelf: Section,
    pass: Section,
}

impl KWeighting {
    /// For this rate.
    pub fn new(rate_hz: f64) -> Self {
        Self { shelf: Section::shelf(rate_hz), pass: Section::pass(rate_hz) }
    }

    /// Forgets all sound.
    pub fn reset(&mut self) {
        self.shelf.state = [f64x2::ZERO; 2];
        self.pass.state = [f64x2::ZERO; 2];
    }

    /// Adds the energy of the weighted audio to `energy`, per channel.
    pub fn energy_into(&mut self, left: &[f32], right: &[f32], energy: &mut f64x2) {
        let mut sum = *energy;
        for (&left, &right) in left.iter().zip(right) {
            let frame = f64x2::new([f64::from(super::tame(left)), f64::from(super::tame(right))]);
            let weighted = self.pass.next(self.shelf.next(frame));
            sum += weighted * weighted;
        }
        *energy = sum;
    }

    /// Called at every step: states that have rung out become exactly 0.
    pub fn settle(&mut self) {
        self.shelf.settle();
        self.pass.settle();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_48_khz_the_coefficients_are_those_that_the_recommendation_prints() {
        let filter = KWeighting::new(48_000.0);
        let close = |ours: f64x2, printed: f64| assert!((ours.to_array()[0] - printed).abs() < 1.0e-12, "{ours:?} {printed}");
        close(filter.shelf.b[0], 1.535_124_859_586_97);
        close(filter.shelf.b[1], -2.691_696_189_406_38);
        close(filter.shelf.b[2], 1.198_392_810_852_85);
        close(filter.shelf.a[0], -1.690_659_293_182_41);
        close(filter.shelf.a[1], 0.732_480_774_215_85);
        close(filter.pass.a[0], -1.990_047_454_833_98);
        close(filter.pass.a[1], 0.990_072_250_366_21);
    }
}
