//! Lanes: `V` vectors of four 32-bit floats that are computed side by side.
//!
//! The only place that knows `wide`. It offers + − × ÷ sqrt, compare, select and moves of bits and lanes: each rounds once, in the
//! same way on every target, so native code and WebAssembly give the same bits. Fused products, reciprocal estimates and
//! the library's own transcendentals, which differ between targets, are left out on purpose.

use core::ops::{Add, AddAssign, Div, Mul, Sub};

use wide::bytemuck::cast;
use wide::{f32x4, i32x4};

/// Floats in one vector.
pub const VECTOR_LANES: usize = 4;

/// `V` vectors of four floats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lanes<const V: usize>([f32x4; V]);

/// Four floats: four consecutive frames, or two channels of two bands.
pub type F4 = Lanes<1>;

/// For each lane of a [`Lanes`]: chosen or not.
#[derive(Clone, Copy, Debug)]
pub struct Mask<const V: usize>([f32x4; V]);

macro_rules! lanewise {
    ($trait:ident, $method:ident, $op:tt) => {
        impl<const V: usize> $trait for Lanes<V> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(core::array::from_fn(|vector| self.0[vector] $op other.0[vector]))
            }
        }
    };
}

lanewise!(Add, add, +);
lanewise!(Sub, sub, -);
lanewise!(Mul, mul, *);
lanewise!(Div, div, /);

impl<const V: usize> AddAssign for Lanes<V> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<const V: usize> Default for Lanes<V> {
    fn default() -> Self {
        Self::splat(0.0)
    }
}

impl<const V: usize> Lanes<V> {
    /// The same value in every lane.
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self([f32x4::splat(value); V])
    }

    /// Values by vector and lane.
    #[inline(always)]
    pub fn new(values: [[f32; VECTOR_LANES]; V]) -> Self {
        Self(values.map(f32x4::from))
    }

    /// Values by vector and lane.
    #[inline(always)]
    pub fn to_arrays(self) -> [[f32; VECTOR_LANES]; V] {
        self.0.map(cast)
    }

    /// One lane of one vector.
    #[inline(always)]
    pub fn lane(self, vector: usize, lane: usize) -> f32 {
        self.to_arrays()[vector][lane]
    }

    /// The same with one lane of one vector replaced.
    pub fn with_lane(self, vector: usize, lane: usize, value: f32) -> Self {
        let mut arrays = self.to_arrays();
        arrays[vector][lane] = value;
        Self::new(arrays)
    }

    /// These vectors side by side.
    #[inline(always)]
    pub fn join(vectors: [F4; V]) -> Self {
        Self(vectors.map(|Lanes([vector])| vector))
    }

    /// The vectors' sum, lane by lane, from the first to the last.
    #[inline(always)]
    pub fn folded(self) -> F4 {
        let mut sum = self.0[0];
        for vector in &self.0[1..] {
            sum += *vector;
        }
        Lanes([sum])
    }

    /// The greatest lane.
    #[inline(always)]
    pub fn greatest(self) -> f32 {
        let greatest = self.0.into_iter().map(|vector| Lanes([vector])).reduce(F4::max).unwrap_or_default();
        let [[a, b, c, d]] = greatest.to_arrays();
        let (low, high) = (if a > b { a } else { b }, if c > d { c } else { d });
        if low > high { low } else { high }
    }

    /// Square root.
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Self(self.0.map(f32x4::sqrt))
    }

    /// Distance from zero.
    #[inline(always)]
    pub fn abs(self) -> Self {
        Self(self.0.map(f32x4::abs))
    }

    /// Lanes greater than the other's.
    #[inline(always)]
    pub fn gt(self, other: Self) -> Mask<V> {
        Mask(core::array::from_fn(|vector| self.0[vector].simd_gt(other.0[vector])))
    }

    /// Lanes greater than or equal to the other's.
    #[inline(always)]
    pub fn ge(self, other: Self) -> Mask<V> {
        Mask(core::array::from_fn(|vector| self.0[vector].simd_ge(other.0[vector])))
    }

    /// Lanes less than the other's.
    #[inline(always)]
    pub fn lt(self, other: Self) -> Mask<V> {
        Mask(core::array::from_fn(|vector| self.0[vector].simd_lt(other.0[vector])))
    }

    /// `self > other ? self : other`, NaN and zeros included: the order of operands makes each target's instruction say just that.
    #[inline(always)]
    pub fn max(self, other: Self) -> Self {
        Self(core::array::from_fn(|vector| {
            let (a, b) = (self.0[vector], other.0[vector]);
            if cfg!(target_arch = "x86_64") {
                a.fast_max(b)
            } else if cfg!(target_arch = "wasm32") {
                b.fast_max(a)
            } else {
                a.simd_gt(b).bitselect(a, b)
            }
        }))
    }

    /// `self < other ? self : other`; as [`Lanes::max`].
    #[inline(always)]
    pub fn min(self, other: Self) -> Self {
        Self(core::array::from_fn(|vector| {
            let (a, b) = (self.0[vector], other.0[vector]);
            if cfg!(target_arch = "x86_64") {
                a.fast_min(b)
            } else if cfg!(target_arch = "wasm32") {
                b.fast_min(a)
            } else {
                a.simd_lt(b).bitselect(a, b)
            }
        }))
    }

    /// The value where it is a number within ±`limit`, zero elsewhere (NaN and infinities included).
    #[inline(always)]
    pub fn zero_beyond(self, limit: f32) -> Self {
        Self::splat(limit).ge(self.abs()).keep(self)
    }
}

