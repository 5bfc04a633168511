//! Compressor, multiband compressor and limiter.

use super::signal::{amplitude, bursts, db, heard, hiss, run, sine, true_peak_db};
use super::{Figure, RATE_HZ};

/// All of them.
pub fn figures() -> Vec<Figure> {
    vec![
        static_curve(),
        flat_sum(),
        ceiling("Limiter, above the ceiling: tone bursts at +5 dBTP", &bursts()),
        ceiling("Limiter, above the ceiling: 20 kHz noise at +5 dBTP", &hiss()),
    ]
}

/// A steady level through a hard-kneed 4 : 1 at −20 dB, every 2 dB from −80 to 0 dBFS.
fn static_curve() -> Figure {
    let mut worst: f64 = 0.0;
    for level_db in (-80..=0).step_by(2).map(f64::from) {
        let amplitude = 10.0_f64.powf(level_db / 20.0) as f32;
        let (mut left, mut right) = (vec![amplitude; 48_000], vec![amplitude; 48_000]);
        run(
            "compressor",
            &[("threshold", -20.0), ("ratio", 4.0), ("knee", 0.0), ("attack", 1.0), ("release", 20.0)],
            &mut left,
            &mut right,
        );
        let want = if level_db > -20.0 { -20.0 + (level_db + 20.0) / 4.0 } else { level_db };
        worst = worst.max((20.0 * f64::from(left[47_999]).log10() - want).abs());
    }
    Figure::new("Compressor, static curve, -80 to 0 dBFS", worst, 0.01, "dB")
}

/// Every number of bands and slope, the bands' sum at their corners and between.
fn flat_sum() -> Figure {
    let mut worst: f64 = 0.0;
    let length = RATE_HZ as usize / 2;
    for bands in 0..5 {
        for slope in 0..5 {
            // A gain too small to be seen puts the crossover to work.
            let settings = [("bands", bands as f32), ("slope", slope as f32), ("split1", 90.0), ("split2", 400.0), ("band1_gain", 1e-5)];
            for hz in [40.0, 90.0, 400.0, 1_000.0, 8_000.0, 16_000.0] {
                let out = heard("multiband", &settings, &sine(2 * length, hz, 0.5));
                worst = worst.max(db(amplitude(&out[length..], hz) / 0.5).abs());
            }
        }
    }
    Figure::new("Multiband compressor, the bands' sum, 2 to 6 bands, all slopes", worst, 0.001, "dB")
}

/// How far the limiter's output is above its ceiling of −1 dBTP, by sixteenfold interpolation.
fn ceiling(name: &'static str, signal: &[f32]) -> Figure {
    let gain = 10.0_f64.powf((5.0 - true_peak_db(signal)) / 20.0) as f32;
    let mut left: Vec<f32> = signal.iter().map(|sample| sample * gain).collect();
    let mut right = left.clone();
    run("limiter", &[("ceiling", -1.0)], &mut left, &mut right);
    Figure::new(name, true_peak_db(&left) + 1.0, 0.03, "dB")
}
