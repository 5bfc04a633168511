//! A strip's meter: peaks before and after the fader, RMS over 300 ms, the held maximum and the count of samples over full scale.

use alloc::vec;
use alloc::vec::Vec;

use super::BLOCK_FRAMES;
use super::block::StereoBlock;
use crate::units::ms_to_frames;

/// The window of the RMS reading.
const RMS_MS: f64 = 300.0;

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
pub struct StripMeter {
    reading: StripReading,
    /// Sums of squares of the window's blocks.
    squares: Vec<[f64; 2]>,
    next: usize,
}

impl StripMeter {
    /// A meter of silence.
    pub fn new(rate_hz: f64) -> Self {
        let blocks = (ms_to_frames(RMS_MS, rate_hz) / BLOCK_FRAMES).max(1);
        Self { reading: StripReading::default(), squares: vec![[0.0; 2]; blocks], next: 0 }
    }

    /// Forgets what sounded; the held maximum and the count stay.
    pub fn reset(&mut self) {
        self.squares.fill([0.0; 2]);
        self.reading = StripReading { peak_max: self.reading.peak_max, clipped: self.reading.clipped, ..StripReading::default() };
    }

    /// Clears the held maximum and the count.
    pub fn reset_peak(&mut self) {
        self.reading.peak_max = 0.0;
        self.reading.clipped = 0;
    }

    /// Takes a block in, before the fader.
    pub fn take_pre(&mut self, block: &StereoBlock) {
        let [left, right] = block.peaks();
        self.reading.peak_pre = self.reading.peak_pre.max(left).max(right);
    }

    /// Takes a block in, after the fader, as loud as `gate` lets it be heard; `true` when it is the first over full scale.
    pub fn take_post(&mut self, block: &StereoBlock, gate: f32) -> bool {
        let peaks = block.peaks().map(|peak| peak * gate);
        let squares = [&block.left, &block.right].map(|side| {
            let gate = f64::from(gate);
            side.iter().fold(0.0, |sum, &sample| sum + f64::from(sample) * f64::from(sample)) * gate * gate
        });
        self.squares[self.next] = squares;
        self.next = (self.next + 1) % self.squares.len();
        self.reading.peaks = [self.reading.peaks[0].max(peaks[0]), self.reading.peaks[1].max(peaks[1])];
        self.reading.peak_max = self.reading.peak_max.max(peaks[0]).max(peaks[1]);
        if peaks[0] <= 1.0 && peaks[1] <= 1.0 {
            return false;
        }
        let is_first = self.reading.clipped == 0;
        let over = block.left.iter().chain(&block.right).filter(|sample| sample.abs() * gate > 1.0).count();
        self.reading.clipped = self.reading.clipped.saturating_add(over as u32);
        is_first
    }

    /// The reading since the last one.
    pub fn take(&mut self) -> StripReading {
        let frames = (self.squares.len() * BLOCK_FRAMES) as f64;
        let sums = self.squares.iter().fold([0.0; 2], |sum, block| [sum[0] + block[0], sum[1] + block[1]]);
        self.reading.rms = sums.map(|sum| libm::sqrt(sum / frames) as f32);
        let reading = self.reading;
        self.reading.peaks = [0.0; 2];
        self.reading.peak_pre = 0.0;
        reading
    }
}
