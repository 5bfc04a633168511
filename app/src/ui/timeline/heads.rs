//! The heads of the tracks: number, name, a small meter, mute, solo, and the way to the lane; below them the files on their way in.

use dsp::engine::strip_param;
use dsp::protocol::{StripId, StripKind};
use leptos::ev::MouseEvent;
use leptos::html::Canvas;
use leptos::prelude::*;

use super::lane_view::LaneHead;
use super::rows;
use super::state::TimelineState;
use crate::state::{Room, Studio};
use crate::ui::ballistics::{PeakChannel, level_db};
use crate::ui::console::{LEVEL_ZONES, toggle};
use crate::ui::drop::{Import, Imports};
use crate::ui::frame::FrameLoop;
use crate::ui::paint::Surface;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, ToggleButton, keep_focus};

/// The lowest level that the small meters show.
const FLOOR_DB: f32 = -48.0;

/// All heads.
#[component]
pub fn Heads() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let imports = expect_context::<Imports>();
    let strips = studio.shown_strips(StripKind::Audio);
    let shift = move || format!("translateY({}px)", -state.scroll.get());
    view! {
        <div class="tl-heads" on:wheel=move |event| {
            event.prevent_default();
            state.scroll_rows(event.delta_y(), rows::height(&untrack(|| state.rows(studio))));
        }>
            <ol style:transform=shift aria-label="Tracks">
                <For each=move || strips.get() key=|strip| *strip children=move |strip| view! { <Head strip strips /> } />
                <For each=move || imports.of(Room::Mix) key=|import| import.id children=move |import| view! { <Arriving import /> } />
            </ol>
            <Levels strips />
        </div>
    }
}

#[component]
fn Head(strip: StripId, strips: Memo<Vec<StripId>>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let name = studio.strip_memo(strip, |strip| strip.name.clone());
    let colour = studio.strip_memo(strip, |strip| strip.colour.min(12));
    let muted = studio.strip_memo(strip, |strip| strip.is_on("mute"));
    let selected = Memo::new(move |_| studio.selected.get() == Some(strip));
    let open = Memo::new(move |_| state.lane.with(|lane| lane.as_ref().is_some_and(|lane| lane.0 == strip)));
    let number = move || strips.with(|strips| strips.iter().position(|found| *found == strip).map_or(0, |place| place + 1));
    let select = move |event: MouseEvent| {
        state.choose_all(&[]);
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            studio.choose_also(strip);
        } else {
            studio.select_strip(strip);
        }
    };
    let show = move |_| {
        let found = untrack(|| state.rows(studio)).into_iter().find(|row| row.strip == strip);
        if let Some(row) = found {
            state.show_row(&row);
        }
    };
    let toggle_lane = move |_: MouseEvent| {
        studio.selected.set(Some(strip));
        state.toggle_lane(studio);
    };
    let named = move |what: &str| format!("{what} {}", name.get());
    view! {
        <li on:focusin=show>
            <div class="track-head" class:is-selected=selected class:is-chosen-also=move || studio.is_chosen_also(strip) class:is-muted=muted style=("--c", move || format!("var(--trk-{})", colour.get()))>
                <span class="track-number n" aria-hidden="true">{number}</span>
                <button type="button" class="track-name" on:mousedown=keep_focus on:click=select aria-label=move || named("Select") aria-pressed=move || if selected.get() { "true" } else { "false" }>
                    {name}
                </button>
                <Switches strip name />
                <button type="button" class="btn is-quiet is-icon is-small" on:mousedown=keep_focus on:click=toggle_lane
                    aria-label=move || named("Automation of") aria-expanded=move || if open.get() { "true" } else { "false" }>
                    {move || view! { <IconView icon=if open.get() { Icon::Down } else { Icon::Right } /> }}
                </button>
            </div>
            <Show when=move || open.get()><LaneHead strip /></Show>
        </li>
    }
}

