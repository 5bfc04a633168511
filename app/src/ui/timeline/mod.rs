//! The timeline of the Mix room: track heads, ruler, clips, lanes and the overview.
//!
//! Canvases hold the picture and take nothing; what can be focused (clips, markers, points, heads) are elements above them. Everything
//! is redrawn at most once per animation frame, and only after something that it shows has changed.

mod bodies;
mod clip_bar;
mod clip_menu;
pub mod clipboard;
mod clips;
mod draw;
pub mod edits;
mod heads;
mod hit;
mod lane;
mod lane_pointer;
mod lane_view;
pub mod many;
mod markers;
mod mask;
mod overview;
mod peak_store;
mod peaks;
mod playhead;
mod pointer;
mod rows;
mod ruler;
mod ruler_view;
mod scene;
pub mod shape;
mod snap;
pub mod span;
mod span_bar;
mod stamps;
mod state;
mod stencil;
mod stretch;
mod swing;
pub mod time;
mod toolbar;
mod wave;
mod window;

use dsp::protocol::StripKind;
use leptos::ev::WheelEvent;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

use crate::state::{Room, Studio};
use crate::ui::drop::{FilePicker, Imports, Intent};
use crate::ui::frame::FrameLoop;
use crate::ui::widgets::{Button, ButtonLook, ContextMenus, Icon, IconView};
use clip_bar::ClipBar;
use clips::ClipList;
use heads::Heads;
use lane_view::LanePoints;
use overview::Overview;
use ruler_view::Ruler;
use span_bar::SpanBar;
use stencil::Stencil;
use toolbar::Toolbar;

pub use overview::{draw_song, span_of_song};
pub use peak_store::PeakStore;
pub use playhead::PlayheadSlider;
pub use ruler::time_ticks;
pub use state::TimelineState;
pub use window::Window;

/// A view that has not moved for so many frames of the screen stands still.
const FRAMES_OF_REST: u32 = 4;
/// Height of a line where a wheel counts in lines.
const WHEEL_LINE_PX: f64 = 16.0;

/// The timeline of the Mix room.
#[component]
pub fn Timeline() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let (lanes, tracks, ruler, playhead) =
        (NodeRef::<Div>::new(), NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new(), NodeRef::<Div>::new());
    let song = Memo::new(move |_| studio.song(|song| song.id).and_then(|song| Some((studio.session(|session| session.id.clone())?, song))));
    Effect::new(move |_| state.show(song.get()));
    keep_size(studio, state, lanes);
    keep_drawn(studio, state, tracks, ruler);
    keep_playhead(studio, state, playhead);
    keep_rested(state);
    let menus = expect_context::<ContextMenus>();
    let wheel = move |event: WheelEvent| {
        event.prevent_default();
        wheeled(studio, state, &event);
    };
    view! {
        <section class="timeline" aria-label="Tracks">
            <Toolbar />
            <div class="tl-top"><Ruler canvas=ruler /></div>
            <Heads />
            <div
                class="tl-lanes"
                node_ref=lanes
                on:wheel=wheel
                on:pointerdown=move |event| pointer::pressed(studio, state, &event)
                on:pointermove=move |event| pointer::moved(studio, state, &event)
                on:pointerup=move |event| pointer::released(studio, state, &event)
                on:pointercancel=move |_| state.let_go()
                on:contextmenu=move |event| clip_menu::open(studio, state, menus, &event)
            >
                <canvas node_ref=tracks aria-hidden="true"></canvas>
                <ClipList />
                <LanePoints />
                <Band />
                <Empty />
            </div>
            <div class="tl-playhead" node_ref=playhead aria-hidden="true"><i></i></div>
            <ClipBar />
            <SpanBar />
            <Overview />
        </section>
    }
}

/// The rubber band.
#[component]
fn Band() -> impl IntoView {
    let state = expect_context::<TimelineState>();
    let px = |value: f64| format!("{value:.0}px");
    move || {
        let band = state.band.get()?;
        Some(view! {
            <div class="tl-band" aria-hidden="true" style:left=px(band.left) style:top=px(band.top) style:width=px(band.width) style:height=px(band.height)></div>
        })
    }
}

/// What stands there before there are tracks.
#[component]
fn Empty() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let imports = expect_context::<Imports>();
    let picker = expect_context::<FilePicker>();
    let is_empty = Memo::new(move |_| {
        let has_tracks = studio.song(|song| song.strips_of(StripKind::Audio).next().is_some()).unwrap_or(false);
        !has_tracks && imports.of(Room::Mix).is_empty()
    });
    view! {
        <Show when=move || is_empty.get()>
            <div class="tl-empty" on:pointerdown=|event| event.stop_propagation()>
                <p>"No tracks yet. Drop stems here."</p>
                <Button look=ButtonLook::Primary class="is-large" on_press=move |()| picker.open(Intent::Room(Room::Mix))>
                    <IconView icon=Icon::Stems />
                    "Choose stems"
                </Button>
            </div>
        </Show>
    }
}

