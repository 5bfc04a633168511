//! The whole window takes files: what is being dragged over it, where it would go, and the letting go.

use leptos::ev::{self, DragEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::{Imports, Intent, gather, order, receive};
use crate::state::{Room, Studio};

/// What is being dragged over the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hover {
    /// How many files, as far as the browser tells before the drop.
    pub files: usize,
    /// Where they would go.
    pub room: Room,
}

/// The window as a place for files; a context of the page.
#[derive(Clone, Copy)]
pub struct DropZone {
    /// What is dragged over it.
    pub hover: RwSignal<Option<Hover>>,
}

impl DropZone {
    /// Nothing is dragged.
    pub fn new() -> Self {
        Self { hover: RwSignal::new(None) }
    }

    /// Listens on the window for as long as the calling view stands.
    pub fn install(self, studio: Studio, imports: Imports) {
        let over = window_event_listener(ev::dragover, move |event| {
            let Some(hover) = hover_of(studio, &event) else { return };
            event.prevent_default();
            if let Some(data) = event.data_transfer() {
                data.set_drop_effect("copy");
            }
            if self.hover.get_untracked() != Some(hover) {
                self.hover.set(Some(hover));
            }
        });
        let left = window_event_listener(ev::dragleave, move |event| {
            // Leaving one element for another inside the page names the other one.
            if event.related_target().is_none() {
                self.hover.set(None);
            }
        });
        let dropped = window_event_listener(ev::drop, move |event| {
            let Some(hover) = hover_of(studio, &event) else { return };
            event.prevent_default();
            self.hover.set(None);
            let Some(data) = event.data_transfer() else { return };
            let taken = gather::taken(&data);
            spawn_local(async move {
                let gathered = gather::gathered(taken).await;
                receive::receive(studio, imports, gathered, Intent::Room(hover.room));
            });
        });
        on_cleanup(move || {
            over.remove();
            left.remove();
            dropped.remove();
        });
    }
}

/// Where a drag of files would go; `None` when no files are dragged.
fn hover_of(studio: Studio, event: &DragEvent) -> Option<Hover> {
    let data = event.data_transfer()?;
    if !data.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files")) {
        return None;
    }
    let items = data.items();
    let files = (0..items.length()).filter(|&index| items.get(index).is_some_and(|item| item.kind() == "file")).count();
    let room = if studio.is_open_untracked() { studio.room.get_untracked() } else { half_under(event) };
    Some(Hover { files, room })
}

/// On the start page the left half is the mix's, the right half the master's.
fn half_under(event: &DragEvent) -> Room {
    let width = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(0.0);
    if f64::from(event.unchecked_ref::<web_sys::MouseEvent>().client_x()) * 2.0 >= width { Room::Master } else { Room::Mix }
}

/// The veil over a room while files are dragged over it.
#[component]
pub fn DropVeil() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let zone = expect_context::<DropZone>();
    let sentence = move || {
        let hover = zone.hover.get().filter(|_| studio.is_open())?;
        Some(view! {
            <div class="drop-veil">
                <p><b>{order::promise(hover.files, hover.room)}</b><br />"Let go to import. Nothing is uploaded."</p>
            </div>
        })
    };
    view! { {sentence} }
}
