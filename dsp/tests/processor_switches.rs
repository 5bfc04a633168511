//! Switches cross over: around each one the output lies between what both settled states give.

mod support;

use dsp::params::{Flags, ProcessorSpec};
use dsp::processors::SPECS;
use support::{Clip, made, run};

const RATE_HZ: f64 = 48_000.0;
const SETTLE_FRAMES: usize = 48_000;
const AFTER_FRAMES: usize = 24_000;

fn part(clip: &Clip, frames: core::ops::Range<usize>) -> Clip {
    Clip { left: clip.left[frames.clone()].to_vec(), right: clip.right[frames].to_vec() }
}

/// How far the output leaves the stretch between both settled states' outputs around a switch, at most.
fn excess(spec: &ProcessorSpec, index: usize, from: f32, to: f32, input: &Clip) -> f32 {
    let settled = |value| {
        let mut processor = made(spec.id, RATE_HZ, spec.presets[1].values);
        processor.set(index, value);
        processor.reset();
        processor
    };
    let whole = |value| part(&run(settled(value).as_mut(), input, 128), SETTLE_FRAMES..SETTLE_FRAMES + AFTER_FRAMES);
    let (old, new) = (whole(from), whole(to));
    let mut processor = settled(from);
    run(processor.as_mut(), &part(input, 0..SETTLE_FRAMES), 128);
    processor.set(index, to);
    let out = run(processor.as_mut(), &part(input, SETTLE_FRAMES..SETTLE_FRAMES + AFTER_FRAMES), 128);
    let outside = |y: f32, a: f32, b: f32| (y - a.max(b)).max(a.min(b) - y).max(0.0);
    let left = (0..AFTER_FRAMES).map(|at| outside(out.left[at], old.left[at], new.left[at])).fold(0.0, f32::max);
    (0..AFTER_FRAMES).map(|at| outside(out.right[at], old.right[at], new.right[at])).fold(left, f32::max)
}

/// Stands for music: three plucked notes of eight partials each, every quarter of a second.
fn plucks(frames: usize) -> Clip {
    let side = |detune: f64| -> Vec<f32> {
        (0..frames)
            .map(|frame| {
                let seconds = frame as f64 / RATE_HZ;
                let since = seconds % 0.25;
                let notes = [110.0, 164.8, 277.2].iter().enumerate().map(|(note, hz)| {
                    let partial = |n: i32| libm::sin(2.0 * std::f64::consts::PI * hz * detune * f64::from(n) * seconds) / f64::from(n);
                    (1..=8).map(partial).sum::<f64>() * libm::exp(-since * (6.0 + note as f64)) * (since * 200.0).min(1.0)
                });
                (0.15 * notes.sum::<f64>()) as f32
            })
            .collect()
    };
    Clip { left: side(1.0), right: side(1.003) }
}

/// −60 dBFS.
const BOUND: f32 = 1e-3;

/// Switches that leave the stretch further, and by how much at most: what was switched remembers sound of before (repeats, a tail, a
/// release, filters that begin from rest), so no moment's output is a mixture of two histories.
const REMEMBERING: &[(&str, &str, f32)] = &[
    ("equalizer", "band1_on", 0.01),
    ("equalizer", "band1_shape", 0.01),
    ("equalizer", "band1_placement", 0.01),
    ("equalizer", "band1_dynamic", 0.01),
    ("compressor", "key_filter", 0.01),
    ("multiband", "slope", 0.03),
    ("multiband", "band1_on", 0.01),
    ("imager", "mono_on", 0.01),
    ("saturator", "style", 0.03),
    ("delay", "in_beats", 0.03),
    ("delay", "note", 0.03),
    ("reverb", "kind", 0.1),
    ("utility", "remove_dc", 0.01),
];

#[test]
fn around_a_switch_the_output_lies_between_what_both_settled_states_give() {
    let frames = SETTLE_FRAMES + AFTER_FRAMES;
    let inputs = [Clip::sine(frames, RATE_HZ, 441.0, 0.5), plucks(frames)];
    for spec in SPECS {
        let first_group = spec.params.iter().map(|param| param.group).find(|group| !group.is_empty()).unwrap_or("");
        for (index, param) in spec.params.iter().enumerate() {
            let is_alike = !param.group.is_empty() && param.group != first_group;
            // Another latency is another time: both states' outputs are no longer of the same sound.
            if is_alike || !param.is_discrete() || param.flags.has(Flags::AFFECTS_LATENCY) {
                continue;
            }
            let remembered = REMEMBERING.iter().find(|(id, name, _)| *id == spec.id && *name == param.id);
            let bound = remembered.map_or(BOUND, |(_, _, bound)| *bound);
            for (from, to) in [(param.min, param.max), (param.max, param.min)] {
                for input in &inputs {
                    let excess = excess(spec, index, from, to, input);
                    assert!(excess <= bound, "{} {} from {from} to {to}: {excess}", spec.id, param.id);
                }
            }
        }
    }
}
