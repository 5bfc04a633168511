//! True peak: the greatest magnitude between one frame and the next, of the signal that a converter would make.
//!
//! Eightfold interpolation in two steps, by 2 with 64 taps (flat to 22.3 kHz at 48 kHz, 70 dB) and from there by 4 with 12, then a parabola
//! through every maximum and its neighbours, which takes back what the grid misses. Kaiser-windowed sinc filters; four
//! frames are computed at once.

use core::f64::consts::PI;

use super::lanes::{F4, Lanes, VECTOR_LANES};
use super::window::kaiser;

/// Frames by which a peak is known after its frame went in.
pub const DELAY_FRAMES: usize = 35;
/// Most samples that one call takes.
pub const MAX_SAMPLES: usize = 256;

/// Taps of the first step, and half of them.
const TAPS: usize = 64;
const HALF_TAPS: usize = TAPS / 2;
/// Taps of the second step, and what their filters reach to either side of a frame, in values between frames.
const FINE_TAPS: usize = 12;
const REACH: usize = 3;
/// Values that the second step makes between two of the first.
const FINE_VALUES: usize = 3;
/// Kaiser's β for 70 dB and 94 dB.
const COARSE_BETA: f64 = 6.76;
const FINE_BETA: f64 = 9.4;

/// A signal up to half the rate exceeds its greatest value at twice the rate by no more than 1 / cos(π/4) (Ehlich and Zeller 1964), and a little
/// for what the filters let through.
const MOST_BETWEEN: f32 = 1.6;
/// A parabola's vertex lies at most an eighth of its bend beyond the middle of its three values: half of the greatest.
const MOST_REFINEMENT: f32 = 1.51;

/// Vectors of values that the first step makes at once.
const WIDE: usize = 4;

const SAMPLE_HISTORY: usize = TAPS - 1;
const MIDDLE_HISTORY: usize = 2 * REACH;

/// Taps that give the value `offset` frames after tap `before`, of unit gain at DC.
fn interpolator<const N: usize>(before: usize, offset: f64, beta: f64) -> [f32; N] {
    let mut taps: [f64; N] = core::array::from_fn(|tap| {
        let distance = tap as f64 - before as f64 - offset;
        libm::sin(PI * distance) / (PI * distance) * kaiser(beta, distance / (N / 2) as f64)
    });
    let sum: f64 = taps.iter().sum();
    taps.iter_mut().for_each(|tap| *tap /= sum);
    taps.map(|tap| tap as f32)
}

/// One channel's detector.
#[derive(Clone)]
pub struct TruePeak {
    /// The first step's filter, one half of it (it is symmetric).
    taps: [f32; HALF_TAPS],
    fine: [[f32; FINE_TAPS]; FINE_VALUES],
    /// Samples that went in.
    samples: [f32; SAMPLE_HISTORY + MAX_SAMPLES + VECTOR_LANES],
    /// Values half way between samples.
    middles: [f32; MIDDLE_HISTORY + MAX_SAMPLES + VECTOR_LANES],
    /// The last value before each frame.
    lasts: [f32; 1 + MAX_SAMPLES + VECTOR_LANES],
}

impl Default for TruePeak {
    fn default() -> Self {
        Self::new()
    }
}

impl TruePeak {
    /// A silent one.
    pub fn new() -> Self {
        let taps: [f32; TAPS] = interpolator(HALF_TAPS - 1, 0.5, COARSE_BETA);
        Self {
            taps: core::array::from_fn(|tap| taps[tap]),
            fine: [0.25, 0.5, 0.75].map(|offset| interpolator(FINE_TAPS / 2 - 1, offset, FINE_BETA)),
            samples: [0.0; SAMPLE_HISTORY + MAX_SAMPLES + VECTOR_LANES],
            middles: [0.0; MIDDLE_HISTORY + MAX_SAMPLES + VECTOR_LANES],
            lasts: [0.0; 1 + MAX_SAMPLES + VECTOR_LANES],
        }
    }

