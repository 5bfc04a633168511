//! Work at 2, 4, 8 or 16 times the rate: up, something done there, down, late by a whole number of frames.
//!
//! Each doubling is a half-band FIR filter in polyphase form (Kaiser window, 100 dB, flat to 0.43 of the base rate). The last
//! step down is a filter of its own, which also takes back the droop of the averaging that antiderivative anti-aliasing
//! brings ([`super::antialias`]) and its delay, so that the whole is flat and its latency depends on the factor alone.
//! Four frames are computed at once.

use alloc::vec::Vec;
use core::f64::consts::PI;

use libm::{cos, sin};

use super::lanes::{F4, VECTOR_LANES};
use super::window::kaiser;

/// Most frames that one call takes.
pub const MAX_FRAMES: usize = 64;
/// Doublings of the highest factor (16).
pub const MAX_DOUBLINGS: usize = 4;
/// Samples from before a call that work at the high rate may look at.
pub const MEMORY: usize = 2;

const MAX_HIGH: usize = MAX_FRAMES << MAX_DOUBLINGS;
/// Samples by which the high rate can be held back to make the latency whole.
const MAX_PAD: usize = 1 << MAX_DOUBLINGS;
/// Kaiser's β for 100 dB.
const BETA: f64 = 10.06;
/// Half of the taps that are not zero, of each doubling's filter; the first has to be steep.
const REACHES: [usize; MAX_DOUBLINGS] = [24, 6, 5, 4];
const MAX_TAPS: usize = 4 * REACHES[0];
/// Points of the integral that gives a filter's taps.
const DESIGN_POINTS: usize = 512;
/// How often a design is mended.
const DESIGN_ROUNDS: usize = 2;
/// The pass-band, as a share of the base rate.
const PASS_SHARE: f64 = 0.42;

/// How many neighbours an anti-aliased curve looks back at: it averages one more sample than this, and is late by half of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Two samples.
    First,
    /// Three samples.
    Second,
}

impl Order {
    /// What the averaging leaves of a sine.
    fn droop(self, omega: f64) -> f64 {
        match self {
            Self::First => cos(0.5 * omega),
            Self::Second => (1.0 + 2.0 * cos(omega)) / 3.0,
        }
    }

    fn samples(self) -> usize {
        match self {
            Self::First => 1,
            Self::Second => 2,
        }
    }
}

/// Frames of latency at this many doublings.
pub fn latency_frames(doublings: usize) -> usize {
    let (delay, pad) = high_delay(doublings);
    (delay + pad) >> doublings
}

/// The delay of all filters in samples of the high rate, and what makes it whole frames.
fn high_delay(doublings: usize) -> (usize, usize) {
    if doublings == 0 {
        return (0, 0);
    }
    let inner: usize = (1..doublings).map(|stage| (2 * REACHES[stage - 1] - 1) << (doublings - stage + 1)).sum();
    let reach = REACHES[doublings - 1];
    let delay = inner + (2 * reach - 1) + 2 * reach;
    (delay, delay.wrapping_neg() % (1 << doublings))
}

/// One half of a half-band filter's even taps, whose sum over both halves is ½.
fn half_band<const REACH: usize>() -> [f32; REACH] {
    let mut taps: [f64; REACH] = core::array::from_fn(|tap| {
        let distance = (2 * REACH - 1 - 2 * tap) as f64;
        sin(0.5 * PI * distance) / (PI * distance) * kaiser(BETA, distance / (2 * REACH) as f64)
    });
    let sum: f64 = taps.iter().sum();
    taps.iter_mut().for_each(|tap| *tap *= 0.25 / sum);
    taps.map(|tap| tap as f32)
}

/// Twice the rate.
#[derive(Clone)]
struct Up<const REACH: usize> {
    taps: [f32; REACH],
    past: Vec<f32>,
}

impl<const REACH: usize> Up<REACH> {
    const MEMORY: usize = 2 * REACH - 1;

    fn new(max_input: usize) -> Self {
        Self { taps: half_band().map(|tap| 2.0 * tap), past: alloc::vec![0.0; Self::MEMORY + max_input + VECTOR_LANES] }
    }

