//! The ruler: bars and times, markers, the loop, and the playhead's handle.

use leptos::ev::{MouseEvent, PointerEvent};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use session::model::{Range, Song};

use super::edits;
use super::markers::{self, MarkerButton};
use super::playhead::PlayheadSlider;
use super::ruler::{self, Tick, TickKind};
use super::state::TimelineState;
use super::window::Window;
use crate::state::Studio;
use crate::ui::paint::{Align, Surface};

/// Height of the upper band with markers and times.
const UPPER_PX: f64 = 18.0;
/// Top and height of the loop's bar.
const LOOP_TOP_PX: f64 = 19.0;
const LOOP_PX: f64 = 6.0;
/// A press that moves less is a click.
const CLICK_PX: f64 = 3.0;
/// Reach of the loop's ends.
const END_REACH_PX: f64 = 5.0;

/// What a drag on the ruler holds.
#[derive(Clone, Copy)]
struct Drag {
    x: f64,
    fixed: u64,
    moved: bool,
}

/// The ruler.
#[component]
pub fn Ruler(canvas: NodeRef<Canvas>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let node = NodeRef::<Div>::new();
    let drag = StoredValue::new(None::<Drag>);
    let frame_of = move |x: f64, free: bool| {
        let frame = state.window.with_untracked(|window| window.frame(x.max(0.0)));
        state.landed(studio, frame, None, free)
    };
    let down = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        let (Some(ruler), x) = (node.get_untracked(), f64::from(event.offset_x())) else { return };
        let _ = ruler.set_pointer_capture(event.pointer_id());
        let fixed = held_end(studio, state, x).unwrap_or_else(|| frame_of(x, event.ctrl_key()));
        drag.set_value(Some(Drag { x, fixed, moved: false }));
    };
    let moved = move |event: PointerEvent| {
        let Some(held) = drag.get_value() else { return };
        let x = f64::from(event.offset_x());
        if held.moved || (x - held.x).abs() >= CLICK_PX {
            drag.set_value(Some(Drag { moved: true, ..held }));
            let to = frame_of(x, event.ctrl_key());
            let range = Range { start: held.fixed.min(to), end: held.fixed.max(to) };
            state.held_loop.set((range.start < range.end).then_some(range));
        }
    };
    let up = move |event: PointerEvent| {
        let Some(held) = drag.get_value() else { return };
        drag.set_value(None);
        match state.held_loop.get_untracked() {
            Some(range) => edits::set_loop(studio, range),
            None if !held.moved => studio.locate(frame_of(f64::from(event.offset_x()), event.ctrl_key())),
            None => {}
        }
        state.held_loop.set(None);
    };
    let cancelled = move |_: PointerEvent| {
        drag.set_value(None);
        state.held_loop.set(None);
    };
    let doubled = move |event: MouseEvent| {
        if f64::from(event.offset_y()) < UPPER_PX {
            markers::add(studio, frame_of(f64::from(event.offset_x()), event.ctrl_key()));
        }
    };
    let hint = move |_| {
        studio.hints.show("Ruler", "Click to move the playhead · drag to set the loop · double-click above for a marker · Ctrl for no snap")
    };
    let markers = Memo::new(move |_| studio.song(|song| song.markers.clone()).unwrap_or_default());
    view! {
        <div class="tl-ruler" node_ref=node on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointercancel=cancelled on:dblclick=doubled on:pointerenter=hint>
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            <PlayheadSlider />
            <ul class="tl-markers" aria-label="Markers">
                <For each=move || markers.get() key=|marker| (marker.id, marker.frame, marker.name.clone()) children=move |marker| view! { <MarkerButton marker /> } />
            </ul>
        </div>
    }
}

/// The end of the loop that stays when the press is on the other one.
fn held_end(studio: Studio, state: TimelineState, x: f64) -> Option<u64> {
    let range = studio.peek_song(|song| song.cycle.range).flatten()?;
    let window = state.window.get_untracked();
    if (window.x(range.start) - x).abs() <= END_REACH_PX {
        Some(range.end)
    } else if (window.x(range.end) - x).abs() <= END_REACH_PX {
        Some(range.start)
    } else {
        None
    }
}

/// Draws the ruler.
pub fn draw(surface: &Surface, song: &Song, window: &Window, cycle: Option<(Range, bool)>) {
    if let Some((range, enabled)) = cycle {
        let (from, to) = (window.x(range.start), window.x(range.end));
        surface.ink(if enabled { "ivory" } else { "line-3" }, 0.85);
        surface.rect(from, LOOP_TOP_PX, (to - from).max(1.0), LOOP_PX);
    }
    let markers: Vec<f64> = song.markers.iter().map(|marker| window.x(marker.frame)).collect();
    for tick in ruler::time_ticks(window, song.rate_hz) {
        time_tick(surface, &tick, &markers);
    }
    for tick in ruler::bar_ticks(window, song.rate_hz, &song.tempo) {
        bar_tick(surface, &tick);
    }
}

fn time_tick(surface: &Surface, tick: &Tick, markers: &[f64]) {
    surface.ink("line-2", 1.0);
    surface.down(tick.x, 4.0, UPPER_PX - 1.0);
    // A marker's name needs the place.
    if markers.iter().all(|marker| tick.x + 44.0 < *marker || tick.x > *marker + 90.0) {
        surface.ink("tx-3", 1.0);
        surface.text(&tick.label, tick.x + 5.0, UPPER_PX / 2.0, 10, 400, Align::Left);
    }
}

fn bar_tick(surface: &Surface, tick: &Tick) {
    let bottom = surface.height;
    match tick.kind {
        TickKind::Beat => {
            surface.ink("line-2", 1.0);
            surface.down(tick.x, bottom - 4.0, bottom);
        }
        TickKind::Phrase | TickKind::Bar | TickKind::Time => {
            let is_phrase = tick.kind == TickKind::Phrase;
            surface.ink(if is_phrase { "tx-3" } else { "line-2" }, 1.0);
            surface.down(tick.x, UPPER_PX + 9.0, bottom);
            surface.ink(if is_phrase { "tx-1" } else { "tx-3" }, 1.0);
            surface.text(&tick.label, tick.x + 4.0, bottom - 6.0, 11, 400, Align::Left);
        }
    }
}
