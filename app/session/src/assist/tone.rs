//! Match tone: the bands of an ordinary Equalizer that bring a long-term spectrum towards another one.
//!
//! Spectra are third octaves relative to their own mean, so loudness has no say. The difference is smoothed, scaled by the amount and
//! limited; the gains of ten bands are its least-squares fit, found with the very curves that the equalizer has.

use dsp::processors::equalizer::{self, Response};
use serde::{Deserialize, Serialize};

use super::fit::Goal;
use crate::analysis::{Analysis, BANDS, band_hz};
use crate::model::Values;

/// Third octaves that count: 32 Hz to 16 kHz.
const FIRST: usize = 2;
const LAST: usize = 29;
/// A third octave that is so far under the loudest is as good as empty and has no say.
const EMPTY_DB: f64 = 70.0;
/// Gains below this are not worth a band.
const LEAST_GAIN_DB: f64 = 0.3;
/// Keeps neighbouring bands from pulling against each other, relative to the number of third octaves.
const RIDGE: f64 = 0.002;
/// How the spectrum of a balanced mix falls from 100 Hz on, dB an octave of third octaves: −4.5 dB an octave at equal bandwidths (Pestana
/// et al., AES 135, 2013, average spectra of popular recordings).
const SLOPE_DB_PER_OCTAVE: f64 = -1.5;
const SLOPE_FROM_HZ: f64 = 100.0;
/// Below this the lows of recordings fall again, dB an octave.
const LOWS_BELOW_HZ: f64 = 50.0;
const LOWS_DB_PER_OCTAVE: f64 = 6.0;

/// What a band does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// Everything below.
    LowShelf,
    /// Around.
    Bell,
    /// Everything above.
    HighShelf,
}

/// A band of an equalizer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Its number in the equalizer, from 1.
    pub number: u8,
    /// What it does.
    pub shape: Shape,
    /// Where.
    pub frequency_hz: f32,
    /// How wide.
    pub q: f32,
    /// How much.
    pub gain_db: f64,
}

/// The bands that are fitted: shelves at the ends, bells 0.9 octaves apart between them.
const PLACES: [(Shape, f32, f32); 10] = [
    (Shape::LowShelf, 60.0, 0.7),
    (Shape::Bell, 110.0, 1.3),
    (Shape::Bell, 205.0, 1.3),
    (Shape::Bell, 380.0, 1.3),
    (Shape::Bell, 710.0, 1.3),
    (Shape::Bell, 1_320.0, 1.3),
    (Shape::Bell, 2_460.0, 1.3),
    (Shape::Bell, 4_580.0, 1.3),
    (Shape::Bell, 8_000.0, 1.3),
    (Shape::HighShelf, 12_500.0, 0.7),
];

/// How far a match goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// 0 to 1.
    pub amount: f64,
    /// No band does more.
    pub limit_db: f64,
    /// How often neighbouring third octaves are averaged.
    pub smoothing: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { amount: 1.0, limit_db: 6.0, smoothing: 1 }
    }
}

/// A spectrum, dB for each third octave.
pub type Spectrum = Vec<f64>;

/// Of a recording.
pub fn spectrum(analysis: &Analysis) -> Spectrum {
    analysis.bands.iter().map(|band| f64::from(band.level_db)).collect()
}

/// The mean of several recordings' spectra in dB, each relative to its own mean, by their weights; `None` without any that sounds.
pub fn blend(references: &[(Spectrum, f64)]) -> Option<Spectrum> {
    let total: f64 = references.iter().map(|(_, weight)| weight).sum();
    if total <= 0.0 || references.iter().any(|(spectrum, _)| spectrum.len() != BANDS) {
        return None;
    }
    let relative: Vec<(Spectrum, f64)> =
        references.iter().map(|(spectrum, weight)| (level(spectrum, &counting(spectrum)), weight / total)).collect();
    Some((0..BANDS).map(|band| relative.iter().map(|(spectrum, weight)| spectrum[band] * weight).sum()).collect())
}

