//! Undo, redo, and the list of all steps by their names.

use leptos::prelude::*;

use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Menu, MenuItem};

/// Most steps that are listed on either side of where the document stands.
const MOST_STEPS: usize = 24;

/// The two buttons and the list.
#[component]
pub fn History() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let undo = Memo::new(move |_| studio.undo_name());
    let redo = Memo::new(move |_| studio.redo_name());
    let hint = |what: &'static str, name: Memo<Option<String>>| {
        Signal::derive(move || name.get().map_or_else(|| what.to_owned(), |name| format!("{what}: {name}")))
    };
    view! {
        <div class="top-group" role="group" aria-label="History">
            <Button look=ButtonLook::Quiet class="is-icon" name="Undo" hint=hint("Undo", undo) disabled=Signal::derive(move || undo.with(Option::is_none)) on_press=move |()| studio.undo()>
                <IconView icon=Icon::Undo />
            </Button>
            <Button look=ButtonLook::Quiet class="is-icon" name="Redo" hint=hint("Redo", redo) disabled=Signal::derive(move || redo.with(Option::is_none)) on_press=move |()| studio.redo()>
                <IconView icon=Icon::Redo />
            </Button>
            <Menu name=Signal::stored("Steps".to_owned()) class="btn is-quiet is-icon" hint="All steps by name; one that is chosen is gone to" items=Callback::new(move |()| steps(studio))>
                <IconView icon=Icon::Stems />
            </Menu>
        </div>
    }
}

/// The newest step first; where the document stands is marked.
fn steps(studio: Studio) -> Vec<MenuItem> {
    let (names, done) = studio.step_names();
    let range = done.saturating_sub(MOST_STEPS)..=(done + MOST_STEPS).min(names.len());
    let item = |count: usize| {
        let name = if count == 0 { "As it was opened" } else { names[count - 1].as_str() };
        let (text, hint) = if count == done {
            (format!("● {name}"), "The document stands here")
        } else if count > done {
            (format!("↷ {name}"), "Taken back; does everything up to here again")
        } else {
            (name.to_owned(), "Takes everything back that came after it")
        };
        MenuItem::new(text, hint, move || studio.go_to_step(count))
    };
    range.rev().map(item).collect()
}
