//! Reverb: a room, a plate or a hall, as an insert or on a return.
//!
//! Input → pre-delay → low and high cut (12 dB/oct) → diffuser (four all-passes a channel) → network of sixteen delay lines
//! ([`network`]) → width → mix. A part of the diffused input is heard at once.
//! - Decay: every line loses exactly what the dial asks for in its length ([`decay`]), below the damping's corner 60 dB in the
//!   dial's time, far above it up to ten times sooner.
//! - Modulation rotates pairs of lines into each other ([`wander`]): it neither bends pitch nor costs decay.
//! - Size changes the lengths: the lines cross over to the new ones within 60 ms. Another kind is another room: it is prepared by an
//!   understudy that is played as much of the past as still rings ([`super::understudy`]), then cross-fades.
//! - The level is √((1 − e) / e), e the mean share of energy that a line keeps: what comes out of a steady sound is as loud at any
//!   decay. It ends at +12 dB, which decays far shorter than the lines would exceed.
//!
//! Everything begins in the same state, so two renders are equal to the bit. No latency. At a mix of 0 the output is the input.

mod decay;
mod declaration;
mod diffuser;
mod kind;
mod network;
mod wander;

use alloc::vec::Vec;
use core::f64::consts::{FRAC_1_SQRT_2, PI};