/// The even slope of a balanced mix.
pub fn even_slope() -> Spectrum {
    let octaves = |hz: f64, from: f64| libm::log2(hz / from);
    (0..BANDS)
        .map(|band| {
            let hz = band_hz(band);
            SLOPE_DB_PER_OCTAVE * octaves(hz, SLOPE_FROM_HZ).max(0.0) + LOWS_DB_PER_OCTAVE * octaves(hz, LOWS_BELOW_HZ).min(0.0)
        })
        .collect()
}

/// By how much each third octave is over the target, both relative to their means; 0 where there is nothing.
pub fn excess(own: &[f64], target: &[f64]) -> Spectrum {
    let counts: Vec<bool> = counting(own).into_iter().zip(counting(target)).map(|(own, target)| own && target).collect();
    let (own, target) = (level(own, &counts), level(target, &counts));
    (0..BANDS).map(|band| if counts.get(band) == Some(&true) { own[band] - target[band] } else { 0.0 }).collect()
}

/// Mean distance of two spectra over the third octaves that count, dB.
pub fn distance_db(own: &[f64], target: &[f64]) -> f64 {
    let excess = excess(own, target);
    excess[FIRST..=LAST].iter().map(|excess| excess.abs()).sum::<f64>() / (LAST - FIRST + 1) as f64
}

fn counting(spectrum: &[f64]) -> Vec<bool> {
    let loudest = spectrum.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (0..BANDS).map(|band| (FIRST..=LAST).contains(&band) && spectrum.get(band).is_some_and(|level| *level > loudest - EMPTY_DB)).collect()
}

fn level(spectrum: &[f64], counts: &[bool]) -> Spectrum {
    let counted = || spectrum.iter().zip(counts).filter(|(_, counts)| **counts).map(|(level, _)| *level);
    let mean = counted().sum::<f64>() / counted().count().max(1) as f64;
    spectrum.iter().map(|level| level - mean).collect()
}

/// The bands that bring `own` towards `target`.
pub fn bands(own: &[f64], target: &[f64], rate_hz: u32, options: &Options) -> Vec<Band> {
    let mut wanted: Spectrum = excess(own, target).iter().map(|excess| -excess * options.amount).collect();
    for _ in 0..options.smoothing {
        wanted = smooth(&wanted);
    }
    let weights: Vec<f64> = (0..BANDS).map(|band| if (FIRST..=LAST).contains(&band) { 1.0 } else { 0.0 }).collect();
    let goal = Goal { wanted: &wanted, weights: &weights, limit_db: options.limit_db.abs(), ridge: RIDGE };
    let gains = goal.gains(&places(), |band| curve(&[*band], rate_hz));
    let tenth = |(band, gain): (Band, f64)| Band { gain_db: libm::round(gain * 10.0) / 10.0, ..band };
    places().into_iter().zip(gains).map(tenth).filter(|band| band.gain_db.abs() >= LEAST_GAIN_DB).collect()
}

fn smooth(spectrum: &[f64]) -> Spectrum {
    let at = |band: usize| spectrum[band.clamp(FIRST, LAST)];
    (0..BANDS).map(|band| (at(band.max(1) - 1) + 2.0 * at(band) + at(band + 1)) / 4.0).collect()
}

/// The bands that are fitted, at 0 dB.
pub fn places() -> Vec<Band> {
    let band =
        |(at, (shape, frequency_hz, q)): (usize, (Shape, f32, f32))| Band { number: at as u8 + 1, shape, frequency_hz, q, gain_db: 0.0 };
    PLACES.into_iter().enumerate().map(band).collect()
}

/// What bands do to each third octave's middle, dB.
pub fn curve(bands: &[Band], rate_hz: u32) -> Spectrum {
    let response = response(&values(bands), rate_hz);
    let highest_hz = f64::from(rate_hz) * 0.49;
    (0..BANDS).map(|band| f64::from(response.db(band_hz(band).min(highest_hz)))).collect()
}

