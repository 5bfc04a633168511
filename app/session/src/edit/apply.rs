//! Runs an edit and gathers what takes it back.

use super::check::{self, Touched};
use super::{Edit, EditError, clips, inserts, rate, songs, strips};
use crate::model::{Session, Song, SongId, Strip};
use dsp::protocol::StripId;

pub(super) type Outcome = Result<Edit, EditError>;

/// Runs an edit, then asks what must hold of the whole; takes everything back when it does not.
pub(super) fn apply(session: &mut Session, edit: &Edit) -> Outcome {
    let mut touched = Touched::default();
    let inverse = run(session, edit, &mut touched)?;
    if let Err(error) = touched.check(session) {
        take_back(session, &inverse);
        return Err(error);
    }
    session.next_id = session.next_id.max(touched.highest_id.saturating_add(1));
    Ok(inverse)
}

/// Inverses lead back to where the session has been, so nothing needs to be asked of the whole.
fn take_back(session: &mut Session, inverse: &Edit) {
    let result = run(session, inverse, &mut Touched::default());
    debug_assert!(result.is_ok(), "an inverse was refused: {result:?}");
}

pub(super) fn run(session: &mut Session, edit: &Edit, touched: &mut Touched) -> Outcome {
    match edit {
        Edit::Batch(edits) => run_all(session, edits, touched),
        Edit::RenameSession { name } => songs::rename_session(session, name),
        Edit::AddSource { at, source } => songs::add_source(session, *at, source, touched),
        Edit::RemoveSource { source } => songs::remove_source(session, *source),
        Edit::SetReferences { references } => songs::set_references(session, references),
        Edit::SetCues { source, cues_s } => songs::set_cues(session, *source, cues_s),
        Edit::SetAlbum { album } => super::album::set(session, album.as_deref()),
        Edit::AddSong { at, song } => songs::add(session, *at, song, touched),
        Edit::RemoveSong { song } => songs::remove(session, *song),
        Edit::PutSong { song } => songs::put(session, song, touched),
        Edit::RenameSong { song, name } => songs::rename(session, *song, name),
        Edit::SetRate { song, rate_hz } => rate::set(session, *song, *rate_hz, touched),
        Edit::SetMarkers { song, markers } => songs::set_markers(session, *song, markers, touched),
        Edit::SetCycle { song, cycle } => songs::set_cycle(session, *song, *cycle),
        Edit::SetRange { song, range } => songs::set_range(session, *song, *range),
        Edit::SetTempo { song, tempo } => songs::set_tempo(session, *song, *tempo),
        Edit::SetVersions { song, versions } => songs::set_versions(session, *song, versions),
        Edit::AddStrip { song, at, strip } => strips::add(session, *song, *at, strip, touched),
        Edit::RemoveStrip { song, strip } => strips::remove(session, *song, *strip, touched),
        Edit::MoveStrip { song, strip, at } => strips::move_to(session, *song, *strip, *at),
        Edit::SetName { song, strip, name } => strips::set_name(session, *song, *strip, name),
        Edit::SetColour { song, strip, colour } => strips::set_colour(session, *song, *strip, *colour),
        Edit::SetLook { song, strip, look } => strips::set_look(session, *song, *strip, look),
        Edit::SetOutput { song, strip, output } => strips::set_output(session, *song, *strip, *output, touched),
        Edit::SetValue { song, strip, target, value } => strips::set_value(session, *song, *strip, target, *value),
        Edit::SetLane { song, strip, target, lane } => strips::set_lane(session, *song, *strip, target, lane.as_ref()),
        Edit::AddSend { song, strip, at, send } => strips::add_send(session, *song, *strip, *at, send, touched),
        Edit::RemoveSend { song, strip, send } => strips::remove_send(session, *song, *strip, *send, touched),
        Edit::SetSendPre { song, strip, send, pre } => strips::set_send_pre(session, *song, *strip, *send, *pre),
        Edit::SetSendTo { song, strip, send, to } => strips::set_send_to(session, *song, *strip, *send, *to, touched),
        Edit::AddClip { song, strip, clip } => clips::add(session, *song, *strip, clip, touched),
        Edit::RemoveClip { song, strip, clip } => clips::remove(session, *song, *strip, *clip),
        Edit::SetClip { song, strip, clip } => clips::set(session, *song, *strip, clip, touched),
        Edit::AddInsert { .. }
        | Edit::RemoveInsert { .. }
        | Edit::MoveInsert { .. }
        | Edit::SetBypass { .. }
        | Edit::SetKey { .. }
        | Edit::SetInsertValues { .. } => inserts::run(session, edit, touched),
    }
}

/// Runs edits in order; the inverse runs theirs backwards. When one is refused, those before it are taken back.
pub(super) fn run_all(session: &mut Session, edits: &[Edit], touched: &mut Touched) -> Outcome {
    let mut inverses = Vec::with_capacity(edits.len());
    for edit in edits {
        match run(session, edit, touched) {
            Ok(inverse) => inverses.push(inverse),
            Err(error) => {
                inverses.reverse();
                take_back(session, &Edit::Batch(inverses));
                return Err(error);
            }
        }
    }
    inverses.reverse();
    Ok(Edit::Batch(inverses))
}

pub(super) fn song_mut(session: &mut Session, song: SongId) -> Result<&mut Song, EditError> {
    session.songs.iter_mut().find(|found| found.id == song).ok_or(EditError::Missing("song"))
}

pub(super) fn strip_mut(session: &mut Session, song: SongId, strip: StripId) -> Result<&mut Strip, EditError> {
    check::strip_of_mut(song_mut(session, song)?, strip)
}
