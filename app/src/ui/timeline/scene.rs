//! Gathers what the picture of the tracks shows, from the document and the timeline's own state.

use std::cell::RefCell;
use std::collections::BTreeMap;

use leptos::prelude::*;
use session::model::{Clip, Range, Session, Song};
use web_sys::HtmlCanvasElement;

use super::peak_store::PeakStore;
use super::state::TimelineState;
use super::stencil::Stencil;
use super::swing::Swing;
use super::{draw, lane, rows, ruler_view};
use crate::state::{Room, Studio};
use crate::ui::drop::Imports;
use crate::ui::paint::Surface;

/// Reads everything that the picture depends on, so that the caller runs again when any of it changes.
pub fn track(studio: Studio, state: TimelineState, peaks: PeakStore, imports: Imports) {
    imports.track();
    studio.revision();
    studio.room.track();
    studio.theme.track();
    studio.selected.track();
    peaks.track();
    peaks.track_close_ups();
    state.window.track();
    state.scroll.track();
    state.height.track();
    state.row_px.track();
    state.selected.track();
    state.also.track();
    state.span.track();
    state.lane.track();
    state.point.track();
    state.stretch.track();
    state.held.track();
    state.held_points.track();
    state.held_loop.track();
}

/// Draws tracks and ruler.
pub fn draw(
    studio: Studio,
    state: TimelineState,
    peaks: PeakStore,
    imports: Imports,
    (tracks, ruler): (&HtmlCanvasElement, &HtmlCanvasElement),
    stencil: &mut Stencil,
) {
    let (Some(tracks), Some(ruler)) = (Surface::of(tracks), Surface::of(ruler)) else { return };
    let rows = untrack(|| state.rows(studio));
    let song = studio.peek_song_id();
    studio.peek(|session| {
        let Some(song) = song.and_then(|song| session.song(song)) else { return };
        let window = state.window.get_untracked();
        let shown_loop = loop_of(song, state);
        let found = RefCell::new(BTreeMap::new());
        let swing_of = |clip: &Clip| {
            let find = || Swing::of(session, song, clip.source, peaks);
            found.borrow_mut().entry(clip.source).or_insert_with(find).clone()
        };
        let file_name = |clip: &Clip| file_name(session, clip);
        let held = state.held.get_untracked();
        let lane = state.lane.get_untracked();
        let span = state.span.get_untracked();
        let held_points = state.held_points.get_untracked();
        let lane = lane.as_ref().and_then(|(strip, target)| {
            let strip = song.strip(*strip)?;
            let lane = strip.lane(target);
            Some(lane::Shown {
                spec: strip.spec_of(target)?,
                points: held_points.as_deref().or_else(|| lane.map(|lane| lane.points.as_slice())).unwrap_or(&[]),
                value: strip.value_of(target),
                enabled: lane.is_some_and(|lane| lane.enabled),
                selected: state.point.get_untracked(),
                stretch: state.stretch.get_untracked(),
            })
        });
        let scene = draw::Scene {
            song,
            window,
            scroll: state.scroll.get_untracked(),
            rows: rows::visible(&rows, state.scroll.get_untracked(), tracks.height),
            strip: studio.selected.get_untracked(),
            is_chosen: &|id| untrack(|| state.is_chosen(id)),
            held: held.as_ref(),
            span: span.as_ref(),
            cycle: shown_loop.filter(|(_, enabled)| *enabled).map(|(range, _)| range),
            lane,
            swing: &swing_of,
            file_name: &file_name,
        };
        draw::tracks(&tracks, &scene, stencil);
        ruler_view::draw(&ruler, song, &window, shown_loop);
    });
    let arriving: Vec<Option<u8>> = untrack(|| imports.of(Room::Mix)).into_iter().map(|import| import.percent).collect();
    draw::arriving(&tracks, rows::height(&rows) - state.scroll.get_untracked(), state.row_px.get_untracked().0, &arriving);
}

/// The loop that is drawn, and whether it is on: the one under the pointer's drag, or the document's.
fn loop_of(song: &Song, state: TimelineState) -> Option<(Range, bool)> {
    let held = state.held_loop.get_untracked().map(|range| (range, true));
    held.or_else(|| song.cycle.range.map(|range| (range, song.cycle.enabled)))
}

fn file_name(session: &Session, clip: &Clip) -> String {
    session.source(clip.source).map(|source| source.file_name.clone()).unwrap_or_default()
}
