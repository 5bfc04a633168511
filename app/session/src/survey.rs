//! What a whole song measures at every point of its mixer: what goes into each strip's chain, what comes out of each processor and each
//! fader, and how the power of each strip's output lies over time and over the ear's critical bands.
//!
//! Measured by `media::survey`, which renders the song with the engine itself; read by [`crate::assist`], which proposes.

use dsp::protocol::{InsertId, StripId};
use serde::{Deserialize, Serialize};

use crate::model::{Session, Song};

/// Critical bands, one unit of the ERB-rate scale wide each.
pub const ERB_BANDS: usize = 41;
/// Level of what cannot be heard.
pub const SILENCE_DB: f64 = -200.0;

/// Lower edge of band `band` (and upper edge of the one below), Hz: the ERB-rate scale E = 21.4·log₁₀(1 + 0.00437·f) turned round, from
/// E = 1 (26 Hz) to 42 (20.7 kHz) (Glasberg and Moore, Hearing Research 47, 1990).
pub fn erb_edge_hz(band: usize) -> f64 {
    erb_rate_hz(band as f64 + 1.0)
}

/// The middle of a band, Hz.
pub fn erb_hz(band: usize) -> f64 {
    erb_rate_hz(band as f64 + 1.5)
}

/// The frequency at a place of the ERB-rate scale.
pub fn erb_rate_hz(rate: f64) -> f64 {
    (libm::pow(10.0, rate / 21.4) - 1.0) / 0.00437
}

/// A song, measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Survey {
    /// Rate.
    pub rate_hz: u32,
    /// Length of what was rendered, with its tail.
    pub frames: u64,
    /// First frame of the timeline that was rendered.
    pub start: u64,
    /// Length of a slice of time.
    pub slice_frames: u32,
    /// The strips in console order.
    pub strips: Vec<StripSurvey>,
    /// Pairs of tracks that pull the same way or against each other.
    pub pairs: Vec<Pair>,
}

/// A strip, measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StripSurvey {
    /// Which.
    pub strip: StripId,
    /// What goes into its chain, behind trim and polarity.
    pub head: Level,
    /// What leaves it, behind its fader; of the master, the mix.
    pub output: Level,
    /// Runs of clipped samples in the audio that its clips play, before anything of the mixer.
    pub clipped_runs: u32,
    /// Largest sample at each point of the chain, in the order of the signal.
    pub points: Vec<Point>,
    /// Power of the output, mean of both sides: [`ERB_BANDS`] numbers for each slice.
    pub powers: Vec<f32>,
    /// The side signal's part of `powers`, the mean square of (left − right) / 2.
    pub side_powers: Vec<f32>,
    /// Largest sample of the output in each slice, linear.
    pub peaks: Vec<f32>,
}

/// What a stereo signal measures as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Largest sample, dBFS; negative infinity in silence.
    pub peak_db: f64,
    /// Largest true peak, dBTP.
    pub true_peak_dbtp: f64,
    /// Integrated loudness (BS.1770-5).
    pub integrated_lufs: f64,
    /// Mean power of both sides, dBFS.
    pub rms_db: f64,
    /// Mean of each side, full scale at 1.
    pub dc: [f64; 2],
    /// Correlation of both sides; 0 in silence.
    pub correlation: f64,
}

impl Level {
    /// Of silence.
    pub const SILENT: Self = Self {
        peak_db: f64::NEG_INFINITY,
        true_peak_dbtp: f64::NEG_INFINITY,
        integrated_lufs: f64::NEG_INFINITY,
        rms_db: f64::NEG_INFINITY,
        dc: [0.0; 2],
        correlation: 0.0,
    };

    /// How far the largest sample stands over the mean power, dB; NaN in silence.
    pub fn crest_db(&self) -> f64 {
        if self.is_silent() { f64::NAN } else { self.peak_db - self.rms_db }
    }

    /// Whether there is nothing in it.
    pub fn is_silent(&self) -> bool {
        !self.peak_db.is_finite()
    }
}

/// A place in a strip's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Behind trim and polarity.
    Head,
    /// Behind a processor.
    Insert(InsertId),
    /// Behind the fader.
    Output,
}

/// The largest sample at a place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Where.
    pub place: Place,
    /// How large, dBFS.
    pub peak_db: f64,
    /// When: the timeline's frame, latency counted out to a block.
    pub frame: u64,
}

/// Two tracks' correlation at their chains' beginnings, below about 1.5 kHz, where phase matters most to the sum.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The strips, in console order.
    pub strips: [StripId; 2],
    /// −1 to 1.
    pub correlation: f64,
}

impl Survey {
    /// What a strip measures.
    pub fn strip(&self, strip: StripId) -> Option<&StripSurvey> {
        self.strips.iter().find(|found| found.strip == strip)
    }

    /// What the master measures.
    pub fn master(&self, song: &Song) -> Option<&StripSurvey> {
        self.strip(song.master()?.id)
    }

    /// How many slices there are.
    pub fn slices(&self) -> usize {
        self.strips.first().map_or(0, |strip| strip.powers.len() / ERB_BANDS)
    }
}

impl StripSurvey {
    /// The powers of a slice.
    pub fn slice(&self, slice: usize) -> &[f32] {
        self.powers.get(slice * ERB_BANDS..(slice + 1) * ERB_BANDS).unwrap_or_default()
    }

    /// Mean power of each band over all slices.
    pub fn mean_powers(&self) -> Vec<f64> {
        mean_of_slices(&self.powers)
    }

    /// Mean power of each band's side signal over all slices.
    pub fn mean_side_powers(&self) -> Vec<f64> {
        mean_of_slices(&self.side_powers)
    }
}

/// Mean of each of [`ERB_BANDS`] numbers over all slices.
pub fn mean_of_slices(powers: &[f32]) -> Vec<f64> {
    let count = (powers.len() / ERB_BANDS).max(1) as f64;
    (0..ERB_BANDS).map(|band| powers.iter().skip(band).step_by(ERB_BANDS).map(|power| f64::from(*power)).sum::<f64>() / count).collect()
}

/// A power's level, dB.
pub fn power_db(power: f64) -> f64 {
    if power > 0.0 { (10.0 * libm::log10(power)).max(SILENCE_DB) } else { SILENCE_DB }
}

/// How a strip is called in a sentence.
pub fn strip_name(session: &Session, strip: StripId) -> String {
    let found = session.songs.iter().find_map(|song| song.strip(strip));
    found.map(|strip| strip.name.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_are_one_erb_wide_and_cover_what_is_heard() {
        assert!((erb_edge_hz(0) - 26.0).abs() < 1.0);
        assert!(erb_edge_hz(ERB_BANDS) > 20_000.0);
        // At 1 kHz the equivalent rectangular bandwidth is 132 Hz: 24.7·(4.37·f/1000 + 1).
        let at = (0..ERB_BANDS).find(|band| erb_edge_hz(band + 1) > 1_000.0).expect("a band");
        let width = erb_edge_hz(at + 1) - erb_edge_hz(at);
        let formula = 24.7 * (4.37 * erb_hz(at) / 1_000.0 + 1.0);
        assert!((width / formula - 1.0).abs() < 0.01, "{width} against {formula}");
    }
}
