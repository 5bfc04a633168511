//! What the feeder must know of a song: which frames of which source stand where. It travels to the worker in postcard.

use dsp::protocol::{StripId, StripKind};
use serde::{Deserialize, Serialize};

use crate::compile::{self, Purpose};
use crate::freeze;
use crate::model::{Clip, Range, SampleFormat, Session, Song, SourceId};
use crate::rules;

/// What the feeder must know of a song.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedPlan {
    /// The song's rate: sources of another rate are read from their twins at this one.
    pub rate_hz: u32,
    /// What playing repeats.
    pub cycle: Option<Range>,
    /// The song's tracks.
    pub tracks: Vec<TrackPlan>,
    /// The sources that they play.
    pub sources: Vec<PlannedSource>,
}

/// A source, as the store knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedSource {
    /// Its id.
    pub id: SourceId,
    /// Its name in the store.
    pub hash: String,
    /// The name of the file that it came from, for messages.
    pub file_name: String,
    /// Its own rate.
    pub rate_hz: u32,
    /// 1 or 2.
    pub channels: u16,
    /// Its own length in frames at its own rate.
    pub frames: u64,
    /// How it is kept.
    pub format: SampleFormat,
}

/// A track's clips.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrackPlan {
    /// Its strip.
    pub strip: StripId,
    /// See [`compile::revision`].
    pub revision: u32,
    /// What each of the player's lanes carries, ordered, without overlaps.
    pub lanes: [Vec<Placement>; 2],
}

/// Where a stretch of a source stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// First frame on the timeline.
    pub start: u64,
    /// Length in frames.
    pub length: u64,
    /// First frame of the source, at the song's rate.
    pub offset: u64,
    /// The source.
    pub source: SourceId,
    /// Whether it has two channels.
    pub is_stereo: bool,
}

impl FeedPlan {
    /// The plan of a song that is played for this purpose.
    pub fn from_song(session: &Session, song: &Song, purpose: Purpose) -> Self {
        let played = freeze::played(song, purpose);
        let audio = played.strips_of(StripKind::Audio);
        let tracks = audio.map(|strip| TrackPlan::of(session, strip.id, &strip.clips)).collect();
        let is_played = |id| song.clips().any(|(_, clip)| clip.source == id);
        let sources = session.sources.iter().filter(|source| is_played(source.id));
        let sources = sources.map(|source| PlannedSource {
            id: source.id,
            hash: source.hash.clone(),
            file_name: source.file_name.clone(),
            rate_hz: source.rate_hz,
            channels: source.channels,
            frames: source.frames,
            format: source.format,
        });
        Self { rate_hz: song.rate_hz, cycle: song.cycle_range(), sources: sources.collect(), tracks }
    }
}

impl TrackPlan {
    /// A track on which nothing stands.
    pub(super) fn empty(strip: StripId) -> Self {
        Self { strip, revision: compile::revision(&[]), lanes: [Vec::new(), Vec::new()] }
    }

    fn of(session: &Session, strip: StripId, clips: &[Clip]) -> Self {
        let fitting = rules::lanes_of(clips).map_or_else(|third| &clips[..third], |_| clips);
        let mut lanes = [Vec::new(), Vec::new()];
        for (clip, play) in fitting.iter().zip(compile::clip_plays(fitting)) {
            lanes[usize::from(play.lane)].push(Placement {
                start: clip.start,
                length: clip.length,
                offset: clip.offset,
                source: clip.source,
                is_stereo: session.source(clip.source).is_some_and(|source| source.channels == 2),
            });
        }
        Self { strip, revision: compile::revision(clips), lanes }
    }
}
