//! Tone and width: mean power of third octaves over the whole file (Welch's method: Hann windows that overlap by half), and how much of it
//! is the side signal's; and the mean power of critical bands.

use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};
use session::analysis::{BANDS, Band, band_edges_hz};
use session::survey::{ERB_BANDS, erb_edge_hz};

/// Transforms are at least two thirds of a second long, so that the band at 20 Hz (4.6 Hz wide) holds three bins, and a bass note at a band's edge
/// stays within the window's four bins.
const LEAST_SECONDS: f64 = 2.0 / 3.0;
/// Power below which there is nothing, −200 dB.
const SILENT_POWER: f64 = 1.0e-20;

/// See the module's text.
pub struct Tone {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    /// Left and right: what waits for the next transform.
    waiting: [Vec<f32>; 2],
    input: Vec<f32>,
    spectra: [Vec<Complex32>; 2],
    scratch: Vec<Complex32>,
    /// Sums over all transforms, per bin: power of both sides, power of the side signal.
    sums: Vec<[f64; 2]>,
    transforms: u64,
    bin_hz: f64,
}

impl Tone {
    pub fn new(rate_hz: f64) -> Self {
        let frames = ((rate_hz * LEAST_SECONDS) as usize).max(1).next_power_of_two();
        let fft = RealFftPlanner::new().plan_fft_forward(frames);
        let step = 2.0 * std::f64::consts::PI / frames as f64;
        let bins = frames / 2 + 1;
        Self {
            window: (0..frames).map(|frame| (0.5 - 0.5 * libm::cos(step * frame as f64)) as f32).collect(),
            waiting: Default::default(),
            input: vec![0.0; frames],
            spectra: [vec![Complex32::default(); bins], vec![Complex32::default(); bins]],
            scratch: fft.make_scratch_vec(),
            fft,
            sums: vec![[0.0; 2]; bins],
            transforms: 0,
            bin_hz: rate_hz / frames as f64,
        }
    }

    pub fn push(&mut self, left: &[f32], right: &[f32]) {
        self.waiting[0].extend_from_slice(left);
        self.waiting[1].extend_from_slice(right);
        let frames = self.window.len();
        let mut at = 0;
        while self.waiting[0].len() - at >= frames {
            self.transform(at);
            at += frames / 2;
        }
        self.waiting.iter_mut().for_each(|waiting| drop(waiting.drain(..at)));
    }

    fn transform(&mut self, at: usize) {
        for (waiting, spectrum) in self.waiting.iter().zip(&mut self.spectra) {
            for ((input, sample), window) in self.input.iter_mut().zip(&waiting[at..]).zip(&self.window) {
                let sample = if sample.is_finite() { *sample } else { 0.0 };
                *input = sample * window;
            }
            // All three have the lengths that the plan asks for.
            drop(self.fft.process_with_scratch(&mut self.input, spectrum, &mut self.scratch));
        }
        let [left, right] = &self.spectra;
        for ((sum, left), right) in self.sums.iter_mut().zip(left).zip(right) {
            sum[0] += f64::from(left.norm_sqr() + right.norm_sqr());
            sum[1] += 0.5 * f64::from((left - right).norm_sqr());
        }
        self.transforms += 1;
    }

    /// The third octaves, and the levels of the critical bands.
    pub fn finish(mut self) -> (Vec<Band>, Vec<f32>) {
        let missing = self.window.len().saturating_sub(self.waiting[0].len());
        if self.transforms == 0 && missing > 0 {
            // A file shorter than a window: what there is, and silence.
            self.waiting.iter_mut().for_each(|waiting| waiting.resize(waiting.len() + missing, 0.0));
            self.transform(0);
        }
        // Each bin stands for its mirror image too; the Hann window keeps 3/8 of the power; both sides share one level.
        let frames = self.window.len() as f64;
        let scale = 2.0 / (frames * frames * 0.375) / self.transforms.max(1) as f64 * 0.5;
        let bands = (0..BANDS).map(|band| self.band(band_edges_hz(band), scale)).collect();
        let critical = |band: usize| self.band([erb_edge_hz(band), erb_edge_hz(band + 1)], scale).level_db;
        (bands, (0..ERB_BANDS).map(critical).collect())
    }

    /// What lies between two frequencies; a bin that lies across an edge counts on both sides by its share.
    fn band(&self, edges_hz: [f64; 2], scale: f64) -> Band {
        let [from, to] = edges_hz.map(|hz| hz / self.bin_hz + 0.5);
        let (mut power, mut side) = (0.0, 0.0);
        for bin in from as usize..=(to as usize).min(self.sums.len() - 1) {
            let share = (to.min(bin as f64 + 1.0) - from.max(bin as f64)).max(0.0);
            power += share * self.sums[bin][0];
            side += share * self.sums[bin][1];
        }
        let level = (power * scale).max(SILENT_POWER);
        let width = if power * scale > SILENT_POWER { side / power } else { 0.0 };
        Band { level_db: (10.0 * libm::log10(level)) as f32, width: width as f32 }
    }
}
