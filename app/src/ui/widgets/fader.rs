//! The fader: a vertical slider whose travel is its own height.

use leptos::prelude::*;

use super::Control;
use super::slider::{Slider, Travel};

/// The cap may stand with its middle on both ends of the slot: the slot is this much shorter than the hit area.
const END_ROOM_PX: u32 = 16;

/// A fader; its number stands elsewhere and opens the type-in through `typing`.
#[component]
pub fn Fader(
    /// What it turns.
    control: Control,
    /// Its accessible name.
    #[prop(into)]
    name: Signal<String>,
    /// Opens the type-in.
    typing: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <Slider control name class="fader" travel=Travel::Height(END_ROOM_PX) typing>
            <i class="cap" style=("--p", move || format!("{:.4}", control.position()))></i>
        </Slider>
    }
}
