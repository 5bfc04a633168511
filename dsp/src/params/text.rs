//! A parameter's value as a person reads and types it.
//!
//! Reading forms follow one table: "−3.1 dB", "85.0 Hz", "2.70 kHz", "0.35 ms", "1.20 s", "4.0 : 1", "70 %", "L70". The minus
//! is U+2212. Typing accepts plain ASCII, units and their prefixes: "-6", "2k", "2k7", "120ms", "1.5 s", "off", "inf", "30 l".

use alloc::format;
use alloc::string::{String, ToString};

use super::{Flags, ParamSpec, Unit};

/// Why a typed text is not a value of this parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum ParseError {
    /// It holds no number and no word that fits.
    NotAValue,
}

/// The true minus sign of the reading forms.
const MINUS: char = '\u{2212}';

fn decimals(value: f32, places: usize) -> String {
    let text = format!("{:.*}", places, value.abs());
    let is_zero = text.chars().all(|c| c == '0' || c == '.');
    if value < 0.0 && !is_zero { format!("{MINUS}{text}") } else { text }
}

fn three_figures(value: f32) -> String {
    let places = if value.abs() < 9.995 {
        2
    } else if value.abs() < 99.95 {
        1
    } else {
        0
    };
    decimals(value, places)
}

impl ParamSpec {
    /// The number and its unit apart, as a strip shows them: ("−3.1", "dB").
    pub fn text_parts(&self, value: f32) -> (String, &'static str) {
        if value <= self.min && self.flags.has(Flags::MIN_IS_SILENCE) {
            return (format!("{MINUS}∞"), "dB");
        }
        if value >= self.max && self.flags.has(Flags::MAX_IS_INFINITE) {
            return ("∞".to_string(), if self.unit == Unit::Ratio { ": 1" } else { "" });
        }
        match self.unit {
            Unit::Db => {
                let sign = if self.flags.has(Flags::BIPOLAR) && value >= 0.05 { "+" } else { "" };
                (format!("{sign}{}", decimals(value, 1)), "dB")
            }
            Unit::Dbtp => (decimals(value, 1), "dBTP"),
            Unit::Hz if value >= 999.5 => (three_figures(value / 1000.0), "kHz"),
            Unit::Hz => (three_figures(value), "Hz"),
            Unit::Ms if value >= 999.5 => (three_figures(value / 1000.0), "s"),
            Unit::Ms => {
                let places = if value < 0.995 {
                    2
                } else if value < 99.95 {
                    1
                } else {
                    0
                };
                (decimals(value, places), "ms")
            }
            Unit::Percent => (decimals(value, 0), "%"),
            Unit::Ratio => (decimals(value, 1), ": 1"),
            Unit::Q => (decimals(value, 2), ""),
            Unit::Pan => (pan_text(value), ""),
            Unit::Degrees => (decimals(value, 0), "°"),
            Unit::Frames => (decimals(value, 0), if libm::roundf(value) == 1.0 { "frame" } else { "frames" }),
            Unit::Plain => (decimals(value, 2), ""),
            Unit::Choice(words) => (words.get(libm::roundf(value) as usize).copied().unwrap_or("–").to_string(), ""),
            Unit::Toggle => (if value >= 0.5 { "on" } else { "off" }.to_string(), ""),
        }
    }

    /// The value as text: "−3.1 dB", "2.70 kHz", "L70".
    pub fn text(&self, value: f32) -> String {
        let (number, unit) = self.text_parts(value);
        if unit.is_empty() { number } else { format!("{number} {unit}") }
    }

    /// The value as a screen reader says it: as [`ParamSpec::text`], with "off" for silence and "30 % left" for pan.
    pub fn spoken(&self, value: f32) -> String {
        if value <= self.min && self.flags.has(Flags::MIN_IS_SILENCE) {
            return "off".to_string();
        }
        if self.unit == Unit::Pan {
            let amount = libm::roundf(value.abs());
            return if amount == 0.0 { "centre".to_string() } else { format!("{amount} % {}", if value < 0.0 { "left" } else { "right" }) };
        }
        self.text(value)
    }

    /// The value that a typed text means, clamped to the range.
    ///
    /// # Errors
    /// [`ParseError::NotAValue`] when there is neither a number nor a fitting word.
    pub fn parse(&self, text: &str) -> Result<f32, ParseError> {
        let text = text.trim().to_lowercase().replace(MINUS, "-").replace(['\u{2009}', '\u{202f}', '\u{a0}'], " ");
        if let Some(value) = self.parse_word(&text) {
            return Ok(self.clamp(value));
        }
        let (number, rest) = split_number(&text).ok_or(ParseError::NotAValue)?;
        let rest = rest.trim();
        let scaled = match self.unit {
            Unit::Hz if rest.starts_with('k') => (number + fraction_after_k(rest)) * 1000.0,
            Unit::Ms if rest.starts_with('s') => number * 1000.0,
            Unit::Pan if rest.trim_start_matches('%').trim_start().starts_with('l') => -number,
            Unit::Frames | Unit::Hz | Unit::Ms | Unit::Pan => number,
            _ => number,
        };
        Ok(self.clamp(scaled))
    }

