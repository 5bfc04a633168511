//! Saturator: harmonics by a curve, in any insert slot.
//!
//! Drive g → emphasis (tape lifts the highs, transformer the lows, taken back behind the curve) → 1 to 16 times the rate → curve with
//! antiderivative anti-aliasing ([`crate::primitives::antialias`]) → base rate → tone → level match → mix → output.
//! With k = √(g² − 1) the curve f gives g/k · f(k·x): small sound gains g, and at 0 dB it is a straight line, which is left out.
//! Tape and transformer: x/√(1+x²); tube: tanh around 0.4; soft clip: tanh; hard clip: ±1 with a knee of ±1/64; fold: sine. Bias shifts the point of rest; its offset
//! is subtracted and what the sound adds to it goes through a high-pass of 5 Hz (always on for tube). Level match
//! compares mean squares over 400 ms.
//!
//! Drive 0 to 36 dB, tone ±12 dB, mix 0 to 100 %. Latency depends on oversampling alone: 0 frames at 1×, where the curve is plain, 48 at 2×,
//! 53 at 4×, 55 and 56 above ([`latency_frames`]). Another factor fades out and in again; another style is prepared by an understudy that
//! is played the last three seconds ([`super::understudy`]), then cross-fades.

mod declaration;
mod level_match;
mod path;

use alloc::vec::Vec;

pub(super) use declaration::OVERSAMPLINGS;
pub use declaration::SPEC;
use declaration::index;
use level_match::{LevelMatch, USUAL_POWER};
use path::{Path, Style};

