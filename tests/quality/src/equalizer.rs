//! The equalizer.

use std::f32::consts::FRAC_1_SQRT_2;

use dsp::primitives::filter_design::Biquad;
use dsp::processors::equalizer::{SPEC, response_db};

use super::signal::{difference_db, heard, noise};
use super::{Figure, RATE_HZ};

const BELL: f32 = 0.0;
const LOW_SHELF: f32 = 1.0;
const HIGH_SHELF: f32 = 2.0;
const LOW_CUT: f32 = 3.0;
const CENTRES_HZ: [f32; 8] = [20.0, 100.0, 1_000.0, 5_000.0, 8_000.0, 10_000.0, 15_000.0, 18_000.0];

/// All of them.
pub fn figures() -> Vec<Figure> {
    let mut figures = vec![bells_against_analogue(), shelves_against_analogue(), rounding_of_a_bell(), rounding_of_a_cut(), null()];
    figures.extend([4_096, 16_384, 65_536].into_iter().enumerate().map(|(index, taps)| linear_phase(index + 1, taps)));
    figures
}

fn values(changes: &[(&str, f32)]) -> Vec<f32> {
    let mut values: Vec<f32> = SPEC.params.iter().map(|param| param.default).collect();
    for (id, value) in changes {
        let index = SPEC.index_of(id).unwrap_or_else(|| panic!("the equalizer has no parameter {id}"));
        values[index] = *value;
    }
    values
}

