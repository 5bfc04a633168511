//! Gate and expander: turns down what is below a threshold, in any insert slot, keyed by the strip itself or another one.
//!
//! Key → filter (12 dB/oct, if on) → greatest of both channels' magnitudes over 10 ms (half a wave of 50 Hz, so the level does not
//! follow the wave) → dB → open or closed → reduction → attack and release → gain on both channels.
//! - It opens at the threshold T and closes when the level L has been below T − hysteresis for the hold time.
//! - Closed, it asks for min(range, (ratio − 1) · (T − L)) dB; open, for none. The highest ratio asks for the whole range.
//! - The reduction R goes to what is asked for by one pole in decibels: R += (1 − e^(−1/τ)) · (asked − R) a frame, τ the attack
//!   while it shrinks and the release while it grows. An opening is the smooth curve 10^(−R·e^(−t/τ)/20), without a corner that
//!   clicks.
//!
//! The lookahead delays the audio and not the key: latency is the lookahead in frames. Open, or at range 0, the output is
//! the (delayed) input. It starts closed.

mod declaration;

use alloc::vec::Vec;

use super::{Key, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::ballistics::pole;
use crate::primitives::delay_line::SwitchedDelay;
use crate::primitives::fade::{Line, frame_numbers};
use crate::primitives::gain_computer::{INFINITE_RATIO, SILENT_DB, gain_of_db, level_db};
use crate::primitives::lanes::{F4, VECTOR_LANES};
use crate::primitives::sidechain::{CHUNK_FRAMES, Sidechain};
use crate::primitives::sliding_max::SlidingMax;
use crate::primitives::{INPUT_LIMIT, silence_beyond};
use crate::units::ms_to_frames;
pub use declaration::SPEC;
use declaration::{LONGEST_LOOKAHEAD_MS, index};

/// How long a switch takes.
const FADE_MS: f64 = 10.0;
/// The level is the greatest magnitude of this time.
const WINDOW_MS: f64 = 10.0;
/// Stands for an infinite ratio: a thousandth of a dB below the threshold asks for more than the greatest range.
const STEEPEST: f32 = 1e5;
/// Reductions below this many dB are none.
const LEAST_DB: f32 = 1e-6;

/// What comes out, in dB, of a steady level: while it is closed, and while it is open.
pub(super) fn level_out_db(values: &[f32], level_db: f32) -> [f32; 2] {
    let value = |index: usize| values.get(index).copied().unwrap_or(SPEC.params[index].default);
    let over_db = level_db - value(index::THRESHOLD);
    let closed_db = (slope(value(index::RATIO)) * (-over_db).max(0.0)).min(value(index::RANGE));
    let stays_open = over_db >= -value(index::HYSTERESIS);
    [level_db - closed_db, if stays_open { level_db } else { level_db - closed_db }]
}

/// Ratio − 1; the highest ratio asks for the whole range.
fn slope(ratio: f32) -> f32 {
    if ratio >= INFINITE_RATIO { STEEPEST } else { ratio - 1.0 }
}

/// What is asked for, each value on its way over the running call.
struct Curve {
    threshold_db: Line,
    hysteresis_db: Line,
    /// Ratio − 1.
    slope: Line,
    range_db: Line,
}

impl Curve {
    /// dB above the threshold, what a closed gate asks for there, and the hysteresis.
    #[inline(always)]
    fn at(&self, power: F4, at: F4) -> [F4; 3] {
        let over = level_db(power) - self.threshold_db.at(at);
        let below = (F4::splat(0.0) - over).max(F4::splat(0.0));
        [over, (self.slope.at(at) * below).min(self.range_db.at(at)), self.hysteresis_db.at(at)]
    }

    fn lines(&mut self) -> [&mut Line; 4] {
        [&mut self.threshold_db, &mut self.hysteresis_db, &mut self.slope, &mut self.range_db]
    }
}

/// Shares of the way to its target that the reduction goes in a frame.
#[derive(Clone, Copy)]
struct Times {
    attack: f32,
    release: f32,
    hold_frames: usize,
}

/// Whether it is open, and the reduction in dB.
#[derive(Default)]
struct State {
    is_open: bool,
    hold_left: usize,
    reduction_db: f32,
}

impl State {
    /// The reduction of this frame.
    #[inline(always)]
    fn follow(&mut self, over_db: f32, closed_db: f32, hysteresis_db: f32, times: &Times) -> f32 {
        if over_db >= 0.0 || (self.is_open && over_db >= -hysteresis_db) {
            self.is_open = true;
            self.hold_left = times.hold_frames;
        } else if self.hold_left > 0 {
            self.hold_left -= 1;
        } else {
            self.is_open = false;
        }
        let asked = if self.is_open { 0.0 } else { closed_db };
        let share = if asked < self.reduction_db { times.attack } else { times.release };
        self.reduction_db += share * (asked - self.reduction_db);
        self.reduction_db = if self.reduction_db < LEAST_DB { 0.0 } else { self.reduction_db };
        self.reduction_db
    }
}

/// See the module's text.
pub struct Gate {
    rate_hz: f64,
    values: Vec<f32>,
    curve: Curve,
    times: Times,
    state: State,
    level: SlidingMax,
    window_frames: usize,
    sidechain: Sidechain,
    delay: SwitchedDelay,
    deepest_db: f32,
    /// Power, then reduction, then gain of each frame of a chunk.
    gain: [f32; CHUNK_FRAMES],
}

impl Gate {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz);
        let window_frames = ms_to_frames(WINDOW_MS, rate_hz);
        let zero = Line::new(0.0);
        let mut gate = Self {
            rate_hz,
            values: SPEC.params.iter().map(|param| param.default).collect(),
            curve: Curve { threshold_db: zero, hysteresis_db: zero, slope: zero, range_db: zero },
            times: Times { attack: 1.0, release: 1.0, hold_frames: 0 },
            state: State::default(),
            level: SlidingMax::new(window_frames),
            window_frames,
            sidechain: Sidechain::new(rate_hz, fade_frames),
            delay: SwitchedDelay::new(ms_to_frames(LONGEST_LOOKAHEAD_MS as f64, rate_hz), fade_frames),
            deepest_db: 0.0,
            gain: [0.0; CHUNK_FRAMES],
        };
        for (index, param) in SPEC.params.iter().enumerate() {
            gate.set(index, param.default);
        }
        gate.reset();
        gate
    }

    /// The greatest power of the last window, frame by frame.
    fn detect(&mut self, frames: usize) {
        let [left, right] = self.sidechain.key();
        for (frame, power) in self.gain[..frames].iter_mut().enumerate() {
            let (left, right) = (left[frame] * left[frame], right[frame] * right[frame]);
            *power = self.level.push(if left > right { left } else { right });
        }
    }

    /// Turns powers into gains; `at` is the chunk's first frame in the call.
    fn make_gains(&mut self, frames: usize, at: usize) {
        let mut deepest = 0.0f32;
        for start in (0..frames).step_by(VECTOR_LANES) {
            let powers = F4::load(&self.gain[start..]);
            let [over, closed, hysteresis] = self.curve.at(powers, frame_numbers(at + start)).map(|value| value.to_arrays()[0]);
            let mut reduction = [0.0; VECTOR_LANES];
            for lane in 0..VECTOR_LANES.min(frames - start) {
                reduction[lane] = self.state.follow(over[lane], closed[lane], hysteresis[lane], &self.times);
                deepest = if reduction[lane] > deepest { reduction[lane] } else { deepest };
            }
            gain_of_db(F4::splat(0.0) - F4::new([reduction])).store(&mut self.gain[start..start + VECTOR_LANES]);
        }
        self.deepest_db = self.deepest_db.min(-deepest);
    }

    fn apply(&mut self, left: &mut [f32], right: &mut [f32]) {
        for ((l, r), gain) in left.iter_mut().zip(right.iter_mut()).zip(self.gain) {
            let [delayed_left, delayed_right] = self.delay.pass([*l, *r]);
            *l = delayed_left * gain;
            *r = delayed_right * gain;
        }
        self.sidechain.hear(left, right);
    }
}

