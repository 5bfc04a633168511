//! A band split whose parts sum to the input: the three outputs of a Butterworth state-variable filter of second order.
//!
//! Trapezoidal integration after A. Simper (2013). low + band + high is the input to the last bit that rounding leaves, whatever the
//! corner does, so a gain on a part is a filter with poles that stand still.

/// Damping of a Butterworth pair.
const DAMPING: f32 = core::f32::consts::SQRT_2;
/// States below this (−400 dB) are flushed to zero before they become subnormal.
const FLUSH_BELOW: f32 = 1e-20;

/// What lies around the corner and above it; what lies below is the input without both.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    /// Around the corner, its gain there 1.
    pub band: [f32; 2],
    /// Above, 12 dB/oct.
    pub high: [f32; 2],
}

/// See the module's text.
#[derive(Clone, Default)]
pub struct Split {
    states: [[f32; 2]; 2],
}

impl Split {
    /// A silent one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Splits a frame at the corner whose tan(π·f/rate) this is.
    #[inline(always)]
    pub fn pass(&mut self, frame: [f32; 2], warped: f32) -> Parts {
        let through = 1.0 / (1.0 + warped * (warped + DAMPING));
        let (first, second) = (warped * through, warped * warped * through);
        let mut parts = Parts { band: [0.0; 2], high: [0.0; 2] };
        for (channel, (x, [s1, s2])) in frame.into_iter().zip(&mut self.states).enumerate() {
            let rest = x - *s2;
            let v1 = through * *s1 + first * rest;
            let v2 = *s2 + first * *s1 + second * rest;
            *s1 = v1 + v1 - *s1;
            *s2 = v2 + v2 - *s2;
            parts.band[channel] = DAMPING * v1;
            parts.high[channel] = x - DAMPING * v1 - v2;
        }
        parts
    }

    /// Puts out what faded below −400 dB; call it at fixed frames.
    pub fn flush(&mut self) {
        for state in self.states.iter_mut().flatten() {
            if state.abs() < FLUSH_BELOW {
                *state = 0.0;
            }
        }
    }

    /// Forgets all sound.
    pub fn silence(&mut self) {
        *self = Self::new();
    }
}
