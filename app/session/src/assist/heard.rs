//! A track as it is heard in the mix: what its survey measured, with its groups' levels.

use dsp::protocol::StripId;

use crate::model::{Song, Target};
use crate::survey::{ERB_BANDS, StripSurvey, Survey};

/// The power that so many dB are.
pub fn power(db: f64) -> f64 {
    libm::pow(10.0, db / 10.0)
}

/// A track as it is heard: its output's powers times what its groups do to them.
pub struct Heard<'a> {
    /// Its own measurement.
    pub measured: &'a StripSurvey,
    /// What its groups do to its powers.
    pub gain: f64,
}

impl<'a> Heard<'a> {
    /// Nothing of a track that is silent, or that goes into a muted group.
    pub fn of(song: &Song, survey: &'a Survey, strip: StripId) -> Option<Self> {
        let measured = survey.strip(strip).filter(|measured| !measured.output.is_silent())?;
        let mut gain_db = 0.0;
        let mut group = song.strip(strip)?.output;
        // Groups cannot go in a circle; the count only bounds the walk.
        for _ in 0..song.strips.len() {
            let Some(found) = group.and_then(|group| song.strip(group)) else { break };
            let value = |id: &str| f64::from(found.value_of(&Target::Strip(id.into())));
            if value("mute") >= 0.5 {
                return None;
            }
            gain_db += value("trim") + value("volume");
            group = found.output;
        }
        Some(Self { measured, gain: power(gain_db) })
    }

    /// Its power in a band of a slice.
    pub fn power(&self, slice: usize, band: usize) -> f64 {
        self.measured.slice(slice).get(band).map_or(0.0, |measured| f64::from(*measured) * self.gain)
    }

    /// How many slices it has.
    pub fn slices(&self) -> usize {
        self.measured.powers.len() / ERB_BANDS
    }
}
