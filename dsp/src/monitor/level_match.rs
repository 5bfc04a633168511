//! By how much one sound is louder than another that is heard in its place: both are measured over the same frames.
//!
//! The integrated loudness of BS.1770-5 of both, since the last change of either; so what is compared in a loop is matched over the loop.

use crate::meters::{Loudness, STEREO};
use crate::units::ms_to_frames;

/// No match turns anything further.
const MOST_LU: f64 = 40.0;
/// After a change so much is left out: controls glide, filters and envelopes settle.
const SETTLE_MS: f64 = 250.0;

/// See the module's text.
pub struct LevelMatch {
    reference: Loudness,
    other: Loudness,
    difference_lu: Option<f64>,
    settle_frames: usize,
    /// Frames that are still left out.
    waiting: usize,
}

impl LevelMatch {
    /// Nothing measured.
    pub fn new(rate_hz: f64) -> Self {
        let (reference, other) = (Loudness::new(rate_hz, STEREO), Loudness::new(rate_hz, STEREO));
        let settle_frames = ms_to_frames(SETTLE_MS, rate_hz);
        Self { reference, other, difference_lu: None, settle_frames, waiting: settle_frames }
    }

    /// Measures anew; until there is something the last difference holds.
    pub fn restart(&mut self) {
        self.reference.reset();
        self.other.reset();
        self.waiting = self.settle_frames;
    }

    /// Takes the same frames of both in; `true` when the difference has changed.
    pub fn process(&mut self, reference: [&[f32]; 2], other: [&[f32]; 2]) -> bool {
        if self.waiting > 0 {
            self.waiting = self.waiting.saturating_sub(reference[0].len());
            return false;
        }
        self.reference.process([reference]);
        self.other.process([other]);
        let difference = self.reference.integrated_lufs() - self.other.integrated_lufs();
        let is_new = difference.is_finite() && self.difference_lu != Some(difference);
        if is_new {
            self.difference_lu = Some(difference);
        }
        is_new
    }

    /// What brings the other to the reference's loudness, dB; `None` before anything was measured.
    pub fn gain_db(&self) -> Option<f64> {
        self.difference_lu.map(|difference| difference.clamp(-MOST_LU, MOST_LU))
    }
}
