//! What the parts of an editor share: which insert it is, its declaration, and its values in order.

use dsp::params::ProcessorSpec;
use dsp::protocol::{InsertId, StripId};
use leptos::prelude::*;
use session::Edit;
use session::model::{Strip, Target};

use crate::state::Studio;
use crate::ui::widgets::Control;

/// An insert on show.
#[derive(Clone, Copy)]
pub struct InsertView {
    studio: Studio,
    /// Its strip.
    pub strip: StripId,
    /// Which it is.
    pub insert: InsertId,
    /// Its declaration.
    pub spec: &'static ProcessorSpec,
    /// All values in the declaration's order.
    pub values: Memo<Vec<f32>>,
}

impl InsertView {
    /// The view of an insert.
    pub fn new(studio: Studio, strip: StripId, insert: InsertId, spec: &'static ProcessorSpec) -> Self {
        let values = studio.strip_memo(strip, move |strip| values_of(strip, insert, spec));
        Self { studio, strip, insert, spec, values }
    }

    /// The control of the parameter with this index.
    pub fn control(&self, index: usize) -> Control {
        self.studio.insert_control(self.strip, self.insert, &self.spec.params[index])
    }

    /// The control of the parameter with this id.
    pub fn control_of(&self, id: &str) -> Option<Control> {
        self.spec.index_of(id).map(|index| self.control(index))
    }

    /// A value, tracked.
    pub fn value(&self, index: usize) -> f32 {
        self.values.with(|values| values.get(index).copied().unwrap_or_default())
    }

    /// Sets several parameters, by index, in one step.
    pub fn set_together(&self, what: &str, values: &[(usize, f32)]) {
        let Some(song) = self.studio.peek_song_id() else { return };
        let edit = |(index, value): &(usize, f32)| {
            let spec = &self.spec.params[*index];
            let target = Target::Insert(self.insert, spec.id.into());
            Edit::SetValue { song, strip: self.strip, target, value: spec.clamp(*value) }
        };
        self.studio.dispatch(self.studio.step_name(self.strip, what), Edit::Batch(values.iter().map(edit).collect()));
    }

    /// Frames in a second of the song on show, tracked.
    pub fn rate_hz(&self) -> f64 {
        self.studio.song(|song| f64::from(song.rate_hz)).unwrap_or(48_000.0)
    }
}

/// A parameter's value among all values, by its id.
pub fn value_by_id(spec: &ProcessorSpec, values: &[f32], id: &str) -> f32 {
    let index = spec.index_of(id);
    index.map_or(0.0, |index| values.get(index).copied().unwrap_or(spec.params[index].default))
}

fn values_of(strip: &Strip, insert: InsertId, spec: &'static ProcessorSpec) -> Vec<f32> {
    spec.params.iter().map(|param| strip.value_of(&Target::Insert(insert, param.id.into()))).collect()
}

/// All values of a declaration, at their defaults unless they are named.
#[cfg(test)]
pub fn values_with(spec: &ProcessorSpec, changed: &[(&str, f32)]) -> Vec<f32> {
    let value = |id: &str| changed.iter().find(|(changed, _)| *changed == id).map(|(_, value)| *value);
    spec.params.iter().map(|param| value(param.id).unwrap_or(param.default)).collect()
}
