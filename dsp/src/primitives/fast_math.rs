//! Logarithm and exponential to base 2 for four floats at once, in + − × ÷ and moves of bits only.
//!
//! For levels that become decibels and back inside `process`; coefficients go through `libm`. Sources: the series of the inverse hyperbolic
//! tangent for the logarithm, the Taylor series of 2^x within half an octave for the exponential; the exponent's bits give the rest.

use super::lanes::{Bits4, F4};

/// The bits of √½: mantissas are brought to [√½, √2), where the series is shortest.
const SQRT_HALF_BITS: i32 = 0x3F35_04F3;
/// Bits of a 32-bit float's mantissa.
const MANTISSA_BITS: i32 = 23;
/// Adding 1.5 · 2^23 pushes a small number's fraction out of the mantissa: it rounds to the nearest whole.
const ROUNDER: f32 = 12_582_912.0;
/// The exponents that a normal float can have, a little inside.
const EXP2_LIMIT: f32 = 126.0;

/// Logarithm to base 2 of positive normal floats; absolute error below 4e-7 near 1 and below 1 part in 10^7 elsewhere, exactly 0 at 1.
#[inline(always)]
pub fn log2(x: F4) -> F4 {
    let bits = x.bits();
    let exponent = bits.minus(Bits4::splat(SQRT_HALF_BITS)).down(MANTISSA_BITS);
    let mantissa = bits.minus(exponent.up(MANTISSA_BITS)).as_floats();
    let one = F4::splat(1.0);
    let s = (mantissa - one) / (mantissa + one);
    let s2 = s * s;
    // 2 / ln 2 · (1 + s²/3 + s⁴/5 + s⁶/7 + s⁸/9)
    let series = F4::splat(0.320_598_9) * s2 + F4::splat(0.412_198_58);
    let series = series * s2 + F4::splat(0.577_078);
    let series = series * s2 + F4::splat(0.961_796_7);
    let series = series * s2 + F4::splat(2.885_39);
    exponent.to_floats() + series * s
}

/// 2 to the power of x, x clamped to ±126; relative error below 3e-7 (0.000003 dB), exactly 1 at 0.
#[inline(always)]
pub fn exp2(x: F4) -> F4 {
    let x = x.max(F4::splat(-EXP2_LIMIT)).min(F4::splat(EXP2_LIMIT));
    let shifted = x + F4::splat(ROUNDER);
    let fraction = x - (shifted - F4::splat(ROUNDER));
    let mantissa = exp2_less_one(fraction) + F4::splat(1.0);
    mantissa.bits().plus(shifted.bits().up(MANTISSA_BITS)).as_floats()
}

/// 2 to the power of x, less one, for x within ±½.
#[inline(always)]
fn exp2_less_one(x: F4) -> F4 {
    // (ln 2)^n / n!
    let series = F4::splat(1.540_353e-4) * x + F4::splat(1.333_355_8e-3);
    let series = series * x + F4::splat(9.618_129e-3);
    let series = series * x + F4::splat(5.550_411e-2);
    let series = series * x + F4::splat(0.240_226_5);
    let series = series * x + F4::splat(core::f32::consts::LN_2);
    series * x
}

/// 2 / ln 2, negative: what −2|x| is in octaves.
const TANH_OCTAVES: f32 = -2.885_39;

/// Hyperbolic tangent; relative error below 7e-7, also of small numbers.
#[inline(always)]
pub fn tanh(x: F4) -> F4 {
    let (zero, one) = (F4::splat(0.0), F4::splat(1.0));
    let octaves = (x.abs() * F4::splat(TANH_OCTAVES)).max(F4::splat(-EXP2_LIMIT));
    let shifted = octaves + F4::splat(ROUNDER);
    let fraction = octaves - (shifted - F4::splat(ROUNDER));
    // 2^fraction − 1, then 2^octaves − 1: where the whole part is 0 nothing cancels.
    let rise = exp2_less_one(fraction);
    let scale = one.bits().plus(shifted.bits().up(MANTISSA_BITS)).as_floats();
    let less_one = scale * rise + (scale - one);
    let magnitude = less_one / (F4::splat(-2.0) - less_one);
    x.lt(zero).select(zero - magnitude, magnitude)
}

