//! The master's meter: loudness, true peak, both against each other, and correlation of what leaves the engine.
//!
//! PLR is the largest true peak less the integrated loudness, PSR that of the last 3 s less the short-term loudness (AES TD1008).

use super::clock::StepClock;
use super::correlation::Correlation;
use super::histogram::LU_COUNT;
use super::loudness::{Loudness, STEREO};
use super::true_peak::TruePeak;
use crate::units::gain_to_db;

/// Steps of 10 ms between two notes of the true peak, and notes in the window of the short-term loudness.
const NOTE_STEPS: u64 = 10;
const NOTES: usize = 30;

/// Everything that is read of the master.
pub struct MasterMeter {
    loudness: Loudness,
    true_peak: [TruePeak; 2],
    correlation: Correlation,
    clock: StepClock,
    /// True peaks of the last tenths of a second.
    notes: [f32; NOTES],
}

impl MasterMeter {
    /// For this rate.
    pub fn new(rate_hz: f64) -> Self {
        Self {
            loudness: Loudness::new(rate_hz, STEREO),
            true_peak: Default::default(),
            correlation: Correlation::new(rate_hz),
            clock: StepClock::new(rate_hz),
            notes: [0.0; NOTES],
        }
    }

    /// Takes audio in; both sides have the same length.
    pub fn process(&mut self, left: &[f32], right: &[f32]) {
        self.loudness.process([[left, right]]);
        self.correlation.process(left, right);
        let frames = left.len().min(right.len());
        let mut at = 0;
        while at < frames {
            let take = self.clock.take(frames - at);
            self.true_peak[0].process(&left[at..at + take]);
            self.true_peak[1].process(&right[at..at + take]);
            at += take;
            if self.clock.advance(take) && self.clock.step().is_multiple_of(NOTE_STEPS) {
                let note = (self.clock.step() / NOTE_STEPS - 1) as usize % NOTES;
                let [left, right] = self.true_peak.each_mut().map(TruePeak::take_recent);
                self.notes[note] = left.max(right);
            }
        }
    }

    /// Starts everything anew.
    pub fn reset(&mut self) {
        self.loudness.reset();
        self.true_peak.iter_mut().for_each(TruePeak::reset);
        self.correlation.reset();
        self.clock.reset();
        self.notes = [0.0; NOTES];
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

    /// Largest true peak less integrated loudness, LU; NaN while there is none.
    pub fn plr_lu(&self) -> f64 {
        difference(self.true_peak_max(), self.integrated_lufs())
    }

    /// Largest true peak of the last 3 s less short-term loudness, LU; NaN in silence.
    pub fn psr_lu(&self) -> f64 {
        let peak = self.notes.iter().fold(0.0f32, |peak, note| peak.max(*note));
        difference(peak, self.short_term_lufs())
    }

    /// How many short-term windows, ten a second, lay in each LU from −70 LUFS on.
    pub fn short_term_counts(&self) -> [u32; LU_COUNT] {
        self.loudness.short_term_counts()
    }

    /// Correlation over the last 300 ms, −1 to 1; 0 in silence.
    pub fn correlation(&self) -> f64 {
        self.correlation.read()
    }
}

/// A linear peak's level less a loudness.
fn difference(peak: f32, loudness: f64) -> f64 {
    if peak > 0.0 && loudness.is_finite() { gain_to_db(f64::from(peak)) - loudness } else { f64::NAN }
}
