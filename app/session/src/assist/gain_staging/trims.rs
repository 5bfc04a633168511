//! The trims: exact, because nothing stands between a trim and the place where the level was measured.

use crate::assist::{Proposal, decibels, difference};
use crate::edit::Edit;
use crate::model::{Song, Strip, Target};
use crate::survey::Level;

use super::{FULL_SCALE_DB, PEAKS_DB};

/// What a trim aims at: the middle of [`PEAKS_DB`].
const AIM_DB: f64 = (PEAKS_DB[0] + PEAKS_DB[1]) / 2.0;
/// What a master that passes full scale is brought to, dBTP.
const MASTER_AIM_DBTP: f64 = -1.0;
/// Processors that do the same to a loud signal as to a soft one.
const LINEAR: &[&str] = &["equalizer", "utility", "imager", "delay", "reverb"];

type Found = (Option<Proposal>, Option<&'static str>);

/// Of a track.
pub fn of_track(song: &Song, strip: &Strip, level: &Level, keeps_balance: bool) -> Found {
    if level.is_silent() || (PEAKS_DB[0]..=PEAKS_DB[1]).contains(&level.peak_db) {
        return (None, None);
    }
    let Some((trim, change)) = trim_by(strip, AIM_DB - level.peak_db) else {
        return (None, Some("Its trim is automated and is left alone."));
    };
    let mut edits = vec![set(song, strip, Target::Strip("trim".into()), trim)];
    let kept = if keeps_balance { keep_balance(song, strip, change, &mut edits) } else { Kept::Not };
    let mut reason = format!(
        "Peaks at {} dBFS going into its chain; {} dB brings it to {}.",
        decibels(level.peak_db),
        difference(change),
        decibels(level.peak_db + change)
    );
    match kept {
        Kept::Fader => reason.push_str(&format!(" The fader goes {} dB, so the balance stays.", difference(-change))),
        Kept::Partly(left_db) => reason.push_str(&format!(
            " The fader cannot go the whole way the other way: the track ends up {} dB {}.",
            decibels(left_db.abs()),
            if left_db < 0.0 { "softer" } else { "louder" }
        )),
        Kept::Automated => reason.push_str(&format!(
            " Its fader is automated and stays: the track ends up {} dB {}.",
            decibels(change.abs()),
            if change < 0.0 { "softer" } else { "louder" }
        )),
        Kept::Not => {}
    }
    let hears: Vec<&str> = strip
        .inserts
        .iter()
        .filter(|insert| !insert.bypassed && !LINEAR.contains(&insert.processor.as_str()))
        .map(|insert| insert.name())
        .collect();
    if !hears.is_empty() {
        reason.push_str(&format!(" Check {}: what goes in is {} dB.", hears.join(" and "), difference(change)));
    }
    (Some(Proposal { title: format!("Trim {} {} dB", strip.name, difference(change)), reason, edits }), None)
}

/// Of the master, when it passes full scale.
pub fn of_master(song: &Song, strip: &Strip, level: &Level) -> Found {
    let peak_db = level.peak_db.max(level.true_peak_dbtp);
    if level.is_silent() || peak_db <= FULL_SCALE_DB {
        return (None, None);
    }
    let Some((trim, change)) = trim_by(strip, MASTER_AIM_DBTP - peak_db) else {
        return (None, Some("Its trim is automated and is left alone."));
    };
    let reason = format!(
        "The mix peaks at {} dBTP, over full scale; {} dB before its chain brings it to {} if the chain is linear.",
        difference(peak_db),
        difference(change),
        decibels(peak_db + change)
    );
    let edits = vec![set(song, strip, Target::Strip("trim".into()), trim)];
    (Some(Proposal { title: format!("Trim {} {} dB", strip.name, difference(change)), reason, edits }), None)
}

/// The trim that changes the level by so much, and by how much it then changes; `None` when it is automated.
fn trim_by(strip: &Strip, change_db: f64) -> Option<(f32, f64)> {
    let target = Target::Strip("trim".into());
    if is_automated(strip, &target) {
        return None;
    }
    let before = f64::from(strip.value_of(&target));
    // In hundredths: what is read is what is set.
    let wanted = libm::round((before + change_db) * 100.0) / 100.0;
    let trim = strip.spec_of(&target).map_or(wanted as f32, |spec| spec.clamp(wanted as f32));
    Some((trim, f64::from(trim) - before))
}

enum Kept {
    /// The fader takes all of it back.
    Fader,
    /// Its range ends before; so much is left, dB.
    Partly(f64),
    /// It is automated.
    Automated,
    /// Nobody asked.
    Not,
}

/// Turns the fader, and the sends before it, against a trim.
fn keep_balance(song: &Song, strip: &Strip, change_db: f64, edits: &mut Vec<Edit>) -> Kept {
    for send in strip.sends.iter().filter(|send| send.pre) {
        against(song, strip, Target::Send(send.id, "level".into()), change_db, edits);
    }
    let volume = Target::Strip("volume".into());
    if is_automated(strip, &volume) {
        return Kept::Automated;
    }
    let left_db = against(song, strip, volume, change_db, edits);
    if left_db.abs() < 0.05 { Kept::Fader } else { Kept::Partly(left_db) }
}

/// Turns a level against a trim and tells how much of it is left, dB.
fn against(song: &Song, strip: &Strip, target: Target, change_db: f64, edits: &mut Vec<Edit>) -> f64 {
    let Some(spec) = strip.spec_of(&target).filter(|_| !is_automated(strip, &target)) else { return change_db };
    let before = strip.value_of(&target);
    if before <= spec.min {
        return 0.0;
    }
    let after = spec.clamp((f64::from(before) - change_db) as f32);
    edits.push(set(song, strip, target, after));
    change_db + f64::from(after) - f64::from(before)
}

fn is_automated(strip: &Strip, target: &Target) -> bool {
    strip.lane(target).is_some_and(|lane| lane.enabled && !lane.points.is_empty())
}

fn set(song: &Song, strip: &Strip, target: Target, value: f32) -> Edit {
    Edit::SetValue { song: song.id, strip: strip.id, target, value }
}
