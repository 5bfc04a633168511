//! The start page: where audio comes in.

use leptos::prelude::*;

/// The start page: where audio comes in.
#[component]
pub fn StartPage() -> impl IntoView {
    view! { <div class="start"></div> }
}