    fn run(&mut self, input: &[f32], output: &mut [f32]) {
        let count = input.len();
        self.past[Self::MEMORY..Self::MEMORY + count].copy_from_slice(input);
        for (index, four) in output[..2 * count].chunks_mut(2 * VECTOR_LANES).enumerate() {
            let at = index * VECTOR_LANES;
            let between = symmetric(&self.taps, &self.past[at..at + Self::MEMORY + VECTOR_LANES]).to_arrays()[0];
            let samples = &self.past[at + REACH..at + REACH + VECTOR_LANES];
            for ((pair, between), sample) in four.chunks_mut(2).zip(between).zip(samples) {
                pair[0] = between;
                pair[1] = *sample;
            }
        }
        self.past.copy_within(count..count + Self::MEMORY, 0);
    }
}

/// Half the rate.
#[derive(Clone)]
struct Down<const REACH: usize> {
    taps: [f32; REACH],
    even: Vec<f32>,
    odd: Vec<f32>,
}

impl<const REACH: usize> Down<REACH> {
    const MEMORY: usize = 2 * REACH - 1;

    fn new(max_output: usize) -> Self {
        let room = |memory| alloc::vec![0.0; memory + max_output + VECTOR_LANES];
        Self { taps: half_band(), even: room(Self::MEMORY), odd: room(REACH) }
    }

    fn run(&mut self, input: &[f32], output: &mut [f32]) {
        let count = output.len();
        split(input, &mut self.even[Self::MEMORY..], &mut self.odd[REACH..]);
        let half = F4::splat(0.5);
        for (index, four) in output.chunks_mut(VECTOR_LANES).enumerate() {
            let at = index * VECTOR_LANES;
            let sum = symmetric(&self.taps, &self.even[at..at + Self::MEMORY + VECTOR_LANES]);
            (sum + half * F4::load(&self.odd[at..])).store(four);
        }
        self.even.copy_within(count..count + Self::MEMORY, 0);
        self.odd.copy_within(count..count + REACH, 0);
    }
}

/// Four neighbouring outputs of a symmetric filter of 2·REACH taps; `past` begins with the oldest sample of the first.
#[inline(always)]
fn symmetric<const REACH: usize>(taps: &[f32; REACH], past: &[f32]) -> F4 {
    let past = &past[..2 * REACH - 1 + VECTOR_LANES];
    let pair = |tap: usize| (F4::load(&past[tap..]) + F4::load(&past[2 * REACH - 1 - tap..])) * F4::splat(taps[tap]);
    // Two sums, so that one addition need not wait for the other.
    let (mut first, mut second) = (pair(0), pair(1));
    for tap in 2..REACH {
        if tap % 2 == 0 {
            first += pair(tap);
        } else {
            second += pair(tap);
        }
    }
    first + second
}

fn split(input: &[f32], even: &mut [f32], odd: &mut [f32]) {
    for ((pair, even), odd) in input.chunks_exact(2).zip(even).zip(odd) {
        *even = pair[0];
        *odd = pair[1];
    }
}

/// The last step down, with its own curve.
#[derive(Clone)]
struct Last {
    /// The oldest sample's tap first.
    even_taps: Vec<f32>,
    odd_taps: Vec<f32>,
    even: Vec<f32>,
    odd: Vec<f32>,
}

impl Last {
    fn new() -> Self {
        let (taps, samples) = (MAX_TAPS / 2, MAX_TAPS / 2 + MAX_HIGH / 2 + VECTOR_LANES);
        let room = |count| alloc::vec![0.0; count];
        Self { even_taps: room(taps), odd_taps: room(taps), even: room(samples), odd: room(samples) }
    }

    /// The taps of a low-pass at a quarter of the rate that lifts the pass-band, up to `edge`, as much as the order's averaging lowers
    /// it. The window blurs the wanted curve; what is missing in the pass-band is added to the wish.
    fn design(&mut self, reach: usize, order: Order, edge: f64) {
        let mut lifts: [f64; DESIGN_POINTS] = core::array::from_fn(|point| 1.0 / order.droop(omega_of(point)));
        let mut taps = windowed(&lifts, reach, order);
        for _ in 0..DESIGN_ROUNDS {
            let mut missing = 1.0;
            for (point, lift) in lifts.iter_mut().enumerate() {
                let omega = omega_of(point);
                if omega <= edge {
                    missing = 1.0 / (order.droop(omega) * response(&taps, reach, order, omega));
                }
                *lift *= missing;
            }
            taps = windowed(&lifts, reach, order);
        }
        for (index, pair) in taps.chunks_exact(2).enumerate() {
            // The place of the oldest sample's tap comes first.
            let place = MAX_TAPS / 2 - 1 - index;
            self.even_taps[place] = pair[0] as f32;
            self.odd_taps[place] = pair[1] as f32;
        }
    }

