//! Where a value stands on a control: maps between plain units and a position from 0 to 1.

use super::ParamSpec;

/// How a control's travel from 0 to 1 maps onto the range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Taper {
    /// Equal travel for equal differences.
    Linear,
    /// Equal travel for equal ratios; the range must be positive (Hz, Q, ratio).
    Log,
    /// Travel grows as `value^(1/exponent)` from the minimum (times that start at 0).
    Power(f32),
    /// Ardour's fader law: position = ((6·log2(gain) + 192) / 198)^8, scaled so that the range's maximum is the top; 0 dB at 0.782 of a
    /// fader that ends at +6 dB. The bottom is silence.
    Fader,
}

/// Exponent of the fader law.
const FADER_EXPONENT: f64 = 8.0;
/// The fader law runs out at this many doublings below unity.
const FADER_OFFSET: f64 = 192.0;

fn fader_raw(db: f64) -> f64 {
    let gain = crate::units::db_to_gain(db);
    if gain <= 0.0 {
        return 0.0;
    }
    let travel = (6.0 * libm::log2(gain) + FADER_OFFSET) / (FADER_OFFSET + 6.0);
    if travel <= 0.0 { 0.0 } else { libm::pow(travel, FADER_EXPONENT) }
}

fn fader_db(raw: f64) -> f64 {
    if raw <= 0.0 {
        return crate::units::SILENCE_DB;
    }
    let doublings = (libm::pow(raw, 1.0 / FADER_EXPONENT) * (FADER_OFFSET + 6.0) - FADER_OFFSET) / 6.0;
    crate::units::gain_to_db(libm::exp2(doublings))
}

impl ParamSpec {
    /// The position from 0 to 1 of a value in plain units.
    pub fn to_position(&self, value: f32) -> f32 {
        let value = value.clamp(self.min, self.max) as f64;
        let (min, max) = (self.min as f64, self.max as f64);
        if max <= min {
            return 0.0;
        }
        let position = match self.taper {
            Taper::Linear => (value - min) / (max - min),
            Taper::Log => libm::log(value / min) / libm::log(max / min),
            Taper::Power(exponent) => libm::pow((value - min) / (max - min), 1.0 / exponent as f64),
            Taper::Fader => {
                if value <= min {
                    0.0
                } else {
                    fader_raw(value) / fader_raw(max)
                }
            }
        };
        position.clamp(0.0, 1.0) as f32
    }

    /// The value in plain units at a position from 0 to 1; discrete values are rounded.
    pub fn from_position(&self, position: f32) -> f32 {
        let position = if position.is_finite() { position.clamp(0.0, 1.0) as f64 } else { 0.0 };
        let (min, max) = (self.min as f64, self.max as f64);
        let value = match self.taper {
            Taper::Linear => min + position * (max - min),
            Taper::Log => min * libm::pow(max / min, position),
            Taper::Power(exponent) => min + (max - min) * libm::pow(position, exponent as f64),
            Taper::Fader => fader_db(position * fader_raw(max)),
        };
        self.clamp(value as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Unit;

    const FADER: ParamSpec = ParamSpec::new("volume", "Volume", Unit::Db, -144.0, 6.0, 0.0, "").taper(Taper::Fader);

    #[test]
    fn unity_stands_at_78_per_cent_of_a_fader_that_ends_at_6_db() {
        assert!((FADER.to_position(0.0) - 0.782).abs() < 0.003, "{}", FADER.to_position(0.0));
        assert_eq!(FADER.to_position(-144.0), 0.0);
        assert_eq!(FADER.to_position(6.0), 1.0);
    }

    #[test]
    fn position_and_value_are_inverse_and_monotone_for_every_taper() {
        let hz = ParamSpec::new("f", "F", Unit::Hz, 10.0, 30_000.0, 1000.0, "").taper(Taper::Log);
        let ms = ParamSpec::new("t", "T", Unit::Ms, 0.0, 2500.0, 100.0, "").taper(Taper::Power(3.0));
        for spec in [FADER, hz, ms] {
            let mut last = f32::NEG_INFINITY;
            for step in 0..=200 {
                let position = step as f32 / 200.0;
                let value = spec.from_position(position);
                assert!(value >= last, "{} falls at {position}", spec.id);
                assert!((spec.to_position(value) - position).abs() < 1e-3, "{} at {position}: {value}", spec.id);
                last = value;
            }
        }
    }
}
