//! Delay: repeats, as an insert or on a return.
//!
//! Input + feedback → delay line → low cut and high cut (12 dB/oct Butterworth each) → feedback and output. Output: width, ducking,
//! mix; a mix of m % is (100 − m) % untouched sound and m % repeats.
//! - The time is free (1 ms to 3 s) or that of a note: 60 000 / tempo · quarters in the note, in ms. The processor knows no song, so
//!   the tempo is a parameter, which is given the song's tempo while "song tempo" is on ([`crate::params::Flags::FOLLOWS_SONG`]). Another
//!   free time crosses over from the old place of reading to the new one within 30 ms: nothing clicks, no pitch sweeps.
//! - Ping-pong feeds the middle into the left line, and each line into the other one.
//! - Feedback has a ceiling of 10^(−3·time / 25 s): repeats fall by 60 dB within 25 s at any setting, so that every render ends.
//! - Ducking lowers the repeats by up to its range while the input is above the threshold: infinite ratio, attack 5 ms, release 250
//!   ms, in decibels.
//!
//! No latency: the time is the effect. At a mix of 0 the output is the input.
//!
//! Another note, tempo or way of repeating would leave the repeats of before in the line: it is prepared by an understudy that is played as
//! much of the past as still repeats ([`super::understudy`]), then cross-fades.

mod declaration;

use alloc::vec::Vec;
use core::f64::consts::{FRAC_1_SQRT_2, PI};

