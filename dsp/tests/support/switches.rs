//! How far a switch's output leaves the stretch between what both settled states give.

use dsp::params::{Flags, ParamSpec, ProcessorSpec};

use super::{Clip, made, run};

const RATE_HZ: f64 = 48_000.0;
const SETTLE_FRAMES: usize = 48_000;
/// As long as the slowest switch takes, and some more.
const AFTER_FRAMES: usize = 36_000;

fn part(clip: &Clip, frames: core::ops::Range<usize>) -> Clip {
    Clip { left: clip.left[frames.clone()].to_vec(), right: clip.right[frames].to_vec() }
}

/// What both settled states give after the moment of a switch, and what the switch gives.
struct Around {
    old: Clip,
    new: Clip,
    out: Clip,
}

fn around(spec: &ProcessorSpec, index: usize, from: f32, to: f32, input: &Clip) -> Around {
    let settled = |value| {
        let mut processor = made(spec.id, RATE_HZ, spec.presets[1].values);
        processor.set(index, value);
        processor.reset();
        processor
    };
    let whole = |value| part(&run(settled(value).as_mut(), input, 128), SETTLE_FRAMES..SETTLE_FRAMES + AFTER_FRAMES);
    let mut processor = settled(from);
    run(processor.as_mut(), &part(input, 0..SETTLE_FRAMES), 128);
    processor.set(index, to);
    let out = run(processor.as_mut(), &part(input, SETTLE_FRAMES..SETTLE_FRAMES + AFTER_FRAMES), 128);
    Around { old: whole(from), new: whole(to), out }
}

/// How far the output leaves the stretch between both settled states' outputs around a switch, at most.
pub fn excess(spec: &ProcessorSpec, index: usize, from: f32, to: f32, input: &Clip) -> f32 {
    let Around { old, new, out } = around(spec, index, from, to, input);
    let outside = |((y, a), b): ((&f32, &f32), &f32)| (y - a.max(*b)).max(a.min(*b) - y).max(0.0);
    out.samples().zip(old.samples()).zip(new.samples()).map(outside).fold(0.0, f32::max)
}

/// Switches of what the sound of before is still heard through, as repeats or as a tail: no moment's output is a mixture of two histories.
pub fn is_remembered(spec: &ProcessorSpec, param: &ParamSpec) -> bool {
    [("delay", "in_beats"), ("delay", "note"), ("delay", "ping_pong"), ("reverb", "kind")].contains(&(spec.id, param.id))
}

/// How much further the output goes from one frame to the next than both settled states' outputs ever do: a click is such a step.
pub fn step_excess(spec: &ProcessorSpec, index: usize, from: f32, to: f32, input: &Clip) -> f32 {
    let Around { old, new, out } = around(spec, index, from, to, input);
    let largest = |clip: &Clip| {
        let sides = [&clip.left, &clip.right];
        sides.iter().flat_map(|side| side.windows(2)).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max)
    };
    (largest(&out) - largest(&old).max(largest(&new))).max(0.0)
}

/// Stands for music: three plucked notes of eight partials each, every quarter of a second.
pub fn plucks(frames: usize) -> Clip {
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

/// What is switched: a steady sine, and what stands for music.
pub fn inputs() -> [Clip; 2] {
    let frames = SETTLE_FRAMES + AFTER_FRAMES;
    [Clip::sine(frames, RATE_HZ, 441.0, 0.5), plucks(frames)]
}

/// A processor's switches, of bands that are alike those of the first.
pub fn switches(spec: &'static ProcessorSpec) -> impl Iterator<Item = (usize, &'static ParamSpec)> {
    let first_group = spec.params.iter().map(|param| param.group).find(|group| !group.is_empty()).unwrap_or("");
    spec.params.iter().enumerate().filter(move |(_, param)| {
        let is_alike = !param.group.is_empty() && param.group != first_group;
        // Another latency is another time: both states' outputs are no longer of the same sound.
        !is_alike && param.is_discrete() && !param.flags.has(Flags::AFFECTS_LATENCY)
    })
}
