//! Clipper: cuts peaks off at a ceiling, mostly in front of a limiter.
//!
//! Gain → 1 to 16 times the rate → what exceeds the ceiling's knee, with antiderivative anti-aliasing of second order
//! ([`crate::primitives::antialias`]) → base rate → subtracted from the delayed sound. So what stays below the knee is the delayed input, bit for
//! bit, whatever the filters do. The knee is a parabola of ±1.6 % (hard) to ±50 % (soft) of the ceiling around it; what
//! is cut is band-limited again, so single peaks pass the ceiling a little: a limiter holds it.
//!
//! Gain 0 to 30 dB, ceiling −20 to 0 dB. Latency depends on oversampling alone: 0 frames at 1×, where the curve is plain, 48 at 2×, 53 at 4×, 55 and 56 above.

use alloc::vec::Vec;

use super::saturator::OVERSAMPLINGS;
use super::{Key, Processor, Stereo};
use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Unit};
use crate::primitives::antialias::mean_excess;
use crate::primitives::delay_line::DelayLine;
use crate::primitives::fade::{Fade, Line, frame_numbers};
use crate::primitives::lanes::{F4, VECTOR_LANES};
use crate::primitives::oversampler::{MAX_DOUBLINGS, MAX_FRAMES, MEMORY, Order, Oversampler, latency_frames};
use crate::primitives::reopening::Reopening;
use crate::primitives::{INPUT_LIMIT, silence_beyond};
use crate::units::{db_to_gain, gain_to_db, ms_to_frames};

mod index {
    pub const GAIN: usize = 0;
    pub const CEILING: usize = 1;
    pub const KNEE: usize = 2;
    pub const OVERSAMPLING: usize = 3;
    pub const DELTA_LISTEN: usize = 4;
}

/// How long a switch takes.
const FADE_MS: f64 = 10.0;
/// Half the knee's width, of the ceiling, when it is hard and when it is soft.
const HARD_KNEE: f32 = 1.0 / 64.0;
const SOFT_KNEE: f32 = 0.5;

/// Its declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "clipper",
    name: "Clipper",
    short_name: "Clip",
    version: 1,
    sidechain: false,
    params: &[
        ParamSpec::new("gain", "Gain", Unit::Db, 0.0, 30.0, 0.0, "Level before the ceiling: the more, the more is cut.")
            .stepped(0.5, 0.1, 3.0),
        ParamSpec::new("ceiling", "Ceiling", Unit::Db, -20.0, 0.0, 0.0, "Where peaks are cut off.").stepped(0.5, 0.1, 3.0),
        ParamSpec::new("knee", "Knee", Unit::Percent, 0.0, 100.0, 0.0, "How soon the bend begins: hard at 0, soft at 100 %.")
            .stepped(5.0, 1.0, 25.0),
        ParamSpec::choice(
            "oversampling",
            "Oversampling",
            OVERSAMPLINGS,
            2,
            "How far above the rate it works: the more, the fewer aliases.",
        )
        .fixed()
        .flag(Flags::AFFECTS_LATENCY.and(Flags::SECONDARY)),
        ParamSpec::toggle("delta_listen", "Delta listen", false, "Hear what it cuts off, in what you hear only.")
            .fixed()
            .flag(Flags::MONITOR.and(Flags::SECONDARY)),
    ],
    presets: &[
        Preset { name: "Before the limiter", values: &[("gain", 2.0), ("ceiling", -1.0), ("knee", 20.0)] },
        Preset { name: "Drum peaks", values: &[("gain", 4.0), ("ceiling", -2.0)] },
        Preset { name: "Soft master", values: &[("gain", 3.0), ("ceiling", -0.5), ("knee", 80.0), ("oversampling", 3.0)] },
        Preset { name: "Loud and hard", values: &[("gain", 8.0), ("ceiling", -1.0), ("knee", 10.0), ("oversampling", 3.0)] },
        Preset { name: "Snare crack", values: &[("gain", 6.0), ("ceiling", -6.0), ("knee", 40.0)] },
        Preset { name: "Only the ceiling", values: &[("ceiling", -1.0)] },
    ],
    help: "Cuts peaks off at a ceiling, hard or soft, without aliases; leaves what is below as it is.",
};

/// Half the knee's width, of the ceiling.
fn half_knee(knee_percent: f32) -> f32 {
    HARD_KNEE + (SOFT_KNEE - HARD_KNEE) * knee_percent / 100.0
}

/// The sample that comes out for one that goes in and stays.
pub(super) fn sample_out(values: &[f32], sample: f32) -> f32 {
    let value = |index: usize| values.get(index).copied().unwrap_or(SPEC.params[index].default);
    let louder = sample * db_to_gain(value(index::GAIN) as f64) as f32;
    let ceiling = db_to_gain(value(index::CEILING) as f64) as f32;
    let level = F4::splat(louder / ceiling);
    louder - ceiling * mean_excess([level; 3], F4::splat(half_knee(value(index::KNEE)))).lane(0, 0)
}

/// See the module's text.
pub struct Clipper {
    values: Vec<f32>,
    channels: [Oversampler; 2],
    gain: Line,
    ceiling: Line,
    knee: Line,
    delta: Fade,
    delay: DelayLine,
    reopening: Reopening,
    doublings: usize,
    /// The highest level in ceilings since the reading was taken.
    highest: f32,
    excess: [[f32; MAX_FRAMES]; 2],
}

