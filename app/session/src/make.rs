//! New sessions, songs, strips and what stands on them, at their defaults.

use std::collections::BTreeMap;

use dsp::protocol::{InsertId, SendId, StripId, StripKind};

use crate::edit::Edit;
use crate::model::{
    Clip, ClipId, Cycle, FORMAT, FORMAT_VERSION, Fade, Insert, Look, MarkerId, Send, Session, Song, SongId, SongKind, Source, SourceId,
    Strip, Tempo, Values, Versions,
};
use crate::worker::Imported;

/// Gives ids that the session has not given yet. An id counts as given when an edit that carries it has been applied, so all new
/// things of one edit take their ids from one of these.
#[derive(Clone, Debug)]
pub struct Ids(u32);

impl Ids {
    fn next(&mut self) -> u32 {
        let id = self.0;
        self.0 = self.0.saturating_add(1);
        id
    }

    /// For a new song.
    pub fn song(&mut self) -> SongId {
        SongId(self.next())
    }

    /// For a new source.
    pub fn source(&mut self) -> SourceId {
        SourceId(self.next())
    }

    /// For a new strip.
    pub fn strip(&mut self) -> StripId {
        StripId(self.next())
    }

    /// For a new clip.
    pub fn clip(&mut self) -> ClipId {
        ClipId(self.next())
    }

    /// For a new insert.
    pub fn insert(&mut self) -> InsertId {
        InsertId(self.next())
    }

    /// For a new send.
    pub fn send(&mut self) -> SendId {
        SendId(self.next())
    }

    /// For a new marker.
    pub fn marker(&mut self) -> MarkerId {
        MarkerId(self.next())
    }
}

impl Imported {
    /// The source that it is in a session, and the edit that adds it where it is new: the same audio twice is one source.
    pub fn adopted(self, session: &Session, ids: &mut Ids) -> (Source, Option<Edit>) {
        if let Some(known) = session.source_by_hash(&self.hash) {
            return (known.clone(), None);
        }
        let source = self.into_source(ids.source());
        (source.clone(), Some(Edit::AddSource { at: usize::MAX, source }))
    }
}

impl Session {
    /// An empty session. The id comes from [`Session::new_id`].
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            format: FORMAT.into(),
            version: FORMAT_VERSION,
            id: id.into(),
            name: name.into(),
            next_id: 1,
            sources: Vec::new(),
            songs: Vec::new(),
            references: Vec::new(),
            cues: BTreeMap::new(),
            album: None,
        }
    }

    /// A session's name in the store, from 128 random bits.
    pub fn new_id(random: u128) -> String {
        format!("{random:032x}")
    }

    /// Where new things take their ids from.
    pub fn ids(&self) -> Ids {
        Ids(self.next_id)
    }
}

impl Song {
    /// A song of the Mix room with nothing but its master.
    pub fn mix(ids: &mut Ids, name: impl Into<String>, rate_hz: u32) -> Self {
        Self::empty(ids, SongKind::Mix, name.into(), rate_hz)
    }

    /// A song of the Master room: one clip with all of `source`, and the master.
    pub fn stereo(ids: &mut Ids, name: impl Into<String>, rate_hz: u32, source: &Source) -> Self {
        let name = name.into();
        let mut song = Self::empty(ids, SongKind::Stereo, name.clone(), rate_hz);
        let mut strip = Strip::audio(ids, name, 0);
        strip.clips.push(Clip::whole(ids, source, rate_hz, 0));
        song.strips.insert(0, strip);
        song
    }

    /// A song of the Master room whose one track holds nothing yet: what plays an album.
    pub fn album(ids: &mut Ids, name: impl Into<String>, rate_hz: u32) -> Self {
        let mut song = Self::empty(ids, SongKind::Stereo, name.into(), rate_hz);
        song.strips.insert(0, Strip::audio(ids, "Songs", 0));
        song
    }

    fn empty(ids: &mut Ids, kind: SongKind, name: String, rate_hz: u32) -> Self {
        Self {
            id: ids.song(),
            kind,
            name,
            rate_hz,
            strips: vec![Strip::master(ids)],
            markers: Vec::new(),
            cycle: Cycle::default(),
            range: None,
            tempo: Tempo::default(),
            versions: Versions::default(),
        }
    }
}

impl Strip {
    fn empty(ids: &mut Ids, kind: StripKind, name: String, colour: u8) -> Self {
        Self { name, colour, ..Self::with_id(ids.strip(), kind) }
    }

    /// A nameless one.
    pub(crate) fn with_id(id: StripId, kind: StripKind) -> Self {
        Self {
            id,
            kind,
            name: String::new(),
            colour: 0,
            output: None,
            values: Values::new(),
            inserts: Vec::new(),
            sends: Vec::new(),
            clips: Vec::new(),
            lanes: Vec::new(),
            look: Look::default(),
            frozen: None,
        }
    }

    /// A track.
    pub fn audio(ids: &mut Ids, name: impl Into<String>, colour: u8) -> Self {
        Self::empty(ids, StripKind::Audio, name.into(), colour)
    }

    /// A group.
    pub fn group(ids: &mut Ids, name: impl Into<String>, colour: u8) -> Self {
        Self::empty(ids, StripKind::Group, name.into(), colour)
    }

    /// A return.
    pub fn return_(ids: &mut Ids, name: impl Into<String>, colour: u8) -> Self {
        Self::empty(ids, StripKind::Return, name.into(), colour)
    }

    /// The master.
    pub fn master(ids: &mut Ids) -> Self {
        Self::empty(ids, StripKind::Master, "Master".into(), 0)
    }
}

impl Insert {
    /// A processor at its defaults.
    pub fn new(ids: &mut Ids, processor: &str) -> Self {
        Self {
            id: ids.insert(),
            processor: processor.into(),
            version: dsp::processors::spec(processor).map_or(1, |spec| spec.version),
            values: Values::new(),
            bypassed: false,
            key: None,
            preset: None,
        }
    }
}

impl Send {
    /// A send after the fader, at its default level (silence).
    pub fn new(ids: &mut Ids, to: StripId) -> Self {
        Self { id: ids.send(), to, pre: false, values: Values::new() }
    }
}

impl Clip {
    /// All of a source, from `start` on.
    pub fn whole(ids: &mut Ids, source: &Source, rate_hz: u32, start: u64) -> Self {
        Self {
            id: ids.clip(),
            source: source.id,
            start,
            offset: 0,
            length: source.frames_at(rate_hz).max(1),
            gain_db: 0.0,
            fade_in: Fade::default(),
            fade_out: Fade::default(),
        }
    }
}
