//! The tools that measure, propose and explain: pure functions from a document and its measurements to proposals.
//!
//! A proposal is ordinary edits with the reason in measured numbers; the same input gives the same proposal. Nothing here listens, stores or
//! applies anything.

mod bell;
pub mod culprits;
mod fit;
pub mod gain_staging;
mod heard;
pub mod ledger;
pub mod masking;
pub mod matching;
pub mod path;
pub mod tone;

use crate::edit::Edit;

/// What is proposed: edits, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// What it does, for the list and for undo ("Trim Bass −4.2 dB").
    pub title: String,
    /// Why, with the numbers.
    pub reason: String,
    /// The edits, to be taken as one step.
    pub edits: Vec<Edit>,
}

/// A number as it is read: with a true minus, infinity as such, and a dash for what does not exist.
pub fn number(value: f64, places: usize) -> String {
    if !value.is_finite() {
        return if value == f64::NEG_INFINITY { "−∞".to_owned() } else { "–".to_owned() };
    }
    let text = format!("{:.places$}", value.abs());
    let is_zero = text.chars().all(|letter| letter == '0' || letter == '.');
    if value < 0.0 && !is_zero { format!("−{text}") } else { text }
}

/// A level in dB.
pub fn decibels(value: f64) -> String {
    number(value, 1)
}

/// A difference in dB, with its sign.
pub fn difference(value: f64) -> String {
    let text = number(value, 1);
    if value > 0.0 && text != "0.0" && value.is_finite() { format!("+{text}") } else { text }
}

/// A frequency as it is read: two figures are as exact as critical bands are.
pub fn readable_hz(hz: f64) -> String {
    let step = libm::pow(10.0, libm::floor(libm::log10(hz.max(1.0))) - 1.0);
    format!("{:.0}", libm::round(hz / step) * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_true_signs() {
        assert_eq!([number(-0.941, 2), decibels(-14.04), decibels(-0.01)], ["−0.94", "−14.0", "0.0"]);
        assert_eq!([difference(3.25), difference(0.01), difference(-2.0)], ["+3.2", "0.0", "−2.0"]);
        assert_eq!([readable_hz(163.1), readable_hz(12_031.0), readable_hz(9_999.0)], ["160", "12000", "10000"]);
        assert_eq!([decibels(f64::NEG_INFINITY), decibels(f64::NAN)], ["−∞", "–"]);
    }
}
