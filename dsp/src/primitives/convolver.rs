//! Convolution of a stereo signal with long impulse responses, a block of frames at a time.
//!
//! Uniformly partitioned overlap-save (Stockham 1966; Gardner JAES 1995): both channels are one complex signal, whose spectra of the last blocks are
//! multiplied with the spectra of the response's parts. Two real responses a and b for the two channels act as (a + b)/2 on the signal
//! and (a − b)/2 on its conjugate. Another response cross-fades within a block. Late by [`BLOCK_FRAMES`].

use alloc::vec::Vec;

use microfft::Complex32;
use microfft::complex::cfft_2048;

/// Frames of a block, and of a part of the response.
pub const BLOCK_FRAMES: usize = 1_024;
/// Frames of a transform.
pub(super) const SPECTRUM: usize = 2 * BLOCK_FRAMES;

pub(super) const ZERO: Complex32 = Complex32::new(0.0, 0.0);

/// The spectra of a pair of responses.
struct Response {
    mean: Vec<Complex32>,
    difference: Vec<Complex32>,
    is_split: bool,
}

/// See the module's text.
pub struct Convolver {
    parts: usize,
    /// Spectra of the last blocks, a ring.
    past: Vec<Complex32>,
    newest: usize,
    responses: [Response; 2],
    /// Which response is heard, and whether the other one waits to be.
    now: usize,
    changes: bool,
    input: Vec<Complex32>,
    output: Vec<Complex32>,
    at: usize,
    work: Vec<Complex32>,
    sum: Vec<Complex32>,
}

/// The spectrum of [`SPECTRUM`] frames, in place.
pub(super) fn transform(values: &mut [Complex32]) {
    if let Ok(values) = values.try_into() {
        let _ = cfft_2048(values);
    }
}

/// The frames of a spectrum, in place.
pub(super) fn transform_back(values: &mut [Complex32]) {
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

impl Convolver {
    /// A silent one for responses of up to so many parts of [`BLOCK_FRAMES`] taps.
    pub fn new(max_parts: usize) -> Self {
        let room = |count| alloc::vec![ZERO; count];
        let response = || Response { mean: room(max_parts * SPECTRUM), difference: room(max_parts * SPECTRUM), is_split: false };
        Self {
            parts: max_parts,
            past: room(max_parts * SPECTRUM),
            newest: 0,
            responses: [response(), response()],
            now: 0,
            changes: false,
            input: room(SPECTRUM),
            output: room(BLOCK_FRAMES),
            at: 0,
            work: room(SPECTRUM),
            sum: room(SPECTRUM),
        }
    }

    /// Forgets all sound; a response that waits is taken at once.
    pub fn reset(&mut self) {
        self.past.fill(ZERO);
        self.input.fill(ZERO);
        self.output.fill(ZERO);
        self.at = 0;
        self.take_response();
    }

    /// Takes another number of parts; the responses are to be set anew.
    pub fn set_parts(&mut self, parts: usize) {
        self.parts = parts.min(self.past.len() / SPECTRUM);
        self.newest = 0;
        self.past.fill(ZERO);
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
        BLOCK_FRAMES - self.at
    }

    /// Takes frames (no more than [`Convolver::frames_left`]) through in place; `true` when a block is whole.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) -> bool {
        for (l, r) in left.iter_mut().zip(right) {
            self.input[BLOCK_FRAMES + self.at] = Complex32::new(*l, *r);
            (*l, *r) = (self.output[self.at].re, self.output[self.at].im);
            self.at += 1;
        }
        let is_whole = self.at == BLOCK_FRAMES;
        if is_whole {
            self.at = 0;
            self.convolve();
        }
        is_whole
    }

    fn convolve(&mut self) {
        self.newest = if self.newest == 0 { self.parts - 1 } else { self.newest - 1 };
        let newest = &mut self.past[self.newest * SPECTRUM..(self.newest + 1) * SPECTRUM];
        newest.copy_from_slice(&self.input);
        transform(newest);
        self.input.copy_within(BLOCK_FRAMES.., 0);
        self.multiply(self.now);
        self.output.copy_from_slice(&self.sum[BLOCK_FRAMES..]);
        if self.changes {
            self.multiply(1 - self.now);
            for (frame, (value, new)) in self.output.iter_mut().zip(&self.sum[BLOCK_FRAMES..]).enumerate() {
                let share = (frame + 1) as f32 / BLOCK_FRAMES as f32;
                *value += (*new - *value) * share;
            }
            self.take_response();
        }
    }

    /// The last blocks through a response, into the sum as a signal.
    fn multiply(&mut self, response: usize) {
        let Response { mean, difference, is_split } = &self.responses[response];
        self.sum.fill(ZERO);
        for part in 0..self.parts {
            let block = (self.newest + part) % self.parts;
            let past = &self.past[block * SPECTRUM..(block + 1) * SPECTRUM];
            let place = part * SPECTRUM..(part + 1) * SPECTRUM;
            for ((sum, value), filter) in self.sum.iter_mut().zip(past).zip(&mean[place.clone()]) {
                *sum += *value * *filter;
            }
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
