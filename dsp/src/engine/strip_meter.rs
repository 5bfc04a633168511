//! A strip's meter: the readings after the fader, and the peak before it.

use super::block::StereoBlock;
use crate::meters::StripMeter;

/// What a record tells of a strip.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StripReading {
    /// Largest magnitude after the fader since the last reading, left and right.
    pub peaks: [f32; 2],
    /// RMS after the fader, left and right.
    pub rms: [f32; 2],
    /// Largest magnitude since the maximum was reset.
    pub peak_max: f32,
    /// Samples over full scale since then.
    pub clipped: u32,
    /// Largest magnitude before the fader since the last reading.
    pub peak_pre: f32,
}

/// See the module's text.
pub struct StripMeters {
    post: StripMeter,
    peak_pre: f32,
}

impl StripMeters {
    /// Meters of silence.
    pub fn new(rate_hz: f64) -> Self {
        Self { post: StripMeter::new(rate_hz), peak_pre: 0.0 }
    }

    /// Clears the held maximum and the count.
    pub fn reset_peak(&mut self) {
        self.post.reset_peak();
    }

    /// Takes a block in, before the fader.
    pub fn take_pre(&mut self, block: &StereoBlock) {
        let [left, right] = block.peaks();
        self.peak_pre = self.peak_pre.max(left).max(right);
    }

    /// Takes a block in, after the fader; `true` when it holds the first sample over full scale.
    pub fn take_post(&mut self, block: &StereoBlock) -> bool {
        let clipped = self.post.clipped();
        self.post.process(&block.left, &block.right);
        clipped == 0 && self.post.clipped() > 0
    }

    /// The reading since the last one.
    pub fn take(&mut self) -> StripReading {
        StripReading {
            peaks: self.post.take_peaks(),
            rms: self.post.rms(),
            peak_max: self.post.peak_max(),
            clipped: self.post.clipped(),
            peak_pre: core::mem::take(&mut self.peak_pre),
        }
    }
}
