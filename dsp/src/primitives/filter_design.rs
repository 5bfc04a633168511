//! Second-order digital filters whose magnitude follows the analogue prototype up to Nyquist.
//!
//! After M. Vicanek, "Matched Second Order Digital Filters" (2016): the poles are the prototype's by impulse invariance, the
//! zeros make |H|² meet the prototype at chosen frequencies. Bells and shelves are designed in the direction whose poles lie lower and inverted
//! for the other one, so boost and cut cancel exactly. Frequencies are in radians per frame.

use core::f64::consts::PI;

use libm::{cos, cosh, exp, pow, sin, sqrt};

/// H(z) = (b0 + b1 z⁻¹ + b2 z⁻²) / (1 + a1 z⁻¹ + a2 z⁻²).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Biquad {
    /// Numerator.
    pub b: [f64; 3],
    /// Denominator without its leading 1.
    pub a: [f64; 2],
}

/// The three functions of frequency in which |polynomial|² of second order is linear.
fn basis(omega: f64) -> [f64; 3] {
    let half = sin(omega / 2.0);
    let high = half * half;
    let low = 1.0 - high;
    [low, high, 4.0 * low * high]
}

fn dot(weights: [f64; 3], basis: [f64; 3]) -> f64 {
    weights[0] * basis[0] + weights[1] * basis[1] + weights[2] * basis[2]
}

/// Fits below this centre, in radians per frame, are exact enough as they are.
const REFINED_FROM: f64 = 0.04;
/// Up to where refined fits look, in radians per frame: 20.4 kHz at 48 kHz; where that gives no stable filter, further.
const REFINED_TO: [f64; 3] = [0.85 * PI, 0.91 * PI, 0.96 * PI];
/// Frequencies spread evenly over the range, and around the centre.
const EVEN_POINTS: usize = 16;
const CENTRE_POINTS: usize = 8;
const REFINED_POINTS: usize = EVEN_POINTS + 2 * CENTRE_POINTS;
/// Rounds of re-weighting.
const REFINED_ROUNDS: usize = 3;

/// The minimum-phase polynomial whose square in the basis is this; `None` when there is none.
fn factor(squares: [f64; 3]) -> Option<[f64; 3]> {
    let inside = 0.5 * (sqrt(squares[0]) + sqrt(squares[1]));
    let root = inside * inside + squares[2];
    if !(squares[0] > 0.0 && squares[1] > 0.0 && root > 0.0) {
        return None;
    }
    let c0 = 0.5 * (inside + sqrt(root));
    Some([c0, 0.5 * (sqrt(squares[0]) - sqrt(squares[1])), -squares[2] / (4.0 * c0)])
}

/// Solves a symmetric positive system, of which the upper half is given, by Gaussian elimination.
fn solve(mut m: [[f64; 5]; 4]) -> [f64; 4] {
    for pivot in 0..4 {
        let from = m[pivot];
        for (row, values) in m.iter_mut().enumerate().skip(pivot + 1) {
            let share = from[row] / from[pivot];
            for (value, above) in values.iter_mut().zip(from).skip(row) {
                *value -= share * above;
            }
        }
    }
    let mut x = [0.0; 4];
    for row in (0..4).rev() {
        let known: f64 = (row + 1..4).map(|column| m[row][column] * x[column]).sum();
        x[row] = (m[row][4] - known) / m[row][row];
    }
    x
}

/// Moves poles and zeros so that |H|² follows `power` from DC to 20 kHz with the least mean square of relative errors, DC
/// kept exactly: linear least squares in the squares of both polynomials, re-weighted by the last round's denominator
/// (Sanathanan and Koerner 1963). Where no stable solution comes out, the start is kept.
fn refine(start: Biquad, power: impl Fn(f64) -> f64, omega: f64, spread: f64) -> Biquad {
    if omega < REFINED_FROM {
        return start;
    }
    REFINED_TO.iter().find_map(|highest| refine_up_to(*highest, start, &power, omega, spread)).unwrap_or(start)
}

