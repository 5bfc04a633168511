//! The stages of a mix.

use dsp::protocol::{StripId, StripKind};

use super::{NOT_MEASURED, Stage, State, Step, begun_if, has, is_equalized};
use crate::assist::gain_staging::{Fault, in_place, lines};
use crate::assist::{decibels, number};
use crate::model::{Session, Song, SongId, Strip, Target};
use crate::survey::{Level, Survey};

/// The order.
const STAGES: [Stage; 5] = [Stage::GainStaging, Stage::Balance, Stage::Equalizers, Stage::Compression, Stage::Automation];
/// Processors that give a room or an echo.
const SPACE: &[&str] = &["reverb", "delay"];

/// What a mix has reached; `survey` is one of the session as it is.
pub fn stages(session: &Session, song: SongId, survey: Option<&Survey>) -> Vec<Step> {
    let Some(found) = session.song(song) else { return Vec::new() };
    let mix = Mix { song: found, tracks: found.strips_of(StripKind::Audio).collect(), survey };
    if mix.tracks.is_empty() {
        return STAGES.map(|stage| Step::new(stage, State::Open, "There are no tracks yet.")).into();
    }
    let gain_staging = survey.map_or_else(|| not_measured(Stage::GainStaging), |survey| gain_staging(session, song, survey));
    vec![gain_staging, mix.balance(), mix.equalizers(), mix.compression(), mix.automation()]
}

fn not_measured(stage: Stage) -> Step {
    Step::new(stage, State::Open, NOT_MEASURED)
}

fn gain_staging(session: &Session, song: SongId, survey: &Survey) -> Step {
    let lines = lines(session, song, survey, true);
    let (good, sounding) = in_place(&lines);
    let over = lines.iter().flat_map(|line| &line.faults).filter(|fault| matches!(fault, Fault::Over(..))).count();
    let master = lines.iter().find(|line| line.kind == StripKind::Master);
    let master_db = master.map_or(f64::NEG_INFINITY, |line| line.level.peak_db);
    let end = match over {
        0 => format!("the master peaks at {} dBFS", decibels(master_db)),
        1 => "levels pass full scale in 1 place".to_owned(),
        places => format!("levels pass full scale in {places} places"),
    };
    let state = if sounding > 0 && good == sounding && over == 0 { State::Reached } else { begun_if(good > 0) };
    Step::new(Stage::GainStaging, state, format!("{good} of {sounding} tracks peak between −12 and −10 dBFS; {end}."))
}

struct Mix<'a> {
    song: &'a Song,
    tracks: Vec<&'a Strip>,
    survey: Option<&'a Survey>,
}

impl Mix<'_> {
    fn count(&self, is_wanted: impl Fn(&Strip) -> bool) -> usize {
        self.tracks.iter().filter(|strip| is_wanted(strip)).count()
    }

    /// "3 of 12".
    fn of_all(&self, count: usize) -> String {
        format!("{count} of {}", self.tracks.len())
    }

    /// What goes into a strip's chain and what leaves its fader, where it was measured and sounds.
    fn levels(&self, strip: StripId) -> Option<(Level, Level)> {
        let measured = self.survey?.strip(strip)?;
        (!measured.head.is_silent() && !measured.output.is_silent()).then_some((measured.head, measured.output))
    }

    fn balance(&self) -> Step {
        let faders = self.count(|strip| is_moved(strip, "volume"));
        let panned = self.count(|strip| is_moved(strip, "pan"));
        let loud = |strip: &&Strip| Some((strip.name.clone(), self.levels(strip.id)?.1.integrated_lufs));
        let mut heard: Vec<(String, f64)> = self.tracks.iter().filter_map(loud).filter(|(_, lufs)| lufs.is_finite()).collect();
        heard.sort_by(|a, b| a.1.total_cmp(&b.1));
        let mut sentence = format!("{} faders stand off 0 dB, {} tracks are panned", self.of_all(faders), self.of_all(panned));
        if let [(soft, soft_lufs), .., (loud, loud_lufs)] = &heard[..] {
            sentence.push_str(&format!("; from {soft} at {} to {loud} at {} LUFS", decibels(*soft_lufs), decibels(*loud_lufs)));
        }
        Step::new(Stage::Balance, begun_if(faders + panned > 0), sentence + ".")
    }

    fn equalizers(&self) -> Step {
        let count = self.count(|strip| is_equalized(strip, self.song.rate_hz));
        Step::new(
            Stage::Equalizers,
            begun_if(count > 0),
            format!("{} tracks have an equalizer that shapes their tone.", self.of_all(count)),
        )
    }

    fn compression(&self) -> Step {
        let is_compressed = |strip: &Strip| has(strip, &["compressor"]);
        let count = self.count(is_compressed);
        let crests = self.tracks.iter().filter(|strip| is_compressed(strip)).filter_map(|strip| self.levels(strip.id));
        let crests: Vec<[f64; 2]> = crests.map(|(head, output)| [head.crest_db(), output.crest_db()]).collect();
        let mean = |end: usize| crests.iter().map(|crest| crest[end]).sum::<f64>() / crests.len() as f64;
        let mut sentence = format!("{} tracks have a compressor", self.of_all(count));
        if !crests.is_empty() {
            sentence.push_str(&format!(
                "; their peaks stand {} dB over the mean before their chains, {} behind",
                number(mean(0), 1),
                number(mean(1), 1)
            ));
        }
        Step::new(Stage::Compression, begun_if(count > 0), sentence + ".")
    }

    fn automation(&self) -> Step {
        let moving = self.count(|strip| strip.lanes.iter().any(|lane| lane.enabled && !lane.points.is_empty()));
        let in_space = self.count(|strip| has(strip, SPACE) || self.is_sent_to_space(strip));
        let mut sentence = format!("{} tracks are automated, {} have a reverb or a delay", self.of_all(moving), self.of_all(in_space));
        let master = self.song.master().and_then(|master| self.levels(master.id));
        let returns = self.song.strips_of(StripKind::Return).filter_map(|strip| self.levels(strip.id));
        let loudest = returns.map(|(_, output)| output.integrated_lufs).fold(f64::NEG_INFINITY, f64::max);
        if let Some((_, master)) = master
            && loudest.is_finite()
        {
            sentence.push_str(&format!("; the loudest return is {} LU under the mix", number(master.integrated_lufs - loudest, 1)));
        }
        Step::new(Stage::Automation, begun_if(moving + in_space > 0), sentence + ".")
    }

    /// Whether a send that is heard leads to a strip with a reverb or a delay.
    fn is_sent_to_space(&self, strip: &Strip) -> bool {
        strip.sends.iter().any(|send| {
            let (level, mute) = (Target::Send(send.id, "level".into()), Target::Send(send.id, "mute".into()));
            let is_heard = strip.spec_of(&level).is_some_and(|spec| strip.value_of(&level) > spec.min) && strip.value_of(&mute) < 0.5;
            is_heard && self.song.strip(send.to).is_some_and(|to| has(to, SPACE))
        })
    }
}

fn is_moved(strip: &Strip, id: &str) -> bool {
    let target = Target::Strip(id.to_owned());
    strip.spec_of(&target).is_some_and(|spec| strip.value_of(&target) != spec.default)
}
