//! Edits of a track's clips.

use dsp::protocol::StripId;

use super::apply::{Outcome, strip_mut};
use super::check::{self, Touched};
use super::{Edit, EditError};
use crate::model::{Clip, ClipId, Session, SongId, Strip};
use crate::rules;

fn place(strip: &mut Strip, mut clip: Clip) {
    rules::tidy_clip(&mut clip);
    let at = strip.clips.partition_point(|other| (other.start, other.id) < (clip.start, clip.id));
    strip.clips.insert(at, clip);
}

fn check(session: &Session, song: SongId, strip: StripId, clip: &Clip) -> Result<(), EditError> {
    let song = session.song(song).ok_or(EditError::Missing("song"))?;
    let strip = check::strip_of(song, strip)?;
    check::not_frozen(strip)?;
    check::clip(session, song, strip, clip)
}

fn index(strip: &Strip, clip: ClipId) -> Result<usize, EditError> {
    strip.clips.iter().position(|found| found.id == clip).ok_or(EditError::Missing("clip"))
}

pub(super) fn add(session: &mut Session, song: SongId, strip: StripId, clip: &Clip, touched: &mut Touched) -> Outcome {
    check(session, song, strip, clip)?;
    check::new_ids(session, &[clip.id.0], "clip")?;
    place(strip_mut(session, song, strip)?, clip.clone());
    touched.ids(&[clip.id.0]);
    touched.clips.insert((song, strip));
    Ok(Edit::RemoveClip { song, strip, clip: clip.id })
}

pub(super) fn remove(session: &mut Session, song: SongId, strip: StripId, clip: ClipId) -> Outcome {
    let found = strip_mut(session, song, strip)?;
    check::not_frozen(found)?;
    let at = index(found, clip)?;
    Ok(Edit::AddClip { song, strip, clip: found.clips.remove(at) })
}

pub(super) fn set(session: &mut Session, song: SongId, strip: StripId, clip: &Clip, touched: &mut Touched) -> Outcome {
    check(session, song, strip, clip)?;
    let found = strip_mut(session, song, strip)?;
    let at = index(found, clip.id)?;
    let old = found.clips.remove(at);
    place(found, clip.clone());
    touched.clips.insert((song, strip));
    Ok(Edit::SetClip { song, strip, clip: old })
}