impl Processor for Gate {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        for line in self.curve.lines() {
            line.end();
        }
        let slope = self.values[index::RATIO] - 1.0;
        let silent_db = slope * (self.values[index::THRESHOLD] - SILENT_DB);
        self.state = State { reduction_db: silent_db.min(self.values[index::RANGE]), ..State::default() };
        self.level.reset(self.window_frames);
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
            index::HYSTERESIS => self.curve.hysteresis_db.aim(value),
            index::RATIO => self.curve.slope.aim(slope(value)),
            index::RANGE => self.curve.range_db.aim(value),
            index::ATTACK => self.times.attack = pole(value as f64, self.rate_hz),
            index::HOLD => self.times.hold_frames = ms_to_frames(value as f64, self.rate_hz),
            index::RELEASE => self.times.release = pole(value as f64, self.rate_hz),
            index::LOOKAHEAD => self.delay.aim(ms_to_frames(value as f64, self.rate_hz)),
            index::KEY_FILTER => self.sidechain.turn_filter(is_on),
            index::KEY_HIGH_PASS => self.sidechain.set_high_pass_hz(value),
            index::KEY_LOW_PASS => self.sidechain.set_low_pass_hz(value),
            index::KEY_LISTEN => self.sidechain.turn_listen(is_on),
            _ => {}
        }
    }

    fn process(&mut self, audio: Stereo<'_>, key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        let frames = left.len().min(right.len());
        for line in self.curve.lines() {
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
            self.make_gains(length, at);
            self.apply(&mut left[span.clone()], &mut right[span]);
            at += length;
        }
        for line in self.curve.lines() {
            line.end();
        }
    }

    fn take_reduction_db(&mut self) -> f32 {
        core::mem::take(&mut self.deepest_db)
    }
}