use super::curves::Repeat;
use super::understudy::{Understudied, Understudy};
use super::{Key, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::ballistics::{Ballistics, Times};
use crate::primitives::cascade::Cascade;
use crate::primitives::delay_line::{DelayLine, Tap};
use crate::primitives::fade::{Glide, Line, frame_numbers};
use crate::primitives::filter_design::Biquad;
use crate::primitives::gain_computer::{Curve, gain_of_db};
use crate::primitives::lanes::{F4, VECTOR_LANES};
use crate::primitives::svf::SvfCoefficients;
use crate::primitives::{INPUT_LIMIT, silence_beyond};
use crate::units::ms_to_frames;
pub use declaration::SPEC;
use declaration::{LONGEST_MS, NOTE_BEATS, index};

/// How long another free time takes.
const FADE_MS: f64 = 30.0;
/// The most frames worked on at a time; the filters' states are flushed each time this many have passed.
const CHUNK_FRAMES: usize = 128;
/// Times of the ducking.
const DUCK_ATTACK_MS: f32 = 5.0;
const DUCK_RELEASE_MS: f32 = 250.0;
/// Repeats fall by 60 dB at least within this time.
const LONGEST_DECAY_SECONDS: f64 = 25.0;
/// How far repeats fall until they count as silent, in powers of ten.
const TAIL_DECADES: f64 = 3.0;
/// What is heard of repeats that are forgotten, at most: −60 dBFS.
const FORGOTTEN: f64 = 1e-3;
/// What the filters add to the tail, in periods of the low cut.
const RING_PERIODS: f64 = 2.0;
/// Frames of the input that are kept, 6.1 s at 48 kHz, and how many of them are played to an understudy in a frame.
const KEPT_FRAMES: usize = 2_304 * CHUNK_FRAMES;
const HURRY: usize = 16;
/// Time constants after which the ducking of before is forgotten.
const DUCK_NEPERS: f64 = 7.0;
/// The filters keep below this share of the rate.
const HIGHEST_SHARE: f64 = 0.49;
/// What is written below this (−400 dB) is silence.
const FLUSH_BELOW: f32 = 1e-20;

/// One value per frame of a chunk and channel.
type Chunk = [[f32; CHUNK_FRAMES]; 2];

/// Time between two repeats.
fn time_ms(values: &[f32]) -> f64 {
    let value = |index: usize| values.get(index).copied().unwrap_or(SPEC.params[index].default);
    if value(index::IN_BEATS) < 0.5 {
        return value(index::TIME) as f64;
    }
    let note = (value(index::NOTE) as usize).min(NOTE_BEATS.len() - 1);
    60_000.0 / value(index::TEMPO) as f64 * NOTE_BEATS[note]
}

/// The share of each repeat that is repeated: what is set, unless it would sound for longer than the longest decay.
fn feedback(percent: f32, seconds: f64) -> f64 {
    (percent as f64 / 100.0).min(libm::pow(10.0, -3.0 * seconds / LONGEST_DECAY_SECONDS))
}

/// Repeat `number` (from 1) of a sound in the middle, without the filters.
pub(super) fn repeat(values: &[f32], number: u32) -> Repeat {
    let value = |index: usize| values.get(index).copied().unwrap_or(SPEC.params[index].default);
    let ms = time_ms(values).min(LONGEST_MS as f64);
    let level = libm::pow(feedback(value(index::FEEDBACK), ms / 1000.0), number.saturating_sub(1) as f64);
    let gain = value(index::MIX) / 100.0 * level as f32;
    let side = 0.5 * value(index::WIDTH) / 100.0;
    let gains = match (value(index::PING_PONG) >= 0.5, number % 2 == 1) {
        (false, _) => [1.0, 1.0],
        (true, true) => [0.5 + side, 0.5 - side],
        (true, false) => [0.5 - side, 0.5 + side],
    };
    Repeat { ms: ms * number as f64, gains: gains.map(|share| gain * share) }
}

/// As it stands in a slot.
pub type Prepared = Understudy<Delay>;

/// See the module's text.
pub struct Delay {
    rate_hz: f64,
    values: Vec<f32>,
    line: DelayLine,
    tap: Tap,
    feedback: Glide,
    /// 1 when repeats change sides.
    cross: f32,
    filter: Cascade,
    filter_moved: bool,
    since_flush: usize,
    curve: Curve,
    ballistics: Ballistics,
    duck_times: Times,
    width: Glide,
    mix: Glide,
    wet: Chunk,
    duck: [f32; CHUNK_FRAMES],
}

impl Delay {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz);
        let (zero, still) = (Line::new(0.0), Glide::new(0.0));
        let mut filter = Cascade::new(2);
        filter.rebuild(2);
        let mut delay = Self {
            rate_hz,
            values: SPEC.params.iter().map(|param| param.default).collect(),
            line: DelayLine::new(ms_to_frames(LONGEST_MS as f64, rate_hz)),
            tap: Tap::new(fade_frames),
            feedback: still,
            cross: 0.0,
            filter,
            filter_moved: false,
            since_flush: 0,
            curve: Curve { threshold_db: zero, half_knee_db: zero, slope: Line::new(1.0), range_db: zero },
            ballistics: Ballistics::default(),
            duck_times: Times::new(DUCK_ATTACK_MS, DUCK_RELEASE_MS, 0.0, rate_hz),
            width: still,
            mix: still,
            wet: [[0.0; CHUNK_FRAMES]; 2],
            duck: [0.0; CHUNK_FRAMES],
        };
        for (index, param) in SPEC.params.iter().enumerate() {
            delay.set(index, param.default);
        }
        delay.reset();
        delay
    }

    /// Takes the time from the parameters, and the feedback that it allows.
    fn aim_time(&mut self) {
        let frames = ms_to_frames(time_ms(&self.values), self.rate_hz).clamp(1, self.line.max_frames());
        self.tap.aim(frames);
        self.feedback.aim(feedback(self.values[index::FEEDBACK], frames as f64 / self.rate_hz) as f32);
    }

    fn aim_filter(&mut self) {
        let omega = |index: usize| 2.0 * PI * (self.values[index] as f64 / self.rate_hz).min(HIGHEST_SHARE);
        let high_pass = Biquad::high_pass(omega(index::LOW_CUT), FRAC_1_SQRT_2);
        let low_pass = Biquad::low_pass(omega(index::HIGH_CUT), FRAC_1_SQRT_2);
        for (section, biquad) in [high_pass, low_pass].iter().enumerate() {
            for channel in 0..2 {
                self.filter.aim(section, channel, SvfCoefficients::new(biquad));
            }
        }
    }

    /// Frames until a sound has fallen to one in so many powers of ten; at most a minute's.
    fn repeating_frames(&self, decades: f64) -> usize {
        let feedback = self.feedback.target() as f64;
        let repeats = if feedback > 0.0 { 1.0 - decades / libm::log10(feedback) } else { 1.0 };
        let ring_frames = RING_PERIODS * self.rate_hz / self.values[index::LOW_CUT] as f64;
        (repeats * (self.tap.wanted() as f64 + ring_frames)).min(60.0 * self.rate_hz) as usize
    }

    /// Fills the repeats: nothing of this chunk can be among them.
    fn read(&mut self, frames: usize, glide_frames: Option<usize>) {
        let [left, right] = &mut self.wet;
        for (frame, (l, r)) in left.iter_mut().zip(right.iter_mut()).enumerate().take(frames) {
            let old_share = self.tap.advance();
            // The last frame written is the one before this chunk.
            let new = self.line.read(self.tap.delay() - 1 - frame);
            let old = if old_share > 0.0 { self.line.read(self.tap.old_delay() - 1 - frame) } else { new };
            *l = new[0] + old_share * (old[0] - new[0]);
            *r = new[1] + old_share * (old[1] - new[1]);
        }
        self.filter.run(&mut left[..frames], &mut right[..frames], glide_frames);
    }

    /// Writes the input and the feedback.
    fn write(&mut self, left: &[f32], right: &[f32]) {
        let [wet_left, wet_right] = &self.wet;
        let flushed = |sample: f32| if sample.abs() < FLUSH_BELOW { 0.0 } else { sample };
        for ((l, r), (wet_l, wet_r)) in left.iter().zip(right).zip(wet_left.iter().zip(wet_right)) {
            let (feedback, cross) = (self.feedback.advance(), self.cross);
            let input = [l + cross * (0.5 * (l + r) - l), r - cross * r];
            let back = [wet_l + cross * (wet_r - wet_l), wet_r + cross * (wet_l - wet_r)];
            self.line.write([flushed(input[0] + feedback * back[0]), flushed(input[1] + feedback * back[1])]);
        }
    }

    /// Fills the ducking's gains; `at` is the chunk's first frame in the call.
    fn make_ducking(&mut self, left: &[f32], right: &[f32], at: usize) {
        for start in (0..left.len()).step_by(VECTOR_LANES) {
            let end = left.len().min(start + VECTOR_LANES);
            let (l, r) = (F4::load_partial(&left[start..end]), F4::load_partial(&right[start..end]));
            let wanted = self.curve.reduction_db((l * l).max(r * r), frame_numbers(at + start)).to_arrays()[0];
            let mut reduction = [0.0; VECTOR_LANES];
            for (reduction, wanted) in reduction.iter_mut().zip(wanted).take(end - start) {
                *reduction = self.ballistics.follow(wanted, &self.duck_times, 0.0);
            }
            gain_of_db(F4::splat(0.0) - F4::new([reduction])).store(&mut self.duck[start..start + VECTOR_LANES]);
        }
    }

    fn mix(&mut self, left: &mut [f32], right: &mut [f32]) {
        for (frame, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let (width, mix) = (self.width.advance(), self.mix.advance());
            let (wet_left, wet_right) = (self.wet[0][frame], self.wet[1][frame]);
            let (middle, side) = (0.5 * (wet_left + wet_right), 0.5 * width * (wet_left - wet_right));
            let (dry, wet) = (1.0 - mix, mix * self.duck[frame]);
            *l = dry * *l + wet * (middle + side);
            *r = dry * *r + wet * (middle - side);
        }
    }
}

