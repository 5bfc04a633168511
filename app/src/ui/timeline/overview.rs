//! The whole song in one line: where the window is, and a drag that moves it. The Master room draws its song strip with the same hand.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Canvas;
use leptos::prelude::*;
use session::model::{Range, Session, Song, Target};
use wasm_bindgen::JsCast;

use super::peak_store::PeakStore;
use super::state::{TimelineState, length_of_song};
use super::window::Window;
use super::{peaks, time, wave};
use crate::state::Studio;
use crate::ui::frame::FrameLoop;
use crate::ui::paint::Surface;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};

/// Columns of the overview that are summed for one pixel.
const STEP_PX: f64 = 1.0;
/// What an arrow key moves the window by, as a part of it.
const ARROW_PART: f64 = 0.1;

/// The overview with the zoom buttons.
#[component]
pub fn Overview() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let peaks = expect_context::<PeakStore>();
    let frames = expect_context::<FrameLoop>();
    let node = NodeRef::<Canvas>::new();
    let stale = StoredValue::new(true);
    // The song's levels by pixel, with the length that they are for: the window moves far more often than they change.
    let levels = StoredValue::new((0.0, Vec::new()));
    Effect::new(move |_| {
        studio.revision();
        peaks.track();
        node.track();
        levels.set_value((0.0, Vec::new()));
        stale.set_value(true);
    });
    Effect::new(move |_| {
        studio.theme.track();
        state.window.track();
        stale.set_value(true);
    });
    frames.each(move |_| {
        if stale.try_get_value() == Some(true)
            && let Some(surface) = node.get_untracked().and_then(|canvas| Surface::of(&canvas))
        {
            stale.set_value(false);
            let window = state.window.get_untracked();
            let whole = Window { start: 0.0, frames_per_px: window.length / surface.width, width: surface.width, length: window.length };
            levels.update_value(|(length, levels)| {
                if *length != whole.length || levels.len() != surface.width.ceil() as usize {
                    (*length, *levels) = (whole.length, levels_of(studio, &whole, peaks));
                }
                draw(&surface, &window, &whole, levels);
            });
        }
    });
    let held = StoredValue::new(false);
    let go = move |event: &PointerEvent| {
        let x = f64::from(event.offset_x());
        state.follow.set(false);
        state.turn(|window| {
            let frame = x / window.width * window.length;
            window.starting_at(frame - window.width * window.frames_per_px / 2.0)
        });
    };
    let down = move |event: PointerEvent| {
        if let Some(target) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        held.set_value(true);
        go(&event);
    };
    let key = move |event: KeyboardEvent| {
        if let Some(start) = state.window.with_untracked(|window| start_by_key(window, &event)) {
            event.prevent_default();
            event.stop_propagation();
            state.follow.set(false);
            state.turn(|window| window.starting_at(start));
        }
    };
    let rate = Memo::new(move |_| studio.song(|song| f64::from(song.rate_hz)).unwrap_or(48_000.0));
    let seconds = move |of: fn(&Window) -> f64| state.window.with(|window| format!("{:.2}", of(window).max(0.0) / rate.get()));
    let told = move || {
        let place = |frame: f64| time::short(frame.max(0.0) as u64, rate.get() as u32);
        state.window.with(|window| format!("{} to {}", place(window.start), place(window.end().min(window.length))))
    };
    let hint = move || {
        studio.hints.show("Song overview", "Drag or arrows move the window · Page keys by a whole one · Ctrl wheel on the tracks zooms")
    };
    let total = move || studio.song(|song| format!("{} total", time::short(song.end_frame(), song.rate_hz)));
    view! {
        <div class="tl-foot">
            <span class="n">{total}</span>
            <span class="grow"></span>
            <Button look=ButtonLook::Quiet class="is-small is-icon" name="Zoom out" hint="Key: −" on_press=move |()| state.zoom(1.5)>
                <span aria-hidden="true">"−"</span>
            </Button>
            <Button look=ButtonLook::Quiet class="is-small is-icon" name="Zoom in" hint="Key: +" on_press=move |()| state.zoom(1.0 / 1.5)>
                <IconView icon=Icon::Plus />
            </Button>
        </div>
        <div
            class="tl-map"
            role="slider"
            tabindex="0"
            aria-label="Song overview"
            aria-valuemin="0"
            aria-valuemax=move || seconds(|window| window.length)
            aria-valuenow=move || seconds(|window| window.start)
            aria-valuetext=told
            on:keydown=key
            on:focus=move |_| hint()
            on:pointerdown=down
            on:pointermove=move |event| if held.get_value() { go(&event) }
            on:pointerup=move |_| held.set_value(false)
            on:pointercancel=move |_| held.set_value(false)
            on:pointerenter=move |_| hint()
        >
            <canvas node_ref=node aria-hidden="true"></canvas>
        </div>
    }
}

