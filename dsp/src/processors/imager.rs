//! Imager: how wide each part of the range is, on masters and groups; the mono sum stays as it is.
//!
//! Side = (left − right) / 2 → split into one to four bands → each times its width → high-pass below which all is mono → back to left and
//! right with the untouched mid → rotation → balance. The splits are subtractive: a low part is (1 + s/√2) / (1 + √2·s + s²) of what is left, and the
//! next band is the rest, so equal widths are exactly a gain on the side, no phase turns between mid and side, and left + right never
//! changes. Mono below is a Butterworth high-pass of 12 dB/oct on the side.
//!
//! Width 0 to 200 %, splits and mono corner 20 Hz to 20 kHz. Rotation ±45°: a turn of the image, at whose end the mid is on one side; balance lowers the
//! other side. No latency; at its defaults the output is the input. Another number of bands cross-fades.

use alloc::vec::Vec;
use core::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

use super::{Key, Processor, Stereo};
use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Taper, Unit};
use crate::primitives::cascade::Cascade;
use crate::primitives::fade::{Fade, Glide, PrimedFade};
use crate::primitives::filter_design::Biquad;
use crate::primitives::svf::SvfCoefficients;
use crate::primitives::{INPUT_LIMIT, OUTPUT_LIMIT, silence_beyond};
use crate::units::ms_to_frames;

mod index {
    pub const BANDS: usize = 0;
    /// The first of [`super::MAX_SPLITS`].
    pub const FIRST_SPLIT: usize = 1;
    /// The first of [`super::MAX_BANDS`].
    pub const FIRST_WIDTH: usize = 4;
    pub const MONO_ON: usize = 8;
    pub const MONO_BELOW: usize = 9;
    pub const ROTATION: usize = 10;
    pub const BALANCE: usize = 11;
}

const MAX_BANDS: usize = 4;
const MAX_SPLITS: usize = MAX_BANDS - 1;
/// How long a switch takes.
const FADE_MS: f64 = 10.0;
/// How long the mono filter runs before it is heard.
const PRIMING_MS: f64 = 80.0;
/// Frames worked on at a time; states are flushed each time this many have passed.
const CHUNK_FRAMES: usize = 256;
/// Corners stay below this share of the rate.
const HIGHEST_SHARE: f64 = 0.45;
/// How long the filters ring.
const TAIL_MS: f64 = 200.0;

macro_rules! split {
    ($number:literal, $hz:literal) => {
        ParamSpec::new(
            concat!("split", $number),
            concat!("Split ", $number),
            Unit::Hz,
            20.0,
            20_000.0,
            $hz,
            "Where one band ends and the next begins; never below the split before it.",
        )
        .taper(Taper::Log)
        .stepped(10.0, 1.0, 100.0)
    };
}

macro_rules! width {
    ($number:literal) => {
        ParamSpec::new(
            concat!("width", $number),
            concat!("Width ", $number),
            Unit::Percent,
            0.0,
            200.0,
            100.0,
            "Side against mid in this band: 0 % is mono.",
        )
        .stepped(5.0, 1.0, 25.0)
    };
}

/// Its declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "imager",
    name: "Imager",
    short_name: "Image",
    version: 1,
    sidechain: false,
    params: &[
        ParamSpec::choice("bands", "Bands", &["1", "2", "3", "4"], 2, "How many parts have a width of their own."),
        split!(1, 200.0),
        split!(2, 2_000.0),
        split!(3, 8_000.0),
        width!(1),
        width!(2),
        width!(3),
        width!(4),
        ParamSpec::toggle("mono_on", "Mono lows", false, "Makes everything below a frequency mono."),
        ParamSpec::new("mono_below", "Mono below", Unit::Hz, 20.0, 500.0, 120.0, "Where the side begins.")
            .taper(Taper::Log)
            .stepped(10.0, 1.0, 50.0),
        ParamSpec::new("rotation", "Rotation", Unit::Degrees, -45.0, 45.0, 0.0, "Turns the whole image to the left or the right.")
            .stepped(1.0, 0.1, 5.0)
            .flag(Flags::BIPOLAR.and(Flags::SECONDARY)),
        ParamSpec::new("balance", "Balance", Unit::Pan, -100.0, 100.0, 0.0, "Lowers the other side.")
            .stepped(5.0, 1.0, 25.0)
            .flag(Flags::BIPOLAR.and(Flags::SECONDARY)),
    ],
    presets: &[
        Preset { name: "Mono lows", values: &[("mono_on", 1.0)] },
        Preset { name: "Master width", values: &[("mono_on", 1.0), ("mono_below", 100.0), ("width3", 115.0)] },
        Preset { name: "Wide highs", values: &[("bands", 1.0), ("split1", 3_000.0), ("width2", 140.0)] },
        Preset { name: "Vinyl cut", values: &[("mono_on", 1.0), ("mono_below", 300.0), ("width3", 85.0)] },
        Preset { name: "Narrow middle", values: &[("split1", 250.0), ("split2", 3_500.0), ("width2", 80.0), ("width3", 115.0)] },
        Preset { name: "Mono", values: &[("bands", 0.0), ("width1", 0.0)] },
    ],
    help: "Width in each part of the range; the mono sum stays as it is.",
};

