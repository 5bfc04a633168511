//! Sixteen delay lines that feed each other without loss, but for the decay's filters.
//!
//! lines → decay ([`super::decay`]) → what is heard, and → 16 × 16 matrix → rotations ([`super::wander`]) → + input → lines. The
//! matrix is a Hadamard matrix of ± ¼: H₄ across the four vectors times the Householder reflection I − ½·11ᵀ inside each (which is a
//! Hadamard matrix, too), so every echo reaches every line at equal strength and no multiplication but by ½ is needed. Even lanes
//! take the left channel in and give it out, odd lanes the right one.

use alloc::vec::Vec;

use super::decay::Decay;
use super::wander::{STEP_FRAMES, Wander};
use crate::primitives::delay_line::Tap;
use crate::primitives::lanes::{Lanes, VECTOR_LANES};

/// Delay lines.
pub const LINES: usize = 16;
const VECTORS: usize = LINES / VECTOR_LANES;
/// One value of each line.
pub type Vectors = Lanes<VECTORS>;
/// The most frames worked on at a time.
pub const CHUNK_FRAMES: usize = STEP_FRAMES;
/// What enters a line: an eighth of a channel's power, in alternating signs.
const ENTRY: f32 = 0.353_553_4;
/// Signs of the lines at the entrance and at the exit, by vector; both sides of a vector have the same.
const ENTRY_SIGNS: [[f32; VECTOR_LANES]; VECTORS] =
    [[1.0, 1.0, -1.0, -1.0], [1.0, 1.0, 1.0, 1.0], [-1.0, -1.0, 1.0, 1.0], [1.0, 1.0, -1.0, -1.0]];
const EXIT_SIGNS: [[f32; VECTOR_LANES]; VECTORS] =
    [[1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, 1.0, -1.0], [1.0, 1.0, -1.0, 1.0], [1.0, 1.0, 1.0, -1.0]];
/// What is written below this (−400 dB) is silence.
const FLUSH_BELOW: f32 = 1e-20;

/// See the module's text.
pub struct Network {
    /// All lines' rings, one after the other.
    rings: Vec<f32>,
    ring_frames: usize,
    head: usize,
    taps: [Tap; LINES],
    /// The decay's filters.
    pub decay: Decay,
    /// The modulation.
    pub wander: Wander,
    chunk: [[f32; CHUNK_FRAMES]; LINES],
}

/// v ↦ H₄ ⊗ (I − ½·11ᵀ) v, of unit norm.
#[inline(always)]
fn mixed(v: Vectors) -> Vectors {
    let half = |vector: usize| Lanes::<1>::vector_of(&v, vector) * Lanes::splat(0.5);
    let [v0, v1, v2, v3] = [half(0), half(1), half(2), half(3)];
    let (a, b, c, d) = (v0 + v1, v0 - v1, v2 + v3, v2 - v3);
    Vectors::join([a + c, b + d, a - c, b - d].map(|vector| {
        let [[e, f, g, h]] = vector.to_arrays();
        vector - Lanes::splat(0.5 * ((e + f) + (g + h)))
    }))
}

/// Rotates the first vector into the second and the third into the fourth.
#[inline(always)]
fn rotated(v: Vectors, [cosine, sine]: [Lanes<2>; 2]) -> Vectors {
    let [v0, v1, v2, v3] = core::array::from_fn(|vector| Lanes::<1>::vector_of(&v, vector));
    let [c0, c1] = core::array::from_fn(|pair| Lanes::<1>::vector_of(&cosine, pair));
    let [s0, s1] = core::array::from_fn(|pair| Lanes::<1>::vector_of(&sine, pair));
    Vectors::join([c0 * v0 - s0 * v1, s0 * v0 + c0 * v1, c1 * v2 - s1 * v3, s1 * v2 + c1 * v3])
}