impl F4 {
    /// The first four values of a slice of at least four.
    #[inline(always)]
    pub fn load(values: &[f32]) -> Self {
        let four = &values[..VECTOR_LANES];
        Self([f32x4::from([four[0], four[1], four[2], four[3]])])
    }

    /// Up to four values of a slice, the missing ones zero.
    #[inline(always)]
    pub fn load_partial(values: &[f32]) -> Self {
        if values.len() >= VECTOR_LANES {
            return Self::load(values);
        }
        let mut array = [0.0; VECTOR_LANES];
        array[..values.len()].copy_from_slice(values);
        Self::new([array])
    }

    /// Writes the first lanes into a slice of at most four.
    #[inline(always)]
    pub fn store(self, values: &mut [f32]) {
        let [array] = self.to_arrays();
        if let Some(four) = values.first_chunk_mut::<VECTOR_LANES>() {
            *four = array;
        } else {
            let count = values.len();
            values.copy_from_slice(&array[..count]);
        }
    }

    /// The vector at a place of lanes.
    #[inline(always)]
    pub fn vector_of<const V: usize>(lanes: &Lanes<V>, vector: usize) -> Self {
        Self([lanes.0[vector]])
    }

    /// The lanes 0 and 1 of this one followed by the lanes 0 and 1 of the other.
    #[inline(always)]
    pub fn join_low(self, other: Self) -> Self {
        let ([a], [b]) = (self.to_arrays(), other.to_arrays());
        Self::new([[a[0], a[1], b[0], b[1]]])
    }

    /// The lanes 0 and 1 of this one followed by the lanes 2 and 3 of the other.
    #[inline(always)]
    pub fn with_high_of(self, other: Self) -> Self {
        let ([a], [b]) = (self.to_arrays(), other.to_arrays());
        Self::new([[a[0], a[1], b[2], b[3]]])
    }

    /// Lane k of vector n becomes lane n of vector k.
    #[inline(always)]
    pub fn transposed(vectors: [Self; VECTOR_LANES]) -> [Self; VECTOR_LANES] {
        f32x4::transpose(vectors.map(|Lanes([vector])| vector)).map(|vector| Lanes([vector]))
    }

