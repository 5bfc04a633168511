//! Edits: small reversible operations, the only way in which a session changes.
//!
//! [`Session::apply`] gives the edit that takes it back. It is atomic: an edit that is refused, also the last of a long
//! [`Edit::Batch`], leaves the session as it was. What must hold of a song as a whole (routing without circles, two clips at a time) is
//! asked after the whole batch, so that its steps may pass through states that could not stay.

mod album;
mod apply;
pub(crate) mod check;
mod clips;
mod inserts;
mod rate;
mod songs;
mod strips;
#[cfg(test)]
mod tests;

use dsp::protocol::{InsertId, SendId, StripId};
use serde::{Deserialize, Serialize};

use crate::album::Album;
use crate::model::{
    Clip, ClipId, Cycle, Insert, Lane, Look, Marker, Range, Send, Session, Song, SongId, Source, SourceId, Strip, Target, Tempo, Values,
    Versions,
};

/// A reversible operation. Places (`at`) further than the end mean the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are what the edit names")]
pub enum Edit {
    /// Several edits as one.
    Batch(Vec<Edit>),
    /// The session's name.
    RenameSession { name: String },
    /// A new source.
    AddSource { at: usize, source: Source },
    /// Takes a source away that no clip plays.
    RemoveSource { source: SourceId },
    /// All references.
    SetReferences { references: Vec<SourceId> },
    /// All places of a reference to listen from, seconds.
    SetCues { source: SourceId, cues_s: Vec<f64> },
    /// What is kept of the album.
    SetAlbum { album: Option<Box<Album>> },
    /// A new song.
    AddSong { at: usize, song: Box<Song> },
    /// Takes a song away.
    RemoveSong { song: SongId },
    /// Another value for the song with this id.
    PutSong { song: Box<Song> },
    /// A song's name.
    RenameSong { song: SongId, name: String },
    /// A song's rate; every position keeps its time.
    SetRate { song: SongId, rate_hz: u32 },
    /// All markers.
    SetMarkers { song: SongId, markers: Vec<Marker> },
    /// The loop.
    SetCycle { song: SongId, cycle: Cycle },
    /// Where an export of the whole song starts and ends.
    SetRange { song: SongId, range: Option<Range> },
    /// Tempo and metre.
    SetTempo { song: SongId, tempo: Tempo },
    /// The versions of the master chain that are not heard, and which is.
    SetVersions { song: SongId, versions: Versions },
    /// A new strip, before the master.
    AddStrip { song: SongId, at: usize, strip: Box<Strip> },
    /// Takes a strip away, the sends to it, and its name from outputs and keys.
    RemoveStrip { song: SongId, strip: StripId },
    /// Another place in the console.
    MoveStrip { song: SongId, strip: StripId, at: usize },
    /// A strip's name.
    SetName { song: SongId, strip: StripId, name: String },
    /// A strip's colour.
    SetColour { song: SongId, strip: StripId, colour: u8 },
    /// How a strip stands in the console.
    SetLook { song: SongId, strip: StripId, look: Look },
    /// A strip's output: a group, or the master as `None`.
    SetOutput { song: SongId, strip: StripId, output: Option<StripId> },
    /// A parameter's value, brought into its range.
    SetValue { song: SongId, strip: StripId, target: Target, value: f32 },
    /// A new insert.
    AddInsert { song: SongId, strip: StripId, at: usize, insert: Insert },
    /// Takes an insert and its lanes away.
    RemoveInsert { song: SongId, strip: StripId, insert: InsertId },
    /// Another place in the chain, or in another strip's; its lanes go with it.
    MoveInsert { song: SongId, strip: StripId, insert: InsertId, to_strip: StripId, at: usize },
    /// Bypasses an insert or not.
    SetBypass { song: SongId, strip: StripId, insert: InsertId, bypassed: bool },
    /// The strip that an insert listens to.
    SetKey { song: SongId, strip: StripId, insert: InsertId, key: Option<StripId> },
    /// All values of an insert, and the preset that they are.
    SetInsertValues { song: SongId, strip: StripId, insert: InsertId, values: Values, preset: Option<String> },
    /// A new send.
    AddSend { song: SongId, strip: StripId, at: usize, send: Send },
    /// Takes a send and its lanes away.
    RemoveSend { song: SongId, strip: StripId, send: SendId },
    /// Before or after the fader.
    SetSendPre { song: SongId, strip: StripId, send: SendId, pre: bool },
    /// Where a send goes.
    SetSendTo { song: SongId, strip: StripId, send: SendId, to: StripId },
    /// A new clip.
    AddClip { song: SongId, strip: StripId, clip: Clip },
    /// Takes a clip away.
    RemoveClip { song: SongId, strip: StripId, clip: ClipId },
    /// Another value for the clip with this id.
    SetClip { song: SongId, strip: StripId, clip: Clip },
    /// A parameter's automation; `None` takes it away.
    SetLane { song: SongId, strip: StripId, target: Target, lane: Option<Lane> },
}

