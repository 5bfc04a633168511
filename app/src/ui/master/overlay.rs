//! Song and reference over the live spectrum: both by third octaves, the reference as loud as the song was measured to be, each where the
//! spectrum shows noise of that power.

use dsp::meters::spectrum::{FLOOR_DB, Spectrum};
use session::analysis::{Analysis, BANDS, band_edges_hz, band_hz};

use super::references::References;
use crate::state::Readings;

/// Two curves on one scale, as levels in dB over Hz.
pub struct Overlay {
    /// What is heard of the song.
    pub song: Vec<(f64, f32)>,
    /// The whole reference.
    pub reference: Vec<(f64, f32)>,
}

/// By how much a reference is turned to be as loud as the song: as it was heard since the reset, or as its file or master was measured.
pub fn match_db(references: References, readings: &Readings, other: &Analysis) -> Option<f64> {
    let heard = f64::from(readings.integrated);
    let is_heard = readings.running && heard.is_finite() && heard > -70.0;
    let own_lufs = if is_heard { heard } else { references.own_untracked()?.integrated_lufs };
    Some(own_lufs - other.integrated_lufs).filter(|db| db.is_finite())
}

/// Both curves under a tilt in dB an octave above 1 kHz.
pub fn overlay(spectrum: &Spectrum, other: &Analysis, match_db: f64, tilt_db: f64) -> Overlay {
    let mut made = Overlay { song: Vec::new(), reference: Vec::new() };
    for (at, band) in other.bands.iter().enumerate().take(BANDS) {
        let ([low_hz, high_hz], hz) = (band_edges_hz(at), band_hz(at));
        let lift = (tilt_db * (hz / 1_000.0).log2()) as f32;
        let shown = |power_db: f32| spectrum.level_of_noise_db(power_db, low_hz, high_hz) + lift;
        let power_db = spectrum.power_db(low_hz, high_hz);
        if power_db > FLOOR_DB {
            made.song.push((hz, shown(power_db)));
        }
        if band.level_db.is_finite() {
            made.reference.push((hz, shown(band.level_db + match_db as f32)));
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use dsp::meters::spectrum::Size;
    use session::analysis::{ANALYSIS_VERSION, Band};

    #[test]
    fn a_reference_of_the_song_s_own_power_lies_on_the_song() {
        let mut spectrum = Spectrum::new(48_000.0, Size::Frames8192);
        let mut seed = 1_u32;
        let noise: Vec<f32> = (0..16_384)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
            })
            .collect();
        spectrum.process(&noise, &noise);
        spectrum.analyse(1.0);
        let band = |at: usize| {
            let [low_hz, high_hz] = band_edges_hz(at);
            Band { level_db: spectrum.power_db(low_hz, high_hz) - 6.0, width: 0.0 }
        };
        let other = Analysis {
            version: ANALYSIS_VERSION,
            rate_hz: 48_000,
            frames: 48_000,
            integrated_lufs: -20.0,
            range_lu: f64::NAN,
            momentary_max_lufs: -20.0,
            short_term_max_lufs: -20.0,
            true_peak_dbtp: -6.0,
            sample_peak_db: -6.0,
            psr_min_lu: f64::NAN,
            correlation: 1.0,
            balance_db: 0.0,
            dc: [0.0; 2],
            clipped_runs: 0,
            short_term_lufs: Vec::new(),
            bands: (0..BANDS).map(band).collect(),
            critical_db: Vec::new(),
        };
        let Overlay { song, reference } = overlay(&spectrum, &other, 6.0, 3.0);
        assert_eq!((song.len(), reference.len()), (BANDS, BANDS));
        for (one, other) in song.iter().zip(&reference) {
            assert!(one.0 == other.0 && (one.1 - other.1).abs() < 1e-4, "{one:?} {other:?}");
        }
        // White noise rises by the tilt: 3 dB an octave, with what is left of chance.
        let rise = song[27].1 - song[17].1;
        assert!((rise - 3.0 * (band_hz(27) / band_hz(17)).log2() as f32).abs() < 1.5, "{rise}");
    }
}
