//! A number in a table that is typed over: what cannot be read leaves the old one.

use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;

use crate::state::Studio;

/// A number as a person types it: with a true minus, a comma, or its unit behind it.
pub fn typed(text: &str) -> Option<f64> {
    let plain = text.trim().replace('−', "-").replace(',', ".");
    let number = plain.trim_end_matches(|c: char| c.is_alphabetic() || c.is_whitespace());
    number.trim_start_matches('+').parse::<f64>().ok().filter(|number| number.is_finite())
}

/// A text box with a number. Enter or leaving it sets the number, Escape leaves the old one.
#[component]
pub fn NumberCell(
    /// Accessible name, with its unit.
    #[prop(into)]
    name: Signal<String>,
    /// What it does, in the hint line.
    hint: &'static str,
    /// The number as it is written.
    #[prop(into)]
    text: Signal<String>,
    /// Called with the new number.
    #[prop(into)]
    on_number: Callback<f64>,
) -> impl IntoView {
    let hints = expect_context::<Studio>().hints;
    let node = NodeRef::<Input>::new();
    let restore = move || {
        if let Some(input) = node.get_untracked() {
            input.set_value(&text.get_untracked());
        }
    };
    let commit = move |_| {
        let Some(input) = node.get_untracked() else { return };
        if let Some(number) = typed(&input.value()) {
            on_number.run(number);
        }
        // Also when the edit was refused, or the number is the old one written otherwise.
        restore();
    };
    let key = move |event: KeyboardEvent| {
        event.stop_propagation();
        match event.key().as_str() {
            "Enter" => {}
            "Escape" => restore(),
            _ => return,
        }
        if let Some(input) = node.get_untracked() {
            let _ = input.blur();
        }
    };
    view! {
        <input
            node_ref=node
            type="text"
            class="album-number n"
            inputmode="decimal"
            autocomplete="off"
            spellcheck="false"
            aria-label=name
            prop:value=text
            on:change=commit
            on:keydown=key
            on:focus=move |_| hints.show(&name.get_untracked(), hint)
            on:pointerenter=move |_| hints.show(&name.get_untracked(), hint)
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_a_person_writes_it() {
        assert_eq!(typed("−1,5 s"), Some(-1.5));
        assert_eq!(typed("+2 LU"), Some(2.0));
        assert_eq!(typed(" 3 "), Some(3.0));
        assert_eq!((typed("two"), typed("")), (None, None));
    }
}
