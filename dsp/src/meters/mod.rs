//! Meters: what reads the sound and leaves it as it is.
//!
//! [`StripMeter`] stands after every fader (peak and RMS, which [`KScale`] shows on the K-System's scales), [`MasterMeter`] after the master
//! (loudness and how it is spread, true peak, both against each other, correlation). [`Vu`], [`Goniometer`] and [`spectrum`] stand where
//! somebody looks. None of them allocates after construction, and how the audio is split into calls does not change a reading.
//! [`proof`] plays the EBU's test signals into the master's meter.

mod clock;
mod correlation;
mod goniometer;
mod histogram;
mod k_scale;
mod k_weighting;
mod loudness;
mod master;
pub mod proof;
pub mod spectrum;
mod strip;
mod true_peak;
mod vu;

pub use goniometer::{Goniometer, POINTS};
pub use histogram::{LOWEST_LUFS, LU_COUNT};
pub use k_scale::KScale;
pub use k_weighting::k_weighting_power;
pub use loudness::{Loudness, STEREO, SURROUND_5_0};
pub use master::MasterMeter;
pub use strip::{StripMeter, peak};
pub use true_peak::TruePeak;
pub use vu::{REFERENCE_DB, Vu};

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
