//! One band's dynamics: from its sound, or its part of the key, through its own key filter to its gain.

use super::declaration::band_param;
use crate::primitives::ballistics::{Ballistics, Times};
use crate::primitives::fade::{Fade, Line, frame_numbers};
use crate::primitives::gain_computer::{Curve, SILENT_DB, gain_of_db, level_db, slope};
use crate::primitives::lanes::{F4, VECTOR_LANES};
use crate::primitives::level_detector::LevelDetector;
use crate::primitives::sidechain::{CHUNK_FRAMES, Chunk, Sidechain};

/// The lines that all bands share, in the running call.
pub struct Shared {
    pub link: Line,
    pub mix: Line,
}

/// What lifts quiet sound.
struct Lift {
    threshold_db: Line,
    slope: Line,
    /// The most it lifts: the range, or what silence would be lifted by.
    range_db: Line,
}

/// See the module's text.
pub struct Band {
    rate_hz: f64,
    values: [f32; band_param::COUNT],
    curve: Curve,
    lift: Lift,
    gain_db: Line,
    auto_makeup_db: Line,
    times: Times,
    channels: [Ballistics; 2],
    detector: LevelDetector,
    sidechain: Sidechain,
    works: Fade,
    /// Off while other bands are soloed.
    heard: Fade,
    auto_release: Fade,
    auto_makeup: Fade,
    deepest_db: f32,
    /// The powers, then the gains of the chunk.
    pub gain: Chunk,
}

impl Band {
    /// One at rest.
    pub fn new(rate_hz: f64, fade_frames: usize) -> Self {
        let zero = Line::new(0.0);
        let (on, off) = (Fade::new(true, fade_frames), Fade::new(false, fade_frames));
        Self {
            rate_hz,
            values: [0.0; band_param::COUNT],
            curve: Curve { threshold_db: zero, half_knee_db: zero, slope: zero, range_db: zero },
            lift: Lift { threshold_db: zero, slope: zero, range_db: zero },
            gain_db: zero,
            auto_makeup_db: zero,
            times: Times::new(1.0, 1.0, 0.0, rate_hz),
            channels: [Ballistics::default(); 2],
            detector: LevelDetector::new(rate_hz, fade_frames),
            sidechain: Sidechain::new(rate_hz, fade_frames),
            works: on,
            heard: on,
            auto_release: off,
            auto_makeup: off,
            deepest_db: 0.0,
            gain: [[0.0; CHUNK_FRAMES]; 2],
        }
    }

    /// Whether it changes anything.
    pub fn is_at_work(&self) -> bool {
        let value = |param| self.values[param];
        let is_on = value(band_param::ON) >= 0.5;
        let is_heard_alone = value(band_param::SOLO) >= 0.5 || value(band_param::KEY_LISTEN) >= 0.5;
        is_heard_alone || is_on && (value(band_param::RATIO) > 1.0 || value(band_param::UP_RATIO) > 1.0 || value(band_param::GAIN) != 0.0)
    }

    /// Whether it is soloed.
    pub fn is_soloed(&self) -> bool {
        self.values[band_param::SOLO] >= 0.5
    }

    /// Lets it be heard or not.
    pub fn turn_heard(&mut self, is_on: bool) {
        self.heard.turn(is_on);
    }

    fn lines(&mut self) -> [&mut Line; 9] {
        let Curve { threshold_db, half_knee_db, slope, range_db } = &mut self.curve;
        let lift = &mut self.lift;
        [
            threshold_db,
            half_knee_db,
            slope,
            range_db,
            &mut lift.threshold_db,
            &mut lift.slope,
            &mut lift.range_db,
            &mut self.gain_db,
            &mut self.auto_makeup_db,
        ]
    }

    /// Forgets all sound and takes everything at once.
    pub fn reset(&mut self) {
        for line in self.lines() {
            line.end();
        }
        for switch in [&mut self.works, &mut self.heard, &mut self.auto_release, &mut self.auto_makeup] {
            switch.settle();
        }
        self.channels = [Ballistics::default(); 2];
        self.detector.reset();
        self.sidechain.reset();
        self.deepest_db = 0.0;
    }

    /// Takes a value of its own.
    pub fn set(&mut self, param: usize, value: f32) {
        self.values[param] = value;
        let is_on = value >= 0.5;
        match param {
            band_param::ON => self.works.turn(is_on),
            band_param::THRESHOLD => self.curve.threshold_db.aim(value),
            band_param::RATIO => self.curve.slope.aim(slope(value)),
            band_param::KNEE => self.curve.half_knee_db.aim(0.5 * value),
            band_param::RANGE => self.curve.range_db.aim(value),
            band_param::AUTO_RELEASE => self.auto_release.turn(is_on),
            band_param::DETECTOR => self.detector.turn_rms(is_on),
            band_param::GAIN => self.gain_db.aim(value),
            band_param::AUTO_MAKEUP => self.auto_makeup.turn(is_on),
            band_param::KEY_FILTER => self.sidechain.turn_filter(is_on),
            band_param::KEY_HIGH_PASS => self.sidechain.set_high_pass_hz(value),
            band_param::KEY_LOW_PASS => self.sidechain.set_low_pass_hz(value),
            band_param::KEY_LISTEN => self.sidechain.turn_listen(is_on),
            band_param::ATTACK | band_param::RELEASE | band_param::HOLD => {
                let [attack, release, hold] = [band_param::ATTACK, band_param::RELEASE, band_param::HOLD].map(|param| self.values[param]);
                self.times = Times::new(attack.max(0.01), release.max(1.0), hold, self.rate_hz);
            }
            _ => {}
        }
        let lift_slope = slope(self.values[band_param::UP_RATIO].max(1.0));
        let lift_threshold = self.values[band_param::UP_THRESHOLD];
        self.lift.threshold_db.aim(lift_threshold);
        self.lift.slope.aim(lift_slope);
        self.lift.range_db.aim(self.values[band_param::UP_RANGE].min(lift_slope * (lift_threshold - SILENT_DB)));
        self.auto_makeup_db.aim(0.5 * self.curve.reduction_of_full_scale_db());
    }

