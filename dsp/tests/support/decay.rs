//! How long a reverb takes to decay, octave by octave.

use std::f64::consts::PI;

use dsp::primitives::filter_design::Biquad;

use super::{Clip, made, run};

const RATE_HZ: f64 = 48_000.0;
/// Where the decay is measured.
pub const OCTAVES_HZ: [f64; 7] = [125.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0];

/// An octave of a signal: two band-passes in a row, in 64-bit numbers.
fn octave(samples: &[f32], hz: f64) -> Vec<f64> {
    let band = Biquad::band_pass(2.0 * PI * hz / RATE_HZ, 2.0);
    let mut out: Vec<f64> = samples.iter().map(|sample| *sample as f64).collect();
    for _ in 0..2 {
        let (mut s1, mut s2) = (0.0, 0.0);
        for sample in &mut out {
            let x = *sample;
            let y = band.b[0] * x + s1;
            s1 = band.b[1] * x - band.a[0] * y + s2;
            s2 = band.b[2] * x - band.a[1] * y;
            *sample = y;
        }
    }
    out
}

/// Energies of an octave, frame by frame, of what both sides give for an impulse on each side: as rooms are measured from several places.
pub fn octave_energies(responses: &[Vec<f32>], hz: f64) -> Vec<f64> {
    let mut energies = vec![0.0; responses[0].len()];
    for response in responses {
        for (energy, sample) in energies.iter_mut().zip(octave(response, hz)) {
            *energy += sample * sample;
        }
    }
    energies
}

/// Left and right for an impulse on the left, then for one on the right.
pub fn impulse_responses(settings: &[(&str, f32)], seconds: f64) -> Vec<Vec<f32>> {
    let frames = (seconds * RATE_HZ) as usize;
    let sides = [true, false].map(|is_left| {
        let mut clip = Clip::impulse(frames);
        if is_left {
            clip.right[0] = 0.0
        } else {
            clip.left[0] = 0.0
        }
        run(made("reverb", RATE_HZ, settings).as_mut(), &clip, 128)
    });
    sides.into_iter().flat_map(|out| [out.left, out.right]).collect()
}

/// Seconds per 60 dB, from the slope of Schroeder's backward integral between −5 and −35 dB.
pub fn decay_seconds(energies: &[f64]) -> f64 {
    let mut energy = 0.0;
    let mut curve: Vec<f64> = energies
        .iter()
        .rev()
        .map(|more| {
            energy += more;
            energy
        })
        .collect();
    curve.reverse();
    let level = |frame: usize| 10.0 * libm::log10(curve[frame] / curve[0]);
    let from = (0..curve.len()).find(|frame| level(*frame) < -5.0).expect("it falls by 5 dB");
    let to = (from..curve.len()).find(|frame| level(*frame) < -35.0).expect("it falls by 35 dB");
    let count = (to - from) as f64;
    let (mean_x, mean_y) = (0.5 * (count - 1.0), (from..to).map(level).sum::<f64>() / count);
    let (mut over, mut under) = (0.0, 0.0);
    for frame in from..to {
        let x = (frame - from) as f64 - mean_x;
        over += x * (level(frame) - mean_y);
        under += x * x;
    }
    -60.0 * under / over / RATE_HZ
}
