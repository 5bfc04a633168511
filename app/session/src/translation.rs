//! How a song fares elsewhere, told before it is heard there: its third octaves through a device's curve, and what the device leaves of the
//! sides.
//!
//! A band of power P with a share w of side signal leaves a device of curve |H|² and width v with P |H|² (1 − w + w v²). Loudness is the sum
//! of the bands under the K-weighting of BS.1770-5.

use dsp::meters::k_weighting_power;
use dsp::monitor::Device;
use libm::{log10, pow};

use crate::analysis::{Analysis, Band, band_edges_hz, band_hz};

/// Both sides summed, nothing else.
pub const MONO: Device = Device { name: "Mono", width: 0.0, filters: &[] };
/// A band that is softer by more, at the same loudness of the whole, is gone.
pub const GONE_DB: f64 = 6.0;
/// A band so far under the loudest is not missed.
const MISSED_DB: f32 = 40.0;

/// A song as a device plays it.
#[derive(Clone, Debug, PartialEq)]
pub struct Translated {
    /// By how much it is louder there, before anything is matched; NaN in silence.
    pub louder_lu: f64,
    /// By how much each third octave is louder there at the same loudness of the whole, dB.
    pub bands_db: Vec<f64>,
    /// What is gone, from the lowest on.
    pub gone: Vec<Gone>,
}

/// A stretch of the range that is gone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gone {
    /// All that the song has under this, Hz.
    Under(f64),
    /// What lies between, Hz.
    Between(f64, f64),
    /// All that it has over this, Hz.
    Over(f64),
    /// Everything.
    All,
}

/// What becomes of a song on a device; the device's curve is that at the song's rate.
pub fn through(song: &Analysis, device: &Device) -> Translated {
    let rate_hz = f64::from(song.rate_hz);
    let width = f64::from(device.width);
    let left = |at: usize, band: &Band| {
        let side = f64::from(band.width);
        device.power(band_hz(at).min(0.45 * rate_hz), rate_hz) * (1.0 - side + side * width * width)
    };
    let (mut before, mut after) = (0.0, 0.0);
    for (at, band) in song.bands.iter().enumerate() {
        let power = pow(10.0, f64::from(band.level_db) / 10.0) * k_weighting_power(band_hz(at));
        before += power;
        after += power * left(at, band);
    }
    let louder_lu = if before > 0.0 { 10.0 * log10(after / before) } else { f64::NAN };
    let change = |(at, band): (usize, &Band)| 10.0 * log10(left(at, band).max(1e-12)) - louder_lu;
    let bands_db: Vec<f64> = song.bands.iter().enumerate().map(change).collect();
    let gone = gone(song, &bands_db);
    Translated { louder_lu, bands_db, gone }
}

/// Stretches of bands that the song has and that are gone; bands that it does not have belong to no stretch and end none.
fn gone(song: &Analysis, bands_db: &[f64]) -> Vec<Gone> {
    let loudest = song.bands.iter().fold(f32::NEG_INFINITY, |most, band| most.max(band.level_db));
    let heard: Vec<usize> = (0..song.bands.len()).filter(|at| song.bands[*at].level_db > loudest - MISSED_DB).collect();
    let runs = heard.chunk_by(|one, next| (bands_db[*one] < -GONE_DB) == (bands_db[*next] < -GONE_DB));
    let gone = runs.filter(|run| bands_db[run[0]] < -GONE_DB).filter_map(|run| {
        let (first, last) = (*run.first()?, *run.last()?);
        Some(match (Some(&first) == heard.first(), Some(&last) == heard.last()) {
            (true, true) => Gone::All,
            (true, false) => Gone::Under(band_edges_hz(last)[1]),
            (false, true) => Gone::Over(band_edges_hz(first)[0]),
            (false, false) => Gone::Between(band_edges_hz(first)[0], band_edges_hz(last)[1]),
        })
    });
    gone.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{ANALYSIS_VERSION, BANDS};
    use dsp::monitor::DEVICES;

    fn song(width: f32) -> Analysis {
        Analysis {
            version: ANALYSIS_VERSION,
            rate_hz: 48_000,
            frames: 48_000,
            integrated_lufs: -14.0,
            range_lu: 3.0,
            momentary_max_lufs: -10.0,
            short_term_max_lufs: -11.0,
            true_peak_dbtp: -1.0,
            sample_peak_db: -1.1,
            psr_min_lu: 8.0,
            correlation: 0.8,
            balance_db: 0.0,
            dc: [0.0; 2],
            clipped_runs: 0,
            short_term_lufs: Vec::new(),
            bands: vec![Band { level_db: -25.0, width }; BANDS],
            critical_db: Vec::new(),
        }
    }

    #[test]
    fn a_phone_has_no_bass_and_a_mono_song_loses_nothing_in_mono() {
        let phone = through(&song(0.0), &DEVICES[0]);
        assert!(matches!(phone.gone[0], Gone::Under(hz) if (250.0..460.0).contains(&hz)), "{:?}", phone.gone);
        let mono = through(&song(0.0), &MONO);
        assert!(mono.louder_lu.abs() < 1e-9 && mono.gone.is_empty() && mono.bands_db.iter().all(|db| db.abs() < 1e-9));
    }

    #[test]
    fn what_lies_opposite_is_gone_in_mono_and_what_a_song_has_not_is_not_missed() {
        let mut sides = song(0.1);
        for at in 10..13 {
            sides.bands[at].width = 0.95;
        }
        sides.bands[30].width = 1.0;
        sides.bands[30].level_db = -90.0;
        let mono = through(&sides, &MONO);
        assert_eq!(mono.gone, [Gone::Between(band_edges_hz(10)[0], band_edges_hz(12)[1])]);
        assert_eq!(through(&song(1.0), &MONO).gone.len(), 0, "all is softer alike: at one loudness nothing is");
        assert!(through(&song(1.0), &MONO).louder_lu < -100.0);
    }

    #[test]
    fn silence_is_no_louder_anywhere() {
        let mut silence = song(0.0);
        silence.bands.iter_mut().for_each(|band| band.level_db = f32::NEG_INFINITY);
        assert!(through(&silence, &MONO).louder_lu.is_nan() && through(&silence, &MONO).gone.is_empty());
    }
}
