//! What stays true for a while and must be known: bars under the top of the page. What has just happened is a toast.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};

/// Said when shared memory is missing, which audio needs.
const NOT_ISOLATED: &str = "Audio cannot run here, because the page is not isolated. Its server must send the headers Cross-Origin-Opener-Policy: \
    same-origin and Cross-Origin-Embedder-Policy: require-corp.";
/// Said when the store is gone with the page.
const IN_MEMORY: &str = "This window keeps audio in memory only, as private windows do. Save a session file before you close it.";

/// The bars that are true now.
#[component]
pub fn StateBars() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let in_memory = RwSignal::new(false);
    let dismissed = RwSignal::new(false);
    spawn_local(async move {
        if let Ok(media) = studio.media().await {
            let status = media.storage_status().await;
            in_memory.try_set(!status.persistent);
        }
    });
    let save = move || {
        view! {
            <Button look=ButtonLook::Line class="is-small" on_press=move |()| studio.save_session_file()>"Save session file"</Button>
            <Button look=ButtonLook::Quiet class="is-small is-icon" name="Close message" on_press=move |()| dismissed.set(true)><IconView icon=Icon::Close /></Button>
        }
    };
    view! {
        <div class="state-bars" role="alert">
            {(!is_isolated()).then(|| view! { <Bar text=NOT_ISOLATED>""</Bar> })}
            <Show when=move || in_memory.get() && !dismissed.get() && studio.is_open()><Bar text=IN_MEMORY>{save()}</Bar></Show>
        </div>
    }
}

#[component]
fn Bar(text: &'static str, children: Children) -> impl IntoView {
    view! { <div class="state-bar"><IconView icon=Icon::Warn /><span class="grow">{text}</span>{children()}</div> }
}

/// Whether the page may share memory with its workers.
fn is_isolated() -> bool {
    js_sys::Reflect::get(&window(), &JsValue::from_str("crossOriginIsolated")).ok().and_then(|value| value.as_bool()).unwrap_or(false)
}
