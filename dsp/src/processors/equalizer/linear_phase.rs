//! The same curve without any turn of phase: one long symmetric filter in the place of all bands.
//!
//! |H| of the bands at N evenly spaced frequencies → inverse transform → taper on the outer half → [`crate::primitives::convolver`]. Left and
//! right, or mid and side, have a filter each. Everything is done in steps of a bounded size, one for every block of frames, so that a curve that
//! moves takes up to half a second to be heard and no step takes long; another curve cross-fades. Resolution is the rate over
//! N: curves follow within 0.05 dB where a band is at least 25 of those wide.

use alloc::vec::Vec;
use core::f64::consts::{PI, TAU};

use libm::{cos, sin, sqrt};
use microfft::Complex32;
use microfft::complex::{cfft_4096, cfft_16384};

use super::rows::Curves;
use crate::primitives::convolver::{BLOCK_FRAMES, Convolver};

/// Taps of each phase but the first.
const LENGTHS: [usize; 3] = [4_096, 16_384, 65_536];
const LONGEST: usize = LENGTHS[LENGTHS.len() - 1];
/// The longest transform; longer ones are put together from several.
const TRANSFORM: usize = 16_384;
/// Frequencies and parts that one step works on.
const STEP_BINS: usize = 4_096;
const STEP_PARTS: usize = 8;

/// Taps of a phase from the declaration's index, which is not 0.
pub fn length_of(phase: usize) -> usize {
    LENGTHS[phase.clamp(1, LENGTHS.len()) - 1]
}

/// Frames by which a filter of this length is late.
pub fn latency_frames(length: usize) -> usize {
    length / 2 + BLOCK_FRAMES
}

/// Frames until a new filter is designed and heard.
pub fn design_frames(length: usize) -> usize {
    let steps = (length / 2 + 1).div_ceil(STEP_BINS) + length.div_ceil(TRANSFORM) + (length / BLOCK_FRAMES).div_ceil(STEP_PARTS);
    (steps + 2) * BLOCK_FRAMES
}

/// Where a design stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Idle,
    /// From this frequency on.
    Gains(usize),
    Transform(usize),
    /// From this part on.
    Parts(usize),
}

/// See the module's text.
pub struct LinearPhase {
    convolver: Convolver,
    length: usize,
    is_mid_side: bool,
    wanted: Curves,
    designed: Curves,
    step: Step,
    /// Gains of the first channel as real, of the second as imaginary numbers; transformed in place. Frequency k is at k/R of part k mod R.
    work: Vec<Complex32>,
    taps: Vec<Complex32>,
}

impl LinearPhase {
    /// One with room for the longest filter, not set up yet.
    pub fn new() -> Self {
        Self {
            convolver: Convolver::new(LONGEST / BLOCK_FRAMES),
            length: 0,
            is_mid_side: false,
            wanted: Curves::FLAT,
            designed: Curves::FLAT,
            step: Step::Idle,
            work: alloc::vec![Complex32::new(0.0, 0.0); LONGEST],
            taps: alloc::vec![Complex32::new(0.0, 0.0); BLOCK_FRAMES],
        }
    }

    /// Whether it is set up so.
    pub fn is(&self, length: usize, is_mid_side: bool) -> bool {
        self.length == length && self.is_mid_side == is_mid_side
    }

    /// Whether its channels are mid and side.
    pub fn is_mid_side(&self) -> bool {
        self.is_mid_side
    }

    /// Forgets all sound, takes another length and pair, and begins a design.
    pub fn restart(&mut self, length: usize, is_mid_side: bool, curves: &Curves) {
        (self.length, self.is_mid_side) = (length, is_mid_side);
        self.convolver.set_parts(length / BLOCK_FRAMES);
        self.wanted = curves.clone();
        self.begin();
        self.convolver.reset();
    }

    /// Forgets all sound; the filter of these curves is there at once.
    pub fn reset(&mut self, length: usize, is_mid_side: bool, curves: &Curves) {
        if !self.is(length, is_mid_side) || self.designed != *curves || self.step != Step::Idle {
            self.restart(length, is_mid_side, curves);
            while self.step != Step::Idle {
                self.advance();
            }
        }
        self.wanted = curves.clone();
        self.convolver.reset();
    }

