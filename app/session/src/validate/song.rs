//! Mends one song.

use std::collections::BTreeSet;

use dsp::protocol::StripKind;

use super::routes;
use crate::model::{Clip, Range, Song, Source, Strip, Target, Tempo, Versions};
use crate::rules;

pub(super) fn mend(song: &mut Song, sources: &[Source], notes: &mut Vec<String>) -> Result<(), String> {
    song.name = rules::tidy_name(&song.name).unwrap_or_else(|| "Song".into());
    let masters = song.strips_of(StripKind::Master).count();
    if masters != 1 {
        return Err(format!("{} has {masters} masters", song.name));
    }
    song.strips.sort_by_key(|strip| strip.kind == StripKind::Master);
    mend_timeline(song, notes);
    for at in 0..song.strips.len() {
        mend_frozen(&mut song.strips[at], song.rate_hz, sources);
        mend_clips(&mut song.strips[at], song.rate_hz, sources, notes);
        let strip = &mut song.strips[at];
        if rules::tidy_name(&strip.name).is_none() {
            strip.name = "Strip".into();
        }
        mend_lanes(strip);
        rules::tidy_strip(strip);
        mend_overlaps(strip, notes);
        name_unknown(strip, notes);
    }
    routes::mend(song, notes);
    Ok(())
}

fn mend_timeline(song: &mut Song, notes: &mut Vec<String>) {
    let is_sound = |range: &Range| range.start < range.end && range.end <= rules::MAX_FRAME;
    let before = (song.cycle.range, song.range);
    song.cycle.range = song.cycle.range.filter(is_sound);
    song.range = song.range.filter(is_sound);
    if before != (song.cycle.range, song.range) {
        notes.push(format!("The loop or the range of {} made no sense and was taken away.", song.name));
    }
    for marker in &mut song.markers {
        marker.frame = marker.frame.min(rules::MAX_FRAME);
        marker.name = rules::tidy_name(&marker.name).unwrap_or_default();
    }
    song.markers.sort_by_key(|marker| (marker.frame, marker.id));
    if !rules::are_versions(&song.versions) {
        song.versions = Versions::default();
        notes.push(format!("The versions of the master chain of {} made no sense and were taken away.", song.name));
    }
    if !rules::is_tempo(&song.tempo) {
        song.tempo = Tempo::default();
        notes.push(format!("The tempo of {} made no sense and is 120 now.", song.name));
    }
}

fn mend_clips(strip: &mut Strip, rate_hz: u32, sources: &[Source], notes: &mut Vec<String>) {
    let before = strip.clips.len();
    let is_track = strip.kind == StripKind::Audio || strip.frozen.is_some();
    strip.clips.retain_mut(|clip| {
        let source = sources.iter().find(|source| source.id == clip.source);
        is_track && source.is_some_and(|source| fit(clip, source.frames_at(rate_hz)))
    });
    let gone = before - strip.clips.len();
    if gone > 0 {
        notes.push(format!("{gone} clip(s) of {} had no audio and were taken away.", strip.name));
    }
}

/// What a frozen track was: its clips as others', its inserts in range; keys are asked for when it is thawed.
fn mend_frozen(strip: &mut Strip, rate_hz: u32, sources: &[Source]) {
    if !matches!(strip.kind, StripKind::Audio | StripKind::Group) {
        strip.frozen = None;
    }
    let Some(frozen) = &mut strip.frozen else { return };
    frozen.clips.retain_mut(|clip| {
        rules::tidy_clip(clip);
        sources.iter().find(|source| source.id == clip.source).is_some_and(|source| fit(clip, source.frames_at(rate_hz)))
    });
    while let Err(third) = rules::lanes_of(&frozen.clips) {
        frozen.clips.remove(third);
    }
    let inserts: BTreeSet<_> = frozen.inserts.iter().map(|insert| insert.id).collect();
    let mut seen = BTreeSet::new();
    frozen.lanes.retain(|lane| {
        let stands = !matches!(&lane.target, Target::Insert(insert, _) if !inserts.contains(insert));
        stands && seen.insert(lane.target.clone())
    });
    for insert in &mut frozen.inserts {
        rules::tidy_values(insert.spec().map_or(&[][..], |spec| spec.params), &mut insert.values);
    }
}

/// Shortens a clip to its source and to the timeline; `false` when nothing is left.
fn fit(clip: &mut Clip, source_frames: u64) -> bool {
    clip.length = clip.length.min(source_frames.saturating_sub(clip.offset)).min(rules::MAX_FRAME.saturating_sub(clip.start));
    clip.length > 0
}

fn mend_overlaps(strip: &mut Strip, notes: &mut Vec<String>) {
    while let Err(third) = rules::lanes_of(&strip.clips) {
        strip.clips.remove(third);
        notes.push(format!("A clip of {} lay over two others and was taken away.", strip.name));
    }
}

fn mend_lanes(strip: &mut Strip) {
    let inserts: BTreeSet<_> = strip.inserts.iter().map(|insert| insert.id).collect();
    let sends: BTreeSet<_> = strip.sends.iter().map(|send| send.id).collect();
    let mut seen = BTreeSet::new();
    strip.lanes.retain(|lane| {
        let stands = match &lane.target {
            Target::Strip(_) => true,
            Target::Insert(insert, _) => inserts.contains(insert),
            Target::Send(send, _) => sends.contains(send),
        };
        stands && seen.insert(lane.target.clone())
    });
}

fn name_unknown(strip: &Strip, notes: &mut Vec<String>) {
    for insert in &strip.inserts {
        match insert.spec() {
            None => notes.push(format!(
                "This version does not know the processor {} on {}: it is kept, and the sound passes through.",
                insert.processor, strip.name
            )),
            Some(spec) if insert.version > spec.version => {
                notes.push(format!("{} on {} was set in a newer version and may sound different here.", spec.name, strip.name));
            }
            Some(_) => {}
        }
    }
}
