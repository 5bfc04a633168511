//! The saturator's level match: the gain that brings what comes from the curve to the level of what went in, by mean squares over 400 ms.

use crate::primitives::fade::Fade;

/// Time constant of the means.
const MATCH_MS: f64 = 400.0;
/// Level (mean square) that is taken for granted until some was heard: −18 dBFS.
pub const USUAL_POWER: f64 = 0.016;
/// The means never fall below this (−120 dBFS), so that silence changes nothing.
const LEAST_POWER: f64 = 1e-12;
/// It turns by no more than this.
const MOST_MATCH: f64 = 64.0;
/// So many frames have been heard that means are exponential ones.
const LONG_HEARD: f64 = 1e9;

/// Mean squares in front of the curve and behind it.
pub struct LevelMatch {
    on: Fade,
    share: f64,
    dry: f64,
    wet: f64,
    /// Frames heard since an understudy began, of which the means are plain ones.
    heard_frames: f64,
}

impl LevelMatch {
    /// Switched on; switching takes `fade_frames`.
    pub fn new(rate_hz: f64, fade_frames: usize) -> Self {
        let share = 1.0 - libm::exp(-1000.0 / (MATCH_MS * rate_hz));
        Self { on: Fade::new(true, fade_frames), share, dry: 0.0, wet: 0.0, heard_frames: LONG_HEARD }
    }

    /// Switches it.
    pub fn turn(&mut self, is_on: bool) {
        self.on.turn(is_on);
    }

    /// Ends a running switch.
    pub fn settle(&mut self) {
        self.on.settle();
    }

    /// Begins at the usual level in front of the curve and at this power behind it.
    pub fn expect(&mut self, wet: f64) {
        (self.dry, self.wet, self.heard_frames) = (USUAL_POWER, wet.max(LEAST_POWER), LONG_HEARD);
    }

    /// Means begin with what is heard next.
    pub fn hear_anew(&mut self) {
        self.heard_frames = 0.0;
    }

    /// Takes the powers of a frame in.
    pub fn hear(&mut self, dry: f64, wet: f64) {
        self.heard_frames += 1.0;
        let share = self.share.max(1.0 / self.heard_frames);
        self.dry += share * (dry - self.dry);
        self.wet += share * (wet - self.wet);
        self.dry = if self.dry > LEAST_POWER { self.dry } else { LEAST_POWER };
        self.wet = if self.wet > LEAST_POWER { self.wet } else { LEAST_POWER };
    }

    /// The gain of the frame that was heard.
    pub fn gain(&mut self) -> f32 {
        let most = MOST_MATCH * MOST_MATCH;
        let matched = libm::sqrt((self.dry / self.wet).clamp(1.0 / most, most)) as f32;
        1.0 + self.on.advance() * (matched - 1.0)
    }
}
