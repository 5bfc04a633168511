//! De-esser: turns sibilants down while they last; early in a voice's chain.
//!
//! Detector: high-pass of 24 dB/oct (Butterworth) at the frequency f0 → greatest power of both channels over 2 ms → dB → soft knee
//! of 6 dB and a slope of 4 : 1 above the threshold, no more than the range → attack and release in decibels
//! ([`crate::primitives::ballistics`]) → gain g.
//!
//! Wide: everything is turned down by g. Split: what is above f0, by a shelf whose poles stand still. A second-order Butterworth
//! splits a signal into low + band + high, which sum to the signal; low + √g·band + g·high has |H|² = (1 + g²·w⁴) / (1 + w⁴), w =
//! tan(πf/fs) / tan(πf0/fs): it falls evenly from 1 to g, is half the decibels down near f0, and g moves freely from frame to frame.
//!
//! The lookahead delays the audio and not the detector: latency is the lookahead in frames. Below the threshold the output is the
//! (delayed) input.

mod declaration;

use alloc::vec::Vec;
use core::f64::consts::PI;

use super::{Key, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::ballistics::{Ballistics, Times};
use crate::primitives::cascade::Cascade;
use crate::primitives::delay_line::SwitchedDelay;
use crate::primitives::fade::{Fade, Glide, Line, frame_numbers};
use crate::primitives::filter_design::{Biquad, butterworth_quality};
use crate::primitives::gain_computer::{Curve, gain_of_db, slope};
use crate::primitives::lanes::{F4, VECTOR_LANES};
use crate::primitives::sidechain::{CHUNK_FRAMES, Chunk};
use crate::primitives::sliding_max::SlidingMax;
use crate::primitives::split::Split;
use crate::primitives::svf::SvfCoefficients;
use crate::primitives::{INPUT_LIMIT, silence_beyond};
use crate::units::ms_to_frames;
pub use declaration::SPEC;
use declaration::{LONGEST_LOOKAHEAD_MS, index};

/// How long a switch takes.
const FADE_MS: f64 = 10.0;
/// The level is the greatest power of this time.
const WINDOW_MS: f64 = 2.0;
/// Ratio above the threshold.
const RATIO: f32 = 4.0;
/// Width of the knee.
const KNEE_DB: f32 = 6.0;
/// Order of the detector's high-pass.
const DETECTOR_ORDER: usize = 4;
/// Periods of its corner within which the split falls by 75 dB: ln(10^(75/20)) · √2 / 2π.
const RING_PERIODS: f64 = 2.0;
/// Filters keep below this share of the rate.
const HIGHEST_SHARE: f64 = 0.45;

/// What comes out, in dB, of sibilants of a steady level.
pub(super) fn level_out_db(values: &[f32], level_db: f32) -> f32 {
    let value = |index: usize| values.get(index).copied().unwrap_or(SPEC.params[index].default);
    level_db - Curve::resting(value(index::THRESHOLD), KNEE_DB, RATIO, value(index::RANGE)).reduction_of_level_db(level_db)
}

/// See the module's text.
pub struct DeEsser {
    rate_hz: f64,
    values: Vec<f32>,
    curve: Curve,
    times: Times,
    ballistics: Ballistics,
    level: SlidingMax,
    window_frames: usize,
    detector: Cascade,
    /// tan(πf0/fs) of the split.
    warped: Glide,
    split: Split,
    filters_moved: bool,
    wide: Fade,
    listen: Fade,
    delay: SwitchedDelay,
    since_flush: usize,
    deepest_db: f32,
    sibilants: Chunk,
    /// Power, then gain of each frame of a chunk.
    gain: [f32; CHUNK_FRAMES],
    /// Root of the gain.
    root: [f32; CHUNK_FRAMES],
}

impl DeEsser {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz);
        let window_frames = ms_to_frames(WINDOW_MS, rate_hz);
        let off = Fade::new(false, fade_frames);
        let zero = Line::new(0.0);
        let mut detector = Cascade::new(DETECTOR_ORDER / 2);
        detector.rebuild(DETECTOR_ORDER / 2);
        let mut deesser = Self {
            rate_hz,
            values: SPEC.params.iter().map(|param| param.default).collect(),
            curve: Curve { threshold_db: zero, half_knee_db: Line::new(0.5 * KNEE_DB), slope: Line::new(slope(RATIO)), range_db: zero },
            times: Times::new(1.0, 1.0, 0.0, rate_hz),
            ballistics: Ballistics::default(),
            level: SlidingMax::new(window_frames),
            window_frames,
            detector,
            warped: Glide::new(1.0),
            split: Split::new(),
            filters_moved: false,
            wide: off,
            listen: off,
            delay: SwitchedDelay::new(ms_to_frames(LONGEST_LOOKAHEAD_MS as f64, rate_hz), fade_frames),
            since_flush: 0,
            deepest_db: 0.0,
            sibilants: [[0.0; CHUNK_FRAMES]; 2],
            gain: [0.0; CHUNK_FRAMES],
            root: [0.0; CHUNK_FRAMES],
        };
        for (index, param) in SPEC.params.iter().enumerate() {
            deesser.set(index, param.default);
        }
        deesser.reset();
        deesser
    }

    fn aim_filters(&mut self) {
        let omega = 2.0 * PI * (self.values[index::FREQUENCY] as f64 / self.rate_hz).min(HIGHEST_SHARE);
        for section in 0..DETECTOR_ORDER / 2 {
            let biquad = Biquad::high_pass(omega, butterworth_quality(DETECTOR_ORDER, section));
            for channel in 0..2 {
                self.detector.aim(section, channel, SvfCoefficients::new(&biquad));
            }
        }
        self.warped.aim(libm::tan(0.5 * omega) as f32);
    }

    /// Fills the sibilants and their power.
    fn detect(&mut self, left: &[f32], right: &[f32], glide_frames: Option<usize>) {
        let frames = left.len();
        let [high_left, high_right] = &mut self.sibilants;
        let (high_left, high_right) = (&mut high_left[..frames], &mut high_right[..frames]);
        high_left.copy_from_slice(left);
        high_right.copy_from_slice(right);
        self.detector.run(high_left, high_right, glide_frames);
        for ((l, r), power) in high_left.iter().zip(high_right).zip(&mut self.gain) {
            let (left, right) = (*l * *l, *r * *r);
            *power = self.level.push(if left > right { left } else { right });
        }
    }

    /// Turns powers into gains; `at` is the chunk's first frame in the call.
    fn make_gains(&mut self, frames: usize, at: usize) {
        let mut deepest = 0.0f32;
        for start in (0..frames).step_by(VECTOR_LANES) {
            let wanted = self.curve.reduction_db(F4::load(&self.gain[start..]), frame_numbers(at + start)).to_arrays()[0];
            let mut reduction = [0.0; VECTOR_LANES];
            for (reduction, wanted) in reduction.iter_mut().zip(wanted).take(frames - start) {
                *reduction = self.ballistics.follow(wanted, &self.times, 0.0);
                deepest = if *reduction > deepest { *reduction } else { deepest };
            }
            let gain = gain_of_db(F4::splat(0.0) - F4::new([reduction]));
            gain.store(&mut self.gain[start..start + VECTOR_LANES]);
            gain.sqrt().store(&mut self.root[start..start + VECTOR_LANES]);
        }
        self.deepest_db = self.deepest_db.min(-deepest);
    }

    fn apply(&mut self, left: &mut [f32], right: &mut [f32]) {
        for (frame, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let sound = self.delay.pass([*l, *r]);
            let (wide, listen) = (self.wide.advance(), self.listen.advance());
            let parts = self.split.pass(sound, self.warped.advance());
            let (less, band_less) = (1.0 - self.gain[frame], 1.0 - self.root[frame]);
            for (channel, out) in [l, r].into_iter().enumerate() {
                let taken = band_less * parts.band[channel] + less * parts.high[channel];
                let treated = sound[channel] - (taken + wide * (less * sound[channel] - taken));
                *out = treated + listen * (self.sibilants[channel][frame] - treated);
            }
        }
    }
}