/// ln cosh x + ln 2 = |x| + ln(1 + e^(−2|x|)).
#[inline(always)]
pub fn ln_cosh(x: F4) -> F4 {
    let decayed = exp2(x.abs() * F4::splat(TANH_OCTAVES));
    x.abs() + log2(F4::splat(1.0) + decayed) * F4::splat(core::f32::consts::LN_2)
}

/// Past this many quarter turns the sine of a 32-bit float means nothing.
const QUARTERS_LIMIT: f32 = 1e4;

/// Sine of x quarter turns, sin(πx/2), for |x| up to 10^4 (beyond, of that); absolute error below 3e-7 near the origin.
#[inline(always)]
pub fn sin_quarters(x: F4) -> F4 {
    let limit = F4::splat(QUARTERS_LIMIT);
    let x = x.min(limit).max(F4::splat(0.0) - limit);
    let turns = (x * F4::splat(0.25) + F4::splat(ROUNDER)) - F4::splat(ROUNDER);
    let rest = x - turns * F4::splat(4.0);
    let (one, two) = (F4::splat(1.0), F4::splat(2.0));
    let folded = rest.gt(one).select(two - rest, rest);
    let folded = folded.lt(F4::splat(-1.0)).select(F4::splat(-2.0) - folded, folded);
    folded * sine_series(folded * folded)
}

/// sin(πx/2) / x of x² up to 1: (π/2)^(2n+1) / (2n+1)!
#[inline(always)]
fn sine_series(square: F4) -> F4 {
    let series = F4::splat(-3.598_843_2e-6) * square + F4::splat(1.604_411_8e-4);
    let series = series * square + F4::splat(-4.681_754e-3);
    let series = series * square + F4::splat(7.969_263e-2);
    let series = series * square + F4::splat(-0.645_964_1);
    series * square + F4::splat(core::f32::consts::FRAC_PI_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hyperbolic_tangent_and_the_sine_are_within_a_millionth() {
        let (mut worst_tanh, mut worst_sine, mut worst_cosh) = (0.0f64, 0.0f64, 0.0f64);
        for step in 1..100_000 {
            let x = (libm::exp2(-20.0 + step as f64 * 2.5e-4) * if step % 2 == 0 { 1.0 } else { -1.0 }) as f32;
            let want = libm::tanh(x as f64);
            worst_tanh = worst_tanh.max((tanh(F4::splat(x)).lane(0, 0) as f64 / want - 1.0).abs());
            let want = libm::log(2.0 * libm::cosh(x as f64));
            worst_cosh = worst_cosh.max((ln_cosh(F4::splat(x)).lane(0, 0) as f64 - want).abs() / want.max(1.0));
            let x = -6.0 + step as f32 * 1.2e-4;
            let want = libm::sin(core::f64::consts::FRAC_PI_2 * x as f64);
            worst_sine = worst_sine.max((sin_quarters(F4::splat(x)).lane(0, 0) as f64 - want).abs());
        }
        assert!(worst_tanh < 7e-7 && worst_sine < 1e-6 && worst_cosh < 3e-7, "{worst_tanh:e} {worst_sine:e} {worst_cosh:e}");
    }

    #[test]
    fn the_logarithm_is_within_four_parts_in_ten_million() {
        let mut worst = 0.0f64;
        for step in 0..200_000 {
            let x = libm::exp2(-60.0 + step as f64 * 1e-3 * 0.5) as f32;
            let got = log2(F4::splat(x)).lane(0, 0) as f64;
            let want = libm::log2(x as f64);
            worst = worst.max((got - want).abs() / want.abs().max(1.0));
        }
        assert!(worst < 4e-7, "{worst}");
        assert_eq!(log2(F4::splat(1.0)).lane(0, 2), 0.0);
    }

    #[test]
    fn the_exponential_is_within_three_parts_in_ten_million() {
        let mut worst = 0.0f64;
        for step in 0..200_000 {
            let x = (-40.0 + step as f64 * 4e-4) as f32;
            let got = exp2(F4::splat(x)).lane(0, 1) as f64;
            let want = libm::exp2(x as f64);
            worst = worst.max((got / want - 1.0).abs());
        }
        assert!(worst < 3e-7, "{worst}");
        assert_eq!(exp2(F4::splat(0.0)).lane(0, 3), 1.0);
        assert!(exp2(F4::splat(1e9)).lane(0, 0).is_finite());
    }
}
