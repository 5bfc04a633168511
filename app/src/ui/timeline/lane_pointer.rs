//! The pointer in the open lane: a press takes a point or makes one, with Alt it bends the way after a point, with Shift it draws, with Ctrl it
//! chooses a stretch, which a drag then lifts as a whole.

use dsp::protocol::{LanePoint, Segment};
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use session::model::Range;

use super::rows::Row;
use super::state::{Grip, TimelineState};
use super::{clipboard, lane, lane_view, stretch};
use crate::state::Studio;

/// A drag of this length bends a way all over.
const BEND_PX: f64 = 120.0;
/// What the hint line says over a lane.
pub const HINT: &str =
    "Click adds a point · Shift draws · Alt bends · Ctrl and drag chooses a stretch: drag lifts it, Ctrl C and V copy, Delete empties";
/// Drawn points keep this distance.
const DRAW_STEP_PX: f64 = 6.0;

/// A press at a place in the lane.
pub fn pressed(studio: Studio, state: TimelineState, event: &PointerEvent, row: &Row, x: f64, y: f64) {
    let Some((_, target)) = state.lane.get_untracked() else { return };
    let Some((spec, points)) = lane_view::lane_of(studio, row.strip, &target) else { return };
    let (window, height) = (state.window.get_untracked(), row.lane_height);
    if event.shift_key() {
        let frame = window.frame(x.max(0.0));
        state.held_points.set(Some(lane::drawn_over(&points, frame, frame, lane::value_at(spec, y, height))));
        state.grip.set_value(Some(Grip::Draw { row: *row, last: frame }));
        return;
    }
    if event.alt_key() {
        let way = points.partition_point(|point| window.x(point.frame) <= x).checked_sub(1);
        if let Some(index) = way.filter(|index| index + 1 < points.len()) {
            let bend = if let Segment::Curve(bend) = points[index].segment { bend } else { 0.0 };
            state.point.set(Some(index));
            state.held_points.set(Some(points));
            state.grip.set_value(Some(Grip::Bend { index, y, bend }));
        }
        return;
    }
    let frame = window.frame(x.max(0.0));
    if event.ctrl_key() || event.meta_key() {
        state.stretch.set(None);
        state.grip.set_value(Some(Grip::Stretch { from: state.landed(studio, frame, None, false) }));
        return;
    }
    if state.stretch.get_untracked().is_some_and(|range| (range.start..=range.end).contains(&frame)) {
        let view_y = y + row.top + row.height - state.scroll.get_untracked();
        state.grip.set_value(Some(Grip::Lift { row: *row, y: view_y }));
        return;
    }
    state.stretch.set(None);
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

/// A move of what it holds.
pub fn moved(studio: Studio, state: TimelineState, event: &PointerEvent, grip: &Grip, x: f64, y: f64) {
    let Some(spec) = lane_view::spec_of(studio, state) else { return };
    let window = state.window.get_untracked();
    let in_lane = |row: &Row| y + state.scroll.get_untracked() - row.top - row.height;
    let change = |how: &dyn Fn(&[LanePoint]) -> Vec<LanePoint>| {
        state.held_points.update(|points| {
            if let Some(points) = points {
                *points = how(points);
            }
        });
    };
    match *grip {
        Grip::Point { row, index } => {
            let frame = state.landed(studio, window.frame(x.max(0.0)), None, event.ctrl_key());
            let value = lane::value_at(spec, in_lane(&row), row.lane_height);
            change(&|points| lane::with_moved(points, index, frame, value));
        }
        Grip::Bend { index, y: pressed_y, bend } => {
            let row_y = state.lane.with_untracked(|lane| lane.as_ref().map(|lane| lane.0));
            let rows = untrack(|| state.rows(studio));
            let Some(row) = rows.iter().find(|row| Some(row.strip) == row_y) else { return };
            let moved = bend + ((in_lane(row) - pressed_y) / BEND_PX) as f32;
            change(&|points| lane::with_segment(points, index, Segment::Curve(moved.clamp(-1.0, 1.0))));
        }
        Grip::Draw { row, last } => {
            let frame = window.frame(x.max(0.0));
            let value = lane::value_at(spec, in_lane(&row), row.lane_height);
            if (window.x(frame) - window.x(last)).abs() >= DRAW_STEP_PX {
                change(&|points| lane::drawn_over(points, last, frame, value));
                state.grip.set_value(Some(Grip::Draw { row, last: frame }));
            }
        }
        Grip::Stretch { from } => {
            let frame = state.landed(studio, window.frame(x.max(0.0)), None, false);
            state.stretch.set((frame != from).then(|| Range { start: from.min(frame), end: from.max(frame) }));
        }
        Grip::Lift { row, y: pressed_y } => {
            let Some(range) = state.stretch.get_untracked() else { return };
            let by = stretch::dragged(spec, ((pressed_y - y) / row.lane_height.max(1.0)) as f32);
            state.held_points.set(clipboard::open_course(studio, state, |course| course.lifted(range, by)));
        }
        Grip::Clip { .. } | Grip::Span { .. } | Grip::Empty { .. } => {}
    }
}
