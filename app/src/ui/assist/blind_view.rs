//! What the blind test shows: the choice of the two, then the trials with their keys, then the score.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use session::blind::BlindTest;
use wasm_bindgen::JsCast;

use super::blind::{Blind, LENGTHS, Sound};
use crate::ui::widgets::{Button, ButtonLook, Select, SelectOption, ToggleButton};

/// The tool "Blind test".
#[component]
pub fn BlindView(
    /// Its state.
    blind: Blind,
) -> impl IntoView {
    blind.choose_likely();
    let pressed = window_event_listener(ev::keydown, move |event| key(blind, &event));
    on_cleanup(move || {
        pressed.remove();
        blind.forget();
    });
    let has_test = Memo::new(move |_| blind.test.with(Option::is_some));
    view! {
        <Show when=move || has_test.get() fallback=move || view! { <Setup blind /> }>
            <Trials blind />
        </Show>
        <footer class="assist-foot">
            <p role="status">{move || said(blind)}</p>
            <span class="grow"></span>
            <Show when=move || has_test.get()>
                <Last blind />
            </Show>
        </footer>
    }
}

/// A letter hears, a number answers; not where a list takes keys itself.
fn key(blind: Blind, event: &KeyboardEvent) {
    let is_list = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlSelectElement>().ok()).is_some();
    if is_list || event.ctrl_key() || event.meta_key() || event.alt_key() || event.repeat() {
        return;
    }
    let pressed = event.key().to_uppercase();
    let is_open = blind.test.with_untracked(|test| test.as_ref().is_some_and(|test| !test.is_over()));
    if !is_open {
        return;
    }
    if let Some(sound) = Sound::ALL.into_iter().find(|sound| sound.letter() == pressed) {
        blind.hear(sound);
    } else if let Some(x) = ["1", "2"].iter().position(|number| *number == pressed) {
        blind.answer(x);
    } else {
        return;
    }
    event.prevent_default();
}

fn said(blind: Blind) -> String {
    let is_busy = blind.progress.with(Option::is_some);
    blind.test.with(|test| match test {
        None if is_busy => "Both are rendered and made as loud as the softer one.".to_owned(),
        None => "Nobody can tell which is X before the score is shown.".to_owned(),
        Some(test) => match test.score() {
            Some(score) if score.answered > 0 => score.sentence(),
            Some(_) => "The test was ended before the first answer.".to_owned(),
            None => format!("Trial {} of {}.", test.answered() + 1, test.trials()),
        },
    })
}

/// The choice of the two.
#[component]
fn Setup(blind: Blind) -> impl IntoView {
    let options = Signal::derive(move || {
        blind.candidates().into_iter().map(|candidate| SelectOption::new(candidate.id, candidate.name)).collect::<Vec<_>>()
    });
    let side = move |at: usize, name: &'static str| {
        let chosen = blind.chosen[at];
        view! {
            <span class="lbl">{name}</span>
            <Select name hint="A version of the master, the song without its chain, the other mix, or a reference" options chosen on_choose=move |id: String| chosen.set(id) />
        }
    };
    let lengths = LENGTHS.map(|length| SelectOption::new(length.to_string(), format!("{length} trials"))).to_vec();
    let length = Signal::derive(move || blind.length.get().to_string());
    let choose_length = move |value: String| {
        if let Ok(value) = value.parse() {
            blind.length.set(value);
        }
    };
    let is_busy = Signal::derive(move || blind.progress.with(Option::is_some));
    let cannot = Signal::derive(move || is_busy.get() || blind.chosen[0].get() == blind.chosen[1].get());
    let percent = move || (blind.progress.get().unwrap_or(0.0) * 100.0).floor();
    view! {
        <div class="assist-measure">
            {side(0, "A")}
            {side(1, "B")}
            <span class="lbl">"Length"</span>
            <Select name="Length of the test" hint="More trials tell smaller differences from chance" options=Signal::stored(lengths) chosen=length on_choose=choose_length />
        </div>
        <div class="assist-measure">
            <Show when=move || is_busy.get() fallback=move || view! {
                <Button look=ButtonLook::Line disabled=cannot hint="Renders both, and makes them equally loud" on_press=move |()| blind.prepare()>"Prepare the test"</Button>
                <span class="lbl">{move || if cannot.get() { "Choose two that differ." } else { "The loop is compared where it is on, else the whole song." }}</span>
            }>
                <progress class="goal-bar" aria-label="Rendering" max="100" value=percent></progress>
                <span class="n lbl">{move || format!("{}\u{2009}%", percent())}</span>
                <Button look=ButtonLook::Quiet class="is-small" on_press=move |()| blind.cancel()>"Cancel rendering"</Button>
            </Show>
        </div>
        <div class="assist-table blind-about">
            <p>"In each trial X is A or B by chance, and Y is the other one. Hear them as often as you like and say which X is. Whether you were right stays hidden until the score is shown."</p>
        </div>
    }
}

/// The buttons of a trial.
#[component]
fn Trials(blind: Blind) -> impl IntoView {
    let is_over = Signal::derive(move || blind.test.with(|test| test.as_ref().is_none_or(BlindTest::is_over)));
    let hear = move |sound: Sound| {
        let letter = sound.letter();
        let pressed = Signal::derive(move || blind.hears(sound));
        let of = move || match sound {
            Sound::A => blind.names()[0].clone(),
            Sound::B => blind.names()[1].clone(),
            Sound::X | Sound::Y => "hidden".to_owned(),
        };
        view! {
            <div class="blind-sound">
                <ToggleButton look=ButtonLook::Listen class="is-large" name=format!("Hear {letter}") hint="The letter on the keyboard does it too; a second press stops" pressed
                    on_press=move |_| if pressed.get_untracked() { blind.silence() } else { blind.hear(sound) }>{letter}</ToggleButton>
                <span class="lbl el">{of}</span>
            </div>
        }
    };
    let answer = move |x: usize, text: &'static str, key: &'static str| {
        view! { <Button look=ButtonLook::Line class="is-large" disabled=is_over hint="Counts, and goes on to the next trial" on_press=move |()| blind.answer(x)>{text}" "<kbd aria-hidden="true">{key}</kbd></Button> }
    };
    view! {
        <div class="assist-table blind">
            <Show when=move || !is_over.get()>
                <div class="blind-sounds" role="group" aria-label="Hear">{Sound::ALL.map(hear).collect_view()}</div>
                <div class="blind-answers" role="group" aria-label="Which is X?">{answer(0, "X is A", "1")}{answer(1, "X is B", "2")}</div>
            </Show>
            <p>{move || blind.names().join(" against ")}</p>
        </div>
    }
}

/// What ends the test, or begins another one.
#[component]
fn Last(blind: Blind) -> impl IntoView {
    let is_over = Memo::new(move |_| blind.test.with(|test| test.as_ref().is_none_or(BlindTest::is_over)));
    view! {
        <Show when=move || is_over.get() fallback=move || view! {
            <Button look=ButtonLook::Line hint="Ends the test: who goes on until the score is good has measured chance" on_press=move |()| blind.end()>"Show the score"</Button>
        }>
            <Button look=ButtonLook::Primary on_press=move |()| blind.test.set(None)>"New test"</Button>
        </Show>
    }
}
