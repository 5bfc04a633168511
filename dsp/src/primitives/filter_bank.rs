//! Convolution of a stereo signal with several real responses side by side, a block of frames at a time.
//!
//! Uniformly partitioned overlap-save ([`super::spectra`]), with one spectrum of each block for all responses; both channels are one complex
//! signal, on which a real response acts alike. Other responses cross-fade within a block. Late by [`BLOCK_FRAMES`].

use alloc::vec::Vec;

use microfft::Complex32;

use super::spectra::{BLOCK_FRAMES, SPECTRUM, Spectra, ZERO, add_product, cross_over, transform, transform_back};

/// See the module's text.
pub struct FilterBank {
    parts: usize,
    filters: usize,
    past: Spectra,
    /// Spectra of all filters' parts, twice: those that are heard and those that come.
    responses: [Vec<Complex32>; 2],
    now: usize,
    changes: bool,
    outputs: Vec<Complex32>,
    work: Vec<Complex32>,
}

impl FilterBank {
    /// A silent one of up to so many filters (an even number) of so many parts of [`BLOCK_FRAMES`] taps.
    pub fn new(max_filters: usize, parts: usize) -> Self {
        let room = |count| alloc::vec![ZERO; count];
        let response = || room(max_filters * parts * SPECTRUM);
        Self {
            parts,
            filters: max_filters,
            past: Spectra::new(parts),
            responses: [response(), response()],
            now: 0,
            changes: false,
            outputs: room(max_filters * BLOCK_FRAMES),
            work: room(SPECTRUM),
        }
    }

    /// Forgets all sound; responses that wait are taken at once. Only so many filters are run from now on.
    pub fn reset(&mut self, filters: usize) {
        self.filters = filters.min(self.outputs.len() / BLOCK_FRAMES);
        self.past.reset();
        self.outputs.fill(ZERO);
        self.take_responses();
    }

    fn take_responses(&mut self) {
        if core::mem::take(&mut self.changes) {
            self.now = 1 - self.now;
        }
    }

    /// Sets one part of the responses of two neighbouring filters that come, of [`BLOCK_FRAMES`] taps: of the first one, with an even number, as
    /// real, of the one behind it as imaginary numbers.
    pub fn set_part(&mut self, first: usize, part: usize, taps: &[Complex32]) {
        self.work.fill(ZERO);
        self.work[..BLOCK_FRAMES].copy_from_slice(&taps[..BLOCK_FRAMES]);
        transform(&mut self.work);
        let response = &mut self.responses[1 - self.now];
        let (place, next) = ((first * self.parts + part) * SPECTRUM, ((first + 1) * self.parts + part) * SPECTRUM);
        for bin in 0..SPECTRUM {
            // The spectrum of two real signals in one, taken apart by its symmetry.
            let (value, mirrored) = (self.work[bin], self.work[(SPECTRUM - bin) % SPECTRUM].conj());
            let (sum, difference) = (value + mirrored, value - mirrored);
            response[place + bin] = sum * 0.5;
            response[next + bin] = Complex32::new(0.5 * difference.im, -0.5 * difference.re);
        }
    }

    /// Lets the responses that were set come within the next block.
    pub fn change(&mut self) {
        self.changes = true;
    }

    /// Frames until the running block is whole.
    pub fn frames_left(&self) -> usize {
        self.past.frames_left()
    }

    /// What comes out of a filter while the coming frames are taken in: left as real, right as imaginary numbers.
    pub fn output(&self, filter: usize) -> &[Complex32] {
        &self.outputs[filter * BLOCK_FRAMES + self.past.at()..(filter + 1) * BLOCK_FRAMES]
    }

    /// Takes frames in, no more than [`FilterBank::frames_left`]; `true` when a block is whole.
    pub fn take(&mut self, left: &[f32], right: &[f32]) -> bool {
        let is_whole = self.past.take(left, right);
        if is_whole {
            self.convolve();
        }
        is_whole
    }

    fn convolve(&mut self) {
        for filter in 0..self.filters {
            self.multiply(self.now, filter);
            let output = filter * BLOCK_FRAMES..(filter + 1) * BLOCK_FRAMES;
            self.outputs[output.clone()].copy_from_slice(&self.work[BLOCK_FRAMES..]);
            if self.changes {
                self.multiply(1 - self.now, filter);
                cross_over(&mut self.outputs[output], &self.work[BLOCK_FRAMES..]);
            }
        }
        self.take_responses();
    }

    /// The last blocks through a filter, into the work as a signal.
    fn multiply(&mut self, responses: usize, filter: usize) {
        self.work.fill(ZERO);
        let response = self.responses[responses][filter * self.parts * SPECTRUM..].chunks_exact(SPECTRUM);
        for (past, part) in self.past.blocks().zip(response) {
            add_product(&mut self.work, past, part);
        }
        transform_back(&mut self.work);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_gives_its_own_response_to_both_channels() {
        let mut bank = FilterBank::new(2, 2);
        let tap = |filter: usize, tap: usize| match (filter, tap) {
            (0, 3) => 0.5,
            (0, 1_500) => -0.25,
            (1, 1_027) => 2.0,
            _ => 0.0,
        };
        for part in 0..2 {
            let taps = (0..BLOCK_FRAMES).map(|at| Complex32::new(tap(0, part * BLOCK_FRAMES + at), tap(1, part * BLOCK_FRAMES + at)));
            bank.set_part(0, part, &taps.collect::<Vec<_>>());
        }
        bank.change();
        bank.reset(2);
        let signal = |frame: usize, seed: usize| ((frame * 7_919 + seed) % 1_000) as f32 / 500.0 - 1.0;
        let frames = 6_000;
        let (mut outputs, mut at) = ([Vec::new(), Vec::new()], 0);
        while at < frames {
            let end = frames.min(at + bank.frames_left().min(300));
            let sides = [1, 77].map(|seed| (at..end).map(|frame| signal(frame, seed)).collect::<Vec<_>>());
            for (filter, out) in outputs.iter_mut().enumerate() {
                out.extend_from_slice(&bank.output(filter)[..end - at]);
            }
            bank.take(&sides[0], &sides[1]);
            at = end;
        }
        let [first, second] = outputs;
        for (frame, (first, second)) in first.into_iter().zip(second).enumerate().skip(4_000) {
            let heard = frame - BLOCK_FRAMES;
            for (seed, got) in [(1, [first.re, second.re]), (77, [first.im, second.im])] {
                let wanted = 0.5 * signal(heard - 3, seed) - 0.25 * signal(heard - 1_500, seed);
                assert!((got[0] - wanted).abs() < 1e-5, "first, {frame}: {} instead of {wanted}", got[0]);
                assert!((got[1] - 2.0 * signal(heard - 1_027, seed)).abs() < 1e-5, "second, {frame}");
            }
        }
    }
}