impl Clipper {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz).max(1);
        let one = Line::new(1.0);
        let longest = (0..=MAX_DOUBLINGS).map(latency_frames).max().unwrap_or(0);
        let mut clipper = Self {
            values: SPEC.params.iter().map(|param| param.default).collect(),
            channels: [Oversampler::new(), Oversampler::new()],
            gain: one,
            ceiling: one,
            knee: one,
            delta: Fade::new(false, fade_frames),
            delay: DelayLine::new(longest),
            reopening: Reopening::new(fade_frames),
            doublings: 0,
            highest: 1.0,
            excess: [[0.0; MAX_FRAMES]; 2],
        };
        for (index, param) in SPEC.params.iter().enumerate() {
            clipper.set(index, param.default);
        }
        clipper.reset();
        clipper
    }

    fn lines(&mut self) -> [&mut Line; 3] {
        [&mut self.gain, &mut self.ceiling, &mut self.knee]
    }

    fn wanted_doublings(&self) -> usize {
        self.values[index::OVERSAMPLING] as usize
    }

    /// Forgets all sound and takes the wanted factor.
    fn restart(&mut self) {
        self.doublings = self.wanted_doublings();
        for channel in &mut self.channels {
            channel.reset(self.doublings, Order::Second);
        }
        self.delay.silence();
    }

    fn steady_frames(&mut self) -> usize {
        let latency = latency_frames(self.wanted_doublings());
        if self.reopening.is_due(self.doublings != self.wanted_doublings(), latency) {
            self.restart();
        }
        self.reopening.steady_frames().min(MAX_FRAMES)
    }

    fn apply_gain(&mut self, left: &mut [f32], right: &mut [f32], at: usize) {
        for (channel, samples) in [left, right].into_iter().enumerate() {
            let fours = samples.chunks_mut(VECTOR_LANES).zip(self.excess[channel].chunks_mut(VECTOR_LANES));
            for (index, (from, to)) in fours.enumerate() {
                let numbers = frame_numbers(at + index * VECTOR_LANES);
                let louder = F4::load_partial(from) * self.gain.at(numbers);
                louder.store(from);
                let level = louder / self.ceiling.at(numbers);
                let highest = level.abs().greatest();
                self.highest = if highest > self.highest { highest } else { self.highest };
                level.store(to);
            }
        }
    }

    /// Turns levels into what exceeds the knee, late by the latency.
    fn exceed(&mut self, frames: usize, at: usize) {
        for (channel, samples) in self.channels.iter_mut().zip(&mut self.excess) {
            let share = 1.0 / channel.factor() as f32;
            let is_plain = channel.factor() == 1;
            let knee = &self.knee;
            channel.process(&mut samples[..frames], |high, out| {
                for (index, four) in out.chunks_mut(VECTOR_LANES).enumerate() {
                    let start = index * VECTOR_LANES;
                    let numbers = core::array::from_fn(|lane| at as f32 + (start + lane + 1) as f32 * share);
                    let x = |back: usize| F4::load_partial(&high[start + MEMORY - back..]);
                    let samples = if is_plain { [x(0); 3] } else { [x(0), x(1), x(2)] };
                    mean_excess(samples, knee.at(F4::new([numbers]))).store(four);
                }
            });
        }
    }

    fn subtract(&mut self, left: &mut [f32], right: &mut [f32], at: usize) {
        let delay = latency_frames(self.doublings);
        for (frame, (l, r)) in left.iter_mut().zip(right).enumerate() {
            self.delay.write([*l, *r]);
            let whole = self.delay.read(delay);
            let ceiling = self.ceiling.at(F4::splat((at + frame + 1) as f32)).lane(0, 0);
            let (delta, open) = (self.delta.advance(), self.reopening.advance());
            for (channel, sample) in [l, r].into_iter().enumerate() {
                let cut = ceiling * self.excess[channel][frame];
                let rest = whole[channel] - cut;
                *sample = open * (rest + delta * (cut - rest));
            }
        }
    }
}

impl Processor for Clipper {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        for line in self.lines() {
            line.end();
        }
        self.delta.settle();
        self.reopening.reset();
        self.highest = 1.0;
        self.restart();
    }

    fn latency_frames(&self) -> usize {
        latency_frames(self.wanted_doublings())
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(slot) = self.values.get_mut(index) else {
            return;
        };
        *slot = value;
        match index {
            index::GAIN => self.gain.aim(db_to_gain(value as f64) as f32),
            index::CEILING => self.ceiling.aim(db_to_gain(value as f64) as f32),
            index::KNEE => self.knee.aim(half_knee(value)),
            index::DELTA_LISTEN => self.delta.turn(value >= 0.5),
            _ => {}
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
        let mut at = 0;
        while at < frames {
            let length = self.steady_frames().min(frames - at);
            let (left, right) = (&mut left[at..at + length], &mut right[at..at + length]);
            self.apply_gain(left, right, at);
            self.exceed(length, at);
            self.subtract(left, right, at);
            self.reopening.pass(length);
            at += length;
        }
        for line in self.lines() {
            line.end();
        }
    }

    fn tail_frames(&self) -> usize {
        // The filters ring for as long after their middle as before it.
        latency_frames(self.wanted_doublings())
    }

    fn take_reduction_db(&mut self) -> f32 {
        -gain_to_db(core::mem::replace(&mut self.highest, 1.0) as f64) as f32
    }
}
