//! The export dialog.

use leptos::prelude::*;

/// The export dialog.
#[component]
pub fn ExportDialog() -> impl IntoView {
    view! { <div class="export"></div> }
}
