//! Match tone: what brings a song's tone, width, dynamics and loudness to those of one or several weighted references, each by ordinary
//! processors at the end of the master's chain, before its limiter.
//!
//! Tone is compared in critical bands relative to their own mean, so loudness has no say; width as the share of the side signal in four parts
//! of the range; dynamics as loudness range (EBU Tech 3342), which a slow compressor narrows by its ratio and nothing opens again. Here is what
//! is proposed; `media::matching` renders the song with it, corrects the curve, and measures the figures.

mod filter;
mod plan;

use serde::{Deserialize, Serialize};

pub use filter::{Curve, distance_db};
pub use plan::{Compression, Plan, edit};

use super::number;
use crate::analysis::{Analysis, band_hz};
use crate::model::SongId;

/// Parts of the range that have a width of their own, as many as an Imager has,
pub const PARTS: usize = 4;
/// and where one ends and the next begins, Hz.
pub const SPLITS_HZ: [f64; PARTS - 1] = [200.0, 2_000.0, 8_000.0];
/// A side signal with a smaller share of the power is as good as none: making it louder makes no width.
const MONO_SHARE: f64 = 0.001;
/// Widths stay between these, percent: more than double brings up what was hidden.
const WIDTHS: [f64; 2] = [0.0, 200.0];
/// A change of width by less is not worth a move, percent.
const LEAST_WIDTH: f64 = 3.0;
/// Ranges nearer to each other are alike, LU.
const LEAST_RANGE_LU: f64 = 0.5;
/// Ratios beyond are no longer levelling.
const MOST_RATIO: f64 = 3.0;
/// Share of the song's steps that are softer than the compressor's threshold: as many as the loudness range leaves out (EBU Tech 3342).
const SOFT_SHARE: f64 = 0.1;
/// A stereo sound of so many LUFS has each side at about so many dB more negative (BS.1770-5: both sides add up, and −0.691 dB).
const SIDE_UNDER_LUFS_DB: f64 = 2.3;

/// What a song is brought to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Critical bands, dB, relative to their mean.
    pub critical_db: Vec<f64>,
    /// Share of the side signal's power in each part of the range.
    pub side_shares: [f64; PARTS],
    /// Loudness range; NaN when no reference has one.
    pub range_lu: f64,
    /// Loudness.
    pub integrated_lufs: f64,
}

impl Target {
    /// The mean of several references by their weights, tones in dB and each relative to its own mean; `None` without any that sounds.
    pub fn of(references: &[(&Analysis, f64)]) -> Option<Self> {
        let sounding: Vec<(&Analysis, f64)> = references
            .iter()
            .filter(|(song, weight)| *weight > 0.0 && !song.is_silent() && !song.critical_db.is_empty())
            .copied()
            .collect();
        let total: f64 = sounding.iter().map(|(_, weight)| weight).sum();
        if total <= 0.0 {
            return None;
        }
        let mean = |of: &dyn Fn(&Analysis) -> f64| sounding.iter().map(|(song, weight)| of(song) * weight).sum::<f64>() / total;
        let relative: Vec<(Vec<f64>, f64)> = sounding.iter().map(|(song, weight)| (relative(song), *weight)).collect();
        let band = |at: usize| relative.iter().map(|(spectrum, weight)| spectrum[at] * weight).sum::<f64>() / total;
        let ranged: Vec<(f64, f64)> =
            sounding.iter().filter(|(song, _)| song.range_lu.is_finite()).map(|(song, weight)| (song.range_lu, *weight)).collect();
        let range_weight: f64 = ranged.iter().map(|(_, weight)| weight).sum();
        Some(Self {
            critical_db: (0..relative[0].0.len()).map(band).collect(),
            side_shares: core::array::from_fn(|part| mean(&|song| side_shares(song)[part])),
            range_lu: ranged.iter().map(|(range, weight)| range * weight).sum::<f64>() / range_weight,
            integrated_lufs: mean(&|song| song.integrated_lufs),
        })
    }
}

/// How far a match goes, and in what.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// 0 to 1: of the curve, of widths and of the ratio. A loudness is reached or not wanted.
    pub amount: f64,
    /// The most that the curve does, dB.
    pub limit_db: f64,
    /// How often neighbouring critical bands are averaged.
    pub smoothing: u32,
    /// A match filter rather than ten bands of one Equalizer.
    pub is_fine: bool,
    /// Linear phase: no phase turns, and the song is late by the Equalizers' latency.
    pub is_linear: bool,
    /// Whether the tone is matched,
    pub tone: bool,
    /// the width,
    pub width: bool,
    /// the dynamics,
    pub dynamics: bool,
    /// and the loudness.
    pub level: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            amount: 1.0,
            limit_db: 6.0,
            smoothing: 1,
            is_fine: false,
            is_linear: false,
            tone: true,
            width: false,
            dynamics: false,
            level: false,
        }
    }
}