use super::understudy::{Understudied, Understudy};
use super::{Key, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::cascade::Cascade;
use crate::primitives::delay_line::SwitchedDelay;
use crate::primitives::fade::Glide;
use crate::primitives::filter_design::Biquad;
use crate::primitives::svf::SvfCoefficients;
use crate::primitives::{INPUT_LIMIT, silence_beyond};
use crate::units::ms_to_frames;
pub use declaration::SPEC;
use declaration::{LARGEST_PERCENT, LONGEST_PRE_DELAY_MS, index};
use diffuser::Diffuser;
use kind::{KINDS, Kind};
use network::{CHUNK_FRAMES, LINES, Network};

/// How long other lengths take.
const FADE_MS: f64 = 60.0;
/// Delays of the all-passes, left and right.
const DIFFUSER_MS: [[f64; diffuser::STAGES]; 2] = [[3.1, 6.1, 10.3, 16.7], [3.7, 5.3, 11.9, 14.9]];
/// Highest level of the network, +12 dB.
const HIGHEST_LEVEL: f64 = 4.0;
/// Gain of the diffusers' all-passes.
const DIFFUSION: f32 = 0.7;
/// The filters keep below this share of the rate.
const HIGHEST_SHARE: f64 = 0.49;
/// Frames of the input that are kept, 6.1 s at 48 kHz, and how many of them are played to an understudy in a frame.
const KEPT_FRAMES: usize = 2_304 * CHUNK_FRAMES;
const HURRY: usize = 16;
/// After so many decay times a steady sound of before has fallen below what counts as forgotten.
const MEMORY_DECAYS: f64 = 1.25;
/// What diffuser and filters add to the tail.
const SETTLING_SECONDS: f64 = 0.3;
/// Frames that the longest line may be longer than asked for, to be prime.
const PRIME_ROOM: usize = 200;

/// Time in which a frequency falls by 60 dB, by these values.
pub(super) fn decay_ms(values: &[f32], rate_hz: f64, frequency_hz: f64) -> f64 {
    let value = |index: usize| values.get(index).copied().unwrap_or(SPEC.params[index].default) as f64;
    let kind = &KINDS[(value(index::KIND) as usize).min(KINDS.len() - 1)];
    1000.0 * decay::seconds_at(value(index::DECAY) / 1000.0, value(index::DAMPING) / 100.0, kind.damping_hz, rate_hz, frequency_hz)
}

/// As it stands in a slot.
pub type Prepared = Understudy<Reverb>;

/// See the module's text.
pub struct Reverb {
    rate_hz: f64,
    fade_frames: usize,
    values: Vec<f32>,
    pre_delay: SwitchedDelay,
    filter: Cascade,
    filter_moved: bool,
    /// Lengths.
    room_moved: bool,
    decay_moved: bool,
    diffusers: [Diffuser; 2],
    onset: Glide,
    network: Network,
    level: Glide,
    width: Glide,
    mix: Glide,
    /// Frames since the modulation's last step.
    since_step: usize,
    wet: [[f32; CHUNK_FRAMES]; 2],
    late: [[f32; CHUNK_FRAMES]; 2],
}

impl Reverb {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz);
        let still = Glide::new(0.0);
        let mut filter = Cascade::new(2);
        filter.rebuild(2);
        let longest_ms = KINDS.iter().fold(0.0f64, |longest, kind| longest.max(kind.line_ms[1]));
        let most_frames = ms_to_frames(longest_ms * LARGEST_PERCENT as f64 / 100.0, rate_hz) + PRIME_ROOM;
        let mut reverb = Self {
            rate_hz,
            fade_frames,
            values: SPEC.params.iter().map(|param| param.default).collect(),
            pre_delay: SwitchedDelay::new(ms_to_frames(LONGEST_PRE_DELAY_MS as f64, rate_hz), fade_frames),
            filter,
            filter_moved: false,
            room_moved: false,
            decay_moved: false,
            diffusers: DIFFUSER_MS.map(|delays_ms| Diffuser::new(delays_ms, rate_hz)),
            onset: still,
            network: Network::new(most_frames, fade_frames, rate_hz),
            level: still,
            width: still,
            mix: still,
            since_step: 0,
            wet: [[0.0; CHUNK_FRAMES]; 2],
            late: [[0.0; CHUNK_FRAMES]; 2],
        };
        for (index, param) in SPEC.params.iter().enumerate() {
            reverb.set(index, param.default);
        }
        reverb.reset();
        reverb
    }

    fn kind(&self) -> &'static Kind {
        &KINDS[(self.values[index::KIND] as usize).min(KINDS.len() - 1)]
    }

    /// Takes lengths, decay and level from the parameters.
    fn aim_room(&mut self) {
        let kind = self.kind();
        let line_frames = kind.line_frames(self.values[index::SIZE] as f64 / 100.0, self.rate_hz);
        let seconds = self.values[index::DECAY] as f64 / 1000.0;
        let damping = self.values[index::DAMPING] as f64 / 100.0;
        self.network.aim(&line_frames);
        self.network.decay.aim(&line_frames, seconds, damping, kind.damping_hz, self.rate_hz);
        let kept = |frames: &usize| libm::pow(10.0, -6.0 * *frames as f64 / (seconds * self.rate_hz));
        let mean = line_frames.iter().map(kept).sum::<f64>() / LINES as f64;
        self.level.aim(libm::sqrt((1.0 - mean) / mean).min(HIGHEST_LEVEL) as f32);
        self.onset.aim(kind.onset);
    }

    /// Begins what moved: with other lengths over their fade, else over the call; a running glide keeps its end.
    fn begin_room(&mut self, frames: usize) {
        let shortest = match (core::mem::take(&mut self.room_moved), core::mem::take(&mut self.decay_moved)) {
            (true, _) => self.fade_frames,
            (false, true) => frames,
            (false, false) => return,
        };
        self.aim_room();
        let frames = shortest.max(self.network.decay.glide_left());
        self.network.decay.begin(frames);
        self.onset.begin(frames);
        self.level.begin(frames);
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

    /// Frames of so many decay times, with what lies before the network.
    fn ringing_frames(&self, decays: f64) -> usize {
        let seconds = decays * self.values[index::DECAY] as f64 / 1000.0 + SETTLING_SECONDS;
        self.pre_delay.delay_frames() + (seconds * self.rate_hz) as usize
    }

    /// Fills the reverb of a stretch.
    fn reverberate(&mut self, left: &[f32], right: &[f32], glide_frames: Option<usize>) {
        let frames = left.len();
        let ([wet_left, wet_right], [late_left, late_right]) = (&mut self.wet, &mut self.late);
        let (wet_left, wet_right) = (&mut wet_left[..frames], &mut wet_right[..frames]);
        let (late_left, late_right) = (&mut late_left[..frames], &mut late_right[..frames]);
        for (frame, (l, r)) in left.iter().zip(right).enumerate() {
            [wet_left[frame], wet_right[frame]] = self.pre_delay.pass([*l, *r]);
        }
        self.filter.run(wet_left, wet_right, glide_frames);
        let [left_diffuser, right_diffuser] = &mut self.diffusers;
        left_diffuser.run(wet_left, DIFFUSION);
        right_diffuser.run(wet_right, DIFFUSION);
        late_left.copy_from_slice(wet_left);
        late_right.copy_from_slice(wet_right);
        self.network.run(late_left, late_right);
        for frame in 0..frames {
            let (onset, level) = (self.onset.advance(), self.level.advance());
            wet_left[frame] = onset * wet_left[frame] + level * late_left[frame];
            wet_right[frame] = onset * wet_right[frame] + level * late_right[frame];
        }
    }

    fn mix(&mut self, left: &mut [f32], right: &mut [f32]) {
        for (frame, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let (width, mix) = (self.width.advance(), self.mix.advance());
            let (wet_left, wet_right) = (self.wet[0][frame], self.wet[1][frame]);
            let (middle, side) = (0.5 * (wet_left + wet_right), 0.5 * width * (wet_left - wet_right));
            let dry = 1.0 - mix;
            *l = dry * *l + mix * (middle + side);
            *r = dry * *r + mix * (middle - side);
        }
    }
}

