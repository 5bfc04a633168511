//! The clips as elements: buttons above the picture that take the focus, one Tab stop for all of them.
//!
//! Those in view have one, unless a track shows too many to tell them apart, and always the one that the keys are at; so a song of an hour
//! scrolls like one of a minute, and the arrows still reach every clip.

use dsp::protocol::StripId;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};
use session::model::{Clip, ClipId};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::rows::Row;
use super::state::{TimelineState, View};
use super::time;
use crate::state::Studio;
use crate::ui::widgets::keep_focus;

/// With more clips of a track in view than this, none of them is wide enough to be met by a pointer.
const MOST_OF_A_TRACK: usize = 48;

/// Every track's list of clips.
#[component]
pub fn ClipList() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let shift = move || format!("translateY({}px)", -state.scroll.get());
    let rows = Memo::new(move |_| state.rows(studio));
    let stop = Memo::new(move |_| tab_stop(studio, state));
    view! {
        <div class="tl-clips" style:transform=shift on:keydown=move |event| walk(studio, state, &event)>
            <For each=move || rows.get() key=|row| row.strip children=move |row| view! { <TrackClips strip=row.strip rows stop /> } />
        </div>
    }
}

/// The clip that Tab leads to: the selected one, or the first of the song.
fn tab_stop(studio: Studio, state: TimelineState) -> Option<ClipId> {
    let selected = state.selected.get();
    studio.song(|song| selected.filter(|id| song.clip(*id).is_some()).or_else(|| song.clips().next().map(|(_, clip)| clip.id))).flatten()
}

#[component]
fn TrackClips(strip: StripId, rows: Memo<Vec<Row>>, stop: Memo<Option<ClipId>>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let row = Memo::new(move |_| rows.with(|rows| rows.iter().find(|row| row.strip == strip).copied()));
    let clips = studio.strip_memo(strip, |strip| strip.clips.clone());
    let ids = Memo::new(move |_| {
        let (view, kept) = (state.rested.get(), stop.get());
        let row = row.get().filter(|row| row.bottom() > view.scroll && row.top < view.scroll + view.height);
        clips.with(|clips| met(clips, row.map(|_| view), kept))
    });
    let name = studio.strip_memo(strip, |strip| format!("{} clips", strip.name));
    view! {
        <ul aria-label=name style:top=move || row.get().map(|row| format!("{}px", row.top)) style:height=move || row.get().map(|row| format!("{}px", row.height))>
            <For each=move || ids.get() key=|id| *id children=move |id| view! { <ClipButton strip id clips stop /> } />
        </ul>
    }
}

/// The clips of a track that have an element in a view (`None` when the track is not in it), `kept` among them in any case.
fn met(clips: &[Clip], view: Option<View>, kept: Option<ClipId>) -> Vec<ClipId> {
    let is_seen =
        |clip: &&Clip| view.is_some_and(|View { window, .. }| window.x(clip.end()) >= 0.0 && window.x(clip.start) <= window.width);
    let are_few = clips.iter().filter(is_seen).nth(MOST_OF_A_TRACK).is_none();
    clips.iter().filter(|clip| Some(clip.id) == kept || are_few && is_seen(clip)).map(|clip| clip.id).collect()
}

#[component]
fn ClipButton(strip: StripId, id: ClipId, clips: Memo<Vec<Clip>>, stop: Memo<Option<ClipId>>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let clip = Memo::new(move |_| clips.with(|clips| clips.iter().find(|clip| clip.id == id).cloned()));
    let place = Memo::new(move |_| {
        let clip = clip.get()?;
        let window = if stop.get() == Some(id) { state.window.get() } else { state.rested.get().window };
        let (left, right) = (window.x(clip.start).max(-2.0), window.x(clip.start + clip.length).min(window.width + 2.0));
        Some((left, (right - left).max(0.0)))
    });
    let name = move || {
        let number = clips.with(|clips| clips.iter().position(|clip| clip.id == id).map_or(0, |place| place + 1));
        let clip = clip.get()?;
        let rate_hz = studio.song(|song| song.rate_hz)?;
        let track = studio.strip(strip, |strip| strip.name.clone())?;
        Some(format!("{track} clip {number}, {} to {}", time::short(clip.start, rate_hz), time::short(clip.start + clip.length, rate_hz)))
    };
    let select = move || {
        studio.select_strip(strip);
        state.choose(id);
    };
    let focused = move |_| {
        select();
        bring_into_view(studio, state, strip, id);
        studio
            .hints
            .show("Clip", "Arrows: next clip, with Shift as well · , . move · [ ] trim to the playhead · S split · Delete · gain and fades in the bar below");
    };
    view! {
        <li>
            <button
                type="button"
                class="clip"
                data-clip=id.0.to_string()
                aria-label=name
                aria-pressed=move || if state.is_chosen(id) { "true" } else { "false" }
                tabindex=move || if stop.get() == Some(id) { "0" } else { "-1" }
                style:left=move || place.get().map(|place| format!("{}px", place.0))
                style:width=move || place.get().map(|place| format!("{}px", place.1))
                on:mousedown=keep_focus
                on:click=move |event| if event.shift_key() { state.choose_also(id) } else { select() }
                on:focus=focused
            ></button>
        </li>
    }
}