use super::understudy::{Understudied, Understudy};
use super::{Key, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::crossing::{Crossing, Source};
use crate::primitives::dc_removal::DcRemoval;
use crate::primitives::delay_line::DelayLine;
use crate::primitives::fade::{Line, frame_numbers};
use crate::primitives::lanes::{F4, VECTOR_LANES};
use crate::primitives::oversampler::{MAX_DOUBLINGS, MAX_FRAMES, latency_frames};
use crate::primitives::reopening::Reopening;
use crate::primitives::{INPUT_LIMIT, OUTPUT_LIMIT, silence_beyond};
use crate::units::{db_to_gain, ms_to_frames};

/// How long a switch takes.
const FADE_MS: f64 = 10.0;
/// The filters' states are flushed each time this many frames have passed.
const FLUSH_FRAMES: usize = 256;
/// How much of the past another style has to have heard: the level match's means then know the level to a thousandth.
const MEMORY_MS: f64 = 3_200.0;
/// So much of the input is kept for it, 3.4 s at 48 kHz.
const KEPT_FRAMES: usize = 640 * FLUSH_FRAMES;
/// Drive at which the curve begins to be one.
const LEAST_CURVE: f64 = 0.02;
/// Frames until its filters have faded.
const TAIL_MS: f64 = 60.0;

/// √(g² − 1) of a drive in dB, and what brings the curve back to a gain of g.
fn drive_and_recovery(drive_db: f32) -> [f32; 2] {
    let gain = db_to_gain(drive_db as f64);
    let drive = libm::sqrt(gain * gain - 1.0).max(LEAST_CURVE);
    [drive as f32, (gain / drive) as f32]
}

/// The sample that comes out for one that goes in and stays, with mix and output, without emphasis, tone and level match.
pub(super) fn sample_out(values: &[f32], sample: f32) -> f32 {
    let value = |index: usize| values.get(index).copied().unwrap_or(SPEC.params[index].default);
    let output = db_to_gain(value(index::OUTPUT) as f64) as f32;
    if value(index::DRIVE) <= 0.0 {
        return output * sample;
    }
    let style = Style::from_index(value(index::STYLE) as usize);
    let [drive, recovery] = drive_and_recovery(value(index::DRIVE));
    let rest = value(index::BIAS) / 100.0 + style.rest();
    let bent = (style.value(drive * sample + rest) - style.value(rest)) * style.slope_gain() * recovery;
    output * (sample + value(index::MIX) / 100.0 * (bent - sample))
}

/// As it stands in a slot.
pub type Prepared = Understudy<Saturator>;

/// See the module's text.
pub struct Saturator {
    rate_hz: f64,
    values: Vec<f32>,
    paths: [Path; 2],
    crossing: Crossing,
    /// √(g² − 1), and what brings the curve back to a gain of g.
    drive: Line,
    recovery: Line,
    bias: Line,
    offset: Line,
    mix: Line,
    output: Line,
    tone_moved: bool,
    level_match: LevelMatch,
    dc: DcRemoval,
    delay: DelayLine,
    reopening: Reopening,
    doublings: usize,
    since_flush: usize,
    dry: [[f32; MAX_FRAMES]; 2],
    bent: [[[f32; MAX_FRAMES]; 2]; 2],
}

impl Saturator {
    /// A new one at its defaults.
    pub fn new(rate_hz: f64) -> Self {
        let fade_frames = ms_to_frames(FADE_MS, rate_hz).max(1);
        let one = Line::new(1.0);
        let longest = (0..=MAX_DOUBLINGS).map(latency_frames).max().unwrap_or(0);
        let mut saturator = Self {
            rate_hz,
            values: SPEC.params.iter().map(|param| param.default).collect(),
            paths: [Path::new(rate_hz), Path::new(rate_hz)],
            crossing: Crossing::new(fade_frames),
            drive: one,
            recovery: one,
            bias: Line::new(0.0),
            offset: Line::new(0.0),
            mix: one,
            output: one,
            tone_moved: false,
            level_match: LevelMatch::new(rate_hz, fade_frames),
            dc: DcRemoval::new(rate_hz, fade_frames),
            delay: DelayLine::new(longest),
            reopening: Reopening::new(fade_frames),
            doublings: 0,
            since_flush: 0,
            dry: [[0.0; MAX_FRAMES]; 2],
            bent: [[[0.0; MAX_FRAMES]; 2]; 2],
        };
        for (index, param) in SPEC.params.iter().enumerate() {
            saturator.set(index, param.default);
        }
        saturator.reset();
        saturator
    }

    fn lines(&mut self) -> [&mut Line; 6] {
        [&mut self.drive, &mut self.recovery, &mut self.bias, &mut self.offset, &mut self.mix, &mut self.output]
    }

    fn wanted_style(&self) -> Option<Style> {
        (self.values[index::DRIVE] > 0.0).then(|| Style::from_index(self.values[index::STYLE] as usize))
    }

    fn wanted_doublings(&self) -> usize {
        self.values[index::OVERSAMPLING] as usize
    }

    fn style_of(&self, source: Source) -> Option<Style> {
        source.map(|path| self.paths[path].style())
    }

    /// Goes to the wanted style from where it stands, once no crossing runs.
    fn take_style(&mut self) {
        let wanted = self.wanted_style();
        if self.crossing.is_moving() || self.style_of(self.crossing.now()) == wanted {
            return;
        }
        let ready = self.crossing.go(wanted.is_some(), latency_frames(self.doublings));
        if let (Some(path), Some(style)) = (ready, wanted) {
            self.paths[path].reset(style, self.doublings, self.values[index::TONE]);
        }
    }

    /// Forgets all sound, and takes factor and style at once.
    fn restart(&mut self) {
        self.doublings = self.wanted_doublings();
        self.delay.silence();
        self.crossing.settle(self.wanted_style().is_some());
        if let Some(style) = self.wanted_style() {
            self.paths[0].reset(style, self.doublings, self.values[index::TONE]);
        }
    }

    /// How many frames can be worked on before anything takes its next step.
    fn steady_frames(&mut self) -> usize {
        let latency = latency_frames(self.wanted_doublings());
        if self.reopening.is_due(self.doublings != self.wanted_doublings(), latency) {
            self.restart();
        }
        self.take_style();
        let steady = self.crossing.steady_frames().min(self.reopening.steady_frames());
        steady.min(FLUSH_FRAMES - self.since_flush).min(MAX_FRAMES)
    }

    /// Delays the sound into the dry buffers, and hands it driven to the paths at work.
    fn drive(&mut self, left: &[f32], right: &[f32], at: usize, glide_frames: Option<usize>) {
        let frames = left.len();
        for path in [self.crossing.now(), self.crossing.old()].into_iter().flatten() {
            for (channel, samples) in [left, right].into_iter().enumerate() {
                let fours = samples.chunks(VECTOR_LANES).zip(self.bent[path][channel].chunks_mut(VECTOR_LANES));
                for (index, (from, to)) in fours.enumerate() {
                    (F4::load_partial(from) * self.drive.at(frame_numbers(at + index * VECTOR_LANES))).store(to);
                }
            }
            let style = self.paths[path].style();
            // The offset that glides is the wanted style's: another one, on its way out, keeps its own.
            let own = Line::new(style.value(self.values[index::BIAS] / 100.0 + style.rest()));
            let offset = if self.wanted_style() == Some(style) { &self.offset } else { &own };
            let sides = self.bent[path].each_mut().map(|side| &mut side[..frames]);
            self.paths[path].process(sides, &self.bias, offset, at, glide_frames);
            self.recover(path, frames, at);
        }
        let delay = latency_frames(self.doublings);
        for frame in 0..frames {
            self.delay.write([left[frame], right[frame]]);
            [self.dry[0][frame], self.dry[1][frame]] = self.delay.read(delay);
        }
    }

    /// Brings small sound to the gain of the drive.
    fn recover(&mut self, path: usize, frames: usize, at: usize) {
        let slope = F4::splat(self.paths[path].style().slope_gain());
        for start in (0..frames).step_by(VECTOR_LANES) {
            let gain = slope * self.recovery.at(frame_numbers(at + start));
            for samples in &mut self.bent[path] {
                let four = &mut samples[start..start + VECTOR_LANES];
                (F4::load(four) * gain).store(four);
            }
        }
    }

    /// What the paths give, crossed over into the first path's buffers' place.
    fn cross(&mut self, frames: usize) {
        let is_crossing = self.crossing.is_moving();
        for frame in 0..frames {
            let share = self.crossing.advance();
            for channel in 0..2 {
                let of = |source: Source| source.map_or(self.dry[channel][frame], |path| self.bent[path][channel][frame]);
                let now = of(self.crossing.now());
                let old = of(self.crossing.old());
                self.bent[0][channel][frame] = if is_crossing { old + share * (now - old) } else { now };
            }
        }
        self.crossing.pass(frames);
    }

    fn mix(&mut self, left: &mut [f32], right: &mut [f32], at: usize) {
        for (frame, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let [dry_left, dry_right] = [self.dry[0][frame], self.dry[1][frame]];
            let [wet_left, wet_right] = [self.bent[0][0][frame], self.bent[0][1][frame]];
            let power = |left: f32, right: f32| left as f64 * left as f64 + right as f64 * right as f64;
            self.level_match.hear(power(dry_left, dry_right), power(wet_left, wet_right));
            let gain = self.level_match.gain();
            let numbers = F4::splat((at + frame + 1) as f32);
            let (mix, output) = (self.mix.at(numbers).lane(0, 0), self.output.at(numbers).lane(0, 0));
            let level = output * self.reopening.advance();
            *l = level * (dry_left + mix * (gain * wet_left - dry_left));
            *r = level * (dry_right + mix * (gain * wet_right - dry_right));
        }
    }

    /// Begins the level match at what the curve does to sound of the usual level.
    fn expect_level(&mut self) {
        let usual = libm::sqrt(USUAL_POWER) as f32;
        let drive = self.drive.ended().at(F4::splat(0.0)).lane(0, 0);
        let recovery = self.recovery.ended().at(F4::splat(0.0)).lane(0, 0);
        let bent = match self.wanted_style() {
            Some(style) => (style.value(drive * usual + style.rest()) - style.value(style.rest())) * style.slope_gain() * recovery,
            None => usual,
        };
        self.level_match.expect(bent as f64 * bent as f64);
    }
}

impl Understudied for Saturator {
    const KEPT_FRAMES: usize = KEPT_FRAMES;
    const HURRY: usize = 6;

    fn new(rate_hz: f64) -> Self {
        Self::new(rate_hz)
    }

    fn is_prepared(index: usize) -> bool {
        index == index::STYLE
    }

    fn memory_frames(&self) -> usize {
        ms_to_frames(MEMORY_MS, self.rate_hz)
    }

    fn prepare(&mut self, _heard: &Self, frames: u64) {
        self.reset();
        if frames > 0 {
            self.level_match.hear_anew();
        }
    }
}

impl Processor for Saturator {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }

    fn reset(&mut self) {
        for line in self.lines() {
            line.end();
        }
        self.level_match.settle();
        self.dc.reset();
        self.reopening.reset();
        self.since_flush = 0;
        self.tone_moved = false;
        self.restart();
        self.expect_level();
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
            index::DRIVE => {
                let [drive, recovery] = drive_and_recovery(value);
                self.drive.aim(drive);
                self.recovery.aim(recovery);
            }
            index::BIAS => self.bias.aim(value / 100.0),
            index::TONE => self.tone_moved = true,
            index::MIX => self.mix.aim(value / 100.0),
            index::OUTPUT => self.output.aim(db_to_gain(value as f64) as f32),
            index::LEVEL_MATCH => self.level_match.turn(value >= 0.5),
            _ => {}
        }
        let style = Style::from_index(self.values[index::STYLE] as usize);
        let offset = style.value(self.values[index::BIAS] / 100.0 + style.rest());
        self.offset.aim(offset);
        if index == index::STYLE {
            // The path that comes has no offset to glide from.
            self.offset.end();
        }
        self.dc.turn(self.wanted_style().is_some() && (self.values[index::BIAS] != 0.0 || style.rest() != 0.0));
    }

    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        let frames = left.len().min(right.len());
        for line in self.lines() {
            line.begin(frames);
        }
        let glides = core::mem::take(&mut self.tone_moved);
        if glides {
            for path in &mut self.paths {
                path.aim_tone(self.values[index::TONE]);
            }
        }
        let mut at = 0;
        while at < frames {
            let length = self.steady_frames().min(frames - at);
            let (left, right) = (&mut left[at..at + length], &mut right[at..at + length]);
            self.drive(left, right, at, glides.then_some(frames - at));
            self.cross(length);
            let [bent_left, bent_right] = &mut self.bent[0];
            self.dc.process(&mut bent_left[..length], &mut bent_right[..length]);
            self.mix(left, right, at);
            self.reopening.pass(length);
            at += length;
            self.since_flush = (self.since_flush + length) % FLUSH_FRAMES;
            if self.since_flush == 0 {
                self.paths.iter_mut().for_each(Path::flush);
            }
        }
        for line in self.lines() {
            line.end();
        }
        silence_beyond(OUTPUT_LIMIT, left);
        silence_beyond(OUTPUT_LIMIT, right);
    }

    fn tail_frames(&self) -> usize {
        self.dc.tail_frames() + ms_to_frames(TAIL_MS, self.rate_hz)
    }
}
