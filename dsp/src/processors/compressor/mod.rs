//! Compressor: turns down what is above a threshold, in any insert slot, keyed by the strip itself or another one.
//!
//! Key → filter (12 dB/oct, if on) → power, peak or RMS over 10 ms → dB → static curve (quadratic knee) → stereo link → attack,
//! hold and release ([`crate::primitives::ballistics`]) → gain, make-up, mix. After Giannoulis, Massberg, Reiss, "Digital Dynamic
//! Range Compressor Design" (JAES 2012): feed-forward, smoothing in decibels behind the gain computer. Level and gain are computed
//! for four frames at once. The lookahead delays the audio and not the key: latency is the lookahead in frames. At ratio 1, or below
//! the knee, the output is the (delayed) input.

mod declaration;

use alloc::vec::Vec;

use super::understudy::{Understudied, Understudy};
use super::{Key, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::ballistics::{Ballistics, Times};
use crate::primitives::delay_line::SwitchedDelay;
use crate::primitives::fade::{Fade, Line, frame_numbers};
use crate::primitives::gain_computer::{Curve, gain_of_db, slope};
use crate::primitives::lanes::{F4, VECTOR_LANES, greater};
use crate::primitives::level_detector::LevelDetector;
use crate::primitives::sidechain::{CHUNK_FRAMES, Chunk, Sidechain};
use crate::primitives::{INPUT_LIMIT, silence_beyond};
use crate::units::{db_to_gain, gain_to_db, ms_to_frames};
pub use declaration::SPEC;
use declaration::{LONGEST_LOOKAHEAD_MS, index};

/// How long a switch takes.
const FADE_MS: f64 = 10.0;

/// What comes out, in dB, of a steady level: the curve, make-up and mix, without times and detector.
pub(super) fn level_out_db(values: &[f32], level_db: f32) -> f32 {
    let value = |index: usize| values.get(index).copied().unwrap_or(SPEC.params[index].default);
    let curve = Curve::resting(value(index::THRESHOLD), value(index::KNEE), value(index::RATIO), value(index::RANGE));
    let auto_db = if value(index::AUTO_MAKEUP) >= 0.5 { 0.5 * curve.reduction_of_full_scale_db() } else { 0.0 };
    let gain_db = value(index::MAKEUP) + auto_db - curve.reduction_of_level_db(level_db);
    let mix = (value(index::MIX) / 100.0) as f64;
    level_db + gain_to_db(1.0 - mix + mix * db_to_gain(gain_db as f64)) as f32
}

/// What crosses over inside.
struct Switches {
    auto_release: Fade,
    auto_makeup: Fade,
}

impl Switches {
    fn all(&mut self) -> [&mut Fade; 2] {
        [&mut self.auto_release, &mut self.auto_makeup]
    }
}

/// How long the key's filter is prepared: the gain is then as if it had always been there.
const PREPARING_MS: f64 = 400.0;

/// As it stands in a slot.
pub type Prepared = Understudy<Compressor>;

/// See the module's text.
pub struct Compressor {
    rate_hz: f64,
    values: Vec<f32>,
    switches: Switches,
    curve: Curve,
    makeup_db: Line,
    auto_makeup_db: Line,
    mix: Line,
    link: Line,
    times: Times,
    channels: [Ballistics; 2],
    detector: LevelDetector,
    sidechain: Sidechain,
    delay: SwitchedDelay,
    deepest_db: f32,
    power: Chunk,
    gain: Chunk,
}

impl Compressor {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz);
        let off = Fade::new(false, fade_frames);
        let empty = [[0.0; CHUNK_FRAMES]; 2];
        let zero = Line::new(0.0);
        let mut compressor = Self {
            rate_hz,
            values: SPEC.params.iter().map(|param| param.default).collect(),
            switches: Switches { auto_release: off, auto_makeup: off },
            curve: Curve { threshold_db: zero, half_knee_db: zero, slope: zero, range_db: zero },
            makeup_db: zero,
            auto_makeup_db: zero,
            mix: zero,
            link: zero,
            times: Times::new(1.0, 1.0, 0.0, rate_hz),
            channels: [Ballistics::default(); 2],
            detector: LevelDetector::new(rate_hz, fade_frames),
            sidechain: Sidechain::new(rate_hz, fade_frames),
            delay: SwitchedDelay::new(ms_to_frames(LONGEST_LOOKAHEAD_MS as f64, rate_hz), fade_frames),
            deepest_db: 0.0,
            power: empty,
            gain: empty,
        };
        for (index, param) in SPEC.params.iter().enumerate() {
            compressor.set(index, param.default);
        }
        compressor.reset();
        compressor
    }

    fn lines(&mut self) -> [&mut Line; 8] {
        let Curve { threshold_db, half_knee_db, slope, range_db } = &mut self.curve;
        [threshold_db, half_knee_db, slope, range_db, &mut self.makeup_db, &mut self.auto_makeup_db, &mut self.mix, &mut self.link]
    }

    fn detect(&mut self, frames: usize) {
        let key = self.sidechain.key().each_ref().map(|side| &side[..frames]);
        self.detector.detect(key, self.power.each_mut().map(|side| &mut side[..frames]));
    }

    /// Whether both channels share one gain and have come to the same one: then the left one's is computed alone.
    fn is_linked(&self) -> bool {
        let [left, right] = &self.channels;
        self.link.rests_at(1.0) && left == right
    }

    /// Turns powers into the reduction that is asked for, then follows it; `at` is the chunk's first frame in the call.
    fn reduce(&mut self, frames: usize, at: usize, is_linked: bool) {
        for start in (0..frames).step_by(VECTOR_LANES) {
            let index = frame_numbers(at + start);
            let powers = [0, 1].map(|channel| F4::load(&self.power[channel][start..]));
            if self.link.rests_at(1.0) {
                let both = self.curve.reduction_db(powers[0].max(powers[1]), index);
                both.store(&mut self.gain[0][start..start + VECTOR_LANES]);
                both.store(&mut self.gain[1][start..start + VECTOR_LANES]);
                continue;
            }
            let [left, right] = powers.map(|power| self.curve.reduction_db(power, index));
            let (both, link) = (left.max(right), self.link.at(index));
            (left + link * (both - left)).store(&mut self.gain[0][start..start + VECTOR_LANES]);
            (right + link * (both - right)).store(&mut self.gain[1][start..start + VECTOR_LANES]);
        }
        let deepest = if is_linked { self.follow::<1>(frames) } else { self.follow::<2>(frames) };
        self.deepest_db = self.deepest_db.min(-deepest);
    }

    /// Smooths the reductions of so many channels; gives the deepest.
    fn follow<const CHANNELS: usize>(&mut self, frames: usize) -> f32 {
        let mut deepest = 0.0f32;
        let mut channels = self.channels;
        let steady = self.switches.auto_release.steady();
        for frame in 0..frames {
            let auto = steady.unwrap_or_else(|| self.switches.auto_release.advance());
            for (gain, ballistics) in self.gain.iter_mut().zip(&mut channels).take(CHANNELS) {
                let reduction = ballistics.follow(gain[frame], &self.times, auto);
                gain[frame] = reduction;
                deepest = greater(reduction, deepest);
            }
        }
        self.channels = if CHANNELS == 1 { [channels[0]; 2] } else { channels };
        deepest
    }

    /// Turns reductions into gains.
    fn make_gains(&mut self, frames: usize, at: usize, is_linked: bool) {
        let channels = if is_linked { 1 } else { 2 };
        let steady = self.switches.auto_makeup.steady().map(F4::splat);
        for start in (0..frames).step_by(VECTOR_LANES) {
            let index = frame_numbers(at + start);
            let auto = steady.unwrap_or_else(|| self.switches.auto_makeup.advance_vector(frames - start));
            let makeup = self.makeup_db.at(index) + auto * self.auto_makeup_db.at(index);
            let mix = self.mix.at(index);
            let dry = F4::splat(1.0) - mix;
            for gain in self.gain.iter_mut().take(channels) {
                let gain_db = makeup - F4::load(&gain[start..]);
                (dry + mix * gain_of_db(gain_db)).store(&mut gain[start..start + VECTOR_LANES]);
            }
        }
    }

    fn apply(&mut self, left: &mut [f32], right: &mut [f32], is_linked: bool) {
        let [left_gain, right_gain] = &self.gain;
        let right_gain = if is_linked { left_gain } else { right_gain };
        let gains = left_gain.iter().zip(right_gain);
        self.delay.process(left, right);
        for ((l, r), (left_gain, right_gain)) in left.iter_mut().zip(right.iter_mut()).zip(gains) {
            *l *= *left_gain;
            *r *= *right_gain;
        }
        self.sidechain.hear(left, right);
    }
}

