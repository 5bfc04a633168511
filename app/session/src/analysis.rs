//! What a whole file measures: loudness and its course, peaks, tone by third octaves, width, and what is wrong with it.
//!
//! Measured by `media::analysis`; kept here because page, workers and tests all speak of it. A mono file is measured as it is played,
//! on both sides.

use serde::{Deserialize, Serialize};

/// Raised when a number's meaning changes: an analysis of another version is made anew.
pub const ANALYSIS_VERSION: u32 = 2;
/// Values of [`Analysis::short_term_lufs`] in a second.
pub const HISTORY_HZ: u32 = 10;
/// Third octaves from 20 Hz to 20 kHz.
pub const BANDS: usize = 31;
/// Number of the first band, counted from the one around 1 kHz.
const FIRST_BAND: i32 = -17;

/// Everything that is measured of a whole file. Levels of silence are negative infinity, what does not exist is NaN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// [`ANALYSIS_VERSION`] of who measured.
    pub version: u32,
    /// Rate.
    pub rate_hz: u32,
    /// Length.
    pub frames: u64,
    /// Integrated loudness (BS.1770-5).
    pub integrated_lufs: f64,
    /// Loudness range (EBU Tech 3342); NaN when there is none.
    pub range_lu: f64,
    /// Largest momentary loudness.
    pub momentary_max_lufs: f64,
    /// Largest short-term loudness.
    pub short_term_max_lufs: f64,
    /// Largest true peak.
    pub true_peak_dbtp: f64,
    /// Largest sample.
    pub sample_peak_db: f64,
    /// Smallest difference of the true peak of 3 s and their loudness, over windows no more than 10 LU under the loudest.
    pub psr_min_lu: f64,
    /// Correlation of both sides over the whole file; 0 in silence.
    pub correlation: f64,
    /// Level of the right side over the left's; 0 in silence.
    pub balance_db: f64,
    /// Mean of each side, full scale at 1.
    pub dc: [f64; 2],
    /// Stretches of three or more samples in a row at full scale or over it.
    pub clipped_runs: u32,
    /// Short-term loudness, [`HISTORY_HZ`] a second.
    pub short_term_lufs: Vec<f32>,
    /// Third octaves.
    pub bands: Vec<Band>,
    /// Critical bands ([`crate::survey::erb_edge_hz`]), as [`Band::level_db`].
    pub critical_db: Vec<f32>,
}

/// A third octave over the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Mean power of both sides, dB of full scale squared.
    pub level_db: f32,
    /// Share of the side signal in the power, 0 for mono to 1 for opposite sides; 0 in silence.
    pub width: f32,
}

impl Analysis {
    /// Peak to loudness ratio (AES TD1008): true peak less integrated loudness; NaN in silence.
    pub fn plr_lu(&self) -> f64 {
        if self.integrated_lufs.is_finite() { self.true_peak_dbtp - self.integrated_lufs } else { f64::NAN }
    }

    /// Whether it holds nothing that can be heard.
    pub fn is_silent(&self) -> bool {
        !self.integrated_lufs.is_finite()
    }
}

/// A loud place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Middle of its 3 s.
    pub seconds: f64,
    /// Its short-term loudness.
    pub lufs: f64,
}

/// Two moments lie at least so far apart.
const MOMENTS_APART_S: f64 = 5.0;
/// A short-term window reaches back so far.
const WINDOW_S: f64 = 3.0;

impl Analysis {
    /// The loudest short-term windows, loudest first, none of which overlap.
    pub fn loudest_moments(&self, count: usize) -> Vec<Moment> {
        let seconds = |at: usize| (at + 1) as f64 / f64::from(HISTORY_HZ) - 0.5 * WINDOW_S;
        let whole = self.short_term_lufs.iter().enumerate().filter(|(at, lufs)| lufs.is_finite() && seconds(*at) >= 0.5 * WINDOW_S - 1e-9);
        let mut windows: Vec<Moment> = whole.map(|(at, lufs)| Moment { seconds: seconds(at), lufs: f64::from(*lufs) }).collect();
        windows.sort_by(|a, b| b.lufs.total_cmp(&a.lufs));
        let mut moments: Vec<Moment> = Vec::new();
        for window in windows {
            let is_apart = moments.iter().all(|moment| (moment.seconds - window.seconds).abs() >= MOMENTS_APART_S);
            if moments.len() < count && is_apart {
                moments.push(window);
            }
        }
        moments
    }
}

/// A third octave that loses in mono.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonoLoss {
    /// Its middle.
    pub hz: f64,
    /// By how much it is softer when both sides are summed.
    pub loss_db: f64,
}

