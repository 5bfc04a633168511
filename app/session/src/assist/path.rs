//! The path for beginners: the stages of a mix and of a master in the order in which they are usually worked through, and what each has
//! reached.
//!
//! Every sentence is read from the document or from a measurement of the document as it is. A stage whose aim is a number is reached when the
//! measurement meets it; any other is at most begun, because no measurement knows when a balance is good.

mod master;
mod mix;
#[cfg(test)]
mod tests;

pub use master::{Mastered, stages as of_master};
pub use mix::stages as of_mix;

use dsp::processors::equalizer::{self, Response, band_index, band_param};

use crate::analysis::{BANDS, band_hz};
use crate::model::{Insert, Strip};

/// A curve that stays closer to 0 dB is flat.
const FLAT_DB: f32 = 0.05;

/// What is said where a number would need a measurement that is not there.
const NOT_MEASURED: &str = "Not measured as it is now.";

/// A stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Levels going into the chains.
    GainStaging,
    /// Faders and pan.
    Balance,
    /// Equalizers of tracks.
    Equalizers,
    /// Compressors of tracks.
    Compression,
    /// What moves, and the rooms around it.
    Automation,
    /// The master's equalizer.
    CorrectiveEqualizer,
    /// The master's compression by bands.
    Multiband,
    /// The master's width.
    Imaging,
    /// The master's peaks.
    Limiting,
    /// The master's loudness.
    Target,
    /// What codecs make of it.
    Check,
}

impl Stage {
    /// On screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GainStaging => "Gain staging",
            Self::Balance => "Balance",
            Self::Equalizers => "EQ",
            Self::Compression => "Compression",
            Self::Automation => "Automation and space",
            Self::CorrectiveEqualizer => "Corrective EQ",
            Self::Multiband => "Multiband",
            Self::Imaging => "Imaging",
            Self::Limiting => "Limiting",
            Self::Target => "Target",
            Self::Check => "Check",
        }
    }
}

/// How far a stage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing of it is there.
    Open,
    /// Something is there.
    Begun,
    /// What it aims at is measured.
    Reached,
}

impl State {
    /// As a reader says it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Begun => "begun",
            Self::Reached => "reached",
        }
    }
}

/// A stage, and what it has reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub stage: Stage,
    /// How far.
    pub state: State,
    /// What is there, with the numbers.
    pub sentence: String,
}

impl Step {
    fn new(stage: Stage, state: State, sentence: impl Into<String>) -> Self {
        Self { stage, state, sentence: sentence.into() }
    }
}

/// Begun when there is something.
fn begun_if(is_there: bool) -> State {
    if is_there { State::Begun } else { State::Open }
}

/// What stands in a strip's chain and works; of a frozen track, what was put aside with it.
fn working(strip: &Strip) -> impl Iterator<Item = &Insert> {
    let frozen = strip.frozen.iter().flat_map(|frozen| &frozen.inserts);
    strip.inserts.iter().chain(frozen).filter(|insert| !insert.bypassed)
}

/// Whether one of these processors works in a strip's chain.
fn has(strip: &Strip, processors: &[&str]) -> bool {
    working(strip).any(|insert| processors.contains(&insert.processor.as_str()))
}

/// Whether an equalizer that does something works in a strip's chain.
fn is_equalized(strip: &Strip, rate_hz: u32) -> bool {
    working(strip).any(|insert| insert.processor == equalizer::SPEC.id && is_bent(insert, rate_hz))
}

/// Whether an equalizer has a curve, a band that moves, or a band of one part of the stereo signal with a gain.
fn is_bent(insert: &Insert, rate_hz: u32) -> bool {
    let specs = equalizer::SPEC.params;
    let values: Vec<f32> = specs.iter().map(|spec| insert.values.get(spec.id).copied().unwrap_or(spec.default)).collect();
    let value = |band: usize, param: usize| values[band_index(band, param)];
    let is_alone = |band: usize| value(band, band_param::PLACEMENT) >= 0.5 && value(band, band_param::GAIN).abs() >= FLAT_DB;
    let works = |band: &usize| value(*band, band_param::ON) >= 0.5;
    if (0..equalizer::BANDS).filter(works).any(|band| value(band, band_param::DYNAMIC) >= 0.5 || is_alone(band)) {
        return true;
    }
    let response = Response::new(&values, f64::from(rate_hz));
    let highest_hz = 0.49 * f64::from(rate_hz);
    (0..BANDS).any(|third| response.db(band_hz(third).min(highest_hz)).abs() >= FLAT_DB)
}
