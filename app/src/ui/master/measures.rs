//! What is known of whole files: the analyses of sources, asked of the workers once, and of songs as their masters leave the chain, true until
//! the next edit.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::analysis::Analysis;
use session::model::{SongId, SongKind};

use crate::media::Canceller;
use crate::state::Studio;

/// A song's master, and the document's revision at which it was measured.
type Measured = (u64, Arc<Analysis>);

/// See the module's text; a context of the page.
#[derive(Clone, Copy)]
pub struct Measures {
    studio: Studio,
    sources: RwSignal<HashMap<String, Option<Arc<Analysis>>>>,
    masters: RwSignal<HashMap<SongId, Measured>>,
    /// How far a measurement is, 0 to 1; `None` while none runs.
    pub progress: RwSignal<Option<f32>>,
    canceller: StoredValue<Canceller, LocalStorage>,
}

impl Measures {
    /// Nothing known.
    pub fn new(studio: Studio) -> Self {
        Self {
            studio,
            sources: RwSignal::new(HashMap::new()),
            masters: RwSignal::new(HashMap::new()),
            progress: RwSignal::new(None),
            canceller: StoredValue::new_local(Canceller::default()),
        }
    }

    /// A source's analysis, tracked; asked for when it is not here.
    pub fn source(self, hash: &str) -> Option<Arc<Analysis>> {
        if let Some(known) = self.sources.with(|known| known.get(hash).cloned()) {
            return known;
        }
        let hash = hash.to_owned();
        spawn_local(async move {
            let is_asked = self.sources.try_update(|known| known.insert(hash.clone(), None).is_some());
            if is_asked != Some(false) {
                return;
            }
            let Ok(media) = self.studio.media().await else { return };
            if let Ok(analysis) = media.analyse(&hash, |_| {}).await {
                self.sources.try_update(|known| known.insert(hash, Some(Arc::new(analysis))));
            }
        });
        None
    }

    /// The file of the song on show, where it is one file's.
    pub fn file(self) -> Option<Arc<Analysis>> {
        let song = self.studio.song_id()?;
        let hash = self.studio.session(|session| {
            let song = session.song(song).filter(|song| song.kind == SongKind::Stereo)?;
            let mut clips = song.clips().map(|(_, clip)| clip);
            let clip = clips.next().filter(|_| clips.next().is_none())?;
            session.source(clip.source).map(|source| source.hash.clone())
        });
        self.source(&hash.flatten()?)
    }

    /// The master of the song on show as it was measured since the last edit.
    pub fn master(self) -> Option<Arc<Analysis>> {
        self.studio.revision();
        let song = self.studio.song_id()?;
        let now = self.studio.document_revision();
        self.masters.with(|known| known.get(&song).filter(|(revision, _)| *revision == now).map(|(_, analysis)| analysis.clone()))
    }

    /// Keeps what a song's master measures as the document is now.
    pub fn keep(self, song: SongId, analysis: Analysis) {
        let now = self.studio.document_revision();
        self.masters.update(|known| drop(known.insert(song, (now, Arc::new(analysis)))));
    }

    /// Begins a measurement; `None` while one runs.
    pub fn begin(self) -> Option<Canceller> {
        if self.progress.get_untracked().is_some() {
            return None;
        }
        let canceller = Canceller::default();
        self.canceller.set_value(canceller.clone());
        self.progress.set(Some(0.0));
        Some(canceller)
    }

    /// Gives the measurement up.
    pub fn cancel(self) {
        self.canceller.with_value(Canceller::cancel);
    }

    /// Renders and measures the song on show.
    pub fn measure_master(self) {
        let Some(song) = self.studio.peek_song_id() else { return };
        let Some(canceller) = self.begin() else { return };
        spawn_local(async move {
            let told = move |fraction| {
                let _ = self.progress.try_set(Some(fraction));
            };
            let revision = self.studio.document_revision();
            match self.studio.measure(song, None, &canceller, told).await {
                Ok((analysis, _)) => {
                    self.masters.update(|known| drop(known.insert(song, (revision, Arc::new(analysis)))));
                    self.studio.messages.news("The master is measured.");
                }
                Err(_) if canceller.is_cancelled() => {}
                Err(sentence) => self.studio.messages.attention(sentence),
            }
            self.progress.set(None);
        });
    }
}
