//! `cargo xtask quality`: the sound's figures, measured now, each against its limit; writes `target/quality.json`.
//!
//! A figure is here when its measurement is: what is not measured is not printed.

use std::f64::consts::TAU;
use std::process::ExitCode;

use dsp::meters::MasterMeter;
use dsp::processors::{MAX_FRAMES, Stereo, build, equalizer, spec};
use realfft::RealFftPlanner;
use tests::fixtures::noise;
use tests::places;

const RATE_HZ: f64 = 48_000.0;

struct Figure {
    name: &'static str,
    value: f64,
    limit: f64,
    unit: &'static str,
}

fn main() -> ExitCode {
    let figures = [
        bells_against_analogue(),
        static_curve(),
        ceiling("Limiter, above the ceiling: tone bursts at +5 dBTP", bursts()),
        ceiling("Limiter, above the ceiling: 20 kHz noise at +5 dBTP", hiss()),
        loudness(),
    ];
    let mut failed = 0;
    for figure in &figures {
        let passes = figure.value <= figure.limit;
        failed += usize::from(!passes);
        println!(
            "{:56} {:>9.4} {:4} limit {:>7.3}  {}",
            figure.name,
            figure.value,
            figure.unit,
            figure.limit,
            if passes { "pass" } else { "FAIL" }
        );
    }
    let rows: Vec<_> = figures
        .iter()
        .map(|figure| serde_json::json!({ "name": figure.name, "value": figure.value, "limit": figure.limit, "unit": figure.unit, "pass": figure.value <= figure.limit }))
        .collect();
    let path = places::root().join("target/quality.json");
    if let Err(error) = std::fs::write(&path, serde_json::Value::from(rows).to_string()) {
        eprintln!("{}: {error}", path.display());
        failed += 1;
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Bells of ±12 dB, Q 0.5 to 10, 20 Hz to 18 kHz, against the analogue prototype from 20 Hz to 20 kHz.
fn bells_against_analogue() -> Figure {
    let mut worst: f64 = 0.0;
    for f0 in [20.0, 100.0, 1_000.0, 5_000.0, 10_000.0, 15_000.0, 18_000.0] {
        for q in [0.5, 0.7, 2.0, 10.0] {
            for gain_db in [-12.0, 12.0] {
                let values = equalizer_values(&[
                    ("band1_on", 1.0),
                    ("band1_shape", 0.0),
                    ("band1_frequency", f0),
                    ("band1_gain", gain_db),
                    ("band1_q", q),
                ]);
                for step in 0..=300 {
                    let hz = 20.0 * 1000.0_f64.powf(f64::from(step) / 300.0);
                    let drawn = f64::from(equalizer::response_db(&values, RATE_HZ, hz));
                    worst = worst.max((drawn - analogue_bell_db(hz / f64::from(f0), f64::from(q), f64::from(gain_db))).abs());
                }
            }
        }
    }
    Figure { name: "Equalizer, bells against the analogue curve", value: worst, limit: 0.61, unit: "dB" }
}

fn equalizer_values(changes: &[(&str, f32)]) -> Vec<f32> {
    let mut values: Vec<f32> = equalizer::SPEC.params.iter().map(|param| param.default).collect();
    for (id, value) in changes {
        if let Some(index) = equalizer::SPEC.index_of(id) {
            values[index] = *value;
        }
    }
    values
}

fn analogue_bell_db(x: f64, q: f64, gain_db: f64) -> f64 {
    let a = 10.0_f64.powf(gain_db / 40.0);
    let power = |width: f64| (1.0 - x * x).powi(2) + (width * x).powi(2);
    10.0 * (power(a / q) / power(1.0 / (a * q))).log10()
}

/// Runs a processor with these values over two channels.
fn run(id: &str, changes: &[(&str, f32)], left: &mut [f32], right: &mut [f32]) {
    let (Some(mut processor), Some(spec)) = (build(id, RATE_HZ), spec(id)) else { panic!("there is no processor {id}") };
    for (param, value) in changes {
        let index = spec.index_of(param).unwrap_or_else(|| panic!("{id} has no parameter {param}"));
        processor.set(index, *value);
    }
    processor.reset();
    for (left, right) in left.chunks_mut(MAX_FRAMES).zip(right.chunks_mut(MAX_FRAMES)) {
        processor.process(Stereo { left, right }, None);
    }
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
    Figure { name: "Compressor, static curve, -80 to 0 dBFS", value: worst, limit: 0.01, unit: "dB" }
}

const FRAMES: usize = 1 << 16;

/// Tone bursts from 500 Hz to 19.8 kHz with raised-cosine edges.
fn bursts() -> Vec<f32> {
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
fn hiss() -> Vec<f32> {
    let limited = resampled(&noise(31, FRAMES), 20_000.0, 1);
    let edge = |frame: usize| (frame.min(FRAMES - 1 - frame) as f64 / 4_096.0).min(1.0);
    limited.iter().enumerate().map(|(frame, sample)| (sample * edge(frame) * edge(frame)) as f32).collect()
}

/// The signal without anything above `highest_hz`, at `factor` times the rate, through one long FFT.
fn resampled(samples: &[f32], highest_hz: f64, factor: usize) -> Vec<f64> {
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

fn true_peak_db(samples: &[f32]) -> f64 {
    20.0 * resampled(samples, RATE_HZ, 16).iter().fold(0.0, |peak: f64, value| peak.max(value.abs())).log10()
}

/// How far the limiter's output is above its ceiling of −1 dBTP, by sixteenfold interpolation.
fn ceiling(name: &'static str, signal: Vec<f32>) -> Figure {
    let gain = 10.0_f64.powf((5.0 - true_peak_db(&signal)) / 20.0) as f32;
    let mut left: Vec<f32> = signal.iter().map(|sample| sample * gain).collect();
    let mut right = left.clone();
    run("limiter", &[("ceiling", -1.0)], &mut left, &mut right);
    Figure { name, value: true_peak_db(&left) + 1.0, limit: 0.03, unit: "dB" }
}

/// EBU Tech 3341, cases 1 to 5: the greatest distance of the integrated loudness from what is expected.
fn loudness() -> Figure {
    let cases: [(&[(f64, f64)], f64); 5] = [
        (&[(20.0, -23.0)], -23.0),
        (&[(20.0, -33.0)], -33.0),
        (&[(10.0, -36.0), (60.0, -23.0), (10.0, -36.0)], -23.0),
        (&[(10.0, -72.0), (10.0, -36.0), (60.0, -23.0), (10.0, -36.0), (10.0, -72.0)], -23.0),
        (&[(20.0, -26.0), (20.1, -20.0), (20.0, -26.0)], -23.0),
    ];
    let worst = cases.iter().map(|(steps, want)| (integrated(steps) - want).abs()).fold(0.0, f64::max);
    Figure { name: "Loudness, EBU Tech 3341 cases 1 to 5", value: worst, limit: 0.1, unit: "LU" }
}

fn integrated(steps: &[(f64, f64)]) -> f64 {
    let mut meter = MasterMeter::new(RATE_HZ);
    let mut phase = 0;
    for (seconds, level_db) in steps {
        let amplitude = 10.0_f64.powf(level_db / 20.0);
        let frames = (seconds * RATE_HZ) as usize;
        let tone: Vec<f32> =
            (phase..phase + frames).map(|frame| (amplitude * (TAU * 1000.0 * frame as f64 / RATE_HZ).sin()) as f32).collect();
        meter.process(&tone, &tone);
        phase += frames;
    }
    meter.integrated_lufs()
}
