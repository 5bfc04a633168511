//! The level that a compressor follows: the power of each sample, or its mean over 10 ms, crossed over by a switch.

use super::ballistics::pole;
use super::fade::Fade;

/// Time constant of the mean.
const RMS_MS: f64 = 10.0;
/// The mean never falls below this (−200 dB), so it never becomes subnormal.
const LEAST_MEAN: f32 = 1e-20;

/// See the module's text.
#[derive(Clone)]
pub struct LevelDetector {
    rms: Fade,
    means: [f32; 2],
    share: f32,
}

impl LevelDetector {
    /// One that follows peaks; its switch takes this many frames.
    pub fn new(rate_hz: f64, fade_frames: usize) -> Self {
        Self { rms: Fade::new(false, fade_frames), means: [LEAST_MEAN; 2], share: pole(RMS_MS, rate_hz) }
    }

    /// Follows the mean or each sample.
    pub fn turn_rms(&mut self, is_on: bool) {
        self.rms.turn(is_on);
    }

    /// Forgets all sound and takes its switch at once.
    pub fn reset(&mut self) {
        self.rms.settle();
        self.means = [LEAST_MEAN; 2];
    }

    /// Powers of both channels of a key, of as many frames as the key has.
    pub fn detect(&mut self, key: [&[f32]; 2], powers: [&mut [f32]; 2]) {
        if self.rms.is_off() {
            for (key, powers) in key.into_iter().zip(powers) {
                powers.iter_mut().zip(key).for_each(|(power, sample)| *power = sample * sample);
            }
            return;
        }
        let [left_powers, right_powers] = powers;
        let frames = key[0].iter().zip(key[1]).zip(left_powers.iter_mut().zip(right_powers));
        for ((left, right), (left_power, right_power)) in frames {
            let share = self.rms.advance();
            for ((sample, power), mean) in [(left, left_power), (right, right_power)].into_iter().zip(&mut self.means) {
                *power = sample * sample;
                *mean += self.share * (*power - *mean);
                *mean = if *mean > LEAST_MEAN { *mean } else { LEAST_MEAN };
                *power += share * (*mean - *power);
            }
        }
    }
}
