//! The Master room.

use leptos::prelude::*;

/// The Master room.
#[component]
pub fn MasterRoom() -> impl IntoView {
    view! { <div class="master"></div> }
}
