//! A crossover that turns no phase: each split's low half is one long symmetric filter, and a band is what lies between two of them.
//!
//! A Linkwitz-Riley low-pass of order 2n has the magnitude 1/(1 + x²ⁿ), x = tan(ω/2)/tan(ωc/2), and its high-pass x²ⁿ/(1 + x²ⁿ): without
//! their phases both halves add up to 1. A filter for each split passes all that lies below it, 1 minus the product of the high halves up to its own:
//! so the lowest band is what the first filter gives, each other one what the next filter gives more, the highest what the delayed input has more
//! than the last, each with the slopes of its own splits on both sides. Their sum is the delayed input, however short the filters are. (6 dB/oct
//! stands for 1/(1 + x).)
//!
//! Gains at evenly spaced frequencies → inverse transform → taper on the outer half → [`super::filter_bank`]; two splits are the real and the
//! imaginary part of one transform. Done in steps of a bounded size, one for every block of frames: corners that move are heard after up to half a
//! second, and cross-fade. Late by half the taps and a block; 8192 taps to 50 kHz, 16384 above, resolve 6 Hz to 12 Hz.

use alloc::vec::Vec;
use core::f64::consts::PI;

use libm::{cos, tan};
use microfft::Complex32;
use microfft::complex::{cfft_8192, cfft_16384};

use super::crossover::{Layout, MAX_SPLITS, kept_omegas};
use super::delay_line::DelayLine;
use super::filter_bank::FilterBank;
use super::spectra::{BLOCK_FRAMES, ZERO};

/// Taps up to this rate, and twice as many above.
const TAPS: usize = 8_192;
const LOW_RATE_HZ: f64 = 50_000.0;
/// Frequencies and parts that one step works on.
const STEP_BINS: usize = 1_024;
const STEP_PARTS: usize = 4;
/// Splits that are designed, rounded up to pairs.
const PAIRED_SPLITS: usize = MAX_SPLITS.next_multiple_of(2);

fn taps_at(rate_hz: f64) -> usize {
    if rate_hz <= LOW_RATE_HZ { TAPS } else { 2 * TAPS }
}

/// Frames by which the bands are late at this rate.
pub fn latency_frames(rate_hz: f64) -> usize {
    taps_at(rate_hz) / 2 + BLOCK_FRAMES
}

/// Frames until other corners are designed and heard.
fn design_frames(rate_hz: f64) -> usize {
    let taps = taps_at(rate_hz);
    let steps = (taps / 2 + 1).div_ceil(STEP_BINS) + 1 + (taps / BLOCK_FRAMES).div_ceil(STEP_PARTS);
    (PAIRED_SPLITS / 2 * steps + 2) * BLOCK_FRAMES
}

/// Frames until other bands are designed and full of sound.
pub fn filling_frames(rate_hz: f64) -> usize {
    design_frames(rate_hz) + latency_frames(rate_hz) + taps_at(rate_hz) / 2
}

/// How it is to be built and where its corners lie.
#[derive(Clone, Copy, PartialEq)]
struct Curves {
    layout: Layout,
    corners_hz: [f32; MAX_SPLITS],
}

/// Where a design stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Idle,
    /// Of the pair that begins with this split, from this frequency on.
    Gains(usize, usize),
    Transform(usize),
    /// Of that pair, from this part on.
    Parts(usize, usize),
}

/// See the module's text.
pub struct LinearCrossover {
    rate_hz: f64,
    taps: usize,
    bank: FilterBank,
    delay: DelayLine,
    wanted: Option<Curves>,
    designed: Option<Curves>,
    step: Step,
    work: Vec<Complex32>,
    part: Vec<Complex32>,
}

impl LinearCrossover {
    /// One without any bands; room for six is made.
    pub fn new(rate_hz: f64) -> Self {
        let taps = taps_at(rate_hz);
        Self {
            rate_hz,
            taps,
            bank: FilterBank::new(PAIRED_SPLITS, taps / BLOCK_FRAMES),
            delay: DelayLine::new(latency_frames(rate_hz) + BLOCK_FRAMES),
            wanted: None,
            designed: None,
            step: Step::Idle,
            work: alloc::vec![ZERO; taps],
            part: alloc::vec![ZERO; BLOCK_FRAMES],
        }
    }

    /// Forgets all sound and begins to design these bands.
    pub fn restart(&mut self, layout: Layout, corners_hz: &[f32; MAX_SPLITS]) {
        self.aim(layout, corners_hz);
        self.bank.reset(layout.bands - 1);
        self.delay.silence();
        self.begin();
    }

    /// Forgets all sound; these bands are there at once.
    pub fn reset(&mut self, layout: Layout, corners_hz: &[f32; MAX_SPLITS]) {
        let curves = Some(Curves { layout, corners_hz: *corners_hz });
        if self.designed != curves || self.step != Step::Idle {
            self.restart(layout, corners_hz);
            while self.step != Step::Idle {
                self.advance();
            }
        }
        self.aim(layout, corners_hz);
        self.bank.reset(layout.bands - 1);
        self.delay.silence();
    }