/// Why an edit was refused, as a sentence.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EditError {
    /// It names something that the session does not have.
    #[error("The {0} is no longer in the session.")]
    Missing(&'static str),
    /// It brings an id that is in use.
    #[error("The new {0} has an id that is already in use.")]
    IdTaken(&'static str),
    /// The routing would run in a circle.
    #[error("The sound would run in a circle: {path}.")]
    Loop {
        /// Names along the circle, with arrows.
        path: String,
    },
    /// Three clips at once on a track.
    #[error("Three clips would overlap on {track}; a track plays two at a time.")]
    ThirdOverlap {
        /// The track's name.
        track: String,
    },
    /// Audio that a clip asks for lies outside its source.
    #[error("The clip would reach past the end of {source_name}.")]
    OutsideSource {
        /// The source's file name.
        source_name: String,
    },
    /// A source that is played cannot go.
    #[error("{source_name} is still played by a clip.")]
    SourceInUse {
        /// The source's file name.
        source_name: String,
    },
    /// The clip of a frozen track.
    #[error("{track} is frozen. Thaw it to edit its clips.")]
    Frozen {
        /// The track's name.
        track: String,
    },
    /// One strip cannot feed another of this kind.
    #[error("{from} cannot go to {to}.")]
    BadRoute {
        /// Where from.
        from: String,
        /// Where to.
        to: String,
    },
    /// Anything else, as a sentence.
    #[error("{0}")]
    Refused(&'static str),
}

impl Edit {
    /// The song that the edit concerns; `None` for the whole session's and for batches over several songs.
    pub fn song(&self) -> Option<SongId> {
        match self {
            Self::Batch(edits) => {
                let mut songs = edits.iter().map(Self::song);
                let first = songs.next()??;
                songs.all(|song| song == Some(first)).then_some(first)
            }
            Self::RenameSession { .. }
            | Self::AddSource { .. }
            | Self::RemoveSource { .. }
            | Self::SetReferences { .. }
            | Self::SetCues { .. }
            | Self::SetAlbum { .. } => None,
            Self::AddSong { song, .. } | Self::PutSong { song } => Some(song.id),
            Self::RemoveSong { song }
            | Self::RenameSong { song, .. }
            | Self::SetRate { song, .. }
            | Self::SetMarkers { song, .. }
            | Self::SetCycle { song, .. }
            | Self::SetRange { song, .. }
            | Self::SetTempo { song, .. }
            | Self::SetVersions { song, .. }
            | Self::AddStrip { song, .. }
            | Self::RemoveStrip { song, .. }
            | Self::MoveStrip { song, .. }
            | Self::SetName { song, .. }
            | Self::SetColour { song, .. }
            | Self::SetLook { song, .. }
            | Self::SetOutput { song, .. }
            | Self::SetValue { song, .. }
            | Self::AddInsert { song, .. }
            | Self::RemoveInsert { song, .. }
            | Self::MoveInsert { song, .. }
            | Self::SetBypass { song, .. }
            | Self::SetKey { song, .. }
            | Self::SetInsertValues { song, .. }
            | Self::AddSend { song, .. }
            | Self::RemoveSend { song, .. }
            | Self::SetSendPre { song, .. }
            | Self::SetSendTo { song, .. }
            | Self::AddClip { song, .. }
            | Self::RemoveClip { song, .. }
            | Self::SetClip { song, .. }
            | Self::SetLane { song, .. } => Some(*song),
        }
    }
}

impl Session {
    /// Applies an edit and gives the edit that takes it back.
    ///
    /// # Errors
    /// Why it was refused; the session is then as it was.
    pub fn apply(&mut self, edit: &Edit) -> Result<Edit, EditError> {
        apply::apply(self, edit)
    }
}
