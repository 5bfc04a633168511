//! A song that is surveyed, edited and surveyed again.

use media::demo::{STEMS, score};
use media::import::import_planes;
use media::store::{MemoryFiles, Store, now};
use media::survey::survey;
use session::model::{Clip, Range, Session, Song, SongId, SourceId, Strip, Target};
use session::survey::Survey;
use session::{Document, Edit};

use crate::support::store;

pub const RATE_HZ: u32 = 48_000;
pub const FRAMES: usize = 3 * RATE_HZ as usize;

/// A song of these tracks in a store of its own.
pub struct Studio {
    pub store: Store<MemoryFiles>,
    pub document: Document,
    pub song: SongId,
}

impl Studio {
    pub fn new(tracks: Vec<(&str, Vec<Vec<f32>>)>) -> Self {
        let (mut store, mut session) = (store(), Session::new("0".repeat(32), "S"));
        let mut ids = session.ids();
        let mut song = Song::mix(&mut ids, "Mix", RATE_HZ);
        for (at, (name, planes)) in tracks.into_iter().enumerate() {
            let imported = now(import_planes(planes, &format!("{name}.wav"), RATE_HZ, None, &mut store, |_| true)).expect("stored");
            let source = imported.into_source(ids.source());
            let mut strip = Strip::audio(&mut ids, name, 1);
            strip.clips.push(Clip::whole(&mut ids, &source, RATE_HZ, 0));
            song.strips.insert(at, strip);
            session.apply(&Edit::AddSource { at: usize::MAX, source }).expect("a source");
        }
        let id = song.id;
        session.apply(&Edit::AddSong { at: 0, song: Box::new(song) }).expect("a song");
        Self { store, document: Document::new(session), song: id }
    }

    /// The demo song with all of its stems.
    pub fn demo() -> Self {
        let mut store = store();
        let sources = STEMS.iter().map(|stem| {
            let imported = now(import_planes((stem.render)(), stem.name, score::RATE_HZ, None, &mut store, |_| true)).expect("stored");
            imported.into_source(SourceId(0))
        });
        let session = media::demo::session("0".repeat(32), sources.collect());
        let song = session.songs[0].id;
        Self { store, document: Document::new(session), song }
    }

    pub fn edit(&mut self, edit: Edit) {
        self.document.dispatch("Edit", edit).expect("an edit that fits");
    }

    pub fn strip(&self, name: &str) -> Strip {
        self.document.session().song(self.song).expect("the song").strips.iter().find(|strip| strip.name == name).expect("a strip").clone()
    }

    pub fn set(&mut self, name: &str, id: &str, value: f32) {
        let strip = self.strip(name).id;
        self.edit(Edit::SetValue { song: self.song, strip, target: Target::Strip(id.into()), value });
    }

    pub fn survey(&mut self) -> Survey {
        now(survey(self.document.session(), self.song, None, &mut self.store, |_| true)).expect("a survey")
    }

    /// Of some seconds.
    pub fn survey_of(&mut self, seconds: std::ops::Range<u64>) -> Survey {
        let rate_hz = u64::from(self.document.session().song(self.song).expect("the song").rate_hz);
        let range = Range { start: seconds.start * rate_hz, end: seconds.end * rate_hz };
        now(survey(self.document.session(), self.song, Some(range), &mut self.store, |_| true)).expect("a survey")
    }
}