    fn run(&mut self, input: &[f32], output: &mut [f32], reach: usize) {
        let count = output.len();
        // An odd tap k looks k/2 + ½ pairs back.
        split(input, &mut self.even[MAX_TAPS / 2 - 1..], &mut self.odd[MAX_TAPS / 2..]);
        let first = MAX_TAPS / 2 - 2 * reach;
        for (index, four) in output.chunks_mut(VECTOR_LANES).enumerate() {
            let at = index * VECTOR_LANES;
            let window = first + at..MAX_TAPS / 2 + at + VECTOR_LANES;
            let (even, odd) = (&self.even[window.clone()], &self.odd[window]);
            let (mut first_sum, mut second_sum) = (F4::splat(0.0), F4::splat(0.0));
            for (tap, (even_tap, odd_tap)) in self.even_taps[first..].iter().zip(&self.odd_taps[first..]).enumerate() {
                first_sum += F4::load(&even[tap..]) * F4::splat(*even_tap);
                second_sum += F4::load(&odd[tap..]) * F4::splat(*odd_tap);
            }
            (first_sum + second_sum).store(four);
        }
        self.even.copy_within(count..count + MAX_TAPS / 2, 0);
        self.odd.copy_within(count..count + MAX_TAPS / 2, 0);
    }
}

/// Number of the last step's taps.
fn tap_count(reach: usize, order: Order) -> usize {
    4 * reach + 1 - order.samples()
}

/// Sum of values over cos or of taps over the distance: both turn by the same angle from one to the next.
fn cosine_sum(values: &[f64], from: f64, step: f64) -> f64 {
    let (mut re, mut im) = (cos(from), sin(from));
    let (turn_re, turn_im) = (cos(step), sin(step));
    let mut sum = 0.0;
    for value in values {
        sum += value * re;
        (re, im) = (re * turn_re - im * turn_im, re * turn_im + im * turn_re);
    }
    sum
}

/// The taps of this curve, of unit gain at DC.
fn windowed(lifts: &[f64; DESIGN_POINTS], reach: usize, order: Order) -> [f64; MAX_TAPS] {
    let count = tap_count(reach, order);
    let step = omega_of(1) - omega_of(0);
    let mut taps = [0.0f64; MAX_TAPS];
    for (index, tap) in taps.iter_mut().take(count).enumerate() {
        let distance = index as f64 - 0.5 * (count - 1) as f64;
        *tap = cosine_sum(lifts, distance * omega_of(0), distance * step) * kaiser(BETA, distance / (2 * reach) as f64);
    }
    let sum: f64 = taps.iter().sum();
    taps.map(|tap| tap / sum)
}

/// What the taps make of a sine.
fn response(taps: &[f64; MAX_TAPS], reach: usize, order: Order, omega: f64) -> f64 {
    let count = tap_count(reach, order);
    cosine_sum(&taps[..count], -0.5 * (count - 1) as f64 * omega, omega)
}

/// The middle of an interval of the design's integral, from 0 to a quarter of the rate.
fn omega_of(point: usize) -> f64 {
    0.5 * PI * (point as f64 + 0.5) / DESIGN_POINTS as f64
}

/// One channel.
#[derive(Clone)]
pub struct Oversampler {
    doublings: usize,
    pad: usize,
    ups: (Up<{ REACHES[0] }>, Up<{ REACHES[1] }>, Up<{ REACHES[2] }>, Up<{ REACHES[3] }>),
    downs: (Down<{ REACHES[0] }>, Down<{ REACHES[1] }>, Down<{ REACHES[2] }>),
    last: Last,
    /// Samples at the high rate before and after the work done there.
    high: Vec<f32>,
    worked: Vec<f32>,
    scratch: Vec<f32>,
}

impl Default for Oversampler {
    fn default() -> Self {
        Self::new()
    }
}