    /// The bits, as whole numbers.
    #[inline(always)]
    pub fn bits(self) -> Bits4 {
        Bits4(cast(self.0[0]))
    }
}

impl<const V: usize> Mask<V> {
    /// Whether any lane is chosen.
    #[inline(always)]
    pub fn any(self) -> bool {
        self.0.iter().any(|vector| vector.any())
    }

    /// Lanes chosen by both.
    #[inline(always)]
    pub fn and(self, other: Self) -> Self {
        Self(core::array::from_fn(|vector| self.0[vector] & other.0[vector]))
    }

    /// Chosen lanes from the first, the others from the second.
    #[inline(always)]
    pub fn select(self, chosen: Lanes<V>, other: Lanes<V>) -> Lanes<V> {
        Lanes(core::array::from_fn(|vector| self.0[vector].bitselect(chosen.0[vector], other.0[vector])))
    }

    /// Chosen lanes as they are, zero in the others.
    #[inline(always)]
    pub fn keep(self, lanes: Lanes<V>) -> Lanes<V> {
        Lanes(core::array::from_fn(|vector| self.0[vector] & lanes.0[vector]))
    }
}

/// The greater of two values: a choice that cannot be foretold costs a scalar branch in WebAssembly, and nothing in a vector.
#[inline(always)]
pub fn greater(a: f32, b: f32) -> f32 {
    F4::splat(a).max(F4::splat(b)).lane(0, 0)
}

/// Four 32-bit whole numbers: the bits of four floats.
#[derive(Clone, Copy, Debug)]
pub struct Bits4(i32x4);

impl Bits4 {
    /// The same number in every lane.
    #[inline(always)]
    pub fn splat(value: i32) -> Self {
        Self(i32x4::splat(value))
    }

    /// Sum, wrapping around.
    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// Difference, wrapping around.
    #[inline(always)]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }

    /// Shifted left.
    #[inline(always)]
    pub fn up(self, places: i32) -> Self {
        Self(self.0 << places)
    }

    /// Shifted right, the sign kept.
    #[inline(always)]
    pub fn down(self, places: i32) -> Self {
        Self(self.0 >> places)
    }

    /// The floats that these bits are.
    #[inline(always)]
    pub fn as_floats(self) -> F4 {
        Lanes([cast(self.0)])
    }

    /// The floats nearest to these whole numbers.
    #[inline(always)]
    pub fn to_floats(self) -> F4 {
        Lanes([f32x4::from_i32x4(self.0)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_sums_round_twice_as_plain_floats_do() {
        // 1 + 2^-12, squared, less 1: a fused product keeps the 2^-24 that the rounded one loses.
        let x = 1.0 + 1.0 / 4096.0;
        let y = F4::splat(x) * F4::splat(x) - F4::splat(1.0);
        assert_eq!(y.lane(0, 0).to_bits(), (x * x - 1.0f32).to_bits());
    }

    #[test]
    fn the_greater_and_the_lesser_treat_zeros_and_nan_as_a_comparison_does() {
        for a in [0.0, -0.0, 1.0, -2.0, f32::NAN, f32::INFINITY] {
            for b in [0.0, -0.0, 1.0, -2.0, f32::NAN, f32::INFINITY] {
                let greater: f32 = if a > b { a } else { b };
                let lesser: f32 = if a < b { a } else { b };
                assert_eq!(F4::splat(a).max(F4::splat(b)).lane(0, 1).to_bits(), greater.to_bits(), "{a} {b}");
                assert_eq!(F4::splat(a).min(F4::splat(b)).lane(0, 1).to_bits(), lesser.to_bits(), "{a} {b}");
            }
        }
    }

    #[test]
    fn what_is_not_a_number_in_range_becomes_zero() {
        let lanes = F4::new([[f32::NAN, f32::INFINITY, -1e9, -3.0]]).zero_beyond(1e6);
        assert_eq!(lanes.to_arrays(), [[0.0, 0.0, 0.0, -3.0]]);
    }
}