/// See the module's text.
pub struct Imager {
    rate_hz: f64,
    values: Vec<f32>,
    splits: Vec<Cascade>,
    mono: Cascade,
    mono_on: PrimedFade,
    /// Whether each split is at work; one that is not hands everything on to the band below it.
    splits_on: [Fade; MAX_SPLITS],
    widths: [Glide; MAX_BANDS],
    /// Left to left, right to left, left to right, right to right.
    turn: [Glide; 4],
    filters_moved: bool,
    /// Whether the filters stand still, without any sound in them.
    is_idle: bool,
    since_flush: usize,
    side: [f32; CHUNK_FRAMES],
    part: [f32; CHUNK_FRAMES],
    /// The other channel of the filters, which has nothing to do.
    idle: [f32; CHUNK_FRAMES],
}

impl Imager {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz).max(1);
        let mut row = Cascade::new(1);
        row.rebuild(1);
        let off = Fade::new(false, fade_frames);
        let mut imager = Self {
            rate_hz,
            values: SPEC.params.iter().map(|param| param.default).collect(),
            splits: alloc::vec![row.clone(); MAX_SPLITS],
            mono: row,
            mono_on: PrimedFade::new(ms_to_frames(PRIMING_MS, rate_hz), fade_frames),
            splits_on: [off; MAX_SPLITS],
            widths: [Glide::new(1.0); MAX_BANDS],
            turn: [1.0, 0.0, 0.0, 1.0].map(Glide::new),
            filters_moved: true,
            is_idle: true,
            since_flush: 0,
            side: [0.0; CHUNK_FRAMES],
            part: [0.0; CHUNK_FRAMES],
            idle: [0.0; CHUNK_FRAMES],
        };
        for (index, param) in SPEC.params.iter().enumerate() {
            imager.set(index, param.default);
        }
        imager.reset();
        imager
    }

    fn omega(&self, hz: f32) -> f64 {
        2.0 * PI * (hz as f64 / self.rate_hz).min(HIGHEST_SHARE)
    }

    fn aim_filters(&mut self) {
        let mut corner_hz = 0.0f32;
        for split in 0..MAX_SPLITS {
            corner_hz = corner_hz.max(self.values[index::FIRST_SPLIT + split]);
            let low = Biquad::bilinear(self.omega(corner_hz), [[1.0, FRAC_1_SQRT_2, 0.0], [1.0, SQRT_2, 1.0]]);
            self.splits[split].aim(0, 0, SvfCoefficients::new(&low));
        }
        let high = Biquad::bilinear(self.omega(self.values[index::MONO_BELOW]), [[0.0, 0.0, 1.0], [1.0, SQRT_2, 1.0]]);
        self.mono.aim(0, 0, SvfCoefficients::new(&high));
    }

    fn aim_turn(&mut self) {
        let angle = self.values[index::ROTATION] as f64 * PI / 180.0;
        let (sin, cos) = (libm::sin(angle) as f32, libm::cos(angle) as f32);
        let balance = self.values[index::BALANCE] / 100.0;
        let (left, right) = (1.0 - balance.max(0.0), 1.0 + balance.min(0.0));
        for (glide, value) in self.turn.iter_mut().zip([left * cos, -left * sin, right * sin, right * cos]) {
            glide.aim(value);
        }
    }

    fn glides(&mut self) -> impl Iterator<Item = &mut Glide> {
        self.widths.iter_mut().chain(&mut self.turn)
    }

    /// Whether the side is as it was.
    fn leaves_side(&self) -> bool {
        self.widths.iter().all(|width| width.rests_at(1.0)) && self.mono_on.is_off()
    }

    fn leaves_image(&self) -> bool {
        self.turn.iter().zip([1.0, 0.0, 0.0, 1.0]).all(|(glide, rest)| glide.rests_at(rest))
    }

    /// Puts the filters to rest.
    fn rest(&mut self, has_moved: bool) {
        for row in self.splits.iter_mut().chain([&mut self.mono]) {
            if has_moved {
                row.settle();
            }
            if !self.is_idle {
                row.silence();
            }
        }
        self.is_idle = true;
    }

    /// Gives the chunk's side its widths.
    fn widen(&mut self, left: &mut [f32], right: &mut [f32], glide_frames: Option<usize>) {
        let frames = left.len();
        let side = &mut self.side[..frames];
        for (side, (l, r)) in side.iter_mut().zip(left.iter().zip(right.iter())) {
            *side = 0.5 * (*l - *r);
        }
        // What the widths add to the side, so that a width of 1 adds nothing at all.
        let mut rest = [0.0; CHUNK_FRAMES];
        rest[..frames].copy_from_slice(side);
        for (split, row) in self.splits.iter_mut().enumerate() {
            let part = &mut self.part[..frames];
            part.copy_from_slice(&rest[..frames]);
            row.run(part, &mut self.idle[..frames], glide_frames);
            for (frame, part) in part.iter().enumerate() {
                let share = self.splits_on[split].advance();
                let width = self.widths[split].advance();
                // Without the split the whole rest is this band.
                let own = rest[frame] + share * (*part - rest[frame]);
                rest[frame] -= own;
                side[frame] += (width - 1.0) * own;
            }
        }
        for (side, rest) in side.iter_mut().zip(&rest) {
            *side += (self.widths[MAX_BANDS - 1].advance() - 1.0) * rest;
        }
        self.make_mono(frames, glide_frames);
        for ((l, r), side) in left.iter_mut().zip(right).zip(&self.side) {
            let change = *side - 0.5 * (*l - *r);
            (*l, *r) = (*l + change, *r - change);
        }
    }

    fn make_mono(&mut self, frames: usize, glide_frames: Option<usize>) {
        if self.mono_on.is_off() {
            self.mono.settle();
            return;
        }
        let (side, part) = (&mut self.side[..frames], &mut self.part[..frames]);
        part.copy_from_slice(side);
        self.mono.run(part, &mut self.idle[..frames], glide_frames);
        for (side, part) in side.iter_mut().zip(part) {
            *side += self.mono_on.advance() * (*part - *side);
        }
        if self.mono_on.is_off() {
            self.mono.silence();
        }
    }

    fn turn(&mut self, left: &mut [f32], right: &mut [f32]) {
        for (l, r) in left.iter_mut().zip(right) {
            let [a, b, c, d] = self.turn.each_mut().map(Glide::advance);
            (*l, *r) = (a * *l + b * *r, c * *l + d * *r);
        }
    }
}

