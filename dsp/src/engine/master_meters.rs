//! The master's meters: what the page shows of the finished mix.

use super::block::StereoBlock;

/// What a record tells of the master.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MasterReading {
    /// Momentary, short-term and integrated loudness, LUFS.
    pub lufs: [f32; 3],
    /// Loudness range, LU; not a number while it is not measured.
    pub range_lu: f32,
    /// True peak since the last reading, linear, left and right.
    pub true_peaks: [f32; 2],
    /// True peak since the reset, linear.
    pub true_peak_max: f32,
    /// Correlation of the channels.
    pub correlation: f32,
    /// Frames over which the loudness was measured.
    pub measured_frames: u64,
    /// Largest momentary and short-term loudness since the reset, LUFS.
    pub max_lufs: [f32; 2],
}

/// See the module's text.
pub struct MasterMeters {
    peaks: [f32; 2],
    peak_max: f32,
}

impl MasterMeters {
    /// Meters of silence.
    pub fn new(_rate_hz: f64) -> Self {
        Self { peaks: [0.0; 2], peak_max: 0.0 }
    }

    /// Takes a block of the mix in.
    pub fn process(&mut self, block: &StereoBlock) {
        let peaks = block.peaks();
        self.peaks = [self.peaks[0].max(peaks[0]), self.peaks[1].max(peaks[1])];
        self.peak_max = self.peak_max.max(peaks[0]).max(peaks[1]);
    }

    /// Starts what is integrated and held anew.
    pub fn reset(&mut self) {
        self.peak_max = 0.0;
    }

    /// The reading since the last one.
    pub fn take(&mut self) -> MasterReading {
        MasterReading {
            lufs: [f32::NEG_INFINITY; 3],
            range_lu: f32::NAN,
            true_peaks: core::mem::take(&mut self.peaks),
            true_peak_max: self.peak_max,
            correlation: 0.0,
            measured_frames: 0,
            max_lufs: [f32::NEG_INFINITY; 2],
        }
    }
}
