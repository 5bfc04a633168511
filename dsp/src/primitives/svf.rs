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

    /// From values in the order of declaration.
    pub fn from_array([leak, band, low, direct, first, error]: [f32; Self::COUNT]) -> Self {
        Self { leak, band, low, direct, first, error }
    }

    fn in_64_bits(self) -> [f64; Self::COUNT] {
        self.to_array().map(f64::from)
    }

    /// The same filter while it stands still.
    pub fn steady(self) -> SteadyCoefficients {
        let [leak, band, low, _, first, error] = self.in_64_bits();
        SteadyCoefficients {
            direct: self.direct,
            error: self.error,
            drive: (first * band - error * low) as f32,
            damp: (leak + low) as f32,
            pull: (leak * low + band * band) as f32,
        }
    }

    /// What w1 and w2 are of s1 and s2, by rows.
    fn coordinates(self) -> [[f64; 2]; 2] {
        let [leak, band, low, _, first, error] = self.in_64_bits();
        [[first, -error], [first * low - error * band, -first * band - error * leak]]
    }

    /// The states w1 and w2 of [`SteadyCoefficients`].
    pub fn to_steady(self, states: [f32; 2]) -> [f32; 2] {
        let [s1, s2] = states.map(f64::from);
        self.coordinates().map(|[of_s1, of_s2]| (of_s1 * s1 + of_s2 * s2) as f32)
    }

    /// The states s1 and s2; none in a filter that passes everything unchanged, where nothing is heard of them.
    pub fn from_steady(self, states: [f32; 2]) -> [f32; 2] {
        let [w1, w2] = states.map(f64::from);
        let [[a, b], [c, d]] = self.coordinates();
        let determinant = a * d - b * c;
        if determinant == 0.0 {
            [0.0; 2]
        } else {
            [(d * w1 - b * w2) / determinant, (a * w2 - c * w1) / determinant].map(|state| state as f32)
        }
    }
}

/// A filter that stands still, in coordinates that are made of its own coefficients: ten operations a frame instead of fourteen, and the
/// rounding of 32 bits only touches what the filter changes.
///
/// With input x and states w1 = first·s1 − error·s2 and w2: change = w1 + error·x, y = direct·x + change, w1 += w2 + drive·x − damp·w1,
/// w2 −= pull·change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SteadyCoefficients {
    /// Input into the output.
    pub direct: f32,
    /// Input into what changes.
    pub error: f32,
    /// Input into w1.
    pub drive: f32,
    /// w1's own decay.
    pub damp: f32,
    /// What changes into w2.
    pub pull: f32,
}

impl SteadyCoefficients {
    /// Number of coefficients.
    pub const COUNT: usize = 5;

    /// In the order of declaration.
    pub fn to_array(self) -> [f32; Self::COUNT] {
        [self.direct, self.error, self.drive, self.damp, self.pull]
    }
}
