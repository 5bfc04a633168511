//! The one place where decibels become gains and milliseconds become frames.
//!
//! Inside the engine level is linear and time is frames; dB, ms and Hz live at the parameters.

/// Levels at or below this many dB are silence: faders, sends and meters show −∞ there.
pub const SILENCE_DB: f64 = -144.0;

/// The linear gain of a level in dB; [`SILENCE_DB`] and below give exactly 0.
pub fn db_to_gain(db: f64) -> f64 {
    if db <= SILENCE_DB { 0.0 } else { libm::pow(10.0, db / 20.0) }
}

/// The level in dB of a linear gain; silence (and anything not a positive number) gives negative infinity.
pub fn gain_to_db(gain: f64) -> f64 {
    if gain > 0.0 { 20.0 * libm::log10(gain) } else { f64::NEG_INFINITY }
}

/// The level in dB of a power (mean square); silence gives negative infinity.
pub fn power_to_db(power: f64) -> f64 {
    if power > 0.0 { 10.0 * libm::log10(power) } else { f64::NEG_INFINITY }
}

/// Milliseconds as a whole number of frames, rounded to the nearest.
pub fn ms_to_frames(ms: f64, rate_hz: f64) -> usize {
    libm::round(ms.max(0.0) * rate_hz / 1000.0) as usize
}
