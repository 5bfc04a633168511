//! What files go through: resampling, decoding, dither.

use std::f64::consts::TAU;
use std::io::Cursor;

use media::decode::{Decoder, Samples};
use media::delivery::{Quantiser, header};
use media::resample::{Resampler, Sample};
use session::model::SampleFormat;
use session::worker::Dither;

use super::Figure;
use super::signal::noise;

/// Rates between which files come and go.
const CONVERSIONS: [(u32, u32); 5] = [(96_000, 44_100), (96_000, 48_000), (48_000, 44_100), (44_100, 48_000), (192_000, 44_100)];
/// Frames at both ends that the filter's ringing reaches.
const EDGE: usize = 16_384;

/// All of them.
pub fn figures() -> Vec<Figure> {
    let mut figures = vec![
        Figure::new("Resampling, THD+N in 64-bit numbers", worst_distortion_db::<f64>(), -170.0, "dB"),
        Figure::new("Resampling, THD+N as stored", worst_distortion_db::<f32>(), -145.0, "dB"),
        Figure::new("Resampling, aliases in 64-bit numbers", worst_alias_db::<f64>(), -170.0, "dB"),
        Figure::new("Resampling, aliases as stored", worst_alias_db::<f32>(), -145.0, "dB"),
        Figure::new("Decoding, 16-bit samples that are not n / 2^15", inexact(SampleFormat::I16, 16), 0.0, ""),
        Figure::new("Decoding, 24-bit samples that are not n / 2^23", inexact(SampleFormat::I24, 24), 0.0, ""),
    ];
    for bits in [16, 24] {
        let [mean, power] = dither_moments(bits);
        figures.push(Figure::new(format!("Dither at {bits} bits, mean of the error over signals"), mean, 0.01, "LSB"));
        figures.push(Figure::new(format!("Dither at {bits} bits, spread of the error's power over signals"), power, 2.0, "%"));
    }
    figures.push(Figure::new("Dither, noise on digital silence", noise_on_silence(), 0.0, "LSB"));
    figures
}

fn resampled<S: Sample>(hz: f64, from_hz: u32, to_hz: u32) -> Vec<S> {
    let Some(mut resampler) = Resampler::new(from_hz, to_hz, 1) else { panic!("{from_hz} to {to_hz} Hz") };
    let input: Vec<S> = (0..2 * from_hz).map(|at| S::nearest((TAU * hz * f64::from(at) / f64::from(from_hz)).sin())).collect();
    let mut out = Vec::new();
    resampler.push(&input, &mut out);
    resampler.finish(&mut out);
    out.drain(..EDGE);
    out.truncate(out.len() - EDGE);
    out
}

fn worst_distortion_db<S: Sample>() -> f64 {
    let mut worst = f64::NEG_INFINITY;
    for (from_hz, to_hz) in CONVERSIONS {
        for hz in [100.0, 997.0, 10_000.0, 18_000.0] {
            let out = resampled::<S>(hz, from_hz, to_hz);
            worst = worst.max(rest_db(&out, hz / f64::from(to_hz)));
        }
    }
    worst
}

/// Everything but the sine, against the sine.
fn rest_db<S: Sample>(samples: &[S], periods_a_frame: f64) -> f64 {
    let turn = |at: usize| (TAU * periods_a_frame * (at + EDGE) as f64).sin_cos();
    let (mut ss, mut sc, mut cc, mut sx, mut cx) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (at, sample) in samples.iter().enumerate() {
        let ((s, c), x): ((f64, f64), f64) = (turn(at), (*sample).into());
        (ss, sc, cc, sx, cx) = (ss + s * s, sc + s * c, cc + c * c, sx + s * x, cx + c * x);
    }
    let scale = 1.0 / (ss * cc - sc * sc);
    let (a, b) = ((sx * cc - cx * sc) * scale, (cx * ss - sx * sc) * scale);
    let (mut rest, mut tone) = (0.0, 0.0);
    for (at, sample) in samples.iter().enumerate() {
        let ((s, c), x): ((f64, f64), f64) = (turn(at), (*sample).into());
        let fit = a * s + b * c;
        rest += (x - fit) * (x - fit);
        tone += fit * fit;
    }
    10.0 * (rest / tone).log10()
}

