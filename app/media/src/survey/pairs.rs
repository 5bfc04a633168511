//! Which tracks pull the same way or against each other: the correlation of each pair over the whole song, of the mean of both sides, averaged
//! over [`STEP_FRAMES`] (a low-pass at about 1.5 kHz), with each track's offset taken out.

use dsp::engine::BLOCK_FRAMES;
use dsp::protocol::StripId;
use session::survey::Pair;

/// Frames that are averaged.
const STEP_FRAMES: usize = 16;
const STEPS: usize = BLOCK_FRAMES / STEP_FRAMES;
/// Less is chance.
const LEAST: f64 = 0.3;

/// See the module's text.
#[derive(Default)]
pub struct Pairs {
    strips: Vec<StripId>,
    block: Vec<[f32; STEPS]>,
    sums: Vec<f64>,
    /// Row by row, the products with the tracks up to itself.
    products: Vec<Vec<f64>>,
    steps: u64,
}

impl Pairs {
    /// Of these tracks.
    pub fn new(strips: Vec<StripId>) -> Self {
        let count = strips.len();
        Self {
            strips,
            block: vec![[0.0; STEPS]; count],
            sums: vec![0.0; count],
            products: (0..count).map(|row| vec![0.0; row + 1]).collect(),
            steps: 0,
        }
    }

    pub fn take(&mut self, track: usize, left: &[f32], right: &[f32]) {
        let chunks = left.chunks_exact(STEP_FRAMES).zip(right.chunks_exact(STEP_FRAMES));
        for (out, (left, right)) in self.block[track].iter_mut().zip(chunks) {
            *out = left.iter().zip(right).map(|(left, right)| left + right).sum();
        }
    }

    /// All tracks of the block are here.
    pub fn end_block(&mut self) {
        for (row, products) in self.products.iter_mut().enumerate() {
            self.sums[row] += f64::from(self.block[row].iter().sum::<f32>());
            for (other, product) in products.iter_mut().enumerate() {
                *product += f64::from(self.block[row].iter().zip(&self.block[other]).map(|(a, b)| a * b).sum::<f32>());
            }
        }
        self.steps += STEPS as u64;
    }

    pub fn finish(&self) -> Vec<Pair> {
        let count = self.steps.max(1) as f64;
        let covariance = |a: usize, b: usize| self.products[a][b] - self.sums[a] * self.sums[b] / count;
        let mut pairs = Vec::new();
        for a in 0..self.strips.len() {
            for b in 0..a {
                let scale = libm::sqrt(covariance(a, a) * covariance(b, b));
                let correlation = if scale > 0.0 { covariance(a, b) / scale } else { 0.0 };
                if correlation.abs() >= LEAST {
                    pairs.push(Pair { strips: [self.strips[b], self.strips[a]], correlation });
                }
            }
        }
        pairs
    }
}
