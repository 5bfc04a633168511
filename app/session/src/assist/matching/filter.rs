//! The curve of a match in critical bands, and the equalizer bands that draw it: ten of one Equalizer, or a match filter of three, whose bands
//! stand about one critical band apart.
//!
//! What the curve is to reach is kept beside it, so that a render with the curve in it can be measured and the curve corrected by what it
//! missed: limiting bends the tone too.

use dsp::processors::equalizer::BANDS;

use super::Options;
use crate::assist::fit::Goal;
use crate::assist::tone::{self, Band, Shape};
use crate::model::Values;
use crate::survey::{ERB_BANDS, erb_edge_hz, erb_rate_hz};

/// Critical bands that count: up to 16 kHz, where coded songs end.
const COUNTED: usize = 38;
/// A critical band that is so far under the loudest is as good as empty and has no say.
const EMPTY_DB: f64 = 80.0;
/// What bands without a say weigh: enough to keep the curve from running away in them.
const EMPTY_WEIGHT: f64 = 0.02;
/// Equalizers of a match filter.
const EQUALIZERS: usize = 3;
/// The first and the last band of a match filter: the middles of the first and the last critical band that count.
const ENDS_ERB: [f64; 2] = [1.5, COUNTED as f64 + 0.5];
/// How wide a bell is against the distance of two.
const OVERLAP: f64 = 1.6;
/// Neither peaked nor slack.
const SHELF_Q: f32 = 0.7;
/// See [`Goal::ridge`].
const RIDGE: f64 = 0.0005;
/// The most that an Equalizer's band does, dB.
const MOST_DB: f64 = 30.0;
/// Gains below this are not worth a band, dB.
const LEAST_GAIN_DB: f64 = 0.05;
/// Places of a critical band over which its gain is the mean.
const POINTS: usize = 5;
/// The Equalizer's linear phase of 16384 taps: fine enough for the lowest critical band.
const LINEAR: f32 = 2.0;

/// See the module's text.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What the Equalizers are to do, dB.
    wanted: Vec<f64>,
    /// The spectrum that is to come of it, relative to its own mean.
    aim: Vec<f64>,
    counts: Vec<bool>,
    limit_db: f64,
    is_fine: bool,
}

impl Curve {
    /// From a spectrum of critical bands towards another one.
    pub fn new(own: &[f64], target: &[f64], options: &Options) -> Self {
        let counts: Vec<bool> = counting(own).into_iter().zip(counting(target)).map(|(own, target)| own && target).collect();
        let (own, target) = (level(own, &counts), level(target, &counts));
        let missing = |band: usize| if counts[band] { (target[band] - own[band]) * options.amount } else { 0.0 };
        let mut wanted: Vec<f64> = (0..ERB_BANDS).map(missing).collect();
        for _ in 0..options.smoothing {
            wanted = smooth(&wanted);
        }
        let limit_db = options.limit_db.abs();
        wanted.iter_mut().for_each(|db| *db = db.clamp(-limit_db, limit_db));
        let aim = own.iter().zip(&wanted).map(|(own, wanted)| own + wanted).collect();
        Self { wanted, aim, counts, limit_db, is_fine: options.is_fine }
    }

    /// Adds what a render with the curve in it is still away from its aim.
    pub fn correct(&mut self, measured: &[f64]) {
        let (aim, measured) = (level(&self.aim, &self.counts), level(measured, &self.counts));
        for band in (0..ERB_BANDS).filter(|band| self.counts[*band]) {
            self.wanted[band] = (self.wanted[band] + aim[band] - measured[band]).clamp(-self.limit_db, self.limit_db);
        }
    }

    /// Mean distance of a render from what was to come of the curve, dB.
    pub fn missed_db(&self, measured: &[f64]) -> f64 {
        let (aim, measured) = (level(&self.aim, &self.counts), level(measured, &self.counts));
        let off = (0..ERB_BANDS).filter(|band| self.counts[*band]).map(|band| (aim[band] - measured[band]).abs());
        off.sum::<f64>() / self.counts.iter().filter(|counts| **counts).count().max(1) as f64
    }