/// What is to be matched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The song.
    pub song: SongId,
    /// What it is brought to.
    pub target: Target,
    /// How.
    pub options: Options,
    /// Its largest true peak where the loudness is matched.
    pub peak_dbtp: f64,
}

/// What a match has come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Matched {
    /// The moves.
    pub plan: Plan,
    /// The song without them.
    pub before: Analysis,
    /// The song with them.
    pub after: Analysis,
    /// What could not be matched, and why.
    pub notes: Vec<String>,
}

/// A figure of a song and of its references.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What it is.
    pub name: &'static str,
    /// Without the moves, with them, and of the references; each as it is read.
    pub values: [String; 3],
}

/// Names of the parts of the range.
const PART_NAMES: [&str; PARTS] = ["Side below 200 Hz, %", "Side 200 Hz to 2 kHz, %", "Side 2 to 8 kHz, %", "Side above 8 kHz, %"];

/// The figures of a match, before, after and wanted.
pub fn figures(matched: &Matched, target: &Target) -> Vec<Figure> {
    let songs = [&matched.before, &matched.after];
    let tone = songs.map(|song| number(distance_db(&spectrum(song), &target.critical_db), 2));
    let row = |name, of: &dyn Fn(&Analysis) -> String, wanted: String| {
        let [before, after] = songs.map(of);
        Figure { name, values: [before, after, wanted] }
    };
    let [before, after] = tone;
    let mut rows = vec![Figure { name: "Distance of the tone, dB", values: [before, after, number(0.0, 2)] }];
    rows.extend((0..PARTS).map(|part| {
        let percent = |share: f64| number(share * 100.0, 1);
        row(PART_NAMES[part], &|song| percent(side_shares(song)[part]), percent(target.side_shares[part]))
    }));
    rows.push(row("Loudness range, LU", &|song| number(song.range_lu, 1), number(target.range_lu, 1)));
    rows.push(row("Loudness, LUFS", &|song| number(song.integrated_lufs, 1), number(target.integrated_lufs, 1)));
    rows.push(row("True peak, dBTP", &|song| number(song.true_peak_dbtp, 1), "–".to_owned()));
    rows
}

/// Critical bands of a song, dB.
pub fn spectrum(song: &Analysis) -> Vec<f64> {
    song.critical_db.iter().map(|level| f64::from(*level)).collect()
}

fn relative(song: &Analysis) -> Vec<f64> {
    let own = spectrum(song);
    filter::level(&own, &filter::counting(&own))
}

/// Share of the side signal in the power of each part of the range.
pub fn side_shares(song: &Analysis) -> [f64; PARTS] {
    let part_of = |band: usize| SPLITS_HZ.iter().filter(|split| band_hz(band) >= **split).count();
    let mut sums = [[0.0; 2]; PARTS];
    for (at, band) in song.bands.iter().enumerate() {
        let power = libm::pow(10.0, f64::from(band.level_db) / 10.0);
        let [all, side] = &mut sums[part_of(at)];
        (*all, *side) = (*all + power, *side + power * f64::from(band.width));
    }
    sums.map(|[all, side]| if all > 0.0 { side / all } else { 0.0 })
}

/// The Imager's widths that bring a song's shares of side signal to the target's, percent; `None` when none is worth it.
pub fn widths(song: &Analysis, target: &Target, amount: f64) -> Option<[f64; PARTS]> {
    let own = side_shares(song);
    let width = |part: usize| {
        let ratio = |share: f64| share / (1.0 - share).max(1e-9);
        if own[part] < MONO_SHARE {
            return 100.0;
        }
        let gain = libm::sqrt(ratio(target.side_shares[part]) / ratio(own[part]));
        libm::round(100.0 * libm::pow(gain.max(1e-3), amount)).clamp(WIDTHS[0], WIDTHS[1])
    };
    let widths = core::array::from_fn(width);
    widths.iter().any(|width| (width - 100.0).abs() >= LEAST_WIDTH).then_some(widths)
}

