//! Compressor, gate, multiband compressor and limiter.

use super::signal::{amplitude, bursts, db, heard, hiss, run, sine, true_peak_db};
use super::support::{constant, rise_frames};
use super::{Figure, RATE_HZ, music};

/// All of them.
pub fn figures() -> Vec<Figure> {
    vec![
        static_curve(),
        gate_curve(),
        times("Compressor", "compressor", &[("threshold", -30.0), ("knee", 0.0)], -40.0),
        times("Gate", "gate", &[("threshold", -30.0), ("range", 30.0), ("hold", 0.0)], -60.0),
        flat_sum(),
        ceiling("Limiter, above the ceiling: tone bursts at +5 dBTP", &bursts()),
        ceiling("Limiter, above the ceiling: music at +5 dBTP", &music::excerpt().left),
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

/// A steady level through an expander of 2 : 1 below −20 dB, every 2 dB from −80 to 0 dBFS.
fn gate_curve() -> Figure {
    let mut worst: f64 = 0.0;
    for level_db in (-79..=0).step_by(2).map(f64::from) {
        let level = 10.0_f64.powf(level_db / 20.0) as f32;
        let out = heard("gate", &[("threshold", -20.0), ("ratio", 2.0), ("range", 80.0), ("release", 5.0)], &vec![level; 12_000]);
        let want = if level_db < -20.0 { 2.0 * level_db + 20.0 } else { level_db };
        worst = worst.max((db(f64::from(out[11_999])) - want).abs());
    }
    Figure::new("Gate, static curve, -80 to 0 dBFS", worst, 0.01, "dB")
}

/// The gain's way from 10 to 90 % after a step from soft to −6 dBFS and back, against one pole in decibels.
fn times(name: &str, id: &str, settings: &[(&str, f32)], soft_db: f64) -> Figure {
    let mut worst: f64 = 0.0;
    for (attack_ms, release_ms) in [(1.0_f32, 50.0_f32), (10.0, 120.0), (30.0, 400.0)] {
        let mut input = constant(4_800, soft_db);
        input.append(&constant(48_000, -6.0));
        input.append(&constant(240_000, soft_db));
        let out = heard(id, &[settings, &[("attack", attack_ms), ("release", release_ms)]].concat(), &input.left);
        let gains: Vec<f64> = out.iter().zip(&input.left).map(|(y, x)| db(f64::from(*y)) - db(f64::from(*x))).collect();
        for (part, ms) in [(&gains[4_799..52_800], attack_ms), (&gains[52_799..], release_ms)] {
            let want = 9.0_f64.ln() * RATE_HZ / 1000.0 * f64::from(ms);
            worst = worst.max(100.0 * (rise_frames(part) / want - 1.0).abs());
        }
    }
    Figure::new(format!("{name}, attack and release against the formula"), worst, 2.0, "%")
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
