//! How fast the reduction follows what the gain computer asks for.
//!
//! Smooth branching in the log domain (Giannoulis, Massberg, Reiss 2012): one pole whose time constant is the attack while the
//! reduction grows and the release while it shrinks, after the hold. Auto release adds a second, slow pole that long compression
//! fills and short peaks hardly touch; the reduction then falls at the release time only down to it.

use super::lanes::F4;
use crate::units::ms_to_frames;

/// The slow pole fills with this time constant.
const SLOW_ATTACK_MS: f64 = 200.0;
/// The slow pole empties this many times slower than the release.
const SLOW_RELEASE_TIMES: f64 = 6.0;
/// Reductions below this many dB are none.
const LEAST_DB: f32 = 1e-6;

/// The share of the way to its target that a pole of this time constant goes in a frame.
pub fn pole(time_ms: f64, rate_hz: f64) -> f32 {
    (1.0 - libm::exp(-1000.0 / (time_ms * rate_hz))) as f32
}

/// The times, as shares per frame and frames.
#[derive(Clone, Copy)]
pub struct Times {
    attack: F4,
    release: F4,
    slow_attack: F4,
    slow_release: F4,
    /// Whole, and few enough to be exact.
    hold_frames: F4,
}

impl Times {
    /// From time constants in ms.
    pub fn new(attack_ms: f32, release_ms: f32, hold_ms: f32, rate_hz: f64) -> Self {
        Self {
            attack: F4::splat(pole(attack_ms as f64, rate_hz)),
            release: F4::splat(pole(release_ms as f64, rate_hz)),
            slow_attack: F4::splat(pole(SLOW_ATTACK_MS, rate_hz)),
            slow_release: F4::splat(pole(release_ms as f64 * SLOW_RELEASE_TIMES, rate_hz)),
            hold_frames: F4::splat(ms_to_frames(hold_ms as f64, rate_hz) as f32),
        }
    }
}

/// One channel's reduction, in dB and positive, the same in every lane: which way a level goes cannot be foretold, and only vectors choose
/// without a branch on every target.
#[derive(Clone, Copy, Default, PartialEq)]
pub struct Ballistics {
    reduction_db: F4,
    slow_db: F4,
    hold_left: F4,
}

impl Ballistics {
    /// The reduction of the last frame.
    pub fn reduction_db(&self) -> f32 {
        self.reduction_db.lane(0, 0)
    }

    /// The reduction of this frame, given what is asked for; `auto` from 0 to 1 brings the slow pole in.
    #[inline(always)]
    pub fn follow(&mut self, wanted_db: f32, times: &Times, auto: f32) -> f32 {
        let (zero, one, least) = (F4::splat(0.0), F4::splat(1.0), F4::splat(LEAST_DB));
        let wanted = F4::splat(wanted_db);
        let slow_way = wanted - self.slow_db;
        self.slow_db += times.slow_attack * slow_way.max(zero) + times.slow_release * slow_way.min(zero);
        // The slow pole may stand above the reduction that the attack has reached: release never raises it.
        let floor = F4::splat(auto) * self.slow_db;
        let rise = wanted - self.reduction_db;
        let fall = floor.max(wanted) - self.reduction_db;
        let release = zero.ge(self.hold_left).keep(times.release);
        self.reduction_db += times.attack * rise.max(zero) + release * fall.min(zero);
        self.hold_left = rise.gt(zero).select(times.hold_frames, (self.hold_left - one).max(zero));
        self.reduction_db = self.reduction_db.ge(least).keep(self.reduction_db);
        self.slow_db = self.slow_db.ge(least).keep(self.slow_db);
        self.reduction_db()
    }
}