/// The compressor that narrows a song's loudness range to the target's.
///
/// # Errors
/// With the reason, when none does.
pub fn compression(song: &Analysis, target: &Target, amount: f64) -> Result<Compression, String> {
    let (own_lu, wanted_lu) = (song.range_lu, target.range_lu);
    if !own_lu.is_finite() || !wanted_lu.is_finite() {
        return Err("The song or the references are too short for a loudness range.".to_owned());
    }
    if own_lu < wanted_lu + LEAST_RANGE_LU {
        return Err(format!(
            "The loudness range of {} LU is no wider than the references’ {} LU, and a compressor opens nothing.",
            number(own_lu, 1),
            number(wanted_lu, 1)
        ));
    }
    let ratio = libm::pow(own_lu / wanted_lu.max(0.1), amount).min(MOST_RATIO);
    let mut steps: Vec<f32> = song.short_term_lufs.iter().copied().filter(|lufs| f64::from(*lufs) > song.integrated_lufs - 20.0).collect();
    steps.sort_by(f32::total_cmp);
    let soft = steps.get((steps.len() as f64 * SOFT_SHARE) as usize).copied().unwrap_or(-24.0);
    Ok(Compression {
        threshold_db: libm::round(f64::from(soft) - SIDE_UNDER_LUFS_DB).clamp(-60.0, 0.0),
        ratio: libm::round(ratio * 100.0) / 100.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{ANALYSIS_VERSION, BANDS, Band};
    use crate::survey::ERB_BANDS;

    fn song(tilt_db: f64, width: f32, range_lu: f64) -> Analysis {
        Analysis {
            version: ANALYSIS_VERSION,
            rate_hz: 48_000,
            frames: 480_000,
            integrated_lufs: -14.0,
            range_lu,
            momentary_max_lufs: -10.0,
            short_term_max_lufs: -11.0,
            true_peak_dbtp: -1.0,
            sample_peak_db: -1.1,
            psr_min_lu: 8.0,
            correlation: 0.8,
            balance_db: 0.0,
            dc: [0.0; 2],
            clipped_runs: 0,
            short_term_lufs: (0..100).map(|step| -20.0 + step as f32 / 10.0).collect(),
            bands: vec![Band { level_db: -20.0, width }; BANDS],
            critical_db: (0..ERB_BANDS).map(|band| (-20.0 + tilt_db * band as f64) as f32).collect(),
        }
    }

    #[test]
    fn references_count_by_their_weights_and_not_by_their_loudness() {
        let (dark, mut bright) = (song(-1.0, 0.1, 5.0), song(0.0, 0.3, 9.0));
        bright.critical_db.iter_mut().for_each(|level| *level += 12.0);
        let target = Target::of(&[(&dark, 3.0), (&bright, 1.0)]).expect("a target");
        assert!(distance_db(&target.critical_db, &spectrum(&dark)) < distance_db(&target.critical_db, &spectrum(&bright)) / 2.0);
        assert!((target.range_lu - 6.0).abs() < 1e-9 && (target.side_shares[0] - 0.15).abs() < 1e-6);
        assert_eq!(Target::of(&[(&dark, 0.0)]), None);
    }

    #[test]
    fn widths_go_to_the_references_and_a_mono_song_has_none() {
        let target = Target::of(&[(&song(0.0, 0.2, 5.0), 1.0)]).expect("a target");
        let whole = widths(&song(0.0, 0.1, 5.0), &target, 1.0).expect("widths");
        assert!(whole.iter().all(|width| (width - 150.0).abs() < 1.0), "√(0.25 / 0.111) is one and a half: {whole:?}");
        let half = widths(&song(0.0, 0.1, 5.0), &target, 0.5).expect("widths");
        assert!(half.iter().all(|width| (110.0..140.0).contains(width)), "{half:?}");
        assert_eq!(widths(&song(0.0, 0.0, 5.0), &target, 1.0), None);
    }

    #[test]
    fn a_range_is_narrowed_by_its_ratio_and_never_opened() {
        let target = Target::of(&[(&song(0.0, 0.2, 4.0), 1.0)]).expect("a target");
        let found = compression(&song(0.0, 0.2, 8.0), &target, 1.0).expect("a compressor");
        assert_eq!(found.ratio, 2.0);
        assert!((found.threshold_db + 21.0).abs() <= 1.0, "the softest tenth is at −19 LUFS: {}", found.threshold_db);
        assert!(compression(&song(0.0, 0.2, 3.0), &target, 1.0).is_err_and(|reason| reason.contains("opens nothing")));
    }
}
