//! A crossover of two to six bands whose sum is an all-pass: Linkwitz and Riley (JAES 1976), every band compensated.
//!
//! Each split is a Butterworth filter squared, low and high in phase (turned over where the order asks for it). A band passes the
//! high-passes of the splits below it, the low-pass of its own and, for each split above, the all-pass to which that one's
//! halves sum; so all bands together are the product of all all-passes, flat whatever the corners are. Every band is a row of its own
//! from the input ([`Cascade`]): its sections and channels fill the lanes. Bilinear designs, since matched ones do not sum.

use alloc::vec::Vec;
use core::f64::consts::PI;

use super::cascade::Cascade;
use super::filter_design::{Analogue, Biquad, butterworth_quality};
use super::svf::SvfCoefficients;

/// Most bands.
pub const MAX_BANDS: usize = 6;
/// Most splits.
pub const MAX_SPLITS: usize = MAX_BANDS - 1;
/// Words of the slopes, in the order of [`Slope::from_index`].
pub const SLOPES: &[&str] = &["6 dB/oct", "12 dB/oct", "24 dB/oct", "36 dB/oct", "48 dB/oct"];
/// Sections of a low- or high-pass of 48 dB/oct.
const MAX_SECTIONS: usize = 4;
/// Corners stay below this share of the rate.
const HIGHEST_SHARE: f64 = 0.45;

/// How steep the splits are: the order of the Butterworth filter that is squared; 0 for a single pole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slope(usize);

/// What a split does to a band.
#[derive(Clone, Copy)]
enum Part {
    Low,
    High,
    All,
}

impl Slope {
    /// From an index into [`SLOPES`].
    pub fn from_index(index: usize) -> Self {
        Self(index.min(SLOPES.len() - 1))
    }

    /// The power of the frequency that its halves' squares fall or rise with.
    pub fn exponent(self) -> usize {
        (2 * self.0).max(1)
    }

    /// Whether the high half is turned over.
    fn is_inverted(self) -> bool {
        self.0 % 2 == 1
    }

    /// Calls `add` with each section of a part.
    fn sections(self, part: Part, mut add: impl FnMut(Analogue)) {
        let order = self.0;
        if order == 0 {
            let single = |zeros| [zeros, [1.0, 1.0, 0.0]];
            match part {
                Part::Low => add(single([1.0, 0.0, 0.0])),
                Part::High => add(single([0.0, 1.0, 0.0])),
                Part::All => {}
            }
            return;
        }
        for pair in 0..order / 2 {
            let damping = 1.0 / butterworth_quality(order, pair);
            let double = |zeros| [zeros, [1.0, damping, 1.0]];
            match part {
                Part::All => add(double([1.0, -damping, 1.0])),
                Part::Low => (0..2).for_each(|_| add(double([1.0, 0.0, 0.0]))),
                Part::High => (0..2).for_each(|_| add(double([0.0, 0.0, 1.0]))),
            }
        }
        if order % 2 == 1 {
            // The single pole, squared.
            let square = [1.0, 2.0, 1.0];
            match part {
                Part::All => add([[1.0, -1.0, 0.0], [1.0, 1.0, 0.0]]),
                Part::Low => add([[1.0, 0.0, 0.0], square]),
                Part::High => add([[0.0, 0.0, 1.0], square]),
            }
        }
    }
}

/// What decides how it is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Two to six.
    pub bands: usize,
    /// Of all splits.
    pub slope: Slope,
}

/// The corners as angles per frame; each is kept at or above the one below it.
pub fn kept_omegas(corners_hz: &[f32; MAX_SPLITS], rate_hz: f64) -> [f64; MAX_SPLITS] {
    let mut corner_hz = 0.0f32;
    corners_hz.map(|wanted_hz| {
        corner_hz = corner_hz.max(wanted_hz);
        2.0 * PI * (corner_hz as f64 / rate_hz).min(HIGHEST_SHARE)
    })
}

/// See the module's text.
pub struct Crossover {
    rate_hz: f64,
    layout: Layout,
    rows: Vec<Cascade>,
}

impl Crossover {
    /// Two bands without any sound; room for six is made.
    pub fn new(rate_hz: f64) -> Self {
        let rows = (0..MAX_BANDS).map(|_| Cascade::new(MAX_SPLITS * MAX_SECTIONS)).collect();
        Self { rate_hz, layout: Layout { bands: 2, slope: Slope(2) }, rows }
    }

