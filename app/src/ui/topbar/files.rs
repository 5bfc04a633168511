//! Session files, and whether audio runs.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::state::Studio;
use crate::ui::status::rate_text;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};

/// The button "Save session file".
#[component]
pub fn SaveSessionFile() -> impl IntoView {
    let studio = expect_context::<Studio>();
    view! {
        <Button
            look=ButtonLook::Quiet
            class="is-icon"
            name="Save session file"
            hint="One file with the session and its audio, to keep or to open elsewhere (Ctrl S)"
            on_press=move |()| studio.save_session_file()
        >
            <IconView icon=Icon::Save />
        </Button>
    }
}

/// The input "Open session file", dressed as a button: an icon, or with its words.
#[component]
pub fn OpenSessionFile(#[prop(optional)] is_worded: bool) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let chosen = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        if let Some(file) = input.files().and_then(|files| files.item(0)) {
            studio.open_session_file(file);
        }
        input.set_value("");
    };
    let hint = move || studio.hints.show("Open session file", "A file that was written by Save session file");
    view! {
        <label class="btn is-quiet file-button" class:is-icon=!is_worded title="Open session file">
            <input type="file" class="file-input" aria-label="Open session file" accept=".headroom,.zip" on:change=chosen on:focus=move |_| hint() />
            <IconView icon=if is_worded { Icon::File } else { Icon::Open } />
            {is_worded.then_some("Open session file")}
        </label>
    }
}

/// "Start audio" until audio runs, then its rate.
#[component]
pub fn AudioState() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let rate = Memo::new(move |_| studio.song(|song| rate_text(song.rate_hz)).unwrap_or_default());
    view! {
        <Show
            when=move || studio.audio_on.get()
            fallback=move || view! { <Button look=ButtonLook::Line class="is-small" on_press=move |()| studio.start_audio()>"Start audio"</Button> }
        >
            <span class="audio-on"><i class="dot"></i><span class="n">{rate}</span></span>
        </Show>
    }
}