impl Understudied for Reverb {
    const KEPT_FRAMES: usize = KEPT_FRAMES;
    const HURRY: usize = HURRY;

    fn new(rate_hz: f64) -> Self {
        Self::new(rate_hz)
    }

    fn is_prepared(index: usize) -> bool {
        index == index::KIND
    }

    fn memory_frames(&self) -> usize {
        self.ringing_frames(MEMORY_DECAYS)
    }

    fn prepare(&mut self, _heard: &Self, frames: u64) {
        self.reset();
        self.network.wander.stand_at(frames / CHUNK_FRAMES as u64);
    }
}

impl Processor for Reverb {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        self.aim_room();
        self.aim_filter();
        (self.filter_moved, self.room_moved, self.decay_moved) = (false, false, false);
        for glide in [&mut self.onset, &mut self.level, &mut self.width, &mut self.mix] {
            glide.settle();
        }
        self.pre_delay.reset();
        self.filter.settle();
        self.filter.silence();
        for diffuser in &mut self.diffusers {
            diffuser.silence();
        }
        self.network.reset();
        self.since_step = 0;
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(slot) = self.values.get_mut(index) else {
            return;
        };
        *slot = value;
        match index {
            index::PRE_DELAY => self.pre_delay.aim(ms_to_frames(value as f64, self.rate_hz)),
            index::MODULATION => self.network.wander.set_depth(value as f64 / 100.0),
            index::LOW_CUT | index::HIGH_CUT => self.filter_moved = true,
            index::WIDTH => self.width.aim(value / 100.0),
            index::MIX => self.mix.aim(value / 100.0),
            index::DECAY | index::DAMPING => self.decay_moved = true,
            _ => self.room_moved = true,
        }
    }

    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        let frames = left.len().min(right.len());
        let glides = core::mem::take(&mut self.filter_moved);
        if glides {
            self.aim_filter();
        }
        self.begin_room(frames);
        self.width.begin(frames);
        self.mix.begin(frames);
        let mut at = 0;
        while at < frames {
            let length = (CHUNK_FRAMES - self.since_step).min(frames - at).min(self.network.shortest());
            let (left, right) = (&mut left[at..at + length], &mut right[at..at + length]);
            self.reverberate(left, right, glides.then_some(frames - at));
            self.mix(left, right);
            at += length;
            self.since_step = (self.since_step + length) % CHUNK_FRAMES;
            if self.since_step == 0 {
                self.network.begin_step();
                self.filter.flush();
            }
        }
    }

    fn tail_frames(&self) -> usize {
        self.ringing_frames(1.0)
    }
}
