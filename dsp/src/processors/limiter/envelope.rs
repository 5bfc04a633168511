//! How the reduction comes back after a peak, in doublings of gain (6.02 dB) and positive.

use crate::primitives::lanes::F4;
use crate::units::ms_to_frames;

/// Reductions below this are none.
const LEAST: f32 = 1e-6;

/// What a style means.
struct Style {
    /// A short peak is released in this share of the release time when the release is automatic.
    quick_share: f64,
    /// How much of the lasting part holds the gain down.
    lasting: f32,
    /// The gain stays down this long.
    hold_ms: f64,
}

/// In the order of the declaration's words.
const STYLES: [Style; 4] = [
    Style { quick_share: 0.25, lasting: 1.0, hold_ms: 4.0 },
    Style { quick_share: 0.12, lasting: 0.8, hold_ms: 0.0 },
    Style { quick_share: 0.06, lasting: 0.6, hold_ms: 0.0 },
    Style { quick_share: 0.6, lasting: 1.0, hold_ms: 12.0 },
];

/// The times as shares per frame and frames.
#[derive(Clone, Copy)]
pub struct Times {
    quick: f32,
    fill: f32,
    release: f32,
    lasting: f32,
    hold_frames: usize,
}

impl Times {
    /// From the parameters.
    pub fn new(style: usize, attack_ms: f32, release_ms: f32, is_auto: bool, rate_hz: f64) -> Self {
        let pole = |ms: f64| (1.0 - libm::exp(-1000.0 / (ms * rate_hz))) as f32;
        let style = &STYLES[style.min(STYLES.len() - 1)];
        let release_ms = release_ms as f64;
        Self {
            quick: pole(if is_auto { release_ms * style.quick_share } else { release_ms }),
            fill: pole(attack_ms as f64),
            release: pole(release_ms),
            lasting: if is_auto { style.lasting } else { 0.0 },
            hold_frames: ms_to_frames(style.hold_ms, rate_hz),
        }
    }
}

/// One channel: a slow part that lasting limiting fills within the attack and that empties within the release, and the whole, which falls
/// quickly down to the slow part and jumps up to what is needed.
#[derive(Clone, Copy, Default)]
pub struct Envelope {
    slow: f32,
    whole: f32,
    hold_left: usize,
}

impl Envelope {
    /// Moves the slow part on and gives it.
    #[inline(always)]
    pub fn fill(&mut self, needed: f32, times: &Times) -> f32 {
        let (slow, zero) = (F4::splat(self.slow), F4::splat(0.0));
        let way = F4::splat(needed) - slow;
        let moved = slow + (F4::splat(times.fill) * way.max(zero) + F4::splat(times.release) * way.min(zero));
        self.slow = moved.ge(F4::splat(LEAST)).keep(moved).lane(0, 0);
        self.slow
    }

    /// The reduction of this frame: never less than what is needed. `slow` is the slow part, linked as asked.
    #[inline(always)]
    pub fn follow(&mut self, needed: f32, slow: f32, times: &Times) -> f32 {
        if needed >= self.whole && needed > 0.0 {
            self.whole = needed;
            self.hold_left = times.hold_frames;
        } else if self.hold_left > 0 {
            self.hold_left -= 1;
        } else {
            let floor = times.lasting * slow;
            let target = if floor > needed { floor } else { needed };
            let target = if target < self.whole { target } else { self.whole };
            self.whole += times.quick * (target - self.whole);
            self.whole = if self.whole < LEAST { 0.0 } else { self.whole };
            self.whole = if self.whole < needed { needed } else { self.whole };
        }
        self.whole
    }

    /// Whether it has come to rest.
    pub fn is_idle(&self) -> bool {
        self.slow == 0.0 && self.whole == 0.0 && self.hold_left == 0
    }
}
