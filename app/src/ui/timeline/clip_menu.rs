//! What a right click offers on a clip.

use dsp::protocol::StripId;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use session::model::{Clip, ClipId, Range};

use super::state::TimelineState;
use super::{edits, many, pointer, stamps};
use crate::state::Studio;
use crate::ui::widgets::{ContextMenus, MenuItem};

/// Opens the menu of the clip under the pointer, which is selected by that.
pub fn open(studio: Studio, state: TimelineState, menus: ContextMenus, event: &MouseEvent) {
    let (x, y) = pointer::place_in(event);
    let Some((strip, clip)) = pointer::clip_under(studio, state, x, y) else { return };
    studio.select_strip(strip);
    state.choose(clip.id);
    menus.open(event, edits::name(studio, clip.id), items(studio, state, strip, &clip));
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
