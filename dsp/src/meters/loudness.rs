//! Loudness by ITU-R BS.1770-5 and EBU R 128: momentary (400 ms), short-term (3 s), integrated (gated) and its range (EBU Tech 3342).
//!
//! Windows move on every 10 ms, gating windows every 100 ms. Before its first full window a reading is that of the window filled with silence.

use alloc::boxed::Box;
use alloc::vec;

use wide::f64x2;

use super::clock::StepClock;
use super::histogram::{LU_COUNT, PowerHistogram};
use super::k_weighting::KWeighting;
use crate::units::power_to_db;

/// BS.1770: what is added to the sum's level so that a full-scale 997 Hz sine in one front channel reads −3.01 LKFS.
const OFFSET_DB: f64 = -0.691;
/// Momentary window in steps of 10 ms.
const MOMENTARY_STEPS: u64 = 40;
/// Short-term window in steps of 10 ms.
const SHORT_TERM_STEPS: u64 = 300;
/// Gating windows overlap by 75 % (BS.1770), range windows come at 10 Hz (EBU Tech 3342).
const GATING_STEPS: u64 = 10;
/// The relative gate of the integrated loudness, −10 LU, as a power ratio.
const INTEGRATED_GATE: f64 = 0.1;
/// The relative gate of the range, −20 LU, as a power ratio.
const RANGE_GATE: f64 = 0.01;
/// Between which percentiles the range lies.
const RANGE_PERCENTILES: [f64; 2] = [0.1, 0.95];

/// Channel weights of a stereo pair.
pub const STEREO: [[f64; 2]; 1] = [[1.0, 1.0]];
/// Channel weights of 5.0 as the pairs left and right, centre and nothing, left and right surround.
pub const SURROUND_5_0: [[f64; 2]; 3] = [[1.0, 1.0], [1.0, 0.0], [1.41, 1.41]];

/// Loudness of a mean power of K-weighted channels; silence gives negative infinity.
pub fn lufs(power: f64) -> f64 {
    OFFSET_DB + power_to_db(power)
}

/// The power with this loudness.
pub fn power_of_lufs(lufs: f64) -> f64 {
    libm::pow(10.0, (lufs - OFFSET_DB) / 10.0)
}

/// A loudness meter over pairs of channels.
pub struct Loudness<const PAIRS: usize = 1> {
    weighting: [KWeighting; PAIRS],
    weights: [[f64; 2]; PAIRS],
    energy: [f64x2; PAIRS],
    clock: StepClock,
    steps: Box<[f64]>,
    momentary: f64,
    momentary_max: f64,
    short_term: f64,
    short_term_max: f64,
    gating: PowerHistogram,
    integrated_lufs: f64,
    spread: PowerHistogram,
    range_lu: f64,
}

impl<const PAIRS: usize> Loudness<PAIRS> {
    /// A meter for this rate and these channel weights.
    pub fn new(rate_hz: f64, weights: [[f64; 2]; PAIRS]) -> Self {
        Self {
            weighting: core::array::from_fn(|_| KWeighting::new(rate_hz)),
            weights,
            energy: [f64x2::ZERO; PAIRS],
            clock: StepClock::new(rate_hz),
            steps: vec![0.0; SHORT_TERM_STEPS as usize].into_boxed_slice(),
            momentary: 0.0,
            momentary_max: 0.0,
            short_term: 0.0,
            short_term_max: 0.0,
            gating: PowerHistogram::new(),
            integrated_lufs: f64::NEG_INFINITY,
            spread: PowerHistogram::new(),
            range_lu: f64::NAN,
        }
    }

    /// Starts anew, as after construction.
    pub fn reset(&mut self) {
        self.weighting.iter_mut().for_each(KWeighting::reset);
        self.energy = [f64x2::ZERO; PAIRS];
        self.clock.reset();
        self.steps.fill(0.0);
        (self.momentary, self.momentary_max, self.short_term, self.short_term_max) = (0.0, 0.0, 0.0, 0.0);
        self.gating.reset();
        self.spread.reset();
        (self.integrated_lufs, self.range_lu) = (f64::NEG_INFINITY, f64::NAN);
    }

