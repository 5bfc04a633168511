//! Signals, and what is measured of them.

use std::f64::consts::TAU;

use super::RATE_HZ;
use super::support::Clip;
use dsp::processors::{MAX_FRAMES, Processor, Stereo, build};
use realfft::RealFftPlanner;

/// Frames of a long signal.
pub const FRAMES: usize = 1 << 16;

/// A processor at these values.
fn made(id: &str, rate_hz: f64, changes: &[(&str, f32)]) -> Box<dyn Processor> {
    let Some(mut processor) = build(id, rate_hz) else { panic!("there is no processor {id}") };
    for (param, value) in changes {
        let index = processor.spec().index_of(param).unwrap_or_else(|| panic!("{id} has no parameter {param}"));
        processor.set(index, *value);
    }
    processor.reset();
    processor
}

/// Runs a processor with these values over two channels.
pub fn run(id: &str, changes: &[(&str, f32)], left: &mut [f32], right: &mut [f32]) {
    run_at(id, RATE_HZ, changes, left, right);
}

/// The same at another rate.
pub fn run_at(id: &str, rate_hz: f64, changes: &[(&str, f32)], left: &mut [f32], right: &mut [f32]) {
    let mut processor = made(id, rate_hz, changes);
    for (left, right) in left.chunks_mut(MAX_FRAMES).zip(right.chunks_mut(MAX_FRAMES)) {
        processor.process(Stereo { left, right }, None);
    }
}

/// The left channel of what a processor makes of the same signal on both.
pub fn heard(id: &str, changes: &[(&str, f32)], signal: &[f32]) -> Vec<f32> {
    let (mut left, mut right) = (signal.to_vec(), signal.to_vec());
    run(id, changes, &mut left, &mut right);
    left
}

/// White noise from −1 to 1.
pub fn noise(seed: u64, frames: usize) -> Vec<f32> {
    Clip::noise(frames, 1.0, seed).left
}

/// A sine.
pub fn sine(frames: usize, hz: f64, level: f64) -> Vec<f32> {
    (0..frames).map(|frame| (level * (TAU * hz * frame as f64 / RATE_HZ).sin()) as f32).collect()
}

/// A gain in dB.
pub fn db(gain: f64) -> f64 {
    20.0 * gain.log10()
}

/// Amplitude of a frequency in a signal of whole periods.
pub fn amplitude(samples: &[f32], hz: f64) -> f64 {
    let turn = |frame: usize| TAU * hz * frame as f64 / RATE_HZ;
    let (re, im) = samples.iter().enumerate().fold((0.0, 0.0), |(re, im), (frame, sample)| {
        (re + f64::from(*sample) * turn(frame).cos(), im + f64::from(*sample) * turn(frame).sin())
    });
    2.0 * re.hypot(im) / samples.len() as f64
}

/// The power of the difference of two signals against the second one's, in dB.
pub fn difference_db(signal: &[f32], reference: &[f32]) -> f64 {
    let square = |value: f64| value * value;
    let rest: f64 = signal.iter().zip(reference).map(|(a, b)| square(f64::from(*a) - f64::from(*b))).sum();
    let whole: f64 = reference.iter().map(|sample| square(f64::from(*sample))).sum();
    10.0 * (rest / whole).log10()
}

/// Tone bursts from 500 Hz to 19.8 kHz with raised-cosine edges.
pub fn bursts() -> Vec<f32> {
    let tones = [500.0, 997.0, 2_500.0, 5_000.0, 8_000.0, 11_025.0, 12_000.0, 16_000.0, 19_000.0, 19_800.0];
    let length = FRAMES / tones.len();
    let sample = |frame: usize| {
        let Some(hz) = tones.get(frame / length) else { return 0.0 };
        let place = (frame % length) as f64 / length as f64;
        let edge = 0.5 - 0.5 * (TAU / 2.0 * (place.min(1.0 - place) * 20.0).min(1.0)).cos();
        (edge * (TAU * hz * (frame % length) as f64 / RATE_HZ).sin()) as f32
    };
    (0..FRAMES).map(sample).collect()
}

/// White noise below 20 kHz, silent at its ends.
pub fn hiss() -> Vec<f32> {
    let limited = resampled(&noise(31, FRAMES), 20_000.0, 1);
    let edge = |frame: usize| (frame.min(FRAMES - 1 - frame) as f64 / 4_096.0).min(1.0);
    limited.iter().enumerate().map(|(frame, sample)| (sample * edge(frame) * edge(frame)) as f32).collect()
}

/// The signal without anything above `highest_hz`, at `factor` times the rate, through one long FFT.
pub fn resampled(samples: &[f32], highest_hz: f64, factor: usize) -> Vec<f64> {
    let mut planner = RealFftPlanner::<f64>::new();
    let forward = planner.plan_fft_forward(samples.len());
    let mut input: Vec<f64> = samples.iter().map(|sample| f64::from(*sample)).collect();
    let mut bins = forward.make_output_vec();
    forward.process(&mut input, &mut bins).unwrap_or_else(|error| panic!("{error}"));
    let highest = (highest_hz / RATE_HZ * samples.len() as f64) as usize;
    let inverse = planner.plan_fft_inverse(samples.len() * factor);
    let mut wide = inverse.make_input_vec();
    for (to, from) in wide.iter_mut().zip(&bins).take(highest.min(samples.len() / 2 - 1) + 1) {
        *to = *from;
    }
    wide[0].im = 0.0;
    let mut out = inverse.make_output_vec();
    inverse.process(&mut wide, &mut out).unwrap_or_else(|error| panic!("{error}"));
    out.iter().map(|value| value / samples.len() as f64).collect()
}

/// The highest peak by sixteenfold interpolation, in dB: in blocks, of which the middle half is looked at and the outer quarters fade to
/// silence.
pub fn true_peak_db(samples: &[f32]) -> f64 {
    const BLOCK: usize = 1 << 14;
    const FACTOR: usize = 16;
    let mut planner = RealFftPlanner::<f64>::new();
    let (forward, inverse) = (planner.plan_fft_forward(BLOCK), planner.plan_fft_inverse(BLOCK * FACTOR));
    let (mut input, mut bins) = (forward.make_input_vec(), forward.make_output_vec());
    let (mut wide, mut out) = (inverse.make_input_vec(), inverse.make_output_vec());
    let mut peak = 0.0_f64;
    for start in (0..samples.len() + BLOCK / 4).step_by(BLOCK / 2) {
        for (at, value) in input.iter_mut().enumerate() {
            let sample = (start + at).checked_sub(BLOCK / 4).and_then(|at| samples.get(at)).copied().unwrap_or(0.0);
            let edge = (at.min(BLOCK - at) as f64 / (BLOCK / 4) as f64).min(1.0);
            *value = f64::from(sample) * (0.5 - 0.5 * (TAU / 2.0 * edge).cos());
        }
        forward.process(&mut input, &mut bins).unwrap_or_else(|error| panic!("{error}"));
        wide.fill(Default::default());
        wide[..BLOCK / 2].copy_from_slice(&bins[..BLOCK / 2]);
        inverse.process(&mut wide, &mut out).unwrap_or_else(|error| panic!("{error}"));
        peak = out[FACTOR * BLOCK / 4..3 * FACTOR * BLOCK / 4].iter().fold(peak, |peak, value| peak.max(value.abs()));
    }
    20.0 * (peak / BLOCK as f64).log10()
}