fn refine_up_to(highest: f64, start: Biquad, power: impl Fn(f64) -> f64, omega: f64, spread: f64) -> Option<Biquad> {
    let mut points = [[0.0; 4]; REFINED_POINTS];
    for (index, point) in points.iter_mut().enumerate() {
        let w = if index < EVEN_POINTS {
            highest * (index + 1) as f64 / EVEN_POINTS as f64
        } else {
            let step = (index - EVEN_POINTS) as f64 - CENTRE_POINTS as f64 + 0.5;
            (omega * exp(spread * step / CENTRE_POINTS as f64)).min(highest)
        };
        let [low, high, band] = basis(w);
        *point = [low, high, band, power(w)];
    }
    let [a1, a2] = start.a;
    let dc = 1.0 + a1 + a2;
    let at_dc = power(0.0);
    let mut squares = Poles::from_coefficients(a1, a2).squares.map(|square| square / (dc * dc));
    let mut best = None;
    for _ in 0..REFINED_ROUNDS {
        let mut m = [[0.0; 5]; 4];
        for [low, high, band, wanted] in points {
            let weight = 1.0 / (wanted * dot(squares, [low, high, band]));
            // wanted·(low + A1·high + A2·band) = dc·low + B1·high + B2·band
            let row = [wanted * high, wanted * band, -high, -band, (at_dc - wanted) * low].map(|value| value * weight);
            for i in 0..4 {
                for j in i..5 {
                    m[i][j] += row[i] * row[j];
                }
            }
        }
        let [a1, a2, b1, b2] = solve(m);
        squares = [1.0, a1, a2];
        let (Some(a), Some(b)) = (factor(squares), factor([at_dc, b1, b2])) else {
            return best;
        };
        best = Some(Biquad { b: b.map(|value| value / a[0]), a: [a[1] / a[0], a[2] / a[0]] });
    }
    best
}

/// The denominator by impulse invariance, and its |A|² in the basis.
#[derive(Clone, Copy)]
struct Poles {
    a: [f64; 2],
    squares: [f64; 3],
}

impl Poles {
    fn from_coefficients(a1: f64, a2: f64) -> Self {
        let (dc, nyquist) = (1.0 + a1 + a2, 1.0 - a1 + a2);
        Self { a: [a1, a2], squares: [dc * dc, nyquist * nyquist, -4.0 * a2] }
    }

    /// A pair with this quality.
    fn pair(omega: f64, quality: f64) -> Self {
        let damping = 0.5 / quality;
        let radius = exp(-damping * omega);
        let swing = if damping <= 1.0 { cos(sqrt(1.0 - damping * damping) * omega) } else { cosh(sqrt(damping * damping - 1.0) * omega) };
        Self::from_coefficients(-2.0 * radius * swing, radius * radius)
    }

    fn single(omega: f64) -> Self {
        Self::from_coefficients(-exp(-omega), 0.0)
    }

    fn power(&self, omega: f64) -> f64 {
        dot(self.squares, basis(omega))
    }

    /// The minimum-phase numerator with this |B|² in the basis.
    fn with_numerator(self, squares: [f64; 3]) -> Biquad {
        let (dc, nyquist) = (sqrt(squares[0].max(0.0)), sqrt(squares[1].max(0.0)));
        let sum = 0.5 * (dc + nyquist);
        let b0 = 0.5 * (sum + sqrt((sum * sum + squares[2]).max(0.0)));
        let b2 = if b0 > 0.0 { -squares[2] / (4.0 * b0) } else { 0.0 };
        Biquad { b: [b0, 0.5 * (dc - nyquist), b2], a: self.a }
    }

    /// Zeros by which |H|² equals `power` at DC, at Nyquist and at `middle`.
    fn meeting(self, power: impl Fn(f64) -> f64, middle: f64) -> Biquad {
        let at = basis(middle);
        let low = self.squares[0] * power(0.0);
        let high = self.squares[1] * power(PI);
        let band = (power(middle) * self.power(middle) - low * at[0] - high * at[1]) / at[2];
        self.with_numerator([low, high, band])
    }
}

impl Biquad {
    /// Passes everything unchanged.
    pub const IDENTITY: Self = Self { b: [1.0, 0.0, 0.0], a: [0.0, 0.0] };

