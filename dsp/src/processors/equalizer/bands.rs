//! What a band is made of: how many sections, which filter each is, and the curve that results.

use alloc::vec::Vec;
use core::f64::consts::PI;

use super::declaration::{BANDS, GAIN_SCALE, SPEC, band_index, band_param};
use crate::primitives::filter_design::{Biquad, butterworth_quality};
use crate::units::power_to_db;

/// Frequencies are kept below this share of the sample rate.
const HIGHEST_SHARE: f64 = 0.49;
/// Butterworth order of each slope.
const SLOPE_ORDERS: [usize; 8] = [1, 2, 3, 4, 6, 8, 12, 16];
/// The least gain of a dynamic band, up or down.
const LEAST_GAIN_DB: f64 = 1e-4;
/// Most sections that a band needs (96 dB/oct).
pub const MAX_BAND_SECTIONS: usize = 8;

/// What a band does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Bell,
    LowShelf,
    HighShelf,
    LowCut,
    HighCut,
    Notch,
    BandPass,
    Tilt,
}

/// Which part of the stereo signal a band works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    Stereo,
    Mid,
    Side,
    Left,
    Right,
}

/// What decides how a working band is built; a change of it is cross-faded, everything else glides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Build {
    pub shape: Shape,
    pub placement: Placement,
    /// Butterworth order of a cut, 2 for the others.
    pub order: usize,
    /// Whether the level moves its gain.
    pub is_dynamic: bool,
}

/// One band's values, read from the declaration's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    is_on: bool,
    build: Option<Build>,
    omega: f64,
    quality: f64,
    gain_db: f64,
    dynamics: Option<Dynamics>,
}

/// How a band's gain moves with the level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dynamics {
    pub threshold_db: f32,
    pub range_db: f32,
    pub attack_ms: f32,
    pub release_ms: f32,
}

/// A value of the declaration, its default where it is missing.
pub fn value(values: &[f32], index: usize) -> f32 {
    values.get(index).copied().unwrap_or(SPEC.params[index].default)
}

/// The shape of this word.
pub fn shape(index: usize) -> Shape {
    match index {
        0 => Shape::Bell,
        1 => Shape::LowShelf,
        2 => Shape::HighShelf,
        3 => Shape::LowCut,
        4 => Shape::HighCut,
        5 => Shape::Notch,
        6 => Shape::BandPass,
        _ => Shape::Tilt,
    }
}

/// A frequency as an angle per frame, kept below half the rate.
pub fn kept_omega(frequency_hz: f64, rate_hz: f64) -> f64 {
    2.0 * PI * (frequency_hz / rate_hz).min(HIGHEST_SHARE)
}

/// The placement of this word.
pub fn placement(index: usize) -> Placement {
    match index {
        0 => Placement::Stereo,
        1 => Placement::Mid,
        2 => Placement::Side,
        3 => Placement::Left,
        _ => Placement::Right,
    }
}

impl Build {
    /// How many second-order sections it takes.
    pub fn sections(&self) -> usize {
        self.order.div_ceil(2)
    }

    /// Whether the band works on mid or side.
    pub fn is_mid_side(&self) -> bool {
        matches!(self.placement, Placement::Mid | Placement::Side)
    }

    /// Whether it works on this channel of its pair (left or mid is 0).
    pub fn works_on(&self, channel: usize) -> bool {
        match self.placement {
            Placement::Stereo => true,
            Placement::Left | Placement::Mid => channel == 0,
            Placement::Right | Placement::Side => channel == 1,
        }
    }
}

impl Band {
    /// Reads band `band` (from 0) out of the declaration's values in plain units.
    pub fn read(values: &[f32], band: usize, rate_hz: f64) -> Self {
        let param = |param| value(values, band_index(band, param));
        let shape = shape(param(band_param::SHAPE) as usize);
        let is_cut = matches!(shape, Shape::LowCut | Shape::HighCut);
        let gain_db = param(band_param::GAIN) as f64 * value(values, GAIN_SCALE) as f64 / 100.0;
        let has_gain = matches!(shape, Shape::Bell | Shape::LowShelf | Shape::HighShelf | Shape::Tilt);
        let dynamics = (has_gain && param(band_param::DYNAMIC) >= 0.5 && param(band_param::RANGE) != 0.0).then(|| Dynamics {
            threshold_db: param(band_param::THRESHOLD),
            range_db: param(band_param::RANGE),
            attack_ms: param(band_param::ATTACK),
            release_ms: param(band_param::RELEASE),
        });
        let works = param(band_param::ON) >= 0.5 && !(has_gain && gain_db == 0.0 && dynamics.is_none());
        let order = if is_cut { SLOPE_ORDERS[(param(band_param::SLOPE) as usize).min(SLOPE_ORDERS.len() - 1)] } else { 2 };
        let placement = placement(param(band_param::PLACEMENT) as usize);
        let build = Build { shape, placement, order, is_dynamic: dynamics.is_some() };
        Self {
            is_on: param(band_param::ON) >= 0.5,
            build: works.then_some(build),
            omega: kept_omega(param(band_param::FREQUENCY) as f64, rate_hz),
            quality: param(band_param::Q) as f64,
            gain_db,
            dynamics,
        }
    }

    /// How its gain moves; `None` for a band that stands still or does not work.
    pub fn dynamics(&self) -> Option<Dynamics> {
        self.dynamics.filter(|_| self.build.is_some())
    }