impl Understudied for Delay {
    const KEPT_FRAMES: usize = KEPT_FRAMES;
    const HURRY: usize = HURRY;

    fn new(rate_hz: f64) -> Self {
        Self::new(rate_hz)
    }

    fn is_prepared(index: usize) -> bool {
        matches!(index, index::IN_BEATS | index::NOTE | index::TEMPO | index::PING_PONG)
    }

    fn memory_frames(&self) -> usize {
        let ducking = DUCK_NEPERS * DUCK_RELEASE_MS as f64 * self.rate_hz / 1000.0;
        // Repeats of a steady sound of full scale add up.
        let share = |index: usize| self.values[index] as f64 / 100.0;
        let loudest = share(index::MIX) * share(index::WIDTH).max(1.0) / (1.0 - self.feedback.target() as f64);
        self.repeating_frames(libm::log10(loudest / FORGOTTEN).max(0.0)).max(ducking as usize)
    }

    fn prepare(&mut self, _heard: &Self, _frames: u64) {
        self.reset();
    }
}

impl Processor for Delay {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        self.line.silence();
        self.tap.settle();
        for glide in [&mut self.feedback, &mut self.width, &mut self.mix] {
            glide.settle();
        }
        self.aim_filter();
        self.filter.settle();
        self.filter.silence();
        self.filter_moved = false;
        self.since_flush = 0;
        self.curve.threshold_db.end();
        self.curve.range_db.end();
        self.ballistics = Ballistics::default();
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(slot) = self.values.get_mut(index) else {
            return;
        };
        *slot = value;
        match index {
            index::PING_PONG => self.cross = if value >= 0.5 { 1.0 } else { 0.0 },
            index::LOW_CUT | index::HIGH_CUT => self.filter_moved = true,
            index::DUCKING => self.curve.range_db.aim(value),
            index::DUCK_THRESHOLD => self.curve.threshold_db.aim(value),
            index::WIDTH => self.width.aim(value / 100.0),
            index::MIX => self.mix.aim(value / 100.0),
            index::SONG_TEMPO => {}
            _ => self.aim_time(),
        }
    }

    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        let frames = left.len().min(right.len());
        for glide in [&mut self.feedback, &mut self.width, &mut self.mix] {
            glide.begin(frames);
        }
        self.curve.threshold_db.begin(frames);
        self.curve.range_db.begin(frames);
        let glides = core::mem::take(&mut self.filter_moved);
        if glides {
            self.aim_filter();
        }
        let mut at = 0;
        while at < frames {
            let length = (CHUNK_FRAMES - self.since_flush).min(frames - at).min(self.tap.shortest());
            let (left, right) = (&mut left[at..at + length], &mut right[at..at + length]);
            self.read(length, glides.then_some(frames - at));
            self.write(left, right);
            self.make_ducking(left, right, at);
            self.mix(left, right);
            at += length;
            self.since_flush = (self.since_flush + length) % CHUNK_FRAMES;
            if self.since_flush == 0 {
                self.filter.flush();
            }
        }
        self.curve.threshold_db.end();
        self.curve.range_db.end();
    }

    fn tail_frames(&self) -> usize {
        self.repeating_frames(TAIL_DECADES)
    }
}
