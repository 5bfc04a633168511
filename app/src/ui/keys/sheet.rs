//! The sheet of all keys, on which each can be given to a command anew.

use leptos::ev::KeyboardEvent;
use leptos::html::Dialog;
use leptos::prelude::*;

use super::chord::Chord;
use super::map::{BINDINGS, Binding, Command};
use super::own::KeyChoice;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, modal};

/// What the sheet is doing.
#[derive(Clone, Copy)]
struct Sheet {
    choice: KeyChoice,
    /// The command whose next key is waited for.
    waiting: RwSignal<Option<Command>>,
    /// Whether the key that is held was a choice.
    has_chosen: StoredValue<bool>,
    /// What was done last, in words.
    said: RwSignal<String>,
}

impl Sheet {
    /// Takes a press while a key is waited for.
    fn press(self, binding: &'static Binding, event: &KeyboardEvent) {
        if self.waiting.get_untracked() != Some(binding.command) || event.key() == "Tab" {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        self.has_chosen.set_value(true);
        if event.key() == "Escape" {
            self.waiting.set(None);
            return;
        }
        let Some(chord) = Chord::pressed(event) else { return };
        self.waiting.set(None);
        let loser = self.choice.peek(|own| own.owner(&chord, binding.command));
        self.said.set(match loser {
            Some(loser) => format!("{chord}: {}. It was “{}”, which has no key now.", binding.text, loser.text),
            None => format!("{chord}: {}.", binding.text),
        });
        self.choice.change(|own| own.choose(binding.command, chord));
    }

    /// Keeps the release of a chosen Space from pressing the button, as Firefox has it.
    fn release(self, event: &KeyboardEvent) {
        if self.has_chosen.get_value() {
            self.has_chosen.set_value(false);
            event.prevent_default();
        }
    }
}

/// A command with its key, which is a button.
#[component]
fn Line(sheet: Sheet, binding: &'static Binding) -> impl IntoView {
    let is_waiting = move || sheet.waiting.get() == Some(binding.command);
    let keys = move || sheet.choice.with(|own| own.written(binding));
    let shown = move || match keys() {
        _ if is_waiting() => "Press a key".to_owned(),
        keys if keys.is_empty() => "none".to_owned(),
        keys => keys,
    };
    let name = move || match keys() {
        keys if keys.is_empty() => format!("{}, no key", binding.text),
        keys => format!("{}, {keys}", binding.text),
    };
    let is_own = Memo::new(move |_| sheet.choice.with(|own| own.of(binding.command).is_some()));
    let fixed = matches!(binding.command, Command::Escape);
    view! {
        <div class:is-own=is_own>
            <dt>
                <button
                    type="button"
                    class="key"
                    aria-label=name
                    disabled=fixed
                    title="Choose another key"
                    on:click=move |_| sheet.waiting.set(Some(binding.command))
                    on:keydown=move |event| sheet.press(binding, &event)
                    on:keyup=move |event| sheet.release(&event)
                    on:blur=move |_| sheet.waiting.set(None)
                >
                    <kbd>{shown}</kbd>
                </button>
            </dt>
            <dd>
                <span class="grow">{binding.text}</span>
                <Show when=move || is_own.get()>
                    <Button look=ButtonLook::Quiet class="is-small" name=format!("Original key of {}", binding.text) on_press=move |()| sheet.choice.change(|own| own.forget(binding.command))>
                        "Reset"
                    </Button>
                </Show>
            </dd>
        </div>
    }
}

/// The dialog "Keys".
#[component]
pub fn KeySheet(open: RwSignal<bool>) -> impl IntoView {
    let node = NodeRef::<Dialog>::new();
    modal(node, move || open.get());
    let sheet = Sheet {
        choice: expect_context(),
        waiting: RwSignal::new(None),
        has_chosen: StoredValue::new(false),
        said: RwSignal::new(String::new()),
    };
    let lines = BINDINGS.iter().filter(|line| !line.keys.is_empty()).map(|binding| view! { <Line sheet binding /> });
    let has_own = Memo::new(move |_| sheet.choice.with(|own| !own.is_empty()));
    view! {
        <dialog class="dialog key-sheet" node_ref=node aria-labelledby="key-sheet-title" on:close=move |_| open.set(false)>
            <header class="dialog-head">
                <h2 id="key-sheet-title">"Keys"</h2>
                <p class="grow key-said" role="status">
                    {move || sheet.said.with(|said| if said.is_empty() { "Press a key's field to choose another.".to_owned() } else { said.clone() })}
                </p>
                <Show when=move || has_own.get()>
                    <Button look=ButtonLook::Quiet class="is-small" on_press=move |()| sheet.choice.change(|own| *own = Default::default())>"Reset all"</Button>
                </Show>
                <Button look=ButtonLook::Quiet class="is-icon" name="Close" on_press=move |()| open.set(false)><IconView icon=Icon::Close /></Button>
            </header>
            <dl>{lines.collect_view()}</dl>
        </dialog>
    }
}
