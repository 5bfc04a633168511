//! Saturator, clipper and imager.

use realfft::RealFftPlanner;

use super::signal::{heard, noise, run, sine};
use super::{Figure, RATE_HZ};

/// All of them.
pub fn figures() -> Vec<Figure> {
    let driven = |style: f32, doublings: f32| [("style", style), ("drive", 20.0), ("oversampling", doublings), ("level_match", 0.0)];
    let alias = |name: &str, id: &str, settings: &[(&str, f32)], limit| Figure::new(name, alias_db(id, settings), limit, "dB");
    vec![
        alias("Saturator, aliases to harmonics: tanh, 4186 Hz, +20 dB, 4x", "saturator", &driven(3.0, 2.0), -66.0),
        alias("Saturator, aliases to harmonics: hard clip, 4186 Hz, +20 dB, 4x", "saturator", &driven(4.0, 2.0), -80.0),
        alias("Clipper, aliases to harmonics: hard knee, 4186 Hz, +20 dB, 4x", "clipper", &[("gain", 20.0)], -80.0),
        mono_sum(),
    ]
}

/// Power that is no harmonic of 4186 Hz against power that is one, 20 Hz to 20 kHz.
fn alias_db(id: &str, settings: &[(&str, f32)]) -> f64 {
    const HZ: usize = 4_186;
    // A second settles, the next one is looked at: a bin is a hertz.
    let second = RATE_HZ as usize;
    let out = heard(id, settings, &sine(2 * second, HZ as f64, 1.0));
    let forward = RealFftPlanner::<f64>::new().plan_fft_forward(second);
    let mut input: Vec<f64> = out[second..].iter().map(|sample| f64::from(*sample)).collect();
    let mut bins = forward.make_output_vec();
    forward.process(&mut input, &mut bins).unwrap_or_else(|error| panic!("{error}"));
    let (mut harmonics, mut rest) = (0.0, 0.0);
    for (bin, value) in bins.iter().enumerate().take(20_001).skip(20) {
        *(if bin % HZ == 0 { &mut harmonics } else { &mut rest }) += value.norm_sqr();
    }
    10.0 * (rest / harmonics).log10()
}

/// What the imager changes of left + right while it widens, narrows and makes the lows mono.
fn mono_sum() -> Figure {
    let (left, right) = (noise(7, 96_000), noise(8, 96_000));
    let (mut out_left, mut out_right) = (left.clone(), right.clone());
    let settings = [("bands", 3.0), ("width1", 30.0), ("width2", 160.0), ("width4", 200.0), ("mono_on", 1.0)];
    run("imager", &settings, &mut out_left, &mut out_right);
    let sum = |left: &[f32], right: &[f32]| -> Vec<f64> { left.iter().zip(right).map(|(l, r)| f64::from(*l) + f64::from(*r)).collect() };
    let (before, after) = (sum(&left, &right), sum(&out_left, &out_right));
    let change: f64 = before.iter().zip(&after).map(|(a, b)| (a - b).powi(2)).sum();
    let value = 10.0 * (change / before.iter().map(|value| value * value).sum::<f64>()).log10();
    Figure::new("Imager, change of the mono sum", value, -120.0, "dB")
}