/// Follows the size of the view of the tracks, and the heights that the stylesheet gives rows at this size.
fn keep_size(studio: Studio, state: TimelineState, lanes: NodeRef<Div>) {
    let length = Memo::new(move |_| state::length_of_song(studio));
    let measure = move || {
        let Some(lanes) = lanes.get_untracked() else { return };
        let (width, height) = (f64::from(lanes.client_width()), f64::from(lanes.client_height()));
        state.turn(|window| window.resized(length.get_untracked(), width));
        state.height.set(height);
        state.row_px.set((token_px("--trk-h", 25.0), token_px("--lane-h", 58.0)));
        state.scroll_rows(0.0, rows::height(&untrack(|| state.rows(studio))));
    };
    Effect::new(move |_| {
        length.track();
        measure();
    });
    let resized = Closure::<dyn Fn()>::new(measure);
    let observer = StoredValue::new_local(ResizeObserver::new(resized.as_ref().unchecked_ref()).ok());
    let kept = StoredValue::new_local(resized);
    Effect::new(move |_| {
        if let Some(lanes) = lanes.get() {
            observer.with_value(|observer| observer.iter().for_each(|observer| observer.observe(&lanes)));
        }
    });
    on_cleanup(move || {
        observer.with_value(|observer| observer.iter().for_each(ResizeObserver::disconnect));
        kept.dispose();
    });
}

fn token_px(name: &str, otherwise: f64) -> f64 {
    let value = document().document_element().and_then(|root| window().get_computed_style(&root).ok().flatten());
    let text = value.and_then(|style| style.get_property_value(name).ok()).unwrap_or_default();
    text.trim().trim_end_matches("px").parse().unwrap_or(otherwise)
}

/// Redraws tracks and ruler in the frame after a change.
fn keep_drawn(studio: Studio, state: TimelineState, tracks: NodeRef<Canvas>, ruler: NodeRef<Canvas>) {
    let peaks = expect_context::<PeakStore>();
    let imports = expect_context::<Imports>();
    let frames = expect_context::<FrameLoop>();
    let stale = StoredValue::new(true);
    let mut stencil = Stencil::default();
    Effect::new(move |_| {
        scene::track(studio, state, peaks, imports);
        tracks.track();
        ruler.track();
        stale.set_value(true);
    });
    frames.each(move |_| {
        if stale.try_get_value() == Some(true)
            && let (Some(tracks), Some(ruler)) = (tracks.get_untracked(), ruler.get_untracked())
        {
            stale.set_value(false);
            scene::draw(studio, state, peaks, imports, (&tracks, &ruler), &mut stencil);
        }
    });
}

/// Tells when the view stands still again.
fn keep_rested(state: TimelineState) {
    let mut last = state.view();
    let mut still = 0;
    expect_context::<FrameLoop>().each(move |_| {
        let now = state.view();
        still = if now == last { still + 1 } else { 0 };
        last = now;
        if still == FRAMES_OF_REST && state.rested.get_untracked() != now {
            state.rested.set(now);
        }
    });
}

/// Moves the playhead, and the window with it while it plays.
fn keep_playhead(studio: Studio, state: TimelineState, playhead: NodeRef<Div>) {
    let frames = expect_context::<FrameLoop>();
    let mut shown = None;
    frames.each(move |frame| {
        let playing = frame.readings.playing;
        let position = if playing { frame.readings.position } else { studio.locator.get_untracked() };
        if playing && state.follow.get_untracked() && state.held.with_untracked(Option::is_none) {
            state.turn(|window| window.following(position));
        }
        let window = state.window.get_untracked();
        let x = window.x(position).round();
        let now = (x, (-1.0..=window.width).contains(&x));
        if shown != Some(now)
            && let Some(playhead) = playhead.get_untracked()
        {
            let style = web_sys::HtmlElement::style(&playhead);
            let _ = style.set_property("transform", &format!("translateX({x}px)"));
            let _ = style.set_property("visibility", if now.1 { "visible" } else { "hidden" });
            shown = Some(now);
        }
    });
}

/// The wheel scrolls the tracks, with Shift the time, with Ctrl (or a pinch) it zooms at the pointer.
fn wheeled(studio: Studio, state: TimelineState, event: &WheelEvent) {
    let unit = match event.delta_mode() {
        WheelEvent::DOM_DELTA_LINE => WHEEL_LINE_PX,
        WheelEvent::DOM_DELTA_PAGE => state.height.get_untracked(),
        _ => 1.0,
    };
    let (across, down) = (event.delta_x() * unit, event.delta_y() * unit);
    if event.ctrl_key() {
        let x = pointer::place_in(event).0;
        state.turn(|window| window.zoomed(Window::wheel_factor(down), x));
        return;
    }
    let sideways = if event.shift_key() && across == 0.0 { down } else { across };
    if sideways != 0.0 {
        // Whoever scrolls wants to look elsewhere.
        state.follow.set(false);
        state.turn(|window| window.scrolled(sideways));
    }
    if !event.shift_key() && down != 0.0 {
        state.scroll_rows(down, rows::height(&untrack(|| state.rows(studio))));
    }
}
