//! Buttons: press on release, and the focus stays where it was when the pointer pressed, so that Space stays Play.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use crate::state::Studio;

/// How a button looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonLook {
    /// On a control's ground.
    #[default]
    Standard,
    /// Ivory; one in a view.
    Primary,
    /// Only an outline.
    Line,
    /// Only its icon or word.
    Quiet,
    /// What is only listened to.
    Listen,
}

impl ButtonLook {
    const fn class(self) -> &'static str {
        match self {
            Self::Standard => "btn",
            Self::Primary => "btn is-primary",
            Self::Line => "btn is-line",
            Self::Quiet => "btn is-quiet",
            Self::Listen => "btn is-listen",
        }
    }
}

/// A pointer press leaves the focus where it is.
pub fn keep_focus(event: MouseEvent) {
    event.prevent_default();
}

/// A button.
#[component]
pub fn Button(
    /// Look.
    #[prop(optional)]
    look: ButtonLook,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// Accessible name, where the content is not its name.
    #[prop(optional, into)]
    name: MaybeProp<String>,
    /// What it does, in the hint line.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// Whether it cannot be pressed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called on release.
    #[prop(into)]
    on_press: Callback<()>,
    /// What stands on it.
    children: Children,
) -> impl IntoView {
    let hints = expect_context::<Studio>().hints;
    let show = move || hints.show(&name.get_untracked().unwrap_or_default(), &hint.get_untracked());
    view! {
        <button
            type="button"
            class=format!("{} {class}", look.class())
            aria-label=move || name.get()
            title=move || Some(hint.get()).filter(|hint| !hint.is_empty())
            disabled=disabled
            on:mousedown=keep_focus
            on:click=move |_| on_press.run(())
            on:focus=move |_| show()
            on:pointerenter=move |_| show()
        >
            {children()}
        </button>
    }
}

/// A button that stays down: `aria-pressed`.
#[component]
pub fn ToggleButton(
    /// Look.
    #[prop(optional)]
    look: ButtonLook,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
    /// Accessible name.
    #[prop(into)]
    name: String,
    /// What it does, in the hint line.
    #[prop(optional)]
    hint: &'static str,
    /// Whether it is down.
    #[prop(into)]
    pressed: Signal<bool>,
    /// Called on release with the event, whose modifier keys may matter.
    #[prop(into)]
    on_press: Callback<MouseEvent>,
    /// What stands on it.
    children: Children,
) -> impl IntoView {
    let hints = expect_context::<Studio>().hints;
    let shown = StoredValue::new(name.clone());
    let show = move || shown.with_value(|name| hints.show(name, hint));
    view! {
        <button
            type="button"
            class=format!("{} {class}", look.class())
            aria-label=name
            aria-pressed=move || if pressed.get() { "true" } else { "false" }
            on:mousedown=keep_focus
            on:click=move |event| on_press.run(event)
            on:focus=move |_| show()
            on:pointerenter=move |_| show()
        >
            {children()}
        </button>
    }
}