/// Where a key moves the window's start to.
fn start_by_key(window: &Window, event: &KeyboardEvent) -> Option<f64> {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return None;
    }
    let shown = window.width * window.frames_per_px;
    Some(match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => window.start - ARROW_PART * shown,
        "ArrowRight" | "ArrowUp" => window.start + ARROW_PART * shown,
        "PageDown" => window.start - shown,
        "PageUp" => window.start + shown,
        "Home" => 0.0,
        "End" => window.length,
        _ => return None,
    })
}

fn levels_of(studio: Studio, whole: &Window, peaks: PeakStore) -> Vec<(f64, f64)> {
    let song = studio.peek_song_id();
    let levels = studio.peek(|session| song.and_then(|song| session.song(song)).map(|song| swing(session, song, whole, peaks)));
    levels.flatten().unwrap_or_default()
}

fn draw(surface: &Surface, window: &Window, whole: &Window, levels: &[(f64, f64)]) {
    surface.ink("tx-3", 0.4);
    for (x, (rms, _)) in levels.iter().enumerate() {
        let height = (surface.height - 3.0) * rms.sqrt().min(1.0);
        surface.rect(x as f64, surface.height - height, 1.0, height);
    }
    let (from, to) = (whole.x(window.start as u64), whole.x(window.end() as u64));
    if to - from < surface.width - 2.0 {
        surface.ink("ivory", 0.14);
        surface.rect(from, 0.0, to - from, surface.height);
        surface.ink("ivory", 0.8);
        surface.frame(from, 0.0, to - from, surface.height);
    }
}

/// RMS and peak of all sounding clips together, added as powers, for every pixel.
fn swing(session: &Session, song: &Song, window: &Window, peak_store: PeakStore) -> Vec<(f64, f64)> {
    let mut columns = vec![(0.0f64, 0.0f64); window.width.ceil().max(0.0) as usize];
    let volume = Target::Strip("volume".into());
    let sounding = song.strips.iter().filter(|strip| !strip.clips.is_empty() && !strip.is_on("mute"));
    let gained = sounding.map(|strip| (strip, dsp::units::db_to_gain(f64::from(strip.value_of(&volume)))));
    for (gain, clip) in gained.flat_map(|(strip, gain)| strip.clips.iter().map(move |clip| (gain, clip))) {
        let Some(source) = session.source(clip.source) else { continue };
        let Some(data) = peak_store.get(&source.hash) else { continue };
        let rate = f64::from(source.rate_hz) / f64::from(song.rate_hz.max(1));
        for stroke in wave::strokes(clip, window, 1.0 / STEP_PX, |from, to| peaks::column(&data, from * rate, to * rate)) {
            if let Some(column) = columns.get_mut(stroke.at) {
                let peak = f64::from(stroke.column.max.max(-stroke.column.min)) * gain;
                column.0 += (f64::from(stroke.column.rms) * gain).powi(2);
                column.1 += peak * peak;
            }
        }
    }
    columns.into_iter().map(|(rms, peak)| (rms.sqrt(), peak.sqrt().min(1.0))).collect()
}

/// The song as one waveform under the first `top` pixels, with the loop behind it.
pub fn draw_song(surface: &Surface, session: &Session, song: &Song, length: f64, top: f64, cycle: Option<Range>, peak_store: PeakStore) {
    let window = Window { start: 0.0, frames_per_px: length.max(1.0) / surface.width, width: surface.width, length };
    if let Some(range) = cycle {
        surface.ink("ivory", 0.06);
        surface.rect(window.x(range.start), 0.0, window.x(range.end) - window.x(range.start), surface.height);
    }
    let half = (surface.height - top) / 2.0 - 2.0;
    let middle = top + half + 2.0;
    let levels = swing(session, song, &window, peak_store);
    let (peak_ink, rms_ink) = (surface.token("tx-3"), surface.token("tx-2"));
    for (x, (rms, peak)) in levels.into_iter().enumerate() {
        let (peak, rms) = (peak * half, rms * half);
        surface.ink_value(&peak_ink, 0.5);
        surface.rect(x as f64, middle - peak.max(0.5), 1.0, peak.max(0.5) * 2.0);
        surface.ink_value(&rms_ink, 0.95);
        surface.rect(x as f64, middle - rms, 1.0, rms * 2.0);
    }
}

/// The length that [`draw_song`] spans.
pub fn span_of_song(studio: Studio) -> f64 {
    length_of_song(studio)
}
