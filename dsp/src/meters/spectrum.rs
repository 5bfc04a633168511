//! Spectrum and spectrogram columns: windowed Fourier transforms of 4096 to 16384 frames, averaged over time, tilted for the eye.
//!
//! Both channels go through one complex transform; a level is the mean of their powers. Hann window; a sine reads its peak in dBFS. For whoever
//! draws: [`Spectrum::process`] only collects, [`Spectrum::analyse`] does the work when it is asked for.
//!
//! With Z the transform of left + i × right and Z' its bin at the negative frequency, |Z|² + |Z'|² is twice the power of both sides,
//! Re(Z Z') the left power less the right, and Im(Z Z') twice what both have in common: the correlation of any part of the range follows.

use alloc::boxed::Box;

use microfft::Complex32;
use microfft::complex::{cfft_4096, cfft_8192, cfft_16384};

use super::tame;
use crate::units::power_to_db;

/// Frames of a transform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 12 Hz a bin at 48 kHz.
    Frames4096,
    /// 6 Hz.
    Frames8192,
    /// 3 Hz.
    Frames16384,
}

impl Size {
    /// How many.
    pub const fn frames(self) -> usize {
        match self {
            Self::Frames4096 => 4_096,
            Self::Frames8192 => 8_192,
            Self::Frames16384 => 16_384,
        }
    }
}

/// The lowest level that is given, dB.
pub const FLOOR_DB: f32 = -160.0;
/// Where tilt leaves a level as it is.
const TILT_HZ: f64 = 1_000.0;
/// Powers of bins add up to so many times the mean square: a bin reads a sine's peak, and the Hann window spreads it over 1.5 bins.
const BINS_IN_POWER: f64 = 3.0;
/// A side under this power (−100 dBFS) correlates with nothing.
const SILENT_POWER: f64 = 1.0e-10;

/// See the module's text.
pub struct Spectrum {
    rate_hz: f64,
    size: Size,
    past: Box<[[f32; 2]]>,
    at: usize,
    window: Box<[f32]>,
    work: Box<[Complex32]>,
    /// Power of each bin of the last transform, and its mean over time.
    latest: Box<[f32]>,
    mean: Box<[f32]>,
    /// Means over time of half the left power less the right, and of what both sides have in common.
    sides: Box<[[f32; 2]]>,
}

impl Spectrum {
    /// An empty one.
    pub fn new(rate_hz: f64, size: Size) -> Self {
        let frames = size.frames();
        let step = 2.0 * core::f64::consts::PI / frames as f64;
        let bins = frames / 2 + 1;
        Self {
            rate_hz,
            size,
            past: alloc::vec![[0.0; 2]; frames].into_boxed_slice(),
            at: 0,
            window: (0..frames).map(|frame| (0.5 - 0.5 * libm::cos(step * frame as f64)) as f32).collect(),
            work: alloc::vec![Complex32::new(0.0, 0.0); frames].into_boxed_slice(),
            latest: alloc::vec![0.0; bins].into_boxed_slice(),
            mean: alloc::vec![0.0; bins].into_boxed_slice(),
            sides: alloc::vec![[0.0; 2]; bins].into_boxed_slice(),
        }
    }

    /// Forgets all sound.
    pub fn reset(&mut self) {
        self.past.fill([0.0; 2]);
        self.latest.fill(0.0);
        self.mean.fill(0.0);
        self.sides.fill([0.0; 2]);
    }

    /// Takes audio in.
    pub fn process(&mut self, left: &[f32], right: &[f32]) {
        for (l, r) in left.iter().zip(right) {
            self.past[self.at] = [tame(*l), tame(*r)];
            self.at = (self.at + 1) % self.past.len();
        }
    }

    /// Transforms the last frames; the mean moves towards the result by `share` (1 takes it as it is).
    pub fn analyse(&mut self, share: f32) {
        let frames = self.past.len();
        let (newer, older) = self.past.split_at(self.at);
        for ((value, [left, right]), window) in self.work.iter_mut().zip(older.iter().chain(newer)).zip(&self.window) {
            *value = Complex32::new(left * window, right * window);
        }
        self.transform();
        // A Hann window halves a sine, whose two bins share its amplitude; the mean of both channels halves once more.
        let scale = 16.0 / (frames as f32 * frames as f32) * 0.25;
        for (bin, ((latest, mean), sides)) in self.latest.iter_mut().zip(&mut self.mean).zip(&mut self.sides).enumerate() {
            let (own, mirrored) = (self.work[bin], self.work[(frames - bin) % frames]);
            *latest = scale * (own.norm_sqr() + mirrored.norm_sqr());
            *mean += share * (*latest - *mean);
            let product = own * mirrored;
            sides[0] += share * (scale * product.re - sides[0]);
            sides[1] += share * (scale * product.im - sides[1]);
        }
    }

