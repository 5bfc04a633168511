//! The level rows: fader value and held maximum, fader and meter on the shared scale.

use dsp::engine::strip_param;
use dsp::protocol::StripId;
use leptos::html::{Div, Span};
use leptos::prelude::*;

use super::labels::{ScaleLines, ScaleNumbers};
use super::meters::{MeterBoard, MeterPlace};
use crate::state::Studio;
use crate::ui::widgets::{Fader, keep_focus};

/// The fader's number, which is typed over, and the held maximum, which a press clears.
#[component]
pub fn LevelNumbers(strip: StripId, typing: RwSignal<bool>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let control = studio.strip_control(strip, strip_param::VOLUME);
    view! {
        <div class="numbers">
            <button
                type="button"
                class="fader-number n"
                tabindex="-1"
                aria-hidden="true"
                on:mousedown=keep_focus
                on:click=move |_| typing.set(true)
            >
                {move || control.spec.text_parts(control.value.get()).0}
            </button>
            <HeldMaximum strip />
        </div>
    }
}

/// The held maximum of a strip.
#[component]
pub fn HeldMaximum(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let board = expect_context::<MeterBoard>();
    let number = NodeRef::<Span>::new();
    board.add_number(strip, number);
    let reset = move |event: leptos::ev::MouseEvent| {
        if event.alt_key() {
            studio.reset_meters();
        } else {
            studio.reset_peak(strip);
        }
    };
    let hint = move || studio.hints.show("Held maximum", "Click clears it, Alt and click clears all");
    view! {
        <button
            type="button"
            class="held-maximum n"
            on:mousedown=keep_focus
            on:click=reset
            on:focus=move |_| hint()
            on:pointerenter=move |_| hint()
        >
            <span class="sr">"Held maximum "</span>
            <span node_ref=number>"–"</span>
        </button>
    }
}

/// Fader and meter side by side.
#[component]
pub fn FaderAndMeter(strip: StripId, typing: RwSignal<bool>, #[prop(optional)] wide: bool) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let board = expect_context::<MeterBoard>();
    let node = NodeRef::<Div>::new();
    let inserts = studio.strip_memo(strip, |strip| strip.inserts.iter().map(|insert| insert.id).collect::<Vec<_>>());
    board.add_meter(MeterPlace { strip, node, inserts, wide });
    view! {
        <div class="fader-and-meter">
            <div class="scale-lines"><ScaleLines /></div>
            <Fader control=studio.strip_control(strip, strip_param::VOLUME) name="Volume" typing />
            <div
                class="meter"
                node_ref=node
                role="meter"
                aria-label="Level"
                aria-valuemin="-90"
                aria-valuemax="6"
                aria-valuenow="-90"
                aria-valuetext="not measured"
            ></div>
            {wide.then(|| view! { <div class="scale" aria-hidden="true"><ScaleNumbers /></div> })}
        </div>
    }
}
