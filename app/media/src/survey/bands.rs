//! Power over time and critical band: Hann windows of about 85 ms that overlap by half, four to a slice (Welch's method), their bins shared
//! out among [`ERB_BANDS`] bands.

use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};
use session::survey::{ERB_BANDS, erb_edge_hz};

/// A window is at least so long, so that its bins are finer than the lowest bands.
const LEAST_SECONDS: f64 = 0.08;
/// Windows that begin in a slice.
const WINDOWS: usize = 4;

/// What all strips share.
pub struct Bank {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    /// Which share of which bin belongs to which band.
    shares: Vec<(usize, usize, f32)>,
    input: Vec<f32>,
    spectra: [Vec<Complex32>; 2],
    scratch: Vec<Complex32>,
}

impl Bank {
    pub fn new(rate_hz: f64) -> Self {
        let frames = ((rate_hz * LEAST_SECONDS) as usize).max(2).next_power_of_two();
        let fft = RealFftPlanner::new().plan_fft_forward(frames);
        let step = 2.0 * std::f64::consts::PI / frames as f64;
        let bins = frames / 2 + 1;
        // A bin stands for its mirror image too, the Hann window keeps 3/8 of the power, a slice is the mean of its windows, and two sides
        // share one level.
        let scale = 2.0 / (frames as f64 * frames as f64 * 0.375) / WINDOWS as f64 / 2.0;
        Self {
            window: (0..frames).map(|frame| (0.5 - 0.5 * libm::cos(step * frame as f64)) as f32).collect(),
            shares: shares(bins, rate_hz / frames as f64, scale),
            input: vec![0.0; frames],
            spectra: [vec![Complex32::default(); bins], vec![Complex32::default(); bins]],
            scratch: fft.make_scratch_vec(),
            fft,
        }
    }

    /// Frames between two slices.
    pub fn slice_frames(&self) -> usize {
        self.window.len() / 2 * WINDOWS
    }

    fn transform(&mut self, sides: [&[f32]; 2]) -> bool {
        if sides.iter().all(|side| side.iter().all(|sample| *sample == 0.0)) {
            return false;
        }
        for (side, spectrum) in sides.into_iter().zip(&mut self.spectra) {
            for ((input, sample), window) in self.input.iter_mut().zip(side).zip(&self.window) {
                *input = sample * window;
            }
            // All three have the lengths that the plan asks for.
            drop(self.fft.process_with_scratch(&mut self.input, spectrum, &mut self.scratch));
        }
        true
    }

    /// Adds the powers of a window to a slice.
    fn add(&mut self, sides: [&[f32]; 2], powers: &mut [f32], side_powers: &mut [f32]) {
        if !self.transform(sides) {
            return;
        }
        let [left, right] = &self.spectra;
        for &(band, bin, share) in &self.shares {
            let (left, right) = (left[bin], right[bin]);
            powers[band] += share * (left.norm_sqr() + right.norm_sqr());
            side_powers[band] += share * 0.5 * (left - right).norm_sqr();
        }
    }
}

fn shares(bins: usize, bin_hz: f64, scale: f64) -> Vec<(usize, usize, f32)> {
    let mut shares = Vec::new();
    for band in 0..ERB_BANDS {
        let [from, to] = [erb_edge_hz(band), erb_edge_hz(band + 1)].map(|hz| hz / bin_hz + 0.5);
        for bin in from as usize..=(to as usize).min(bins - 1) {
            let share = (to.min(bin as f64 + 1.0) - from.max(bin as f64)).max(0.0);
            if share > 0.0 {
                shares.push((band, bin, (share * scale) as f32));
            }
        }
    }
    shares
}

/// A strip's powers.
#[derive(Default)]
pub struct BandPowers {
    /// Left and right: what waits for the next window.
    waiting: [Vec<f32>; 2],
    windows: usize,
    pub powers: Vec<f32>,
    pub side_powers: Vec<f32>,
}

impl BandPowers {
    pub fn push(&mut self, bank: &mut Bank, left: &[f32], right: &[f32]) {
        self.waiting[0].extend_from_slice(left);
        self.waiting[1].extend_from_slice(right);
        let frames = bank.window.len();
        if self.waiting[0].len() < frames {
            return;
        }
        if self.windows.is_multiple_of(WINDOWS) {
            self.powers.resize(self.powers.len() + ERB_BANDS, 0.0);
            self.side_powers.resize(self.powers.len(), 0.0);
        }
        let at = self.powers.len() - ERB_BANDS;
        let [left, right] = &self.waiting;
        bank.add([&left[..frames], &right[..frames]], &mut self.powers[at..], &mut self.side_powers[at..]);
        self.windows += 1;
        self.waiting.iter_mut().for_each(|side| drop(side.drain(..frames / 2)));
    }
}
