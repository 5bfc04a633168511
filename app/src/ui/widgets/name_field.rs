//! A name that can be edited in place: a text box that looks like its label until it has the focus.

use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

/// A text box "Name". Enter or leaving it sets the name, Escape leaves the old one; an empty name is not taken.
#[component]
pub fn NameField(
    /// Accessible name.
    #[prop(default = "Name")]
    label: &'static str,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// The name.
    #[prop(into)]
    name: Signal<String>,
    /// Called with the new name.
    #[prop(into)]
    on_name: Callback<String>,
) -> impl IntoView {
    let node = NodeRef::<Input>::new();
    let restore = move || {
        if let Some(input) = node.get_untracked() {
            input.set_value(&name.get_untracked());
        }
    };
    let commit = move |_| {
        let Some(input) = node.get_untracked() else { return };
        let typed = input.value().trim().to_owned();
        if typed.is_empty() || typed == name.get_untracked() {
            restore();
        } else {
            on_name.run(typed);
        }
    };
    let key = move |event: KeyboardEvent| {
        event.stop_propagation();
        let Some(input) = node.get_untracked() else { return };
        match event.key().as_str() {
            "Enter" => {}
            "Escape" => restore(),
            _ => return,
        }
        let _ = input.blur();
    };
    view! {
        <input
            node_ref=node
            type="text"
            class=format!("name-field {class}")
            aria-label=label
            autocomplete="off"
            spellcheck="false"
            maxlength="80"
            prop:value=name
            title=name
            on:change=commit
            on:keydown=key
        />
    }
}
