//! The tabs of the rooms.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::state::{Room, Studio};
use crate::ui::widgets::keep_focus;

/// The id of a room's tab.
fn tab_id(room: Room) -> String {
    format!("tab-{}", room.name().to_lowercase())
}

/// The tabs "Mix", "Master" and "Album": one Tab stop, arrows go from one to the next.
#[component]
pub fn RoomTabs() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let tab = move |room: Room| {
        let is_on = move || studio.room.get() == room;
        view! {
            <button
                type="button"
                role="tab"
                id=tab_id(room)
                aria-controls="room-panel"
                aria-selected=move || if is_on() { "true" } else { "false" }
                tabindex=move || if is_on() { "0" } else { "-1" }
                on:mousedown=keep_focus
                on:click=move |_| studio.show_room(room)
            >
                {room.name()}
            </button>
        }
    };
    let key = move |event: KeyboardEvent| {
        let (now, last) = (Room::ALL.iter().position(|room| *room == studio.room.get_untracked()).unwrap_or(0), Room::ALL.len() - 1);
        let to = match event.key().as_str() {
            "ArrowLeft" => now.saturating_sub(1),
            "ArrowRight" => (now + 1).min(last),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        let to = Room::ALL[to];
        event.prevent_default();
        event.stop_propagation();
        studio.show_room(to);
        if let Some(tab) = document().get_element_by_id(&tab_id(to)).and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = tab.focus();
        }
    };
    view! {
        <div class="rooms" role="tablist" aria-label="Rooms" on:keydown=key>
            {Room::ALL.map(tab).collect_view()}
        </div>
    }
}