    /// How it is built.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Builds it anew at these corners, without any sound.
    pub fn rebuild(&mut self, layout: Layout, corners_hz: &[f32; MAX_SPLITS]) {
        self.layout = layout;
        for band in 0..layout.bands {
            let mut count = 0;
            self.each_section(band, corners_hz, |_, _| count += 1);
            self.rows[band].rebuild(count);
        }
        self.aim(corners_hz);
        self.rows.iter_mut().for_each(Cascade::settle);
    }

    /// Sends the corners towards these, kept as in [`kept_omegas`].
    pub fn aim(&mut self, corners_hz: &[f32; MAX_SPLITS]) {
        for band in 0..self.layout.bands {
            let mut row = core::mem::replace(&mut self.rows[band], Cascade::new(0));
            self.each_section(band, corners_hz, |index, biquad| {
                for channel in 0..2 {
                    row.aim(index, channel, SvfCoefficients::new(&biquad));
                }
            });
            self.rows[band] = row;
        }
    }

    /// Calls `add` with the number and the filter of each section of a band.
    fn each_section(&self, band: usize, corners_hz: &[f32; MAX_SPLITS], mut add: impl FnMut(usize, Biquad)) {
        let slope = self.layout.slope;
        let mut index = 0;
        for (split, omega) in kept_omegas(corners_hz, self.rate_hz).into_iter().enumerate().take(self.layout.bands - 1) {
            let part = match split.cmp(&band) {
                core::cmp::Ordering::Less => Part::High,
                core::cmp::Ordering::Equal => Part::Low,
                core::cmp::Ordering::Greater => Part::All,
            };
            let mut is_turned = matches!(part, Part::High) && slope.is_inverted();
            slope.sections(part, |analogue| {
                let sign = if core::mem::take(&mut is_turned) { -1.0 } else { 1.0 };
                add(index, Biquad::bilinear(omega, analogue).scaled(sign));
                index += 1;
            });
        }
    }

    /// Turns the input, which lies in both sides, into a band; `glide_frames` as in [`Cascade::run`].
    pub fn run(&mut self, band: usize, left: &mut [f32], right: &mut [f32], glide_frames: Option<usize>) {
        self.rows[band].run(left, right, glide_frames);
    }

    /// Puts out what faded; call it at fixed frames.
    pub fn flush(&mut self) {
        self.rows.iter_mut().for_each(Cascade::flush);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sum's gain in dB at a frequency, from an impulse in 32-bit floats.
    fn sum_db(crossover: &mut Crossover, corners_hz: &[f32; MAX_SPLITS], layout: Layout, hz: f64) -> f64 {
        const FRAMES: usize = 48_000;
        crossover.rebuild(layout, corners_hz);
        let mut sum = alloc::vec![0.0f64; FRAMES];
        for band in 0..layout.bands {
            let mut left = alloc::vec![0.0f32; FRAMES];
            left[0] = 1.0;
            let mut right = left.clone();
            crossover.run(band, &mut left, &mut right, None);
            sum.iter_mut().zip(&left).for_each(|(sum, value)| *sum += *value as f64);
        }
        let (mut re, mut im) = (0.0, 0.0);
        for (frame, value) in sum.iter().enumerate() {
            let angle = 2.0 * PI * hz / 48_000.0 * frame as f64;
            re += value * libm::cos(angle);
            im += value * libm::sin(angle);
        }
        10.0 * libm::log10(re * re + im * im)
    }

    #[test]
    fn the_bands_sum_flat_at_every_slope_and_count() {
        let mut crossover = Crossover::new(48_000.0);
        for bands in 2..=MAX_BANDS {
            for (slope, name) in SLOPES.iter().enumerate() {
                let layout = Layout { bands, slope: Slope::from_index(slope) };
                for hz in [30.0, 119.0, 700.0, 2_500.0, 11_000.0] {
                    let got = sum_db(&mut crossover, &[60.0, 120.0, 500.0, 2_500.0, 9_000.0], layout, hz);
                    assert!(got.abs() < 0.001, "{bands} bands, {name}, {hz} Hz: {got:.5} dB");
                }
            }
        }
    }
}
