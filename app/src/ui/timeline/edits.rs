//! Edits of clips by name: what the pointer, the keys and the clip bar ask for.

use dsp::protocol::StripId;
use session::Edit;
use session::model::{Clip, ClipId, Cycle, Range};

use super::many;
use super::shape::{self, Part};
use super::state::{Held, TimelineState};
use crate::state::Studio;

/// A clip of the song on show, with its track and how long its source is at the song's rate.
pub fn find(studio: Studio, id: ClipId) -> Option<(StripId, Clip, u64)> {
    let song = studio.peek_song_id()?;
    studio.peek(|session| {
        let song = session.song(song)?;
        let (strip, clip) = song.clip(id)?;
        let frames = session.source(clip.source).map_or(clip.offset + clip.length, |source| source.frames_at(song.rate_hz));
        Some((strip.id, clip.clone(), frames))
    })?
}

/// The clip's accessible name: "Kick clip 1".
pub fn name(studio: Studio, id: ClipId) -> String {
    let name = studio.peek_song(|song| {
        let (strip, _) = song.clip(id)?;
        let number = strip.clips.iter().position(|clip| clip.id == id)? + 1;
        Some(format!("{} clip {number}", strip.name))
    });
    name.flatten().unwrap_or_else(|| "Clip".into())
}

/// Puts another shape of a clip into the document as one step.
pub fn put(studio: Studio, what: &str, strip: StripId, clip: Clip) -> bool {
    let Some(song) = studio.peek_song_id() else { return false };
    let step = format!("{what} {}", name(studio, clip.id));
    studio.dispatch(step, Edit::SetClip { song, strip, clip })
}

/// Lets go of a dragged clip.
pub fn drop_held(studio: Studio, state: TimelineState, held: Held) {
    let Some(song) = studio.peek_song_id() else { return };
    let id = held.clip.id;
    if !held.others.is_empty() {
        many::drop_held(studio, state, held);
        return;
    }
    if held.is_copy {
        let Some(copy) = studio.peek(|session| session.ids().clip()) else { return };
        let clip = Clip { id: copy, ..held.clip };
        studio.dispatch(format!("Copy {}", name(studio, id)), Edit::AddClip { song, strip: held.to, clip });
        return;
    }
    let Some((_, before, _)) = find(studio, id) else { return };
    if held.from == held.to {
        if before != held.clip {
            let what = if before.length != held.clip.length {
                "Trim"
            } else if before.fade_in != held.clip.fade_in || before.fade_out != held.clip.fade_out {
                "Fade"
            } else {
                "Move"
            };
            put(studio, what, held.from, held.clip);
        }
        return;
    }
    let edits = vec![Edit::RemoveClip { song, strip: held.from, clip: id }, Edit::AddClip { song, strip: held.to, clip: held.clip }];
    studio.dispatch(format!("Move {}", name(studio, id)), Edit::Batch(edits));
}

/// Takes an edge or the end of a fade to a frame.
pub fn take_part_to(studio: Studio, id: ClipId, part: Part, frame: u64) {
    let Some((strip, clip, source_frames)) = find(studio, id) else { return };
    let what = if matches!(part, Part::FadeIn | Part::FadeOut) { "Fade" } else { "Trim" };
    let changed = shape::taken_to(&clip, part, frame, source_frames);
    if changed != clip {
        put(studio, what, strip, changed);
    }
}

/// Sets the loop and switches it on.
pub fn set_loop(studio: Studio, range: Range) {
    let Some(song) = studio.peek_song_id() else { return };
    studio.dispatch("Loop range", Edit::SetCycle { song, cycle: Cycle { enabled: true, range: Some(range) } });
}
