//! Edits of the session's sources and songs.

use super::apply::{Outcome, song_mut};
use super::check::{self, Touched};
use super::{Edit, EditError};
use crate::model::{Cycle, Marker, Range, Session, Song, SongId, SongKind, Source, SourceId, Tempo, Versions};
use crate::rules;

const NAMELESS: EditError = EditError::Refused("A name has at least one letter.");

pub(super) fn rename_session(session: &mut Session, name: &str) -> Outcome {
    let name = std::mem::replace(&mut session.name, rules::tidy_name(name).ok_or(NAMELESS)?);
    Ok(Edit::RenameSession { name })
}

pub(super) fn add_source(session: &mut Session, at: usize, source: &Source, touched: &mut Touched) -> Outcome {
    check::new_ids(session, &[source.id.0], "source")?;
    if !matches!(source.channels, 1 | 2) || source.rate_hz == 0 {
        return Err(EditError::Refused("A source has one or two channels and a rate."));
    }
    touched.ids(&[source.id.0]);
    session.sources.insert(at.min(session.sources.len()), source.clone());
    Ok(Edit::RemoveSource { source: source.id })
}

pub(super) fn remove_source(session: &mut Session, source: SourceId) -> Outcome {
    let at = session.sources.iter().position(|found| found.id == source).ok_or(EditError::Missing("source"))?;
    if session.uses(source) {
        return Err(EditError::SourceInUse { source_name: session.sources[at].file_name.clone() });
    }
    Ok(Edit::AddSource { at, source: session.sources.remove(at) })
}

pub(super) fn set_references(session: &mut Session, references: &[SourceId]) -> Outcome {
    if references.iter().any(|source| session.source(*source).is_none()) {
        return Err(EditError::Missing("source"));
    }
    if references.iter().enumerate().any(|(at, source)| references[..at].contains(source)) {
        return Err(EditError::Refused("This song is a reference already."));
    }
    let references = std::mem::replace(&mut session.references, references.to_vec());
    Ok(Edit::SetReferences { references })
}

pub(super) fn set_cues(session: &mut Session, source: SourceId, cues_s: &[f64]) -> Outcome {
    let mut cues = cues_s.to_vec();
    cues.sort_by(f64::total_cmp);
    if !rules::are_cues(session.source(source).ok_or(EditError::Missing("source"))?, &cues) {
        return Err(EditError::Refused("A reference has up to nine cues, all of them inside it."));
    }
    let before = if cues.is_empty() { session.cues.remove(&source) } else { session.cues.insert(source, cues) };
    Ok(Edit::SetCues { source, cues_s: before.unwrap_or_default() })
}

pub(super) fn add(session: &mut Session, at: usize, song: &Song, touched: &mut Touched) -> Outcome {
    check::new_ids(session, &rules::song_ids(song), "song")?;
    check::song(session, song)?;
    if song.kind == SongKind::Mix && session.mix().is_some() {
        return Err(EditError::Refused("A session has one song in the Mix room."));
    }
    touched.song(song);
    session.songs.insert(at.min(session.songs.len()), tidied(song));
    Ok(Edit::RemoveSong { song: song.id })
}

pub(super) fn remove(session: &mut Session, song: SongId) -> Outcome {
    let at = session.songs.iter().position(|found| found.id == song).ok_or(EditError::Missing("song"))?;
    Ok(Edit::AddSong { at, song: Box::new(session.songs.remove(at)) })
}

pub(super) fn put(session: &mut Session, song: &Song, touched: &mut Touched) -> Outcome {
    let at = session.songs.iter().position(|found| found.id == song.id).ok_or(EditError::Missing("song"))?;
    if session.songs[at].kind != song.kind {
        return Err(EditError::Refused("A song stays in its room."));
    }
    check::song(session, song)?;
    let old = session.songs.remove(at);
    if let Err(error) = check::new_ids(session, &rules::song_ids(song), "song") {
        session.songs.insert(at, old);
        return Err(error);
    }
    touched.song(song);
    session.songs.insert(at, tidied(song));
    Ok(Edit::PutSong { song: Box::new(old) })
}

fn tidied(song: &Song) -> Song {
    let mut song = song.clone();
    song.strips.iter_mut().for_each(rules::tidy_strip);
    song.markers.sort_by_key(|marker| (marker.frame, marker.id));
    song
}

pub(super) fn rename(session: &mut Session, song: SongId, name: &str) -> Outcome {
    let name = rules::tidy_name(name).ok_or(NAMELESS)?;
    let name = std::mem::replace(&mut song_mut(session, song)?.name, name);
    Ok(Edit::RenameSong { song, name })
}

/// What a version holds is asked when it takes the chain's place.
pub(super) fn set_versions(session: &mut Session, song: SongId, versions: &Versions) -> Outcome {
    if !rules::are_versions(versions) {
        return Err(EditError::Refused("A chain has versions A to D."));
    }
    let versions = std::mem::replace(&mut song_mut(session, song)?.versions, versions.clone());
    Ok(Edit::SetVersions { song, versions })
}

pub(super) fn set_markers(session: &mut Session, song: SongId, markers: &[Marker], touched: &mut Touched) -> Outcome {
    let old = std::mem::take(&mut song_mut(session, song)?.markers);
    let ids: Vec<u32> = markers.iter().map(|marker| marker.id.0).collect();
    let checked = check::new_ids(session, &ids, "marker").and_then(|()| markers.iter().map(tidy_marker).collect());
    let found = song_mut(session, song)?;
    match checked {
        Ok(new) => found.markers = new,
        Err(error) => {
            found.markers = old;
            return Err(error);
        }
    }
    found.markers.sort_by_key(|marker| (marker.frame, marker.id));
    touched.ids(&ids);
    Ok(Edit::SetMarkers { song, markers: old })
}

fn tidy_marker(marker: &Marker) -> Result<Marker, EditError> {
    if marker.frame > rules::MAX_FRAME {
        return Err(EditError::Refused("The marker would lie beyond the last frame of the timeline."));
    }
    Ok(Marker { name: rules::tidy_name(&marker.name).unwrap_or_default(), ..*marker })
}

fn check_range(range: Option<Range>, shortest: u64) -> Result<(), EditError> {
    match range {
        Some(range) if range.end > rules::MAX_FRAME || range.end < range.start.saturating_add(shortest) => {
            Err(EditError::Refused("The range is too short, or lies beyond the last frame of the timeline."))
        }
        _ => Ok(()),
    }
}

pub(super) fn set_cycle(session: &mut Session, song: SongId, cycle: Cycle) -> Outcome {
    check_range(cycle.range, dsp::protocol::feed::MIN_LOOP_FRAMES)?;
    let cycle = std::mem::replace(&mut song_mut(session, song)?.cycle, cycle);
    Ok(Edit::SetCycle { song, cycle })
}

pub(super) fn set_range(session: &mut Session, song: SongId, range: Option<Range>) -> Outcome {
    check_range(range, 1)?;
    let range = std::mem::replace(&mut song_mut(session, song)?.range, range);
    Ok(Edit::SetRange { song, range })
}

pub(super) fn set_tempo(session: &mut Session, song: SongId, tempo: Tempo) -> Outcome {
    if !rules::is_tempo(&tempo) {
        return Err(EditError::Refused("The tempo is between 20 and 400, the metre between 1/1 and 32/32."));
    }
    let tempo = std::mem::replace(&mut song_mut(session, song)?.tempo, tempo);
    Ok(Edit::SetTempo { song, tempo })
}
