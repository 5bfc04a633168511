//! A span: a stretch of time on some tracks. Nothing changes while it is chosen; clips are cut at its ends when something is done with it.

use dsp::protocol::{StripId, StripKind};
use leptos::prelude::*;
use session::Edit;
use session::model::{Clip, ClipId, Range, SongId};

use super::edits;
use super::shape;
use super::state::TimelineState;
use crate::state::Studio;

/// A stretch of time on some tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// From when to when; never empty.
    pub range: Range,
    /// On which tracks; at least one.
    pub strips: Vec<StripId>,
}

/// A clip cut at a span's ends. The first part keeps the clip's id, the others have it still; a cut that would leave too short a clip is not
/// made.
#[derive(Debug, PartialEq)]
struct Cut {
    before: Option<Clip>,
    inside: Clip,
    after: Option<Clip>,
}

/// Cuts a clip; `None` when it lies outside.
fn cut(clip: &Clip, range: Range) -> Option<Cut> {
    if clip.end() <= range.start || clip.start >= range.end {
        return None;
    }
    let (before, rest) = match shape::split(clip, range.start) {
        Some((before, rest)) => (Some(before), rest),
        None => (None, clip.clone()),
    };
    Some(match shape::split(&rest, range.end) {
        Some((inside, after)) => Cut { before, inside, after: Some(after) },
        None => Cut { before, inside: rest, after: None },
    })
}

/// A clip cut at both ends, as edits, and the id of its part inside.
fn split_edits(song: SongId, strip: StripId, cut: Cut, new_id: &mut impl FnMut() -> ClipId) -> (Vec<Edit>, ClipId) {
    let mut edits = Vec::new();
    let mut inside = cut.inside;
    if let Some(clip) = cut.before {
        inside.id = new_id();
        edits.push(Edit::SetClip { song, strip, clip });
        edits.push(Edit::AddClip { song, strip, clip: inside.clone() });
    } else if cut.after.is_some() {
        edits.push(Edit::SetClip { song, strip, clip: inside.clone() });
    }
    if let Some(after) = cut.after {
        edits.push(Edit::AddClip { song, strip, clip: Clip { id: new_id(), ..after } });
    }
    (edits, inside.id)
}

/// A clip without its part inside, as edits.
fn delete_edits(song: SongId, strip: StripId, cut: Cut, new_id: &mut impl FnMut() -> ClipId) -> Vec<Edit> {
    match (cut.before, cut.after) {
        (None, None) => vec![Edit::RemoveClip { song, strip, clip: cut.inside.id }],
        (Some(clip), None) | (None, Some(clip)) => vec![Edit::SetClip { song, strip, clip }],
        (Some(clip), Some(after)) => {
            let after = Clip { id: new_id(), ..after };
            vec![Edit::SetClip { song, strip, clip }, Edit::AddClip { song, strip, clip: after }]
        }
    }
}

/// The chosen span, without tracks that have gone since.
fn chosen(studio: Studio, state: TimelineState) -> Option<Span> {
    let mut span = state.span.get_untracked()?;
    span.strips.retain(|strip| studio.peek_strip(*strip, |_| ()).is_some());
    (!span.strips.is_empty()).then_some(span)
}

fn cuts(studio: Studio, span: &Span) -> Vec<(StripId, Cut)> {
    let on = |strip: &StripId| {
        let cuts = studio.peek_strip(*strip, |strip| strip.clips.iter().filter_map(|clip| cut(clip, span.range)).collect::<Vec<_>>());
        cuts.unwrap_or_default().into_iter().map(|cut| (*strip, cut)).collect::<Vec<_>>()
    };
    span.strips.iter().flat_map(on).collect()
}

/// What lies in the chosen span, with its first frame; `None` when none is chosen.
pub fn copied(studio: Studio, state: TimelineState) -> Option<(u64, Vec<(StripId, Clip)>)> {
    let span = chosen(studio, state)?;
    let clips = cuts(studio, &span).into_iter().map(|(strip, cut)| (strip, cut.inside)).collect();
    Some((span.range.start, clips))
}

/// Changes what lies in the chosen span; `false` when none is chosen.
fn change<Made>(
    studio: Studio,
    state: TimelineState,
    step: &str,
    edits_of: impl FnOnce(SongId, &Span) -> (Vec<Edit>, Made),
) -> Option<Made> {
    let (span, song) = (chosen(studio, state)?, studio.peek_song_id()?);
    let (edits, made) = edits_of(song, &span);
    if edits.is_empty() {
        studio.messages.news("No clip lies in the chosen span.");
    } else {
        studio.dispatch(step, Edit::Batch(edits));
    }
    Some(made)
}

/// Takes away what lies in it; `false` when none is chosen.
pub fn delete(studio: Studio, state: TimelineState) -> bool {
    let Some(mut ids) = studio.peek(session::model::Session::ids) else { return false };
    let edits_of = |song, span: &Span| {
        let edits = cuts(studio, span).into_iter().flat_map(|(strip, cut)| delete_edits(song, strip, cut, &mut || ids.clip()));
        (edits.collect(), ())
    };
    change(studio, state, "Delete a span", edits_of).is_some()
}

