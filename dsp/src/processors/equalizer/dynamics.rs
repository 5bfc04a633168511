//! One band's dynamics: the level in the band moves the gain of its filter.
//!
//! Key → the band's own part of the range → power over a grain of frames → dB above the threshold, of which two thirds are asked for, up to the
//! range → attack and release → the filter of that gain, from a table made when the band was set: between two of its entries
//! coefficients lie on straight lines. At every level the curve is that of a band which stands at that gain.

use super::bands::{Band, Build, Placement};
use crate::primitives::ballistics::{Ballistics, Times};
use crate::primitives::cascade::Cascade;
use crate::primitives::gain_computer::level_db;
use crate::primitives::lanes::F4;
use crate::primitives::svf::SvfCoefficients;
use crate::primitives::{INPUT_LIMIT, silence_beyond};

/// Frames between two looks at the level.
pub const GRAIN_FRAMES: usize = 16;
/// Gains in the table; 1.9 dB apart at the widest range.
const STEPS: usize = 17;
/// 60 dB as a natural logarithm.
const SETTLING_NEPERS: f64 = 6.908;
/// dB of gain for a dB above the threshold: as of a ratio of 3.
pub const SLOPE: f32 = 2.0 / 3.0;

/// See the module's text.
pub struct BandDynamics {
    rate_hz: f64,
    detector: Cascade,
    sums: [f32; 2],
    ballistics: Ballistics,
    times: Times,
    settling_frames: f64,
    threshold_db: f32,
    /// The most it moves, without its sign.
    range_db: f32,
    turns_down: bool,
    lowest_db: f32,
    table: [SvfCoefficients; STEPS],
    /// Whether its band is dynamic and works.
    pub is_on: bool,
}

impl BandDynamics {
    /// One that is off.
    pub fn new(rate_hz: f64) -> Self {
        let mut detector = Cascade::new(1);
        detector.rebuild(1);
        Self {
            rate_hz,
            detector,
            sums: [0.0; 2],
            ballistics: Ballistics::default(),
            times: Times::new(1.0, 1.0, 0.0, rate_hz),
            settling_frames: 0.0,
            threshold_db: 0.0,
            range_db: 0.0,
            turns_down: false,
            lowest_db: 0.0,
            table: [SvfCoefficients::IDENTITY; STEPS],
            is_on: false,
        }
    }

    /// Forgets all sound.
    pub fn reset(&mut self) {
        self.detector.silence();
        self.sums = [0.0; 2];
        self.ballistics = Ballistics::default();
    }

    /// Goes on from where another of a band that is built alike stands.
    pub fn adopt(&mut self, other: &Self) {
        self.detector.adopt(0, &other.detector, 0);
        (self.sums, self.ballistics, self.lowest_db, self.is_on) = (other.sums, other.ballistics, other.lowest_db, other.is_on);
    }

    /// Frames after which it stands where it would had it always listened: its level has settled to a thousandth.
    pub fn settling_frames(&self) -> f64 {
        self.settling_frames
    }

    /// Takes a band's values.
    pub fn read(&mut self, band: &Band) {
        let was_on = self.is_on;
        let (Some(dynamics), Some(build)) = (band.dynamics(), band.build()) else {
            self.is_on = false;
            return;
        };
        self.is_on = true;
        if !was_on {
            self.reset();
        }
        self.threshold_db = dynamics.threshold_db;
        self.range_db = dynamics.range_db.abs();
        self.turns_down = dynamics.range_db < 0.0;
        self.settling_frames = SETTLING_NEPERS * f64::from(dynamics.attack_ms.max(dynamics.release_ms)) * self.rate_hz / 1000.0;
        self.times = Times::new(dynamics.attack_ms, dynamics.release_ms, 0.0, self.rate_hz / GRAIN_FRAMES as f64);
        for (step, coefficients) in self.table.iter_mut().enumerate() {
            let moved = band.moved_by(dynamics.range_db as f64 * step as f64 / (STEPS - 1) as f64);
            *coefficients = SvfCoefficients::new(&moved.design(&build, 0));
        }
        for channel in 0..2 {
            self.detector.aim(0, channel, SvfCoefficients::new(&band.detector()));
        }
        self.detector.settle();
    }

    /// Listens to some frames of a grain; `scratch` is as long.
    pub fn listen(&mut self, build: &Build, key: [&[f32]; 2], scratch: [&mut [f32]; 2]) {
        let [left, right] = scratch;
        left.copy_from_slice(key[0]);
        right.copy_from_slice(key[1]);
        silence_beyond(INPUT_LIMIT, left);
        silence_beyond(INPUT_LIMIT, right);
        if build.is_mid_side() {
            for (l, r) in left.iter_mut().zip(right.iter_mut()) {
                (*l, *r) = (0.5 * (*l + *r), 0.5 * (*l - *r));
            }
        }
        self.detector.run(left, right, None);
        for (sum, side) in self.sums.iter_mut().zip([left, right]) {
            for sample in side {
                *sum += *sample * *sample;
            }
        }
    }

    /// Ends a grain: the filter that the level asks for.
    pub fn follow(&mut self, build: &Build) -> SvfCoefficients {
        let [left, right] = self.sums.map(|sum| sum / GRAIN_FRAMES as f32);
        self.sums = [0.0; 2];
        let power = match build.placement {
            Placement::Stereo => left.max(right),
            Placement::Left | Placement::Mid => left,
            Placement::Right | Placement::Side => right,
        };
        let over = level_db(F4::splat(power)).lane(0, 0) - self.threshold_db;
        let wanted = (SLOPE * over).clamp(0.0, self.range_db);
        let moved_db = self.ballistics.follow(wanted, &self.times, 0.0);
        self.lowest_db = if self.turns_down && -moved_db < self.lowest_db { -moved_db } else { self.lowest_db };
        self.coefficients()
    }

    /// The lowest that the level has moved the gain by since the last call; 0 for a band that is turned up.
    pub fn take_lowest_db(&mut self) -> f32 {
        core::mem::take(&mut self.lowest_db)
    }

    /// The filter of the gain that it stands at.
    pub fn coefficients(&self) -> SvfCoefficients {
        let place = if self.range_db > 0.0 { self.ballistics.reduction_db() / self.range_db } else { 0.0 };
        let place = place.clamp(0.0, 1.0) * (STEPS - 1) as f32;
        let step = (place as usize).min(STEPS - 2);
        self.table[step].towards(&self.table[step + 1], place - step as f32)
    }

    /// Puts out what faded; call it at fixed frames.
    pub fn flush(&mut self) {
        self.detector.flush();
    }
}