    /// The bands that draw it.
    pub fn bands(&self, rate_hz: u32) -> Vec<Band> {
        let weights: Vec<f64> = self.counts.iter().map(|counts| if *counts { 1.0 } else { EMPTY_WEIGHT }).collect();
        let limit_db = if self.is_fine { MOST_DB } else { self.limit_db.min(MOST_DB) };
        let places = if self.is_fine { places() } else { tone::places() };
        let goal = Goal { wanted: &self.wanted, weights: &weights, limit_db, ridge: RIDGE };
        let gains = goal.gains(&places, |band| drawn(band, rate_hz));
        let hundredth = |(band, gain): (Band, f64)| Band { gain_db: libm::round(gain * 100.0) / 100.0, ..band };
        places.into_iter().zip(gains).map(hundredth).collect()
    }
}

/// Mean distance of two spectra of critical bands, each relative to its own mean, over those up to 16 kHz, dB.
pub fn distance_db(own: &[f64], target: &[f64]) -> f64 {
    let all: Vec<bool> = (0..ERB_BANDS).map(|band| band < COUNTED && band < own.len().min(target.len())).collect();
    let (own, target) = (level(own, &all), level(target, &all));
    let off = own.iter().zip(&target).zip(&all).filter(|(_, counts)| **counts).map(|((own, target), _)| (own - target).abs());
    off.sum::<f64>() / all.iter().filter(|counts| **counts).count().max(1) as f64
}

/// The Equalizers that have these bands; those that would do nothing are left out.
pub fn equalizers(bands: &[Band], is_linear: bool) -> Vec<Values> {
    let values = |bands: &[Band]| {
        let bands: Vec<Band> = bands.iter().filter(|band| band.gain_db.abs() >= LEAST_GAIN_DB).copied().collect();
        let mut values = tone::values(&bands);
        if is_linear {
            values.insert("phase".to_owned(), LINEAR);
        }
        (!bands.is_empty()).then_some(values)
    };
    bands.chunks(BANDS).filter_map(values).collect()
}

/// The spectrum relative to the mean of what counts.
pub fn level(spectrum: &[f64], counts: &[bool]) -> Vec<f64> {
    let counted = || spectrum.iter().zip(counts).filter(|(_, counts)| **counts).map(|(level, _)| *level);
    let mean = counted().sum::<f64>() / counted().count().max(1) as f64;
    spectrum.iter().map(|level| level - mean).collect()
}

/// Which critical bands count, and are not empty.
pub fn counting(spectrum: &[f64]) -> Vec<bool> {
    let loudest = spectrum.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (0..ERB_BANDS).map(|band| band < COUNTED && spectrum.get(band).is_some_and(|level| *level > loudest - EMPTY_DB)).collect()
}

fn smooth(curve: &[f64]) -> Vec<f64> {
    let at = |band: usize| curve[band.min(COUNTED - 1)];
    (0..ERB_BANDS).map(|band| (at(band.max(1) - 1) + 2.0 * at(band) + at(band + 1)) / 4.0).collect()
}

/// The bands of a match filter at 0 dB, twelve to an Equalizer: shelves at the ends, bells between them.
fn places() -> Vec<Band> {
    let last = EQUALIZERS * BANDS - 1;
    let step = (ENDS_ERB[1] - ENDS_ERB[0]) / last as f64;
    let band = |at: usize| {
        let erb = ENDS_ERB[0] + at as f64 * step;
        let (frequency_hz, width_hz) = (erb_rate_hz(erb), erb_rate_hz(erb + step / 2.0) - erb_rate_hz(erb - step / 2.0));
        let (shape, q) = match at {
            0 => (Shape::LowShelf, SHELF_Q),
            at if at == last => (Shape::HighShelf, SHELF_Q),
            _ => (Shape::Bell, (frequency_hz / (OVERLAP * width_hz)) as f32),
        };
        Band { number: (at % BANDS) as u8 + 1, shape, frequency_hz: frequency_hz as f32, q, gain_db: 0.0 }
    };
    (0..=last).map(band).collect()
}

