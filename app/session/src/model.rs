//! What a session is: sources of audio, and songs made of strips.
//!
//! Values are in plain units (dB, Hz, ms, %) by the permanent ids of their declarations, positions are frames at the song's rate. Ids are
//! unique within the session and never given twice. Parameters at their defaults need not be written.

use std::collections::BTreeMap;
use std::sync::Arc;

use dsp::protocol::{FadeCurve, InsertId, LanePoint, SendId, StripId, StripKind};
use serde::{Deserialize, Serialize};

/// What the file says it is.
pub const FORMAT: &str = "headroom-session";
/// Raised when the file's meaning changes; older ones are migrated, newer ones are refused with a sentence.
pub const FORMAT_VERSION: u32 = 1;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);
    )*};
}

ids! {
    /// A song of the session.
    SongId,
    /// A source of audio.
    SourceId,
    /// A clip.
    ClipId,
    /// A marker.
    MarkerId
}

/// Values of a declaration's parameters by their permanent ids; absent ones are at their defaults. Ids that this version does not know
/// are kept.
pub type Values = BTreeMap<String, f32>;

/// Everything that one session file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// [`FORMAT`].
    pub format: String,
    /// [`FORMAT_VERSION`] of the program that wrote it.
    pub version: u32,
    /// Names it in this browser's store: 32 hexadecimal digits, given when it is made.
    pub id: String,
    /// Name on screen.
    pub name: String,
    /// The next id to be given to anything.
    pub next_id: u32,
    /// The audio that clips refer to.
    pub sources: Vec<Source>,
    /// The songs: at most one of kind [`SongKind::Mix`], and the stereo files of the Master room.
    pub songs: Vec<Song>,
    /// Sources that are only listened to beside the songs, in the order of their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<SourceId>,
    /// Places of references to listen from, seconds, in order.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cues: BTreeMap<SourceId, Vec<f64>>,
    /// What is kept of the album that one of the songs plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub album: Option<crate::album::Album>,
}

/// How a source's samples are kept in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleFormat {
    /// 16-bit integers, n / 2^15.
    I16,
    /// 24-bit integers, n / 2^23.
    I24,
    /// 32-bit floats.
    F32,
}

/// A piece of imported audio. The store keeps its samples by content hash, once, at its own rate and width, and a resampled twin for each
/// song rate that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// SHA-256 of its samples as stored, with rate, channels and format, in hexadecimal: the name in the store.
    pub hash: String,
    /// The name of the file that it came from, as text.
    pub file_name: String,
    /// Its own rate.
    pub rate_hz: u32,
    /// 1 or 2; more are folded down at import.
    pub channels: u16,
    /// Its own length in frames at its own rate.
    pub frames: u64,
    /// How it is kept.
    pub format: SampleFormat,
    /// What was found or mended at import, each a sentence ("The file is cut short: 0:12 of 0:20 could be read.").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Broadcast Wave time reference in frames at its own rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_reference: Option<u64>,
}

/// In which room a song lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SongKind {
    /// Stems in the Mix room, whose master strip is also heard in the Master room.
    Mix,
    /// One finished stereo file in the Master room: one audio strip and the master.
    Stereo,
}

/// A song: what one engine plays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Song {
    /// Its id.
    pub id: SongId,
    /// Its kind.
    pub kind: SongKind,
    /// Name on screen.
    pub name: String,
    /// Rate at which it is played and exported.
    pub rate_hz: u32,
    /// Strips in console order; exactly one master, the last.
    pub strips: Vec<Strip>,
    /// Markers in order of their frames.
    #[serde(default)]
    pub markers: Vec<Marker>,
    /// The loop.
    #[serde(default)]
    pub cycle: Cycle,
    /// Where an export of the whole song starts and ends; `None` is from 0 to the last clip's end.
    #[serde(default)]
    pub range: Option<Range>,
    /// Tempo and metre of the ruler.
    #[serde(default)]
    pub tempo: Tempo,
    /// The versions of the master chain that are not heard.
    #[serde(default, skip_serializing_if = "Versions::is_single")]
    pub versions: Versions,
}

/// Versions A to D of a master chain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Versions {
    /// The one that the master strip holds, 0 to 3.
    pub current: u8,
    /// The others that there are.
    #[serde(default)]
    pub others: BTreeMap<u8, Chain>,
}

impl Versions {
    /// Whether there is no other than A.
    pub fn is_single(&self) -> bool {
        self.current == 0 && self.others.is_empty()
    }
}

/// What belongs to a version of a master chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// The inserts, with ids that the session has given.
    #[serde(default)]
    pub inserts: Vec<Insert>,
    /// Their automation.
    #[serde(default)]
    pub lanes: Vec<Lane>,
    /// The fader.
    #[serde(default)]
    pub volume_db: f32,
}

/// A stretch of the timeline, `start < end`, in frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// First frame.
    pub start: u64,
    /// Frame after the last.
    pub end: u64,
}

/// The loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycle {
    /// Whether playing turns back at its end.
    pub enabled: bool,
    /// What is repeated; `None` is the whole song.
    pub range: Option<Range>,
}

