//! The path for beginners: a bar over the room with its stages in order, what each has reached, and the way to its tool. It is there when it was
//! asked for, which this browser keeps, and one press takes it away.

use dsp::engine::{STRIP_PARAMS, strip_param};
use dsp::protocol::{InsertId, StripId, StripKind};
use leptos::prelude::*;
use session::assist::path::{Mastered, Stage, State, Step, of_master, of_mix};
use session::model::{Song, Strip, Target};
use wasm_bindgen::JsCast;

use super::{Assist, Tool};
use crate::state::{Room, Studio, page_storage};
use crate::ui::master::{Goal, Measures};
use crate::ui::timeline::TimelineState;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};

/// Where the choice is kept.
const STORAGE_KEY: &str = "headroom-path";
const SHOWN: &str = "shown";

/// Whether the path is shown.
#[derive(Clone, Copy)]
pub struct PathChoice(RwSignal<bool>);

impl PathChoice {
    /// As it was left; hidden until it was asked for.
    pub fn kept() -> Self {
        let kept = page_storage().and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten());
        Self(RwSignal::new(kept.as_deref() == Some(SHOWN)))
    }

    /// Tracked.
    pub fn is_shown(self) -> bool {
        self.0.get()
    }

    /// Where the browser keeps nothing, it lasts as long as the page.
    pub fn show(self, is_shown: bool) {
        self.0.set(is_shown);
        if let Some(storage) = page_storage() {
            let _ = if is_shown { storage.set_item(STORAGE_KEY, SHOWN) } else { storage.remove_item(STORAGE_KEY) };
        }
    }
}

/// The bar; nothing while it is hidden, or in a room without stages.
#[component]
pub fn PathBar() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let (assist, measures, goal) = (expect_context::<Assist>(), expect_context::<Measures>(), expect_context::<Goal>());
    let timeline = expect_context::<TimelineState>();
    let steps = Memo::new(move |_| if assist.path.is_shown() { steps(studio, assist, measures, goal) } else { Vec::new() });
    let stages = Memo::new(move |_| steps.with(|steps| steps.iter().map(|step| step.stage).collect::<Vec<_>>()));
    let is_empty = Memo::new(move |_| stages.with(Vec::is_empty));
    let go = Callback::new(move |stage| open(stage, studio, assist, timeline));
    view! {
        <Show when=move || !is_empty.get()>
            <section class="path" aria-label="Path">
                <Measure assist measures />
                <ol class="path-steps">
                    <For each=move || stages.get() key=|stage| *stage children=move |stage| cell(stage, stages, steps, go) />
                </ol>
                <Button look=ButtonLook::Quiet class="is-icon" name="Hide the path" hint="The menu Tools brings it back" on_press=move |()| assist.path.show(false)>
                    <IconView icon=Icon::Close />
                </Button>
            </section>
        </Show>
    }
}

/// What the room's song has reached, tracked.
fn steps(studio: Studio, assist: Assist, measures: Measures, goal: Goal) -> Vec<Step> {
    let Some(song) = studio.song_id() else { return Vec::new() };
    let found = match studio.room.get() {
        Room::Mix => {
            let known = assist.surveys.latest().filter(|_| assist.surveys.is_fresh());
            studio.session(|session| of_mix(session, song, known.as_ref().map(|known| &*known.survey)))
        }
        Room::Master => {
            let (analysis, place, tone) = (measures.master(), goal.destination(), assist.assistant.target(measures));
            let checked = assist.release.checked().filter(|_| assist.release.is_fresh());
            let known =
                Mastered { analysis: analysis.as_deref(), tone: tone.as_deref(), place: place.as_ref(), checked: checked.as_deref() };
            studio.song(|song| of_master(song, known))
        }
        Room::Album => None,
    };
    found.unwrap_or_default()
}

/// The button that measures what the room's stages speak of.
#[component]
fn Measure(assist: Assist, measures: Measures) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let is_mix = move || studio.room.get() == Room::Mix;
    let is_busy = Signal::derive(move || if is_mix() { assist.surveys.is_busy() } else { measures.progress.with(Option::is_some) });
    let measure = move |()| if untrack(is_mix) { assist.surveys.measure() } else { measures.measure_master() };
    let word = move || if is_busy.get() { "Measuring" } else { "Measure" };
    view! {
        <div class="path-head">
            <b>"Path"</b>
            <Button look=ButtonLook::Line class="is-small" disabled=is_busy hint="Renders the song faster than it plays, and measures what the stages speak of" on_press=measure>{word}</Button>
        </div>
    }
}

