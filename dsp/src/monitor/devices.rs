//! What other places do to a mix, as curves: a handful of second-order filters each, and how much of the stereo picture is left.
//!
//! They are shapes of a kind of device, not of a make. Phone: one driver of a centimetre, nothing under 400 Hz, a resonance around 3 kHz.
//! Laptop: drivers of two centimetres, resonance at 700 Hz, no bass under 200 Hz. Earbuds: leaking seal and the ear canal's 3 kHz. Small
//! speaker: one box, a tuned port around 110 Hz, both sides summed. Car: the cabin lifts what is longer than it (under 80 Hz, 12 dB per octave
//! in a closed cabin, half of it in a real one), upholstery takes treble. Club: subs, and both sides nearly summed. Low level: what the ear
//! loses when everything is 20 dB softer, as the difference of ISO 226:2003's contours of 80 and 60 phon, at an unchanged level.

use core::f64::consts::TAU;

use crate::primitives::filter_design::Biquad;

/// A filter of a device: frequency in Hz, quality, gain in dB where it has one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Filter {
    /// 12 dB per octave.
    HighPass(f64, f64),
    /// 12 dB per octave.
    LowPass(f64, f64),
    /// A bell.
    Bell(f64, f64, f64),
    /// A low shelf.
    LowShelf(f64, f64, f64),
    /// A high shelf.
    HighShelf(f64, f64, f64),
}

/// Most filters of a device.
pub const MOST_FILTERS: usize = 6;

/// A device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Device {
    /// Name on screen.
    pub name: &'static str,
    /// What is left of the side signal.
    pub width: f32,
    /// In series.
    pub filters: &'static [Filter],
}

/// Names of the choice: nothing, then the devices in their order.
pub const NAMES: [&str; 8] = ["Off", "Phone", "Laptop", "Earbuds", "Small speaker", "Car", "Club", "Low level"];

use Filter::{Bell, HighPass, HighShelf, LowPass, LowShelf};

/// All devices.
pub const DEVICES: [Device; 7] = [
    Device {
        name: NAMES[1],
        width: 0.0,
        filters: &[HighPass(400.0, 0.54), HighPass(400.0, 1.31), Bell(1_000.0, 1.2, 3.0), Bell(3_000.0, 1.0, 5.0), LowPass(11_000.0, 0.71)],
    },
    Device {
        name: NAMES[2],
        width: 0.5,
        filters: &[HighPass(200.0, 0.54), HighPass(200.0, 1.31), Bell(700.0, 1.0, 3.0), Bell(4_000.0, 1.4, -3.0), LowPass(15_000.0, 0.71)],
    },
    Device {
        name: NAMES[3],
        width: 1.0,
        filters: &[
            LowShelf(90.0, 0.6, -6.0),
            Bell(250.0, 0.8, 2.0),
            Bell(3_000.0, 1.2, 5.0),
            Bell(6_500.0, 2.0, -4.0),
            HighShelf(11_000.0, 0.7, -4.0),
        ],
    },
    Device {
        name: NAMES[4],
        width: 0.0,
        filters: &[HighPass(80.0, 0.54), HighPass(80.0, 1.31), Bell(110.0, 1.4, 5.0), Bell(2_500.0, 1.0, 2.0), LowPass(14_000.0, 0.71)],
    },
    Device {
        name: NAMES[5],
        width: 0.8,
        filters: &[
            HighPass(28.0, 0.71),
            LowShelf(70.0, 0.7, 8.0),
            Bell(160.0, 1.5, 3.0),
            Bell(400.0, 1.2, -3.0),
            HighShelf(6_000.0, 0.7, -5.0),
        ],
    },
    Device {
        name: NAMES[6],
        width: 0.2,
        filters: &[HighPass(32.0, 0.71), LowShelf(95.0, 0.8, 7.0), Bell(350.0, 1.0, -2.0), HighShelf(9_000.0, 0.7, -3.0)],
    },
    Device { name: NAMES[7], width: 1.0, filters: &[LowShelf(120.0, 0.45, -10.5), HighShelf(9_000.0, 0.6, -1.5)] },
];

impl Filter {
    /// The digital filter at this rate; one that lies beyond the rate's reach passes everything.
    pub fn design(self, rate_hz: f64) -> Biquad {
        /// Designs are sound up to this share of the rate.
        const HIGHEST: f64 = 0.45;
        let omega = |hz: f64| TAU * hz / rate_hz;
        match self {
            HighPass(hz, ..) | LowPass(hz, ..) | Bell(hz, ..) | LowShelf(hz, ..) | HighShelf(hz, ..) if hz > HIGHEST * rate_hz => {
                Biquad::IDENTITY
            }
            HighPass(hz, quality) => Biquad::high_pass(omega(hz), quality),
            LowPass(hz, quality) => Biquad::low_pass(omega(hz), quality),
            Bell(hz, quality, gain_db) => Biquad::bell(omega(hz), quality, gain_db),
            LowShelf(hz, quality, gain_db) => Biquad::low_shelf(omega(hz), quality, gain_db),
            HighShelf(hz, quality, gain_db) => Biquad::high_shelf(omega(hz), quality, gain_db),
        }
    }
}

impl Device {
    /// The curve's power at a frequency.
    pub fn power(&self, hz: f64, rate_hz: f64) -> f64 {
        self.filters.iter().map(|filter| filter.design(rate_hz).power(TAU * hz / rate_hz)).product()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::power_to_db;

    fn level_db(device: usize, hz: f64) -> f64 {
        power_to_db(DEVICES[device].power(hz, 48_000.0))
    }

    #[test]
    fn every_device_has_its_name_and_fits_its_place() {
        for (device, name) in DEVICES.iter().zip(&NAMES[1..]) {
            assert_eq!(device.name, *name);
            assert!(device.filters.len() <= MOST_FILTERS && (0.0..=1.0).contains(&device.width), "{name}");
        }
    }

    #[test]
    fn small_speakers_have_no_bass_and_large_ones_have_more() {
        for (device, lowest_hz) in [(0, 150.0), (1, 80.0), (3, 35.0)] {
            assert!(level_db(device, lowest_hz) < level_db(device, 1_000.0) - 18.0, "{}", DEVICES[device].name);
        }
        for device in [4, 5] {
            assert!(level_db(device, 60.0) > level_db(device, 1_000.0) + 4.0, "{}", DEVICES[device].name);
        }
    }

    #[test]
    fn low_level_is_the_difference_of_the_standard_s_contours() {
        // ISO 226:2003, 80 phon less 60 phon, 20 dB added.
        for (hz, loss_db) in [(31.5, -9.4), (63.0, -7.6), (125.0, -5.5), (250.0, -3.2), (500.0, -1.2), (1_000.0, 0.0)] {
            let off_db = level_db(6, hz) - loss_db;
            assert!(off_db.abs() < 1.0, "{hz} Hz: {off_db}");
        }
    }
}
