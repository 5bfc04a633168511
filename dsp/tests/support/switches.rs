//! How far a switch's output leaves the stretch between what both settled states give.

use std::ops::Range;

use dsp::params::{Flags, ParamSpec, ProcessorSpec};
use dsp::processors::Processor;

use super::{Clip, made, run};

const RATE_HZ: f64 = 48_000.0;
/// At its end the switch is over.
const OVER_FRAMES: usize = 2_400;

/// When switches are thrown, and how long they are listened to: as long as the slowest takes, and some more.
pub struct Moments {
    pub frames: &'static [usize],
    pub after_frames: usize,
}

/// Early in a play.
pub const SOON: Moments = Moments { frames: &[24_000, 50_400], after_frames: 62_400 };
/// When more has been played than an understudy is told of the past, for what remembers for seconds.
pub const LATE: Moments = Moments { frames: &[333_333], after_frames: 200_000 };

impl Moments {
    /// What is switched: a steady sine, and what stands for music.
    pub fn inputs(&self) -> [Clip; 2] {
        let frames = self.frames.iter().copied().max().unwrap_or(0) + self.after_frames;
        [Clip::sine(frames, RATE_HZ, 441.0, 0.5), plucks(frames)]
    }
}

/// Whether a processor remembers for seconds.
pub fn remembers(spec: &ProcessorSpec) -> bool {
    ["saturator", "delay", "reverb"].contains(&spec.id)
}

fn part(clip: &Clip, frames: Range<usize>) -> Clip {
    Clip { left: clip.left[frames.clone()].to_vec(), right: clip.right[frames].to_vec() }
}

fn settled(spec: &ProcessorSpec, index: usize, value: f32) -> Box<dyn Processor> {
    let mut processor = made(spec.id, RATE_HZ, spec.presets[1].values);
    processor.set(index, value);
    processor.reset();
    processor
}

/// A switch between its ends, and what both settled states make of a sound.
pub struct Switch<'a> {
    spec: &'static ProcessorSpec,
    index: usize,
    input: &'a Clip,
    after_frames: usize,
    settled: [Clip; 2],
}

/// How far a switch's output leaves the stretch between both settled states' outputs at most, and how far from the new one it ends.
#[derive(Clone, Copy, Debug)]
pub struct Excess {
    pub around: f32,
    pub end: f32,
}

impl<'a> Switch<'a> {
    /// This parameter's, with the values of the processor's second preset; it is listened to for so many frames from when it is thrown.
    pub fn new(spec: &'static ProcessorSpec, index: usize, input: &'a Clip, after_frames: usize) -> Self {
        let ends = [spec.params[index].min, spec.params[index].max];
        Self { spec, index, input, after_frames, settled: ends.map(|value| run(settled(spec, index, value).as_mut(), input, 128)) }
    }

    /// Thrown both ways at each of these moments: the farthest that it goes.
    pub fn farthest(&self, moments: &Moments) -> Excess {
        let ways = moments.frames.iter().flat_map(|frame| [true, false].map(|is_up| self.turn(is_up, *frame)));
        let farther = |a: Excess, b: Excess| Excess { around: a.around.max(b.around), end: a.end.max(b.end) };
        ways.fold(Excess { around: 0.0, end: 0.0 }, farther)
    }

    /// Turns it up, or down, at a frame.
    fn turn(&self, is_up: bool, frame: usize) -> Excess {
        let param = &self.spec.params[self.index];
        let [old, new] = if is_up { [0, 1] } else { [1, 0] };
        let [from, to] = if is_up { [param.min, param.max] } else { [param.max, param.min] };
        let mut processor = settled(self.spec, self.index, from);
        run(processor.as_mut(), &part(self.input, 0..frame), 128);
        processor.set(self.index, to);
        let after = frame..frame + self.after_frames;
        let out = run(processor.as_mut(), &part(self.input, after.clone()), 128);
        let [old, new] = [old, new].map(|state| part(&self.settled[state], after.clone()));
        let outside = |((y, a), b): ((&f32, &f32), &f32)| (y - a.max(*b)).max(a.min(*b) - y).max(0.0);
        let over = self.after_frames - OVER_FRAMES..self.after_frames;
        let (last, wanted) = (part(&out, over.clone()), part(&new, over));
        Excess {
            around: out.samples().zip(old.samples()).zip(new.samples()).map(outside).fold(0.0, f32::max),
            end: last.samples().zip(wanted.samples()).map(|(y, wanted)| (y - wanted).abs()).fold(0.0, f32::max),
        }
    }
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

/// A processor's switches, of bands that are alike those of the first.
pub fn switches(spec: &'static ProcessorSpec) -> impl Iterator<Item = (usize, &'static ParamSpec)> {
    let first_group = spec.params.iter().map(|param| param.group).find(|group| !group.is_empty()).unwrap_or("");
    spec.params.iter().enumerate().filter(move |(_, param)| {
        let is_alike = !param.group.is_empty() && param.group != first_group;
        // Another latency is another time: both states' outputs are no longer of the same sound.
        !is_alike && param.is_discrete() && !param.flags.has(Flags::AFFECTS_LATENCY)
    })
}
