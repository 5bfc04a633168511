//! The spectra of a stereo signal's last blocks, for convolution by uniformly partitioned overlap-save (Stockham 1966; Gardner JAES 1995).
//!
//! Both channels are one complex signal; each whole block is transformed once, together with the one before it. Whoever convolves adds the products
//! with the spectra of a response's parts and takes the second half of what comes back: late by [`BLOCK_FRAMES`].

use alloc::vec::Vec;

use microfft::Complex32;
use microfft::complex::cfft_2048;

/// Frames of a block, and of a part of a response.
pub const BLOCK_FRAMES: usize = 1_024;
/// Frames of a transform.
pub const SPECTRUM: usize = 2 * BLOCK_FRAMES;

/// Silence.
pub const ZERO: Complex32 = Complex32::new(0.0, 0.0);

/// The spectrum of [`SPECTRUM`] frames, in place.
pub fn transform(values: &mut [Complex32]) {
    if let Ok(values) = values.try_into() {
        let _ = cfft_2048(values);
    }
}

/// The frames of a spectrum, in place.
pub fn transform_back(values: &mut [Complex32]) {
    // The inverse transform is the transform with real and imaginary parts exchanged.
    let scale = 1.0 / SPECTRUM as f32;
    for value in values.iter_mut() {
        *value = Complex32::new(value.im, value.re);
    }
    transform(values);
    for value in values {
        *value = Complex32::new(scale * value.im, scale * value.re);
    }
}

/// Goes over from a block to another one within its length.
pub fn cross_over(block: &mut [Complex32], new: &[Complex32]) {
    for (frame, (value, new)) in block.iter_mut().zip(new).enumerate() {
        let share = (frame + 1) as f32 / BLOCK_FRAMES as f32;
        *value += (*new - *value) * share;
    }
}

/// See the module's text.
pub struct Spectra {
    parts: usize,
    /// A ring.
    past: Vec<Complex32>,
    newest: usize,
    /// The block before the running one, and that.
    input: Vec<Complex32>,
    at: usize,
}

impl Spectra {
    /// Silent, for responses of up to so many parts.
    pub fn new(max_parts: usize) -> Self {
        let room = |count| alloc::vec![ZERO; count];
        Self { parts: max_parts, past: room(max_parts * SPECTRUM), newest: 0, input: room(SPECTRUM), at: 0 }
    }

    /// Forgets all sound.
    pub fn reset(&mut self) {
        self.past.fill(ZERO);
        self.input.fill(ZERO);
        self.at = 0;
    }

    /// Takes another number of parts and forgets the past blocks.
    pub fn set_parts(&mut self, parts: usize) {
        self.parts = parts.min(self.past.len() / SPECTRUM);
        self.newest = 0;
        self.past.fill(ZERO);
    }

    /// Frames of the running block that are there.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Frames until the running block is whole.
    pub fn frames_left(&self) -> usize {
        BLOCK_FRAMES - self.at
    }

    /// Takes frames in, no more than [`Spectra::frames_left`]; `true` when a block is whole and its spectrum the newest.
    pub fn take(&mut self, left: &[f32], right: &[f32]) -> bool {
        for (l, r) in left.iter().zip(right) {
            self.input[BLOCK_FRAMES + self.at] = Complex32::new(*l, *r);
            self.at += 1;
        }
        if self.at < BLOCK_FRAMES {
            return false;
        }
        self.at = 0;
        self.newest = if self.newest == 0 { self.parts - 1 } else { self.newest - 1 };
        let newest = &mut self.past[self.newest * SPECTRUM..(self.newest + 1) * SPECTRUM];
        newest.copy_from_slice(&self.input);
        transform(newest);
        self.input.copy_within(BLOCK_FRAMES.., 0);
        true
    }

    /// The spectra that a response's parts are multiplied with, from the newest block's on.
    pub fn blocks(&self) -> impl Iterator<Item = &[Complex32]> {
        (0..self.parts).map(|part| {
            let block = (self.newest + part) % self.parts;
            &self.past[block * SPECTRUM..(block + 1) * SPECTRUM]
        })
    }
}

/// Adds the product of a block's spectrum and that of a part.
pub fn add_product(sum: &mut [Complex32], block: &[Complex32], part: &[Complex32]) {
    for ((sum, value), filter) in sum.iter_mut().zip(block).zip(part) {
        *sum += *value * *filter;
    }
}
