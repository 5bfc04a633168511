//! The assistant: what is measured of the master, what is proposed for it, each move with reason, amount, and its figure before and after.

mod alone;
mod rows;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::analysis::Analysis;
use session::assist::ledger::{self, Ledger, Row};
use session::assist::{decibels, number, tone};
use session::model::{Session, SongId};
use session::worker::Order;

use self::alone::{Alone, Without};
use self::rows::AllMoves;
use super::in_step::InStep;
use crate::media::Canceller;
use crate::state::{Studio, download, text_file};
use crate::ui::master::{Goal, Measures};
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Select, SelectOption};

/// The tone that needs no reference.
const SLOPE: &str = "slope";

/// A ledger, and the document that it is of.
#[derive(Clone)]
struct Made {
    revision: u64,
    song: SongId,
    /// The session as it was measured: a step is heard alone in it, also when all of them are in the chain.
    session: Arc<Session>,
    ledger: Arc<Ledger>,
}

/// What the tool knows; kept while the page is open.
#[derive(Clone, Copy)]
pub struct Assistant {
    studio: Studio,
    made: RwSignal<Option<Made>>,
    /// The amounts as they stand, 0 to 1.
    amounts: RwSignal<Vec<f64>>,
    /// Which rows are kept as they are.
    locks: RwSignal<Vec<bool>>,
    alone: Alone,
    /// The document's revision with the ledger's moves in the chain.
    applied: RwSignal<Option<u64>>,
    tone: RwSignal<String>,
    progress: RwSignal<Option<f32>>,
    said: RwSignal<String>,
    canceller: StoredValue<Canceller, LocalStorage>,
}

impl Assistant {
    /// Nothing made.
    pub fn new(studio: Studio, in_step: InStep) -> Self {
        Self {
            studio,
            made: RwSignal::new(None),
            amounts: RwSignal::new(Vec::new()),
            locks: RwSignal::new(Vec::new()),
            alone: Alone::new(studio, in_step),
            applied: RwSignal::new(None),
            tone: RwSignal::new(SLOPE.to_owned()),
            progress: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            canceller: StoredValue::new_local(Canceller::default()),
        }
    }

    fn made(self) -> Option<Made> {
        let song = self.studio.song_id()?;
        self.made.get().filter(|made| made.song == song)
    }

    fn is_fresh(self) -> bool {
        self.studio.revision();
        let now = self.studio.document_revision();
        self.made().is_some_and(|made| made.revision == now)
    }

    /// Whether the song is as it was measured, or has exactly the ledger's moves more.
    fn is_known(self) -> bool {
        self.studio.revision();
        let now = self.studio.document_revision();
        self.made().is_some_and(|made| made.revision == now || self.applied.get() == Some(now))
    }

    /// The rows with amounts and locks as they stand.
    fn rows(self) -> Vec<Row> {
        let (amounts, locks) = (self.amounts.get(), self.locks.get());
        let rows = self.made().map(|made| made.ledger.rows.clone()).unwrap_or_default();
        let rows = rows.into_iter().zip(amounts).zip(locks);
        rows.map(|((row, amount), is_locked)| Row { amount, is_locked, ..row }).collect()
    }

    /// Whether the figures are those of the amounts.
    fn is_measured(self) -> bool {
        self.made().is_some_and(|made| made.ledger.rows.iter().map(|row| row.amount).eq(self.amounts.get()))
    }

    /// The tone of the chosen reference; nothing while it is not measured yet.
    pub fn target(self, measures: Measures) -> Option<Vec<f64>> {
        let chosen = self.tone.get();
        if chosen == SLOPE {
            return Some(tone::even_slope());
        }
        let hash = self.studio.session(|session| reference_hash(session, &chosen)).flatten()?;
        let spectrum = |analysis: Arc<Analysis>| tone::spectrum(&analysis);
        tone::blend(&[(measures.source(&hash).map(spectrum)?, 1.0)])
    }

