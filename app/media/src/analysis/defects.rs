//! Sums over the whole file (offset, balance, correlation) and runs of clipped samples.

/// A sample that stands at full scale: the largest 16-bit number and what is above.
const FULL_SCALE: f32 = 32_767.0 / 32_768.0;
/// So many in a row are no peak that happens to touch full scale.
const SHORTEST_RUN: u32 = 3;
/// Largest magnitude that is summed up, +120 dBFS; as in the meters.
const LIMIT: f64 = 1.0e6;

/// See the module's text.
#[derive(Default)]
pub struct Defects {
    sums: [f64; 2],
    powers: [f64; 2],
    product: f64,
    frames: u64,
    run: [u32; 2],
    runs: u32,
}

impl Defects {
    pub fn push(&mut self, left: &[f32], right: &[f32]) {
        let (mut sums, mut powers, mut product) = (self.sums, self.powers, self.product);
        for (l, r) in left.iter().zip(right) {
            let (l, r) = (tame(*l), tame(*r));
            sums = [sums[0] + l, sums[1] + r];
            powers = [powers[0] + l * l, powers[1] + r * r];
            product += l * r;
        }
        (self.sums, self.powers, self.product) = (sums, powers, product);
        self.frames += left.len() as u64;
        for (side, run) in [left, right].into_iter().zip(&mut self.run) {
            for sample in side {
                *run = if sample.abs() >= FULL_SCALE { run.saturating_add(1) } else { 0 };
                self.runs = self.runs.saturating_add(u32::from(*run == SHORTEST_RUN));
            }
        }
    }

    /// Mean of each side.
    pub fn dc(&self) -> [f64; 2] {
        self.sums.map(|sum| sum / self.frames.max(1) as f64)
    }

    /// Correlation, and the right side's level over the left's in dB; both 0 where a side is silent.
    pub fn sides(&self) -> (f64, f64) {
        let [left, right] = self.powers;
        if left <= 0.0 || right <= 0.0 {
            return (0.0, 0.0);
        }
        ((self.product / libm::sqrt(left * right)).clamp(-1.0, 1.0), 10.0 * libm::log10(right / left))
    }

    /// Mean square of both sides together.
    pub fn mean_power(&self) -> f64 {
        (self.powers[0] + self.powers[1]) / 2.0 / self.frames.max(1) as f64
    }

    pub fn clipped_runs(&self) -> u32 {
        self.runs
    }
}

fn tame(sample: f32) -> f64 {
    let sample = f64::from(sample);
    if sample.is_nan() { 0.0 } else { sample.clamp(-LIMIT, LIMIT) }
}