impl Processor for DeEsser {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        let Curve { threshold_db, range_db, .. } = &mut self.curve;
        threshold_db.end();
        range_db.end();
        self.aim_filters();
        self.warped.settle();
        self.detector.settle();
        self.detector.silence();
        self.filters_moved = false;
        self.split.silence();
        self.wide.settle();
        self.listen.settle();
        self.ballistics = Ballistics::default();
        self.level.reset(self.window_frames);
        self.delay.reset();
        self.since_flush = 0;
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
        match index {
            index::MODE => self.wide.turn(value >= 0.5),
            index::FREQUENCY => self.filters_moved = true,
            index::THRESHOLD => self.curve.threshold_db.aim(value),
            index::RANGE => self.curve.range_db.aim(value),
            index::ATTACK | index::RELEASE => {
                self.times = Times::new(self.values[index::ATTACK], self.values[index::RELEASE], 0.0, self.rate_hz);
            }
            index::LOOKAHEAD => self.delay.aim(ms_to_frames(value as f64, self.rate_hz)),
            index::LISTEN => self.listen.turn(value >= 0.5),
            _ => {}
        }
    }

    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        let frames = left.len().min(right.len());
        self.curve.threshold_db.begin(frames);
        self.curve.range_db.begin(frames);
        let glides = core::mem::take(&mut self.filters_moved);
        if glides {
            self.aim_filters();
            self.warped.begin(frames);
        }
        let mut at = 0;
        while at < frames {
            let length = (CHUNK_FRAMES - self.since_flush).min(frames - at);
            let (left, right) = (&mut left[at..at + length], &mut right[at..at + length]);
            self.detect(left, right, glides.then_some(frames - at));
            self.make_gains(length, at);
            self.apply(left, right);
            at += length;
            self.since_flush = (self.since_flush + length) % CHUNK_FRAMES;
            if self.since_flush == 0 {
                self.detector.flush();
                self.split.flush();
            }
        }
        self.curve.threshold_db.end();
        self.curve.range_db.end();
    }

    fn tail_frames(&self) -> usize {
        (RING_PERIODS * self.rate_hz / self.values[index::FREQUENCY] as f64) as usize
    }

    fn take_reduction_db(&mut self) -> f32 {
        core::mem::take(&mut self.deepest_db)
    }
}