impl Oversampler {
    /// A silent one that stays at the base rate.
    pub fn new() -> Self {
        Self {
            doublings: 0,
            pad: 0,
            ups: (Up::new(MAX_FRAMES), Up::new(2 * MAX_FRAMES), Up::new(4 * MAX_FRAMES), Up::new(8 * MAX_FRAMES)),
            downs: (Down::new(MAX_FRAMES), Down::new(2 * MAX_FRAMES), Down::new(4 * MAX_FRAMES)),
            last: Last::new(),
            high: alloc::vec![0.0; MEMORY + MAX_HIGH + VECTOR_LANES],
            worked: alloc::vec![0.0; MAX_PAD + MAX_HIGH + VECTOR_LANES],
            scratch: alloc::vec![0.0; MAX_HIGH],
        }
    }

    /// Forgets all sound and takes a factor of 2 to the `doublings` for work of this order.
    pub fn reset(&mut self, doublings: usize, order: Order) {
        self.doublings = doublings.min(MAX_DOUBLINGS);
        self.pad = high_delay(self.doublings).1;
        let Self { ups, downs, last, .. } = self;
        let pasts = [&mut ups.0.past, &mut ups.1.past, &mut ups.2.past, &mut ups.3.past];
        let evens = [&mut downs.0.even, &mut downs.1.even, &mut downs.2.even, &mut last.even];
        let odds = [&mut downs.0.odd, &mut downs.1.odd, &mut downs.2.odd, &mut last.odd];
        for past in pasts.into_iter().chain(evens).chain(odds).chain([&mut self.high, &mut self.worked]) {
            past.fill(0.0);
        }
        if self.doublings > 0 {
            self.last.design(REACHES[self.doublings - 1], order, 2.0 * PI * PASS_SHARE / self.factor() as f64);
        }
    }

    /// How many samples at the high rate make a frame.
    pub fn factor(&self) -> usize {
        1 << self.doublings
    }

    /// Takes samples (at most [`MAX_FRAMES`]) through `work` in place. `work` is handed the high rate's samples, beginning with [`MEMORY`]
    /// older ones, and room for as many results as there are samples after those.
    pub fn process(&mut self, samples: &mut [f32], work: impl FnOnce(&[f32], &mut [f32])) {
        let count = samples.len() << self.doublings;
        self.rise(samples);
        work(&self.high[..MEMORY + count], &mut self.worked[MAX_PAD..MAX_PAD + count]);
        self.high.copy_within(count..count + MEMORY, 0);
        self.fall(samples);
        self.worked.copy_within(count..count + MAX_PAD, 0);
    }

    fn rise(&mut self, samples: &[f32]) {
        let count = samples.len();
        let (high, scratch) = (&mut self.high[MEMORY..], &mut self.scratch[..]);
        match self.doublings {
            0 => high[..count].copy_from_slice(samples),
            1 => self.ups.0.run(samples, high),
            2 => {
                self.ups.0.run(samples, scratch);
                self.ups.1.run(&scratch[..2 * count], high);
            }
            3 => {
                self.ups.0.run(samples, high);
                self.ups.1.run(&high[..2 * count], scratch);
                self.ups.2.run(&scratch[..4 * count], high);
            }
            _ => {
                self.ups.0.run(samples, scratch);
                self.ups.1.run(&scratch[..2 * count], high);
                self.ups.2.run(&high[..4 * count], scratch);
                self.ups.3.run(&scratch[..8 * count], high);
            }
        }
    }

    fn fall(&mut self, samples: &mut [f32]) {
        let count = samples.len();
        let from = MAX_PAD - self.pad;
        let worked = &self.worked[from..from + (count << self.doublings)];
        if self.doublings == 0 {
            samples.copy_from_slice(worked);
            return;
        }
        let reach = REACHES[self.doublings - 1];
        if self.doublings == 1 {
            self.last.run(worked, samples, reach);
            return;
        }
        // The high rate's samples before the work are no longer needed: their place serves for the steps between.
        let mut lower = self.doublings - 1;
        self.last.run(worked, &mut self.scratch[..count << lower], reach);
        let spare = &mut self.high[MEMORY + VECTOR_LANES..];
        while lower > 1 {
            lower -= 1;
            let (from, to) = (&self.scratch[..count << (lower + 1)], &mut spare[..count << lower]);
            match lower {
                1 => self.downs.1.run(from, to),
                _ => self.downs.2.run(from, to),
            }
            self.scratch[..count << lower].copy_from_slice(to);
        }
        self.downs.0.run(&self.scratch[..2 * count], samples);
    }
}
