//! Curves without their aliases: each gives the mean of a curve over the way from one sample to the next, not its value at the sample.
//!
//! Antiderivative anti-aliasing (Parker, Zavalishin, Le Bivic, DAFx 2016; Bilbao, Esqueda, Parker, Välimäki, IEEE SPL 24, 2017)
//! divides differences of antiderivatives, which 32-bit floats cannot do: nearly equal numbers are subtracted.
//! Here each divided difference is brought into a form in which nothing cancels:
//!
//! - root x/√(1+x²): (√(1+b²) − √(1+a²)) / (b − a) = (a + b) / (√(1+a²) + √(1+b²));
//! - tanh: ln(cosh b / cosh a) / (b − a) = atanh(tanh m · tanh h) / h with the middle m and half the way h;
//! - sine: (cos a − cos b) / (b − a) = sin m · sin h / h;
//! - clip with a knee of parabolas: means of powers over a triangle, whose share on one side of a corner is a quotient of sums.
//!
//! The first three look at two samples ([`Order::First`]), the clip at three ([`Order::Second`]), since a corner needs the steeper fall.
//!
//! [`Order::First`]: super::oversampler::Order::First
//! [`Order::Second`]: super::oversampler::Order::Second

use super::fast_math::{ln_cosh, sin_quarters, tanh};
use super::lanes::F4;

/// The mean of x/√(1+x²) from `a` to `b`.
#[inline(always)]
pub fn root(a: F4, b: F4) -> F4 {
    let one = F4::splat(1.0);
    (a + b) / ((one + a * a).sqrt() + (one + b * b).sqrt())
}

/// From here on tanh's antiderivative is subtracted as it is: half the way is long enough.
const LONG_WAY: f32 = 0.6;

/// The mean of tanh from `a` to `b`.
#[inline(always)]
pub fn mean_tanh(a: F4, b: F4) -> F4 {
    let half = F4::splat(0.5);
    let (middle, way) = (half * (a + b), half * (b - a));
    let is_long = way.abs().gt(F4::splat(LONG_WAY));
    let way2 = is_long.select(F4::splat(0.0), way * way);
    // Padé approximants of tanh(h)/h and of atanh(u)/u, exact in 32 bits on their ranges.
    let tanh_by_way =
        (F4::splat(945.0) + way2 * (F4::splat(105.0) + way2)) / (F4::splat(945.0) + way2 * (F4::splat(420.0) + F4::splat(15.0) * way2));
    let slope = tanh(middle) * tanh_by_way;
    let u2 = slope * slope * way2;
    let above = F4::splat(945.0) + u2 * (F4::splat(-735.0) + F4::splat(64.0) * u2);
    let below = F4::splat(945.0) + u2 * (F4::splat(-1050.0) + F4::splat(225.0) * u2);
    let short = slope * (above / below);
    if !is_long.any() {
        return short;
    }
    let long_way = is_long.select(b - a, F4::splat(1.0));
    is_long.select((ln_cosh(b) - ln_cosh(a)) / long_way, short)
}

/// Below this half way the mean of a sine is its value.
const SHORT_WAY: f32 = 1e-4;

/// The mean of sin(πx/2) from `a` to `b`.
#[inline(always)]
pub fn mean_sine(a: F4, b: F4) -> F4 {
    let half = F4::splat(0.5);
    let (middle, way) = (half * (a + b), half * (b - a));
    let is_short = F4::splat(SHORT_WAY).gt(way.abs());
    let angle = is_short.select(F4::splat(1.0), way * F4::splat(core::f32::consts::FRAC_PI_2));
    let by_way = is_short.select(F4::splat(1.0), sin_quarters(way) / angle);
    sin_quarters(middle) * by_way
}

/// The three values in rising order.
#[inline(always)]
fn sorted(x: [F4; 3]) -> [F4; 3] {
    let (low, high) = (x[0].min(x[1]), x[0].max(x[1]));
    let (middle, highest) = (high.min(x[2]), high.max(x[2]));
    [low.min(middle), low.max(middle), highest]
}

/// The mean over the triangle of three rising values of the square of what exceeds 0.
#[inline(always)]
fn mean_square_above([a, b, c]: [F4; 3]) -> F4 {
    let zero = F4::splat(0.0);
    let sixth = F4::splat(1.0 / 6.0);
    let corner = |far: F4, near: F4, other: F4| {
        // far⁴ / 6(far − near)(far − other), where far alone is on its side.
        let square = far * far;
        let (first, second) = (far - near, far - other);
        let one = F4::splat(1.0);
        let product = (first * second).abs();
        let is_point = F4::splat(f32::MIN_POSITIVE).gt(product);
        sixth * square * is_point.select(zero, square / is_point.select(one, product))
    };
    let whole = sixth * (a * (a + b) + b * (b + c) + c * (a + c));
    let most = whole - corner(a, b, c);
    let result = b.gt(zero).select(most, corner(c, b, a));
    let result = a.ge(zero).select(whole, result);
    c.gt(zero).keep(result)
}

