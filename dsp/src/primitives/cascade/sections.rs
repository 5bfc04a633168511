//! Two sections of a cascade in one vector: both channels of the early section, which has its frames first, and of the late one.

use crate::primitives::lanes::{F4, VECTOR_LANES};
use crate::primitives::svf::{SteadyCoefficients, SvfCoefficients};

/// Channels of every section.
pub const CHANNELS: usize = 2;
/// Sections of a vector.
pub const HALVES: usize = VECTOR_LANES / CHANNELS;
/// States below this (−400 dB) are flushed to zero before they become subnormal.
const FLUSH_BELOW: f32 = 1e-20;
/// States beyond this are no sound any more.
const STATE_LIMIT: f32 = 1e15;

/// The coefficients of a vector's lanes.
type Bank = [F4; SvfCoefficients::COUNT];

/// Which sections of a vector have frames to work on.
#[derive(Clone, Copy, PartialEq)]
pub enum Working {
    Early,
    Both,
    Late,
    None,
}

impl Working {
    /// Of these two.
    #[inline(always)]
    pub fn of(early: bool, late: bool) -> Self {
        match (early, late) {
            (true, true) => Working::Both,
            (true, false) => Working::Early,
            (false, true) => Working::Late,
            (false, false) => Working::None,
        }
    }

    /// What has changed where there was work, and what was before elsewhere.
    #[inline(always)]
    fn merge(self, now: F4, before: F4) -> F4 {
        match self {
            Working::Early => now.with_high_of(before),
            Working::Both => now,
            Working::Late => before.with_high_of(now),
            Working::None => before,
        }
    }
}

/// Two sections of both channels: early left, early right, late left, late right.
#[derive(Clone)]
pub struct Sections {
    pub coefficients: Bank,
    /// Where the coefficients go.
    pub targets: Bank,
    /// What every frame of a glide adds.
    pub steps: Bank,
    /// The coefficients in the coordinates of filters that stand still.
    steady: [F4; SteadyCoefficients::COUNT],
    /// In the coordinates of the form that the pass has.
    pub states: [F4; 2],
}

impl Sections {
    /// Both pass everything unchanged.
    pub fn new() -> Self {
        let zero = F4::splat(0.0);
        let identity = SvfCoefficients::IDENTITY.to_array().map(F4::splat);
        let steady = [zero; SteadyCoefficients::COUNT];
        Self { coefficients: identity, targets: identity, steps: [zero; SvfCoefficients::COUNT], steady, states: [zero; 2] }
    }

    /// Of a section and channel.
    pub fn coefficients(&self, lane: usize) -> SvfCoefficients {
        SvfCoefficients::from_array(self.coefficients.map(|bank| bank.lane(0, lane)))
    }

    /// Of a section and channel.
    pub fn states(&self, lane: usize) -> [f32; 2] {
        self.states.map(|state| state.lane(0, lane))
    }

    /// Of a section and channel.
    pub fn set_states(&mut self, lane: usize, states: [f32; 2]) {
        for (state, value) in self.states.iter_mut().zip(states) {
            *state = state.with_lane(0, lane, value);
        }
    }

    /// Turns states and coefficients into those of filters that stand still.
    pub fn hold(&mut self) {
        for lane in 0..VECTOR_LANES {
            let coefficients = self.coefficients(lane);
            self.set_states(lane, coefficients.to_steady(self.states(lane)));
            for (steady, value) in self.steady.iter_mut().zip(coefficients.steady().to_array()) {
                *steady = steady.with_lane(0, lane, value);
            }
        }
    }

    /// Turns states into those of filters that move.
    pub fn release(&mut self) {
        for lane in 0..VECTOR_LANES {
            self.set_states(lane, self.coefficients(lane).from_steady(self.states(lane)));
        }
    }

    fn keep_states(&mut self, states: [F4; 2], working: Working) {
        self.states = core::array::from_fn(|index| working.merge(states[index], self.states[index]));
    }

    /// Filters a tile in place while the coefficients move.
    #[inline(always)]
    pub fn run_moving(&mut self, tile: &mut [F4], working: Working) {
        let (mut c, [mut s1, mut s2]) = (self.coefficients, self.states);
        for frame in tile {
            c = core::array::from_fn(|index| c[index] + self.steps[index]);
            let [leak, band, low, direct, first, error] = c;
            let v = *frame - s2;
            *frame = direct * *frame + (first * s1 + error * v);
            (s1, s2) = (s1 + (band * v - leak * s1), s2 + (band * s1 + low * v));
        }
        self.keep_states([s1, s2], working);
        self.coefficients = core::array::from_fn(|index| working.merge(c[index], self.coefficients[index]));
    }

    /// Filters a tile in place; with `UNITY` the input's share of the output is 1, as it is in every bell, and the product is left out.
    #[inline(always)]
    pub fn run_steady<const UNITY: bool>(&mut self, tile: &mut [F4], working: Working) {
        let [direct, error, drive, damp, pull] = self.steady;
        let [mut w1, mut w2] = self.states;
        for frame in tile {
            let x = *frame;
            let change = w1 + error * x;
            *frame = if UNITY { x } else { direct * x } + change;
            (w1, w2) = ((w1 + w2) + (drive * x - damp * w1), w2 - pull * change);
        }
        self.keep_states([w1, w2], working);
    }

    /// Puts out what faded, and what is not a number.
    pub fn flush(&mut self) {
        for state in &mut self.states {
            let sane = state.zero_beyond(STATE_LIMIT);
            *state = sane.abs().ge(F4::splat(FLUSH_BELOW)).keep(sane);
        }
    }

    /// Forgets all sound.
    pub fn silence(&mut self) {
        self.states = [F4::splat(0.0); 2];
    }
}
