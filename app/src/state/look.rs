//! How strips stand in the console: width, hiding, folding, linked faders, notes. Nothing of it is heard, all of it is undone like any edit.

use dsp::protocol::{StripId, StripKind};
use leptos::prelude::*;
use session::Edit;
use session::model::{Look, Song, StripWidth};
use session::rules::MAX_LINK;

use super::Studio;

impl Studio {
    /// The strips of a kind that stand in the console, tracked by their ids.
    pub fn shown_strips(self, kind: StripKind) -> Memo<Vec<StripId>> {
        Memo::new(move |_| self.song(|song| song.shown_of(kind).map(|strip| strip.id).collect()).unwrap_or_default())
    }

    /// The strips that are hidden by themselves, with their names, tracked.
    pub fn hidden_strips(self) -> Vec<(StripId, String)> {
        let hidden =
            |song: &Song| song.strips.iter().filter(|strip| strip.look.hidden).map(|strip| (strip.id, strip.name.clone())).collect();
        self.song(hidden).unwrap_or_default()
    }

    /// How many strips a folded group keeps out of sight, tracked; `None` for what is not folded.
    pub fn folded_count(self, strip: StripId) -> Option<usize> {
        let count = self.song(|song| {
            let is_folded = song.strip(strip)?.look.folded;
            is_folded.then(|| song.strips.iter().filter(|other| other.output == Some(strip)).count())
        });
        count.flatten()
    }

    /// Changes the look of strips in one step.
    fn change_looks(self, step: String, strips: &[StripId], change: impl Fn(&mut Look)) {
        let Some(song) = self.peek_song_id() else { return };
        let edit = |strip: &StripId| {
            let mut look = self.peek_strip(*strip, |strip| strip.look.clone())?;
            change(&mut look);
            Some(Edit::SetLook { song, strip: *strip, look })
        };
        self.dispatch(step, Edit::Batch(strips.iter().filter_map(edit).collect()));
    }

    /// The strips that a menu of this one is about: those that are chosen together, or itself.
    fn meant_with(self, strip: StripId) -> Vec<StripId> {
        self.also.with_untracked(|also| if also.contains(&strip) { also.clone() } else { vec![strip] })
    }

    /// Another width.
    pub fn set_strip_width(self, strip: StripId, width: StripWidth) {
        self.change_looks(self.step_name(strip, "width"), &self.meant_with(strip), |look| look.width = width);
    }

    /// Takes strips out of sight.
    pub fn hide(self, strip: StripId) {
        self.change_looks(self.step_name(strip, "hide"), &self.meant_with(strip), |look| look.hidden = true);
    }

    /// Brings hidden strips back into sight.
    pub fn show(self, strips: &[StripId]) {
        self.change_looks("Show hidden strips".to_owned(), strips, |look| look.hidden = false);
    }

    /// Folds a group, or unfolds it.
    pub fn toggle_fold(self, strip: StripId) {
        let is_group = self.peek_strip(strip, |strip| strip.kind == StripKind::Group).unwrap_or(false);
        if is_group {
            self.change_looks(self.step_name(strip, "fold"), &[strip], |look| look.folded = !look.folded);
        } else {
            self.messages.news("Select a group first: what goes into it is folded.");
        }
    }

    /// Links the faders of the strips that are chosen together, under the first number that is free.
    pub fn link_faders(self, strip: StripId) {
        let used = self.peek_song(|song| song.strips.iter().map(|strip| strip.look.link).collect::<Vec<_>>()).unwrap_or_default();
        match (1..=MAX_LINK).find(|number| !used.contains(number)) {
            Some(number) => self.change_looks(self.step_name(strip, "fader link"), &self.meant_with(strip), |look| look.link = number),
            None => self.messages.news("All eight links are in use: unlink some faders first."),
        }
    }

    /// Frees a strip's fader from its link; the last one left is free too.
    pub fn unlink_fader(self, strip: StripId) {
        let mut freed = self.meant_with(strip);
        let linked = self.linked_with(strip);
        if linked.iter().filter(|other| !freed.contains(other)).count() == 1 {
            freed.extend(linked.into_iter().filter(|other| *other != strip));
        }
        freed.dedup();
        self.change_looks(self.step_name(strip, "fader unlink"), &freed, |look| look.link = 0);
    }

    /// The strips whose faders move with this one's, itself among them; empty where it has no link.
    pub(super) fn linked_with(self, strip: StripId) -> Vec<StripId> {
        let linked = self.peek_song(|song| {
            let link = song.strip(strip).map_or(0, |strip| strip.look.link);
            song.strips.iter().filter(|other| link > 0 && other.look.link == link).map(|other| other.id).collect()
        });
        linked.unwrap_or_default()
    }

    /// Another note.
    pub fn set_note(self, strip: StripId, note: &str) {
        self.change_looks(self.step_name(strip, "note"), &[strip], |look| note.clone_into(&mut look.note));
    }
}
