//! An export on its way: one song after the other, cancelled between any two frames, its files kept for the links.

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::model::{Range, SongId};
use web_sys::Url;

use super::choice::{self, Choice};
use crate::media::Canceller;
use crate::state::{ExportRequest, Studio, address_of, download};

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its name.
    pub name: String,
    /// Where the link leads.
    pub address: String,
    /// Its size.
    pub bytes: u64,
}

/// The export that runs, and what was written.
#[derive(Clone, Copy)]
pub struct Run {
    /// How far the whole of it is, 0 to 1; `None` while none runs.
    pub progress: RwSignal<Option<f32>>,
    /// The song that is being written.
    pub now: RwSignal<Option<SongId>>,
    /// What was written since the dialog was first opened, the newest last.
    pub written: RwSignal<Vec<Written>>,
    canceller: StoredValue<Canceller, LocalStorage>,
}

impl Run {
    /// None.
    pub fn new() -> Self {
        Self {
            progress: RwSignal::new(None),
            now: RwSignal::new(None),
            written: RwSignal::new(Vec::new()),
            canceller: StoredValue::new_local(Canceller::default()),
        }
    }

    /// Writes these songs.
    pub fn start(self, studio: Studio, songs: Vec<SongId>, choice: Choice, selection: Option<Range>) {
        if self.progress.get_untracked().is_some() || songs.is_empty() {
            return;
        }
        let canceller = Canceller::default();
        self.canceller.set_value(canceller.clone());
        self.progress.set(Some(0.0));
        spawn_local(async move {
            let count = songs.len() as f32;
            for (index, song) in songs.into_iter().enumerate() {
                if canceller.is_cancelled() {
                    break;
                }
                self.now.set(Some(song));
                let share = move |fraction: f32| self.progress.set(Some((index as f32 + fraction.clamp(0.0, 1.0)) / count));
                self.write(studio, song, &choice, selection, &canceller, share).await;
            }
            self.now.set(None);
            self.progress.set(None);
        });
    }

    async fn write(
        self,
        studio: Studio,
        song: SongId,
        choice: &Choice,
        selection: Option<Range>,
        canceller: &Canceller,
        on_progress: impl Fn(f32) + 'static,
    ) {
        let asked = studio.peek(|session| {
            let found = session.song(song)?;
            let range = choice::range(found, choice.stretch, selection)?;
            Some(ExportRequest { song, range, delivery: choice.delivery(session, found, range), as_soloed: choice.as_soloed })
        });
        let Some(request) = asked.flatten() else {
            studio.messages.attention("There is nothing in this range to export.");
            return;
        };
        let result = studio.export(request, canceller, on_progress).await;
        match result {
            Ok(file) => {
                download(&file);
                if let Some(address) = address_of(&file) {
                    let written = Written { name: file.name(), address, bytes: file.size() as u64 };
                    self.written.update(|list| list.push(written));
                }
            }
            Err(_) if canceller.is_cancelled() => studio.messages.news("Export cancelled. Nothing was written."),
            Err(sentence) => studio.messages.attention(sentence),
        }
    }

    /// Gives it up; what is written already stays.
    pub fn cancel(self) {
        self.canceller.with_value(Canceller::cancel);
    }

    /// Gives the links' addresses back to the browser.
    pub fn forget(self) {
        self.written.with_untracked(|list| list.iter().for_each(|written| drop(Url::revoke_object_url(&written.address))));
        self.written.set(Vec::new());
    }
}
