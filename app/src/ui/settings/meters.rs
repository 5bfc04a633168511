//! The meters' self-test: the EBU's signals played through the running build, and a table of what must be read and what was.

use dsp::meters::proof::Proof;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::audio::{Proven, prove_meters};
use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook};

/// The rate of the test where no song says another.
const RATE_HZ: u32 = 48_000;

/// How far the test is.
#[derive(Clone, Debug, PartialEq)]
enum State {
    NotRun,
    Running,
    Done(u32, Vec<Proven>),
    Failed(String),
}

/// What the test says of itself.
fn summary(state: &State) -> String {
    match state {
        State::NotRun => "Plays the test signals of EBU Tech 3341 and 3342 into the meters of this build.".into(),
        State::Running => "Testing. This takes some seconds.".into(),
        State::Done(rate_hz, proven) => {
            let readings = || proven.iter().flat_map(|proven| &proven.proofs);
            let passed = readings().filter(|proof| proof.passes).count();
            format!("{passed} of {} readings are within their limits, at {rate_hz} Hz.", readings().count())
        }
        State::Failed(sentence) => sentence.clone(),
    }
}

/// A number of the table.
fn number(value: f64) -> String {
    if value.is_finite() { format!("{value:.2}").replace('-', "−") } else { "–".into() }
}

/// The section "Meter self-test".
#[component]
pub fn MeterTest() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = RwSignal::new(State::NotRun);
    let run = move |()| {
        let rate_hz = studio.peek_song(|song| song.rate_hz).unwrap_or(RATE_HZ);
        state.set(State::Running);
        spawn_local(async move {
            let result = prove_meters(rate_hz).await.map_or_else(State::Failed, |proven| State::Done(rate_hz, proven));
            state.try_set(result);
        });
    };
    let rows = move || {
        state.with(|state| match state {
            State::Done(_, proven) => proven.iter().flat_map(|proven| proven.proofs.iter().map(|proof| row(proven, proof))).collect(),
            _ => Vec::new(),
        })
    };
    let is_running = Signal::derive(move || state.with(|state| *state == State::Running));
    let has_rows = move || state.with(|state| matches!(state, State::Done(..)));
    view! {
        <section class="settings-test" aria-labelledby="meter-test-title">
            <div class="settings-line">
                <h3 id="meter-test-title">"Meter self-test"</h3>
                <p role="status">{move || state.with(summary)}</p>
                <Button look=ButtonLook::Line name="Test the meters" disabled=is_running on_press=run>"Test the meters"</Button>
            </div>
            <Show when=has_rows>
                <div class="settings-table" tabindex="0" role="group" aria-label="Readings">
                    <table>
                        <thead>
                            <tr><th scope="col">"Case"</th><th scope="col">"Shows"</th><th scope="col">"Reading"</th><th scope="col">"Expected"</th><th scope="col">"Limits"</th><th scope="col">"Read"</th><th scope="col">"Result"</th></tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </Show>
        </section>
    }
}

fn row(proven: &Proven, proof: &Proof) -> impl IntoView + use<> {
    let case = proven.case;
    let (reading, unit) = (proof.reading.name(), proof.reading.unit());
    let limits = format!("−{:.1} to +{:.1}", case.below, case.above);
    let (result, class) = if proof.passes { ("Pass", "is-ok") } else { ("Fail", "is-bad") };
    view! {
        <tr>
            <th scope="row">{case.name}</th>
            <td>{case.about}</td>
            <td>{reading}</td>
            <td class="n">{number(proof.expected)}"\u{2009}"<span class="u">{unit}</span></td>
            <td class="n">{limits}</td>
            <td class="n">{number(proof.read)}</td>
            <td class=class>{result}</td>
        </tr>
    }
}