/// The curve of an Equalizer with these values.
pub(super) fn response(values: &Values, rate_hz: u32) -> Response {
    let list: Vec<f32> = equalizer::SPEC.params.iter().map(|spec| values.get(spec.id).copied().unwrap_or(spec.default)).collect();
    Response::new(&list, f64::from(rate_hz))
}

/// The values of an Equalizer that has these bands and no others.
pub fn values(bands: &[Band]) -> Values {
    let mut values = Values::new();
    for number in 1..=equalizer::BANDS {
        let band = bands.iter().find(|band| usize::from(band.number) == number);
        values.insert(format!("band{number}_on"), if band.is_some() { 1.0 } else { 0.0 });
        let Some(band) = band else { continue };
        let shape = match band.shape {
            Shape::Bell => 0.0,
            Shape::LowShelf => 1.0,
            Shape::HighShelf => 2.0,
        };
        let pairs = [("shape", shape), ("frequency", band.frequency_hz), ("q", band.q), ("gain", band.gain_db as f32)];
        values.extend(pairs.map(|(id, value)| (format!("band{number}_{id}"), value)));
    }
    values
}

/// By how much a spectrum is over the target where a band works, dB: the mean over the third octaves on which it has at least half its gain.
pub fn excess_at(band: &Band, own: &[f64], target: &[f64]) -> f64 {
    let excess = excess(own, target);
    let octave = |third: usize| libm::log2(band_hz(third) / f64::from(band.frequency_hz));
    let reaches = |third: &usize| match band.shape {
        Shape::LowShelf => octave(*third) <= 0.0,
        Shape::Bell => octave(*third).abs() <= 0.5,
        Shape::HighShelf => octave(*third) >= 0.0,
    };
    let reached: Vec<f64> = (FIRST..=LAST).filter(reaches).map(|third| excess[third]).collect();
    reached.iter().sum::<f64>() / reached.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: u32 = 48_000;

    fn bent(bands: &[Band]) -> Spectrum {
        even_slope().iter().zip(curve(bands, RATE_HZ)).map(|(level, gain)| level + gain).collect()
    }

    #[test]
    fn a_curve_that_an_equalizer_made_is_taken_back() {
        let made: Vec<Band> =
            [(1, 3.0), (4, -4.0), (8, 2.5)].into_iter().map(|(number, gain_db)| Band { gain_db, ..places()[number - 1] }).collect();
        let own = bent(&made);
        let before = distance_db(&own, &even_slope());
        let found = bands(&own, &even_slope(), RATE_HZ, &Options { smoothing: 0, ..Options::default() });
        let mended: Spectrum = own.iter().zip(curve(&found, RATE_HZ)).map(|(level, gain)| level + gain).collect();
        let after = distance_db(&mended, &even_slope());
        assert!(before > 0.8 && after < 0.15 * before, "{before} to {after}: {found:?}");
    }

    #[test]
    fn amount_scales_the_limit_holds_and_a_match_wants_nothing() {
        let own = bent(&[Band { gain_db: 12.0, ..places()[5] }]);
        let whole = bands(&own, &even_slope(), RATE_HZ, &Options::default());
        let half = bands(&own, &even_slope(), RATE_HZ, &Options { amount: 0.25, ..Options::default() });
        let largest = |bands: &[Band]| bands.iter().map(|band| band.gain_db.abs()).fold(0.0, f64::max);
        assert_eq!(largest(&whole), 6.0);
        assert!((1.5..4.0).contains(&largest(&half)), "{half:?}");
        assert_eq!(bands(&even_slope(), &even_slope(), RATE_HZ, &Options::default()), []);
    }

    #[test]
    fn references_count_by_their_weights_and_not_by_their_loudness() {
        let (dark, bright) =
            (even_slope(), even_slope().iter().enumerate().map(|(band, level)| level + band as f64 - 20.0).collect::<Vec<_>>());
        let mostly_dark = blend(&[(dark.clone(), 3.0), (bright.clone(), 1.0)]).expect("a blend");
        assert!(distance_db(&mostly_dark, &dark) < distance_db(&mostly_dark, &bright) / 2.0);
        assert_eq!(blend(&[]), None);
    }
}
