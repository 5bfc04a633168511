//! Modulation without loss: eight slow rotations between pairs of lines.
//!
//! A delay that wobbles reads between frames and loses highs with every pass; the decay would no longer be what the dial says.
//! Rotating what leaves two lines into each other by an angle that swings slowly keeps the energy exactly and breaks the modes up
//! just the same (S. Schlecht and E. Habets, "Time-varying feedback matrices in feedback delay networks", JASA 2015). Angles are
//! computed every [`STEP_FRAMES`] and cosine and sine run straight in between.

use core::f64::consts::PI;

use crate::primitives::lanes::{Lanes, VECTOR_LANES};

/// Frames between two computed angles.
pub const STEP_FRAMES: usize = 128;
/// Pairs of lines.
const PAIRS: usize = 8;
/// Widest angle.
const WIDEST_RADIANS: f64 = 1.2;
/// Slowest and fastest swing.
const SWING_HZ: [f64; 2] = [0.19, 0.83];
/// The golden ratio's fraction of a turn between the pairs' beginnings: no two swing together.
const APART_TURNS: f64 = 0.618_034;

/// Cosines or sines of all pairs.
type Pairs = Lanes<{ PAIRS / VECTOR_LANES }>;

/// See the module's text.
pub struct Wander {
    rate_hz: f64,
    depth: f64,
    /// Steps since the beginning.
    step: u64,
    cosine: Pairs,
    sine: Pairs,
    cosine_step: Pairs,
    sine_step: Pairs,
}

impl Wander {
    /// One that stands still.
    pub fn new(rate_hz: f64) -> Self {
        let (zero, one) = (Lanes::splat(0.0), Lanes::splat(1.0));
        Self { rate_hz, depth: 0.0, step: 0, cosine: one, sine: zero, cosine_step: zero, sine_step: zero }
    }

    /// How far it swings, 0 to 1, from the next step on.
    pub fn set_depth(&mut self, depth: f64) {
        self.depth = depth;
    }

    /// Begins anew.
    pub fn reset(&mut self) {
        self.stand_at(0);
    }

    /// Stands at the beginning of a step, as if it had come there.
    pub fn stand_at(&mut self, step: u64) {
        self.step = step;
        [self.cosine, self.sine] = self.angles();
        self.begin_step();
    }

    /// Cosine and sine at the running step.
    fn angles(&self) -> [Pairs; 2] {
        let seconds = self.step as f64 * STEP_FRAMES as f64 / self.rate_hz;
        let mut values = [[[0.0; VECTOR_LANES]; PAIRS / VECTOR_LANES]; 2];
        for pair in 0..PAIRS {
            let hz = SWING_HZ[0] + (SWING_HZ[1] - SWING_HZ[0]) * pair as f64 / (PAIRS - 1) as f64;
            let turns = hz * seconds + APART_TURNS * pair as f64;
            let angle = WIDEST_RADIANS * self.depth * libm::sin(2.0 * PI * (turns - libm::floor(turns)));
            values[0][pair / VECTOR_LANES][pair % VECTOR_LANES] = libm::cos(angle) as f32;
            values[1][pair / VECTOR_LANES][pair % VECTOR_LANES] = libm::sin(angle) as f32;
        }
        values.map(Lanes::new)
    }

    /// Goes on to the next step; call it each time [`STEP_FRAMES`] have passed.
    pub fn begin_step(&mut self) {
        self.step += 1;
        let [cosine, sine] = self.angles();
        let share = Lanes::splat(1.0 / STEP_FRAMES as f32);
        self.cosine_step = (cosine - self.cosine) * share;
        self.sine_step = (sine - self.sine) * share;
    }

    /// The next frame's cosines and sines.
    #[inline(always)]
    pub fn advance(&mut self) -> [Pairs; 2] {
        self.cosine += self.cosine_step;
        self.sine += self.sine_step;
        [self.cosine, self.sine]
    }
}
