//! A session from a file: what can be mended is mended and said, the rest is refused.
//!
//! Afterwards everything holds that edits keep: ids are unique, references exist, numbers are finite and in range, each song has one
//! master, routing runs in no circle and no track plays three clips at once.

mod routes;
mod song;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::archive;
use crate::edit::check;
use crate::model::{Session, SongKind};
use crate::rules;

/// Mends a session; the notes say what was done.
///
/// # Errors
/// A clause that says what cannot be mended.
pub fn mend(session: &mut Session) -> Result<Vec<String>, String> {
    let mut notes = Vec::new();
    if !archive::is_session_id(&session.id) {
        return Err("it has no valid id".into());
    }
    session.name = rules::tidy_name(&session.name).unwrap_or_else(|| "Untitled".into());
    check_ids(session)?;
    mend_sources(session, &mut notes);
    if session.songs.iter().filter(|song| song.kind == SongKind::Mix).count() > 1 {
        return Err("it has two songs in the Mix room".into());
    }
    let Session { songs, sources, references, cues, .. } = session;
    cues.retain(|id, cues| sources.iter().any(|source| source.id == *id && rules::are_cues(source, cues)));
    references.retain(|reference| sources.iter().any(|source| source.id == *reference));
    for each in songs.iter_mut() {
        song::mend(each, sources, &mut notes)?;
    }
    mend_album(session, &mut notes);
    for song in &session.songs {
        let sound = check::song(session, song).and_then(|()| check::routing(song));
        let sound = sound.and_then(|()| song.strips.iter().try_for_each(check::overlaps));
        sound.map_err(|error| error.to_string().trim_end_matches('.').to_owned())?;
    }
    Ok(notes)
}

/// An album without its song is none; its songs are those whose clips are there.
fn mend_album(session: &mut Session, notes: &mut Vec<String>) {
    let Some(mut album) = session.album.take() else { return };
    let Some(song) = session.song(album.song).filter(|song| song.kind == SongKind::Stereo) else {
        notes.push("The song of the album is not there, so the album was taken away.".into());
        return;
    };
    album.tracks.retain(|track| song.clip(track.clip).is_some());
    album.tidy();
    session.album = Some(album);
}

fn check_ids(session: &mut Session) -> Result<(), String> {
    let ids = rules::used_ids(session);
    let unique: BTreeSet<u32> = ids.iter().copied().collect();
    if unique.len() < ids.len() {
        return Err("two of its parts have one id".into());
    }
    if unique.contains(&0) || unique.contains(&u32::MAX) {
        return Err("a part has an id that is never given".into());
    }
    let highest = unique.last().copied().unwrap_or(0);
    session.next_id = session.next_id.max(highest + 1);
    Ok(())
}

fn mend_sources(session: &mut Session, notes: &mut Vec<String>) {
    session.sources.retain_mut(|source| {
        source.file_name = rules::tidy_name(&source.file_name).unwrap_or_else(|| "Unnamed file".into());
        let is_sound = archive::is_hash(&source.hash)
            && matches!(source.channels, 1 | 2)
            && (1..=rules::MAX_SOURCE_RATE_HZ).contains(&source.rate_hz)
            && source.frames <= rules::MAX_FRAME;
        if !is_sound {
            notes.push(format!("{} is described wrongly in the session and was left out.", source.file_name));
        }
        is_sound
    });
}
