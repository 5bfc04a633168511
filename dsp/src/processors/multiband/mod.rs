//! Multiband compressor: two to six bands, each turned down when it is loud and up when it is quiet; on masters and difficult tracks.
//!
//! Crossover ([`crate::primitives::crossover`], Linkwitz-Riley of 6 to 48 dB/oct, all-pass compensated; or the same slopes without any turn of
//! phase, [`crate::primitives::linear_crossover`]) → per band level, curve and smoothing as in the compressor
//! ([`crate::primitives::gain_computer`], [`crate::primitives::ballistics`]) → gain on the delayed band → sum. Each band hears its own part of the
//! key, if there is one, through a high- and a low-pass of its own. Lifting is compression from above: a band stands lifted by its range, and what
//! is louder than the lift threshold takes that back, so attack and release mean the same in both directions. Mix blends gains, not
//! sounds, so nothing combs.
//!
//! The bands sum flat within 0.001 dB; their sum is an all-pass, or, linear, the delayed input. While no band is at work (ratios 1, gains 0, no
//! solo) the crossover is left out and the output is the delayed input. Splits 20 Hz to 20 kHz. Latency: the lookahead, 0 to 20 ms, and in linear
//! phase half the taps and a block: 5120 frames up to 50 kHz, 9216 above. Another phase fades out and in again. Another number of bands, slope or
//! key filter is prepared by an understudy ([`super::understudy`]), then cross-fades.

mod band;
mod declaration;
mod splitter;

use alloc::vec::Vec;

pub use declaration::SPEC;
use declaration::{LONGEST_LOOKAHEAD_MS, band_param, index};

