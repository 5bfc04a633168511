//! The combobox: a native select, which brings its keys, its list and its reader support along.

use dsp::params::{ParamSpec, Unit};
use leptos::prelude::*;

use super::Control;
use crate::state::Studio;

/// One line of a [`Select`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectOption {
    /// What is handed back.
    pub value: String,
    /// What is read.
    pub text: String,
}

impl SelectOption {
    /// A line.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into() }
    }
}

/// A combobox.
#[component]
pub fn Select(
    /// Accessible name.
    #[prop(into)]
    name: String,
    /// What it does, in the hint line.
    #[prop(optional)]
    hint: &'static str,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// The lines.
    #[prop(into)]
    options: Signal<Vec<SelectOption>>,
    /// The chosen line's value.
    #[prop(into)]
    chosen: Signal<String>,
    /// Called with the chosen value.
    #[prop(into)]
    on_choose: Callback<String>,
) -> impl IntoView {
    let hints = expect_context::<Studio>().hints;
    let shown = StoredValue::new(name.clone());
    let show = move || shown.with_value(|name| hints.show(name, hint));
    let node = NodeRef::<leptos::html::Select>::new();
    // The options are made anew when the list changes, so the choice is set after them.
    Effect::new(move |_| {
        let (options, chosen) = (options.get(), chosen.get());
        if let Some(select) = node.get() {
            let index = options.iter().position(|option| option.value == chosen);
            select.set_selected_index(index.map_or(-1, |index| index as i32));
        }
    });
    let lines = move || {
        let line = |option: SelectOption| view! { <option value=option.value>{option.text}</option> };
        options.get().into_iter().map(line).collect_view()
    };
    view! {
        <select
            node_ref=node
            class=format!("select {class}")
            aria-label=name
            on:change=move |event| on_choose.run(event_target_value(&event))
            on:focus=move |_| show()
            on:pointerenter=move |_| show()
        >
            {lines}
        </select>
    }
}

/// A combobox for a parameter whose values are words.
#[component]
pub fn ChoiceSelect(
    /// What it sets.
    control: Control,
    /// Accessible name.
    #[prop(into)]
    name: String,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let spec = control.spec;
    let options = words(spec);
    let chosen = Signal::derive(move || (control.value.get().round() as usize).to_string());
    let choose = move |value: String| {
        if let Ok(index) = value.parse::<u16>() {
            control.set_once(f32::from(index));
        }
    };
    view! { <Select name hint=spec.help class options=Signal::stored(options) chosen on_choose=choose /> }
}

fn words(spec: &ParamSpec) -> Vec<SelectOption> {
    let Unit::Choice(words) = spec.unit else { return Vec::new() };
    words.iter().enumerate().map(|(index, word)| SelectOption::new(index.to_string(), *word)).collect()
}