    /// Begins a call.
    pub fn begin(&mut self, frames: usize) {
        self.lines().into_iter().for_each(|line| line.begin(frames));
        self.sidechain.begin();
    }

    /// Ends a call.
    pub fn end(&mut self) {
        self.lines().into_iter().for_each(Line::end);
    }

    /// Turns what the band listens to into its gains of the chunk, which lies `at` frames into the call and `frames_left` before its end.
    pub fn follow(&mut self, key: [&[f32]; 2], shared: &Shared, at: usize, frames_left: usize) {
        let frames = key[0].len();
        let powers = self.gain.each_mut().map(|side| &mut side[..frames]);
        if self.sidechain.is_idle() {
            self.detector.detect(key, powers);
        } else {
            self.sidechain.take(key[0], key[1], frames_left);
            let [left, right] = self.sidechain.key();
            self.detector.detect([&left[..frames], &right[..frames]], powers);
        }
        self.ask(frames, shared, at);
        self.smooth(frames, at);
        self.make_gains(frames, shared, at);
    }

    /// Powers into the reductions that are asked for: below the full lift.
    fn ask(&mut self, frames: usize, shared: &Shared, at: usize) {
        let zero = F4::splat(0.0);
        for start in (0..frames).step_by(VECTOR_LANES) {
            let numbers = frame_numbers(at + start);
            let (threshold, slope, range) =
                (self.lift.threshold_db.at(numbers), self.lift.slope.at(numbers), self.lift.range_db.at(numbers));
            let [left, right] = [0, 1].map(|channel| {
                let power = F4::load(&self.gain[channel][start..]);
                let below = (threshold - level_db(power)).max(zero);
                self.curve.reduction_db(power, numbers) + (range - (slope * below).min(range))
            });
            let (both, link) = (left.max(right), shared.link.at(numbers));
            (left + link * (both - left)).store(&mut self.gain[0][start..start + VECTOR_LANES]);
            (right + link * (both - right)).store(&mut self.gain[1][start..start + VECTOR_LANES]);
        }
    }

    fn smooth(&mut self, frames: usize, at: usize) {
        let mut least = 0.0f32;
        for frame in 0..frames {
            let auto = self.auto_release.advance();
            let range = self.lift.range_db.at(F4::splat((at + frame + 1) as f32)).lane(0, 0);
            for (gain, ballistics) in self.gain.iter_mut().zip(&mut self.channels) {
                let change = range - ballistics.follow(gain[frame], &self.times, auto);
                gain[frame] = change;
                least = if change < least { change } else { least };
            }
        }
        // What a band that is off would do is not heard.
        if !self.works.is_off() {
            self.deepest_db = self.deepest_db.min(least);
        }
    }

    fn make_gains(&mut self, frames: usize, shared: &Shared, at: usize) {
        let one = F4::splat(1.0);
        for start in (0..frames).step_by(VECTOR_LANES) {
            let numbers = frame_numbers(at + start);
            let count = VECTOR_LANES.min(frames - start);
            let advance = |fade: &mut Fade| {
                let mut shares = [0.0; VECTOR_LANES];
                shares[..count].iter_mut().for_each(|share| *share = fade.advance());
                F4::new([shares])
            };
            let (auto, works, heard) = (advance(&mut self.auto_makeup), advance(&mut self.works), advance(&mut self.heard));
            let added = self.gain_db.at(numbers) + auto * self.auto_makeup_db.at(numbers);
            let share = shared.mix.at(numbers) * works;
            for gain in &mut self.gain {
                let four = &mut gain[start..start + VECTOR_LANES];
                let wet = gain_of_db(F4::load(four) + added);
                (heard * (one + share * (wet - one))).store(four);
            }
        }
    }

    /// Lets what the band listened to be heard in the place of this chunk's output, while that is switched on.
    pub fn hear_key(&mut self, left: &mut [f32], right: &mut [f32]) {
        self.sidechain.hear(left, right);
    }

    /// Puts out what faded; call it at fixed frames.
    pub fn flush(&mut self) {
        self.sidechain.flush();
    }

    /// The lowest change of gain since the last call.
    pub fn take_reduction_db(&mut self) -> f32 {
        core::mem::take(&mut self.deepest_db)
    }
}
