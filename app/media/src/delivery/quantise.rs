//! From floats to integers: to the nearest, half to even, with triangular dither on request.

/// Rounds to integers of a width.
pub struct Quantiser {
    scale: f64,
    noise: Option<u64>,
}

impl Quantiser {
    /// For so many bits; a seed turns triangular dither on.
    pub fn new(bits: u32, seed: Option<u64>) -> Self {
        Self { scale: f64::from(1_u32 << (bits - 1)), noise: seed }
    }

    /// One sample, clipped at full scale; what is no number is silence.
    pub fn round(&mut self, sample: f32) -> i32 {
        let dither = match &mut self.noise {
            Some(state) => uniform(state) + uniform(state) - 1.0,
            None => 0.0,
        };
        let scaled = (f64::from(sample) * self.scale + dither).round_ties_even();
        // A cast of what is no number gives 0.
        scaled.clamp(-self.scale, self.scale - 1.0) as i32
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