/// Cuts its clips at both ends and chooses the parts inside; `false` when none is chosen.
pub fn split(studio: Studio, state: TimelineState) -> bool {
    let Some(mut ids) = studio.peek(session::model::Session::ids) else { return false };
    let edits_of = |song, span: &Span| {
        let split = cuts(studio, span).into_iter().map(|(strip, cut)| split_edits(song, strip, cut, &mut || ids.clip()));
        let (edits, inside): (Vec<_>, Vec<_>) = split.unzip();
        (edits.into_iter().flatten().collect(), inside)
    };
    let Some(inside) = change(studio, state, "Split a span", edits_of) else { return false };
    state.choose_all(&inside);
    true
}

/// Lays a copy of it behind it, which is the chosen span then; `false` when none is chosen.
pub fn repeat(studio: Studio, state: TimelineState) -> bool {
    let Some(mut ids) = studio.peek(session::model::Session::ids) else { return false };
    let edits_of = |song, span: &Span| {
        let length = span.range.end - span.range.start;
        let copies = cuts(studio, span).into_iter().map(|(strip, cut)| {
            let clip = Clip { id: ids.clip(), start: cut.inside.start + length, ..cut.inside };
            Edit::AddClip { song, strip, clip }
        });
        let next = Span { range: Range { start: span.range.end, end: span.range.end + length }, ..span.clone() };
        (copies.collect(), next)
    };
    let Some(next) = change(studio, state, "Repeat a span", edits_of) else { return false };
    state.choose_span(Some(next));
    true
}

/// Sets the loop to it.
pub fn set_loop(studio: Studio, state: TimelineState) {
    if let Some(span) = chosen(studio, state) {
        edits::set_loop(studio, span.range);
    }
}

/// Chooses the loop's range on the selected tracks.
pub fn choose_loop(studio: Studio, state: TimelineState) {
    let range = studio.peek_song(|song| song.cycle.range).flatten();
    let also = studio.also.get_untracked();
    let strips = if also.is_empty() { studio.selected.get_untracked().into_iter().collect() } else { also };
    let is_track = |strip: &StripId| studio.peek_strip(*strip, |strip| strip.kind == StripKind::Audio) == Some(true);
    let strips: Vec<StripId> = strips.into_iter().filter(is_track).collect();
    match range {
        Some(range) if !strips.is_empty() => state.choose_span(Some(Span { range, strips })),
        _ => studio.messages.news("Drag a loop on the ruler and select a track first: together they are the span."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::model::{Fade, SourceId};

    const RANGE: Range = Range { start: 10_000, end: 20_000 };

    fn clip(start: u64, length: u64) -> Clip {
        let (fade_in, fade_out) = (Fade::default(), Fade::default());
        Clip { id: ClipId(1), source: SourceId(1), start, offset: 500, length, gain_db: 0.0, fade_in, fade_out }
    }

    fn ends(clip: &Clip) -> (u32, u64, u64) {
        (clip.id.0, clip.start, clip.end())
    }

    /// The clips that are there after edits of one clip.
    fn after(edits: Vec<Edit>, clip: &Clip) -> Vec<(u32, u64, u64)> {
        let mut clips = vec![clip.clone()];
        for edit in edits {
            match edit {
                Edit::SetClip { clip, .. } => {
                    let changed = clips.iter_mut().find(|other| other.id == clip.id).expect("a clip");
                    *changed = clip;
                }
                Edit::AddClip { clip, .. } => clips.push(clip),
                Edit::RemoveClip { clip, .. } => clips.retain(|other| other.id != clip),
                other => panic!("{other:?}"),
            }
        }
        clips.iter().map(ends).collect()
    }

    fn counted() -> impl FnMut() -> ClipId {
        let mut next = 1;
        move || {
            next += 1;
            ClipId(next)
        }
    }

    #[test]
    fn a_clip_outside_is_left_alone_and_one_inside_is_taken_whole() {
        assert_eq!(cut(&clip(0, 10_000), RANGE), None);
        assert_eq!(cut(&clip(20_000, 100), RANGE), None);
        let whole = clip(12_000, 1_000);
        assert_eq!(cut(&whole, RANGE), Some(Cut { before: None, inside: whole, after: None }));
    }

    #[test]
    fn deleting_a_span_leaves_what_is_before_and_after_it() {
        for (start, length, left) in [
            (0, 30_000, vec![(1, 0, 10_000), (2, 20_000, 30_000)]),
            (5_000, 10_000, vec![(1, 5_000, 10_000)]),
            (15_000, 10_000, vec![(1, 20_000, 25_000)]),
            (12_000, 1_000, vec![]),
        ] {
            let clip = clip(start, length);
            let cut = cut(&clip, RANGE).expect("inside");
            assert_eq!(after(delete_edits(SongId(1), StripId(1), cut, &mut counted()), &clip), left);
        }
    }

    #[test]
    fn splitting_a_span_cuts_at_its_ends_and_names_the_part_inside() {
        let clip = clip(0, 30_000);
        let cut = cut(&clip, RANGE).expect("inside");
        assert_eq!((cut.inside.offset, cut.after.as_ref().map(|after| after.offset)), (10_500, Some(20_500)));
        let (edits, inside) = split_edits(SongId(1), StripId(1), cut, &mut counted());
        assert_eq!(inside, ClipId(2));
        assert_eq!(after(edits, &clip), [(1, 0, 10_000), (2, 10_000, 20_000), (3, 20_000, 30_000)]);
    }
}
