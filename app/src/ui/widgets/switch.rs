//! The switch: a setting that is on or off.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::button::keep_focus;
use crate::state::Studio;

/// A switch with its name beside it.
#[component]
pub fn Switch(
    /// Its name, on screen and for readers.
    #[prop(into)]
    name: String,
    /// What stands beside it when the name would not fit; empty for nothing.
    #[prop(optional, into)]
    caption: Option<String>,
    /// What it does, in the hint line.
    #[prop(optional)]
    hint: &'static str,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// Called with the new state.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    let hints = expect_context::<Studio>().hints;
    let shown = StoredValue::new(name.clone());
    let show = move || shown.with_value(|name| hints.show(name, hint));
    let caption = caption.unwrap_or_else(|| name.clone());
    let key = |event: KeyboardEvent| {
        if event.key() == " " {
            event.stop_propagation();
        }
    };
    view! {
        <button
            type="button"
            class="switch"
            role="switch"
            aria-label=name
            aria-checked=move || if on.get() { "true" } else { "false" }
            on:mousedown=keep_focus
            on:click=move |_| on_change.run(!on.get_untracked())
            on:keydown=key
            on:focus=move |_| show()
            on:pointerenter=move |_| show()
        >
            <i class="switch-slot"></i>
            <span class="switch-name">{caption}</span>
        </button>
    }
}