    /// The same with its gain moved by so many dB.
    pub fn moved_by(&self, gain_db: f64) -> Self {
        let gain_db = self.gain_db + gain_db;
        // Exactly flat there are no poles to glide from or to.
        let gain_db = if gain_db.abs() < LEAST_GAIN_DB { LEAST_GAIN_DB } else { gain_db };
        Self { gain_db, ..*self }
    }

    /// What a dynamic band listens to: the part of the range that its gain works on.
    pub fn detector(&self) -> Biquad {
        let Self { omega, quality, .. } = *self;
        match self.build.map(|build| build.shape) {
            Some(Shape::LowShelf) => Biquad::low_pass(omega, core::f64::consts::FRAC_1_SQRT_2),
            Some(Shape::HighShelf | Shape::Tilt) => Biquad::high_pass(omega, core::f64::consts::FRAC_1_SQRT_2),
            _ => Biquad::band_pass(omega, quality),
        }
    }

    /// How it is built; `None` when it leaves the sound as it is (off, or a bell or shelf of 0 dB).
    pub fn build(&self) -> Option<Build> {
        self.build
    }

    /// Whether it is switched on, flat or not.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Section `section` of the band as it would be with this build.
    pub fn design(&self, build: &Build, section: usize) -> Biquad {
        let Self { omega, quality, gain_db, .. } = *self;
        match build.shape {
            Shape::Bell => Biquad::bell(omega, quality, gain_db),
            Shape::LowShelf => Biquad::low_shelf(omega, quality, gain_db),
            Shape::HighShelf => Biquad::high_shelf(omega, quality, gain_db),
            Shape::Notch => Biquad::notch(omega, quality),
            Shape::BandPass => Biquad::band_pass(omega, quality),
            Shape::Tilt => Biquad::tilt(omega, gain_db),
            Shape::LowCut if 2 * section + 1 == build.order => Biquad::high_pass_first_order(omega),
            Shape::HighCut if 2 * section + 1 == build.order => Biquad::low_pass_first_order(omega),
            Shape::LowCut => Biquad::high_pass(omega, self.cut_quality(build.order, section)),
            Shape::HighCut => Biquad::low_pass(omega, self.cut_quality(build.order, section)),
        }
    }

    /// Butterworth, with the sharpest pair scaled by the band's Q against 0.71.
    fn cut_quality(&self, order: usize, section: usize) -> f64 {
        let butterworth = butterworth_quality(order, section);
        if section == 0 { butterworth * self.quality * core::f64::consts::SQRT_2 } else { butterworth }
    }

    /// Frames until an impulse has fallen by about 100 dB.
    pub fn ring_frames(&self) -> f64 {
        let Some(build) = self.build else {
            return 0.0;
        };
        // The envelope falls as exp(−ω·t / 2Q); a cut bell rings with its poles' quality, at most Q times its amplitude.
        let widened = libm::pow(10.0, self.gain_db.abs() / 40.0);
        let quality = match build.shape {
            Shape::LowCut | Shape::HighCut => self.cut_quality(build.order, 0).max(1.0) * build.sections() as f64,
            _ => self.quality.max(0.5) * widened,
        };
        2.0 * quality * HUNDRED_DB_NEPERS / self.omega * if self.quality < 0.5 { 0.5 / self.quality } else { 1.0 }
    }
}

/// 100 dB as a natural logarithm.
const HUNDRED_DB_NEPERS: f64 = 11.513;

/// The curves of all bands at some values: designed once, read at many frequencies.
pub struct Response {
    rate_hz: f64,
    /// The sections of each band; none where it does not work.
    bands: [Vec<Biquad>; BANDS],
    works_on_both: [bool; BANDS],
}

impl Response {
    /// From the declaration's values in plain units.
    pub fn new(values: &[f32], rate_hz: f64) -> Self {
        let read = |band| Band::read(values, band, rate_hz);
        let sections = |band: Band| match band.build {
            Some(build) if band.gain_db == 0.0 && band.dynamics.is_some() => (0..build.sections()).map(|_| Biquad::IDENTITY).collect(),
            Some(build) => (0..build.sections()).map(|section| band.design(&build, section)).collect(),
            None => Vec::new(),
        };
        Self {
            rate_hz,
            bands: core::array::from_fn(|band| sections(read(band))),
            works_on_both: core::array::from_fn(|band| read(band).build.is_some_and(|build| build.placement == Placement::Stereo)),
        }
    }

    /// One band (from 0), whatever its placement, in dB, at a frequency.
    pub fn band_db(&self, band: usize, frequency_hz: f64) -> f32 {
        let omega = 2.0 * PI * frequency_hz / self.rate_hz;
        let power = self.bands.get(band).map_or(1.0, |sections| sections.iter().map(|section| section.power(omega)).product());
        power_to_db(power) as f32
    }

    /// The bands that work on both channels together, in dB, at a frequency; output gain not included.
    pub fn db(&self, frequency_hz: f64) -> f32 {
        (0..BANDS).filter(|band| self.works_on_both[*band]).map(|band| self.band_db(band, frequency_hz)).sum()
    }
}

/// [`Response::db`] at a single frequency.
pub fn response_db(values: &[f32], rate_hz: f64, frequency_hz: f64) -> f32 {
    Response::new(values, rate_hz).db(frequency_hz)
}