#[component]
fn Switches(strip: StripId, name: Memo<String>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let switch = move |index: usize, what: &'static str, letter: &'static str, class: &'static str| {
        let control = studio.strip_control(strip, index);
        let on = Signal::derive(move || control.value.get() >= 0.5);
        let press = move |event: MouseEvent| toggle(studio, strip, index, &event);
        // The name follows the track's when it is renamed.
        move || view! { <ToggleButton look=ButtonLook::Quiet class name=format!("{what} {}", name.get()) pressed=on on_press=press>{letter}</ToggleButton> }
    };
    view! {
        <span class="track-switches">
            {switch(strip_param::MUTE, "Mute", "M", "is-mute is-small")}
            {switch(strip_param::SOLO, "Solo", "S", "is-solo is-small")}
        </span>
    }
}

/// A file that is on its way to becoming a track.
#[component]
fn Arriving(import: Import) -> impl IntoView {
    let imports = expect_context::<Imports>();
    let id = import.id;
    let percent = Memo::new(move |_| imports.percent(id));
    let text = move || percent.get().map_or_else(|| "waits".to_owned(), |percent| format!("{percent}\u{2009}%"));
    let now = move || percent.get().unwrap_or(0).to_string();
    view! {
        <li>
            <div class="track-head is-arriving">
                <span class="track-name">{import.file_name.to_string()}</span>
                <span class="n lbl" role="progressbar" aria-label=format!("Reading {}", import.file_name) aria-valuemin="0" aria-valuemax="100" aria-valuenow=now>{text}</span>
                <Button look=ButtonLook::Quiet class="is-icon is-small" name=format!("Cancel {}", import.file_name) on_press=move |()| imports.cancel(id)>
                    <IconView icon=Icon::Close />
                </Button>
            </div>
        </li>
    }
}

/// The small meters of all heads, on one canvas.
#[component]
fn Levels(strips: Memo<Vec<StripId>>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let frames = expect_context::<FrameLoop>();
    let node = NodeRef::<Canvas>::new();
    let mut channels: Vec<(StripId, PeakChannel)> = Vec::new();
    let mut shown: (f64, Vec<(f64, f32)>) = (0.0, Vec::new());
    frames.each(move |frame| {
        let order = strips.get_untracked();
        channels.retain(|(strip, _)| order.contains(strip));
        let rows = untrack(|| state.rows(studio));
        let scroll = state.scroll.get_untracked();
        let mut levels = Vec::with_capacity(shown.1.len());
        for row in rows::visible(&rows, scroll, state.height.get_untracked()) {
            let found = channels.iter().position(|(strip, _)| *strip == row.strip);
            let at = found.unwrap_or_else(|| {
                channels.push((row.strip, PeakChannel::default()));
                channels.len() - 1
            });
            let reading = frame.readings.strip(row.strip);
            let level = reading.map_or(f32::NEG_INFINITY, |reading| level_db(reading.peak[0].max(reading.peak[1])));
            channels[at].1.take(level, frame.now_ms);
            levels.push((row.top - scroll, channels[at].1.bar_db));
        }
        // A canvas that is stretched by a change of the page is drawn anew as well.
        let now = (state.height.get_untracked(), levels);
        if now != shown
            && let Some(surface) = node.get_untracked().and_then(|canvas| Surface::of(&canvas))
        {
            draw_levels(&surface, &now.1, state.row_px.get_untracked().0);
            shown = now;
        }
    });
    view! { <canvas class="track-levels" node_ref=node aria-hidden="true"></canvas> }
}

fn draw_levels(surface: &Surface, levels: &[(f64, f32)], row_px: f64) {
    for (top, level_db) in levels {
        let (top, height) = (top + 3.0, row_px - 7.0);
        surface.ink("meter-bg", 1.0);
        surface.rect(0.0, top, surface.width, height);
        let part = |db: f32| f64::from(((db - FLOOR_DB) / -FLOOR_DB).clamp(0.0, 1.0)) * height;
        let mut from_db = FLOOR_DB;
        for (upper_db, token) in LEVEL_ZONES {
            let to_db = upper_db.min(*level_db);
            if to_db > from_db {
                surface.ink(token, 1.0);
                surface.rect(0.0, top + height - part(to_db), surface.width, part(to_db) - part(from_db));
            }
            from_db = upper_db;
        }
    }
}
