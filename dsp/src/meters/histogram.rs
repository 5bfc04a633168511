//! The gated statistics of BS.1770-5 and EBU Tech 3342 in a fixed amount of memory: a histogram of powers.
//!
//! Every bin keeps how many powers fell into it and their exact sum, so gating is as fine as a bin and means are as exact as the sums.

use alloc::boxed::Box;
use alloc::vec;

use super::loudness::{lufs, power_of_lufs};

/// The absolute gate, LUFS: quieter windows do not count.
const ABSOLUTE_GATE_LUFS: f64 = LOWEST_LUFS;
/// Width of a bin, LU.
const BIN_LU: f64 = 0.01;
/// Bins, up to +10 LUFS; what is louder is counted in the last.
const BINS: usize = 8_000;
/// Where the first of them begins.
pub const LOWEST_LUFS: f64 = -70.0;
/// The LU that they cover.
pub const LU_COUNT: usize = 80;

/// Powers of windows, those under the absolute gate left out.
pub struct PowerHistogram {
    counts: Box<[u32]>,
    sums: Box<[f64]>,
    count: u64,
    sum: f64,
    lowest_power: f64,
    end: usize,
}

impl PowerHistogram {
    /// Empty.
    pub fn new() -> Self {
        Self {
            counts: vec![0; BINS].into_boxed_slice(),
            sums: vec![0.0; BINS].into_boxed_slice(),
            count: 0,
            sum: 0.0,
            lowest_power: power_of_lufs(ABSOLUTE_GATE_LUFS),
            end: 0,
        }
    }

    /// Empties it.
    pub fn reset(&mut self) {
        self.counts[..self.end].fill(0);
        self.sums[..self.end].fill(0.0);
        (self.count, self.sum, self.end) = (0, 0.0, 0);
    }

    /// How many windows lie in each LU from −70 LUFS on.
    pub fn counts(&self) -> [u32; LU_COUNT] {
        const BINS_PER_LU: usize = BINS / LU_COUNT;
        core::array::from_fn(|lu| {
            self.counts[lu * BINS_PER_LU..(lu + 1) * BINS_PER_LU].iter().fold(0, |sum: u32, count| sum.saturating_add(*count))
        })
    }

    fn bin(power: f64) -> usize {
        (((lufs(power) - ABSOLUTE_GATE_LUFS) / BIN_LU) as usize).min(BINS - 1)
    }

    /// Counts a window.
    pub fn add(&mut self, power: f64) {
        if power < self.lowest_power {
            return;
        }
        let bin = Self::bin(power);
        self.counts[bin] = self.counts[bin].saturating_add(1);
        self.sums[bin] += power;
        self.count += 1;
        self.sum += power;
        self.end = self.end.max(bin + 1);
    }

    /// The first bin that is not under the gate `below` times the mean of all.
    fn gate(&self, below: f64) -> usize {
        let threshold = self.sum / self.count as f64 * below;
        let bin = Self::bin(threshold);
        bin + usize::from(self.sums[bin] < threshold * f64::from(self.counts[bin]))
    }

    /// Mean power of the windows at or above the gate, which is `below` (a power ratio) under the mean of all; `None` when there are none.
    pub fn gated_mean(&self, below: f64) -> Option<f64> {
        if self.count == 0 {
            return None;
        }
        let (mut count, mut sum) = (0_u64, 0.0);
        for bin in self.gate(below)..self.end {
            count += u64::from(self.counts[bin]);
            sum += self.sums[bin];
        }
        (count > 0).then(|| sum / count as f64)
    }

    /// The powers at two percentiles (0 to 1, rising) of the windows at or above the gate; `None` when there are none.
    pub fn gated_percentiles(&self, below: f64, percentiles: [f64; 2]) -> Option<[f64; 2]> {
        if self.count == 0 {
            return None;
        }
        let first = self.gate(below);
        let count: u64 = self.counts[first..self.end].iter().map(|&count| u64::from(count)).sum();
        let ranks = percentiles.map(|percentile| libm::round(count.saturating_sub(1) as f64 * percentile) as u64);
        let (mut seen, mut found) = (0, [None; 2]);
        for bin in first..self.end {
            seen += u64::from(self.counts[bin]);
            for (rank, found) in ranks.iter().zip(&mut found) {
                if found.is_none() && seen > *rank {
                    *found = Some(self.sums[bin] / f64::from(self.counts[bin]));
                }
            }
        }
        Some([found[0]?, found[1]?])
    }
}
