//! Limiter: holds a ceiling of true peak; the last processor of a master.
//!
//! Gain → true peak between frames ([`crate::primitives::true_peak`], 8× with parabola) → needed reduction in doublings →
//! greatest over the lookahead → release ([`envelope`]) → three running means as long as the lookahead → gain on the delayed audio.
//! Each step keeps what is needed at the peak (the greatest spans the means, the release never undercuts it), so the ceiling
//! holds without clipping. After G. Luff, "Designing a straightforward limiter" (Signalsmith), with the detector of BS.1770's kind refined.
//! Gain 0 to 30 dB, ceiling −20 to 0 dBTP, lookahead 0.1 to 10 ms. Latency: 35 frames of the detector and the lookahead, whatever
//! else is set. Below the ceiling the output is the delayed input.
//!
//! Another lookahead is another latency: the sound fades out, the delay is refilled, and it fades in again.

mod channel;
mod declaration;
mod envelope;

use alloc::vec::Vec;

use super::{Key, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::delay_line::DelayLine;
use crate::primitives::fade::{Fade, Line, frame_numbers};
use crate::primitives::fast_math::{exp2, log2};
use crate::primitives::lanes::{F4, VECTOR_LANES};
use crate::primitives::reopening::Reopening;
use crate::primitives::true_peak::{DELAY_FRAMES, MAX_SAMPLES};
use crate::primitives::{INPUT_LIMIT, silence_beyond};
use crate::units::{db_to_gain, ms_to_frames};
use channel::Channel;
pub use declaration::SPEC;
use declaration::{LONGEST_LOOKAHEAD_MS, index};
use envelope::Times;

/// How long a switch takes.
const FADE_MS: f64 = 10.0;
/// dB of a doubling.
const DB_PER_DOUBLING: f32 = 6.020_6;

/// One value per frame of a chunk and channel.
type Chunk = [[f32; MAX_SAMPLES]; 2];

/// What fades inside.
struct Switches {
    true_peak: Fade,
    unity: Fade,
    delta: Fade,
}

/// See the module's text.
pub struct Limiter {
    rate_hz: f64,
    values: Vec<f32>,
    switches: Switches,
    gain: Line,
    ceiling: Line,
    link_transients: Line,
    link_release: Line,
    times: Times,
    channels: [Channel; 2],
    /// Both channels share one reduction, which the first one makes alone.
    is_linked: bool,
    delay: DelayLine,
    lookahead_frames: usize,
    wanted_lookahead_frames: usize,
    /// Closes while the lookahead changes.
    reopening: Reopening,
    deepest: f32,
    reduction: Chunk,
}

impl Limiter {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz);
        let longest = ms_to_frames(LONGEST_LOOKAHEAD_MS as f64, rate_hz);
        let one = Line::new(1.0);
        let off = Fade::new(false, fade_frames);
        let mut limiter = Self {
            rate_hz,
            values: SPEC.params.iter().map(|param| param.default).collect(),
            switches: Switches { true_peak: off, unity: off, delta: off },
            gain: one,
            ceiling: one,
            link_transients: one,
            link_release: one,
            times: Times::new(0, 1.0, 1.0, true, rate_hz),
            channels: [Channel::new(longest + 1), Channel::new(longest + 1)],
            is_linked: false,
            delay: DelayLine::new(longest + DELAY_FRAMES + MAX_SAMPLES),
            lookahead_frames: 0,
            wanted_lookahead_frames: 0,
            reopening: Reopening::new(fade_frames),
            deepest: 0.0,
            reduction: [[0.0; MAX_SAMPLES]; 2],
        };
        for (index, param) in SPEC.params.iter().enumerate() {
            limiter.set(index, param.default);
        }
        limiter.reset();
        limiter
    }

    fn lines(&mut self) -> [&mut Line; 4] {
        [&mut self.gain, &mut self.ceiling, &mut self.link_transients, &mut self.link_release]
    }

    /// Forgets all sound and takes the wanted lookahead.
    fn restart(&mut self) {
        self.lookahead_frames = self.wanted_lookahead_frames;
        for channel in &mut self.channels {
            channel.reset(self.lookahead_frames + 1);
        }
        self.delay.silence();
        self.is_linked = self.links_wholly();
    }

    fn links_wholly(&self) -> bool {
        self.link_transients.rests_at(1.0) && self.link_release.rests_at(1.0)
    }

    /// Lets one channel work for both where they surely agree, and no longer when they may part.
    fn take_link(&mut self) {
        if self.is_linked && !self.links_wholly() {
            let [first, second] = &mut self.channels;
            second.adopt(first);
            self.is_linked = false;
        } else if !self.is_linked && self.links_wholly() && self.is_at_rest() {
            self.is_linked = true;
        }
    }

    fn apply_gain(&self, left: &mut [f32], right: &mut [f32], at: usize) {
        if self.gain.rests_at(1.0) {
            return;
        }
        for (start, (l, r)) in left.chunks_mut(VECTOR_LANES).zip(right.chunks_mut(VECTOR_LANES)).enumerate() {
            let gain = self.gain.at(frame_numbers(at + start * VECTOR_LANES));
            (F4::load_partial(l) * gain).store(l);
            (F4::load_partial(r) * gain).store(r);
        }
    }

    /// Peaks around each frame [`DELAY_FRAMES`] ago, into the reduction's place.
    fn detect(&mut self, sides: [&[f32]; 2]) {
        let frames = sides[0].len();
        let lowest_ceiling = self.ceiling.least();
        for ((channel, peaks), samples) in self.channels.iter_mut().zip(&mut self.reduction).zip(sides) {
            channel.detect(samples, &mut peaks[..frames], lowest_ceiling);
        }
    }

    /// Where true peak is off, the peak is the sample itself.
    fn cross_to_samples(&mut self, sides: [&[f32]; 2]) {
        if !self.switches.true_peak.is_moving() && !self.switches.true_peak.is_off() {
            return;
        }
        for frame in 0..sides[0].len() {
            let share = self.switches.true_peak.advance();
            for (channel, samples) in sides.iter().enumerate() {
                // The delay holds the frames before this chunk: frame −1 of it was written last.
                let sample = match frame.checked_sub(DELAY_FRAMES) {
                    Some(at) => samples[at],
                    None => self.delay.read(DELAY_FRAMES - frame - 1)[channel],
                };
                let peak = &mut self.reduction[channel][frame];
                *peak = sample.abs() + share * (*peak - sample.abs());
            }
        }
    }

    /// Turns peaks into needed reductions; says whether there are any.
    fn need(&mut self, frames: usize, at: usize) -> bool {
        let one = F4::splat(1.0);
        let links_wholly = self.link_transients.rests_at(1.0);
        let [left, right] = &mut self.reduction;
        let mut greatest = F4::splat(0.0);
        for start in (0..frames).step_by(VECTOR_LANES) {
            let index = frame_numbers(at + start);
            let ceiling = self.ceiling.at(index);
            let end = frames.min(start + VECTOR_LANES);
            let needed = [&left[start..end], &right[start..end]].map(|peaks| log2((F4::load_partial(peaks) / ceiling).max(one)));
            let (both, link) = (needed[0].max(needed[1]), self.link_transients.at(index));
            greatest = greatest.max(both);
            let linked = needed.map(|needed| if links_wholly { both } else { needed + link * (both - needed) });
            linked[0].store(&mut left[start..end]);
            linked[1].store(&mut right[start..end]);
        }
        greatest.greatest() > 0.0
    }

    /// How many channels make reductions.
    fn working(&self) -> usize {
        if self.is_linked { 1 } else { 2 }
    }

    fn is_at_rest(&self) -> bool {
        self.channels[..self.working()].iter().all(|channel| channel.is_at_rest(self.lookahead_frames))
    }

    /// Turns needed reductions into smooth ones.
    fn smooth(&mut self, frames: usize, at: usize) {
        let mut slow = [[0.0; MAX_SAMPLES]; 2];
        let working = self.working();
        let links_wholly = self.link_release.rests_at(1.0);
        for ((channel, needed), slow) in self.channels[..working].iter_mut().zip(&mut self.reduction).zip(&mut slow) {
            channel.hold(&mut needed[..frames], &mut slow[..frames], &self.times);
        }
        let [left, right] = &mut slow;
        // A single channel's slow part is the one of both.
        let shared = if self.is_linked { 0 } else { frames };
        for start in (0..shared).step_by(VECTOR_LANES) {
            let link = self.link_release.at(frame_numbers(at + start));
            let slows = [F4::load(&left[start..]), F4::load(&right[start..])];
            let both = slows[0].max(slows[1]);
            let linked = slows.map(|slow| if links_wholly { both } else { slow + link * (both - slow) });
            linked[0].store(&mut left[start..start + VECTOR_LANES]);
            linked[1].store(&mut right[start..start + VECTOR_LANES]);
        }
        for ((channel, needed), slow) in self.channels[..working].iter_mut().zip(&mut self.reduction).zip(&slow) {
            let deepest = channel.release(&mut needed[..frames], &slow[..frames], &self.times);
            self.deepest = if deepest > self.deepest { deepest } else { self.deepest };
        }
    }

    /// Turns reductions into gains on the delayed audio.
    fn apply(&mut self, left: &mut [f32], right: &mut [f32]) {
        let zero = F4::splat(0.0);
        let working = self.working();
        for gain in self.reduction[..working].iter_mut() {
            for four in gain[..left.len()].chunks_mut(VECTOR_LANES) {
                exp2(zero - F4::load_partial(four)).store(four);
            }
        }
        let delay = DELAY_FRAMES + self.lookahead_frames;
        self.delay.delay_all(left, right, delay);
        left.iter_mut().zip(&self.reduction[0]).for_each(|(sample, gain)| *sample *= gain);
        right.iter_mut().zip(&self.reduction[working - 1]).for_each(|(sample, gain)| *sample *= gain);
    }

    /// Delays alone, while nothing is turned down.
    fn pass(&mut self, left: &mut [f32], right: &mut [f32]) {
        self.delay.delay_all(left, right, DELAY_FRAMES + self.lookahead_frames);
    }

    /// What is listened to instead, and the fade around a change of the lookahead.
    fn switch(&mut self, left: &mut [f32], right: &mut [f32], at: usize) {
        let Switches { unity, delta, .. } = &mut self.switches;
        if unity.is_off() && delta.is_off() && self.reopening.is_open() {
            return;
        }
        // The delay's frame `back` is the one that stands at the chunk's first place.
        let back = DELAY_FRAMES + self.lookahead_frames + left.len() - 1;
        let hears_delta = !delta.is_off();
        for (frame, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let (delta, unity, open) = (delta.advance(), unity.advance(), self.reopening.advance());
            if hears_delta {
                let [whole_left, whole_right] = self.delay.read(back - frame);
                *l += delta * (whole_left - *l - *l);
                *r += delta * (whole_right - *r - *r);
            }
            let [gain, ..] = self.gain.at(frame_numbers(at + frame)).to_arrays()[0];
            let level = open * (1.0 + unity * (1.0 / gain - 1.0));
            *l *= level;
            *r *= level;
        }
    }

    /// How many frames can be worked on before the lookahead's change takes its next step.
    fn steady_frames(&mut self) -> usize {
        let waits = self.lookahead_frames != self.wanted_lookahead_frames;
        if self.reopening.is_due(waits, DELAY_FRAMES + self.wanted_lookahead_frames) {
            self.restart();
        }
        self.reopening.steady_frames()
    }
}

