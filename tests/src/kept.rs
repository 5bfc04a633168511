//! Songs whose audio lies both in a store, where the product's tools render it, and in memory, from where the tests render it.

use media::assistant::assist;
use media::import::import_planes;
use media::store::{MemoryFiles, Store, now};
use session::Edit;
use session::assist::ledger::Ledger;
use session::compile::Purpose;
use session::model::{Clip, Session, Song, SongId, Source, Strip};
use session::worker::Order;

use crate::render::{MemorySamples, Pace, render_to_memory};

/// See the module's text.
pub struct Kept {
    /// The store.
    pub store: Store<MemoryFiles>,
    /// The session.
    pub session: Session,
    /// Its song.
    pub song: SongId,
    /// The same audio in memory.
    pub samples: MemorySamples,
}

impl Kept {
    /// A song of the Master room with nothing in its chain.
    pub fn stereo(planes: [Vec<f32>; 2], rate_hz: u32) -> Self {
        let mut kept = Self::empty();
        let source = kept.keep("Song.wav", planes.to_vec(), rate_hz);
        kept.add(Song::stereo(&mut kept.session.ids(), "Song", rate_hz, &source));
        kept
    }

    /// A mix with a track at unity for each stem.
    pub fn mix(stems: Vec<(String, Vec<Vec<f32>>)>, rate_hz: u32) -> Self {
        let mut kept = Self::empty();
        let named: Vec<(String, Source)> =
            stems.into_iter().map(|(name, planes)| (name.clone(), kept.keep(&name, planes, rate_hz))).collect();
        let mut ids = kept.session.ids();
        let mut song = Song::mix(&mut ids, "Mix", rate_hz);
        for (at, (name, source)) in named.into_iter().enumerate() {
            let mut strip = Strip::audio(&mut ids, name, 1);
            strip.clips = vec![Clip::whole(&mut ids, &source, rate_hz, 0)];
            song.strips.insert(at, strip);
        }
        kept.add(song);
        kept
    }

    /// The demo song with all of its stems.
    pub fn demo() -> Self {
        let mut kept = Self::empty();
        let stems = media::demo::STEMS.iter().map(|stem| kept.keep(stem.name, (stem.render)(), media::demo::score::RATE_HZ));
        let sources: Vec<Source> = stems.collect();
        let names: Vec<_> = sources.iter().map(|source| (source.hash.clone(), kept.samples.0.remove(&source.id))).collect();
        kept.session = media::demo::session("0".repeat(32), sources);
        kept.song = kept.session.songs[0].id;
        for source in &kept.session.sources {
            let planes = names.iter().find(|(hash, _)| *hash == source.hash).and_then(|(_, planes)| planes.clone());
            kept.samples.0.extend(planes.map(|planes| (source.id, planes)));
        }
        kept
    }

    fn empty() -> Self {
        let store = now(Store::open(MemoryFiles::default(), "t")).expect("a store");
        Self { store, session: Session::new("0".repeat(32), "Kept"), song: SongId(0), samples: MemorySamples::default() }
    }

    fn keep(&mut self, name: &str, planes: Vec<Vec<f32>>, rate_hz: u32) -> Source {
        let imported = now(import_planes(planes.clone(), name, rate_hz, None, &mut self.store, |_| true)).expect("stored");
        let source = imported.into_source(self.session.ids().source());
        self.samples.0.insert(source.id, planes);
        self.session.apply(&Edit::AddSource { at: usize::MAX, source: source.clone() }).expect("a source");
        source
    }

    fn add(&mut self, song: Song) {
        self.song = song.id;
        self.session.apply(&Edit::AddSong { at: 0, song: Box::new(song) }).expect("a song");
    }

    /// The assistant's ledger for it.
    pub fn assist(&mut self, order: &Order) -> Ledger {
        now(assist(&self.session, order, &mut self.store, |_| true)).expect("a ledger")
    }

    /// The song as a state of the session has it, rendered as an export is.
    pub fn render(&mut self, session: &Session) -> [Vec<f32>; 2] {
        let song = session.song(self.song).expect("the song");
        render_to_memory((session, song, song.whole()), Purpose::Export, &mut self.samples, Pace::default()).expect("a render")
    }
}
