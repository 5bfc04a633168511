//! Places of a reference to listen from: set while it is heard, gone to at a press.

use leptos::prelude::*;
use session::Edit;
use session::model::SourceId;
use session::rules::MAX_CUES;

use super::references::References;
use crate::state::Studio;
use crate::ui::timeline::time;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};

/// The group "Cues" of the reference that was chosen last.
#[component]
pub fn Cues() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let references = expect_context::<References>();
    let cues = Memo::new(move |_| {
        let source = studio.compared.get()?;
        Some((source, studio.session(|session| session.cues.get(&source).cloned().unwrap_or_default())?))
    });
    let set = move |name: &'static str, source: SourceId, cues_s: Vec<f64>| {
        studio.dispatch(name, Edit::SetCues { source, cues_s });
    };
    let add = move |()| {
        if let Some((source, mut list)) = cues.get_untracked() {
            list.push(references.place_s(source));
            set("Set a cue", source, list);
        }
    };
    let one = move |(source, list, at): (SourceId, Vec<f64>, usize)| {
        let (place, text) = (list[at], time::short((list[at] * 1_000.0) as u64, 1_000));
        let others: Vec<f64> = list.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, cue)| *cue).collect();
        view! {
            <span class="cue">
                <Button look=ButtonLook::Listen class="is-small n" name=format!("Cue {} at {text}", at + 1) hint="Hear the reference from there" on_press=move |()| references.hear_from(source, place)>{text}</Button>
                <Button look=ButtonLook::Quiet class="is-icon is-small" name=format!("Remove cue {}", at + 1) on_press=move |()| set("Remove a cue", source, others.clone())><IconView icon=Icon::Close /></Button>
            </span>
        }
    };
    let buttons = move || {
        let (source, list) = cues.get().unwrap_or((SourceId(0), Vec::new()));
        (0..list.len()).map(|at| one((source, list.clone(), at))).collect_view()
    };
    let has_room = move || cues.with(|cues| cues.as_ref().is_some_and(|(_, list)| list.len() < MAX_CUES));
    view! {
        <div class="goal-cues" role="group" aria-label="Cues">
            <span class="lbl">"Cues"</span>
            {buttons}
            <Show when=has_room>
                <Button look=ButtonLook::Quiet class="is-small" hint="Marks where the reference is now" on_press=add>"Set cue"</Button>
            </Show>
        </div>
    }
}
