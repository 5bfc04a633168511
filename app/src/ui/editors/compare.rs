//! A and B of an insert: two settings of one processor, changed at a press. What is not heard is kept while the page is open; what is
//! heard is the document's, so the change is an edit like any other.

use std::collections::HashMap;

use dsp::protocol::InsertId;
use leptos::prelude::*;
use session::Edit;
use session::model::{Insert, Values};

use super::view::InsertView;
use crate::state::Studio;
use crate::ui::widgets::{ButtonLook, ToggleButton};

/// Settings of the side that is not heard.
#[derive(Clone, Default)]
struct Other {
    is_b: bool,
    values: Values,
    preset: Option<String>,
}

/// The sides of all inserts that were compared; a context of the page.
#[derive(Clone, Copy)]
pub struct Comparisons {
    others: RwSignal<HashMap<InsertId, Other>>,
}

impl Comparisons {
    /// None yet: everything is at A.
    pub fn new() -> Self {
        Self { others: RwSignal::new(HashMap::new()) }
    }

    fn hears_b(self, insert: InsertId) -> bool {
        self.others.with(|others| others.get(&insert).is_some_and(|other| !other.is_b))
    }

    /// Puts the other side in; the first time it is a copy.
    fn turn(self, studio: Studio, view: InsertView) {
        let Some(song) = studio.peek_song_id() else { return };
        let read = |insert: &Insert| (insert.values.clone(), insert.preset.clone());
        let Some((values, preset)) = studio.peek_strip(view.strip, |strip| strip.insert(view.insert).map(read)).flatten() else { return };
        let was_b = untrack(|| self.hears_b(view.insert));
        let found = self.others.with_untracked(|others| others.get(&view.insert).cloned());
        let next = found.unwrap_or_else(|| Other { is_b: true, values: values.clone(), preset: preset.clone() });
        self.others.update(|others| {
            others.insert(view.insert, Other { is_b: was_b, values: values.clone(), preset });
        });
        if next.values != values {
            let step = studio.step_name(view.strip, &format!("{} to {}", view.spec.name, if was_b { "A" } else { "B" }));
            let edit = Edit::SetInsertValues { song, strip: view.strip, insert: view.insert, values: next.values, preset: next.preset };
            studio.dispatch(step, edit);
        }
    }
}

/// The pair of buttons "A" and "B".
#[component]
pub fn Compare(view: InsertView) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let comparisons = expect_context::<Comparisons>();
    let hears_b = Memo::new(move |_| comparisons.hears_b(view.insert));
    let side = move |is_b: bool| {
        let pressed = Signal::derive(move || hears_b.get() == is_b);
        let turn = move |_| {
            if hears_b.get_untracked() != is_b {
                comparisons.turn(studio, view);
            }
        };
        let name = if is_b { "B" } else { "A" };
        let hint = "Two settings of one processor; the other side begins as a copy";
        view! { <ToggleButton look=ButtonLook::Quiet class="is-small is-soft" name=format!("Settings {name}") hint pressed on_press=turn>{name}</ToggleButton> }
    };
    view! { <span class="editor-compare" role="group" aria-label="Compare settings">{side(false)}{side(true)}</span> }
}
