//! What the processor tests share: seeded noise, runs in pieces, and levels of sine waves.
#![allow(dead_code, reason = "each test binary uses its part")]

pub mod decay;
pub mod switches;

use dsp::processors::{MAX_FRAMES, Processor, Stereo, build};

/// A stretch of stereo audio.
#[derive(Clone, Debug, PartialEq)]
pub struct Clip {
    pub left: Vec<f32>,
    pub right: Vec<f32>,
}

/// A small seeded generator (Marsaglia's xorshift).
pub struct Noise(u64);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// Uniform from 0 to 1.
    pub fn unit(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Uniform from −1 to 1.
    pub fn sample(&mut self) -> f32 {
        2.0 * self.unit() - 1.0
    }
}

impl Clip {
    pub fn silence(frames: usize) -> Self {
        Self { left: vec![0.0; frames], right: vec![0.0; frames] }
    }

    pub fn noise(frames: usize, level: f32, seed: u64) -> Self {
        let mut noise = Noise::new(seed);
        let mut side = || (0..frames).map(|_| level * noise.sample()).collect();
        Self { left: side(), right: side() }
    }

    /// The same sine on both sides.
    pub fn sine(frames: usize, rate_hz: f64, frequency_hz: f64, level: f64) -> Self {
        let step = 2.0 * std::f64::consts::PI * frequency_hz / rate_hz;
        let left: Vec<f32> = (0..frames).map(|frame| (level * libm::sin(step * frame as f64)) as f32).collect();
        Self { right: left.clone(), left }
    }

    /// This clip followed by another.
    pub fn append(&mut self, other: &Self) {
        self.left.extend_from_slice(&other.left);
        self.right.extend_from_slice(&other.right);
    }

    pub fn impulse(frames: usize) -> Self {
        let mut clip = Self::silence(frames);
        clip.left[0] = 1.0;
        clip.right[0] = 1.0;
        clip
    }

    pub fn frames(&self) -> usize {
        self.left.len()
    }

    pub fn peak(&self) -> f32 {
        self.left.iter().chain(&self.right).fold(0.0, |peak, sample| peak.max(sample.abs()))
    }

    pub fn samples(&self) -> impl Iterator<Item = &f32> {
        self.left.iter().chain(&self.right)
    }

    pub fn bits(&self) -> Vec<u32> {
        self.samples().map(|sample| sample.to_bits()).collect()
    }
}

/// A processor by id, with these values on top of its defaults, taken at once.
pub fn made(id: &str, rate_hz: f64, values: &[(&str, f32)]) -> Box<dyn Processor> {
    let mut processor = build(id, rate_hz).unwrap_or_else(|| panic!("there is no processor {id}"));
    for (param, value) in values {
        set(processor.as_mut(), param, *value);
    }
    processor.reset();
    processor
}

pub fn set(processor: &mut dyn Processor, param: &str, value: f32) {
    let spec = processor.spec();
    let index = spec.index_of(param).unwrap_or_else(|| panic!("{} has no parameter {param}", spec.id));
    processor.set(index, spec.params[index].clamp(value));
}

/// Runs a clip through in calls of `split` frames.
pub fn run(processor: &mut dyn Processor, clip: &Clip, split: usize) -> Clip {
    let mut out = clip.clone();
    let frames = out.frames();
    let mut at = 0;
    while at < frames {
        let end = frames.min(at + split.min(MAX_FRAMES));
        processor.process(Stereo { left: &mut out.left[at..end], right: &mut out.right[at..end] }, None);
        at = end;
    }
    out
}

/// Amplitude of a frequency in a signal of whole periods, by projection.
pub fn amplitude(samples: &[f32], rate_hz: f64, frequency_hz: f64) -> f64 {
    let step = 2.0 * std::f64::consts::PI * frequency_hz / rate_hz;
    let (mut re, mut im) = (0.0, 0.0);
    for (frame, sample) in samples.iter().enumerate() {
        re += *sample as f64 * libm::cos(step * frame as f64);
        im += *sample as f64 * libm::sin(step * frame as f64);
    }
    2.0 * libm::sqrt(re * re + im * im) / samples.len() as f64
}

pub fn db(gain: f64) -> f64 {
    20.0 * libm::log10(gain)
}

/// A constant level: its peak and its RMS are the same number.
pub fn constant(frames: usize, level_db: f64) -> Clip {
    let level = libm::pow(10.0, level_db / 20.0) as f32;
    Clip { left: vec![level; frames], right: vec![level; frames] }
}

/// Frames that a gain takes from 10 % to 90 % of its way from the first value to the last, between frames by a straight line.
pub fn rise_frames(gains_db: &[f64]) -> f64 {
    let (start, end) = (gains_db[0], gains_db[gains_db.len() - 1]);
    let crossing = |share: f64| {
        let level = start + share * (end - start);
        let after = gains_db.iter().position(|gain| (gain - level) * (end - start) >= 0.0).expect("it crosses");
        let (before, now) = (gains_db[after - 1], gains_db[after]);
        after as f64 - (now - level) / (now - before)
    };
    crossing(0.9) - crossing(0.1)
}