/// What loses less in mono does not vanish.
const MONO_LOSS_DB: f64 = 6.0;
/// A band so far under the loudest is not missed.
const MISSED_DB: f32 = 60.0;

impl Analysis {
    /// The third octaves that lose more than 6 dB in mono: what is left of a band is the mid signal's share of its power.
    pub fn mono_losses(&self) -> Vec<MonoLoss> {
        let loudest = self.bands.iter().fold(f32::NEG_INFINITY, |most, band| most.max(band.level_db));
        let heard = self.bands.iter().enumerate().filter(|(_, band)| band.level_db > loudest - MISSED_DB);
        let loss = |(at, band): (usize, &Band)| {
            let loss_db = -10.0 * libm::log10((1.0 - f64::from(band.width)).max(1e-9));
            MonoLoss { hz: band_hz(at), loss_db }
        };
        heard.map(loss).filter(|loss| loss.loss_db > MONO_LOSS_DB).collect()
    }
}

/// A part of the spectrum as an ear names it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// Name on screen.
    pub name: &'static str,
    /// Its share of the whole power, dB.
    pub level_db: f64,
    /// Share of the side signal in it, see [`Band::width`].
    pub width: f64,
}

/// Names of the regions, and the band after the last of each: up to 56, 224, 891 Hz, 3.5, 8.9 and 22 kHz.
const REGIONS: [(&str, usize); 6] = [("Sub", 5), ("Bass", 11), ("Low mid", 17), ("High mid", 23), ("Presence", 27), ("Air", BANDS)];

impl Analysis {
    /// The bands in six regions.
    pub fn regions(&self) -> Vec<Region> {
        let power = |band: &Band| libm::pow(10.0, f64::from(band.level_db) / 10.0);
        let total: f64 = self.bands.iter().map(power).sum();
        let mut from = 0;
        let region = |(name, to): (&'static str, usize)| {
            let bands = self.bands.get(from..to).unwrap_or_default();
            from = to;
            let (sum, side) =
                bands.iter().fold((0.0, 0.0), |(sum, side), band| (sum + power(band), side + power(band) * f64::from(band.width)));
            let width = if sum > 0.0 { side / sum } else { 0.0 };
            Region { name, level_db: 10.0 * libm::log10(sum / total), width }
        };
        REGIONS.into_iter().map(region).collect()
    }
}

/// The middle of a third octave, Hz (IEC 61260-1, base ten).
pub fn band_hz(band: usize) -> f64 {
    1_000.0 * libm::pow(10.0, f64::from(FIRST_BAND + band as i32) / 10.0)
}

/// Its edges, Hz.
pub fn band_edges_hz(band: usize) -> [f64; 2] {
    let half = libm::pow(10.0, 1.0 / 20.0);
    [band_hz(band) / half, band_hz(band) * half]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analysis(short_term_lufs: Vec<f32>, width: f32) -> Analysis {
        let band = Band { level_db: -20.0, width };
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
            short_term_lufs,
            bands: vec![band; BANDS],
            critical_db: Vec::new(),
        }
    }

    #[test]
    fn the_loudest_moments_are_apart_and_in_order() {
        let mut course = vec![-20.0_f32; 400];
        (course[100], course[101], course[130], course[300]) = (-9.0, -9.5, -10.0, -12.0);
        let moments = analysis(course, 0.0).loudest_moments(2);
        assert_eq!(moments.iter().map(|moment| moment.lufs).collect::<Vec<_>>(), [-9.0, -12.0]);
        assert!((moments[0].seconds - 8.6).abs() < 1e-9, "the middle of the window that ends at 10.1 s");
    }

    #[test]
    fn a_band_whose_sides_oppose_each_other_vanishes_in_mono() {
        assert!(analysis(Vec::new(), 0.5).mono_losses().is_empty(), "sides that have nothing in common lose 3 dB");
        let mut mixed = analysis(Vec::new(), 0.1);
        (mixed.bands[17].width, mixed.bands[3].width, mixed.bands[3].level_db) = (0.9, 0.9, -90.0);
        let losses = mixed.mono_losses();
        assert_eq!(losses.len(), 1, "what is 70 dB down is not missed");
        assert!((losses[0].hz - 1_000.0).abs() < 1e-6 && (losses[0].loss_db - 10.0).abs() < 1e-5);
    }

    #[test]
    fn the_bands_are_those_of_the_standard() {
        assert!((band_hz(0) - 19.95).abs() < 0.01);
        assert!((band_hz(17) - 1_000.0).abs() < 1e-9);
        assert!((band_hz(BANDS - 1) - 19_953.0).abs() < 1.0);
        for band in 1..BANDS {
            assert!((band_edges_hz(band - 1)[1] - band_edges_hz(band)[0]).abs() < 1e-6);
        }
    }
}
