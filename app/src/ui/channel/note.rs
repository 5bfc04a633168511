//! What was noted about a strip, as plain text.

use dsp::protocol::StripId;
use leptos::ev::KeyboardEvent;
use leptos::html::Textarea;
use leptos::prelude::*;

use crate::state::Studio;

/// The box "Note"; leaving it keeps what was written, Escape leaves what was there.
#[component]
pub fn Note(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let note = studio.strip_memo(strip, |strip| strip.look.note.clone());
    let node = NodeRef::<Textarea>::new();
    let written = move || node.get_untracked().map(|area| area.value()).unwrap_or_default();
    let keep = move |_| {
        let written = written();
        if written != note.get_untracked() {
            studio.set_note(strip, &written);
        }
    };
    let key = move |event: KeyboardEvent| {
        event.stop_propagation();
        if let Some(area) = node.get_untracked().filter(|_| event.key() == "Escape") {
            area.set_value(&note.get_untracked());
            let _ = area.blur();
        }
    };
    view! {
        <textarea
            node_ref=node
            class="channel-note"
            aria-label="Note"
            placeholder="Note"
            rows="3"
            maxlength=session::rules::MAX_NOTE.to_string()
            prop:value=note
            on:change=keep
            on:keydown=key
        ></textarea>
    }
}
