//! Several clips at once: which are chosen, and edits that reach all of them in one step.

use dsp::protocol::{FadeCurve, StripId};
use leptos::prelude::*;
use session::Edit;
use session::model::{Clip, ClipId, Fade};

use super::edits::{find, name};
use super::shape;
use super::state::{Held, TimelineState};
use crate::state::Studio;

impl TimelineState {
    /// The chosen clips that are still there, the selected one first.
    pub fn chosen(self, studio: Studio) -> Vec<ClipId> {
        let also = self.also.get_untracked();
        let selected = self.selected.get_untracked();
        let all = selected.into_iter().chain(also.into_iter().filter(|id| Some(*id) != selected));
        all.filter(|id| find(studio, *id).is_some()).collect()
    }

    /// Whether a clip is chosen, alone or with others; tracked.
    pub fn is_chosen(self, id: ClipId) -> bool {
        self.selected.get() == Some(id) || self.also.with(|also| also.contains(&id))
    }

    /// Chooses one clip alone, unless it is one of several.
    pub fn choose(self, id: ClipId) {
        if !self.also.with_untracked(|also| also.contains(&id)) {
            self.also.set(Vec::new());
        }
        self.span.set(None);
        self.selected.set(Some(id));
    }

    /// Chooses a clip beside the others, or not any more.
    pub fn choose_also(self, id: ClipId) {
        self.span.set(None);
        let selected = self.selected.get_untracked();
        let mut also = self.also.get_untracked();
        if let Some(at) = also.iter().position(|chosen| *chosen == id) {
            also.remove(at);
            self.selected.set(also.first().copied());
        } else if selected == Some(id) {
            self.selected.set(None);
        } else {
            also.extend(selected.into_iter().filter(|selected| !also.contains(selected)).collect::<Vec<_>>());
            also.push(id);
            self.selected.set(Some(id));
        }
        self.also.set(if also.len() < 2 { Vec::new() } else { also });
    }

    /// Chooses one clip and no other.
    pub fn choose_alone(self, id: ClipId) {
        self.choose_all(&[id]);
    }

    /// Goes from a chosen clip on to the next and chooses that beside it; on the way back the first is chosen no more.
    pub fn choose_on(self, from: ClipId, to: ClipId) {
        let is_back = self.also.with_untracked(|also| also.contains(&to));
        self.choose_also(if is_back { from } else { to });
        self.selected.set(Some(to));
    }

    /// Chooses these clips and no others.
    pub fn choose_all(self, ids: &[ClipId]) {
        self.span.set(None);
        self.selected.set(ids.first().copied());
        self.also.set(if ids.len() < 2 { Vec::new() } else { ids.to_vec() });
    }
}

/// What undo calls an edit of these clips: "Move Kick clip 1", "Move 4 clips".
fn step(studio: Studio, what: &str, clips: &[ClipId]) -> String {
    match clips {
        [one] => format!("{what} {}", name(studio, *one)),
        many => format!("{what} {} clips", many.len()),
    }
}

fn found(studio: Studio, ids: &[ClipId]) -> Vec<(StripId, Clip)> {
    ids.iter().filter_map(|id| find(studio, *id).map(|(strip, clip, _)| (strip, clip))).collect()
}

/// The clips moved by frames, all by the same: none comes before the song's start.
pub fn moved(clips: &[(StripId, Clip)], frames: i64) -> Vec<(StripId, Clip)> {
    let earliest = clips.iter().map(|(_, clip)| clip.start).min().unwrap_or(0);
    let frames = frames.max(-i64::try_from(earliest).unwrap_or(i64::MAX));
    clips.iter().map(|(strip, clip)| (*strip, Clip { start: clip.start.saturating_add_signed(frames), ..clip.clone() })).collect()
}

/// Lets go of several clips that were dragged together.
pub fn drop_held(studio: Studio, state: TimelineState, held: Held) {
    let (Some(song), Some(mut new_ids)) = (studio.peek_song_id(), studio.peek(session::model::Session::ids)) else { return };
    let all: Vec<(StripId, Clip)> = std::iter::once((held.from, held.clip)).chain(held.others).collect();
    let ids: Vec<ClipId> = all.iter().map(|(_, clip)| clip.id).collect();
    if held.is_copy {
        let copies: Vec<(StripId, Clip)> = all.into_iter().map(|(strip, clip)| (strip, Clip { id: new_ids.clip(), ..clip })).collect();
        let new: Vec<ClipId> = copies.iter().map(|(_, clip)| clip.id).collect();
        let edits = copies.into_iter().map(|(strip, clip)| Edit::AddClip { song, strip, clip }).collect();
        if studio.dispatch(step(studio, "Copy", &ids), Edit::Batch(edits)) {
            state.choose_all(&new);
        }
        return;
    }
    let edits = all.into_iter().map(|(strip, clip)| Edit::SetClip { song, strip, clip }).collect();
    studio.dispatch(step(studio, "Move", &ids), Edit::Batch(edits));
}

/// Moves clips by frames.
pub fn move_by(studio: Studio, ids: &[ClipId], frames: i64) {
    let (Some(song), clips) = (studio.peek_song_id(), found(studio, ids)) else { return };
    let edits = moved(&clips, frames).into_iter().map(|(strip, clip)| Edit::SetClip { song, strip, clip }).collect();
    studio.dispatch(step(studio, "Move", ids), Edit::Batch(edits));
}

