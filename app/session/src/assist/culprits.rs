//! From symptom to culprit: what stands out on the master, and the tracks that cause it with their shares.
//!
//! Tracks add up in power, so what a track adds to a symptom is the power that would go if the track were as it is elsewhere: in a range of
//! the spectrum, what it has over the line between its own bands beside the range (all of its power when the range is too wide for a line);
//! in a peak, what its largest sample has over its own usual
//! one; in width, the part of its side signal that is more than usual, which a sum to mono takes away. A share is a track's part of all that is
//! added.

mod mend;
mod peak;

use dsp::protocol::{StripId, StripKind};

pub use mend::{Mend, mend};

use super::heard::{Heard, power};
use super::{decibels, difference, readable_hz};
use crate::analysis::{BANDS, band_edges_hz};
use crate::model::Song;
use crate::survey::{ERB_BANDS, Survey, erb_edge_hz, erb_hz, power_db};

/// A band that is so far over the target on the master stands out, dB.
const STANDS_OUT_DB: f64 = 1.0;
/// A peak that is so far over the master's usual one costs a limiter gain, dB.
const PEAK_DB: f64 = 3.0;
/// From this share of side signal on a band is lost in mono: 3 dB less side than middle. Less is what stereo is.
const SIDE_SHARE: f64 = 1.0 / 3.0;
/// Bands beside a range that show what a track is elsewhere,
const BESIDE: usize = 4;
/// and how many next to the range are left out: the slopes of what stands out.
const SLOPE: usize = 1;
/// Ranges of more bands have no line.
const LINE_BANDS: usize = 8;
/// A track with less is not named.
const LEAST_SHARE: f64 = 0.05;

/// What stands out on the master.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Symptom {
    /// First and last band of a range, and by how much it is over the target, dB.
    Tone([usize; 2], f64),
    /// The slice with the largest sample, and by how much that is over the usual one, dB.
    Peak(usize, f64),
    /// First and last band of a range with much side signal, and its level over the middle's, dB.
    Side([usize; 2], f64),
}

/// A track that causes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Culprit {
    /// Which.
    pub strip: StripId,
    /// Its part, 0 to 1.
    pub share: f64,
}

impl Symptom {
    /// As a sentence.
    pub fn sentence(&self, survey: &Survey) -> String {
        match *self {
            Self::Tone(bands, over_db) => format!("{}: {} dB over the target", range_text(bands), decibels(over_db)),
            Self::Peak(slice, over_db) => {
                let frame = survey.start + slice as u64 * u64::from(survey.slice_frames);
                let seconds = frame / u64::from(survey.rate_hz.max(1));
                format!("A peak at {}:{:02}: {} dB over the usual one", seconds / 60, seconds % 60, decibels(over_db))
            }
            Self::Side(bands, over_db) => {
                format!("{}: side {} dB against the middle, which mono takes away", range_text(bands), difference(over_db))
            }
        }
    }
}

fn range_text([first, last]: [usize; 2]) -> String {
    format!("{} to {} Hz", readable_hz(erb_edge_hz(first)), readable_hz(erb_edge_hz(last + 1)))
}

/// The powers of a spectrum of third octaves in each critical band, as density times width.
pub fn critical_bands(thirds: &[f64]) -> Vec<f64> {
    let third_of = |hz: f64| (0..BANDS).find(|third| hz < band_edges_hz(*third)[1]).unwrap_or(BANDS - 1);
    let band = |band: usize| {
        let third = third_of(erb_hz(band));
        let [low_hz, high_hz] = band_edges_hz(third);
        thirds.get(third).map_or(0.0, |level_db| power(*level_db) * (erb_edge_hz(band + 1) - erb_edge_hz(band)) / (high_hz - low_hz))
    };
    (0..ERB_BANDS).map(band).collect()
}

/// What stands out on the master, against the powers of a target in each band, whose level has no say.
pub fn symptoms(song: &Song, survey: &Survey, target: &[f64]) -> Vec<Symptom> {
    let Some(master) = survey.master(song).filter(|master| !master.output.is_silent() && target.len() == ERB_BANDS) else {
        return Vec::new();
    };
    let powers = master.mean_powers();
    let excess = excess(&powers, target);
    let side_over: Vec<f64> = powers.iter().zip(master.mean_side_powers()).map(|(all, side)| side_over_db(*all, side)).collect();
    let least_side_db = least_side_db();
    let tone = worst_range(&excess, STANDS_OUT_DB).map(|(bands, db)| Symptom::Tone(bands, db));
    let side = worst_range(&side_over, least_side_db).map(|(bands, db)| Symptom::Side(bands, db));
    [tone, largest_peak(&master.peaks), side].into_iter().flatten().collect()
}

