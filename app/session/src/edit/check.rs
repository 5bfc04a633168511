//! What must hold of a song's parts, and what is asked of the whole after a batch.

use std::collections::BTreeSet;

use dsp::protocol::{StripId, StripKind};

use super::EditError;
use crate::model::{Clip, Insert, Send, Session, Song, SongId, SongKind, Strip};
use crate::rules;

/// What a batch has touched that is only right or wrong as a whole.
#[derive(Default)]
pub(super) struct Touched {
    pub clips: BTreeSet<(SongId, StripId)>,
    pub routing: BTreeSet<SongId>,
    pub highest_id: u32,
}

impl Touched {
    pub fn ids(&mut self, ids: &[u32]) {
        self.highest_id = ids.iter().copied().fold(self.highest_id, u32::max);
    }

    pub fn song(&mut self, song: &Song) {
        self.ids(&rules::song_ids(song));
        self.routing.insert(song.id);
        self.clips.extend(song.strips.iter().map(|strip| (song.id, strip.id)));
    }

    pub fn check(&self, session: &Session) -> Result<(), EditError> {
        let strips = self.clips.iter().filter_map(|(song, strip)| session.strip(*song, *strip));
        for strip in strips {
            overlaps(strip)?;
        }
        self.routing.iter().filter_map(|song| session.song(*song)).try_for_each(routing)
    }
}

pub(crate) fn overlaps(strip: &Strip) -> Result<(), EditError> {
    rules::lanes_of(&strip.clips).map(|_| ()).map_err(|_| EditError::ThirdOverlap { track: strip.name.clone() })
}

pub(crate) fn routing(song: &Song) -> Result<(), EditError> {
    match rules::routing_loop(song) {
        None => Ok(()),
        Some(path) => {
            let names: Vec<&str> = path.iter().filter_map(|strip| song.strip(*strip)).map(|strip| strip.name.as_str()).collect();
            Err(EditError::Loop { path: names.join(" → ") })
        }
    }
}

/// New ids must not be 0 (the feed's unused place), not be taken and not come twice.
pub(super) fn new_ids(session: &Session, ids: &[u32], what: &'static str) -> Result<(), EditError> {
    let fresh: BTreeSet<u32> = ids.iter().copied().collect();
    let is_sound = fresh.len() == ids.len() && !fresh.contains(&0) && !fresh.contains(&u32::MAX);
    if is_sound && !rules::used_ids(session).iter().any(|id| fresh.contains(id)) { Ok(()) } else { Err(EditError::IdTaken(what)) }
}

pub(super) fn strip_of(song: &Song, strip: StripId) -> Result<&Strip, EditError> {
    song.strip(strip).ok_or(EditError::Missing("strip"))
}

pub(super) fn strip_of_mut(song: &mut Song, strip: StripId) -> Result<&mut Strip, EditError> {
    song.strips.iter_mut().find(|found| found.id == strip).ok_or(EditError::Missing("strip"))
}

fn bad_route(from: &Strip, to: &Strip) -> EditError {
    EditError::BadRoute { from: from.name.clone(), to: to.name.clone() }
}

pub(super) fn output(song: &Song, from: &Strip, output: Option<StripId>) -> Result<(), EditError> {
    let Some(to) = output else { return Ok(()) };
    let to = strip_of(song, to)?;
    if rules::can_output_to(from, to) { Ok(()) } else { Err(bad_route(from, to)) }
}

pub(super) fn send(song: &Song, from: &Strip, send: &Send) -> Result<(), EditError> {
    let to = strip_of(song, send.to)?;
    if rules::can_send_to(from, to) { Ok(()) } else { Err(bad_route(from, to)) }
}

pub(super) fn key(song: &Song, from: &Strip, key: Option<StripId>) -> Result<(), EditError> {
    let Some(key) = key else { return Ok(()) };
    let listened = strip_of(song, key)?;
    if key == from.id || listened.kind == StripKind::Master { Err(bad_route(listened, from)) } else { Ok(()) }
}

pub(super) fn insert_count(song: &Song, more: usize) -> Result<(), EditError> {
    let inserts: usize = song.strips.iter().map(|strip| strip.inserts.len()).sum();
    if inserts + more > rules::MAX_INSERTS { Err(EditError::Refused("A song holds at most 512 inserts.")) } else { Ok(()) }
}

pub(super) fn insert(song: &Song, strip: &Strip, insert: &Insert) -> Result<(), EditError> {
    if insert.processor.is_empty() || insert.processor.len() > rules::MAX_NAME {
        return Err(EditError::Refused("The insert names no processor."));
    }
    key(song, strip, insert.key)
}

/// A frozen track's clip is the render of what it was; it stays where it is.
pub(super) fn not_frozen(strip: &Strip) -> Result<(), EditError> {
    if strip.frozen.is_some() { Err(EditError::Frozen { track: strip.name.clone() }) } else { Ok(()) }
}

pub(super) fn clip(session: &Session, song: &Song, strip: &Strip, clip: &Clip) -> Result<(), EditError> {
    if strip.kind != StripKind::Audio && strip.frozen.is_none() {
        return Err(EditError::Refused("Only tracks hold clips."));
    }
    let source = session.source(clip.source).ok_or(EditError::Missing("source"))?;
    if clip.length == 0 {
        return Err(EditError::Refused("A clip is at least one frame long."));
    }
    if clip.offset.checked_add(clip.length).is_none_or(|end| end > source.frames_at(song.rate_hz)) {
        return Err(EditError::OutsideSource { source_name: source.file_name.clone() });
    }
    if clip.start.checked_add(clip.length).is_none_or(|end| end > rules::MAX_FRAME) {
        return Err(EditError::Refused("The clip would lie beyond the last frame of the timeline."));
    }
    Ok(())
}

/// A strip that stands or is to stand in `song`; ids and what concerns the whole apart.
pub(super) fn strip(session: &Session, song: &Song, strip: &Strip) -> Result<(), EditError> {
    output(song, strip, strip.output)?;
    strip.sends.iter().try_for_each(|each| send(song, strip, each))?;
    strip.inserts.iter().try_for_each(|each| insert(song, strip, each))?;
    strip.clips.iter().chain(strip.frozen_clips()).try_for_each(|each| clip(session, song, strip, each))?;
    let targets: BTreeSet<_> = strip.lanes.iter().map(|lane| &lane.target).collect();
    if targets.len() < strip.lanes.len() { Err(EditError::Refused("A parameter has one lane.")) } else { Ok(()) }
}

/// A song that is in the session or is to be put into it; ids apart.
pub(crate) fn song(session: &Session, song: &Song) -> Result<(), EditError> {
    if !(rules::MIN_RATE_HZ..=rules::MAX_RATE_HZ).contains(&song.rate_hz) {
        return Err(EditError::Refused("A song's rate is between 8 kHz and 192 kHz."));
    }
    let masters = song.strips_of(StripKind::Master).count();
    if masters != 1 || song.strips.last().is_none_or(|last| last.kind != StripKind::Master) {
        return Err(EditError::Refused("A song has one master, as its last strip."));
    }
    if song.strips.len() > rules::MAX_STRIPS {
        return Err(EditError::Refused("A song holds at most 256 strips."));
    }
    if song.kind == SongKind::Stereo && (song.strips.len() != 2 || song.strips[0].kind != StripKind::Audio) {
        return Err(EditError::Refused("A song of the Master room has one track."));
    }
    insert_count(song, 0)?;
    song.strips.iter().try_for_each(|each| strip(session, song, each))
}