    /// Forgets all sound.
    pub fn reset(&mut self) {
        self.samples.fill(0.0);
        self.middles.fill(0.0);
        self.lasts.fill(0.0);
    }

    /// Takes samples in and gives for each the peak between the frame [`DELAY_FRAMES`] before it and the one after that. At most
    /// [`MAX_SAMPLES`], as many peaks. Peaks that surely stay below `floor` are given roughly.
    pub fn process(&mut self, samples: &[f32], peaks: &mut [f32], floor: f32) {
        let count = samples.len().min(peaks.len()).min(MAX_SAMPLES);
        self.samples[SAMPLE_HISTORY..SAMPLE_HISTORY + count].copy_from_slice(&samples[..count]);
        let wide = count - count % (WIDE * VECTOR_LANES);
        for at in (0..wide).step_by(WIDE * VECTOR_LANES) {
            self.interpolate_middles::<WIDE>(at);
        }
        for at in (wide..count).step_by(VECTOR_LANES) {
            self.interpolate_middles::<1>(at);
        }
        for at in (0..wide).step_by(WIDE * VECTOR_LANES) {
            self.peaks::<WIDE>(at, floor, &mut peaks[at..at + WIDE * VECTOR_LANES]);
        }
        for at in (wide..count).step_by(VECTOR_LANES) {
            self.peaks::<1>(at, floor, &mut peaks[at..count.min(at + VECTOR_LANES)]);
        }
        self.samples.copy_within(count..count + SAMPLE_HISTORY, 0);
        self.middles.copy_within(count..count + MIDDLE_HISTORY, 0);
        self.lasts[0] = self.lasts[count];
    }

    /// Values of `N` vectors: each tap is fetched once for all of them.
    #[inline(always)]
    fn interpolate_middles<const N: usize>(&mut self, at: usize) {
        let window = &self.samples[at..at + SAMPLE_HISTORY + N * VECTOR_LANES];
        let mut sums = Lanes::<N>::splat(0.0);
        for (tap, weight) in self.taps.iter().enumerate() {
            sums += (load(window, tap) + load(window, SAMPLE_HISTORY - tap)) * Lanes::splat(*weight);
        }
        for vector in 0..N {
            let to = MIDDLE_HISTORY + at + vector * VECTOR_LANES;
            F4::vector_of(&sums, vector).store(&mut self.middles[to..to + VECTOR_LANES]);
        }
    }

    /// Peaks of `N` vectors of frames, the last of which may want fewer than four.
    #[inline(always)]
    fn peaks<const N: usize>(&mut self, at: usize, floor: f32, peaks: &mut [f32]) {
        // Values of the first step around the frame: middle −3, frame −2, middle −2, … middle 3.
        let first = SAMPLE_HISTORY - DELAY_FRAMES - 2 + at;
        let frames = &self.samples[first..first + MIDDLE_HISTORY + N * VECTOR_LANES];
        let middles = &self.middles[at..at + MIDDLE_HISTORY + N * VECTOR_LANES];
        let middle = |index: usize| load::<N>(middles, index);
        let frame = |index: usize| load::<N>(frames, index);
        let mut greatest = middle(0).abs();
        for index in 0..MIDDLE_HISTORY {
            greatest = greatest.max(frame(index).abs()).max(middle(index + 1).abs());
        }
        if greatest.greatest() * MOST_BETWEEN < floor {
            // Neither these frames nor the next three, whose parabolas would look back here, can reach the floor.
            return store(greatest, peaks);
        }
        let [quarter, half, three_quarters] = &self.fine;
        // Before the frame, from the middle that lies before the first; behind it, from the first frame.
        let before = |taps| fine::<N>(middles, frames, taps);
        let behind = |taps| fine::<N>(frames, &middles[1..], taps);
        let last = behind(three_quarters);
        let values =
            [frame(2), before(quarter), before(half), before(three_quarters), middle(3), behind(quarter), behind(half), last, frame(3)];
        store(last, &mut self.lasts[1 + at..1 + at + N * VECTOR_LANES]);
        let plain = values[..8].iter().fold(Lanes::<N>::splat(0.0), |peak, value| peak.max(value.abs()));
        if plain.greatest() * MOST_REFINEMENT < floor {
            return store(plain, peaks);
        }
        for (vector, peaks) in peaks.chunks_mut(VECTOR_LANES).enumerate() {
            let before = F4::load(&self.lasts[at + vector * VECTOR_LANES..]);
            let [values @ .., after] = values.each_ref().map(|value| F4::vector_of(value, vector));
            let mut refined_peak = F4::vector_of(&plain, vector);
            for place in 0..values.len() {
                let before = if place == 0 { before } else { values[place - 1] };
                let after = values.get(place + 1).copied().unwrap_or(after);
                refined_peak = refined_peak.max(refined(before, values[place], after));
            }
            refined_peak.store(peaks);
        }
    }
}

