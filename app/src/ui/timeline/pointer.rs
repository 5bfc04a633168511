//! The pointer on the tracks: taking clips and points, moving them, and letting go.

use dsp::protocol::StripId;
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use session::model::{Clip, ClipId, Range};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};

use super::edits;
use super::rows::{self, Row};
use super::shape::{self, Part};
use super::span::Span;
use super::state::{Band, Grip, Held, TimelineState};
use super::{hit, lane_pointer, lane_view, many};
use crate::state::Studio;

/// A press that moves less is a click.
const CLICK_PX: f64 = 3.0;

/// Where an event is in the element that listens.
pub fn place_in(event: &MouseEvent) -> (f64, f64) {
    let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return (0.0, 0.0) };
    let rect = element.get_bounding_client_rect();
    (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top())
}

fn row_at(studio: Studio, state: TimelineState, y: f64) -> Option<Row> {
    let rows = untrack(|| state.rows(studio));
    rows::at(&rows, y + state.scroll.get_untracked()).copied()
}

/// The clip and its part under the pointer.
fn part_under(studio: Studio, state: TimelineState, x: f64, y: f64) -> Option<(Row, Clip, Part)> {
    let row = row_at(studio, state, y)?;
    let y = y + state.scroll.get_untracked() - row.top;
    if y > row.height {
        return None;
    }
    let window = state.window.get_untracked();
    let found = studio.peek_strip(row.strip, |strip| {
        let (id, part) = hit::part_at(&strip.clips, &window, x, y)?;
        Some((strip.clip(id)?.clone(), part))
    });
    let (clip, part) = found.flatten()?;
    Some((row, clip, part))
}

/// The clip under the pointer and its track.
pub fn clip_under(studio: Studio, state: TimelineState, x: f64, y: f64) -> Option<(StripId, Clip)> {
    part_under(studio, state, x, y).map(|(row, clip, _)| (row.strip, clip))
}

/// A press: takes what lies there.
pub fn pressed(studio: Studio, state: TimelineState, event: &PointerEvent) {
    if event.button() != 0 {
        return;
    }
    let (x, y) = place_in(event);
    capture(event);
    if event.shift_key() && event.alt_key() {
        let from = state.window.with_untracked(|window| window.frame(x));
        let from = state.landed(studio, from, None, event.ctrl_key());
        state.choose_span(None);
        state.grip.set_value(Some(Grip::Span { from, y: y + state.scroll.get_untracked() }));
        return;
    }
    if let Some((row, clip, part)) = part_under(studio, state, x, y) {
        studio.select_strip(row.strip);
        if event.shift_key() {
            state.choose_also(clip.id);
            return;
        }
        state.choose(clip.id);
        let origin = shape::place_of(&clip, part);
        state.grip.set_value(Some(Grip::Clip { from: row.strip, clip, part, origin, x, moved: false }));
        return;
    }
    if !event.shift_key() {
        state.choose_all(&[]);
    }
    let Some(row) = row_at(studio, state, y) else { return };
    studio.select_strip(row.strip);
    let in_row = y + state.scroll.get_untracked();
    if row.is_lane(in_row) {
        lane_pointer::pressed(studio, state, event, &row, x, in_row - row.top - row.height);
    } else {
        state.grip.set_value(Some(Grip::Empty { x, y, moved: false }));
    }
}

