//! The dialog "Settings".

mod meters;

use leptos::html::Dialog;
use leptos::prelude::*;

use self::meters::MeterTest;
use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, modal};

/// The dialog.
#[component]
pub fn SettingsDialog() -> impl IntoView {
    let open = expect_context::<Studio>().settings_open;
    let node = NodeRef::<Dialog>::new();
    modal(node, move || open.get());
    view! {
        <dialog class="dialog settings" node_ref=node aria-labelledby="settings-title" on:close=move |_| open.set(false)>
            <header class="dialog-head">
                <h2 id="settings-title">"Settings"</h2>
                <span class="grow"></span>
                <Button look=ButtonLook::Quiet class="is-icon" name="Close" on_press=move |()| open.set(false)><IconView icon=Icon::Close /></Button>
            </header>
            <Show when=move || open.get()>
                <MeterTest />
            </Show>
        </dialog>
    }
}