    /// Renders and measures the moves as they stand; proposes others for those that are not locked when it is to find some.
    fn run(self, goal: Goal, tone: Vec<f64>, finds: bool) {
        let (Some(song), Some(place)) = (self.studio.peek_song_id(), untrack(|| goal.destination())) else { return };
        let Some(session) = self.studio.peek(Session::clone).map(Arc::new) else { return };
        if self.progress.get_untracked().is_some() {
            return;
        }
        let revision = self.studio.document_revision();
        self.progress.set(Some(0.0));
        self.said.set(String::new());
        self.alone.end();
        let rows = untrack(|| self.rows());
        let order = Order { song, target_lufs: place.target_lufs, peak_dbtp: place.peak_dbtp, tone, rows, finds };
        spawn_local(async move {
            let result = match self.studio.media().await {
                Ok(media) => {
                    let told = move |fraction| {
                        let _ = self.progress.try_set(Some(fraction));
                    };
                    let job = media.assist(&session, order, told);
                    self.canceller.set_value(job.canceller());
                    job.await
                }
                Err(error) => Err(error),
            };
            match result {
                Ok(ledger) => {
                    self.amounts.set(ledger.rows.iter().map(|row| row.amount).collect());
                    self.locks.set(ledger.rows.iter().map(|row| row.is_locked).collect());
                    self.applied.set(None);
                    self.made.set(Some(Made { revision, song, session, ledger: Arc::new(ledger) }));
                }
                Err(error) if error.is_cancelled() => {}
                Err(error) => self.studio.messages.attention(error.to_string()),
            }
            self.progress.set(None);
        });
    }

    /// Takes the moves as one step.
    fn apply(self, measures: Measures) {
        let Some(made) = untrack(|| self.made()) else { return };
        let rows = untrack(|| self.rows());
        let edit = self.studio.peek(|session| ledger::edit(session, made.song, &rows)).flatten();
        if let Some(edit) = edit
            && self.studio.dispatch("Assistant", edit)
        {
            measures.keep(made.song, made.ledger.after.clone());
            self.applied.set(Some(self.studio.document_revision()));
            // What is in the chain is not proposed a second time.
            self.locks.update(|locks| locks.fill(false));
            self.said.set("The moves are in the master’s chain; undo takes them all back.".to_owned());
        }
    }
}

fn reference_hash(session: &Session, id: &str) -> Option<String> {
    let source = session.references.iter().find(|source| source.0.to_string() == id)?;
    session.source(*source).map(|source| source.hash.clone())
}

/// The tool "Assistant".
#[component]
pub fn LedgerView(
    /// What it knows.
    assistant: Assistant,
) -> impl IntoView {
    let (goal, measures) = (expect_context::<Goal>(), expect_context::<Measures>());
    let is_busy = Signal::derive(move || assistant.progress.with(Option::is_some));
    let cannot_apply =
        Signal::derive(move || is_busy.get() || !assistant.is_fresh() || !assistant.is_measured() || assistant.rows().is_empty());
    let rows = Memo::new_with_compare(move |_| assistant.made().map(|made| made.ledger.rows.clone()).unwrap_or_default(), |a, b| a != b);
    let refusals = move || {
        let line =
            |refusal: &ledger::Refusal| view! { <li class="assist-fault"><IconView icon=Icon::Warn />{refusal.sentence.clone()}</li> };
        assistant.made().map(|made| made.ledger.refusals.iter().map(line).collect_view())
    };
    let save = move |()| {
        let title = assistant.studio.peek_song(|song| song.name.clone()).unwrap_or_default();
        if let Some(made) = untrack(|| assistant.made()) {
            download_text(&format!("{title} ledger.txt"), &made.ledger.to_text(&title));
        }
    };
    let is_empty = Signal::derive(move || assistant.made().is_none());
    on_cleanup(move || assistant.alone.end());
    view! {
        <Controls assistant goal measures is_busy />
        <AllMoves assistant />
        <div class="assist-table" role="region" aria-label="Ledger" tabindex="0">
            <ul class="assist-refusals" aria-label="Left to the mix">{refusals}</ul>
            <ol class="assist-rows" aria-label="Moves">
                {move || rows.get().into_iter().enumerate().map(|(at, row)| rows::line(assistant, at, row)).collect_view()}
            </ol>
        </div>
        <footer class="assist-foot">
            <p role="status">{move || summary(assistant)}</p>
            <span class="grow"></span>
            <Without alone=assistant.alone />
            <Button look=ButtonLook::Quiet disabled=is_empty hint="The whole ledger as a text file" on_press=save>"Save as text"</Button>
            <Button look=ButtonLook::Primary disabled=cannot_apply hint="One step; undo takes it back" on_press=move |()| assistant.apply(measures)>"Apply"</Button>
        </footer>
    }
}

