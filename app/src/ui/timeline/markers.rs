//! Markers: named places on the ruler, dragged along it and named where they stand.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Input;
use leptos::prelude::*;
use session::Edit;
use session::model::{Marker, MarkerId};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::state::TimelineState;
use crate::state::Studio;
use crate::ui::widgets::start_typing;

/// A press that moves less is a click.
const CLICK_PX: f64 = 3.0;
/// A flag reaches so far to the left of its place.
const FLAG_PX: f64 = 5.0;

/// A press on a marker: where it was, and whether it has moved since.
#[derive(Clone, Copy)]
struct Press {
    x: f64,
    moved: bool,
}

/// A marker's flag, or its name while it is typed.
#[component]
pub fn MarkerButton(marker: Marker) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let (id, frame) = (marker.id, marker.frame);
    let name = StoredValue::new(marker.name);
    let (held, naming) = (RwSignal::new(None::<u64>), RwSignal::new(false));
    let press = StoredValue::new(None::<Press>);
    let left = move || {
        let x = state.window.with(|window| window.x(held.get().unwrap_or(frame))).round();
        // The flag of a marker at the left end would be cut in half.
        let x = if (0.0..FLAG_PX).contains(&x) { FLAG_PX } else { x };
        format!("{x}px")
    };
    let hidden = move || state.window.with(|window| !(-120.0..=window.width).contains(&window.x(frame)));
    let down = move |event: PointerEvent| {
        event.stop_propagation();
        let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let _ = element.set_pointer_capture(event.pointer_id());
        press.set_value(Some(Press { x: event.client_x().into(), moved: false }));
    };
    let moved = move |event: PointerEvent| {
        let Some(pressed) = press.get_value() else { return };
        let way = f64::from(event.client_x()) - pressed.x;
        if pressed.moved || way.abs() >= CLICK_PX {
            press.set_value(Some(Press { moved: true, ..pressed }));
            let window = state.window.get_untracked();
            let wanted = (frame as f64 + way * window.frames_per_px).max(0.0).round() as u64;
            held.set(Some(state.landed(studio, wanted, None, event.ctrl_key())));
        }
    };
    let up = move |_: PointerEvent| {
        press.set_value(None);
        if let Some(to) = held.get_untracked().filter(|to| *to != frame) {
            change(studio, &format!("Move {}", name.get_value()), id, |marker| marker.frame = to);
        } else if held.get_untracked().is_none() {
            studio.locate(frame);
        }
        held.try_set(None);
    };
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        "Delete" | "Backspace" => {
            event.stop_propagation();
            remove(studio, id);
        }
        "F2" => {
            event.prevent_default();
            naming.set(true);
        }
        "Enter" => {
            event.stop_propagation();
            studio.locate(frame);
        }
        _ => {}
    };
    let hint =
        move || studio.hints.show("Marker", "Click to move the playhead here · drag moves it · double-click or F2 names it · Delete");
    let flag = move || {
        view! {
            <button type="button" aria-label=format!("Marker {}", name.get_value()) on:pointerdown=down on:pointermove=moved on:pointerup=up
                on:pointercancel=move |_| { press.set_value(None); held.set(None); }
                on:dblclick=move |event| { event.stop_propagation(); naming.set(true); }
                on:keydown=key on:focus=move |_| hint() on:pointerenter=move |_| hint()>
                {name.get_value()}
            </button>
        }
    };
    view! {
        <li style:left=left class:is-hidden=hidden>
            <Show when=move || naming.get() fallback=flag>
                <MarkerName id name=name.get_value() naming />
            </Show>
        </li>
    }
}

/// The text box in the flag's place; Enter and leaving it take the name, Escape leaves the old one.
#[component]
fn MarkerName(id: MarkerId, name: String, naming: RwSignal<bool>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let node = NodeRef::<Input>::new();
    let old = StoredValue::new(name);
    Effect::new(move |_| {
        if let Some(input) = node.get() {
            old.with_value(|name| start_typing(&input, name));
        }
    });
    let take = move || {
        let typed = node.try_get_untracked().flatten().map(|input| input.value().trim().to_owned()).unwrap_or_default();
        naming.try_set(false);
        if !typed.is_empty() && old.try_get_value().is_some_and(|old| old != typed) {
            change(studio, &format!("Rename marker to {typed}"), id, |marker| marker.name = typed.clone());
        }
    };
    let key = move |event: KeyboardEvent| {
        event.stop_propagation();
        match event.key().as_str() {
            "Enter" => take(),
            "Escape" => naming.set(false),
            _ => {}
        }
    };
    view! {
        <input node_ref=node class="marker-name" type="text" aria-label="Marker name" on:keydown=key
            on:blur=move |_| if naming.try_get_untracked() == Some(true) { take() }
            on:pointerdown=|event| event.stop_propagation() on:dblclick=|event| event.stop_propagation() />
    }
}

/// Puts a marker at a frame.
pub fn add(studio: Studio, frame: u64) {
    let Some(song) = studio.peek_song_id() else { return };
    let made = studio.peek(|session| {
        let mut markers = session.song(song)?.markers.clone();
        let name = format!("Marker {}", markers.len() + 1);
        markers.push(Marker { id: session.ids().marker(), frame, name: name.clone() });
        markers.sort_by_key(|marker| marker.frame);
        Some((name, markers))
    });
    if let Some((name, markers)) = made.flatten() {
        studio.dispatch(format!("Add {name}"), Edit::SetMarkers { song, markers });
    }
}

fn change(studio: Studio, step: &str, id: MarkerId, how: impl Fn(&mut Marker)) {
    let Some((song, mut markers)) = studio.peek_song(|song| (song.id, song.markers.clone())) else { return };
    markers.iter_mut().filter(|marker| marker.id == id).for_each(how);
    markers.sort_by_key(|marker| marker.frame);
    studio.dispatch(step, Edit::SetMarkers { song, markers });
}

fn remove(studio: Studio, id: MarkerId) {
    let Some((song, mut markers)) = studio.peek_song(|song| (song.id, song.markers.clone())) else { return };
    markers.retain(|marker| marker.id != id);
    studio.dispatch("Delete marker", Edit::SetMarkers { song, markers });
}