fn capture(event: &PointerEvent) {
    if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// A move: with something held it follows, without it the cursor says what a press would take.
pub fn moved(studio: Studio, state: TimelineState, event: &PointerEvent) {
    let (x, y) = place_in(event);
    match state.grip.get_value() {
        None => show_cursor(studio, state, event, x, y),
        Some(Grip::Clip { from, clip, part, origin, x: pressed_x, moved }) => {
            if !moved && (x - pressed_x).abs() < CLICK_PX && row_at(studio, state, y).is_some_and(|row| row.strip == from) {
                return;
            }
            let window = state.window.get_untracked();
            let wanted = (origin as f64 + (x - pressed_x) * window.frames_per_px).max(0.0).round() as u64;
            let frame = landed_part(studio, state, &clip, part, wanted, event.ctrl_key());
            let source_frames = edits::find(studio, clip.id).map_or(u64::MAX, |(_, _, frames)| frames);
            let is_group = part == Part::Body && state.also.with_untracked(|also| also.contains(&clip.id));
            let over = if part == Part::Body && !is_group { row_at(studio, state, y).map(|row| row.strip) } else { None };
            let taken = shape::taken_to(&clip, part, frame, source_frames);
            let (taken, others) = if is_group { together(studio, state, from, &clip, &taken) } else { (taken, Vec::new()) };
            let is_copy = event.alt_key() && part == Part::Body;
            let held = Held { from, to: over.unwrap_or(from), clip: taken, is_copy, others };
            state.held.set(Some(held));
            state.grip.set_value(Some(Grip::Clip { from, clip, part, origin, x: pressed_x, moved: true }));
        }
        Some(grip @ (Grip::Point { .. } | Grip::Bend { .. } | Grip::Draw { .. } | Grip::Stretch { .. } | Grip::Lift { .. })) => {
            lane_pointer::moved(studio, state, event, &grip, x, y);
        }
        Some(Grip::Span { from, y: pressed_y }) => {
            let to = state.landed(studio, state.window.with_untracked(|window| window.frame(x)), None, event.ctrl_key());
            state.span.set(spanned(studio, state, (from, to), (pressed_y, y + state.scroll.get_untracked())));
        }
        Some(Grip::Empty { x: pressed_x, y: pressed_y, moved }) => {
            let moved = moved || (x - pressed_x).hypot(y - pressed_y) >= CLICK_PX;
            if moved {
                state.band.set(Some(Band::between((pressed_x, pressed_y), (x, y))));
            }
            state.grip.set_value(Some(Grip::Empty { x: pressed_x, y: pressed_y, moved }));
        }
    }
}

/// The clip under the pointer and the others that are chosen, all moved by the same; each stays on its track.
fn together(studio: Studio, state: TimelineState, from: StripId, clip: &Clip, taken: &Clip) -> (Clip, Vec<(StripId, Clip)>) {
    let others = state.chosen(studio).into_iter().filter(|id| *id != clip.id);
    let others = others.filter_map(|id| edits::find(studio, id).map(|(strip, clip, _)| (strip, clip)));
    let all: Vec<(StripId, Clip)> = std::iter::once((from, clip.clone())).chain(others).collect();
    let mut moved = many::moved(&all, taken.start as i64 - clip.start as i64);
    let first = moved.remove(0).1;
    (first, moved)
}

/// The clips that a band touches.
fn in_band(studio: Studio, state: TimelineState, band: Band) -> Vec<ClipId> {
    let window = state.window.get_untracked();
    let scroll = state.scroll.get_untracked();
    let rows = untrack(|| state.rows(studio));
    let rows = rows.iter().filter(|row| row.top - scroll < band.top + band.height && row.top + row.height - scroll > band.top);
    let clips = rows.flat_map(|row| {
        let touched = |clip: &&Clip| window.x(clip.start) < band.left + band.width && window.x(clip.end()) > band.left;
        studio.peek_strip(row.strip, |strip| strip.clips.iter().filter(touched).map(|clip| clip.id).collect::<Vec<_>>()).unwrap_or_default()
    });
    clips.collect()
}

/// The span between two frames and two heights from the first row's top; `None` when it has no length or no track.
fn spanned(studio: Studio, state: TimelineState, frames: (u64, u64), heights: (f64, f64)) -> Option<Span> {
    let range = Range { start: frames.0.min(frames.1), end: frames.0.max(frames.1) };
    let (top, bottom) = (heights.0.min(heights.1), heights.0.max(heights.1));
    let rows = untrack(|| state.rows(studio));
    let strips: Vec<StripId> = rows.iter().filter(|row| row.top <= bottom && row.bottom() > top).map(|row| row.strip).collect();
    (range.start < range.end && !strips.is_empty()).then_some(Span { range, strips })
}

/// A moved clip lands with its start or its end, an edge with itself.
fn landed_part(studio: Studio, state: TimelineState, clip: &Clip, part: Part, wanted: u64, free: bool) -> u64 {
    let start = state.landed(studio, wanted, Some(clip.id), free);
    if part != Part::Body || start != wanted {
        return start;
    }
    let end = state.landed(studio, wanted + clip.length, Some(clip.id), free);
    end.saturating_sub(clip.length)
}

/// Lets go.
pub fn released(studio: Studio, state: TimelineState, event: &PointerEvent) {
    let grip = state.grip.get_value();
    state.grip.set_value(None);
    match grip {
        Some(Grip::Clip { .. }) => {
            if let Some(held) = state.held.get_untracked() {
                state.held.set(None);
                edits::drop_held(studio, state, held);
            }
        }
        Some(grip @ (Grip::Point { .. } | Grip::Bend { .. } | Grip::Draw { .. } | Grip::Lift { .. })) => {
            if let Some(points) = state.held_points.get_untracked() {
                state.held_points.set(None);
                let what = match grip {
                    Grip::Bend { .. } => "curve",
                    Grip::Draw { .. } => "drawing",
                    Grip::Lift { .. } => "trim",
                    _ => "point",
                };
                lane_view::put_points(studio, state, points, what);
            }
        }
        Some(Grip::Empty { moved: true, .. }) => {
            if let Some(band) = state.band.get_untracked() {
                state.band.set(None);
                let before = if event.shift_key() { state.chosen(studio) } else { Vec::new() };
                let mut chosen = in_band(studio, state, band);
                chosen.extend(before.into_iter().filter(|id| !chosen.contains(id)).collect::<Vec<_>>());
                state.choose_all(&chosen);
            }
        }
        Some(Grip::Empty { moved: false, .. }) => {
            let frame = state.window.with_untracked(|window| window.frame(place_in(event).0));
            studio.locate(state.landed(studio, frame, None, event.ctrl_key()));
        }
        _ => {}
    }
}

fn show_cursor(studio: Studio, state: TimelineState, event: &PointerEvent, x: f64, y: f64) {
    let part = part_under(studio, state, x, y).map(|(_, _, part)| part);
    let (cursor, hint) = match part {
        Some(Part::Body) => (
            "grab",
            "Drag to move, also to another track · Alt to copy · Ctrl for no snap · Shift chooses several · Shift Alt chooses a span · S splits at the playhead · Delete",
        ),
        Some(Part::Start | Part::End) => ("ew-resize", "Drag to trim · Ctrl for no snap"),
        Some(Part::FadeIn | Part::FadeOut) => ("nwse-resize", "Drag to fade"),
        None => ("default", ""),
    };
    if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
        let _ = element.style().set_property("cursor", cursor);
    }
    if part.is_some() {
        studio.hints.show("Clip", hint);
    } else if row_at(studio, state, y).is_some_and(|row| row.is_lane(y + state.scroll.get_untracked())) {
        studio.hints.show("Automation lane", lane_pointer::HINT);
    }
}
