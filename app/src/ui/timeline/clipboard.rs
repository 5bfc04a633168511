//! Copy, cut and paste on the timeline: the chosen stretch of the open lane, or else the chosen span, or else the chosen clips.

use dsp::protocol::StripId;
use leptos::prelude::*;
use session::Edit;
use session::model::{Clip, ClipId, Range};

use super::state::TimelineState;
use super::stretch::{Copied, Course};
use super::{edits, lane_view, many, span};
use crate::state::Studio;

/// What was copied last.
#[derive(Clone, Debug)]
pub enum Board {
    /// A stretch of a lane.
    Points(Copied),
    /// Clips with their tracks, and the frame that comes to the playhead when they are laid down.
    Clips(u64, Vec<(StripId, Clip)>),
}

/// Calls `with` with the open lane's course; `None` where none is open.
pub fn open_course<R>(studio: Studio, state: TimelineState, with: impl FnOnce(&Course<'_>) -> R) -> Option<R> {
    let (strip, target) = state.lane.get_untracked()?;
    let (spec, points) = lane_view::lane_of(studio, strip, &target)?;
    let still = studio.peek_strip(strip, |strip| strip.value_of(&target))?;
    let edge_frames = u64::from(studio.peek_song(|song| song.rate_hz)?) / 100;
    Some(with(&Course { spec, points: &points, still, edge_frames }))
}

/// The chosen stretch, while a lane is open.
fn chosen(state: TimelineState) -> Option<Range> {
    state.stretch.get_untracked().filter(|_| state.lane.with_untracked(Option::is_some))
}

/// Takes a copy; `false` when nothing is chosen.
pub fn copy(studio: Studio, state: TimelineState) -> bool {
    let board = match chosen(state) {
        Some(range) => open_course(studio, state, |course| course.copied(range)).map(Board::Points),
        None => {
            let (from, clips) = span::copied(studio, state).unwrap_or_else(|| {
                let clips = state.chosen(studio).into_iter().filter_map(|id| edits::find(studio, id));
                let clips: Vec<_> = clips.map(|(strip, clip, _)| (strip, clip)).collect();
                (clips.iter().map(|(_, clip)| clip.start).min().unwrap_or(0), clips)
            });
            (!clips.is_empty()).then_some(Board::Clips(from, clips))
        }
    };
    let is_taken = board.is_some();
    if is_taken {
        state.board.set_value(board);
    }
    is_taken
}

/// Takes a copy and takes away what was copied.
pub fn cut(studio: Studio, state: TimelineState) -> bool {
    copy(studio, state) && delete(studio, state)
}

/// Takes away what is chosen.
pub fn delete(studio: Studio, state: TimelineState) -> bool {
    if let Some(range) = chosen(state) {
        if let Some(points) = open_course(studio, state, |course| course.without(range)) {
            lane_view::put_points(studio, state, points, "stretch deleted");
        }
        return true;
    }
    if span::delete(studio, state) {
        return true;
    }
    let clips = state.chosen(studio);
    many::remove(studio, state, &clips);
    !clips.is_empty()
}

/// Lays what was copied down from the playhead on: points into the open lane, clips onto their tracks, or onto the selected one when they
/// all came from one track.
pub fn paste(studio: Studio, state: TimelineState) -> bool {
    let at = studio.locator.get_untracked();
    match state.board.get_value() {
        None => return false,
        Some(Board::Points(copied)) => match open_course(studio, state, |course| course.pasted(at, &copied)) {
            Some((range, points)) => {
                lane_view::put_points(studio, state, points, "paste");
                state.stretch.set(Some(range));
            }
            None => studio.messages.news("Open a lane first: the copied points go into it."),
        },
        Some(Board::Clips(from, clips)) => paste_clips(studio, state, from, &clips, at),
    }
    true
}

fn paste_clips(studio: Studio, state: TimelineState, from: u64, clips: &[(StripId, Clip)], at: u64) {
    let (Some(song), Some(mut ids)) = (studio.peek_song_id(), studio.peek(session::model::Session::ids)) else { return };
    let is_one_track = clips.iter().all(|(strip, _)| *strip == clips[0].0);
    let onto = studio.selected.get_untracked().filter(|_| is_one_track);
    let is_track = |strip: &StripId| studio.peek_strip(*strip, |strip| strip.kind == dsp::protocol::StripKind::Audio) == Some(true);
    let onto = onto.filter(is_track);
    let copies = clips.iter().map(|(strip, clip)| {
        (onto.unwrap_or(*strip), Clip { id: ids.clip(), start: clip.start.saturating_sub(from) + at, ..clip.clone() })
    });
    let copies: Vec<_> = copies.filter(|(strip, _)| is_track(strip)).collect();
    let new: Vec<ClipId> = copies.iter().map(|(_, clip)| clip.id).collect();
    let edits = copies.into_iter().map(|(strip, clip)| Edit::AddClip { song, strip, clip }).collect();
    let step = if new.len() == 1 { "Paste a clip".to_owned() } else { format!("Paste {} clips", new.len()) };
    if !new.is_empty() && studio.dispatch(step, Edit::Batch(edits)) {
        state.choose_all(&new);
    }
}
