//! The sheet of all keys.

use leptos::html::Dialog;
use leptos::prelude::*;

use super::map::BINDINGS;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, modal};

/// The dialog "Keys".
#[component]
pub fn KeySheet(open: RwSignal<bool>) -> impl IntoView {
    let node = NodeRef::<Dialog>::new();
    modal(node, move || open.get());
    let lines = BINDINGS
        .iter()
        .filter(|line| !line.keys.is_empty())
        .map(|line| view! { <div><dt><kbd>{line.keys}</kbd></dt><dd>{line.text}</dd></div> });
    view! {
        <dialog class="dialog key-sheet" node_ref=node aria-labelledby="key-sheet-title" on:close=move |_| open.set(false)>
            <header class="dialog-head">
                <h2 id="key-sheet-title">"Keys"</h2>
                <span class="grow"></span>
                <Button look=ButtonLook::Quiet class="is-icon" name="Close" on_press=move |()| open.set(false)><IconView icon=Icon::Close /></Button>
            </header>
            <dl>{lines.collect_view()}</dl>
        </dialog>
    }
}
