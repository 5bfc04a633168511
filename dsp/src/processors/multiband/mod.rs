//! Multiband compressor: two to six bands, each turned down when it is loud and up when it is quiet; on masters and difficult tracks.
//!
//! Crossover ([`crate::primitives::crossover`], Linkwitz-Riley of 6 to 48 dB/oct, all-pass compensated) → per band level, curve and
//! smoothing as in the compressor ([`crate::primitives::gain_computer`], [`crate::primitives::ballistics`]) → gain on the delayed band → sum.
//! Each band hears its own part of the key, if there is one. Lifting is compression from above: a band stands lifted by its range, and what
//! is louder than the lift threshold takes that back, so attack and release mean the same in both directions. Mix blends gains, not
//! sounds, so nothing combs.
//!
//! The bands sum flat within 0.001 dB; their sum is an all-pass. While no band is at work (ratios 1, gains 0, no solo) the crossover is left
//! out and the output is the delayed input. Splits 20 Hz to 20 kHz. Latency: the lookahead, 0 to 20 ms. Another number of bands or slope
//! is prepared by an understudy ([`super::understudy`]) for 0.6 s, then cross-fades.

mod band;
mod declaration;

use alloc::vec::Vec;

pub use declaration::SPEC;
use declaration::{LONGEST_LOOKAHEAD_MS, band_param, index};

