//! How fast the reduction follows what the gain computer asks for.
//!
//! Smooth branching in the log domain (Giannoulis, Massberg, Reiss 2012): one pole whose time constant is the attack while the
//! reduction grows and the release while it shrinks, after the hold. Auto release adds a second, slow pole that long compression
//! fills and short peaks hardly touch; the reduction then falls at the release time only down to it.

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
    attack: f32,
    release: f32,
    slow_attack: f32,
    slow_release: f32,
    hold_frames: usize,
}

impl Times {
    /// From time constants in ms.
    pub fn new(attack_ms: f32, release_ms: f32, hold_ms: f32, rate_hz: f64) -> Self {
        Self {
            attack: pole(attack_ms as f64, rate_hz),
            release: pole(release_ms as f64, rate_hz),
            slow_attack: pole(SLOW_ATTACK_MS, rate_hz),
            slow_release: pole(release_ms as f64 * SLOW_RELEASE_TIMES, rate_hz),
            hold_frames: ms_to_frames(hold_ms as f64, rate_hz),
        }
    }
}

/// One channel's reduction, in dB and positive.
#[derive(Clone, Copy, Default, PartialEq)]
pub struct Ballistics {
    reduction_db: f32,
    slow_db: f32,
    hold_left: usize,
}

impl Ballistics {
    /// The reduction of the last frame.
    pub fn reduction_db(&self) -> f32 {
        self.reduction_db
    }

    /// The reduction of this frame, given what is asked for; `auto` from 0 to 1 brings the slow pole in.
    #[inline(always)]
    pub fn follow(&mut self, wanted_db: f32, times: &Times, auto: f32) -> f32 {
        let slow_share = if wanted_db > self.slow_db { times.slow_attack } else { times.slow_release };
        self.slow_db += slow_share * (wanted_db - self.slow_db);
        // Selections instead of branches: which way a level goes cannot be foretold.
        let rises = wanted_db > self.reduction_db;
        let holds = self.hold_left > 0;
        let floor = auto * self.slow_db;
        let target = if floor > wanted_db { floor } else { wanted_db };
        // The slow pole may stand above the reduction that the attack has reached: release never raises it.
        let target = if target < self.reduction_db { target } else { self.reduction_db };
        let target = if rises { wanted_db } else { target };
        let share = if holds { 0.0 } else { times.release };
        let share = if rises { times.attack } else { share };
        self.reduction_db += share * (target - self.reduction_db);
        self.hold_left = if rises { times.hold_frames } else { self.hold_left.saturating_sub(1) };
        self.reduction_db = if self.reduction_db < LEAST_DB { 0.0 } else { self.reduction_db };
        self.slow_db = if self.slow_db < LEAST_DB { 0.0 } else { self.slow_db };
        self.reduction_db
    }
}