fn summary(assistant: Assistant) -> String {
    let said = assistant.said.get();
    if let Some(fraction) = assistant.alone.progress.get() {
        return format!("Rendering the step, {:.0}\u{2009}%", fraction * 100.0);
    }
    let Some(made) = assistant.made() else { return said };
    if !assistant.is_measured() {
        return "The amounts have changed: measure them before they are applied.".to_owned();
    }
    if !said.is_empty() {
        return said;
    }
    let (before, after) = (&made.ledger.before, &made.ledger.after);
    let [tone_before, tone_after] = made.ledger.tone_db;
    format!(
        "{} → {} LUFS, {} → {} dBTP, tone {} → {} dB from the target.",
        decibels(before.integrated_lufs),
        decibels(after.integrated_lufs),
        decibels(before.true_peak_dbtp),
        decibels(after.true_peak_dbtp),
        number(tone_before, 1),
        number(tone_after, 1)
    )
}

/// What the tone is compared with.
#[component]
pub fn ToneTarget(
    /// Whose.
    assistant: Assistant,
) -> impl IntoView {
    let studio = assistant.studio;
    let tones = Signal::derive(move || {
        let named = |session: &Session| {
            let reference = |id: &session::model::SourceId| {
                session.source(*id).map(|source| SelectOption::new(id.0.to_string(), source.file_name.clone()))
            };
            session.references.iter().filter_map(reference).collect::<Vec<_>>()
        };
        [SelectOption::new(SLOPE, "Even slope")].into_iter().chain(studio.session(named).unwrap_or_default()).collect::<Vec<_>>()
    });
    view! {
        <Select name="Tone target" options=tones chosen=assistant.tone hint="What the tone is compared with: an even slope, or one of the song’s references" on_choose=move |id: String| assistant.tone.set(id) />
    }
}

/// What it goes towards, and the button that measures.
#[component]
fn Controls(assistant: Assistant, goal: Goal, measures: Measures, is_busy: Signal<bool>) -> impl IntoView {
    let target = Memo::new(move |_| assistant.target(measures));
    let cannot = Signal::derive(move || target.with(Option::is_none));
    let towards =
        move || goal.destination().map(|place| format!("{} LUFS, {} dBTP", decibels(place.target_lufs), decibels(place.peak_dbtp)));
    let has_changed = Signal::derive(move || assistant.made().is_some() && !assistant.is_measured() && assistant.is_fresh());
    let run = move |finds: bool| {
        if let Some(tone) = target.get_untracked() {
            assistant.run(goal, tone, finds);
        }
    };
    let percent = move || (assistant.progress.get().unwrap_or(0.0) * 100.0).floor();
    view! {
        <div class="assist-measure">
            <span class="lbl">"Tone"</span>
            <ToneTarget assistant />
            <span class="lbl">{towards}</span>
            <Show when=move || is_busy.get() fallback=move || view! {
                <Button look=ButtonLook::Line disabled=cannot hint="Renders the song, proposes, and renders it with the moves; locked ones are kept" on_press=move |()| run(true)>"Measure and propose"</Button>
                <Show when=move || has_changed.get()>
                    <Button look=ButtonLook::Line hint="Renders the song with the moves at these amounts" on_press=move |()| run(false)>"Measure these amounts"</Button>
                </Show>
            }>
                <progress class="goal-bar" aria-label="Measuring" max="100" value=percent></progress>
                <span class="n lbl">{move || format!("{}\u{2009}%", percent())}</span>
                <Button look=ButtonLook::Quiet class="is-small" on_press=move |()| assistant.canceller.with_value(Canceller::cancel)>"Cancel measuring"</Button>
            </Show>
        </div>
    }
}

fn download_text(name: &str, text: &str) {
    if let Some(file) = text_file(name, text) {
        download(&file);
    }
}