/// Takes clips away.
pub fn remove(studio: Studio, state: TimelineState, ids: &[ClipId]) {
    let (Some(song), clips) = (studio.peek_song_id(), found(studio, ids)) else { return };
    let edits = clips.into_iter().map(|(strip, clip)| Edit::RemoveClip { song, strip, clip: clip.id }).collect();
    if studio.dispatch(step(studio, "Delete", ids), Edit::Batch(edits)) {
        state.choose_all(&[]);
    }
}

/// Puts copies of clips right behind them, and chooses the copies.
pub fn duplicate(studio: Studio, state: TimelineState, ids: &[ClipId]) {
    let (Some(song), clips) = (studio.peek_song_id(), found(studio, ids)) else { return };
    let (Some(start), Some(end)) = (clips.iter().map(|(_, clip)| clip.start).min(), clips.iter().map(|(_, clip)| clip.end()).max()) else {
        return;
    };
    let Some(mut new_ids) = studio.peek(session::model::Session::ids) else { return };
    let copies: Vec<(StripId, Clip)> =
        moved(&clips, (end - start) as i64).into_iter().map(|(strip, clip)| (strip, Clip { id: new_ids.clip(), ..clip })).collect();
    let new: Vec<ClipId> = copies.iter().map(|(_, clip)| clip.id).collect();
    let edits = copies.into_iter().map(|(strip, clip)| Edit::AddClip { song, strip, clip }).collect();
    if studio.dispatch(step(studio, "Duplicate", ids), Edit::Batch(edits)) {
        state.choose_all(&new);
    }
}

/// Cuts every chosen clip in two that the frame lies in.
pub fn split(studio: Studio, ids: &[ClipId], frame: u64) {
    let (Some(song), clips) = (studio.peek_song_id(), found(studio, ids)) else { return };
    let Some(mut new_ids) = studio.peek(session::model::Session::ids) else { return };
    let halves = clips.iter().filter_map(|(strip, clip)| Some((*strip, shape::split(clip, frame)?)));
    let edits: Vec<Edit> = halves
        .flat_map(|(strip, (left, right))| {
            let right = Clip { id: new_ids.clip(), ..right };
            [Edit::SetClip { song, strip, clip: left }, Edit::AddClip { song, strip, clip: right }]
        })
        .collect();
    if edits.is_empty() {
        studio.messages.news("The playhead is not inside a selected clip: nothing to split.");
    } else {
        studio.dispatch(step(studio, "Split", ids), Edit::Batch(edits));
    }
}

/// The clip and its neighbours with fades over the whole length of their overlaps, which keep the power; empty where nothing overlaps.
fn crossfaded(clips: &[Clip], id: ClipId) -> Vec<Clip> {
    let Some(clip) = clips.iter().find(|clip| clip.id == id) else { return Vec::new() };
    let mut changed: Vec<Clip> = Vec::new();
    let mut middle = clip.clone();
    let fade = |frames: u64| Fade { frames: u32::try_from(frames).unwrap_or(u32::MAX), curve: FadeCurve::EqualPower };
    for other in clips.iter().filter(|other| other.id != id) {
        if other.start < clip.start && other.end() > clip.start && other.end() < clip.end() {
            middle.fade_in = fade(other.end() - clip.start);
            changed.push(Clip { fade_out: middle.fade_in, ..other.clone() });
        } else if clip.start < other.start && clip.end() > other.start && clip.end() < other.end() {
            middle.fade_out = fade(clip.end() - other.start);
            changed.push(Clip { fade_in: middle.fade_out, ..other.clone() });
        }
    }
    if !changed.is_empty() {
        changed.push(middle);
    }
    changed
}

/// Fades clips over into the neighbours that they overlap.
pub fn crossfade(studio: Studio, id: ClipId) {
    let (Some(song), Some((strip, _, _))) = (studio.peek_song_id(), find(studio, id)) else { return };
    let changed = studio.peek_strip(strip, |strip| crossfaded(&strip.clips, id)).unwrap_or_default();
    if changed.is_empty() {
        studio.messages.news("The selected clip overlaps no other: drag one over the other's end first.");
        return;
    }
    let edits = changed.into_iter().map(|clip| Edit::SetClip { song, strip, clip }).collect();
    studio.dispatch(format!("Cross-fade {}", name(studio, id)), Edit::Batch(edits));
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::model::SourceId;

    fn clip(id: u32, start: u64, length: u64) -> Clip {
        let (fade_in, fade_out) = (Fade::default(), Fade::default());
        Clip { id: ClipId(id), source: SourceId(1), start, offset: 0, length, gain_db: 0.0, fade_in, fade_out }
    }

    #[test]
    fn clips_that_move_together_keep_their_distances_at_the_songs_start() {
        let clips = [(StripId(1), clip(1, 500, 100)), (StripId(2), clip(2, 2_000, 100))];
        let starts = |frames| moved(&clips, frames).iter().map(|(_, clip)| clip.start).collect::<Vec<_>>();
        assert_eq!(starts(250), [750, 2_250]);
        assert_eq!(starts(-9_000), [0, 1_500]);
    }

    #[test]
    fn a_cross_fade_is_as_long_as_the_overlap_on_both_sides() {
        let clips = [clip(1, 0, 1_000), clip(2, 800, 1_000), clip(3, 5_000, 10)];
        let changed = crossfaded(&clips, ClipId(2));
        let fade = Fade { frames: 200, curve: FadeCurve::EqualPower };
        assert_eq!(changed.len(), 2);
        assert!(changed.iter().any(|clip| clip.id == ClipId(1) && clip.fade_out == fade));
        assert!(changed.iter().any(|clip| clip.id == ClipId(2) && clip.fade_in == fade));
        assert!(crossfaded(&clips, ClipId(3)).is_empty());
    }
}
