//! Inserts that are dragged: along their chain or to another strip's, with Alt as a copy; and the same by keys.

use dsp::protocol::{InsertId, StripId};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use session::Edit;
use session::model::Insert;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::state::Studio;

/// A press that moves less is a click.
const CLICK_PX: f64 = 5.0;

/// Where an insert would be put: before the one that has this place now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose chain.
    pub strip: StripId,
    /// Before which; the chain's length is its end.
    pub at: usize,
}

#[derive(Clone, Copy)]
struct Held {
    strip: StripId,
    insert: InsertId,
    x: f64,
    y: f64,
    moved: bool,
}

/// The insert that the pointer holds; a context of the console.
#[derive(Clone, Copy)]
pub struct SlotDrag {
    held: StoredValue<Option<Held>>,
    /// Where it would land.
    pub over: RwSignal<Option<Place>>,
}

impl SlotDrag {
    /// Nothing held.
    pub fn new() -> Self {
        Self { held: StoredValue::new(None), over: RwSignal::new(None) }
    }

    /// A press on a slot.
    pub fn pressed(self, strip: StripId, insert: InsertId, event: &PointerEvent) {
        if event.button() == 0 {
            let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
            self.held.set_value(Some(Held { strip, insert, x, y, moved: false }));
        }
    }

    /// A move of the pointer that holds it.
    pub fn moved(self, event: &PointerEvent) {
        let Some(held) = self.held.get_value().filter(|_| event.buttons() == 1) else { return };
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        if !held.moved && (x - held.x).hypot(y - held.y) < CLICK_PX {
            return;
        }
        if !held.moved
            && let Some(slot) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok())
        {
            let _ = slot.set_pointer_capture(event.pointer_id());
        }
        self.held.set_value(Some(Held { moved: true, ..held }));
        let over = place_at(x, y);
        if self.over.get_untracked() != over {
            self.over.set(over);
        }
    }

    /// The pointer lets go.
    pub fn released(self, studio: Studio, event: &PointerEvent) {
        let Some(held) = self.held.get_value() else { return };
        if let (true, Some(place)) = (held.moved, self.over.get_untracked()) {
            if event.alt_key() { copy(studio, held.strip, held.insert, place) } else { put(studio, held.strip, held.insert, place) }
        }
        self.over.set(None);
    }

    /// Whether the click that ends here was a drag; the next one is not.
    pub fn was_drag(self) -> bool {
        let was_drag = self.held.get_value().is_some_and(|held| held.moved);
        self.held.set_value(None);
        was_drag
    }

    /// Gives the drag up.
    pub fn give_up(self) {
        self.held.set_value(None);
        self.over.set(None);
    }
}

/// The place in a chain under a point of the page.
fn place_at(x: f64, y: f64) -> Option<Place> {
    let chain = document().element_from_point(x as f32, y as f32)?.closest("[data-chain]").ok()??;
    let strip = chain.get_attribute("data-chain")?.parse().ok().map(StripId)?;
    let slots = chain.query_selector_all("[data-insert]").ok()?;
    let is_above = |index: &u32| {
        let slot = slots.item(*index).and_then(|slot| slot.dyn_into::<Element>().ok());
        slot.is_some_and(|slot| {
            let frame = slot.get_bounding_client_rect();
            frame.top() + frame.height() / 2.0 < y
        })
    };
    Some(Place { strip, at: (0..slots.length()).filter(is_above).count() })
}

/// Moves an insert to a place.
fn put(studio: Studio, strip: StripId, insert: InsertId, place: Place) {
    let Some(song) = studio.peek_song_id() else { return };
    let found = studio.peek_strip(strip, |strip| {
        let from = strip.inserts.iter().position(|found| found.id == insert)?;
        Some((from, strip.inserts[from].name().to_owned()))
    });
    let Some((from, name)) = found.flatten() else { return };
    // The insert leaves its place before it takes the new one.
    let at = if place.strip == strip && place.at > from { place.at - 1 } else { place.at };
    if place.strip != strip || at != from {
        let step = studio.step_name(place.strip, &format!("move {name}"));
        studio.dispatch(step, Edit::MoveInsert { song, strip, insert, to_strip: place.strip, at });
    }
}

/// Puts a copy of an insert at a place.
pub fn copy(studio: Studio, strip: StripId, insert: InsertId, place: Place) {
    let Some(song) = studio.peek_song_id() else { return };
    let Some(original) = studio.peek_strip(strip, |strip| strip.insert(insert).cloned()).flatten() else { return };
    let Some(id) = studio.peek(|session| session.ids().insert()) else { return };
    // A strip cannot listen to itself by way of another.
    let key = original.key.filter(|key| *key != place.strip);
    let step = studio.step_name(place.strip, &format!("copy {}", original.name()));
    studio.dispatch(step, Edit::AddInsert { song, strip: place.strip, at: place.at, insert: Insert { id, key, ..original } });
}

/// Moves an insert one place earlier or later in its chain, where there is one.
pub fn shift(studio: Studio, strip: StripId, insert: InsertId, step: isize) {
    let Some(song) = studio.peek_song_id() else { return };
    let at = studio.peek_strip(strip, |strip| {
        let from = strip.inserts.iter().position(|found| found.id == insert)?;
        from.checked_add_signed(step).filter(|to| *to < strip.inserts.len())
    });
    if let Some(at) = at.flatten() {
        studio.dispatch(studio.step_name(strip, "chain order"), Edit::MoveInsert { song, strip, insert, to_strip: strip, at });
    }
}

/// Takes an insert away.
pub fn remove(studio: Studio, strip: StripId, insert: InsertId) {
    let Some(song) = studio.peek_song_id() else { return };
    let name = studio.peek_strip(strip, |strip| strip.insert(insert).map(|insert| insert.name().to_owned())).flatten();
    let step = studio.step_name(strip, &format!("remove {}", name.unwrap_or_default()));
    studio.dispatch(step, Edit::RemoveInsert { song, strip, insert });
}

/// Alt with up and down moves an insert, Shift as well copies it, Delete takes it away.
pub fn pressed_key(studio: Studio, strip: StripId, insert: InsertId, event: &KeyboardEvent) {
    let place = studio.peek_strip(strip, |strip| strip.inserts.iter().position(|found| found.id == insert)).flatten();
    let Some(at) = place else { return };
    match (event.key().as_str(), event.alt_key(), event.shift_key()) {
        ("ArrowUp", true, false) => shift(studio, strip, insert, -1),
        ("ArrowDown", true, false) => shift(studio, strip, insert, 1),
        ("ArrowUp", true, true) => copy(studio, strip, insert, Place { strip, at }),
        ("ArrowDown", true, true) => copy(studio, strip, insert, Place { strip, at: at + 1 }),
        ("Delete" | "Backspace", false, false) => remove(studio, strip, insert),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
    // The slot may have been taken out and put back.
    request_animation_frame(move || {
        let found = document().query_selector(&format!(".console [data-insert=\"{}\"]", insert.0)).ok().flatten();
        if let Some(slot) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = slot.focus();
        }
    });
}
