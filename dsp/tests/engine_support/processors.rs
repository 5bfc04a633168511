//! Processors with an output that a test can compute by hand.

use dsp::params::{Flags, ParamSpec, ProcessorSpec, Unit};
use dsp::processors::{Key, Processor, Stereo};

/// Gives sound out unchanged, late by its first parameter.
pub const LATE: &str = "test_late";
/// Multiplies by its first parameter, as a plain factor.
pub const FACTOR: &str = "test_factor";
/// Takes the key away from the input.
pub const MINUS_KEY: &str = "test_minus_key";
/// Gives not-a-number for every input over 0.9.
pub const BROKEN: &str = "test_broken";
/// Adds half of what it gave out 1000 frames before.
pub const ECHO: &str = "test_echo";

const NO_PARAMS: &[ParamSpec] = &[];
const LATE_PARAMS: &[ParamSpec] =
    &[ParamSpec::new("frames", "Frames", Unit::Frames, 0.0, 10_000.0, 0.0, "").unsmoothed().fixed().flag(Flags::AFFECTS_LATENCY)];
const FACTOR_PARAMS: &[ParamSpec] = &[ParamSpec::new("factor", "Factor", Unit::Plain, 0.0, 2.0, 1.0, "")];

const fn declare(id: &'static str, params: &'static [ParamSpec]) -> ProcessorSpec {
    ProcessorSpec { id, name: id, short_name: id, version: 1, sidechain: true, params, presets: &[], help: "" }
}

static LATE_SPEC: ProcessorSpec = declare(LATE, LATE_PARAMS);
static FACTOR_SPEC: ProcessorSpec = declare(FACTOR, FACTOR_PARAMS);
static MINUS_KEY_SPEC: ProcessorSpec = declare(MINUS_KEY, NO_PARAMS);
static BROKEN_SPEC: ProcessorSpec = declare(BROKEN, NO_PARAMS);
static ECHO_SPEC: ProcessorSpec = declare(ECHO, NO_PARAMS);

/// These and the product's own.
pub fn build(id: &str, rate_hz: f64) -> Option<Box<dyn Processor>> {
    match id {
        LATE => Some(Box::new(Late { line: vec![[0.0; 2]; 10_001], write: 0, frames: 0 })),
        FACTOR => Some(Box::new(Factor { now: 1.0, target: 1.0 })),
        MINUS_KEY => Some(Box::new(MinusKey)),
        BROKEN => Some(Box::new(Broken)),
        ECHO => Some(Box::new(Echo { line: vec![[0.0; 2]; 1000], at: 0 })),
        _ => dsp::processors::build(id, rate_hz),
    }
}

struct Late {
    line: Vec<[f32; 2]>,
    write: usize,
    frames: usize,
}

impl Processor for Late {
    fn spec(&self) -> &'static ProcessorSpec {
        &LATE_SPEC
    }
    fn reset(&mut self) {
        self.line.fill([0.0; 2]);
    }
    fn latency_frames(&self) -> usize {
        self.frames
    }
    fn set(&mut self, _index: usize, value: f32) {
        self.frames = value as usize;
    }
    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let length = self.line.len();
        for (left, right) in audio.left.iter_mut().zip(audio.right) {
            self.line[self.write] = [*left, *right];
            [*left, *right] = self.line[(self.write + length - self.frames) % length];
            self.write = (self.write + 1) % length;
        }
    }
}

struct Factor {
    now: f32,
    target: f32,
}

impl Processor for Factor {
    fn spec(&self) -> &'static ProcessorSpec {
        &FACTOR_SPEC
    }
    fn reset(&mut self) {
        self.now = self.target;
    }
    fn set(&mut self, _index: usize, value: f32) {
        self.target = value;
    }
    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let step = (self.target - self.now) / audio.left.len() as f32;
        for (frame, (left, right)) in audio.left.iter_mut().zip(audio.right).enumerate() {
            let factor = self.now + step * (frame + 1) as f32;
            *left *= factor;
            *right *= factor;
        }
        self.now = self.target;
    }
}

struct MinusKey;

impl Processor for MinusKey {
    fn spec(&self) -> &'static ProcessorSpec {
        &MINUS_KEY_SPEC
    }
    fn reset(&mut self) {}
    fn set(&mut self, _index: usize, _value: f32) {}
    fn process(&mut self, audio: Stereo<'_>, key: Option<Key<'_>>) {
        let Some(key) = key else { return };
        audio.left.iter_mut().zip(key.left).for_each(|(sample, key)| *sample -= key);
        audio.right.iter_mut().zip(key.right).for_each(|(sample, key)| *sample -= key);
    }
}

struct Broken;

impl Processor for Broken {
    fn spec(&self) -> &'static ProcessorSpec {
        &BROKEN_SPEC
    }
    fn reset(&mut self) {}
    fn set(&mut self, _index: usize, _value: f32) {}
    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        audio.left.iter_mut().filter(|sample| **sample > 0.9).for_each(|sample| *sample = f32::NAN);
    }
}

struct Echo {
    line: Vec<[f32; 2]>,
    at: usize,
}

impl Processor for Echo {
    fn spec(&self) -> &'static ProcessorSpec {
        &ECHO_SPEC
    }
    fn reset(&mut self) {
        self.line.fill([0.0; 2]);
    }
    fn set(&mut self, _index: usize, _value: f32) {}
    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        for (left, right) in audio.left.iter_mut().zip(audio.right) {
            let echo = &mut self.line[self.at];
            *echo = [*left + 0.5 * echo[0], *right + 0.5 * echo[1]];
            [*left, *right] = *echo;
            self.at = (self.at + 1) % self.line.len();
        }
    }
    fn tail_frames(&self) -> usize {
        20_000
    }
}