impl Understudied for Compressor {
    fn new(rate_hz: f64) -> Self {
        Self::new(rate_hz)
    }

    fn is_prepared(index: usize) -> bool {
        index == index::KEY_FILTER
    }

    fn memory_frames(&self) -> usize {
        ms_to_frames(PREPARING_MS, self.rate_hz)
    }

    fn prepare(&mut self, heard: &Self, _frames: u64) {
        self.reset();
        self.channels = heard.channels;
    }
}

impl Processor for Compressor {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        for line in self.lines() {
            line.end();
        }
        for switch in self.switches.all() {
            switch.settle();
        }
        self.channels = [Ballistics::default(); 2];
        self.detector.reset();
        self.sidechain.reset();
        self.delay.reset();
        self.deepest_db = 0.0;
    }

    fn latency_frames(&self) -> usize {
        self.delay.delay_frames()
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(slot) = self.values.get_mut(index) else {
            return;
        };
        *slot = value;
        let is_on = value >= 0.5;
        match index {
            index::THRESHOLD => self.curve.threshold_db.aim(value),
            index::RATIO => self.curve.slope.aim(slope(value)),
            index::KNEE => self.curve.half_knee_db.aim(0.5 * value),
            index::RANGE => self.curve.range_db.aim(value),
            index::ATTACK | index::RELEASE | index::HOLD => {
                let [attack, release, hold] = [index::ATTACK, index::RELEASE, index::HOLD].map(|index| self.values[index]);
                self.times = Times::new(attack, release, hold, self.rate_hz);
            }
            index::AUTO_RELEASE => self.switches.auto_release.turn(is_on),
            index::LOOKAHEAD => self.delay.aim(ms_to_frames(value as f64, self.rate_hz)),
            index::DETECTOR => self.detector.turn_rms(is_on),
            index::MAKEUP => self.makeup_db.aim(value),
            index::AUTO_MAKEUP => self.switches.auto_makeup.turn(is_on),
            index::MIX => self.mix.aim(value / 100.0),
            index::LINK => self.link.aim(value / 100.0),
            index::KEY_FILTER => self.sidechain.turn_filter(is_on),
            index::KEY_HIGH_PASS => self.sidechain.set_high_pass_hz(value),
            index::KEY_LOW_PASS => self.sidechain.set_low_pass_hz(value),
            index::KEY_LISTEN => self.sidechain.turn_listen(is_on),
            _ => {}
        }
        self.auto_makeup_db.aim(0.5 * self.curve.reduction_of_full_scale_db());
    }

    fn process(&mut self, audio: Stereo<'_>, key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        let frames = left.len().min(right.len());
        for line in self.lines() {
            line.begin(frames);
        }
        self.sidechain.begin();
        let mut at = 0;
        while at < frames {
            let length = self.sidechain.chunk_frames(frames - at);
            let span = at..at + length;
            match key {
                Some(key) => self.sidechain.take(&key.left[span.clone()], &key.right[span.clone()], frames - at),
                None => self.sidechain.take(&left[span.clone()], &right[span.clone()], frames - at),
            }
            self.detect(length);
            let is_linked = self.is_linked();
            self.reduce(length, at, is_linked);
            self.make_gains(length, at, is_linked);
            self.apply(&mut left[span.clone()], &mut right[span], is_linked);
            at += length;
        }
        for line in self.lines() {
            line.end();
        }
    }

    fn take_reduction_db(&mut self) -> f32 {
        core::mem::take(&mut self.deepest_db)
    }
}
