//! Hearing one move of the ledger: the song with it and with no other, in step with the song without any, both as loud. What is heard is rendered
//! for it; the document stays as it is.

use std::sync::Arc;

use dsp::units::db_to_gain;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::assist::ledger::{Row, only};
use session::model::{Session, SongId};

use crate::audio::Pair;
use crate::media::Canceller;
use crate::state::Studio;
use crate::ui::assist::in_step::InStep;
use crate::ui::widgets::{ButtonLook, ToggleButton};

/// See the module's text.
#[derive(Clone, Copy)]
pub struct Alone {
    studio: Studio,
    in_step: InStep,
    /// The place of the row that is heard.
    at: RwSignal<Option<usize>>,
    /// How far its renders are, 0 to 1; `None` while none runs.
    pub progress: RwSignal<Option<f32>>,
    is_without: RwSignal<bool>,
    gains: StoredValue<[f32; 2]>,
    canceller: StoredValue<Canceller, LocalStorage>,
}

impl Alone {
    /// Nothing is heard; an edit ends what is.
    pub fn new(studio: Studio, in_step: InStep) -> Self {
        let this = Self {
            studio,
            in_step,
            at: RwSignal::new(None),
            progress: RwSignal::new(None),
            is_without: RwSignal::new(false),
            gains: StoredValue::new([1.0; 2]),
            canceller: StoredValue::new_local(Canceller::default()),
        };
        Effect::new(move |_| {
            studio.revision();
            this.end();
        });
        this
    }

    /// Whether a row is heard or made ready for it, tracked.
    pub fn hears(self, at: usize) -> bool {
        self.at.get() == Some(at) && (self.progress.with(Option::is_some) || self.in_step.is_heard())
    }

    /// Renders a row alone and the song without any, unless they are ready, and hears the row.
    pub fn hear(self, session: Arc<Session>, song: SongId, at: usize, row: Row) {
        if self.at.get_untracked() == Some(at) {
            return self.play(false);
        }
        self.end();
        let canceller = Canceller::default();
        self.canceller.set_value(canceller.clone());
        self.progress.set(Some(0.0));
        self.at.set(Some(at));
        spawn_local(async move {
            let ready = self.ready(&session, song, row, &canceller).await;
            // Another row was asked for in the meantime.
            if canceller.is_cancelled() {
                return;
            }
            self.progress.set(None);
            match ready {
                Ok(gains) => {
                    self.gains.set_value(gains);
                    self.play(false);
                }
                Err(sentence) => {
                    self.at.set(None);
                    self.studio.messages.attention(sentence);
                }
            }
        });
    }

    /// Has both ready; gives the gains that make them as loud as the softer one.
    async fn ready(self, session: &Session, song: SongId, row: Row, canceller: &Canceller) -> Result<[f32; 2], String> {
        let (rate_hz, stretch) = self.studio.peek_song(|song| (song.rate_hz, song.cycle_range())).ok_or("There is no song to hear.")?;
        let alone = only(session, song, &row).ok_or("At this amount the move does nothing.")?;
        let media = self.studio.media().await.map_err(|error| error.to_string())?;
        let mut sounds = Vec::new();
        for (at, state) in [session, &alone].into_iter().enumerate() {
            let told = move |part: f32| {
                let _ = self.progress.try_update(|progress| progress.iter_mut().for_each(|held| *held = (at as f32 + part) / 2.0));
            };
            let job = media.render(state, song, stretch, told);
            let cancel = job.canceller();
            canceller.on_cancel(move || cancel.cancel());
            let (analysis, planes) = job.await.map_err(|error| error.to_string())?;
            if analysis.is_silent() {
                return Err("The song is silent there, so there is nothing to hear.".to_owned());
            }
            sounds.push((planes, analysis.integrated_lufs));
        }
        let [(without, without_lufs), (with, with_lufs)] = &sounds[..] else { return Err("Nothing was rendered.".to_owned()) };
        if canceller.is_cancelled() {
            return Err(String::new());
        }
        self.in_step.take(Pair::new([without, with], rate_hz)?);
        let softer = without_lufs.min(*with_lufs);
        Ok([without_lufs, with_lufs].map(|lufs| db_to_gain(softer - lufs) as f32))
    }

    fn play(self, is_without: bool) {
        self.is_without.set(is_without);
        let [without, with] = self.gains.get_value();
        self.in_step.hear(if is_without { [without, 0.0] } else { [0.0, with] });
    }

    /// Hears nothing of it any more.
    pub fn end(self) {
        if self.at.with_untracked(Option::is_none) {
            return;
        }
        self.canceller.with_value(Canceller::cancel);
        self.progress.set(None);
        self.at.set(None);
        self.in_step.forget();
    }
}

/// While a move is heard: the song without it, as loud.
#[component]
pub fn Without(
    /// What is heard.
    alone: Alone,
) -> impl IntoView {
    let is_heard = move || alone.at.with(Option::is_some) && alone.progress.with(Option::is_none) && alone.in_step.is_heard();
    let pressed = Signal::derive(move || alone.is_without.get());
    view! {
        <Show when=is_heard>
            <ToggleButton look=ButtonLook::Listen name="Without the move" hint="The song without any move, as loud as with this one"
                pressed on_press=move |_| alone.play(!pressed.get_untracked())>"Without"</ToggleButton>
        </Show>
    }
}