    /// |H|² at a frequency.
    pub fn power(&self, omega: f64) -> f64 {
        let square = |c: [f64; 3]| {
            let re = c[0] + c[1] * cos(omega) + c[2] * cos(2.0 * omega);
            let im = c[1] * sin(omega) + c[2] * sin(2.0 * omega);
            re * re + im * im
        };
        square(self.b) / square([1.0, self.a[0], self.a[1]])
    }

    /// |H|² where cos ω and cos 2ω are these.
    pub fn power_at(&self, cosines: [f64; 2]) -> f64 {
        let square =
            |c: [f64; 3]| c[0] * c[0] + c[1] * c[1] + c[2] * c[2] + 2.0 * ((c[0] + c[2]) * c[1] * cosines[0] + c[0] * c[2] * cosines[1]);
        square(self.b) / square([1.0, self.a[0], self.a[1]])
    }

    /// 1 / H; stable for a minimum-phase filter.
    pub fn inverse(self) -> Self {
        let [b0, b1, b2] = self.b;
        let [a1, a2] = self.a;
        Self { b: [1.0 / b0, a1 / b0, a2 / b0], a: [b1 / b0, b2 / b0] }
    }

    /// The same, louder by a linear gain.
    pub fn scaled(self, gain: f64) -> Self {
        Self { b: self.b.map(|b| b * gain), a: self.a }
    }

    /// A bell: (s² + s·A/Q + 1) / (s² + s/(A·Q) + 1) with A = 10^(gain/40).
    pub fn bell(omega: f64, quality: f64, gain_db: f64) -> Self {
        let amplitude = pow(10.0, gain_db.abs() / 40.0);
        let gain = amplitude * amplitude;
        let poles = Poles::pair(omega, amplitude * quality);
        let [low, high, _] = basis(omega);
        let [a0, a1, a2] = poles.squares;
        // |H|² meets the prototype at DC, and at the centre with its slope (zero).
        let centre = poles.power(omega) * gain * gain;
        let slope = (a1 - a0 + 4.0 * (low - high) * a2) * gain * gain;
        let band = (centre - slope * high - a0) / (4.0 * high * high);
        let boost = poles.with_numerator([a0, slope + a0 + 4.0 * (high - low) * band, band]);
        let prototype = |w: f64| {
            let x = w / omega * (w / omega);
            let (reactance, side) = ((1.0 - x) * (1.0 - x), x / (quality * quality));
            (reactance + side * gain) / (reactance + side / gain)
        };
        let boost = refine(boost, prototype, omega, 1.0 / quality);
        if gain_db < 0.0 { boost.inverse() } else { boost }
    }

    /// A shelf that leaves the lows and lowers the highs by `gain_db` ≥ 0; half the decibels at `omega`.
    fn falling_shelf(omega: f64, quality: f64, gain_db: f64) -> Self {
        let a = pow(10.0, gain_db / 40.0);
        let prototype = |w: f64| {
            let x = w / omega * (w / omega);
            let side = a / (quality * quality) * x;
            let (zeros, poles) = (a - x, 1.0 - a * x);
            (zeros * zeros + side) / (a * a * (poles * poles + side))
        };
        let falling = Poles::pair(omega / sqrt(a), quality).meeting(prototype, omega);
        refine(falling, prototype, omega, 1.0 / quality)
    }

    /// A high shelf: the lows stay, the highs gain `gain_db`, half of it at `omega`.
    pub fn high_shelf(omega: f64, quality: f64, gain_db: f64) -> Self {
        let falling = Self::falling_shelf(omega, quality, gain_db.abs());
        if gain_db > 0.0 { falling.inverse() } else { falling }
    }

    /// A low shelf: the highs stay, the lows gain `gain_db`, half of it at `omega`.
    pub fn low_shelf(omega: f64, quality: f64, gain_db: f64) -> Self {
        let rising = Self::falling_shelf(omega, quality, gain_db.abs()).scaled(pow(10.0, gain_db.abs() / 20.0));
        if gain_db < 0.0 { rising.inverse() } else { rising }
    }

