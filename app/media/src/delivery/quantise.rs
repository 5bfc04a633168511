//! From floats to integers, last of all: to the nearest, half to even, with dither on request.
//!
//! Triangular dither, two steps wide and independent per channel, makes mean and power of the error independent of the signal (Lipshitz,
//! Wannamaker, Vanderkooy, JAES 1992). Shaped dither feeds the whole error back through a filter, so that its noise is
//! e · (1 − Σ cₖ z⁻ᵏ): louder altogether, softer where the ear is keen, for rates of 44.1 and 48 kHz. The filters are Wannamaker's
//! (JAES 1992: three and nine taps, F-weighted) and Lipshitz, Vanderkooy and Wannamaker's (JAES 1991: five taps, E-weighted).
//! Digital silence stays silent: after [`SILENT_FRAMES`] of zeros, and before the first sound, neither noise nor past errors are added.

use session::worker::Dither;

/// Zeros in a row after which a channel is silent: a fiftieth of a second, longer than any crossing of zero.
const SILENT_FRAMES: usize = 1_024;
/// Taps of the longest filter.
const MAX_TAPS: usize = 9;

const GENTLE: [f64; 3] = [1.623, -0.982, 0.109];
const MEDIUM: [f64; 5] = [2.033, -2.165, 1.959, -1.590, 0.6149];
const STRONG: [f64; 9] = [2.412, -3.370, 3.937, -4.174, 3.353, -2.205, 1.281, -0.569, 0.0847];

fn taps(dither: Dither) -> &'static [f64] {
    match dither {
        Dither::None | Dither::Triangular => &[],
        Dither::ShapedGentle => &GENTLE,
        Dither::ShapedMedium => &MEDIUM,
        Dither::ShapedStrong => &STRONG,
    }
}

/// One channel's past.
#[derive(Clone)]
struct Channel {
    /// The last errors, the newest first.
    errors: [f64; MAX_TAPS],
    /// Zeros in a row.
    zeros: usize,
}

/// Rounds interleaved samples to integers of a width.
pub struct Quantiser {
    scale: f64,
    dither: Dither,
    noise: u64,
    channels: Vec<Channel>,
    /// The channel of the next sample.
    at: usize,
}

impl Quantiser {
    /// For so many bits and channels; the same seed gives the same noise.
    pub fn new(bits: u32, channels: usize, dither: Dither, seed: u64) -> Self {
        let silent = Channel { errors: [0.0; MAX_TAPS], zeros: SILENT_FRAMES };
        Self { scale: f64::from(1_u32 << (bits - 1)), dither, noise: seed, channels: vec![silent; channels.max(1)], at: 0 }
    }

    /// The next sample, clipped at full scale; what is no number is silence.
    pub fn round(&mut self, sample: f32) -> i32 {
        let scaled = f64::from(sample) * self.scale;
        let scaled = if scaled.is_nan() { 0.0 } else { scaled };
        let rounded = if self.dither == Dither::None { scaled.round_ties_even() } else { self.dithered(scaled) };
        self.at = (self.at + 1) % self.channels.len();
        rounded.clamp(-self.scale, self.scale - 1.0) as i32
    }

    fn dithered(&mut self, scaled: f64) -> f64 {
        // Drawn in silence too, so that the noise does not depend on the signal.
        let noise = uniform(&mut self.noise) + uniform(&mut self.noise) - 1.0;
        let channel = &mut self.channels[self.at];
        channel.zeros = if scaled == 0.0 { channel.zeros.saturating_add(1) } else { 0 };
        if channel.zeros > SILENT_FRAMES {
            channel.errors = [0.0; MAX_TAPS];
            return 0.0;
        }
        // Beyond full scale there is nothing to shape: the error of clipping is left out.
        let limited = scaled.clamp(-self.scale, self.scale);
        let wanted = limited - taps(self.dither).iter().zip(&channel.errors).map(|(tap, error)| tap * error).sum::<f64>();
        let rounded = (wanted + noise).round_ties_even();
        channel.errors.copy_within(..MAX_TAPS - 1, 1);
        channel.errors[0] = rounded - wanted;
        rounded
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014), its upper 53 bits as a number from 0 to 1.
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