    /// Takes audio in; all channels have the length of the first.
    pub fn process(&mut self, audio: [[&[f32]; 2]; PAIRS]) {
        let frames = audio.iter().flatten().map(|channel| channel.len()).min().unwrap_or(0);
        let mut at = 0;
        while at < frames {
            let take = self.clock.take(frames - at);
            for ((weighting, energy), pair) in self.weighting.iter_mut().zip(&mut self.energy).zip(&audio) {
                let [left, right] = pair.map(|channel| &channel[at..at + take]);
                weighting.energy_into(left, right, energy);
            }
            at += take;
            if self.clock.advance(take) {
                self.finish_step();
            }
        }
    }

    fn finish_step(&mut self) {
        let mut sum = 0.0;
        for ((weighting, energy), weights) in self.weighting.iter_mut().zip(&mut self.energy).zip(&self.weights) {
            weighting.settle();
            let [left, right] = core::mem::replace(energy, f64x2::ZERO).to_array();
            sum += left * weights[0] + right * weights[1];
        }
        let step = self.clock.step();
        self.steps[((step - 1) % SHORT_TERM_STEPS) as usize] = sum;
        self.momentary = self.window(MOMENTARY_STEPS);
        self.short_term = self.window(SHORT_TERM_STEPS);
        self.momentary_max = self.momentary_max.max(self.momentary);
        self.short_term_max = self.short_term_max.max(self.short_term);
        if step.is_multiple_of(GATING_STEPS) {
            self.gate(step);
        }
    }

    fn gate(&mut self, step: u64) {
        if step >= MOMENTARY_STEPS {
            self.gating.add(self.momentary);
            self.integrated_lufs = self.gating.gated_mean(INTEGRATED_GATE).map_or(f64::NEG_INFINITY, lufs);
        }
        if step >= SHORT_TERM_STEPS {
            self.spread.add(self.short_term);
            self.range_lu = self
                .spread
                .gated_percentiles(RANGE_GATE, RANGE_PERCENTILES)
                .map_or(f64::NAN, |[low, high]| power_to_db(high) - power_to_db(low));
        }
    }

    /// Mean power of the last `steps` steps, summed anew each time so that nothing drifts.
    fn window(&self, steps: u64) -> f64 {
        let end = self.clock.step();
        let start = end.saturating_sub(steps);
        let sum: f64 = (start..end).map(|step| self.steps[(step % SHORT_TERM_STEPS) as usize]).sum();
        let frames = self.clock.frames_of(start + steps) - self.clock.frames_of(start);
        sum / frames.max(1) as f64
    }

    /// Momentary loudness, LUFS.
    pub fn momentary_lufs(&self) -> f64 {
        lufs(self.momentary)
    }

    /// Largest momentary loudness since the start, LUFS.
    pub fn momentary_max_lufs(&self) -> f64 {
        lufs(self.momentary_max)
    }

    /// Short-term loudness, LUFS.
    pub fn short_term_lufs(&self) -> f64 {
        lufs(self.short_term)
    }

    /// Largest short-term loudness since the start, LUFS.
    pub fn short_term_max_lufs(&self) -> f64 {
        lufs(self.short_term_max)
    }

    /// Integrated loudness since the start, LUFS; negative infinity while nothing has passed the gate.
    pub fn integrated_lufs(&self) -> f64 {
        self.integrated_lufs
    }

    /// Loudness range, LU; NaN while there is none.
    pub fn range_lu(&self) -> f64 {
        self.range_lu
    }

    /// How many short-term windows, ten a second, lay in each LU from −70 LUFS on.
    pub fn short_term_counts(&self) -> [u32; LU_COUNT] {
        self.spread.counts()
    }

    /// Frames measured since the start.
    pub fn measured_frames(&self) -> u64 {
        self.clock.frame()
    }
}
