//! The text field in which a value is typed: it opens over its control and takes what [`ParamSpec::parse`] takes.

use std::time::Duration;

use dsp::params::ParamSpec;
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;
use web_sys::HtmlInputElement;

/// A field that was left with something unreadable in it stays so long, in case the person comes back to mend it.
const LEFT_STAYS: Duration = Duration::from_secs(4);

/// Puts the focus into a text box, all of its text selected: what is typed takes its place.
pub fn start_typing(input: &HtmlInputElement, text: &str) {
    // The text comes first: what is not there yet cannot be selected.
    input.set_value(text);
    let _ = input.focus();
    input.select();
}

/// A text field over a control. Enter and Tab set the value, Escape leaves it; what cannot be read stays, with the range beside it.
#[component]
pub fn TypeIn(
    /// What is typed.
    spec: &'static ParamSpec,
    /// The control's name.
    name: Signal<String>,
    /// The value now.
    value: Signal<f32>,
    /// Set to false when done.
    typing: RwSignal<bool>,
    /// Called with the value, or with `None` when it was left.
    on_value: Callback<Option<f32>>,
    /// Called when the field has gone by the keyboard: the focus goes back.
    on_closed: Callback<()>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    let wrong = RwSignal::new(false);
    let start = spec.text(value.get_untracked());
    Effect::new(move |_| {
        if let Some(input) = node.get() {
            start_typing(&input, &start);
        }
    });
    let read = move || node.get_untracked().and_then(|input| spec.parse(&input.value()).ok());
    let close = move |value: Option<f32>| {
        typing.set(false);
        on_value.run(value);
    };
    let key = move |event: KeyboardEvent| {
        event.stop_propagation();
        match event.key().as_str() {
            "Enter" => match read() {
                Some(value) => {
                    close(Some(value));
                    on_closed.run(());
                }
                None => wrong.set(true),
            },
            "Escape" => {
                close(None);
                on_closed.run(());
            }
            _ => return,
        }
        event.prevent_default();
    };
    let is_left = move || {
        let active = document().active_element();
        node.try_get_untracked().flatten().is_some_and(|input| !active.is_some_and(|active| active.is_same_node(Some(&input))))
    };
    let blur = move |_| {
        if typing.try_get_untracked() != Some(true) {
            return;
        }
        match read() {
            Some(value) => close(Some(value)),
            None => set_timeout(
                move || {
                    if typing.try_get_untracked() == Some(true) && is_left() {
                        close(None);
                    }
                },
                LEFT_STAYS,
            ),
        }
    };
    let range = format!("{} to {}", spec.text(spec.min), spec.text(spec.max));
    view! {
        <span class="type-in" class:is-wrong=wrong>
            <input
                node_ref=node
                type="text"
                class="box"
                autocomplete="off"
                spellcheck="false"
                aria-label=move || format!("{} value", name.get())
                aria-invalid=move || wrong.get().then_some("true")
                on:keydown=key
                on:keyup=|event| event.stop_propagation()
                on:input=move |_| wrong.set(false)
                on:blur=blur
            />
            <Show when=move || wrong.get()>
                <span class="type-in-range" role="alert">{range.clone()}</span>
            </Show>
        </span>
    }
}
