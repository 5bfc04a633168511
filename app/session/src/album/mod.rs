//! An album: songs in order, played one after another by an ordinary song of the session.
//!
//! The album's song lives in the Master room. Its one track holds every song of the album as a clip with its gain, its fades and its place, and
//! its master chain is what all of them share; so engine, feeder, meters and exports know nothing of albums. Kept here is what a session lacks:
//! the order with its gaps, the loudness that a song is meant to differ by, and the anchor to which the others are brought.

pub mod cd;
pub mod cue;
pub mod edits;
pub mod layout;
pub mod level;
pub mod playback;
#[cfg(test)]
mod tests;
pub mod vinyl;

use serde::{Deserialize, Serialize};

use crate::model::{Clip, ClipId, Session, Song, SongId, Source};
use crate::rules;

/// Silence after a song that was just added: two seconds, as pressed discs have had it.
pub const USUAL_GAP_MS: i32 = 2_000;
/// Longest gap, and longest overlap as a negative one.
pub const MOST_GAP_MS: i32 = 60_000;
/// Longest fade at a song's end.
pub const MOST_FADE_MS: u32 = 60_000;
/// A song is meant to differ from the anchor by no more.
pub const MOST_OFFSET_LU: f32 = 24.0;

/// What is kept of an album beside its song.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Album {
    /// The song that plays it; its name is the album's title.
    pub song: SongId,
    /// Who plays.
    #[serde(default)]
    pub performer: String,
    /// The song to which the others are brought; `None` is the first.
    #[serde(default)]
    pub anchor: Option<ClipId>,
    /// The songs in order.
    #[serde(default)]
    pub tracks: Vec<Track>,
}

/// A song of an album.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// The clip that plays it.
    pub clip: ClipId,
    /// Its title.
    pub title: String,
    /// Silence after it; a negative one lets the next song begin over its end.
    #[serde(default)]
    pub gap_ms: i32,
    /// Fade at its start.
    #[serde(default)]
    pub fade_in_ms: u32,
    /// Fade at its end.
    #[serde(default)]
    pub fade_out_ms: u32,
    /// How much louder than the anchor it is meant to be.
    #[serde(default)]
    pub offset_lu: f32,
}

impl Track {
    /// A song with the usual gap after it.
    pub fn new(clip: ClipId, title: impl Into<String>) -> Self {
        Self { clip, title: title.into(), gap_ms: USUAL_GAP_MS, fade_in_ms: 0, fade_out_ms: 0, offset_lu: 0.0 }
    }
}

/// A song of an album with what plays it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// What the album keeps of it.
    pub track: &'a Track,
    /// Its place, gain and fades.
    pub clip: &'a Clip,
    /// Its audio.
    pub source: &'a Source,
}

/// The session's album and the song that plays it.
pub fn of(session: &Session) -> Option<(&Album, &Song)> {
    let album = session.album.as_ref()?;
    Some((album, session.song(album.song)?))
}

/// The songs of the session's album in order; those whose audio is gone are left out.
pub fn entries(session: &Session) -> Vec<Entry<'_>> {
    let Some((album, song)) = of(session) else { return Vec::new() };
    let played = album.tracks.iter().filter_map(|track| song.clip(track.clip).map(|(_, clip)| (track, clip)));
    played.filter_map(|(track, clip)| session.source(clip.source).map(|source| Entry { track, clip, source })).collect()
}

impl Album {
    /// The album of a song that plays nothing yet.
    pub fn new(song: SongId) -> Self {
        Self { song, performer: String::new(), anchor: None, tracks: Vec::new() }
    }

    /// The song to which the others are brought.
    pub fn anchor(&self) -> Option<ClipId> {
        self.anchor.or_else(|| self.tracks.first().map(|track| track.clip))
    }

    /// As it is kept: names without control characters, numbers in range, each clip once, an anchor that is there.
    pub(crate) fn tidy(&mut self) {
        self.performer = rules::tidy_name(&self.performer).unwrap_or_default();
        let mut seen = std::collections::BTreeSet::new();
        self.tracks.retain(|track| seen.insert(track.clip));
        self.anchor = self.anchor.filter(|anchor| seen.contains(anchor));
        for track in &mut self.tracks {
            track.title = rules::tidy_name(&track.title).unwrap_or_else(|| "Song".into());
            track.gap_ms = track.gap_ms.clamp(-MOST_GAP_MS, MOST_GAP_MS);
            track.fade_in_ms = track.fade_in_ms.min(MOST_FADE_MS);
            track.fade_out_ms = track.fade_out_ms.min(MOST_FADE_MS);
            let offset = if track.offset_lu.is_nan() { 0.0 } else { track.offset_lu };
            track.offset_lu = offset.clamp(-MOST_OFFSET_LU, MOST_OFFSET_LU);
        }
    }
}