/// What a clip at ±1 with a knee of ±`width` takes away from the mean of three samples; exactly nothing below the knee.
#[inline(always)]
pub fn mean_excess(x: [F4; 3], width: F4) -> F4 {
    let zero = F4::splat(0.0);
    let rising = sorted(x);
    let edge = F4::splat(1.0) - width;
    let reach = rising[2].max(zero - rising[0]);
    if !reach.gt(edge).any() {
        return zero;
    }
    let [a, b, c] = rising;
    let above = excess_above([a - edge, b - edge, c - edge], width);
    let below = excess_above([zero - c - edge, zero - b - edge, zero - a - edge], width);
    above - below
}

/// What exceeds the knee that begins at 0, its straight part beyond twice the width.
#[inline(always)]
fn excess_above(x: [F4; 3], width: F4) -> F4 {
    let knee = width + width;
    let beyond = x.map(|value| value - knee);
    let bent = (mean_square_above(x) - mean_square_above(beyond)) / (knee + knee);
    // Wholly beyond the knee it is a straight line, where squares would cancel.
    let straight = F4::splat(1.0 / 3.0) * (x[0] + x[1] + x[2]) - width;
    beyond[0].ge(F4::splat(0.0)).select(straight, bent)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean of a curve from a to b by many points.
    fn mean(curve: impl Fn(f64) -> f64, a: f64, b: f64) -> f64 {
        (0..20_000).map(|point| curve(a + (b - a) * (point as f64 + 0.5) / 20_000.0)).sum::<f64>() / 20_000.0
    }

    #[test]
    fn means_over_the_way_are_exact_however_short_it_is() {
        for (a, b) in [(0.3, 0.300_001), (0.0, 1e-6), (-2.0, 2.5), (5.0, 5.01), (0.1, 1.1), (-0.5, 0.69), (30.0, -28.0), (9.0, 9.0)] {
            let (x, y) = (F4::splat(a as f32), F4::splat(b as f32));
            let (a, b) = (x.lane(0, 0) as f64, y.lane(0, 0) as f64);
            for (name, got, want) in [
                ("root", root(x, y), mean(|x| x / libm::sqrt(1.0 + x * x), a, b)),
                ("tanh", mean_tanh(x, y), mean(libm::tanh, a, b)),
                ("sine", mean_sine(x, y), mean(|x| libm::sin(core::f64::consts::FRAC_PI_2 * x), a, b)),
            ] {
                let error = (got.lane(0, 0) as f64 - want).abs();
                assert!(error < 2e-6, "{name} from {a} to {b}: {error:e}");
            }
        }
    }

    /// The mean over a triangle by many points.
    fn triangle_mean(curve: impl Fn(f64) -> f64, [a, b, c]: [f64; 3]) -> f64 {
        const POINTS: usize = 600;
        let (mut sum, mut count) = (0.0, 0.0);
        for i in 0..POINTS {
            for j in 0..POINTS - i {
                let (s, t) = ((i as f64 + 1.0 / 3.0) / POINTS as f64, (j as f64 + 1.0 / 3.0) / POINTS as f64);
                sum += curve(a + s * (b - a) + t * (c - a));
                count += 1.0;
            }
        }
        sum / count
    }

    #[test]
    fn the_clip_takes_away_the_mean_of_what_is_over() {
        let width = 0.25;
        let over = |x: f64| {
            let magnitude = x.abs() - (1.0 - width);
            let bend = magnitude.clamp(0.0, 2.0 * width);
            x.signum() * (bend * bend / (4.0 * width) + (magnitude - 2.0 * width).max(0.0))
        };
        for x in
            [[0.2, 0.3, -0.7], [0.9, 1.1, 0.8], [2.0, 3.0, 2.5], [-2.0, 0.5, 3.0], [1.0, 1.0, 1.0], [-1.5, -1.5, -1.2], [0.0, 8.0, 1.3]]
        {
            let lanes = x.map(|value: f64| F4::splat(value as f32));
            let got = mean_excess(lanes, F4::splat(width as f32)).lane(0, 0) as f64;
            let want = triangle_mean(over, x);
            assert!((got - want).abs() < 3e-3, "{x:?}: {got}, not {want}");
        }
        assert_eq!(mean_excess([0.1, -0.7, 0.74].map(F4::splat), F4::splat(0.25)), F4::splat(0.0));
    }
}
