//! The release check: the master sent through one of the browser's codecs, and what becomes of it; kept while the page is open.

use std::sync::Arc;

use dsp::units::db_to_gain;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::codec::{AAC, CODECS, Checked, Codec};
use session::model::{Session, SongId};
use session::target::{self, Setting};
use web_sys::{File, FilePropertyBag};

use super::in_step::InStep;
use crate::audio::Pair;
use crate::media::{Canceller, MediaError};
use crate::state::{Studio, download};

/// A check, and the document that it is of.
#[derive(Clone)]
struct Made {
    revision: u64,
    song: SongId,
    checked: Arc<Checked>,
    has_file: bool,
}

/// What is heard of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The master as it was rendered.
    Master,
    /// What the decoder gives, as loud.
    Decoded,
    /// The one less the other.
    Change,
}

/// See the module's text.
#[derive(Clone, Copy)]
pub struct Release {
    /// Whose songs.
    pub studio: Studio,
    in_step: InStep,
    /// Id of the codec.
    pub codec: RwSignal<String>,
    /// Which of the codecs the browser has, once it was asked.
    pub supported: RwSignal<Option<Vec<bool>>>,
    /// How far the check is, 0 to 1; `None` while none runs.
    pub progress: RwSignal<Option<f32>>,
    /// What was done last.
    pub said: RwSignal<String>,
    made: RwSignal<Option<Made>>,
    heard: RwSignal<Option<Part>>,
    pair: StoredValue<Option<Pair>, LocalStorage>,
    file: StoredValue<Option<Uint8Array>, LocalStorage>,
    canceller: StoredValue<Canceller, LocalStorage>,
}

impl Release {
    /// Nothing checked.
    pub fn new(studio: Studio, in_step: InStep) -> Self {
        Self {
            studio,
            in_step,
            codec: RwSignal::new(CODECS[0].id.to_owned()),
            supported: RwSignal::new(None),
            progress: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            made: RwSignal::new(None),
            heard: RwSignal::new(None),
            pair: StoredValue::new_local(None),
            file: StoredValue::new_local(None),
            canceller: StoredValue::new_local(Canceller::default()),
        }
    }

    /// Asks the browser for its codecs, once.
    pub fn ask(self) {
        if self.supported.with_untracked(Option::is_some) {
            return;
        }
        spawn_local(async move {
            let asked = match self.studio.media().await {
                Ok(media) => media.codecs().await,
                Err(error) => Err(error),
            };
            match asked {
                Ok(supported) => {
                    if let Some(first) = CODECS.iter().zip(&supported).find_map(|(codec, has)| has.then_some(codec)) {
                        self.codec.set(first.id.to_owned());
                    }
                    self.supported.set(Some(supported));
                }
                Err(error) => self.studio.messages.attention(error.to_string()),
            }
        });
    }

    fn made(self) -> Option<Made> {
        let song = self.studio.song_id()?;
        self.made.get().filter(|made| made.song == song)
    }

    /// The latest check of the song on show, tracked.
    pub fn checked(self) -> Option<Arc<Checked>> {
        self.made().map(|made| made.checked)
    }

    /// Whether nothing was edited since, tracked.
    pub fn is_fresh(self) -> bool {
        self.studio.revision();
        let now = self.studio.document_revision();
        self.made().is_some_and(|made| made.revision == now)
    }

    /// Whether there is a file to be kept, tracked.
    pub fn has_file(self) -> bool {
        self.made().is_some_and(|made| made.has_file)
    }

    /// Renders, encodes, decodes and measures.
    pub fn run(self) {
        let Some(song) = self.studio.peek_song_id() else { return };
        let Some(session) = self.studio.peek(Session::clone) else { return };
        if self.progress.get_untracked().is_some() {
            return;
        }
        let (revision, codec) = (self.studio.document_revision(), self.codec.get_untracked());
        self.silence();
        self.said.set(String::new());
        self.progress.set(Some(0.0));
        spawn_local(async move {
            match self.check(&session, song, &codec).await {
                Ok((checked, has_file)) => self.made.set(Some(Made { revision, song, checked: Arc::new(checked), has_file })),
                Err(error) if error.is_cancelled() => {}
                Err(error) => self.studio.messages.attention(error.to_string()),
            }
            self.progress.set(None);
        });
    }

    async fn check(self, session: &Session, song: SongId, codec: &str) -> Result<(Checked, bool), MediaError> {
        let told = move |fraction| {
            let _ = self.progress.try_set(Some(fraction));
        };
        let job = self.studio.media().await?.check(session, song, codec, told);
        self.canceller.set_value(job.canceller());
        let (checked, coded) = job.await?;
        let rate_hz = session.song(song).map_or(checked.rendered.rate_hz, |song| song.rate_hz);
        let pair = Pair::new([&coded.master, &coded.decoded], rate_hz).map_err(MediaError::new)?;
        let has_file = coded.file.is_some();
        self.in_step.take(pair.clone());
        self.pair.set_value(Some(pair));
        self.file.set_value(coded.file);
        Ok((checked, has_file))
    }

    /// Gives the check up.
    pub fn cancel(self) {
        self.canceller.with_value(Canceller::cancel);
    }

    /// Whether a part is heard, tracked.
    pub fn hears(self, part: Part) -> bool {
        self.heard.get() == Some(part) && self.in_step.is_heard()
    }

    /// Hears a part of the check, master and decoder's output as loud as each other.
    pub fn hear(self, part: Part) {
        let Some(checked) = untrack(|| self.checked()) else { return };
        // The tools share what is in step: another one may have taken it.
        if self.heard.get_untracked().is_none()
            && let Some(pair) = self.pair.get_value()
        {
            self.in_step.take(pair);
        }
        let matched = db_to_gain(checked.match_db()) as f32;
        self.heard.set(Some(part));
        self.in_step.hear(match part {
            Part::Master => [1.0, 0.0],
            Part::Decoded => [0.0, matched],
            Part::Change => [1.0, -matched],
        });
    }

    /// Hears nothing.
    pub fn silence(self) {
        self.heard.set(None);
        self.in_step.end();
    }

    /// Sets the ceiling of the master's limiter, which is put there when there is none.
    pub fn set_ceiling(self, ceiling_dbtp: f64) {
        let Some(song) = self.studio.peek_song_id() else { return };
        let edit = self.studio.peek(|session| {
            let setting = Setting { drive_db: target::drive_db(session, song), ceiling_dbtp };
            target::edit(session, song, setting).map(|(edit, _)| edit)
        });
        if let Some(edit) = edit.flatten()
            && self.studio.dispatch("Ceiling for the codec", edit)
        {
            self.said.set("The ceiling is set. Check again to measure what becomes of it.".to_owned());
        }
    }

    /// Hands the encoded file out as a download.
    pub fn save_file(self) {
        let codec = untrack(|| self.checked()).and_then(|checked| Codec::find(&checked.codec));
        let (Some(codec), Some(bytes)) = (codec, self.file.get_value()) else { return };
        let title = self.studio.peek_song(|song| song.name.clone()).unwrap_or_default();
        let ending = if codec.registered == AAC { "aac" } else { "opus" };
        let name = format!("{title} {}.{ending}", codec.id);
        // Bytes to any browser: one that knows the sound inside may ask what to do with it, or give it another ending.
        let options = FilePropertyBag::new();
        options.set_type("application/octet-stream");
        if let Ok(file) = File::new_with_u8_array_sequence_and_options(&Array::of1(&bytes), &name, &options) {
            download(&file);
        }
    }
}