impl Network {
    /// A silent one for lines of up to `max_frames`, whose lengths change within `fade_frames`.
    pub fn new(max_frames: usize, fade_frames: usize, rate_hz: f64) -> Self {
        let ring_frames = max_frames + CHUNK_FRAMES;
        Self {
            rings: alloc::vec![0.0; ring_frames * LINES],
            ring_frames,
            head: 0,
            taps: [Tap::new(fade_frames); LINES],
            decay: Decay::new(),
            wander: Wander::new(rate_hz),
            chunk: [[0.0; CHUNK_FRAMES]; LINES],
        }
    }

    /// Asks for other lengths; at most the longest.
    pub fn aim(&mut self, line_frames: &[usize; LINES]) {
        for (tap, frames) in self.taps.iter_mut().zip(line_frames) {
            tap.aim((*frames).clamp(1, self.ring_frames - CHUNK_FRAMES));
        }
    }

    /// Forgets all sound and takes everything at once.
    pub fn reset(&mut self) {
        self.rings.fill(0.0);
        self.head = 0;
        for tap in &mut self.taps {
            tap.settle();
        }
        self.decay.reset();
        self.wander.reset();
    }

    /// The longest stretch of which nothing can come back within it.
    pub fn shortest(&self) -> usize {
        self.taps.iter().map(Tap::shortest).min().unwrap_or(1)
    }

    /// Fills the chunk with what leaves the lines.
    fn read(&mut self, frames: usize) {
        let rings = self.rings.chunks_exact(self.ring_frames);
        for ((ring, tap), out) in rings.zip(&mut self.taps).zip(&mut self.chunk) {
            let back = |delay: usize| {
                let at = self.head + self.ring_frames - delay;
                if at >= self.ring_frames { at - self.ring_frames } else { at }
            };
            let out = &mut out[..frames];
            if tap.is_settled() {
                let from = back(tap.delay());
                let straight = frames.min(self.ring_frames - from);
                let (before, behind) = out.split_at_mut(straight);
                before.copy_from_slice(&ring[from..from + straight]);
                behind.copy_from_slice(&ring[..frames - straight]);
                continue;
            }
            for (frame, sample) in out.iter_mut().enumerate() {
                let old_share = tap.advance();
                let new = ring[back(tap.delay() - frame)];
                let old = if old_share > 0.0 { ring[back(tap.old_delay() - frame)] } else { new };
                *sample = new + old_share * (old - new);
            }
        }
    }

    /// Writes the chunk into the lines.
    fn write(&mut self, frames: usize) {
        let straight = frames.min(self.ring_frames - self.head);
        for (ring, chunk) in self.rings.chunks_exact_mut(self.ring_frames).zip(&self.chunk) {
            ring[self.head..self.head + straight].copy_from_slice(&chunk[..straight]);
            ring[..frames - straight].copy_from_slice(&chunk[straight..frames]);
        }
        self.head = (self.head + frames) % self.ring_frames;
    }

    /// Takes a stretch in and puts what leaves the lines in its place; at most [`Network::shortest`] frames and no step of the
    /// modulation inside.
    pub fn run(&mut self, left: &mut [f32], right: &mut [f32]) {
        let frames = left.len();
        self.read(frames);
        let (entry, exit) = (Vectors::new(ENTRY_SIGNS) * Lanes::splat(ENTRY), Vectors::new(EXIT_SIGNS));
        for (frame, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let leaving =
                Vectors::new(core::array::from_fn(|vector| core::array::from_fn(|lane| self.chunk[vector * VECTOR_LANES + lane][frame])));
            let heard = self.decay.pass(leaving);
            let input = Vectors::new([[*l, *r, *l, *r]; VECTORS]);
            let next = rotated(mixed(heard), self.wander.advance()) + entry * input;
            let next = next.abs().ge(Lanes::splat(FLUSH_BELOW)).keep(next).to_arrays();
            for (line, chunk) in self.chunk.iter_mut().enumerate() {
                chunk[frame] = next[line / VECTOR_LANES][line % VECTOR_LANES];
            }
            let [[a, b, c, d]] = (exit * heard).folded().to_arrays();
            (*l, *r) = (a + c, b + d);
        }
        self.write(frames);
    }

    /// Goes on to the next step of the modulation.
    pub fn begin_step(&mut self) {
        self.wander.begin_step();
        self.decay.flush();
    }
}