/// `N` vectors from a place on.
#[inline(always)]
fn load<const N: usize>(values: &[f32], at: usize) -> Lanes<N> {
    Lanes::join(core::array::from_fn(|vector| F4::load(&values[at + vector * VECTOR_LANES..])))
}

/// A filter of the second step over values that lie by turns in two rows.
#[inline(always)]
fn fine<const N: usize>(evens: &[f32], odds: &[f32], taps: &[f32; FINE_TAPS]) -> Lanes<N> {
    let product = |row: &[f32], at: usize, tap: usize| load::<N>(row, at) * Lanes::splat(taps[tap]);
    let (mut even, mut odd) = (product(evens, 0, 0), product(odds, 0, 1));
    for pair in 1..FINE_TAPS / 2 {
        even += product(evens, pair, 2 * pair);
        odd += product(odds, pair, 2 * pair + 1);
    }
    even + odd
}

/// Writes as many lanes as there is room for.
#[inline(always)]
fn store<const N: usize>(lanes: Lanes<N>, into: &mut [f32]) {
    for (vector, four) in into.chunks_mut(VECTOR_LANES).enumerate() {
        F4::vector_of(&lanes, vector).store(four);
    }
}

/// The magnitude of the vertex of the parabola through three neighbours where the middle one is an extremum, else of the middle one.
#[inline(always)]
fn refined(before: F4, value: F4, after: F4) -> F4 {
    let (rise, fall) = (value - before, value - after);
    let zero = F4::splat(0.0);
    let slope = rise - fall;
    let bend = rise + fall;
    let is_extremum = (rise * fall).gt(zero);
    let bent = is_extremum.select(bend, F4::splat(1.0));
    let extra = slope * slope / (bent * F4::splat(8.0));
    (value + is_extremum.keep(extra)).abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sines_up_to_20_khz_read_their_amplitude() {
        for (hz, phase) in [(997.0, 0.0), (12_000.0, PI / 4.0), (16_000.0, 1.0), (19_997.0, 0.3)] {
            let samples: [f32; 4_096] = core::array::from_fn(|n| (0.5 * libm::sin(2.0 * PI * hz / 48_000.0 * n as f64 + phase)) as f32);
            let mut detector = TruePeak::new();
            let mut peak = 0.0f32;
            let mut peaks = [0.0; 100];
            for (index, chunk) in samples.chunks(100).enumerate() {
                detector.process(chunk, &mut peaks, 0.0);
                if index > 2 {
                    peak = peaks[..chunk.len()].iter().copied().fold(peak, f32::max);
                }
            }
            let error_db = 20.0 * libm::log10(peak as f64 / 0.5);
            assert!(error_db.abs() < 0.01, "{hz} Hz: {error_db:.4} dB");
        }
    }

    #[test]
    fn an_impulse_is_seen_at_its_frame() {
        let mut detector = TruePeak::new();
        let mut samples = [0.0; 100];
        samples[10] = 1.0;
        let mut peaks = [0.0; 100];
        detector.process(&samples, &mut peaks, 0.0);
        assert!(peaks[10 + DELAY_FRAMES] >= 1.0);
        assert!(peaks[10 + DELAY_FRAMES - 2] < 0.5 && peaks[10 + DELAY_FRAMES + 1] < 0.5);
    }
}
