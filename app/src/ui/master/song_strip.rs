//! The song as one waveform over the whole width, with playhead, loop and markers.

use leptos::ev::PointerEvent;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use session::analysis::Analysis;
use session::model::Range;
use wasm_bindgen::JsCast;

use super::measures::Measures;
use super::moments::{MOMENTS, measured};
use crate::state::Studio;
use crate::ui::frame::FrameLoop;
use crate::ui::paint::{Align, Surface};
use crate::ui::timeline::{PeakStore, PlayheadSlider, Window, draw_song, edits, span_of_song, time_ticks};

/// Height of the band with times above the waveform.
const TIMES_PX: f64 = 18.0;
/// A press that moves less is a click.
const CLICK_PX: f64 = 3.0;

/// The strip. A click moves the playhead, a drag sets the loop.
#[component]
pub fn SongStrip() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let peaks = expect_context::<PeakStore>();
    let frames = expect_context::<FrameLoop>();
    let (canvas, playhead) = (NodeRef::<Canvas>::new(), NodeRef::<Div>::new());
    let length = Memo::new(move |_| span_of_song(studio));
    let held = RwSignal::new(None::<Range>);
    let stale = StoredValue::new(true);
    let measures = expect_context::<Measures>();
    let whole = Memo::new(move |_| measured(measures));
    Effect::new(move |_| {
        whole.track();
        studio.revision();
        studio.song_id();
        studio.theme.track();
        peaks.track();
        held.track();
        canvas.track();
        stale.set_value(true);
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| stale.set_value(true));
    on_cleanup(move || resized.remove());
    let mut shown = None;
    frames.each(move |frame| {
        let Some(node) = canvas.get_untracked() else { return };
        if stale.try_get_value() == Some(true)
            && let Some(surface) = Surface::of(&node)
        {
            stale.set_value(false);
            draw(&surface, studio, length.get_untracked(), held.get_untracked(), peaks);
            if let Some(whole) = whole.get_untracked() {
                draw_moments(&surface, studio, length.get_untracked(), &whole);
            }
        }
        let position = if frame.readings.playing { frame.readings.position } else { studio.locator.get_untracked() };
        let x = (position as f64 / length.get_untracked().max(1.0) * f64::from(node.client_width())).round();
        if shown != Some(x)
            && let Some(playhead) = playhead.get_untracked()
        {
            let _ = web_sys::HtmlElement::style(&playhead).set_property("transform", &format!("translateX({x}px)"));
            shown = Some(x);
        }
    });
    let press = StoredValue::new(None::<f64>);
    let frame_at = move |x: f64| {
        let width = canvas.get_untracked().map_or(1.0, |canvas| f64::from(canvas.client_width()).max(1.0));
        ((x / width).clamp(0.0, 1.0) * length.get_untracked()).round() as u64
    };
    let down = move |event: PointerEvent| {
        if let Some(target) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        press.set_value(Some(f64::from(event.offset_x())));
    };
    let moved = move |event: PointerEvent| {
        let x = f64::from(event.offset_x());
        if let Some(from) = press.get_value().filter(|from| held.get_untracked().is_some() || (x - from).abs() >= CLICK_PX) {
            let (a, b) = (frame_at(from), frame_at(x));
            held.set((a != b).then_some(Range { start: a.min(b), end: a.max(b) }));
        }
    };
    let up = move |event: PointerEvent| {
        if press.get_value().is_some() {
            match held.get_untracked() {
                Some(range) => edits::set_loop(studio, range),
                None => studio.locate(frame_at(f64::from(event.offset_x()))),
            }
        }
        press.set_value(None);
        held.set(None);
    };
    view! {
        <section class="song-strip" aria-label="Song" on:pointerdown=down on:pointermove=moved on:pointerup=up
            on:pointercancel=move |_| { press.set_value(None); held.set(None); }
            on:pointerenter=move |_| studio.hints.show("Song", "Click to move the playhead · drag to set the loop")>
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            <PlayheadSlider />
            <div class="song-playhead" node_ref=playhead aria-hidden="true"></div>
        </section>
    }
}

fn draw(surface: &Surface, studio: Studio, length: f64, held: Option<Range>, peaks: PeakStore) {
    let song = studio.peek_song_id();
    studio.peek(|session| {
        let Some(song) = song.and_then(|song| session.song(song)) else { return };
        let cycle = held.map(|range| (range, true)).or_else(|| song.cycle.range.map(|range| (range, song.cycle.enabled)));
        draw_song(surface, session, song, length, TIMES_PX, cycle.filter(|(_, on)| *on).map(|(range, _)| range), peaks);
        let window = Window { start: 0.0, frames_per_px: length.max(1.0) / surface.width, width: surface.width, length };
        surface.ink("bg-1", 1.0);
        surface.rect(0.0, 0.0, surface.width, TIMES_PX);
        for tick in time_ticks(&window, song.rate_hz) {
            surface.ink("line-2", 1.0);
            surface.down(tick.x, 4.0, TIMES_PX);
            surface.ink("tx-3", 1.0);
            surface.text(&tick.label, tick.x + 6.0, TIMES_PX / 2.0, 11, 400, Align::Left);
        }
        if let Some((range, on)) = cycle {
            surface.ink(if on { "ivory" } else { "line-3" }, 0.85);
            surface.rect(window.x(range.start), TIMES_PX - 4.0, window.x(range.end) - window.x(range.start), 4.0);
        }
        surface.ink("line-1", 1.0);
        surface.across(TIMES_PX, 0.0, surface.width);
    });
}

/// The loudest moments by their numbers, at the foot; the meters have a button for each.
fn draw_moments(surface: &Surface, studio: Studio, length: f64, whole: &Analysis) {
    const DISC_PX: f64 = 7.5;
    let Some((start, rate_hz)) = studio.peek_song(|song| (song.whole().start as f64, f64::from(song.rate_hz))) else { return };
    for (at, moment) in whole.loudest_moments(MOMENTS).into_iter().enumerate() {
        let x = (start + moment.seconds * rate_hz) / length.max(1.0) * surface.width;
        let y = surface.height - DISC_PX - 2.0;
        surface.ink("ref", 1.0);
        surface.disc(x, y, DISC_PX);
        surface.ink("bg-0", 1.0);
        surface.text(&(at + 1).to_string(), x, y, 10, 600, Align::Centre);
    }
}
