//! Numbers of whole files as the room writes them: a true minus, no minus zero, a dash for what does not exist.

use session::analysis::Analysis;
use session::destination::{Outcome, Verdict};

/// A number with so many places.
pub fn number(value: f64, places: usize) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let text = format!("{:.places$}", value.abs());
    let is_zero = text.chars().all(|c| c == '0' || c == '.');
    if value < 0.0 && !is_zero { format!("−{text}") } else { text }
}

/// A difference: with its sign.
pub fn difference(value: f64, places: usize) -> String {
    let text = number(value, places);
    if value > 0.0 && text.chars().any(|c| c.is_ascii_digit() && c != '0') { format!("+{text}") } else { text }
}

/// A band's middle as its nominal frequency is written.
pub fn hertz(hz: f64) -> String {
    if hz < 1_000.0 { format!("{hz:.0} Hz") } else { format!("{:.1} kHz", hz / 1_000.0) }
}

/// Name, unit and value of everything that is told of a whole file.
pub fn rows(analysis: &Analysis) -> Vec<(&'static str, &'static str, String)> {
    let dc_db = 20.0 * analysis.dc.iter().fold(0.0f64, |most, side| most.max(side.abs())).log10();
    // Less than the last bit of 16 is no offset.
    let offset = if dc_db < -90.0 { "none".to_owned() } else { number(dc_db, 1) };
    vec![
        ("Integrated", "LUFS", number(analysis.integrated_lufs, 1)),
        ("Range", "LU", number(analysis.range_lu, 1)),
        ("Short-term max", "LUFS", number(analysis.short_term_max_lufs, 1)),
        ("Momentary max", "LUFS", number(analysis.momentary_max_lufs, 1)),
        ("True peak", "dBTP", number(analysis.true_peak_dbtp, 1)),
        ("Sample peak", "dBFS", number(analysis.sample_peak_db, 1)),
        ("PLR", "LU", number(analysis.plr_lu(), 1)),
        ("Lowest PSR", "LU", number(analysis.psr_min_lu, 1)),
        ("Correlation", "", difference(analysis.correlation, 2)),
        ("Right over left", "dB", difference(analysis.balance_db, 1)),
        ("DC offset", "dBFS", offset),
        ("Clipped runs", "", analysis.clipped_runs.to_string()),
    ]
}

/// What is said of an outcome, and whether all is well.
pub fn verdict(outcome: &Outcome) -> (String, bool) {
    match outcome.verdict {
        Verdict::Fits => ("Fits".into(), true),
        Verdict::PeakOver(db) => (format!("Peak {} dB over", number(db, 1)), false),
        Verdict::Softer(lu) => (format!("{} LU soft", number(lu, 1)), false),
        Verdict::Louder(lu) => (format!("{} LU loud", number(lu, 1)), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_true_signs_and_what_is_not_there_is_a_dash() {
        assert_eq!(number(-14.04, 1), "−14.0");
        assert_eq!(number(-0.01, 1), "0.0");
        assert_eq!(number(f64::NAN, 1), "–");
        assert_eq!(difference(0.62, 2), "+0.62");
        assert_eq!(difference(0.001, 1), "0.0");
    }
}
