//! Edits of the album.

use super::apply::Outcome;
use super::{Edit, EditError};
use crate::album::Album;
use crate::model::{Session, SongKind};

/// What it says of clips is asked nowhere: a song whose clip is gone is not in the album until the clip is back.
pub(super) fn set(session: &mut Session, album: Option<&Album>) -> Outcome {
    let mut next = album.cloned();
    if let Some(album) = &mut next {
        let song = session.song(album.song).ok_or(EditError::Missing("song"))?;
        if song.kind != SongKind::Stereo {
            return Err(EditError::Refused("An album is played in the Master room."));
        }
        album.tidy();
    }
    Ok(Edit::SetAlbum { album: std::mem::replace(&mut session.album, next).map(Box::new) })
}
