//! Meters: what reads the sound and leaves it as it is.
//!
//! [`StripMeter`] stands after every fader (peak and RMS), [`MasterMeter`] after the master (loudness, true peak, correlation). None of
//! them allocates after construction, and how the audio is split into calls does not change a reading.

mod clock;
mod correlation;
mod histogram;
mod k_weighting;
mod loudness;
mod master;
pub mod proof;
mod strip;
mod true_peak;

pub use loudness::{Loudness, STEREO, SURROUND_5_0};
pub use master::MasterMeter;
pub use strip::{StripMeter, peak};
pub use true_peak::TruePeak;

/// Largest magnitude that a meter takes in, about +120 dBFS: anything above is this, so that sums and squares stay finite.
const LIMIT: f32 = 1.0e6;

/// A sample as meters take it in: within [`LIMIT`], 0 for what is not a number.
fn tame(sample: f32) -> f32 {
    if sample.abs() <= LIMIT {
        sample
    } else if sample > 0.0 {
        LIMIT
    } else if sample < 0.0 {
        -LIMIT
    } else {
        0.0
    }
}