/// Tempo and metre.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tempo {
    /// Quarter notes per minute, 20 to 400.
    pub bpm: f32,
    /// Beats in a bar.
    pub beats: u8,
    /// The note that is one beat (4 is a quarter).
    pub beat_unit: u8,
}

impl Default for Tempo {
    fn default() -> Self {
        Self { bpm: 120.0, beats: 4, beat_unit: 4 }
    }
}

/// A named place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    /// Its id.
    pub id: MarkerId,
    /// Where.
    pub frame: u64,
    /// Name on screen.
    pub name: String,
}

/// A mixer channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strip {
    /// Its id.
    pub id: StripId,
    /// What feeds it.
    pub kind: StripKind,
    /// Name on screen; the group's accessible name.
    pub name: String,
    /// Track colour 1 to 12 of the design, 0 for none.
    pub colour: u8,
    /// The group that it goes to; `None` is the master (the master itself has none either).
    #[serde(default)]
    pub output: Option<StripId>,
    /// Values of [`dsp::engine::STRIP_PARAMS`].
    #[serde(default)]
    pub values: Values,
    /// The chain.
    #[serde(default)]
    pub inserts: Vec<Insert>,
    /// The sends.
    #[serde(default)]
    pub sends: Vec<Send>,
    /// An audio strip's clips, in order of their starts.
    #[serde(default)]
    pub clips: Vec<Clip>,
    /// Automation of the strip, its inserts and its sends.
    #[serde(default)]
    pub lanes: Vec<Lane>,
    /// How it stands in the console.
    #[serde(default, skip_serializing_if = "Look::is_plain")]
    pub look: Look,
    /// What a frozen track was before; it plays the render of that as its one clip. See [`crate::freeze`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<Box<Frozen>>,
}

/// How wide a strip stands in the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StripWidth {
    /// As narrow as its controls allow.
    Narrow,
    /// As the window gives.
    #[default]
    Normal,
    /// With room for names.
    Wide,
}

/// How a strip stands in the console, and what was noted about it: nothing of it is heard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Its width.
    #[serde(default)]
    pub width: StripWidth,
    /// Not shown, in the console and among the tracks.
    #[serde(default)]
    pub hidden: bool,
    /// What goes into it is not shown.
    #[serde(default)]
    pub folded: bool,
    /// Faders with the same number move together; 0 is none.
    #[serde(default)]
    pub link: u8,
    /// What was noted, as text.
    #[serde(default)]
    pub note: String,
}

impl Look {
    fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// What stands before the fader of a frozen track, put aside until it is thawed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frozen {
    /// Its clips.
    #[serde(default)]
    pub clips: Vec<Clip>,
    /// Its chain.
    #[serde(default)]
    pub inserts: Vec<Insert>,
    /// Its trim and polarity.
    #[serde(default)]
    pub values: Values,
    /// The automation of all that.
    #[serde(default)]
    pub lanes: Vec<Lane>,
}

/// A processor in a strip's chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Insert {
    /// Its id.
    pub id: InsertId,
    /// The processor's permanent id; an unknown one is kept, named and passed through.
    pub processor: String,
    /// The declaration's version that the values were made for.
    pub version: u32,
    /// Values.
    #[serde(default)]
    pub values: Values,
    /// Whether it is bypassed.
    #[serde(default)]
    pub bypassed: bool,
    /// The strip that it listens to.
    #[serde(default)]
    pub key: Option<StripId>,
    /// The preset that was chosen last.
    #[serde(default)]
    pub preset: Option<String>,
}

/// A tap from a strip to a return or group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Send {
    /// Its id.
    pub id: SendId,
    /// Where it goes.
    pub to: StripId,
    /// Before the fader.
    #[serde(default)]
    pub pre: bool,
    /// Values of [`dsp::engine::SEND_PARAMS`].
    #[serde(default)]
    pub values: Values,
}

/// A fade at a clip's end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fade {
    /// Length in frames.
    pub frames: u32,
    /// Shape.
    pub curve: FadeCurve,
}

/// A stretch of a source on a track's timeline. Two clips may overlap (a cross-fade), three may not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clip {
    /// Its id.
    pub id: ClipId,
    /// Its audio.
    pub source: SourceId,
    /// Timeline frame of its first sample.
    pub start: u64,
    /// First frame of the source that is heard, at the song's rate.
    pub offset: u64,
    /// Length in frames, at least 1.
    pub length: u64,
    /// Gain in dB, −144 to 24.
    #[serde(default)]
    pub gain_db: f32,
    /// Fade at its start.
    #[serde(default)]
    pub fade_in: Fade,
    /// Fade at its end.
    #[serde(default)]
    pub fade_out: Fade,
}

/// Which parameter of a strip (or of what stands on it) is meant, by permanent id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// One of [`dsp::engine::STRIP_PARAMS`].
    Strip(String),
    /// A parameter of an insert.
    Insert(InsertId, String),
    /// One of [`dsp::engine::SEND_PARAMS`].
    Send(SendId, String),
}

/// A parameter's automation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// Which parameter of the strip that holds the lane.
    pub target: Target,
    /// Whether it is read.
    pub enabled: bool,
    /// Its points in order of their frames, shared so that a copy of the document is cheap.
    pub points: Arc<Vec<LanePoint>>,
}
