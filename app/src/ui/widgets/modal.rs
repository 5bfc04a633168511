//! Dialogs that have the page to themselves while they are open.

use leptos::html::Dialog;
use leptos::prelude::*;

/// Opens and closes a dialog with a signal. The browser keeps the focus inside and gives it back.
pub fn modal(node: NodeRef<Dialog>, open: impl Fn() -> bool + 'static) {
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match (open(), dialog.open()) {
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
}