fn band(shape: f32, hz: f32, gain_db: f32, q: f32) -> [(&'static str, f32); 4] {
    [("band1_shape", shape), ("band1_frequency", hz), ("band1_gain", gain_db), ("band1_q", q)]
}

/// The greatest distance of a curve from another one from 20 Hz to 20 kHz.
fn worst_db(settings: &[(&str, f32)], analogue_db: impl Fn(f64) -> f64) -> f64 {
    let values = values(settings);
    let hz = (0..=300).map(|step| 20.0 * 1000.0_f64.powf(f64::from(step) / 300.0));
    hz.map(|hz| (f64::from(response_db(&values, RATE_HZ, hz)) - analogue_db(hz)).abs()).fold(0.0, f64::max)
}

/// Bells of ±12 dB, Q 0.5 to 10, 20 Hz to 18 kHz, against the analogue prototype.
fn bells_against_analogue() -> Figure {
    let mut worst: f64 = 0.0;
    for f0 in CENTRES_HZ {
        for q in [0.5, 0.7, 2.0, 10.0] {
            for gain_db in [-12.0, 12.0] {
                let analogue = |hz: f64| analogue_bell_db(hz / f64::from(f0), f64::from(q), f64::from(gain_db));
                worst = worst.max(worst_db(&band(BELL, f0, gain_db, q), analogue));
            }
        }
    }
    Figure::new("Equalizer, bells against the analogue curve", worst, 0.61, "dB")
}

fn analogue_bell_db(x: f64, q: f64, gain_db: f64) -> f64 {
    let a = 10.0_f64.powf(gain_db / 40.0);
    let power = |width: f64| (1.0 - x * x).powi(2) + (width * x).powi(2);
    10.0 * (power(a / q) / power(1.0 / (a * q))).log10()
}

/// Shelves of ±12 dB without overshoot, 20 Hz to 18 kHz, against the analogue prototype.
fn shelves_against_analogue() -> Figure {
    let mut worst: f64 = 0.0;
    for f0 in CENTRES_HZ {
        for gain_db in [-12.0, 12.0] {
            let f0_hz = f64::from(f0);
            let shelf = |x: f64| analogue_shelf_db(x, f64::from(gain_db));
            worst = worst.max(worst_db(&band(HIGH_SHELF, f0, gain_db, FRAC_1_SQRT_2), |hz| shelf(hz / f0_hz)));
            worst = worst.max(worst_db(&band(LOW_SHELF, f0, gain_db, FRAC_1_SQRT_2), |hz| shelf(f0_hz / hz)));
        }
    }
    Figure::new("Equalizer, shelves against the analogue curve", worst, 0.61, "dB")
}

/// A high shelf of Q 0.71 at this multiple of its middle.
fn analogue_shelf_db(x: f64, gain_db: f64) -> f64 {
    let a = 10.0_f64.powf(gain_db / 40.0);
    let side = 2.0 * a * x * x;
    gain_db / 2.0 + 10.0 * (((1.0 - a * x * x).powi(2) + side) / ((a - x * x).powi(2) + side)).log10()
}

/// A 55 Hz tone and noise through the equalizer against the same filter in 64-bit numbers.
fn rounding_db(settings: &[(&str, f32)], biquad: Biquad) -> f64 {
    let hiss = noise(5, 48_000);
    let signal: Vec<f32> = hiss
        .iter()
        .enumerate()
        .map(|(frame, hiss)| 0.2 * hiss + 0.5 * (std::f32::consts::TAU * 55.0 / 48_000.0 * frame as f32).sin())
        .collect();
    let Biquad { b, a } = biquad;
    let mut states = [0.0; 2];
    let exact = |sample: &f32| {
        let x = f64::from(*sample);
        let y = b[0] * x + states[0];
        states = [b[1] * x - a[0] * y + states[1], b[2] * x - a[1] * y];
        y
    };
    let wanted: Vec<f64> = signal.iter().map(exact).collect();
    let out = heard("equalizer", settings, &signal);
    let rest: f64 = out.iter().zip(&wanted).map(|(a, b)| (f64::from(*a) - b).powi(2)).sum();
    10.0 * (rest / wanted.iter().map(|value| value * value).sum::<f64>()).log10()
}

fn omega(hz: f64) -> f64 {
    std::f64::consts::TAU * hz / RATE_HZ
}

fn rounding_of_a_bell() -> Figure {
    let value = rounding_db(&band(BELL, 30.0, 6.0, 1.0), Biquad::bell(omega(30.0), 1.0, 6.0));
    Figure::new("Equalizer, error of 32-bit numbers: a bell at 30 Hz", value, -110.0, "dB")
}

fn rounding_of_a_cut() -> Figure {
    let design = Biquad::high_pass(omega(20.0), f64::from(FRAC_1_SQRT_2));
    let value = rounding_db(&band(LOW_CUT, 20.0, 0.0, FRAC_1_SQRT_2), design);
    Figure::new("Equalizer, error of 32-bit numbers: a low cut at 20 Hz", value, -95.0, "dB")
}

/// A boost and the same cut behind it, of every shape.
fn null() -> Figure {
    let signal: Vec<f32> = noise(3, 48_000).iter().map(|sample| 0.5 * sample).collect();
    let mut worst = f64::NEG_INFINITY;
    for shape in [BELL, LOW_SHELF, HIGH_SHELF] {
        for hz in [60.0, 1_000.0, 12_000.0] {
            let mut both = band(shape, hz, 9.0, 0.7).to_vec();
            both.extend([("band2_shape", shape), ("band2_frequency", hz), ("band2_gain", -9.0), ("band2_q", 0.7)]);
            worst = worst.max(difference_db(&heard("equalizer", &both, &signal), &signal));
        }
    }
    Figure::new("Equalizer, a boost and the same cut", worst, -110.0, "dB")
}

/// The magnitude in linear phase against the one in minimum phase, bands at least 25 bins wide.
fn linear_phase(phase: usize, taps: usize) -> Figure {
    let lowest = (25.0 * RATE_HZ / taps as f64) as f32;
    let settings = [
        ("band2_frequency", 2.0 * lowest),
        ("band2_q", 2.0),
        ("band2_gain", 12.0),
        ("band4_frequency", 3_000.0),
        ("band4_q", 5.0),
        ("band4_gain", -12.0),
        ("band6_frequency", 9_000.0),
        ("band6_gain", 6.0),
        ("phase", phase as f32),
    ];
    let mut impulse = vec![0.0; 2 * taps];
    impulse[0] = 1.0;
    let answer = heard("equalizer", &settings, &impulse);
    let worst = worst_db(&settings, |hz| {
        let turn = |frame: usize| omega(hz) * frame as f64;
        let (re, im) = answer.iter().enumerate().fold((0.0, 0.0), |(re, im), (frame, value)| {
            (re + f64::from(*value) * turn(frame).cos(), im + f64::from(*value) * turn(frame).sin())
        });
        20.0 * f64::hypot(re, im).log10()
    });
    Figure::new(format!("Equalizer, linear phase of {taps} taps against minimum phase"), worst, 0.05, "dB")
}