/// A stage: a press opens its tool.
fn cell(stage: Stage, stages: Memo<Vec<Stage>>, steps: Memo<Vec<Step>>, go: Callback<Stage>) -> impl IntoView {
    let step = Memo::new(move |_| steps.with(|steps| steps.iter().find(|step| step.stage == stage).cloned()));
    let state = Memo::new(move |_| step.with(|step| step.as_ref().map_or(State::Open, |step| step.state)));
    let sentence = Signal::derive(move || step.get().map(|step| step.sentence).unwrap_or_default());
    let number = move || stages.with(|stages| stages.iter().position(|other| *other == stage)).map_or(0, |at| at + 1);
    let mark = move || match state.get() {
        State::Reached => view! { <IconView icon=Icon::Check /> }.into_any(),
        State::Open | State::Begun => number().into_any(),
    };
    view! {
        <li class="path-step" class:is-begun=move || state.get() == State::Begun class:is-reached=move || state.get() == State::Reached>
            <Button look=ButtonLook::Quiet class="path-open" hint=sentence on_press=move |()| go.run(stage)>
                <span class="path-mark n" aria-hidden="true">{mark}</span>
                <b>{stage.name()}<span class="sr">{move || format!(", {}: ", state.get().word())}</span></b>
                <span class="path-said">{sentence}</span>
            </Button>
        </li>
    }
}

/// Opens a stage's tool.
fn open(stage: Stage, studio: Studio, assist: Assist, timeline: TimelineState) {
    match stage {
        Stage::GainStaging => assist.open.set(Some(Tool::GainStaging)),
        Stage::Balance => {
            studio.editors.set(Vec::new());
            studio.console_alone.set(true);
        }
        Stage::Equalizers => assist.open.set(Some(Tool::Masking)),
        Stage::Compression => show_editor(studio, "compressor"),
        Stage::Automation => show_lane(studio, timeline),
        Stage::CorrectiveEqualizer => assist.open.set(Some(Tool::Assistant)),
        Stage::Multiband => show_editor(studio, "multiband"),
        Stage::Imaging => show_editor(studio, "imager"),
        Stage::Limiting => show_editor(studio, "limiter"),
        Stage::Target => focus_target(),
        Stage::Check => assist.open.set(Some(Tool::ReleaseCheck)),
    }
}

/// Opens the editor of such a processor: in the Mix room the selected track's before any other's, in the Master room the master's.
fn show_editor(studio: Studio, processor: &str) {
    let is_mix = studio.room.get_untracked() == Room::Mix;
    let kind = if is_mix { StripKind::Audio } else { StripKind::Master };
    let selected = studio.selected.get_untracked();
    let found = studio.peek_song(|song| find_insert(song, kind, selected, processor)).flatten();
    let Some((strip, insert)) = found else {
        let name = dsp::processors::spec(processor).map_or(processor, |spec| spec.name);
        let place = if is_mix { "No track has" } else { "The master’s chain does not have" };
        return studio.messages.news(format!("{place} a {name} yet. “Add insert” puts one into a chain."));
    };
    if is_mix {
        studio.select_strip(strip);
    }
    if studio.editors.with_untracked(|open| !open.contains(&insert)) {
        studio.toggle_editor(insert);
    }
}

fn find_insert(song: &Song, kind: StripKind, selected: Option<StripId>, processor: &str) -> Option<(StripId, InsertId)> {
    let of = |strip: &Strip| strip.inserts.iter().find(|insert| insert.processor == processor).map(|insert| (strip.id, insert.id));
    let first = song.strips_of(kind).filter(|strip| Some(strip.id) == selected).find_map(of);
    first.or_else(|| song.strips_of(kind).find_map(of))
}

/// Opens the volume's lane of the selected track, or of the first.
fn show_lane(studio: Studio, timeline: TimelineState) {
    let selected = studio.selected.get_untracked();
    let track = studio.peek_song(|song| {
        let mut tracks = song.shown_of(StripKind::Audio).map(|strip| strip.id);
        let first = tracks.next();
        tracks.find(|track| Some(*track) == selected).or(first)
    });
    studio.editors.set(Vec::new());
    studio.console_alone.set(false);
    if let Some(track) = track.flatten() {
        timeline.lane.set(Some((track, Target::Strip(STRIP_PARAMS[strip_param::VOLUME].id.to_owned()))));
    }
}

/// The destination is chosen in the room itself: the focus goes to the button that reaches it.
fn focus_target() {
    let button = document().query_selector(".goal-reach").ok().flatten();
    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}