    /// A first-order tilt around `omega`: highs gain `gain_db`, lows lose as much.
    pub fn tilt(omega: f64, gain_db: f64) -> Self {
        let a = pow(10.0, gain_db.abs() / 20.0);
        let prototype = |w: f64| {
            let x = w / omega * (w / omega);
            (x + a * a) / (a * a * x + 1.0)
        };
        let falling = Poles::single(omega / a).meeting(prototype, omega);
        if gain_db > 0.0 { falling.inverse() } else { falling }
    }

    /// A low-pass of second order.
    pub fn low_pass(omega: f64, quality: f64) -> Self {
        let poles = Poles::pair(omega, quality);
        let [low, high, _] = basis(omega);
        let dc = poles.squares[0];
        let nyquist = (poles.power(omega) * quality * quality - dc * low) / high;
        poles.with_numerator([dc, nyquist, 0.0])
    }

    /// A high-pass of second order: both zeros at DC, the prototype met at `omega`.
    pub fn high_pass(omega: f64, quality: f64) -> Self {
        let poles = Poles::pair(omega, quality);
        let b0 = quality * sqrt(poles.power(omega)) / (4.0 * basis(omega)[1]);
        Self { b: [b0, -2.0 * b0, b0], a: poles.a }
    }

    /// A low-pass of first order.
    pub fn low_pass_first_order(omega: f64) -> Self {
        Poles::single(omega).meeting(|w| 1.0 / (1.0 + w / omega * (w / omega)), omega)
    }

    /// A high-pass of first order.
    pub fn high_pass_first_order(omega: f64) -> Self {
        let prototype = |w: f64| {
            let x = w / omega * (w / omega);
            x / (1.0 + x)
        };
        Poles::single(omega).meeting(prototype, omega)
    }

    /// A band-pass with 0 dB at its centre.
    pub fn band_pass(omega: f64, quality: f64) -> Self {
        let poles = Poles::pair(omega, quality);
        let [low, high, _] = basis(omega);
        let [a0, a1, a2] = poles.squares;
        let slope = a1 - a0 + 4.0 * (low - high) * a2;
        let band = (poles.power(omega) - slope * high) / (4.0 * high * high);
        let nyquist = slope + 4.0 * (high - low) * band;
        let b1 = -0.5 * sqrt(nyquist.max(0.0));
        let b0 = 0.5 * (sqrt((band + b1 * b1).max(0.0)) - b1);
        Self { b: [b0, b1, -b0 - b1], a: poles.a }
    }

    /// A notch: nothing at `omega`, 0 dB at DC and at Nyquist (bilinear, prewarped).
    pub fn notch(omega: f64, quality: f64) -> Self {
        let alpha = sin(omega) / (2.0 * quality);
        let middle = -2.0 * cos(omega);
        let scale = 1.0 / (1.0 + alpha);
        Self { b: [scale, middle * scale, scale], a: [middle * scale, (1.0 - alpha) * scale] }
    }
}

/// A quotient of polynomials in s, up to the second power, with its corner at 1: the constant comes first.
pub type Analogue = [[f64; 3]; 2];

impl Biquad {
    /// The bilinear transform of an analogue filter, prewarped at `omega`. What sums to an all-pass there does so here, unlike matched designs.
    pub fn bilinear(omega: f64, [zeros, poles]: Analogue) -> Self {
        let g = libm::tan(0.5 * omega);
        // s = (1 − z⁻¹) / g(1 + z⁻¹), both sides times g(1 + z⁻¹) or its square.
        let is_first_order = zeros[2] == 0.0 && poles[2] == 0.0;
        let expand = |[c0, c1, c2]: [f64; 3]| {
            if is_first_order {
                return [c0 * g + c1, c0 * g - c1, 0.0];
            }
            let (low, middle) = (c0 * g * g, c1 * g);
            [low + middle + c2, 2.0 * (low - c2), low - middle + c2]
        };
        let (b, a) = (expand(zeros), expand(poles));
        Self { b: b.map(|b| b / a[0]), a: [a[1] / a[0], a[2] / a[0]] }
    }
}

/// Quality of pair `index` of a Butterworth filter of this order (the highest quality first).
pub fn butterworth_quality(order: usize, index: usize) -> f64 {
    0.5 / sin((index as f64 + 0.5) * PI / order as f64)
}
