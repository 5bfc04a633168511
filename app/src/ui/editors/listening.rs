//! Listening to a processor against what goes into it, at the same loudness: around it, itself, or only what it changes. Nothing of
//! this is in the song or its export.

use dsp::protocol::{InsertId, Listen};
use leptos::html::Span;
use leptos::prelude::*;

use crate::state::Studio;
use crate::ui::frame::FrameLoop;
use crate::ui::widgets::{ButtonLook, ToggleButton};

/// A decibel number with its sign.
fn signed(db: f32) -> String {
    let text = format!("{:.1}", db.abs());
    match (text.as_str(), db < 0.0) {
        ("0.0", _) => text,
        (_, true) => format!("−{text}"),
        (_, false) => format!("+{text}"),
    }
}

/// The group "Compare with its input".
#[component]
pub fn Listening(insert: InsertId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let frames = expect_context::<FrameLoop>();
    let matched = NodeRef::<Span>::new();
    studio.compare(insert, Some(Listen::Through));
    on_cleanup(move || studio.compare(insert, None));
    let mut shown = None;
    frames.each(move |frame| {
        let now = frame.readings.match_db(insert).filter(|_| frame.readings.running).map(|db| (db * 10.0).round() / 10.0);
        if frame.is_number_time
            && now != shown
            && let Some(node) = matched.get_untracked()
        {
            node.set_text_content(now.map(|db| format!("matched {}\u{2009}dB", signed(db))).as_deref());
            shown = now;
        }
    });
    let part = move |what: Listen, name: &'static str, text: &'static str, hint: &'static str| {
        let pressed = Signal::derive(move || studio.listens(insert) == what);
        let press = move |_| studio.compare(insert, Some(if pressed.get_untracked() { Listen::Through } else { what }));
        view! { <ToggleButton look=ButtonLook::Listen class="is-small" name=name hint=hint pressed on_press=press>{text}</ToggleButton> }
    };
    view! {
        <span class="editor-listening" role="group" aria-label="Compare with its input">
            {part(Listen::Around, "Hear without it", "Without", "What goes in, as loud as what comes out; the song and its export stay as they are")}
            {part(Listen::Change, "Hear the change", "Change", "Only what it changes beside the loudness")}
            {part(Listen::Matched, "Match the settings", "Match", "As loud as what goes in, so that settings A and B are compared at one loudness")}
            <span class="lbl n editor-matched" node_ref=matched></span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_is_written_with_a_true_sign_and_no_minus_zero() {
        assert_eq!(["+1.5", "−2.0", "0.0"], [1.46, -2.04, -0.01].map(signed).each_ref().map(String::as_str));
    }
}
