//! What processors do to a steady sound, as curves for pictures: the same functions that the sound goes through, at rest.

use core::f64::consts::TAU;

use super::{clipper, compressor, deesser, delay, gate, reverb, saturator};
use crate::units::db_to_gain;

/// How many harmonics [`harmonics`] gives, the fundamental included.
pub const HARMONICS: usize = 9;
/// Samples of the period that harmonics are read from: the highest one that aliases onto the ninth is far below what is shown.
const PERIOD: usize = 256;

/// The level that comes out, in dB, of a steady level in the range that the processor listens to; `None` without such a curve.
pub fn level_out_db(processor: &str, values: &[f32], level_db: f32) -> Option<f32> {
    match processor {
        "compressor" => Some(compressor::level_out_db(values, level_db)),
        "deesser" => Some(deesser::level_out_db(values, level_db)),
        "gate" => Some(gate::level_out_db(values, level_db)[0]),
        _ => None,
    }
}

/// The same for a gate that has opened: it stays open down to the threshold less the hysteresis.
pub fn level_out_while_open_db(processor: &str, values: &[f32], level_db: f32) -> Option<f32> {
    (processor == gate::SPEC.id).then(|| gate::level_out_db(values, level_db)[1])
}

/// The sample that comes out for a sample that goes in; `None` for processors that are not such a curve.
pub fn sample_out(processor: &str, values: &[f32], sample: f32) -> Option<f32> {
    match processor {
        "saturator" => Some(saturator::sample_out(values, sample)),
        "clipper" => Some(clipper::sample_out(values, sample)),
        _ => None,
    }
}

/// Amplitudes of the fundamental and its harmonics that the curve makes of a sine with this peak in dBFS.
pub fn harmonics(processor: &str, values: &[f32], peak_db: f32) -> Option<[f32; HARMONICS]> {
    let peak = db_to_gain(peak_db as f64);
    let mut sums = [[0.0; 2]; HARMONICS];
    for step in 0..PERIOD {
        let angle = TAU * step as f64 / PERIOD as f64;
        let out = sample_out(processor, values, (peak * libm::sin(angle)) as f32)? as f64;
        for (number, [real, imaginary]) in sums.iter_mut().enumerate() {
            let angle = angle * (number + 1) as f64;
            *real += out * libm::cos(angle);
            *imaginary += out * libm::sin(angle);
        }
    }
    Some(sums.map(|[real, imaginary]| (libm::sqrt(real * real + imaginary * imaginary) * 2.0 / PERIOD as f64) as f32))
}

/// One repeat of a delay.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repeat {
    /// Time after the sound.
    pub ms: f64,
    /// Linear gains, left and right, before the filters take their part.
    pub gains: [f32; 2],
}

/// Repeat `number` (from 1) of a sound in the middle, by the delay's values.
pub fn repeat(values: &[f32], number: u32) -> Repeat {
    delay::repeat(values, number)
}

/// Time in which the reverb falls by 60 dB at a frequency, in ms.
pub fn decay_ms(values: &[f32], rate_hz: f64, frequency_hz: f64) -> f64 {
    reverb::decay_ms(values, rate_hz, frequency_hz)
}
