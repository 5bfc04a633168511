//! An export on its way: one song after the other, cancelled between any two frames, its files kept for the links.

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::destination::Destination;
use session::model::{Range, SongId};
use session::worker::Delivered;
use web_sys::Url;

use super::choice::{self, Choice};
use crate::media::Canceller;
use crate::state::{ExportRequest, Solved, Studio, address_of, download};

/// A file that was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Its name.
    pub name: String,
    /// Where the link leads.
    pub address: String,
    /// Its size.
    pub bytes: u64,
    /// What it measures.
    pub measured: Delivered,
}

/// What is asked for.
pub struct Order {
    /// The choices of the dialog.
    pub choice: Choice,
    /// The selected stretch.
    pub selection: Option<Range>,
    /// The place whose loudness is reached.
    pub place: Option<Destination>,
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
    pub fn start(self, studio: Studio, songs: Vec<SongId>, order: Order) {
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
                self.write(studio, song, &order, &canceller, share).await;
            }
            self.now.set(None);
            self.progress.set(None);
        });
    }

    async fn write(self, studio: Studio, song: SongId, order: &Order, canceller: &Canceller, on_progress: impl Fn(f32) + Clone + 'static) {
        let choice = &order.choice;
        let result = match self.prepare(studio, song, order, canceller, on_progress.clone()).await {
            Ok(solved) => {
                let asked = studio.peek(|session| {
                    let found = session.song(song)?;
                    let range = choice::range(found, choice.stretch, order.selection)?;
                    let mut delivery = choice.delivery(session, found, range);
                    let (edit, watched) = solved.map_or((None, None), |solved| {
                        delivery.ceiling_dbtp = Some(solved.ceiling_dbtp);
                        (Some(solved.edit), Some(solved.limiter))
                    });
                    Some(ExportRequest { song, range, delivery, as_soloed: choice.as_soloed, is_cut: false, edit, watched })
                });
                let Some(request) = asked.flatten() else {
                    studio.messages.attention("There is nothing in this range to export.");
                    return;
                };
                studio.export(request, canceller, on_progress).await
            }
            Err(sentence) => Err(sentence),
        };
        match result {
            Ok(exported) => {
                let Some(file) = exported.file else { return };
                download(&file);
                if let Some(address) = address_of(&file) {
                    let written = Written { name: file.name(), address, bytes: file.size() as u64, measured: exported.delivered };
                    self.written.update(|list| list.push(written));
                }
            }
            Err(_) if canceller.is_cancelled() => studio.messages.news("Export cancelled. Nothing was written."),
            Err(sentence) => studio.messages.attention(sentence),
        }
    }

    /// The change that brings the song to the chosen loudness; the session stays as it is.
    async fn prepare(
        self,
        studio: Studio,
        song: SongId,
        order: &Order,
        canceller: &Canceller,
        on_progress: impl Fn(f32) + Clone + 'static,
    ) -> Result<Option<Solved>, String> {
        let Some(place) = &order.place else { return Ok(None) };
        studio.solve(song, place, None, canceller, on_progress).await.map(Some)
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