use super::understudy::{Understudied, Understudy};
use super::{Key, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::crossing::{Crossing, Source};
use crate::primitives::crossover::{Layout, MAX_BANDS, MAX_SPLITS, Slope};
use crate::primitives::delay_line::SwitchedDelay;
use crate::primitives::fade::Line;
use crate::primitives::lanes::F4;
use crate::primitives::linear_crossover;
use crate::primitives::reopening::Reopening;
use crate::primitives::sidechain::{CHUNK_FRAMES, Chunk};
use crate::primitives::{INPUT_LIMIT, OUTPUT_LIMIT, silence_beyond};
use crate::units::{db_to_gain, ms_to_frames};
use band::{Band, Shared};
use splitter::Splitter;

/// How long a switch takes.
const FADE_MS: f64 = 10.0;
/// How long a crossover's filters are filled before they are heard.
const FILLING_MS: f64 = 300.0;
/// How long another number of bands or slope is prepared: levels and gains of all bands, too, are then as if it had always been so.
const PREPARING_MS: f64 = 600.0;
/// How long the crossover's filters ring.
const TAIL_MS: f64 = 500.0;

/// As it stands in a slot.
pub type Prepared = Understudy<Multiband>;

/// See the module's text.
pub struct Multiband {
    rate_hz: f64,
    values: Vec<f32>,
    splitter: Splitter,
    /// Between the untouched sound and the sum of the bands.
    crossing: Crossing,
    /// Between both phases.
    reopening: Reopening,
    bands: Vec<Band>,
    /// The bands' lookahead.
    delays: Vec<SwitchedDelay>,
    reductions_db: [f32; MAX_BANDS],
    shared: Shared,
    output: Line,
    dry_delay: SwitchedDelay,
    splits_moved: bool,
    since_flush: usize,
    dry: Chunk,
    sum: Chunk,
    part: Chunk,
    key_part: Chunk,
}

impl Multiband {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz).max(1);
        let lookahead = ms_to_frames(LONGEST_LOOKAHEAD_MS as f64, rate_hz);
        let empty = [[0.0; CHUNK_FRAMES]; 2];
        let one = Line::new(1.0);
        let mut multiband = Self {
            rate_hz,
            values: SPEC.params.iter().map(|param| param.default).collect(),
            splitter: Splitter::new(rate_hz),
            crossing: Crossing::new(fade_frames),
            reopening: Reopening::new(fade_frames),
            bands: (0..MAX_BANDS).map(|_| Band::new(rate_hz, fade_frames)).collect(),
            delays: alloc::vec![SwitchedDelay::new(lookahead, fade_frames); MAX_BANDS],
            reductions_db: [0.0; MAX_BANDS],
            shared: Shared { link: one, mix: one },
            output: one,
            dry_delay: SwitchedDelay::new(lookahead + linear_crossover::latency_frames(rate_hz), fade_frames),
            splits_moved: false,
            since_flush: 0,
            dry: empty,
            sum: empty,
            part: empty,
            key_part: empty,
        };
        for (index, param) in SPEC.params.iter().enumerate() {
            multiband.set(index, param.default);
        }
        multiband.reset();
        multiband
    }

    fn wanted_layout(&self) -> Option<Layout> {
        let bands = self.values[index::BANDS] as usize + 2;
        let is_at_work = self.bands[..bands].iter().any(Band::is_at_work);
        is_at_work.then(|| Layout { bands, slope: Slope::from_index(self.values[index::SLOPE] as usize) })
    }

    fn wants_linear(&self) -> bool {
        self.values[index::PHASE] >= 0.5
    }

    fn corners_hz(&self) -> [f32; MAX_SPLITS] {
        core::array::from_fn(|split| self.values[index::FIRST_SPLIT + split])
    }

    fn lookahead_frames(&self) -> usize {
        ms_to_frames(self.values[index::LOOKAHEAD] as f64, self.rate_hz)
    }

    /// Frames that a crossover's filters take to be there and filled.
    fn filling_frames(&self, is_linear: bool) -> usize {
        if is_linear { linear_crossover::filling_frames(self.rate_hz) } else { ms_to_frames(FILLING_MS, self.rate_hz) }
    }

    fn aim_delays(&mut self) {
        let lookahead = self.lookahead_frames();
        self.delays.iter_mut().for_each(|delay| delay.aim(lookahead));
        self.dry_delay.aim(lookahead + self.splitter.latency_frames());
    }

    /// Takes the wanted phase and bands, without any sound in them.
    fn split_anew(&mut self, at_once: bool) {
        let wanted = self.wanted_layout();
        self.crossing.settle(wanted.is_some());
        self.splitter.choose(self.wants_linear());
        self.aim_delays();
        if let Some(layout) = wanted {
            self.splitter.build(layout, &self.corners_hz(), at_once);
            self.delays.iter_mut().for_each(SwitchedDelay::reset);
        }
    }

    /// Goes to the wanted phase, once nothing is heard.
    fn take_phase(&mut self) {
        let is_linear = self.wants_linear();
        let filling = self.filling_frames(is_linear);
        if self.reopening.is_due(self.splitter.is_linear() != is_linear, filling) {
            self.split_anew(false);
        }
    }

    /// Goes to the bands or leaves them, once no crossing runs.
    fn take_layout(&mut self) {
        let wanted = self.wanted_layout();
        if self.crossing.is_moving() || self.crossing.now().is_some() == wanted.is_some() {
            return;
        }
        self.crossing.go(wanted.is_some(), self.filling_frames(self.splitter.is_linear()));
        if let Some(layout) = wanted {
            self.splitter.build(layout, &self.corners_hz(), false);
            self.delays.iter_mut().for_each(SwitchedDelay::reset);
        }
    }

    /// Splits a chunk and sums the bands with their gains; `frames_left` of the call, these included.
    fn work(&mut self, sound: [&[f32]; 2], key: Option<Key<'_>>, at: usize, frames_left: usize) {
        let frames = sound[0].len();
        let glide_frames = self.splits_moved.then_some(frames_left);
        self.sum.iter_mut().for_each(|side| side[..frames].fill(0.0));
        self.splitter.hear(sound, key);
        let count = self.splitter.bands();
        for (number, (band, delay)) in self.bands.iter_mut().zip(&mut self.delays).enumerate().take(count) {
            let [left, right] = self.part.each_mut().map(|side| &mut side[..frames]);
            self.splitter.split(number, sound, [&mut *left, &mut *right], glide_frames);
            if key.is_some() {
                let [key_left, key_right] = self.key_part.each_mut().map(|side| &mut side[..frames]);
                self.splitter.split_key(number, [&mut *key_left, &mut *key_right], glide_frames);
                band.follow([key_left, key_right], &self.shared, at, frames_left);
            } else {
                band.follow([left, right], &self.shared, at, frames_left);
            }
            let [sum_left, sum_right] = &mut self.sum;
            for frame in 0..frames {
                let [l, r] = delay.pass([left[frame], right[frame]]);
                sum_left[frame] += l * band.gain[0][frame];
                sum_right[frame] += r * band.gain[1][frame];
            }
        }
        self.splitter.pass(sound);
    }

    /// Crosses over between the untouched sound and the sum, into the output.
    fn finish(&mut self, left: &mut [f32], right: &mut [f32], at: usize) {
        let frames = left.len();
        let is_crossing = self.crossing.is_moving();
        for (channel, side) in [&mut *left, &mut *right].into_iter().enumerate() {
            let of = |source: Source| source.map_or(&self.dry, |_| &self.sum)[channel][..frames].iter();
            let (mut crossing, mut reopening) = (self.crossing, self.reopening);
            let sources = of(self.crossing.now()).zip(of(self.crossing.old()));
            for (frame, (sample, (now, old))) in side.iter_mut().zip(sources).enumerate() {
                let share = crossing.advance();
                let output = reopening.advance() * self.output.at(F4::splat((at + frame + 1) as f32)).lane(0, 0);
                *sample = output * if is_crossing { old + share * (now - old) } else { *now };
            }
            if channel == 1 {
                (self.crossing, self.reopening) = (crossing, reopening);
            }
        }
        self.crossing.pass(frames);
        self.reopening.pass(frames);
    }

    /// One chunk of a call in place; `frames_left` of the call, these included.
    fn process_chunk(&mut self, left: &mut [f32], right: &mut [f32], key: Option<Key<'_>>, at: usize, frames_left: usize) {
        let is_working = self.crossing.now().or(self.crossing.old()).is_some();
        if is_working {
            self.work([left, right], key, at, frames_left);
        }
        for (frame, (l, r)) in left.iter().zip(right.iter()).enumerate() {
            [self.dry[0][frame], self.dry[1][frame]] = self.dry_delay.pass([*l, *r]);
        }
        self.finish(left, right, at);
        if is_working {
            let count = self.splitter.bands();
            self.bands[..count].iter_mut().for_each(|band| band.hear_key(left, right));
        }
        self.since_flush = (self.since_flush + left.len()) % CHUNK_FRAMES;
        if self.since_flush == 0 {
            self.splitter.flush();
            self.bands.iter_mut().for_each(Band::flush);
        }
    }

    /// Forgets all sound and takes everything at once, but for linear filters that are to be designed block by block.
    fn start(&mut self, at_once: bool) {
        for line in [&mut self.shared.link, &mut self.shared.mix, &mut self.output] {
            line.end();
        }
        self.bands.iter_mut().for_each(Band::reset);
        self.reductions_db = [0.0; MAX_BANDS];
        self.reopening.reset();
        self.split_anew(at_once);
        self.delays.iter_mut().for_each(SwitchedDelay::reset);
        self.dry_delay.reset();
        self.splits_moved = false;
        self.since_flush = 0;
    }
}