    fn transform(&mut self) {
        let work: &mut [Complex32] = &mut self.work;
        match self.size {
            Size::Frames4096 => {
                if let Ok(work) = work.try_into() {
                    let _ = cfft_4096(work);
                }
            }
            Size::Frames8192 => {
                if let Ok(work) = work.try_into() {
                    let _ = cfft_8192(work);
                }
            }
            Size::Frames16384 => {
                if let Ok(work) = work.try_into() {
                    let _ = cfft_16384(work);
                }
            }
        }
    }

    /// The mean's levels in dB at rows spread evenly over the octaves from `low_hz` to `high_hz`, lifted by `tilt_db` an octave above 1 kHz.
    pub fn levels(&self, low_hz: f64, high_hz: f64, tilt_db: f64, out: &mut [f32]) {
        self.rows(&self.mean, low_hz, high_hz, tilt_db, out);
    }

    /// The same of the last transform alone: a spectrogram's column.
    pub fn column(&self, low_hz: f64, high_hz: f64, tilt_db: f64, out: &mut [f32]) {
        self.rows(&self.latest, low_hz, high_hz, tilt_db, out);
    }

    /// How much of each bin lies between two frequencies, 0 to 1: a bin reaches half a step to both sides.
    fn shares(&self, low_hz: f64, high_hz: f64) -> impl Iterator<Item = (usize, f64)> {
        let bin_hz = self.rate_hz / self.past.len() as f64;
        let last = (self.mean.len() - 1) as f64;
        let place = |hz: f64| (hz / bin_hz).clamp(0.0, last);
        let (from, to) = (place(low_hz), place(high_hz));
        let bins = libm::floor(from + 0.5) as usize..=(libm::ceil(to - 0.5).max(0.0) as usize);
        bins.map(move |bin| (bin, ((bin as f64 + 0.5).min(to) - (bin as f64 - 0.5).max(from)).max(0.0)))
    }

    /// The mean's power between two frequencies: the mean square of both sides, dB of full scale squared.
    pub fn power_db(&self, low_hz: f64, high_hz: f64) -> f32 {
        let sum: f64 = self.shares(low_hz, high_hz).map(|(bin, share)| share * f64::from(self.mean[bin])).sum();
        (power_to_db(sum / BINS_IN_POWER) as f32).max(FLOOR_DB)
    }

    /// What [`Spectrum::levels`] shows, without tilt, of noise that has this power between two frequencies.
    pub fn level_of_noise_db(&self, power_db: f32, low_hz: f64, high_hz: f64) -> f32 {
        let bins = (high_hz - low_hz) * self.past.len() as f64 / self.rate_hz;
        power_db + power_to_db(BINS_IN_POWER / bins) as f32
    }

    /// Correlation of both sides between two frequencies, −1 to 1, over the mean's time; `None` where a side is silent.
    pub fn correlation(&self, low_hz: f64, high_hz: f64) -> Option<f64> {
        let mut sums = [0.0; 3];
        for (bin, share) in self.shares(low_hz, high_hz) {
            for (sum, value) in sums.iter_mut().zip([self.mean[bin], self.sides[bin][0], self.sides[bin][1]]) {
                *sum += share * f64::from(value);
            }
        }
        // The products are scaled for both sides' mean power, half of their sum.
        let [mean, difference, common] = sums;
        let [left, right] = [mean + 2.0 * difference, mean - 2.0 * difference];
        let is_silent = left.min(right) < BINS_IN_POWER * SILENT_POWER;
        (!is_silent).then(|| (2.0 * common / libm::sqrt(left * right)).clamp(-1.0, 1.0))
    }

    /// The greatest power between a row's borders; rows narrower than a bin lie between two.
    fn rows(&self, powers: &[f32], low_hz: f64, high_hz: f64, tilt_db: f64, out: &mut [f32]) {
        let octaves = libm::log2(high_hz / low_hz) / out.len().max(1) as f64;
        let bin_hz = self.rate_hz / self.past.len() as f64;
        let last = powers.len() - 1;
        for (row, level) in out.iter_mut().enumerate() {
            let place = |row: f64| (low_hz * libm::exp2(octaves * row) / bin_hz).clamp(0.0, last as f64);
            let (from, to) = (place(row as f64), place(row as f64 + 1.0));
            let (first, end) = (libm::ceil(from) as usize, libm::floor(to) as usize);
            let between = || {
                let middle = 0.5 * (from + to);
                let below = (middle as usize).min(last);
                let share = (middle - below as f64) as f32;
                powers[below] + share * (powers[(below + 1).min(last)] - powers[below])
            };
            let power = if first <= end { powers[first..=end].iter().fold(0.0f32, |most, power| most.max(*power)) } else { between() };
            let middle_hz = low_hz * libm::exp2(octaves * (row as f64 + 0.5));
            let tilted = power_to_db(f64::from(power)) + tilt_db * libm::log2(middle_hz / TILT_HZ);
            *level = (tilted as f32).max(FLOOR_DB);
        }
    }
}
