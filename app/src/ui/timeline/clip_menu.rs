//! What a right click offers on a clip.

use dsp::protocol::StripId;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use session::model::{Clip, ClipId, Range};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::state::TimelineState;
use super::{edits, many, pointer, stamps};
use crate::state::Studio;
use crate::ui::widgets::{ContextMenus, MenuItem};

/// Opens the menu of the clip under the pointer or with the focus, which is selected by that.
pub fn open(studio: Studio, state: TimelineState, menus: ContextMenus, event: &MouseEvent) {
    let (x, y) = pointer::place_in(event);
    let found = focused_clip(studio, event).or_else(|| pointer::clip_under(studio, state, x, y));
    let Some((strip, clip)) = found else { return };
    studio.select_strip(strip);
    state.choose(clip.id);
    menus.open(event, edits::name(studio, clip.id), items(studio, state, strip, &clip));
}

/// The clip whose element the menu key was pressed on.
fn focused_clip(studio: Studio, event: &MouseEvent) -> Option<(StripId, Clip)> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    let id = element.get_attribute("data-clip")?.parse().ok()?;
    edits::find(studio, ClipId(id)).map(|(strip, clip, _)| (strip, clip))
}

fn items(studio: Studio, state: TimelineState, strip: StripId, clip: &Clip) -> Vec<MenuItem> {
    let (id, range) = (clip.id, Range { start: clip.start, end: clip.end() });
    let on_chosen = move |how: fn(Studio, TimelineState, &[ClipId])| move || how(studio, state, &state.chosen(studio));
    let select_track = move || {
        let clips = studio.peek_strip(strip, |strip| strip.clips.iter().map(|clip| clip.id).collect::<Vec<_>>());
        state.choose_all(&clips.unwrap_or_default());
    };
    let mut items = vec![
        MenuItem::new(
            "Split at the playhead",
            "S",
            on_chosen(|studio, _, clips| many::split(studio, clips, studio.locator.get_untracked())),
        ),
        MenuItem::new("Duplicate", "Ctrl D", on_chosen(many::duplicate)),
        MenuItem::new("Cross-fade", "With the clips that it overlaps: Shift X", move || many::crossfade(studio, id)),
        MenuItem::new("Loop around it", "Sets the loop and switches it on", move || edits::set_loop(studio, range)),
        MenuItem::new("Select all clips of the track", "", select_track),
        MenuItem::new("Delete", "Delete", on_chosen(many::remove)),
    ];
    if studio.peek(|session| stamps::has_stamp(session, clip)).unwrap_or(false) {
        let line = MenuItem::new(
            "Align by time stamp",
            "The chosen clips, as far apart as their files were recorded",
            on_chosen(|studio, _, clips| stamps::align(studio, clips)),
        );
        items.insert(items.len() - 1, line);
    }
    items
}
