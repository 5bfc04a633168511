//! The tabs of the rooms.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::state::{Room, Studio};
use crate::ui::widgets::keep_focus;

const ROOMS: [(Room, &str); 2] = [(Room::Mix, "Mix"), (Room::Master, "Master")];

/// The tabs "Mix" and "Master": one Tab stop, arrows go from one to the other.
#[component]
pub fn RoomTabs() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let tab = move |(room, name): (Room, &'static str)| {
        let is_on = move || studio.room.get() == room;
        view! {
            <button
                type="button"
                role="tab"
                id=format!("tab-{}", name.to_lowercase())
                aria-controls="room-panel"
                aria-selected=move || if is_on() { "true" } else { "false" }
                tabindex=move || if is_on() { "0" } else { "-1" }
                on:mousedown=keep_focus
                on:click=move |_| studio.show_room(room)
            >
                {name}
            </button>
        }
    };
    let key = move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowLeft" | "Home" => ROOMS[0].0,
            "ArrowRight" | "End" => ROOMS[1].0,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        studio.show_room(to);
        let id = if to == Room::Mix { "tab-mix" } else { "tab-master" };
        if let Some(tab) = document().get_element_by_id(id).and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = tab.focus();
        }
    };
    view! {
        <div class="rooms" role="tablist" aria-label="Rooms" on:keydown=key>
            {ROOMS.map(tab).collect_view()}
        </div>
    }
}
