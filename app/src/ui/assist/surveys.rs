//! What is known of a whole song: its survey, with the state of the document that it was made of.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::model::{Session, SongId};
use session::survey::Survey;

use crate::media::Canceller;
use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook};

/// A survey, and what it is of.
#[derive(Clone)]
pub struct Surveyed {
    revision: u64,
    /// The song.
    pub song: SongId,
    /// The session as it was measured.
    pub session: Arc<Session>,
    /// What it measured.
    pub survey: Arc<Survey>,
}

/// See the module's text.
#[derive(Clone, Copy)]
pub struct Surveys {
    studio: Studio,
    latest: RwSignal<Option<Surveyed>>,
    /// How far the measurement is, 0 to 1; `None` while none runs.
    progress: RwSignal<Option<f32>>,
    canceller: StoredValue<Canceller, LocalStorage>,
}

impl Surveys {
    /// Nothing known.
    pub fn new(studio: Studio) -> Self {
        Self { studio, latest: RwSignal::new(None), progress: RwSignal::new(None), canceller: StoredValue::new_local(Canceller::default()) }
    }

    /// The latest survey of the song on show, tracked.
    pub fn latest(self) -> Option<Surveyed> {
        let song = self.studio.song_id()?;
        self.latest.get().filter(|known| known.song == song)
    }

    /// Whether nothing was edited since it was measured, tracked.
    pub fn is_fresh(self) -> bool {
        self.studio.revision();
        let now = self.studio.document_revision();
        self.latest().is_some_and(|known| known.revision == now)
    }

    /// Whether a measurement runs, tracked.
    pub fn is_busy(self) -> bool {
        self.progress.with(Option::is_some)
    }

    /// Measures the song on show, unless a measurement runs.
    pub fn measure(self) {
        let Some(song) = self.studio.peek_song_id() else { return };
        let Some(session) = self.studio.peek(Session::clone).map(Arc::new) else { return };
        if self.progress.get_untracked().is_some() {
            return;
        }
        let revision = self.studio.document_revision();
        self.progress.set(Some(0.0));
        spawn_local(async move {
            let told = move |fraction| {
                let _ = self.progress.try_set(Some(fraction));
            };
            let result = match self.studio.media().await {
                Ok(media) => {
                    let job = media.survey(&session, song, told);
                    self.canceller.set_value(job.canceller());
                    job.await
                }
                Err(error) => Err(error),
            };
            match result {
                Ok(survey) => self.latest.set(Some(Surveyed { revision, song, session, survey: Arc::new(survey) })),
                Err(error) if error.is_cancelled() => {}
                Err(error) => self.studio.messages.attention(error.to_string()),
            }
            self.progress.set(None);
        });
    }

    fn cancel(self) {
        self.canceller.with_value(Canceller::cancel);
    }
}

/// The button that measures, and how far it is.
#[component]
pub fn MeasureBar(
    /// What is measured.
    surveys: Surveys,
) -> impl IntoView {
    let percent = move || (surveys.progress.get().unwrap_or(0.0) * 100.0).floor();
    let word = move || if surveys.latest().is_some() { "Measure again" } else { "Measure the song" };
    let age = move || match (surveys.latest().is_some(), surveys.is_fresh()) {
        (false, _) => "Not measured yet.",
        (true, true) => "",
        (true, false) => "The song has changed since it was measured.",
    };
    view! {
        <div class="assist-measure">
            <Show when=move || surveys.is_busy() fallback=move || view! {
                <Button look=ButtonLook::Line hint="Renders the whole song faster than it plays, and measures it at every point" on_press=move |()| surveys.measure()>{word}</Button>
                <span class="lbl" role="status">{age}</span>
            }>
                <progress class="goal-bar" aria-label="Measuring" max="100" value=percent></progress>
                <span class="n lbl">{move || format!("{}\u{2009}%", percent())}</span>
                <Button look=ButtonLook::Quiet class="is-small" on_press=move |()| surveys.cancel()>"Cancel measuring"</Button>
            </Show>
        </div>
    }
}
