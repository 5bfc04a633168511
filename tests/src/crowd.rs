//! A song of many stereo tracks, as long as is wanted, laid out from a few short sources.

use std::collections::BTreeMap;

use session::Edit;
use session::model::{Clip, Insert, Session, Song, SongId, SourceId, Strip};

use crate::example::{source, strokes};
use crate::render::MemorySamples;

/// The sources, and the length of each.
const SOURCES: u32 = 3;
const SOURCE_SECONDS: u32 = 10;
/// A fader at which so many tracks of noise stay below full scale.
const VOLUME_DB: f32 = -24.0;

/// What is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Crowd<'a> {
    /// Rate of song and sources.
    pub rate_hz: u32,
    /// Stereo tracks that sound from the first frame to the last.
    pub tracks: usize,
    /// The song's length.
    pub seconds: u32,
    /// The processors in each track's chain, at their defaults.
    pub chain: &'a [&'a str],
}

impl Crowd<'_> {
    /// The session, its song, and its audio. After the tracks stands one without clips, called "Empty".
    pub fn make(self) -> (Session, SongId, MemorySamples) {
        let frames = (self.rate_hz * SOURCE_SECONDS) as usize;
        let ids: Vec<SourceId> = (1..=SOURCES).map(SourceId).collect();
        let planes = |id: &SourceId| {
            let stroke = |side: u32| strokes(2 * id.0 + side, frames, self.rate_hz as usize / (2 + id.0 as usize));
            (*id, vec![stroke(0), stroke(1)])
        };
        let samples = MemorySamples(ids.iter().map(planes).collect::<BTreeMap<_, _>>());
        let mut session = Session::new(Session::new_id(2), "Crowd");
        session.next_id = SOURCES + 1;
        let song = self.song(&session, &ids);
        let id = song.id;
        let sources = ids.iter().enumerate().map(|(at, id)| Edit::AddSource { at, source: source(*id, 2, self.rate_hz, SOURCE_SECONDS) });
        let edits = sources.chain([Edit::AddSong { at: 0, song: Box::new(song) }]).collect();
        session.apply(&Edit::Batch(edits)).expect("a valid song");
        (session, id, samples)
    }

    fn song(self, session: &Session, sources: &[SourceId]) -> Song {
        let mut ids = session.ids();
        let mut song = Song::mix(&mut ids, "Crowd", self.rate_hz);
        let length = u64::from(self.rate_hz * SOURCE_SECONDS);
        let clips = self.seconds.div_ceil(SOURCE_SECONDS) as usize;
        let mut tracks: Vec<Strip> = (0..self.tracks).map(|at| Strip::audio(&mut ids, format!("Track {}", at + 1), 1)).collect();
        for (at, track) in tracks.iter_mut().enumerate() {
            track.values.insert("volume".into(), VOLUME_DB);
            track.inserts = self.chain.iter().map(|processor| Insert::new(&mut ids, processor)).collect();
            let clip = |turn: usize| Clip {
                id: ids.clip(),
                source: sources[(at + turn) % sources.len()],
                start: turn as u64 * length,
                offset: 0,
                length,
                gain_db: 0.0,
                fade_in: Default::default(),
                fade_out: Default::default(),
            };
            track.clips = (0..clips).map(clip).collect();
        }
        tracks.push(Strip::audio(&mut ids, "Empty", 2));
        song.strips.splice(0..0, tracks);
        song
    }
}