/// The tracks that cause a symptom, the largest share first.
pub fn culprits(song: &Song, survey: &Survey, symptom: &Symptom) -> Vec<Culprit> {
    let added = |strip: &crate::model::Strip| {
        let heard = Heard::of(song, survey, strip.id)?;
        let added = match *symptom {
            Symptom::Tone(bands, _) => added_in(&heard.measured.mean_powers(), bands) * heard.gain,
            Symptom::Peak(slice, _) => over_its_usual(&heard.measured.peaks, slice) * libm::sqrt(heard.gain),
            Symptom::Side(bands, _) => {
                let (all, side) = (heard.measured.mean_powers(), heard.measured.mean_side_powers());
                (bands[0]..=bands[1]).map(|band| (side[band] - SIDE_SHARE * all[band]).max(0.0)).sum::<f64>() * heard.gain
            }
        };
        Some((strip.id, added))
    };
    let added: Vec<(StripId, f64)> = song.strips_of(StripKind::Audio).filter_map(added).collect();
    let all: f64 = added.iter().map(|(_, added)| added).sum();
    if all <= 0.0 {
        return Vec::new();
    }
    let mut found: Vec<Culprit> = added.into_iter().map(|(strip, added)| Culprit { strip, share: added / all }).collect();
    found.retain(|culprit| culprit.share >= LEAST_SHARE);
    found.sort_by(|a, b| b.share.total_cmp(&a.share));
    found
}

/// By how much each band is over the target, whose level has no say.
fn excess(powers: &[f64], target: &[f64]) -> Vec<f64> {
    let over: Vec<f64> = powers.iter().zip(target).map(|(own, target)| power_db(*own) - power_db(*target)).collect();
    let level = median(over.clone());
    over.into_iter().map(|over| over - level).collect()
}

/// From which level over the middle on a side signal stands out, dB.
fn least_side_db() -> f64 {
    power_db(SIDE_SHARE / (1.0 - SIDE_SHARE))
}

/// The side signal over the middle, dB.
fn side_over_db(all: f64, side: f64) -> f64 {
    power_db(side) - power_db((all - side).max(0.0))
}

/// The stretch over a limit with the largest sum, and its mean.
fn worst_range(values: &[f64], least: f64) -> Option<([usize; 2], f64)> {
    let mut ranges: Vec<([usize; 2], f64)> = Vec::new();
    for (band, value) in values.iter().enumerate().filter(|(_, value)| **value > least) {
        match ranges.last_mut() {
            Some((range, sum)) if range[1] + 1 == band => (range[1], *sum) = (band, *sum + value),
            _ => ranges.push(([band; 2], *value)),
        }
    }
    let worst = ranges.into_iter().max_by(|(_, a), (_, b)| a.total_cmp(b));
    worst.map(|(range, sum)| (range, sum / (range[1] - range[0] + 1) as f64))
}

fn largest_peak(peaks: &[f32]) -> Option<Symptom> {
    let (slice, largest) = peaks.iter().enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    let over_db = over_usual_db(f64::from(*largest), peaks);
    (over_db >= PEAK_DB).then_some(Symptom::Peak(slice, over_db))
}

/// A linear peak over the usual one of all slices, dB.
fn over_usual_db(peak: f64, peaks: &[f32]) -> f64 {
    2.0 * (power_db(peak) - power_db(usual(peaks)))
}

/// The median of the slices' peaks that are not silent.
fn usual(peaks: &[f32]) -> f64 {
    median(peaks.iter().filter(|peak| **peak > 0.0).map(|peak| f64::from(*peak)).collect())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// What a track adds to a range of the spectrum.
fn added_in(powers: &[f64], [first, last]: [usize; 2]) -> f64 {
    if last - first < LINE_BANDS { over_its_line(powers, [first, last]) } else { powers[first..=last].iter().sum() }
}

/// The power that a track has in a range over the line, in dB, between its bands below and above it.
fn over_its_line(powers: &[f64], [first, last]: [usize; 2]) -> f64 {
    let mean_db = |bands: core::ops::Range<usize>| {
        let count = bands.len();
        (count > 0).then(|| powers[bands].iter().map(|power| power_db(*power)).sum::<f64>() / count as f64)
    };
    let (below_to, above_from) = (first.saturating_sub(SLOPE), (last + 1 + SLOPE).min(ERB_BANDS));
    let below = mean_db(below_to.saturating_sub(BESIDE)..below_to);
    let above = mean_db(above_from..(above_from + BESIDE).min(ERB_BANDS));
    // At the ends of the spectrum one side stands for both.
    let (Some(below), Some(above)) = (below.or(above), above.or(below)) else { return 0.0 };
    let width = (last - first + 2 * SLOPE + BESIDE + 1) as f64;
    let line = |band: usize| below + (above - below) * ((band - first + SLOPE) as f64 + (BESIDE as f64 + 1.0) / 2.0) / width;
    (first..=last).map(|band| (powers[band] - power(line(band))).max(0.0)).sum()
}

/// What a track's largest sample in a slice has over its usual one.
fn over_its_usual(peaks: &[f32], slice: usize) -> f64 {
    peaks.get(slice).map_or(0.0, |peak| (f64::from(*peak) - usual(peaks)).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_white_spectrum_stays_white_in_critical_bands() {
        let thirds: Vec<f64> = (0..BANDS).map(|third| power_db(band_edges_hz(third)[1] - band_edges_hz(third)[0])).collect();
        for (band, power) in critical_bands(&thirds).into_iter().enumerate() {
            let width_hz = erb_edge_hz(band + 1) - erb_edge_hz(band);
            assert!((power / width_hz - 1.0).abs() < 1e-9, "band {band}: {power} for {width_hz} Hz");
        }
    }
}
