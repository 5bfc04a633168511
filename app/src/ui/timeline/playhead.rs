//! The playhead as a slider: what the ruler and the song's strip show and take by pointer, for keys and screen readers.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use session::model::Range;

use super::state::{TimelineState, length_of_song};
use super::{edits, time};
use crate::state::Studio;
use crate::ui::frame::FrameLoop;

/// What a Page key moves by, in steps of the grid.
const PAGE_STEPS: u64 = 16;
/// How much finer the keys are with Shift.
const FINE_PART: u64 = 8;

/// The slider; it lies over the ruler or strip that it stands in, and leaves the pointer to that.
#[component]
pub fn PlayheadSlider() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let node = NodeRef::<Div>::new();
    let length = Memo::new(move |_| length_of_song(studio));
    let position = StoredValue::new(0_u64);
    let mut shown = None;
    expect_context::<FrameLoop>().each(move |frame| {
        let (is_playing, heard) = (frame.readings.playing, frame.readings.position);
        let now = if is_playing { heard } else { studio.locator.get_untracked() };
        position.try_update_value(|position| *position = now);
        // What is set by hand is told at once, what plays as seldom as every reading.
        if shown == Some(now) || (is_playing && !frame.is_reader_time) {
            return;
        }
        if let Some(node) = node.get_untracked() {
            tell(studio, &node, now);
            shown = Some(now);
        }
    });
    let key = move |event: KeyboardEvent| {
        let now = if studio.playing.get_untracked() { position.get_value() } else { studio.locator.get_untracked() };
        if moved_by_key(studio, state, now, length.get_untracked() as u64, &event) {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let hint = move |_| {
        studio.hints.show("Playhead", "Arrows: one step, Shift for fine · Page keys · Home and End · I and O: the loop’s start and end")
    };
    let most = move || studio.song(|song| (length.get() / f64::from(song.rate_hz)).to_string());
    view! {
        <div class="playhead-slider" node_ref=node role="slider" tabindex="0" aria-label="Playhead" aria-valuemin="0" aria-valuemax=most
            aria-valuenow="0" aria-valuetext="0:00.000" on:keydown=key on:focus=hint></div>
    }
}

/// Seconds, and the clock's two ways to say it.
fn tell(studio: Studio, node: &web_sys::HtmlElement, frame: u64) {
    let Some((rate_hz, tempo)) = studio.peek_song(|song| (song.rate_hz, song.tempo)) else { return };
    let _ = node.set_attribute("aria-valuenow", &format!("{:.3}", frame as f64 / f64::from(rate_hz.max(1))));
    let _ = node.set_attribute("aria-valuetext", &format!("{}, bar {}", time::clock(frame, rate_hz), time::bars(frame, rate_hz, &tempo)));
}

fn moved_by_key(studio: Studio, state: TimelineState, now: u64, length: u64, event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return false;
    }
    let step = state.step_frames(studio);
    let step = if event.shift_key() { (step / FINE_PART).max(1) } else { step };
    let to = match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => now.saturating_sub(step),
        "ArrowRight" | "ArrowUp" => now + step,
        "PageDown" => now.saturating_sub(PAGE_STEPS * step),
        "PageUp" => now + PAGE_STEPS * step,
        "Home" => 0,
        "End" => length,
        "i" | "I" => return set_loop_end(studio, now, length, false),
        "o" | "O" => return set_loop_end(studio, now, length, true),
        _ => return false,
    };
    let to = to.min(length);
    studio.locate(to);
    state.show_frame(to);
    true
}

/// Sets the loop's start or end here; its other end stays where that still is a loop.
fn set_loop_end(studio: Studio, at: u64, length: u64, is_end: bool) -> bool {
    let range = studio.peek_song(|song| song.cycle.range).flatten();
    let (start, end) = range.map_or((0, length), |range| (range.start, range.end));
    let range = if is_end {
        Range { start: if start < at { start } else { 0 }, end: at }
    } else {
        Range { start: at, end: if end > at { end } else { length } }
    };
    if range.start < range.end {
        edits::set_loop(studio, range);
    }
    true
}
