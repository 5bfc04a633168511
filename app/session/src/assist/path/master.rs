//! The stages of a master.

use super::{NOT_MEASURED, Stage, State, Step, begun_if, has, is_equalized};
use crate::analysis::Analysis;
use crate::assist::ledger::FALLS_APART;
use crate::assist::{decibels, number, tone};
use crate::codec::{Checked, Codec};
use crate::destination::{Destination, PEAK_TOLERANCE_DB, TARGET_TOLERANCE_LU};
use crate::model::{Song, Strip};

/// The order.
const STAGES: [Stage; 6] = [Stage::CorrectiveEqualizer, Stage::Multiband, Stage::Imaging, Stage::Limiting, Stage::Target, Stage::Check];

/// What is known of a master, each of the document as it is.
#[derive(Clone, Copy, Default)]
pub struct Mastered<'a> {
    /// What it measures as a whole.
    pub analysis: Option<&'a Analysis>,
    /// The tone that it is compared with.
    pub tone: Option<&'a [f64]>,
    /// Where it goes.
    pub place: Option<&'a Destination>,
    /// What a codec makes of it.
    pub checked: Option<&'a Checked>,
}

/// What a master has reached.
pub fn stages(song: &Song, known: Mastered<'_>) -> Vec<Step> {
    let Some(strip) = song.master() else { return Vec::new() };
    if known.analysis.is_some_and(Analysis::is_silent) {
        return STAGES.map(|stage| Step::new(stage, State::Open, "The song is silent.")).into();
    }
    let master = Master { strip, rate_hz: song.rate_hz, known };
    vec![master.equalizer(), master.multiband(), master.imaging(), master.limiting(), master.target(), master.check()]
}

struct Master<'a> {
    strip: &'a Strip,
    rate_hz: u32,
    known: Mastered<'a>,
}

impl Master<'_> {
    fn equalizer(&self) -> Step {
        let is_there = is_equalized(self.strip, self.rate_hz);
        let chain = if is_there { "An equalizer shapes it" } else { "No equalizer shapes it" };
        let measured = match (self.known.analysis, self.known.tone) {
            (Some(analysis), Some(target)) => {
                let distance_db = tone::distance_db(&tone::spectrum(analysis), target);
                format!("; its tone lies {} dB from the tone target, in the mean.", number(distance_db, 1))
            }
            _ => ". ".to_owned() + NOT_MEASURED,
        };
        Step::new(Stage::CorrectiveEqualizer, begun_if(is_there), chain.to_owned() + &measured)
    }

    fn multiband(&self) -> Step {
        let is_there = has(self.strip, &["multiband"]);
        let chain = if is_there { "A multiband is in the chain" } else { "No multiband is in the chain; not every song needs one" };
        let measured = self.known.analysis.map_or_else(
            || ". ".to_owned() + NOT_MEASURED,
            |analysis| {
                let (range, plr) = (number(analysis.range_lu, 1), number(analysis.plr_lu(), 1));
                format!(". Loudness range {range} LU, peaks {plr} dB over the loudness.")
            },
        );
        Step::new(Stage::Multiband, begun_if(is_there), chain.to_owned() + &measured)
    }

    fn imaging(&self) -> Step {
        let begun = begun_if(has(self.strip, &["imager"]));
        let Some(analysis) = self.known.analysis else { return Step::new(Stage::Imaging, begun, NOT_MEASURED) };
        let losses = analysis.mono_losses().len();
        let correlation = number(analysis.correlation, 2);
        let lost = match losses {
            0 => "no third octave loses more than 6 dB in mono".to_owned(),
            1 => "1 third octave loses more than 6 dB in mono".to_owned(),
            many => format!("{many} third octaves lose more than 6 dB in mono"),
        };
        let holds = losses == 0 && analysis.correlation >= FALLS_APART;
        Step::new(Stage::Imaging, if holds { State::Reached } else { begun }, format!("Correlation {correlation}; {lost}."))
    }

    fn limiting(&self) -> Step {
        let is_there = has(self.strip, &["limiter"]);
        let begun = begun_if(is_there);
        let (Some(analysis), Some(place)) = (self.known.analysis, self.known.place) else {
            return Step::new(Stage::Limiting, begun, NOT_MEASURED);
        };
        let holds = analysis.true_peak_dbtp <= place.peak_dbtp + PEAK_TOLERANCE_DB;
        let with = if is_there { "With" } else { "Without" };
        let (peak, most) = (decibels(analysis.true_peak_dbtp), decibels(place.peak_dbtp));
        let sentence = format!("{with} a limiter the true peak is {peak} dBTP; {} asks for {most} at most.", place.name);
        Step::new(Stage::Limiting, if holds { State::Reached } else { begun }, sentence)
    }

    fn target(&self) -> Step {
        let (Some(analysis), Some(place)) = (self.known.analysis, self.known.place) else {
            return Step::new(Stage::Target, State::Open, NOT_MEASURED);
        };
        let off = analysis.integrated_lufs - place.target_lufs;
        let tolerance = place.tolerance_lu.unwrap_or(TARGET_TOLERANCE_LU).max(TARGET_TOLERANCE_LU);
        let holds = off.abs() <= tolerance;
        let than = match off {
            _ if holds => "within its tolerance of".to_owned(),
            off if off > 0.0 => format!("{} LU louder than", number(off, 1)),
            off => format!("{} LU softer than", number(-off, 1)),
        };
        let (lufs, wanted) = (decibels(analysis.integrated_lufs), decibels(place.target_lufs));
        let sentence = format!("{lufs} LUFS, {than} the {wanted} of {}.", place.name);
        Step::new(Stage::Target, if holds { State::Reached } else { State::Begun }, sentence)
    }

    fn check(&self) -> Step {
        let (Some(checked), Some(place)) = (self.known.checked, self.known.place) else {
            return Step::new(Stage::Check, State::Open, "Not sent through a codec as it is now.");
        };
        let codec = Codec::find(&checked.codec).map_or(checked.codec.as_str(), |codec| codec.name);
        let holds = checked.ceiling_dbtp(place.peak_dbtp).is_none();
        let (peak, most) = (decibels(checked.decoded.true_peak_dbtp), decibels(place.peak_dbtp));
        let sentence = format!("After {codec} the true peak is {peak} dBTP; {} asks for {most} at most.", place.name);
        Step::new(Stage::Check, if holds { State::Reached } else { State::Begun }, sentence)
    }
}