/// Scrolls so that a clip's start and its track are seen.
fn bring_into_view(studio: Studio, state: TimelineState, strip: StripId, id: ClipId) {
    if let Some(row) = untrack(|| state.rows(studio)).into_iter().find(|row| row.strip == strip) {
        state.show_row(&row);
    }
    let window = state.window.get_untracked();
    let clip = studio.peek_strip(strip, |strip| strip.clip(id).map(|clip| (clip.start, clip.end()))).flatten();
    if let Some((start, end)) = clip
        && (window.x(end) < 0.0 || window.x(start) > window.width)
    {
        state.show_frame(start);
    }
}

/// Arrows go from clip to clip: along the track, and to the nearest one of the track above or below. With Shift the clips on the way are
/// chosen together.
fn walk(studio: Studio, state: TimelineState, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let step: (i64, i64) = match event.key().as_str() {
        "ArrowLeft" => (-1, 0),
        "ArrowRight" => (1, 0),
        "ArrowUp" => (0, -1),
        "ArrowDown" => (0, 1),
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    let Some(now) = untrack(|| tab_stop(studio, state)) else { return };
    let next = studio.peek_song(|song| {
        let (strip, clip) = song.clip(now)?;
        if step.0 != 0 {
            let at = strip.clips.iter().position(|found| found.id == now)? as i64 + step.0;
            return Some(strip.clips.get(usize::try_from(at).ok()?)?.id);
        }
        let tracks: Vec<_> = song.strips_of(dsp::protocol::StripKind::Audio).filter(|track| !track.clips.is_empty()).collect();
        let at = tracks.iter().position(|track| track.id == strip.id)? as i64 + step.1;
        let clips = &tracks.get(usize::try_from(at).ok()?)?.clips;
        clips.iter().min_by_key(|other| other.start.abs_diff(clip.start)).map(|clip| clip.id)
    });
    if let Some(next) = next.flatten() {
        if event.shift_key() {
            state.choose_on(now, next)
        } else {
            state.choose_alone(next)
        }
        spawn_local(async move {
            // Its element may come with the choice.
            tick().await;
            focus_clip(next);
        });
    }
}

/// Puts the focus on a clip.
fn focus_clip(id: ClipId) {
    let found = document().query_selector(&format!("[data-clip=\"{}\"]", id.0)).ok().flatten();
    if let Some(button) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

#[cfg(test)]
mod tests {
    use session::model::{Fade, SourceId};

    use super::super::window::Window;
    use super::*;

    fn clips(count: u32) -> Vec<Clip> {
        let clip = |id: u32| Clip {
            id: ClipId(id),
            source: SourceId(1),
            start: u64::from(id) * 100,
            offset: 0,
            length: 100,
            gain_db: 0.0,
            fade_in: Fade::default(),
            fade_out: Fade::default(),
        };
        (0..count).map(clip).collect()
    }

    fn view(start: f64, frames_per_px: f64) -> Option<View> {
        Some(View { window: Window { start, frames_per_px, width: 100.0, length: 36_000.0 }, scroll: 0.0, height: 300.0 })
    }

    #[test]
    fn clips_in_view_have_an_element_and_the_one_with_the_focus_always() {
        let ids = |view, kept| met(&clips(360), view, kept).into_iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(ids(view(1000.0, 2.0), Some(ClipId(300))), [9, 10, 11, 12, 300]);
        assert_eq!(ids(None, Some(ClipId(7))), [7]);
        assert!(ids(None, None).is_empty());
    }

    #[test]
    fn a_track_with_more_clips_in_view_than_can_be_told_apart_gives_only_the_kept_one() {
        assert_eq!(met(&clips(360), view(0.0, 360.0), Some(ClipId(7))), [ClipId(7)]);
        assert_eq!(met(&clips(48), view(0.0, 360.0), None).len(), 48);
    }
}
