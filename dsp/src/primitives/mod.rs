//! Kernels without parameters: what the processors are built from.
//!
//! Everything here works in frames and linear numbers, allocates only when it is made, and gives the same bits however a stretch is split.

pub mod antialias;
pub mod ballistics;
pub mod box_stack;
pub mod cascade;
pub mod convolver;
pub mod crossing;
pub mod crossover;
pub mod dc_removal;
pub mod delay_line;
pub mod fade;
pub mod fast_math;
pub mod filter_bank;
pub mod filter_design;
pub mod gain_computer;
pub mod lanes;
pub mod level_detector;
pub mod linear_crossover;
pub mod oversampler;
pub mod reopening;
pub mod sidechain;
pub mod sliding_max;
pub mod spectra;
pub mod split;
pub mod svf;
pub mod true_peak;
pub mod window;

use lanes::{F4, VECTOR_LANES};

/// Samples beyond this (+120 dBFS) are no audio: processors take them, and NaN, for silence.
pub const INPUT_LIMIT: f32 = 1e6;
/// What a processor hands on never exceeds this, whatever its filters did.
pub const OUTPUT_LIMIT: f32 = 1e12;

/// Whether every sample is a number within ±`limit`: magnitudes are compared as integers, which order alike and run in vectors.
fn is_within(limit: f32, samples: &[f32]) -> bool {
    const MAGNITUDE: u32 = u32::MAX >> 1;
    samples.iter().fold(0, |greatest: u32, sample| greatest.max(sample.to_bits() & MAGNITUDE)) <= limit.to_bits()
}

/// Silences what is not a number within ±`limit` and leaves every other sample as it is.
pub fn silence_beyond(limit: f32, samples: &mut [f32]) {
    if is_within(limit, samples) {
        return;
    }
    let (vectors, rest) = samples.as_chunks_mut::<VECTOR_LANES>();
    for vector in vectors {
        F4::load(vector).zero_beyond(limit).store(vector);
    }
    F4::load_partial(rest).zero_beyond(limit).store(rest);
}
