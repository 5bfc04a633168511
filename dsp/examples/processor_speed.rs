//! Prints what each processor costs at work: nanoseconds per stereo frame, the least of many runs.
//!
//! `cargo run --release -p dsp --example processor_speed`

use std::time::Instant;

use dsp::engine::BLOCK_FRAMES;
use dsp::processors::{Processor, Stereo, build};

const RATE_HZ: f64 = 48_000.0;
/// Blocks in a run, and runs of which the fastest counts.
const BLOCKS: usize = 32;
const RUNS: usize = 600;

/// Seeded noise with a slow swell, so that dynamics move.
fn signal() -> Vec<f32> {
    let mut state = 1u32;
    (0..BLOCKS * BLOCK_FRAMES)
        .map(|frame| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let swell = 0.5 + 0.45 * libm::sin(frame as f64 * 3e-4) as f32;
            swell * ((state >> 8) as f32 / (1 << 23) as f32 - 1.0)
        })
        .collect()
}

fn made(id: &str, values: &[(&str, f32)]) -> Box<dyn Processor> {
    let mut processor = build(id, RATE_HZ).expect("a processor");
    for (param, value) in values {
        let index = processor.spec().index_of(param).expect("a parameter");
        processor.set(index, *value);
    }
    processor.reset();
    processor
}

fn measure(name: &str, id: &str, values: &[(&str, f32)], moving: Option<(&str, [f32; 2])>) {
    let mut processor = made(id, values);
    let moving = moving.map(|(param, ends)| (processor.spec().index_of(param).expect("a parameter"), ends));
    let source = signal();
    let (mut left, mut right) = (source.clone(), source.clone());
    let mut fastest = f64::MAX;
    for _ in 0..RUNS {
        left.copy_from_slice(&source);
        right.copy_from_slice(&source);
        let start = Instant::now();
        for (block, (l, r)) in left.chunks_mut(BLOCK_FRAMES).zip(right.chunks_mut(BLOCK_FRAMES)).enumerate() {
            if let Some((index, ends)) = moving {
                processor.set(index, ends[block % 2]);
            }
            processor.process(Stereo { left: l, right: r }, None);
        }
        fastest = fastest.min(start.elapsed().as_nanos() as f64);
    }
    let frame_ns = fastest / source.len() as f64;
    println!("{name:<36} {frame_ns:7.2} ns/frame {:8.3} µs/block", frame_ns * BLOCK_FRAMES as f64 / 1000.0);
}

fn main() {
    let eight: Vec<(String, f32)> = (1..=12)
        .map(|band| (format!("band{band}_on"), f32::from(u8::from(!(7..=10).contains(&band)))))
        .chain((1..=12).map(|band| (format!("band{band}_gain"), 3.0)))
        .collect();
    let eight: Vec<(&str, f32)> = eight.iter().map(|(id, value)| (id.as_str(), *value)).collect();
    measure("equalizer, nothing at work", "equalizer", &[], None);
    measure("equalizer, 2 bands", "equalizer", &[("band1_gain", 3.0), ("band2_gain", 3.0)], None);
    measure("equalizer, 8 bands", "equalizer", &eight, None);
    measure("equalizer, 8 bands, one gliding", "equalizer", &eight, Some(("band3_gain", [3.0, 4.0])));
    measure("equalizer, 8 bands, all gliding", "equalizer", &eight, Some(("gain_scale", [90.0, 100.0])));
    let dynamic: Vec<(&str, f32)> = eight.iter().copied().chain([("band3_dynamic", 1.0)]).collect();
    measure("equalizer, 8 bands, one dynamic", "equalizer", &dynamic, None);
    let linear = |phase| eight.iter().copied().chain([("phase", phase)]).collect::<Vec<(&str, f32)>>();
    measure("equalizer, linear, 4k taps", "equalizer", &linear(1.0), None);
    measure("equalizer, linear, 64k taps", "equalizer", &linear(3.0), None);
    measure("equalizer, linear, 64k taps, moving", "equalizer", &linear(3.0), Some(("band3_gain", [3.0, 4.0])));
    measure("compressor", "compressor", &[], None);
    measure("compressor, RMS, key filter", "compressor", &[("detector", 1.0), ("key_filter", 1.0)], None);
    measure("gate, key filter", "gate", &[("key_filter", 1.0)], None);
    measure("de-esser", "deesser", &[("threshold", -30.0)], None);
    measure("transient shaper", "transient", &[("attack", 50.0), ("sustain", -30.0)], None);
    measure("delay, ducking", "delay", &[("ducking", 6.0), ("ping_pong", 1.0)], None);
    measure("reverb", "reverb", &[], None);
    measure("limiter, below the ceiling", "limiter", &[("ceiling", 0.0)], None);
    measure("limiter, at work", "limiter", &[("gain", 9.0)], None);
    let three = [("band1_ratio", 2.0), ("band2_ratio", 2.0), ("band3_ratio", 2.0)];
    measure("multiband, at rest", "multiband", &[], None);
    measure("multiband, 3 bands", "multiband", &three, None);
    measure("multiband, 6 bands, 48 dB/oct", "multiband", &[("bands", 4.0), ("slope", 4.0), ("band1_ratio", 2.0)], None);
    measure("imager, 3 bands, mono lows", "imager", &[("width3", 120.0), ("mono_on", 1.0)], None);
    measure("saturator, tape, 4×", "saturator", &[("drive", 6.0)], None);
    measure("saturator, tanh, 4×", "saturator", &[("drive", 6.0), ("style", 3.0)], None);
    measure("saturator, hard clip, 4×", "saturator", &[("drive", 6.0), ("style", 4.0)], None);
    measure("clipper, at work, 4×", "clipper", &[("gain", 6.0)], None);
    measure("clipper, below, 4×", "clipper", &[], None);
    measure("utility", "utility", &[("width", 120.0)], None);
}
