//! True peak as ITU-R BS.1770-5 annex 2 asks for it: fourfold interpolation by 12 taps a phase, then a parabola through each local maximum.
//!
//! The taps are a Kaiser-windowed sinc instead of the annex's example, which reads 0.2 dB high at a quarter of the rate. Steady tones read
//! within +0.04 and −0.11 dB of the truth up to 0.45 of the rate, the parabola included.

use core::f64::consts::PI;

use wide::f32x4;

use super::tame;

/// Interpolated points per frame; the first is the frame itself.
const PHASES: usize = 4;
/// Coefficients of each phase.
const TAPS: usize = 12;
/// Shape of the Kaiser window: the smallest error over all frequencies for this length.
const KAISER_BETA: f64 = 5.0;
/// Frames handled at a time.
const CHUNK: usize = 64;
/// Frames in one vector.
const LANES: usize = 4;
/// Most by which a parabola can exceed the largest of its points' magnitudes.
const MOST_REFINED: f32 = 1.25;

/// Coefficients of the phases after the first; coefficient `k` belongs to the frame `k` ago.
type Filter = [[f32; TAPS]; PHASES - 1];

/// A true-peak meter for one channel.
pub struct TruePeak {
    filter: Filter,
    /// The last `TAPS - 1` frames, then the chunk.
    input: [f32; TAPS - 1 + CHUNK],
    /// The last frame's points, then the chunk's.
    points: [[f32; 1 + CHUNK]; PHASES],
    peak: f32,
    recent: f32,
    max: f32,
}

impl Default for TruePeak {
    fn default() -> Self {
        Self { filter: filter(), input: [0.0; TAPS - 1 + CHUNK], points: [[0.0; 1 + CHUNK]; PHASES], peak: 0.0, recent: 0.0, max: 0.0 }
    }
}

impl TruePeak {
    /// Starts anew.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Takes audio in.
    pub fn process(&mut self, audio: &[f32]) {
        for chunk in audio.chunks(CHUNK) {
            for (input, &sample) in self.input[TAPS - 1..].iter_mut().zip(chunk) {
                *input = tame(sample);
            }
            let coarse = self.interpolate(chunk.len());
            self.note(coarse);
            if coarse.max(self.last_points_peak()) * MOST_REFINED > self.recent {
                let refined = self.refine(chunk.len());
                self.note(refined);
            }
            self.input.copy_within(chunk.len()..chunk.len() + TAPS - 1, 0);
            for points in &mut self.points {
                points[0] = points[chunk.len()];
            }
        }
        self.max = self.max.max(self.peak);
    }

    fn note(&mut self, peak: f32) {
        self.peak = self.peak.max(peak);
        self.recent = self.recent.max(peak);
    }

    /// Largest magnitude since the last call of this, linear.
    pub fn take_recent(&mut self) -> f32 {
        core::mem::take(&mut self.recent)
    }

    /// Largest magnitude since the last call, linear.
    pub fn take(&mut self) -> f32 {
        core::mem::take(&mut self.peak)
    }

    /// Largest magnitude since the start, linear.
    pub fn max(&self) -> f32 {
        self.max
    }

    /// Fills the points of `frames` frames and gives their largest magnitude.
    fn interpolate(&mut self, frames: usize) -> f32 {
        let filter = self.filter.map(|row| row.map(f32x4::splat));
        let mut coarse = f32x4::ZERO;
        for at in (0..frames).step_by(LANES) {
            let mut sums = [f32x4::ZERO; PHASES - 1];
            for tap in 0..TAPS {
                let input = load(&self.input, at + TAPS - 1 - tap);
                for (sum, row) in sums.iter_mut().zip(&filter) {
                    *sum += row[tap] * input;
                }
            }
            let itself = load(&self.input, at + TAPS / 2 - 1);
            let whole = at + LANES <= frames;
            for (points, sum) in self.points.iter_mut().zip([itself, sums[0], sums[1], sums[2]]) {
                points[1 + at..1 + at + LANES].copy_from_slice(&sum.to_array());
                coarse = if whole { coarse.max(sum.abs()) } else { coarse };
            }
        }
        let rest = frames - frames % LANES;
        let tail = self.points.iter().flat_map(|points| &points[1 + rest..=frames]).map(|point| point.abs());
        tail.fold(largest(coarse), f32::max)
    }

    fn last_points_peak(&self) -> f32 {
        self.points.iter().map(|points| points[0].abs()).fold(0.0, f32::max)
    }

    /// Lays parabolas through the local maxima of `frames` frames; the last point of the last frame waits for its neighbour.
    fn refine(&self, frames: usize) -> f32 {
        let [p0, p1, p2, p3] = &self.points;
        let mut refined = f32x4::ZERO;
        for at in (1..=frames).step_by(LANES) {
            let inside = f32x4::new(core::array::from_fn(|lane| if at + lane <= frames { 1.0 } else { 0.0 }));
            let before = [load(p2, at - 1) * inside, load(p3, at - 1) * inside];
            let now = [load(p0, at) * inside, load(p1, at) * inside, load(p2, at) * inside, load(p3, at) * inside];
            refined = refined
                .max(parabola(before[0], before[1], now[0]))
                .max(parabola(before[1], now[0], now[1]))
                .max(parabola(now[0], now[1], now[2]))
                .max(parabola(now[1], now[2], now[3]));
        }
        largest(refined)
    }
}

/// The interpolator, each phase with a sum of 1.
fn filter() -> Filter {
    let half = (TAPS / 2) as f64;
    core::array::from_fn(|phase| {
        let row: [f64; TAPS] = core::array::from_fn(|tap| {
            let distance = (phase + 1) as f64 / PHASES as f64 - half + tap as f64;
            let place = distance / half;
            libm::sin(PI * distance) / (PI * distance) * bessel_i0(KAISER_BETA * libm::sqrt(1.0 - place * place))
        });
        let sum: f64 = row.iter().sum();
        row.map(|tap| (tap / sum) as f32)
    })
}

/// The modified Bessel function of order 0 by its power series, for the small arguments of a window.
fn bessel_i0(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..32 {
        let factor = x / (2.0 * f64::from(k));
        term *= factor * factor;
        sum += term;
    }
    sum
}

/// Height of the parabola through three neighbours where the middle one is the largest in magnitude, 0 elsewhere.
fn parabola(before: f32x4, middle: f32x4, after: f32x4) -> f32x4 {
    let height = middle.abs();
    let sign = middle.is_sign_negative();
    let before = sign.bitselect(-before, before);
    let after = sign.bitselect(-after, after);
    let slope = before - after;
    let bend = (height + height - before - after).max(f32x4::splat(f32::MIN_POSITIVE));
    let top = height + slope * slope / (bend * f32x4::splat(8.0));
    before.max(after).simd_le(height).bitselect(top, f32x4::ZERO)
}

fn load(from: &[f32], at: usize) -> f32x4 {
    from.get(at..).and_then(<[f32]>::first_chunk).map_or(f32x4::ZERO, |lanes| f32x4::new(*lanes))
}

fn largest(lanes: f32x4) -> f32 {
    lanes.to_array().into_iter().fold(0.0, f32::max)
}
