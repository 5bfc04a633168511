//! The timeline of the Mix room.

pub mod time;

use leptos::prelude::*;

/// The timeline of the Mix room.
#[component]
pub fn Timeline() -> impl IntoView {
    view! { <div class="timeline"></div> }
}
