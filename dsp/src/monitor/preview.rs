//! The limiter of a place that turns up what is softer than its target.
//!
//! Spotify's loud setting is documented as a limiter at −1 dB of sample peak with 5 ms attack and 100 ms decay and without lookahead; so is
//! this one: it is to sound as the place does, overshoots among it.

use crate::units::{db_to_gain, ms_to_frames};

/// Where it sets in, dBFS.
const CEILING_DB: f64 = -1.0;
/// Time constant of going down.
const ATTACK_MS: f64 = 5.0;
/// Time constant of coming back.
const RELEASE_MS: f64 = 100.0;
/// With less reduction than this it has come back.
const IDLE: f32 = 1e-6;

/// See the module's text.
pub struct PreviewLimiter {
    ceiling: f32,
    attack: f32,
    release: f32,
    /// How far the gain is below 1: near 0 a float still takes the release's smallest steps, near 1 it does not.
    reduction: f32,
}

impl PreviewLimiter {
    /// At rest.
    pub fn new(rate_hz: f64) -> Self {
        let share = |time_ms: f64| (1.0 - libm::exp(-1.0 / ms_to_frames(time_ms, rate_hz).max(1) as f64)) as f32;
        Self { ceiling: db_to_gain(CEILING_DB) as f32, attack: share(ATTACK_MS), release: share(RELEASE_MS), reduction: 0.0 }
    }

    /// Limits in place; one that is switched off lets go first.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32], is_on: bool) {
        if !is_on && self.reduction == 0.0 {
            return;
        }
        for (left, right) in left.iter_mut().zip(right) {
            let peak = left.abs().max(right.abs());
            let wanted = if is_on && peak > self.ceiling { 1.0 - self.ceiling / peak } else { 0.0 };
            self.reduction += (wanted - self.reduction) * if wanted > self.reduction { self.attack } else { self.release };
            let gain = 1.0 - self.reduction;
            *left *= gain;
            *right *= gain;
        }
        if !self.reduction.is_finite() || (!is_on && self.reduction < IDLE) {
            self.reduction = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_tone_is_held_at_the_ceiling_and_what_is_softer_is_left_alone() {
        let mut limiter = PreviewLimiter::new(48_000.0);
        let (mut left, mut right) = ([2.0_f32; 9_600], [1.0_f32; 9_600]);
        limiter.process(&mut left, &mut right, true);
        assert!((left[9_599] - db_to_gain(-1.0) as f32).abs() < 1e-3, "{}", left[9_599]);
        assert!((right[9_599] / left[9_599] - 0.5).abs() < 1e-6);
        let (mut left, mut right) = ([0.5_f32; 96_000], [0.5_f32; 96_000]);
        limiter.process(&mut left, &mut right, false);
        assert!((left[95_999] - 0.5).abs() < 1e-5);
        limiter.process(&mut left[..10], &mut right[..10], true);
        assert_eq!(left[95_999].to_bits(), right[95_999].to_bits());
    }
}