impl Understudied for Multiband {
    fn new(rate_hz: f64) -> Self {
        Self::new(rate_hz)
    }

    fn is_prepared(index: usize) -> bool {
        let is_key_filter = index >= index::FIRST_BAND && (index - index::FIRST_BAND) % band_param::COUNT == band_param::KEY_FILTER;
        is_key_filter || matches!(index, index::BANDS | index::SLOPE)
    }

    fn memory_frames(&self) -> usize {
        let filling = if self.wants_linear() { self.filling_frames(true) } else { 0 };
        filling + ms_to_frames(PREPARING_MS, self.rate_hz)
    }

    fn prepare(&mut self, _heard: &Self, _frames: u64) {
        self.start(false);
    }
}

impl Processor for Multiband {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        self.start(true);
    }

    fn latency_frames(&self) -> usize {
        let linear = if self.wants_linear() { linear_crossover::latency_frames(self.rate_hz) } else { 0 };
        self.lookahead_frames() + linear
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(slot) = self.values.get_mut(index) else {
            return;
        };
        *slot = value;
        match index {
            index::BANDS | index::SLOPE => {}
            index::LINK => self.shared.link.aim(value / 100.0),
            index::LOOKAHEAD => self.aim_delays(),
            index::MIX => self.shared.mix.aim(value / 100.0),
            index::OUTPUT => self.output.aim(db_to_gain(value as f64) as f32),
            index::PHASE if value >= 0.5 => self.splitter.make_linear(),
            index::PHASE => {}
            index::FIRST_BAND.. => {
                let own = index - index::FIRST_BAND;
                self.bands[own / band_param::COUNT].set(own % band_param::COUNT, value);
            }
            _ => self.splits_moved = true,
        }
        let count = self.values[index::BANDS] as usize + 2;
        let soloes = self.bands[..count].iter().any(Band::is_soloed);
        for band in &mut self.bands {
            band.turn_heard(!soloes || band.is_soloed());
        }
    }

    fn process(&mut self, audio: Stereo<'_>, key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        let frames = left.len().min(right.len());
        self.bands.iter_mut().for_each(|band| band.begin(frames));
        let Shared { link, mix } = &mut self.shared;
        [link, mix, &mut self.output].into_iter().for_each(|line| line.begin(frames));
        if self.splits_moved {
            let corners_hz = self.corners_hz();
            self.splitter.aim(&corners_hz);
        }
        let mut at = 0;
        while at < frames {
            self.take_phase();
            self.take_layout();
            let steady = self.crossing.steady_frames().min(self.reopening.steady_frames()).min(self.splitter.most_frames());
            let length = steady.min(CHUNK_FRAMES - self.since_flush).min(frames - at);
            let span = at..at + length;
            let key = key.map(|key| Key { left: &key.left[span.clone()], right: &key.right[span.clone()] });
            self.process_chunk(&mut left[span.clone()], &mut right[span], key, at, frames - at);
            at += length;
        }
        self.splits_moved = false;
        self.bands.iter_mut().for_each(Band::end);
        let Shared { link, mix } = &mut self.shared;
        [link, mix, &mut self.output].into_iter().for_each(Line::end);
        silence_beyond(OUTPUT_LIMIT, left);
        silence_beyond(OUTPUT_LIMIT, right);
    }

    fn take_reduction_db(&mut self) -> f32 {
        for (reduction_db, band) in self.reductions_db.iter_mut().zip(&mut self.bands) {
            *reduction_db = band.take_reduction_db();
        }
        self.reductions_db.iter().copied().fold(0.0, f32::min)
    }

    fn band_reductions_db(&self) -> &[f32] {
        &self.reductions_db[..self.values[index::BANDS] as usize + 2]
    }

    fn tail_frames(&self) -> usize {
        ms_to_frames(TAIL_MS, self.rate_hz) + self.splitter.latency_frames()
    }
}