    /// Wants other corners.
    pub fn aim(&mut self, layout: Layout, corners_hz: &[f32; MAX_SPLITS]) {
        self.wanted = Some(Curves { layout, corners_hz: *corners_hz });
    }

    /// The most frames that can be taken in at once.
    pub fn frames_left(&self) -> usize {
        self.bank.frames_left()
    }

    /// Puts a band of what is heard with the coming frames into a part as long as they are; to be asked once they are in the line.
    pub fn band(&self, number: usize, part: [&mut [f32]; 2]) {
        let [left, right] = part;
        let (frames, last) = (left.len(), self.designed.map_or(0, |curves| curves.layout.bands - 1));
        if number < last {
            for ((l, r), low) in left.iter_mut().zip(right.iter_mut()).zip(self.bank.output(number)) {
                (*l, *r) = (low.re, low.im);
            }
        } else {
            self.delay.read_all(latency_frames(self.rate_hz) + frames - 1, left, right);
        }
        if number > 0 {
            for ((l, r), low) in left.iter_mut().zip(right).zip(self.bank.output(number - 1)) {
                *l -= low.re;
                *r -= low.im;
            }
        }
    }

    /// Puts the coming frames into the line, so that the bands can be asked for.
    pub fn hear(&mut self, left: &[f32], right: &[f32]) {
        self.delay.write_all(left, right);
    }

    /// Goes past the frames that were heard, at most [`LinearCrossover::frames_left`].
    pub fn pass(&mut self, left: &[f32], right: &[f32]) {
        if self.bank.take(left, right) {
            self.advance();
        }
    }

    fn begin(&mut self) {
        self.designed = self.wanted;
        self.step = Step::Gains(0, 0);
    }

    /// One step of the design.
    fn advance(&mut self) {
        let Some(curves) = self.designed else {
            return;
        };
        let parts = self.taps / BLOCK_FRAMES;
        self.step = match self.step {
            Step::Idle => {
                if self.wanted != self.designed {
                    self.begin();
                }
                return;
            }
            Step::Gains(pair, from) => {
                let end = (from + STEP_BINS).min(self.taps / 2 + 1);
                self.sample(&curves, pair, from, end);
                if end <= self.taps / 2 { Step::Gains(pair, end) } else { Step::Transform(pair) }
            }
            Step::Transform(pair) => {
                self.transform();
                Step::Parts(pair, 0)
            }
            Step::Parts(pair, from) => {
                let end = (from + STEP_PARTS).min(parts);
                (from..end).for_each(|part| self.cut(pair, part));
                if end < parts {
                    Step::Parts(pair, end)
                } else if pair + 2 < curves.layout.bands - 1 {
                    Step::Gains(pair + 2, 0)
                } else {
                    self.bank.change();
                    Step::Idle
                }
            }
        };
    }

    /// What lies below the two splits of a pair at these frequencies, and at their mirrors.
    fn sample(&mut self, curves: &Curves, pair: usize, from: usize, end: usize) {
        let warped = kept_omegas(&curves.corners_hz, self.rate_hz).map(|omega| tan(0.5 * omega));
        let exponent = curves.layout.slope.exponent();
        for bin in from..end {
            let course = tan(PI * bin as f64 / self.taps as f64);
            let high = |warped: &f64| {
                let x = course / warped;
                1.0 - 1.0 / (1.0 + (0..exponent).fold(1.0, |power, _| power * x))
            };
            let above: f64 = warped[..=pair].iter().map(high).product();
            let above_next = warped.get(pair + 1).map_or(above, |next| above * high(next));
            let below = |above: f64| ((1.0 - above) / self.taps as f64) as f32;
            let gains = Complex32::new(below(above), below(above_next));
            self.work[bin] = gains;
            self.work[(self.taps - bin) % self.taps] = gains;
        }
    }

    fn transform(&mut self) {
        if let Ok(work) = (&mut self.work[..]).try_into() {
            let _ = cfft_8192(work);
        } else if let Ok(work) = (&mut self.work[..]).try_into() {
            let _ = cfft_16384(work);
        }
    }

    /// Tapers a part of a pair's filters and hands it over.
    fn cut(&mut self, pair: usize, part: usize) {
        let half = self.taps / 2;
        for (index, tap) in self.part.iter_mut().enumerate() {
            let place = part * BLOCK_FRAMES + index;
            let from_middle = place.abs_diff(half) as f64 / half as f64;
            let taper = if from_middle < 0.5 { 1.0 } else { 0.5 + 0.5 * cos(PI * (2.0 * from_middle - 1.0)) };
            *tap = self.work[(place + half) % self.taps] * taper as f32;
        }
        self.bank.set_part(pair, part, &self.part);
    }
}
