//! The dialog "Settings".

mod meters;

use leptos::html::Dialog;
use leptos::prelude::*;

use self::meters::MeterTest;
use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};

/// The dialog.
#[component]
pub fn SettingsDialog() -> impl IntoView {
    let open = expect_context::<Studio>().settings_open;
    let node = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            if open.get() && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !open.get() && dialog.open() {
                dialog.close();
            }
        }
    });
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