use super::understudy::{Understudied, Understudy};
use super::{Key, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::crossing::Crossing;
use crate::primitives::crossover::{Crossover, Layout, MAX_BANDS, MAX_SPLITS, Slope};
use crate::primitives::delay_line::SwitchedDelay;
use crate::primitives::fade::Line;
use crate::primitives::lanes::F4;
use crate::primitives::sidechain::{CHUNK_FRAMES, Chunk};
use crate::primitives::{INPUT_LIMIT, OUTPUT_LIMIT, silence_beyond};
use crate::units::{db_to_gain, ms_to_frames};
use band::{Band, Shared};

/// How long a switch takes.
const FADE_MS: f64 = 10.0;
/// How long a crossover's filters are filled before they are heard.
const FILLING_MS: f64 = 300.0;
/// How long another number of bands or slope is prepared: levels and gains of all bands, too, are then as if it had always been so.
const PREPARING_MS: f64 = 600.0;
/// How long the crossover's filters ring.
const TAIL_MS: f64 = 500.0;

/// A crossover, another one like it for the key, its bands' delays, and what comes out.
struct Splitter {
    crossover: Crossover,
    key: Crossover,
    delays: Vec<SwitchedDelay>,
    sum: Chunk,
}

impl Splitter {
    fn rebuild(&mut self, layout: Layout, corners_hz: &[f32; MAX_SPLITS]) {
        self.crossover.rebuild(layout, corners_hz);
        self.key.rebuild(layout, corners_hz);
        self.delays.iter_mut().for_each(SwitchedDelay::reset);
    }
}

/// Fills a part with a band of the key.
fn split_key(crossover: &mut Crossover, number: usize, key: Key<'_>, part: [&mut [f32]; 2], glide_frames: Option<usize>) {
    let [left, right] = part;
    for (part, source) in [(&mut *left, key.left), (&mut *right, key.right)] {
        part.copy_from_slice(source);
        silence_beyond(INPUT_LIMIT, part);
    }
    crossover.run(number, left, right, glide_frames);
}

/// As it stands in a slot.
pub type Prepared = Understudy<Multiband>;

/// See the module's text.
pub struct Multiband {
    rate_hz: f64,
    values: Vec<f32>,
    splitters: [Splitter; 2],
    crossing: Crossing,
    bands: Vec<Band>,
    reductions_db: [f32; MAX_BANDS],
    shared: Shared,
    output: Line,
    dry_delay: SwitchedDelay,
    splits_moved: bool,
    since_flush: usize,
    dry: Chunk,
    part: Chunk,
    key_part: Chunk,
}

impl Multiband {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz).max(1);
        let delay = SwitchedDelay::new(ms_to_frames(LONGEST_LOOKAHEAD_MS as f64, rate_hz), fade_frames);
        let empty = [[0.0; CHUNK_FRAMES]; 2];
        let splitter = || Splitter {
            crossover: Crossover::new(rate_hz),
            key: Crossover::new(rate_hz),
            delays: alloc::vec![delay.clone(); MAX_BANDS],
            sum: empty,
        };
        let one = Line::new(1.0);
        let mut multiband = Self {
            rate_hz,
            values: SPEC.params.iter().map(|param| param.default).collect(),
            splitters: [splitter(), splitter()],
            crossing: Crossing::new(fade_frames),
            bands: (0..MAX_BANDS).map(|_| Band::new(rate_hz, fade_frames)).collect(),
            reductions_db: [0.0; MAX_BANDS],
            shared: Shared { link: one, mix: one },
            output: one,
            dry_delay: delay.clone(),
            splits_moved: false,
            since_flush: 0,
            dry: empty,
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

    fn corners_hz(&self) -> [f32; MAX_SPLITS] {
        core::array::from_fn(|split| self.values[index::FIRST_SPLIT + split])
    }

    /// Goes to the wanted crossover, once no crossing runs.
    fn take_layout(&mut self) {
        let wanted = self.wanted_layout();
        let now = self.crossing.now().map(|splitter| self.splitters[splitter].crossover.layout());
        if self.crossing.is_moving() || now == wanted {
            return;
        }
        let corners_hz = self.corners_hz();
        let ready = self.crossing.go(wanted.is_some(), ms_to_frames(FILLING_MS, self.rate_hz));
        if let (Some(splitter), Some(layout)) = (ready, wanted) {
            self.splitters[splitter].rebuild(layout, &corners_hz);
        }
    }

    /// Splits a chunk by every crossover at work and sums the bands with their gains.
    fn work(&mut self, [left, right]: [&[f32]; 2], key: Option<Key<'_>>, at: usize, glide_frames: Option<usize>) {
        let frames = left.len();
        let working = [self.crossing.now(), self.crossing.old()];
        // The one that comes, or else the one that goes, is what the bands listen to.
        let heard = working.into_iter().flatten().next();
        for splitter in working.into_iter().flatten() {
            self.splitters[splitter].sum.iter_mut().for_each(|side| side[..frames].fill(0.0));
        }
        for (number, band) in self.bands.iter_mut().enumerate() {
            for splitter in working.into_iter().flatten() {
                let Splitter { crossover, key: key_crossover, delays, sum } = &mut self.splitters[splitter];
                if number >= crossover.layout().bands {
                    if heard == Some(splitter) {
                        band.gain.iter_mut().for_each(|side| side[..frames].fill(1.0));
                    }
                    continue;
                }
                let [part_left, part_right] = self.part.each_mut().map(|side| &mut side[..frames]);
                part_left.copy_from_slice(left);
                part_right.copy_from_slice(right);
                crossover.run(number, part_left, part_right, glide_frames);
                if heard == Some(splitter) {
                    if let Some(key) = key {
                        let [key_left, key_right] = self.key_part.each_mut().map(|side| &mut side[..frames]);
                        split_key(key_crossover, number, key, [&mut *key_left, &mut *key_right], glide_frames);
                        band.follow([key_left, key_right], &self.shared, at);
                    } else {
                        band.follow([part_left, part_right], &self.shared, at);
                    }
                }
                let [sum_left, sum_right] = sum;
                for frame in 0..frames {
                    let [l, r] = delays[number].pass([part_left[frame], part_right[frame]]);
                    sum_left[frame] += l * band.gain[0][frame];
                    sum_right[frame] += r * band.gain[1][frame];
                }
            }
        }
    }

    /// Crosses over between the untouched sound and the sums, into the output.
    fn finish(&mut self, left: &mut [f32], right: &mut [f32], at: usize) {
        let frames = left.len();
        let is_crossing = self.crossing.is_moving();
        for (channel, side) in [&mut *left, &mut *right].into_iter().enumerate() {
            let of = |source: Option<usize>| source.map_or(&self.dry, |splitter| &self.splitters[splitter].sum)[channel][..frames].iter();
            let mut crossing = self.crossing;
            let sources = of(self.crossing.now()).zip(of(self.crossing.old()));
            for (frame, (sample, (now, old))) in side.iter_mut().zip(sources).enumerate() {
                let share = crossing.advance();
                let output = self.output.at(F4::splat((at + frame + 1) as f32)).lane(0, 0);
                *sample = output * if is_crossing { old + share * (now - old) } else { *now };
            }
            if channel == 1 {
                self.crossing = crossing;
            }
        }
        self.crossing.pass(frames);
    }
}

impl Understudied for Multiband {
    fn new(rate_hz: f64) -> Self {
        Self::new(rate_hz)
    }

    fn is_prepared(index: usize) -> bool {
        matches!(index, index::BANDS | index::SLOPE)
    }

    fn memory_frames(&self) -> usize {
        ms_to_frames(PREPARING_MS, self.rate_hz)
    }

    fn prepare(&mut self, _heard: &Self, _frames: u64) {
        self.reset();
    }
}

impl Processor for Multiband {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        for line in [&mut self.shared.link, &mut self.shared.mix, &mut self.output] {
            line.end();
        }
        self.bands.iter_mut().for_each(Band::reset);
        self.reductions_db = [0.0; MAX_BANDS];
        let wanted = self.wanted_layout();
        let corners_hz = self.corners_hz();
        self.crossing.settle(wanted.is_some());
        if let Some(layout) = wanted {
            self.splitters[0].rebuild(layout, &corners_hz);
        }
        self.dry_delay.reset();
        self.splits_moved = false;
        self.since_flush = 0;
    }

    fn latency_frames(&self) -> usize {
        self.dry_delay.delay_frames()
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(slot) = self.values.get_mut(index) else {
            return;
        };
        *slot = value;
        match index {
            index::BANDS | index::SLOPE => {}
            index::LINK => self.shared.link.aim(value / 100.0),
            index::LOOKAHEAD => {
                let frames = ms_to_frames(value as f64, self.rate_hz);
                let delays = self.splitters.iter_mut().flat_map(|splitter| &mut splitter.delays);
                delays.chain([&mut self.dry_delay]).for_each(|delay| delay.aim(frames));
            }
            index::MIX => self.shared.mix.aim(value / 100.0),
            index::OUTPUT => self.output.aim(db_to_gain(value as f64) as f32),
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
        let Shared { link, mix } = &mut self.shared;
        let lines = self.bands.iter_mut().flat_map(Band::lines).chain([link, mix, &mut self.output]);
        lines.for_each(|line| line.begin(frames));
        let glides = core::mem::take(&mut self.splits_moved);
        if glides {
            let corners_hz = self.corners_hz();
            self.splitters.iter_mut().for_each(|splitter| {
                splitter.crossover.aim(&corners_hz);
                splitter.key.aim(&corners_hz);
            });
        }
        let mut at = 0;
        while at < frames {
            self.take_layout();
            let length = self.crossing.steady_frames().min(CHUNK_FRAMES - self.since_flush).min(frames - at);
            let span = at..at + length;
            let (left, right) = (&mut left[span.clone()], &mut right[span.clone()]);
            let key = key.map(|key| Key { left: &key.left[span.clone()], right: &key.right[span.clone()] });
            self.work([left, right], key, at, glides.then_some(frames - at));
            for frame in 0..length {
                [self.dry[0][frame], self.dry[1][frame]] = self.dry_delay.pass([left[frame], right[frame]]);
            }
            self.finish(left, right, at);
            at += length;
            self.since_flush = (self.since_flush + length) % CHUNK_FRAMES;
            if self.since_flush == 0 {
                self.splitters.iter_mut().for_each(|splitter| {
                    splitter.crossover.flush();
                    splitter.key.flush();
                });
            }
        }
        let Shared { link, mix } = &mut self.shared;
        let lines = self.bands.iter_mut().flat_map(Band::lines).chain([link, mix, &mut self.output]);
        lines.for_each(Line::end);
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
        ms_to_frames(TAIL_MS, self.rate_hz)
    }
}
