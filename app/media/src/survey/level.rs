//! A stereo signal measured as a whole, with the meters of the master.

use dsp::meters::{MasterMeter, peak};
use dsp::units::gain_to_db;
use session::survey::Level;

use crate::analysis::defects::Defects;

/// See the module's text.
pub struct LevelMeter {
    meter: MasterMeter,
    defects: Defects,
    peak: f32,
}

impl LevelMeter {
    pub fn new(rate_hz: f64) -> Self {
        Self { meter: MasterMeter::new(rate_hz), defects: Defects::default(), peak: 0.0 }
    }

    pub fn push(&mut self, left: &[f32], right: &[f32]) {
        self.meter.process(left, right);
        self.defects.push(left, right);
        self.peak = self.peak.max(peak(left)).max(peak(right));
    }

    pub fn finish(&self) -> Level {
        if self.peak <= 0.0 {
            return Level::SILENT;
        }
        Level {
            peak_db: gain_to_db(f64::from(self.peak)),
            true_peak_dbtp: gain_to_db(f64::from(self.meter.true_peak_max())),
            integrated_lufs: self.meter.integrated_lufs(),
            rms_db: 10.0 * libm::log10(self.defects.mean_power()),
            dc: self.defects.dc(),
            correlation: self.defects.sides().0,
        }
    }
}
