//! The master's meters: what the page shows of the finished mix.

use super::block::StereoBlock;
use crate::meters::{LU_COUNT, MasterMeter};

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
    /// Largest true peak of the last 3 s less the short-term loudness, LU; not a number in silence.
    pub psr_lu: f32,
    /// How many short-term windows lay in each LU from −70 LUFS on since the reset.
    pub loudness_counts: [u32; LU_COUNT],
}

/// The counts are taken every so many readings: windows come no faster.
const COUNT_EVERY: usize = 10;

/// See the module's text.
pub struct MasterMeters {
    meter: MasterMeter,
    loudness_counts: [u32; LU_COUNT],
    readings: usize,
}

impl MasterMeters {
    /// Meters of silence.
    pub fn new(rate_hz: f64) -> Self {
        Self { meter: MasterMeter::new(rate_hz), loudness_counts: [0; LU_COUNT], readings: 0 }
    }

    /// Takes a block of the mix in.
    pub fn process(&mut self, block: &StereoBlock) {
        self.meter.process(&block.left, &block.right);
    }

    /// Starts what is integrated and held anew.
    pub fn reset(&mut self) {
        self.meter.reset();
        self.loudness_counts.fill(0);
    }

    /// The reading since the last one.
    pub fn take(&mut self) -> MasterReading {
        let meter = &mut self.meter;
        if self.readings.is_multiple_of(COUNT_EVERY) {
            self.loudness_counts = meter.short_term_counts();
        }
        self.readings = self.readings.wrapping_add(1);
        MasterReading {
            lufs: [meter.momentary_lufs(), meter.short_term_lufs(), meter.integrated_lufs()].map(|lufs| lufs as f32),
            range_lu: meter.range_lu() as f32,
            true_peaks: meter.take_true_peak(),
            true_peak_max: meter.true_peak_max(),
            correlation: meter.correlation() as f32,
            measured_frames: meter.measured_frames(),
            max_lufs: [meter.momentary_max_lufs(), meter.short_term_max_lufs()].map(|lufs| lufs as f32),
            psr_lu: meter.psr_lu() as f32,
            loudness_counts: self.loudness_counts,
        }
    }
}