    fn parse_word(&self, text: &str) -> Option<f32> {
        match self.unit {
            Unit::Choice(words) => {
                return words.iter().position(|word| word.to_lowercase() == text).map(|index| index as f32);
            }
            Unit::Toggle => match text {
                "on" | "yes" | "true" => return Some(1.0),
                "off" | "no" | "false" => return Some(0.0),
                _ => {}
            },
            Unit::Pan => {
                if matches!(text, "c" | "centre" | "center") {
                    return Some(0.0);
                }
                let side = match text.chars().next()? {
                    'l' => -1.0,
                    'r' => 1.0,
                    _ => return None,
                };
                return split_number(&text[1..]).map(|(number, _)| side * number);
            }
            _ => {}
        }
        match text.trim_end_matches("db").trim_end() {
            "off" | "-inf" | "-∞" | "-infinity" if self.flags.has(Flags::MIN_IS_SILENCE) => Some(self.min),
            "inf" | "∞" | "infinity" | "∞ : 1" | "inf:1" if self.flags.has(Flags::MAX_IS_INFINITE) => Some(self.max),
            _ => None,
        }
    }
}

fn pan_text(value: f32) -> String {
    let amount = libm::roundf(value.abs());
    if amount == 0.0 {
        "C".to_string()
    } else if value < 0.0 {
        format!("L{amount}")
    } else {
        format!("R{amount}")
    }
}

/// The leading number of a text and what follows it; a comma counts as a decimal point.
fn split_number(text: &str) -> Option<(f32, &str)> {
    let text = text.trim_start();
    let end = text
        .char_indices()
        .find(|&(at, c)| !(c.is_ascii_digit() || c == '.' || c == ',' || (at == 0 && (c == '-' || c == '+'))))
        .map_or(text.len(), |(at, _)| at);
    let number: f32 = text[..end].replace(',', ".").parse().ok()?;
    Some((number, &text[end..]))
}

/// "2k7" means 2.7 k: the digits right after the k are tenths, hundredths, …
fn fraction_after_k(rest: &str) -> f32 {
    let digits: String = rest[1..].chars().take_while(char::is_ascii_digit).collect();
    format!("0.{digits}").parse().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::Taper;

    const VOLUME: ParamSpec =
        ParamSpec::new("volume", "Volume", Unit::Db, -144.0, 6.0, 0.0, "").taper(Taper::Fader).flag(Flags::MIN_IS_SILENCE);
    const HZ: ParamSpec = ParamSpec::new("f", "F", Unit::Hz, 10.0, 30_000.0, 1000.0, "").taper(Taper::Log);
    const MS: ParamSpec = ParamSpec::new("t", "T", Unit::Ms, 0.0, 2500.0, 100.0, "");
    const PAN: ParamSpec = ParamSpec::new("pan", "Pan", Unit::Pan, -100.0, 100.0, 0.0, "");

    #[test]
    fn values_read_as_the_design_writes_them() {
        assert_eq!(VOLUME.text(-3.12), "−3.1 dB");
        assert_eq!(VOLUME.text(-0.04), "0.0 dB");
        assert_eq!(VOLUME.text(-144.0), "−∞ dB");
        assert_eq!(VOLUME.spoken(-144.0), "off");
        assert_eq!(HZ.text(85.0), "85.0 Hz");
        assert_eq!(HZ.text(320.0), "320 Hz");
        assert_eq!(HZ.text(2700.0), "2.70 kHz");
        assert_eq!(HZ.text(11_000.0), "11.0 kHz");
        assert_eq!(MS.text(0.35), "0.35 ms");
        assert_eq!(MS.text(8.0), "8.0 ms");
        assert_eq!(MS.text(120.0), "120 ms");
        assert_eq!(MS.text(1200.0), "1.20 s");
        assert_eq!(PAN.text(-70.0), "L70");
        assert_eq!(PAN.spoken(-30.0), "30 % left");
    }

    #[test]
    fn typed_text_is_understood_with_and_without_units() {
        assert_eq!(VOLUME.parse("-6"), Ok(-6.0));
        assert_eq!(VOLUME.parse("−6,5 dB"), Ok(-6.5));
        assert_eq!(VOLUME.parse("off"), Ok(-144.0));
        assert_eq!(HZ.parse("2k"), Ok(2000.0));
        assert_eq!(HZ.parse("2k7"), Ok(2700.0));
        assert_eq!(HZ.parse("2.7 kHz"), Ok(2700.0));
        assert_eq!(MS.parse("120 ms"), Ok(120.0));
        assert_eq!(MS.parse("1.5 s"), Ok(1500.0));
        assert_eq!(PAN.parse("L70"), Ok(-70.0));
        assert_eq!(PAN.parse("30 % left"), Ok(-30.0));
        assert_eq!(PAN.parse("r22"), Ok(22.0));
        assert_eq!(HZ.parse("loud"), Err(ParseError::NotAValue));
    }

    #[test]
    fn a_value_out_of_range_is_brought_to_the_nearest_end() {
        assert_eq!(VOLUME.parse("40"), Ok(6.0));
        assert_eq!(HZ.parse("1"), Ok(10.0));
    }
}
