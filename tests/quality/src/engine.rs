//! The engine: moving controls, and paths of different length that meet again.

use std::f64::consts::TAU;

use dsp::engine::{EngineOptions, strip_param};
use dsp::processors::{build, spec};
use dsp::protocol::{Address, InsertId, Segment, StripKind};
use realfft::RealFftPlanner;

use super::studio::{Sound, Studio, difference_db, noise, strip_param as of_strip};
use super::{Figure, RATE_HZ};

/// The tone that is listened to while a control moves.
const TONE_HZ: f64 = 1_000.0;
/// Around the tone lies what moving a gain must give; beyond lies what nobody asked for.
const SIDEBAND_HZ: f64 = 200.0;
/// What is looked at lies within one tenth of a second: where a lane turns, a corner is asked for.
const LOOKED_AT: usize = 1 << 12;
const FRAMES: usize = 1 << 16;
/// Stands for no difference at all.
const NOTHING_DB: f64 = -200.0;

/// All of them.
pub fn figures() -> Vec<Figure> {
    let zipper = |name: &str, value| Figure::new(format!("Zipper noise, {name} moved every 100 ms"), value, -90.0, "dBFS");
    let insert = |id: &str, values: &[(&str, f32)], moved: &str, range| inserted_zipper_db(id, values, moved, range);
    vec![
        zipper("a fader from -20 to 0 dB", strip_zipper_db(strip_param::VOLUME, [-20.0, 0.0])),
        zipper("a pan from left to right", strip_zipper_db(strip_param::PAN, [-100.0, 100.0])),
        zipper("a bell's gain from -12 to 12 dB", insert("equalizer", &[("band4_frequency", 1_000.0)], "band4_gain", [-12.0, 12.0])),
        zipper("a bell's frequency from 500 Hz to 2 kHz", insert("equalizer", &[("band4_gain", 6.0)], "band4_frequency", [500.0, 2_000.0])),
        zipper("a gain from -20 to 0 dB", insert("utility", &[], "gain", [-20.0, 0.0])),
        Figure::new("Parallel paths of different latency, what is left of their difference", parallel_db(), -120.0, "dBFS"),
    ]
}

fn tone() -> Sound {
    Box::new(|frame| [(0.5 * (TAU * TONE_HZ * frame as f64 / RATE_HZ).sin()) as f32; 2])
}

/// Plays a tone while a lane goes to and fro in tenths of a second.
fn zipper_db(studio: &mut Studio, address: Address, range: [f32; 2]) -> f64 {
    let every = RATE_HZ as u64 / 10;
    let points: Vec<(u64, f32, Segment)> = (0..30).map(|at| (at * every, range[at as usize % 2], Segment::Linear)).collect();
    studio.lane(address, &points);
    let tap = studio.play_and_render(1, 0, 30 * every as usize);
    let worst = |worst: f64, turn: usize| {
        let start = turn * every as usize + (every as usize - LOOKED_AT) / 2;
        worst.max(beyond_db(tap[start..start + LOOKED_AT].iter().map(|frame| f64::from(frame[0])).collect()))
    };
    (1..29).fold(f64::NEG_INFINITY, worst)
}

/// The power outside the tone and its sidebands under a steep window, in dBFS of a sine.
fn beyond_db(mut samples: Vec<f64>) -> f64 {
    let length = samples.len() as f64;
    let mut window_power = 0.0;
    for (at, sample) in samples.iter_mut().enumerate() {
        // Blackman-Harris: its sides lie under −92 dB from four bins on.
        let phase = TAU * at as f64 / length;
        let window = 0.358_75 - 0.488_29 * phase.cos() + 0.141_28 * (2.0 * phase).cos() - 0.011_68 * (3.0 * phase).cos();
        *sample *= window;
        window_power += window * window / length;
    }
    let forward = RealFftPlanner::<f64>::new().plan_fft_forward(samples.len());
    let mut bins = forward.make_output_vec();
    forward.process(&mut samples, &mut bins).unwrap_or_else(|error| panic!("{error}"));
    let hz = |bin: usize| bin as f64 * RATE_HZ / length;
    let beyond = bins.iter().enumerate().filter(|(bin, _)| (hz(*bin) - TONE_HZ).abs() > SIDEBAND_HZ);
    let power = 2.0 * beyond.map(|(_, value)| value.norm_sqr()).sum::<f64>() / (length * length * window_power);
    10.0 * (2.0 * power).log10()
}

fn strip_zipper_db(param: usize, range: [f32; 2]) -> f64 {
    let mut studio = Studio::new(vec![tone()]);
    // Balance, the usual law, has a corner in the centre on purpose.
    studio.set(1, strip_param::PAN_LAW, 1.0);
    zipper_db(&mut studio, of_strip(1, param), range)
}

/// A processor's values in order, some of them changed.
fn values(id: &str, changes: &[(&str, f32)]) -> Vec<f32> {
    let Some(spec) = spec(id) else { panic!("there is no processor {id}") };
    let value =
        |param: &dsp::params::ParamSpec| changes.iter().find(|change| change.0 == param.id).map_or(param.default, |change| change.1);
    spec.params.iter().map(value).collect()
}

fn inserted_zipper_db(id: &str, changes: &[(&str, f32)], moved: &str, range: [f32; 2]) -> f64 {
    let mut studio = Studio::built_by(build, vec![tone()], EngineOptions::default());
    studio.insert(1, 1, id, &values(id, changes));
    let Some(index) = spec(id).and_then(|spec| spec.index_of(moved)) else { panic!("{id} has no parameter {moved}") };
    zipper_db(&mut studio, Address::Insert(InsertId(1), index as u16), range)
}

/// Noise straight to the master, less the same noise through a group, a limiter that does nothing and a send.
fn parallel_db() -> f64 {
    let mut studio = Studio::built_by(build, vec![noise(3), noise(3)], EngineOptions::default());
    studio.add(50, StripKind::Group);
    studio.output(2, 50);
    studio.insert(50, 1, "limiter", &values("limiter", &[("ceiling", 0.0), ("true_peak", 0.0)]));
    studio.insert(50, 2, "utility", &values("utility", &[("polarity_left", 1.0), ("polarity_right", 1.0)]));
    let tap = studio.play_and_render(1, 0, FRAMES);
    difference_db(&tap, &vec![[0.0; 2]; tap.len()]).max(NOTHING_DB)
}