    /// Wants other curves.
    pub fn aim(&mut self, curves: &Curves) {
        self.wanted = curves.clone();
    }

    /// Takes a stretch through in place.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        let frames = left.len();
        if self.is_mid_side {
            for (l, r) in left.iter_mut().zip(right.iter_mut()) {
                (*l, *r) = (0.5 * (*l + *r), 0.5 * (*l - *r));
            }
        }
        let mut at = 0;
        while at < frames {
            let end = frames.min(at + self.convolver.frames_left());
            if self.convolver.process(&mut left[at..end], &mut right[at..end]) {
                self.advance();
            }
            at = end;
        }
        if self.is_mid_side {
            for (m, s) in left.iter_mut().zip(right.iter_mut()) {
                (*m, *s) = (*m + *s, *m - *s);
            }
        }
    }

    fn begin(&mut self) {
        self.designed = self.wanted.clone();
        self.step = Step::Gains(0);
    }

    /// How many transforms make the whole.
    fn radix(&self) -> usize {
        self.length.div_ceil(TRANSFORM)
    }

    /// One step of the design.
    fn advance(&mut self) {
        self.step = match self.step {
            Step::Idle => {
                if self.wanted != self.designed {
                    self.begin();
                }
                return;
            }
            Step::Gains(from) => {
                let end = (from + STEP_BINS).min(self.length / 2 + 1);
                self.sample(from, end);
                if end <= self.length / 2 { Step::Gains(end) } else { Step::Transform(0) }
            }
            Step::Transform(number) => {
                self.transform(number);
                if number + 1 < self.radix() { Step::Transform(number + 1) } else { Step::Parts(0) }
            }
            Step::Parts(from) => {
                let parts = self.length / BLOCK_FRAMES;
                let end = (from + STEP_PARTS).min(parts);
                (from..end).for_each(|part| self.cut(part));
                if end < parts {
                    Step::Parts(end)
                } else {
                    let [mid_side, sides] = self.designed.pairs();
                    self.convolver.change(if self.is_mid_side { mid_side } else { sides });
                    Step::Idle
                }
            }
        };
    }

    /// The gains at these frequencies, and at their mirrors.
    fn sample(&mut self, from: usize, end: usize) {
        let (length, radix) = (self.length, self.radix());
        let place = |bin: usize| bin % radix * (length / radix) + bin / radix;
        for bin in from..end {
            let cosine = cos(TAU * bin as f64 / length as f64);
            let powers = self.designed.channel_powers_at([cosine, 2.0 * cosine * cosine - 1.0], self.is_mid_side);
            let [first, second] = powers.map(|power| (sqrt(power.max(0.0)) / length as f64) as f32);
            let gains = Complex32::new(first, second);
            self.work[place(bin)] = gains;
            self.work[place((length - bin) % length)] = gains;
        }
    }

    fn transform(&mut self, number: usize) {
        let size = self.length / self.radix();
        let part = &mut self.work[number * size..(number + 1) * size];
        if size == TRANSFORM {
            if let Ok(part) = part.try_into() {
                let _ = cfft_16384(part);
            }
        } else if let Ok(part) = part.try_into() {
            let _ = cfft_4096(part);
        }
    }

    /// Puts a part of the filter together from the transforms, tapers it and hands it over.
    fn cut(&mut self, part: usize) {
        let (length, radix) = (self.length, self.radix());
        let size = length / radix;
        let half = length / 2;
        for (index, tap) in self.taps.iter_mut().enumerate() {
            let place = part * BLOCK_FRAMES + index;
            let at = (place + half) % length;
            let angle = -TAU * at as f64 / length as f64;
            let turn = if radix > 1 { Complex32::new(cos(angle) as f32, sin(angle) as f32) } else { Complex32::new(1.0, 0.0) };
            let (mut sum, mut turned) = (Complex32::new(0.0, 0.0), Complex32::new(1.0, 0.0));
            for number in 0..radix {
                sum += self.work[number * size + at % size] * turned;
                turned *= turn;
            }
            let from_middle = place.abs_diff(half) as f64 / half as f64;
            let taper = if from_middle < 0.5 { 1.0 } else { 0.5 + 0.5 * cos(PI * (2.0 * from_middle - 1.0)) };
            *tap = sum * taper as f32;
        }
        self.convolver.set_part(part, &self.taps);
    }
}
