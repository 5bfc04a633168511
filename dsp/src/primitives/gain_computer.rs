//! The gain computer of what turns down above a threshold: the static curve from level to reduction, for four frames at once.
//!
//! A line of slope 1 − 1/ratio above the threshold, a parabola in the knee (Giannoulis, Massberg, Reiss 2012), no more than the range.

use super::fade::Line;
use super::fast_math::{exp2, log2};
use super::lanes::F4;

/// The ratio that stands for infinity.
pub const INFINITE_RATIO: f32 = 100.0;
/// dB of a power of two in power.
const DB_PER_POWER_DOUBLING: f32 = 3.010_3;
/// Octaves of gain per dB.
const DOUBLINGS_PER_DB: f32 = 0.166_096_4;
/// Powers below this are silence.
const LEAST_POWER: f32 = 1e-16;
/// The level of silence, in dB.
pub const SILENT_DB: f32 = -160.0;

/// The level in dB of these powers.
#[inline(always)]
pub fn level_db(power: F4) -> F4 {
    log2(power.max(F4::splat(LEAST_POWER))) * F4::splat(DB_PER_POWER_DOUBLING)
}

/// The linear gain of these dB, exactly 1 at 0.
#[inline(always)]
pub fn gain_of_db(db: F4) -> F4 {
    exp2(db * F4::splat(DOUBLINGS_PER_DB))
}

/// What the curve is made of, each value on its way over the running call.
#[derive(Clone, Copy)]
pub struct Curve {
    /// Level from which it acts.
    pub threshold_db: Line,
    /// Half of the knee's width.
    pub half_knee_db: Line,
    /// 1 − 1 / ratio.
    pub slope: Line,
    /// The greatest reduction.
    pub range_db: Line,
}

/// 1 − 1 / ratio; the ratio that stands for infinity gives 1.
pub fn slope(ratio: f32) -> f32 {
    if ratio >= INFINITE_RATIO { 1.0 } else { 1.0 - 1.0 / ratio }
}

impl Curve {
    /// A curve at rest.
    pub fn resting(threshold_db: f32, knee_db: f32, ratio: f32, range_db: f32) -> Self {
        let [threshold_db, half_knee_db, slope, range_db] = [threshold_db, 0.5 * knee_db, slope(ratio), range_db].map(Line::new);
        Self { threshold_db, half_knee_db, slope, range_db }
    }

    /// Reduction in dB of a steady level, by a curve at rest.
    pub fn reduction_of_level_db(&self, level_db: f32) -> f32 {
        let zero = F4::splat(0.0);
        self.reduction_at(F4::splat(level_db) - self.threshold_db.at(zero), zero).lane(0, 0)
    }

    /// Reduction in dB (positive) of a signal with these powers, at the frames `at` of the call.
    #[inline(always)]
    pub fn reduction_db(&self, power: F4, at: F4) -> F4 {
        self.reduction_at(level_db(power) - self.threshold_db.at(at), at)
    }

    /// Reduction in dB of a level this many dB above the threshold: none below the knee, a parabola in it, a line above.
    #[inline(always)]
    fn reduction_at(&self, over: F4, at: F4) -> F4 {
        let zero = F4::splat(0.0);
        let half_knee = self.half_knee_db.at(at);
        let inside = (over + half_knee).max(zero).min(half_knee + half_knee);
        let fourfold = half_knee * F4::splat(4.0);
        let bend = inside * inside / fourfold.max(F4::splat(f32::MIN_POSITIVE));
        let above = (over - half_knee).max(zero);
        (self.slope.at(at) * (bend + above)).min(self.range_db.at(at))
    }

    /// Reduction in dB of full scale at the end of the call.
    pub fn reduction_of_full_scale_db(&self) -> f32 {
        let end = Self {
            threshold_db: self.threshold_db.ended(),
            half_knee_db: self.half_knee_db.ended(),
            slope: self.slope.ended(),
            range_db: self.range_db.ended(),
        };
        let zero = F4::splat(0.0);
        end.reduction_at(zero - end.threshold_db.at(zero), zero).lane(0, 0)
    }
}
