//! The state-variable form of a second-order filter, in which 32-bit floats are enough at 20 Hz.
//!
//! A. Simper's trapezoidal filter, written in differences: each state gains a small increment whose coefficients keep their full
//! relative precision, however low the frequency. The state matrix of every stable design is a contraction, and contractions form a
//! convex set: coefficients may glide along straight lines between any two designs without ever becoming unstable.

use super::filter_design::Biquad;

/// One section's coefficients. With input x, states s1 and s2 and v = x − s2:
/// y = direct·x + first·s1 + error·v, s1 += band·v − leak·s1, s2 += band·s1 + low·v (s1 as it was).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SvfCoefficients {
    /// s1's own decay.
    pub leak: f32,
    /// Exchange between the states.
    pub band: f32,
    /// Input into s2.
    pub low: f32,
    /// Input into the output (the gain at DC).
    pub direct: f32,
    /// s1 into the output.
    pub first: f32,
    /// v into the output.
    pub error: f32,
}

impl SvfCoefficients {
    /// Number of coefficients.
    pub const COUNT: usize = 6;
    /// Passes everything unchanged.
    pub const IDENTITY: Self = Self { leak: 0.0, band: 0.0, low: 0.0, direct: 1.0, first: 0.0, error: 0.0 };

    /// The coefficients that realise this transfer function.
    pub fn new(biquad: &Biquad) -> Self {
        let [b0, b1, b2] = biquad.b;
        let [a1, a2] = biquad.a;
        let nyquist = 1.0 - a1 + a2;
        let g = libm::sqrt((1.0 + a1 + a2) / nyquist);
        let k = 2.0 * (1.0 - a2) / (nyquist * g);
        let high_gain = (b0 - b1 + b2) / nyquist;
        let low_gain = (b0 + b1 + b2) / (nyquist * g * g);
        let band_gain = 2.0 * (b0 - b2) / (nyquist * g);
        let (m1, m2) = (band_gain - high_gain * k, low_gain - high_gain);
        let decay = 1.0 / (1.0 + g * (g + k));
        let (exchange, through) = (g * decay, g * g * decay);
        Self {
            leak: (2.0 * g * (g + k) * decay) as f32,
            band: (2.0 * exchange) as f32,
            low: (2.0 * through) as f32,
            direct: low_gain as f32,
            first: (m1 * decay + m2 * exchange) as f32,
            error: (m1 * exchange + m2 * (through - 1.0)) as f32,
        }
    }

    /// This share of the way from here to the others.
    pub fn towards(&self, other: &Self, share: f32) -> Self {
        let way = |from: f32, to: f32| from + share * (to - from);
        Self {
            leak: way(self.leak, other.leak),
            band: way(self.band, other.band),
            low: way(self.low, other.low),
            direct: way(self.direct, other.direct),
            first: way(self.first, other.first),
            error: way(self.error, other.error),
        }
    }

    /// In the order of declaration.
    pub fn to_array(self) -> [f32; Self::COUNT] {
        [self.leak, self.band, self.low, self.direct, self.first, self.error]
    }
}
