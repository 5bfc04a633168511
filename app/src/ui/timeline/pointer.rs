//! The pointer on the tracks: taking clips and points, moving them, and letting go.

use dsp::protocol::{LanePoint, Segment};
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use session::model::Clip;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, MouseEvent};

use super::edits;
use super::rows::{self, Row};
use super::shape::{self, Part};
use super::state::{Grip, Held, TimelineState};
use super::{hit, lane, lane_view};
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

/// A press: takes what lies there.
pub fn pressed(studio: Studio, state: TimelineState, event: &PointerEvent) {
    if event.button() != 0 {
        return;
    }
    let (x, y) = place_in(event);
    capture(event);
    if let Some((row, clip, part)) = part_under(studio, state, x, y) {
        studio.selected.set(Some(row.strip));
        state.selected.set(Some(clip.id));
        let origin = shape::place_of(&clip, part);
        state.grip.set_value(Some(Grip::Clip { from: row.strip, clip, part, origin, x, moved: false }));
        return;
    }
    state.selected.set(None);
    let Some(row) = row_at(studio, state, y) else { return };
    studio.selected.set(Some(row.strip));
    let in_row = y + state.scroll.get_untracked();
    if row.is_lane(in_row) {
        press_lane(studio, state, &row, x, in_row - row.top - row.height);
    } else {
        state.grip.set_value(Some(Grip::Empty { x, moved: false }));
    }
}

fn capture(event: &PointerEvent) {
    if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// A press in a lane takes the point there, or makes one.
fn press_lane(studio: Studio, state: TimelineState, row: &Row, x: f64, y: f64) {
    let Some((_, target)) = state.lane.get_untracked() else { return };
    let Some((spec, points)) = lane_view::lane_of(studio, row.strip, &target) else { return };
    let window = state.window.get_untracked();
    let height = row.lane_height;
    let (points, index) = match lane::point_at(spec, &points, &window, height, x, y) {
        Some(index) => (points, index),
        None => {
            let frame = state.landed(studio, window.frame(x), None, false);
            lane::with_point(&points, LanePoint { frame, value: lane::value_at(spec, y, height), segment: Segment::Linear })
        }
    };
    state.point.set(Some(index));
    state.held_points.set(Some(points));
    state.grip.set_value(Some(Grip::Point { row: *row, index }));
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
            let over = if part == Part::Body { row_at(studio, state, y).map(|row| row.strip) } else { None };
            let held = Held {
                from,
                to: over.unwrap_or(from),
                clip: shape::taken_to(&clip, part, frame, source_frames),
                is_copy: event.alt_key() && part == Part::Body,
            };
            state.held.set(Some(held));
            state.grip.set_value(Some(Grip::Clip { from, clip, part, origin, x: pressed_x, moved: true }));
        }
        Some(Grip::Point { row, index }) => {
            let Some(spec) = lane_view::spec_of(studio, state) else { return };
            let in_lane = y + state.scroll.get_untracked() - row.top - row.height;
            let window = state.window.get_untracked();
            let frame = state.landed(studio, window.frame(x.max(0.0)), None, event.ctrl_key());
            let value = lane::value_at(spec, in_lane, row.lane_height);
            state.held_points.update(|points| {
                if let Some(points) = points {
                    *points = lane::with_moved(points, index, frame, value);
                }
            });
        }
        Some(Grip::Empty { x: pressed_x, moved }) => {
            state.grip.set_value(Some(Grip::Empty { x: pressed_x, moved: moved || (x - pressed_x).abs() >= CLICK_PX }));
        }
    }
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
                edits::drop_held(studio, held);
            }
        }
        Some(Grip::Point { .. }) => {
            if let Some(points) = state.held_points.get_untracked() {
                state.held_points.set(None);
                lane_view::put_points(studio, state, points, "point");
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
        Some(Part::Body) => {
            ("grab", "Drag to move, also to another track · Alt to copy · Ctrl for no snap · S splits at the playhead · Delete")
        }
        Some(Part::Start | Part::End) => ("ew-resize", "Drag to trim · Ctrl for no snap"),
        Some(Part::FadeIn | Part::FadeOut) => ("nwse-resize", "Drag to fade"),
        None => ("default", ""),
    };
    if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
        let _ = element.style().set_property("cursor", cursor);
    }
    if part.is_some() {
        studio.hints.show("Clip", hint);
    }
}