impl Processor for Imager {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        self.glides().for_each(Glide::settle);
        self.splits_on.iter_mut().for_each(Fade::settle);
        self.mono_on.settle();
        self.aim_filters();
        for row in self.splits.iter_mut().chain([&mut self.mono]) {
            row.settle();
            row.silence();
        }
        self.is_idle = true;
        self.filters_moved = false;
        self.since_flush = 0;
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(slot) = self.values.get_mut(index) else {
            return;
        };
        *slot = value;
        match index {
            index::BANDS => {
                for (split, fade) in self.splits_on.iter_mut().enumerate() {
                    fade.turn(split < value as usize);
                }
            }
            index::FIRST_WIDTH..index::MONO_ON => self.widths[index - index::FIRST_WIDTH].aim(value / 100.0),
            index::MONO_ON => self.mono_on.turn(value >= 0.5),
            index::ROTATION | index::BALANCE => self.aim_turn(),
            _ => self.filters_moved = true,
        }
    }

    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        let frames = left.len().min(right.len());
        let glides = core::mem::take(&mut self.filters_moved);
        if glides {
            self.aim_filters();
        }
        if self.leaves_side() {
            self.rest(glides);
        }
        let (leaves_side, leaves_image) = (self.leaves_side(), self.leaves_image());
        self.glides().for_each(|glide| glide.begin(frames));
        let mut at = 0;
        while at < frames {
            let length = (CHUNK_FRAMES - self.since_flush).min(frames - at);
            let (left, right) = (&mut left[at..at + length], &mut right[at..at + length]);
            if !leaves_side {
                self.is_idle = false;
                self.widen(left, right, glides.then_some(frames - at));
            }
            if !leaves_image {
                self.turn(left, right);
            }
            at += length;
            self.since_flush = (self.since_flush + length) % CHUNK_FRAMES;
            if self.since_flush == 0 {
                self.splits.iter_mut().chain([&mut self.mono]).for_each(Cascade::flush);
            }
        }
        silence_beyond(OUTPUT_LIMIT, left);
        silence_beyond(OUTPUT_LIMIT, right);
    }

    fn tail_frames(&self) -> usize {
        ms_to_frames(TAIL_MS, self.rate_hz)
    }
}
