//! Strips that are edited together: what is chosen beside the selected strip, and edits that reach all of them by the same step.

use dsp::engine::{STRIP_PARAMS, strip_param};
use dsp::params::{ParamSpec, Unit};
use dsp::protocol::{StripId, StripKind};
use leptos::prelude::*;
use session::Edit;
use session::model::{SongId, Target};

use super::Studio;

impl Studio {
    /// Selects a strip. What was chosen beside another one is forgotten, unless the strip is among it.
    pub fn select_strip(self, strip: StripId) {
        if !self.is_one_of_several(strip) {
            self.also.set(Vec::new());
        }
        self.selected.set(Some(strip));
    }

    /// Chooses a strip beside the selected one, or not any more. The master is always alone.
    pub fn choose_also(self, strip: StripId) {
        let is_master = self.peek_strip(strip, |strip| strip.kind == StripKind::Master).unwrap_or(true);
        let selected = self.selected.get_untracked();
        let is_alone = selected == Some(strip) && !self.is_one_of_several(strip);
        let Some(selected) = selected.filter(|_| !is_master && !is_alone) else {
            self.select_strip(strip);
            return;
        };
        self.also.update(|also| {
            if also.contains(&strip) {
                also.retain(|chosen| *chosen != strip && *chosen != selected);
                also.push(selected);
            } else {
                also.extend([selected, strip].into_iter().filter(|new| !also.contains(new)).collect::<Vec<_>>());
            }
            if also.len() < 2 {
                also.clear();
            }
        });
    }

    fn is_one_of_several(self, strip: StripId) -> bool {
        self.also.with_untracked(|also| also.contains(&strip))
    }

    /// Whether a strip is one of several that are chosen, tracked.
    pub fn is_chosen_also(self, strip: StripId) -> bool {
        self.also.with(|also| also.contains(&strip))
    }

    /// The strips that an edit of this one's value reaches: itself, where it is one of several chosen ones all of them, and where faders are
    /// linked all of those.
    fn edited_with(self, strip: StripId, spec: &ParamSpec) -> Vec<StripId> {
        let also = self.also.get_untracked();
        let mut all = if also.contains(&strip) { also } else { vec![strip] };
        if spec.id == STRIP_PARAMS[strip_param::VOLUME].id {
            for linked in all.clone().into_iter().flat_map(|strip| self.linked_with(strip)) {
                if !all.contains(&linked) {
                    all.push(linked);
                }
            }
        }
        all
    }

    /// The edit that sets one of a strip's own values, and moves it on the strips that are edited with it: values by the same
    /// difference, switches and words to the same.
    pub(super) fn set_together(self, song: SongId, strip: StripId, spec: &'static ParamSpec, value: f32) -> Edit {
        let target = Target::Strip(spec.id.into());
        let set = |strip, value| Edit::SetValue { song, strip, target: target.clone(), value };
        let strips = self.edited_with(strip, spec);
        if strips.len() < 2 {
            return set(strip, value);
        }
        let read = |strip| self.peek_strip(strip, |strip| strip.value_of(&target)).unwrap_or(spec.default);
        let before = read(strip);
        let moved = |other: StripId| match spec.unit {
            Unit::Toggle | Unit::Choice(_) => value,
            _ if other == strip => value,
            _ => spec.clamp(read(other) + value - before),
        };
        Edit::Batch(strips.into_iter().map(|other| set(other, moved(other))).collect())
    }

    /// What undo calls an edit of a strip's own value: "Kick volume", "4 strips volume".
    pub(super) fn step_name_together(self, strip: StripId, spec: &ParamSpec) -> String {
        let what = spec.name.to_lowercase();
        match self.edited_with(strip, spec).len() {
            0 | 1 => self.step_name(strip, &what),
            count => format!("{count} strips {what}"),
        }
    }
}