/// Tones above the new band, whatever is left of them.
fn worst_alias_db<S: Sample>() -> f64 {
    let tones = [(96_000, 48_000, 25_000.0), (96_000, 48_000, 40_000.0), (96_000, 44_100, 23_500.0), (48_000, 44_100, 22_800.0)];
    let level = |(from_hz, to_hz, hz)| {
        let out = resampled::<S>(hz, from_hz, to_hz);
        let power: f64 = out.iter().map(|sample| (*sample).into().powi(2)).sum::<f64>() / out.len() as f64;
        10.0 * (2.0 * power).log10()
    };
    tones.into_iter().map(level).fold(f64::NEG_INFINITY, f64::max)
}

/// Every value of a WAV file's integers (of 24 bits every 251st).
fn inexact(format: SampleFormat, bits: u32) -> f64 {
    let (half, step) = (1_i32 << (bits - 1), if bits == 16 { 1 } else { 251 });
    let values: Vec<i32> = (-half..half).step_by(step).collect();
    let width = bits as usize / 8;
    let mut bytes = header(format, 48_000, 1, (values.len() * width) as u64);
    values.iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()[..width]));
    let mut decoder = Decoder::open(Box::new(Cursor::new(bytes)), "integers").unwrap_or_else(|error| panic!("{error}"));
    let mut decoded = Vec::new();
    while let Some(piece) = decoder.next("integers").unwrap_or_else(|error| panic!("{error}")) {
        decoded.extend(Samples::to_float(&piece, decoder.spec().format));
    }
    let is_exact = |(value, sample): (&i32, &f32)| f64::from(*sample) == f64::from(*value) / f64::from(half);
    let exact = values.iter().zip(&decoded).filter(|pair| is_exact(*pair)).count();
    (values.len().max(decoded.len()) - exact) as f64
}

/// Largest mean of the triangularly dithered error, and spread of its power, over signals from a fraction of a step to full scale.
fn dither_moments(bits: u32) -> [f64; 2] {
    const FRAMES: usize = 1 << 19;
    let step = 1.0 / f64::from(1_u32 << (bits - 1));
    let tone = |level: f64| (0..FRAMES).map(|at| (level * (0.131 * at as f64).sin()) as f32).collect::<Vec<_>>();
    let hiss: Vec<f32> = noise(11, FRAMES).iter().map(|sample| 0.5 * sample).collect();
    let signals =
        [vec![(0.25 * step) as f32; FRAMES], vec![(0.5 * step) as f32; FRAMES], tone(0.7 * step), tone(20.0 * step), tone(0.9), hiss];
    let (mut mean, mut lowest, mut highest) = (0.0_f64, f64::INFINITY, 0.0_f64);
    for signal in signals {
        let mut quantiser = Quantiser::new(bits, 1, Dither::Triangular, 5);
        let errors: Vec<f64> = signal.iter().map(|x| f64::from(quantiser.round(*x)) - f64::from(*x) / step).collect();
        mean = mean.max((errors.iter().sum::<f64>() / FRAMES as f64).abs());
        let power = errors.iter().map(|error| error * error).sum::<f64>() / FRAMES as f64;
        (lowest, highest) = (lowest.min(power), highest.max(power));
    }
    [mean, 100.0 * (highest / lowest - 1.0)]
}

fn noise_on_silence() -> f64 {
    let kinds = [Dither::Triangular, Dither::ShapedGentle, Dither::ShapedMedium, Dither::ShapedStrong];
    let loudest = |dither| {
        let mut quantiser = Quantiser::new(16, 2, dither, 9);
        (0..96_000).map(|_| quantiser.round(0.0).abs()).max().unwrap_or(0)
    };
    kinds.into_iter().map(loudest).max().map_or(f64::NAN, f64::from)
}
