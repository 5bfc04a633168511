//! The master's meter: loudness, true peak and correlation of what leaves the engine.

use super::correlation::Correlation;
use super::loudness::{Loudness, STEREO};
use super::true_peak::TruePeak;

/// Everything that is read of the master.
pub struct MasterMeter {
    loudness: Loudness,
    true_peak: [TruePeak; 2],
    correlation: Correlation,
}

impl MasterMeter {
    /// For this rate.
    pub fn new(rate_hz: f64) -> Self {
        Self { loudness: Loudness::new(rate_hz, STEREO), true_peak: Default::default(), correlation: Correlation::new(rate_hz) }
    }

    /// Takes audio in; both sides have the same length.
    pub fn process(&mut self, left: &[f32], right: &[f32]) {
        self.loudness.process([[left, right]]);
        self.true_peak[0].process(left);
        self.true_peak[1].process(right);
        self.correlation.process(left, right);
    }

    /// Starts everything anew.
    pub fn reset(&mut self) {
        self.loudness.reset();
        self.true_peak.iter_mut().for_each(TruePeak::reset);
        self.correlation.reset();
    }

    /// Momentary loudness, LUFS; negative infinity in silence.
    pub fn momentary_lufs(&self) -> f64 {
        self.loudness.momentary_lufs()
    }

    /// Largest momentary loudness since the reset, LUFS.
    pub fn momentary_max_lufs(&self) -> f64 {
        self.loudness.momentary_max_lufs()
    }

    /// Short-term loudness, LUFS; negative infinity in silence.
    pub fn short_term_lufs(&self) -> f64 {
        self.loudness.short_term_lufs()
    }

    /// Largest short-term loudness since the reset, LUFS.
    pub fn short_term_max_lufs(&self) -> f64 {
        self.loudness.short_term_max_lufs()
    }

    /// Integrated loudness since the reset, LUFS; negative infinity while nothing has passed the gate.
    pub fn integrated_lufs(&self) -> f64 {
        self.loudness.integrated_lufs()
    }

    /// Loudness range since the reset, LU; NaN while there is none.
    pub fn range_lu(&self) -> f64 {
        self.loudness.range_lu()
    }

    /// Frames measured since the reset.
    pub fn measured_frames(&self) -> u64 {
        self.loudness.measured_frames()
    }

    /// True peaks since the last call, linear, left and right.
    pub fn take_true_peak(&mut self) -> [f32; 2] {
        let [left, right] = &mut self.true_peak;
        [left.take(), right.take()]
    }

    /// Largest true peak since the reset, linear, of both channels.
    pub fn true_peak_max(&self) -> f32 {
        self.true_peak[0].max().max(self.true_peak[1].max())
    }

    /// Correlation over the last 300 ms, −1 to 1; 0 in silence.
    pub fn correlation(&self) -> f64 {
        self.correlation.read()
    }
}