impl Processor for Limiter {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        for line in self.lines() {
            line.end();
        }
        let Switches { true_peak, unity, delta } = &mut self.switches;
        for switch in [true_peak, unity, delta] {
            switch.settle();
        }
        self.reopening.reset();
        self.deepest = 0.0;
        self.restart();
    }

    fn latency_frames(&self) -> usize {
        DELAY_FRAMES + self.wanted_lookahead_frames
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(slot) = self.values.get_mut(index) else {
            return;
        };
        *slot = value;
        let is_on = value >= 0.5;
        match index {
            index::GAIN => self.gain.aim(db_to_gain(value as f64) as f32),
            index::CEILING => self.ceiling.aim(db_to_gain(value as f64) as f32),
            index::LOOKAHEAD => self.wanted_lookahead_frames = ms_to_frames(value as f64, self.rate_hz).max(1),
            index::LINK_TRANSIENTS => self.link_transients.aim(value / 100.0),
            index::LINK_RELEASE => self.link_release.aim(value / 100.0),
            index::TRUE_PEAK => self.switches.true_peak.turn(is_on),
            index::UNITY_LISTEN => self.switches.unity.turn(is_on),
            index::DELTA_LISTEN => self.switches.delta.turn(is_on),
            _ => {
                let [attack, release] = [index::ATTACK, index::RELEASE].map(|index| self.values[index]);
                let is_auto = self.values[index::AUTO_RELEASE] >= 0.5;
                self.times = Times::new(self.values[index::STYLE] as usize, attack, release, is_auto, self.rate_hz);
            }
        }
    }

    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        let frames = left.len().min(right.len());
        for line in self.lines() {
            line.begin(frames);
        }
        self.take_link();
        let mut at = 0;
        while at < frames {
            let length = self.steady_frames().min(MAX_SAMPLES).min(frames - at);
            let (left, right) = (&mut left[at..at + length], &mut right[at..at + length]);
            self.apply_gain(left, right, at);
            self.detect([left, right]);
            self.cross_to_samples([left, right]);
            if self.need(length, at) || !self.is_at_rest() {
                self.smooth(length, at);
                self.apply(left, right);
            } else {
                self.pass(left, right);
            }
            self.switch(left, right, at);
            self.reopening.pass(length);
            at += length;
        }
        for line in self.lines() {
            line.end();
        }
    }

    fn take_reduction_db(&mut self) -> f32 {
        -DB_PER_DOUBLING * core::mem::take(&mut self.deepest)
    }
}
