//! Phase correlation of a stereo signal over 300 ms: +1 for mono, 0 for unrelated sides, −1 for one side upside down.

use super::clock::StepClock;
use super::tame;

/// Window in steps of 10 ms.
const WINDOW_STEPS: usize = 30;
/// Mean power per side (−100 dBFS) under which there is nothing to correlate.
const SILENT_POWER: f64 = 1.0e-10;

/// Products summed over a stretch: left², right², left × right.
type Products = [f64; 3];

/// A correlation meter.
pub struct Correlation {
    clock: StepClock,
    current: Products,
    steps: [Products; WINDOW_STEPS],
}

impl Correlation {
    /// For this rate.
    pub fn new(rate_hz: f64) -> Self {
        Self { clock: StepClock::new(rate_hz), current: [0.0; 3], steps: [[0.0; 3]; WINDOW_STEPS] }
    }

    /// Starts anew.
    pub fn reset(&mut self) {
        self.clock.reset();
        self.current = [0.0; 3];
        self.steps = [[0.0; 3]; WINDOW_STEPS];
    }

    /// Takes audio in.
    pub fn process(&mut self, left: &[f32], right: &[f32]) {
        let frames = left.len().min(right.len());
        let mut at = 0;
        while at < frames {
            let take = self.clock.take(frames - at);
            let [mut left_power, mut right_power, mut product] = self.current;
            for (&left, &right) in left[at..at + take].iter().zip(&right[at..at + take]) {
                let (left, right) = (f64::from(tame(left)), f64::from(tame(right)));
                left_power += left * left;
                right_power += right * right;
                product += left * right;
            }
            self.current = [left_power, right_power, product];
            at += take;
            if self.clock.advance(take) {
                self.steps[(self.clock.step() - 1) as usize % WINDOW_STEPS] = core::mem::take(&mut self.current);
            }
        }
    }

    /// −1 to 1; 0 when a side is silent.
    pub fn read(&self) -> f64 {
        let mut sums = [0.0; 3];
        for step in &self.steps {
            for (sum, value) in sums.iter_mut().zip(step) {
                *sum += value;
            }
        }
        let silent = SILENT_POWER * self.clock.frames_of(WINDOW_STEPS as u64) as f64;
        if sums[0] < silent || sums[1] < silent {
            return 0.0;
        }
        (sums[2] / libm::sqrt(sums[0] * sums[1])).clamp(-1.0, 1.0)
    }
}
