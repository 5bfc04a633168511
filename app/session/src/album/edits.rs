//! What is done to an album, as edits of the session: each lays the songs out anew.

use super::{Album, Track, layout, of};
use crate::edit::Edit;
use crate::model::{Clip, ClipId, Session, Song};
use crate::worker::Imported;

/// A song of the album and the clip that plays it, while the album is changed.
#[derive(Clone, Debug)]
pub struct Piece {
    /// What the album keeps.
    pub track: Track,
    /// What is played.
    pub clip: Clip,
}

/// The edit that begins an album; nothing is in it.
pub fn begin(session: &Session, title: &str, rate_hz: u32) -> Edit {
    let song = Song::album(&mut session.ids(), title, rate_hz);
    let album = Album::new(song.id);
    Edit::Batch(vec![Edit::AddSong { at: usize::MAX, song: Box::new(song) }, Edit::SetAlbum { album: Some(Box::new(album)) }])
}

/// The edit that adds a file as a song, before the one at a place. The first one decides the album's rate.
pub fn add(session: &Session, imported: Imported, at: usize) -> Edit {
    let mut ids = session.ids();
    let title = crate::guess::song_name(&imported.file_name);
    let rate_hz = imported.rate_hz;
    let (source, adopt) = imported.adopted(session, &mut ids);
    let mut edits: Vec<Edit> = adopt.into_iter().collect();
    let (album, song, is_new) = match of(session) {
        Some((album, song)) => (album.clone(), song.clone(), false),
        None => {
            let song = Song::album(&mut ids, session.name.clone(), rate_hz);
            (Album::new(song.id), song, true)
        }
    };
    let clip = Clip::whole(&mut ids, &source, song.rate_hz, 0);
    let mut pieces = pieces(&album, &song);
    pieces.insert(at.min(pieces.len()), Piece { track: Track::new(clip.id, title), clip });
    edits.extend(put(album, song, pieces, is_new));
    Edit::Batch(edits)
}

/// The edit that changes the songs as `how` does; `None` without an album, or when nothing has changed.
pub fn change(session: &Session, how: impl FnOnce(&mut Vec<Piece>)) -> Option<Edit> {
    let (album, song) = of(session)?;
    let mut changed = pieces(album, song);
    how(&mut changed);
    let edits = put(album.clone(), song.clone(), changed, false);
    let is_same = |edit: &Edit| match edit {
        Edit::PutSong { song: put } => **put == *song,
        Edit::SetAlbum { album: set } => set.as_deref() == Some(album),
        _ => false,
    };
    if edits.iter().all(is_same) { None } else { Some(Edit::Batch(edits)) }
}

/// The edit that takes a song out; its audio stays in the session.
pub fn remove(session: &Session, clip: ClipId) -> Option<Edit> {
    change(session, |pieces| pieces.retain(|piece| piece.clip.id != clip))
}

/// The edit that moves a song to another place in the order.
pub fn move_to(session: &Session, clip: ClipId, to: usize) -> Option<Edit> {
    change(session, |pieces| {
        if let Some(from) = pieces.iter().position(|piece| piece.clip.id == clip) {
            let piece = pieces.remove(from);
            pieces.insert(to.min(pieces.len()), piece);
        }
    })
}

/// The edit that changes one song.
pub fn change_one(session: &Session, clip: ClipId, how: impl FnOnce(&mut Piece)) -> Option<Edit> {
    change(session, |pieces| {
        if let Some(piece) = pieces.iter_mut().find(|piece| piece.clip.id == clip) {
            how(piece);
        }
    })
}

/// The edit that gives songs their gains.
pub fn set_gains(session: &Session, gains_db: &[(ClipId, f64)]) -> Option<Edit> {
    change(session, |pieces| {
        for piece in pieces {
            if let Some((_, gain_db)) = gains_db.iter().find(|(clip, _)| *clip == piece.clip.id) {
                piece.clip.gain_db = *gain_db as f32;
            }
        }
    })
}

/// The edit that changes what is kept beside the songs: the anchor, who plays.
pub fn change_album(session: &Session, how: impl FnOnce(&mut Album)) -> Option<Edit> {
    let (album, _) = of(session)?;
    let mut changed = album.clone();
    how(&mut changed);
    (changed != *album).then(|| Edit::SetAlbum { album: Some(Box::new(changed)) })
}

fn pieces(album: &Album, song: &Song) -> Vec<Piece> {
    let piece = |track: &Track| song.clip(track.clip).map(|(_, clip)| Piece { track: track.clone(), clip: clip.clone() });
    album.tracks.iter().filter_map(piece).collect()
}

fn put(mut album: Album, mut song: Song, pieces: Vec<Piece>, is_new: bool) -> Vec<Edit> {
    let (tracks, mut clips): (Vec<Track>, Vec<Clip>) = pieces.into_iter().map(|piece| (piece.track, piece.clip)).unzip();
    album.tracks = tracks;
    album.tidy();
    layout::lay_out(&album.tracks, &mut clips, song.rate_hz);
    clips.iter_mut().for_each(crate::rules::tidy_clip);
    if let Some(strip) = song.strips.first_mut() {
        strip.clips = clips;
    }
    let song = Box::new(song);
    let first = if is_new { Edit::AddSong { at: usize::MAX, song } } else { Edit::PutSong { song } };
    vec![first, Edit::SetAlbum { album: Some(Box::new(album)) }]
}