/// What a band does to each critical band, dB.
fn drawn(band: &Band, rate_hz: u32) -> Vec<f64> {
    let response = tone::response(&tone::values(&[*band]), rate_hz);
    let highest_hz = f64::from(rate_hz) * 0.49;
    let mean = |critical: usize| {
        let [low_hz, high_hz] = [erb_edge_hz(critical), erb_edge_hz(critical + 1)];
        let at = |point: usize| low_hz * libm::pow(high_hz / low_hz, (point as f64 + 0.5) / POINTS as f64);
        (0..POINTS).map(|point| f64::from(response.db(at(point).min(highest_hz)))).sum::<f64>() / POINTS as f64
    };
    (0..ERB_BANDS).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: u32 = 44_100;

    /// A spectrum that falls, with humps as close as two critical bands.
    fn humped() -> Vec<f64> {
        (0..ERB_BANDS).map(|band| -0.8 * band as f64 + if band % 4 < 2 { 2.5 } else { -2.5 } + 3.0 * libm::sin(band as f64 / 5.0)).collect()
    }

    fn falling() -> Vec<f64> {
        (0..ERB_BANDS).map(|band| -0.8 * band as f64).collect()
    }

    fn after(own: &[f64], curve: &Curve) -> Vec<f64> {
        let bands = curve.bands(RATE_HZ);
        let drawn: Vec<Vec<f64>> = bands.iter().map(|band| drawn(band, RATE_HZ)).collect();
        own.iter().enumerate().map(|(at, level)| level + drawn.iter().map(|drawn| drawn[at]).sum::<f64>()).collect()
    }

    fn options(is_fine: bool) -> Options {
        Options { amount: 1.0, limit_db: 24.0, smoothing: 0, is_fine, ..Options::default() }
    }

    #[test]
    fn a_match_filter_draws_what_ten_bands_cannot() {
        let (own, target) = (falling(), humped());
        let before = distance_db(&own, &target);
        let [ten, fine] = [false, true].map(|is_fine| distance_db(&after(&own, &Curve::new(&own, &target, &options(is_fine))), &target));
        assert!(before > 2.5 && fine < 0.25 && fine < 0.3 * ten, "{before} to {ten} by ten bands, {fine} by a filter");
    }

    #[test]
    fn what_a_render_has_missed_is_added_and_the_limit_holds() {
        let (own, target) = (falling(), humped());
        let mut curve = Curve::new(&own, &target, &options(true));
        // Something behind the Equalizers takes 4 dB from the lows.
        let dulled = |mut spectrum: Vec<f64>| {
            spectrum[..8].iter_mut().for_each(|level| *level -= 4.0);
            spectrum
        };
        let first = dulled(after(&own, &curve));
        curve.correct(&first);
        let second = dulled(after(&own, &curve));
        let [first, second] = [first, second].map(|spectrum| distance_db(&spectrum, &target));
        assert!(second < 0.3 && second < 0.25 * first, "{first} to {second}");
        let limited = Curve::new(&own, &target, &Options { limit_db: 1.0, ..options(true) });
        assert!(limited.wanted.iter().all(|db| db.abs() <= 1.0));
    }

    #[test]
    fn half_the_amount_goes_half_the_way_and_a_match_wants_nothing() {
        let (own, target) = (falling(), humped());
        let half = Curve::new(&own, &target, &Options { amount: 0.5, ..options(true) });
        let ratio = distance_db(&after(&own, &half), &target) / distance_db(&own, &target);
        assert!((0.4..0.6).contains(&ratio), "{ratio}");
        assert!(equalizers(&Curve::new(&own, &own, &options(true)).bands(RATE_HZ), false).is_empty());
    }

    #[test]
    fn the_filter_stands_in_order_twelve_bands_to_an_equalizer() {
        let bands: Vec<Band> = places().into_iter().map(|band| Band { gain_db: 1.0, ..band }).collect();
        assert!(bands.windows(2).all(|pair| pair[0].frequency_hz < pair[1].frequency_hz));
        let values = equalizers(&bands, true);
        assert_eq!(values.len(), EQUALIZERS);
        assert!(values.iter().all(|values| values["band12_on"] == 1.0 && values["phase"] == LINEAR));
    }
}
