//! Convolution of a stereo signal with long impulse responses, a block of frames at a time.
//!
//! Uniformly partitioned overlap-save ([`super::spectra`]): both channels are one complex signal, whose spectra of the last blocks are
//! multiplied with the spectra of the response's parts. Two real responses a and b for the two channels act as (a + b)/2 on the signal
//! and (a − b)/2 on its conjugate. Another response cross-fades within a block. Late by [`BLOCK_FRAMES`].

use alloc::vec::Vec;

use microfft::Complex32;

use super::spectra::{SPECTRUM, Spectra, ZERO, add_product, cross_over, transform, transform_back};

pub use super::spectra::BLOCK_FRAMES;

/// The spectra of a pair of responses.
struct Response {
    mean: Vec<Complex32>,
    difference: Vec<Complex32>,
    is_split: bool,
}

/// See the module's text.
pub struct Convolver {
    past: Spectra,
    responses: [Response; 2],
    /// Which response is heard, and whether the other one waits to be.
    now: usize,
    changes: bool,
    output: Vec<Complex32>,
    work: Vec<Complex32>,
    sum: Vec<Complex32>,
}

impl Convolver {
    /// A silent one for responses of up to so many parts of [`BLOCK_FRAMES`] taps.
    pub fn new(max_parts: usize) -> Self {
        let room = |count| alloc::vec![ZERO; count];
        let response = || Response { mean: room(max_parts * SPECTRUM), difference: room(max_parts * SPECTRUM), is_split: false };
        Self {
            past: Spectra::new(max_parts),
            responses: [response(), response()],
            now: 0,
            changes: false,
            output: room(BLOCK_FRAMES),
            work: room(SPECTRUM),
            sum: room(SPECTRUM),
        }
    }

    /// Forgets all sound; a response that waits is taken at once.
    pub fn reset(&mut self) {
        self.past.reset();
        self.output.fill(ZERO);
        self.take_response();
    }

    /// Takes another number of parts; the responses are to be set anew.
    pub fn set_parts(&mut self, parts: usize) {
        self.past.set_parts(parts);
    }

    fn take_response(&mut self) {
        if core::mem::take(&mut self.changes) {
            self.now = 1 - self.now;
        }
    }

    /// Sets one part of the response that comes, of [`BLOCK_FRAMES`] taps: the first channel's as real, the second's as imaginary numbers.
    pub fn set_part(&mut self, part: usize, taps: &[Complex32]) {
        self.work.fill(ZERO);
        for (value, Complex32 { re: a, im: b }) in self.work.iter_mut().zip(taps) {
            // The transform of mean + i·difference gives both by its symmetry.
            *value = Complex32::new(0.5 * (a + b), 0.5 * (a - b));
        }
        transform(&mut self.work);
        let response = &mut self.responses[1 - self.now];
        let place = part * SPECTRUM;
        for bin in 0..SPECTRUM {
            let (value, mirrored) = (self.work[bin], self.work[(SPECTRUM - bin) % SPECTRUM].conj());
            response.mean[place + bin] = (value + mirrored) * 0.5;
            let twice = value - mirrored;
            response.difference[place + bin] = Complex32::new(0.5 * twice.im, -0.5 * twice.re);
        }
    }

    /// Lets the response that was set come within the next block; `is_split` when its channels differ.
    pub fn change(&mut self, is_split: bool) {
        self.responses[1 - self.now].is_split = is_split;
        self.changes = true;
    }

    /// Frames until the running block is whole.
    pub fn frames_left(&self) -> usize {
        self.past.frames_left()
    }

    /// Takes frames (no more than [`Convolver::frames_left`]) through in place; `true` when a block is whole.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) -> bool {
        let at = self.past.at();
        let is_whole = self.past.take(left, right);
        for ((l, r), value) in left.iter_mut().zip(right).zip(&self.output[at..]) {
            (*l, *r) = (value.re, value.im);
        }
        if is_whole {
            self.convolve();
        }
        is_whole
    }

    fn convolve(&mut self) {
        self.multiply(self.now);
        self.output.copy_from_slice(&self.sum[BLOCK_FRAMES..]);
        if self.changes {
            self.multiply(1 - self.now);
            cross_over(&mut self.output, &self.sum[BLOCK_FRAMES..]);
            self.take_response();
        }
    }

    /// The last blocks through a response, into the sum as a signal.
    fn multiply(&mut self, response: usize) {
        let Response { mean, difference, is_split } = &self.responses[response];
        self.sum.fill(ZERO);
        for (part, past) in self.past.blocks().enumerate() {
            let place = part * SPECTRUM..(part + 1) * SPECTRUM;
            add_product(&mut self.sum, past, &mean[place.clone()]);
            if *is_split {
                let difference = &difference[place];
                self.sum[0] += past[0].conj() * difference[0];
                for ((sum, value), filter) in self.sum[1..].iter_mut().zip(past[1..].iter().rev()).zip(&difference[1..]) {
                    *sum += value.conj() * *filter;
                }
            }
        }
        transform_back(&mut self.sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_is_convolved_with_its_own_response() {
        let mut convolver = Convolver::new(3);
        let taps = |channel: usize, tap: usize| match (channel, tap) {
            (0, 5) => 0.5,
            (0, 2_500) => -0.25,
            (1, 1_100) => 2.0,
            _ => 0.0,
        };
        for part in 0..3 {
            let tap = |tap: usize| Complex32::new(taps(0, part * BLOCK_FRAMES + tap), taps(1, part * BLOCK_FRAMES + tap));
            convolver.set_part(part, &(0..BLOCK_FRAMES).map(tap).collect::<Vec<_>>());
        }
        convolver.change(true);
        convolver.reset();
        let frames = 8_000;
        let signal = |frame: usize, seed: usize| ((frame * 7_919 + seed) % 1_000) as f32 / 500.0 - 1.0;
        let mut left: Vec<f32> = (0..frames).map(|frame| signal(frame, 1)).collect();
        let mut right: Vec<f32> = (0..frames).map(|frame| signal(frame, 77)).collect();
        let mut at = 0;
        while at < frames {
            let end = frames.min(at + convolver.frames_left().min(300));
            convolver.process(&mut left[at..end], &mut right[at..end]);
            at = end;
        }
        for frame in 4_000..frames {
            let heard = frame - BLOCK_FRAMES;
            let wanted = 0.5 * signal(heard - 5, 1) - 0.25 * signal(heard - 2_500, 1);
            assert!((left[frame] - wanted).abs() < 1e-5, "left {frame}: {} instead of {wanted}", left[frame]);
            assert!((right[frame] - 2.0 * signal(heard - 1_100, 77)).abs() < 1e-5, "right {frame}");
        }
    }
}
