//! A strip's meter: sample peak and RMS over 300 ms of both channels, and what was over full scale.

use wide::f64x2;

use super::clock::StepClock;
use super::{LIMIT, tame};

/// RMS window in steps of 10 ms: the integration time of a VU meter.
const WINDOW_STEPS: usize = 30;
/// Sums of squares that run side by side.
const SUMS: usize = 4;

/// Peak and RMS of two channels.
pub struct StripMeter {
    clock: StepClock,
    energy: f64x2,
    steps: [f64x2; WINDOW_STEPS],
    peaks: [f32; 2],
    peak_max: f32,
    clipped: u32,
}

impl StripMeter {
    /// For this rate.
    pub fn new(rate_hz: f64) -> Self {
        Self {
            clock: StepClock::new(rate_hz),
            energy: f64x2::ZERO,
            steps: [f64x2::ZERO; WINDOW_STEPS],
            peaks: [0.0; 2],
            peak_max: 0.0,
            clipped: 0,
        }
    }

    /// Starts anew, held values included.
    pub fn reset(&mut self) {
        self.clock.reset();
        self.energy = f64x2::ZERO;
        self.steps = [f64x2::ZERO; WINDOW_STEPS];
        self.peaks = [0.0; 2];
        self.reset_peak();
    }

    /// Clears the held maximum and the clip count.
    pub fn reset_peak(&mut self) {
        (self.peak_max, self.clipped) = (0.0, 0);
    }

    /// Takes audio in.
    pub fn process(&mut self, left: &[f32], right: &[f32]) {
        let peaks = [peak(left), peak(right)];
        for ((held, channel), peak) in self.peaks.iter_mut().zip([left, right]).zip(peaks) {
            *held = held.max(peak);
            self.peak_max = self.peak_max.max(peak);
            if peak > 1.0 {
                self.clipped = self.clipped.saturating_add(channel.iter().filter(|sample| sample.abs() > 1.0).count() as u32);
            }
        }
        let frames = left.len().min(right.len());
        let mut at = 0;
        while at < frames {
            let take = self.clock.take(frames - at);
            let stretch = (&left[at..at + take], &right[at..at + take]);
            // The largest magnitude stands at the limit when anything was beyond it, or no number.
            let is_tame = peaks.iter().all(|peak| *peak < LIMIT);
            self.energy = if is_tame { add_energy(self.energy, stretch, |sample| sample) } else { add_energy(self.energy, stretch, tame) };
            at += take;
            if self.clock.advance(take) {
                self.steps[(self.clock.step() - 1) as usize % WINDOW_STEPS] = core::mem::replace(&mut self.energy, f64x2::ZERO);
            }
        }
    }

    /// Sample peaks since the last call, linear, left and right.
    pub fn take_peaks(&mut self) -> [f32; 2] {
        core::mem::take(&mut self.peaks)
    }

    /// RMS over the last 300 ms, linear, left and right.
    pub fn rms(&self) -> [f32; 2] {
        let mut sum = f64x2::ZERO;
        for step in &self.steps {
            sum += *step;
        }
        let frames = self.clock.frames_of(WINDOW_STEPS as u64).max(1) as f64;
        sum.to_array().map(|energy| libm::sqrt(energy / frames) as f32)
    }

    /// Highest sample peak since it was cleared, linear, the larger channel.
    pub fn peak_max(&self) -> f32 {
        self.peak_max
    }

    /// Samples over full scale since it was cleared.
    pub fn clipped(&self) -> u32 {
        self.clipped
    }
}

/// Adds the squares of both channels; several sums side by side do not wait for one another.
#[inline(always)]
fn add_energy(energy: f64x2, (left, right): (&[f32], &[f32]), take: impl Fn(f32) -> f32) -> f64x2 {
    let square = |left: f32, right: f32| {
        let frame = f64x2::new([f64::from(take(left)), f64::from(take(right))]);
        frame * frame
    };
    let mut sums: [f64x2; SUMS] = [energy, f64x2::ZERO, f64x2::ZERO, f64x2::ZERO];
    let ((left, left_rest), (right, right_rest)) = (left.as_chunks::<SUMS>(), right.as_chunks::<SUMS>());
    for (left, right) in left.iter().zip(right) {
        for (sum, (left, right)) in sums.iter_mut().zip(left.iter().zip(right)) {
            *sum += square(*left, *right);
        }
    }
    for (left, right) in left_rest.iter().zip(right_rest) {
        sums[0] += square(*left, *right);
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// Largest magnitude of a stretch, linear. Magnitudes are compared as integers, which order alike and run in vectors.
pub fn peak(audio: &[f32]) -> f32 {
    const MAGNITUDE: u32 = u32::MAX >> 1;
    let bits = audio.iter().fold(0, |largest: u32, sample| largest.max(sample.to_bits() & MAGNITUDE));
    let peak = f32::from_bits(bits);
    if peak <= LIMIT { peak } else { LIMIT }
}
