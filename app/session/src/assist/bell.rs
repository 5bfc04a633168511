//! A bell over a range of the spectrum: the values of an ordinary Equalizer, and what it does to each critical band.

use dsp::processors::equalizer::BANDS;

use super::heard::power;
use super::tone::response;
use crate::model::Values;
use crate::survey::{ERB_BANDS, erb_edge_hz};

/// How wide a bell may be.
const Q: [f64; 2] = [0.5, 4.0];
/// Frequencies of a band over which its gain is the mean.
const PLACES: usize = 5;

/// See the module's text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bell {
    /// Its middle.
    pub frequency_hz: f64,
    q: f64,
}

impl Bell {
    /// As wide as a range.
    pub fn over([low_hz, high_hz]: [f64; 2]) -> Self {
        let frequency_hz = libm::sqrt(low_hz * high_hz);
        Self { frequency_hz, q: (frequency_hz / (high_hz - low_hz)).clamp(Q[0], Q[1]) }
    }

    /// An Equalizer whose first band it is, and which has no other.
    pub fn values(&self, gain_db: f64) -> Values {
        let mut values: Values = (1..=BANDS).map(|band| (format!("band{band}_on"), if band == 1 { 1.0 } else { 0.0 })).collect();
        let pairs = [("shape", 0.0), ("frequency", self.frequency_hz), ("q", self.q), ("gain", gain_db)];
        values.extend(pairs.map(|(id, value)| (format!("band1_{id}"), value as f32)));
        values
    }

    /// What it does to the power of each band.
    pub fn powers(&self, gain_db: f64, rate_hz: u32) -> [f64; ERB_BANDS] {
        let response = response(&self.values(gain_db), rate_hz);
        core::array::from_fn(|band| {
            let (low, high) = (erb_edge_hz(band), erb_edge_hz(band + 1));
            let at = |place: usize| low + (high - low) * (place as f64 + 0.5) / PLACES as f64;
            let gain = |place| power(f64::from(response.db(at(place).min(0.49 * f64::from(rate_hz)))));
            (0..PLACES).map(gain).sum::<f64>() / PLACES as f64
        })
    }
}
