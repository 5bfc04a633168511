//! Presets: the ones that a declaration brings, and the user's own as small JSON files.

use dsp::params::Preset;
use dsp::protocol::StripId;
use serde::{Deserialize, Serialize};

use crate::edit::Edit;
use crate::file::without_monitor;
use crate::model::{Insert, SongId, Values};
use crate::rules;

const FORMAT: &str = "headroom-preset";
const FORMAT_VERSION: u32 = 1;
/// Largest preset file that is read.
const MAX_BYTES: usize = 1 << 20;

/// Why a preset was not taken, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PresetError {
    /// It is something else.
    #[error("This is not a Headroom preset.")]
    NotAPreset,
    /// A newer version wrote it.
    #[error("This preset was saved by a newer version of Headroom.")]
    Newer,
    /// It belongs to another processor.
    #[error("This preset is for {preset}, not for {insert}.")]
    OtherProcessor {
        /// What it is for.
        preset: String,
        /// What it was to be applied to.
        insert: String,
    },
}

/// A user's preset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserPreset {
    format: String,
    version: u32,
    /// Name on screen.
    pub name: String,
    /// The processor's permanent id.
    pub processor: String,
    /// Version of the declaration that the values were made for.
    pub processor_version: u32,
    /// Values that differ from the defaults.
    pub values: Values,
}

/// The edit that sets an insert to one of its declaration's presets.
pub fn apply(song: SongId, strip: StripId, insert: &Insert, preset: &Preset) -> Edit {
    let values = preset.values.iter().map(|(id, value)| ((*id).to_owned(), *value)).collect();
    edit(song, strip, insert, values, preset.name)
}

/// What only concerns listening stays as it is.
fn edit(song: SongId, strip: StripId, insert: &Insert, mut values: Values, name: &str) -> Edit {
    let specs = insert.spec().map_or(&[][..], |spec| spec.params);
    without_monitor(specs, &mut values);
    let mut kept = insert.values.clone();
    without_monitor(specs, &mut kept);
    values.extend(insert.values.iter().filter(|(id, _)| !kept.contains_key(*id)).map(|(id, value)| (id.clone(), *value)));
    Edit::SetInsertValues { song, strip, insert: insert.id, values, preset: Some(name.to_owned()) }
}

impl UserPreset {
    /// An insert's values under a name.
    pub fn of(insert: &Insert, name: &str) -> Self {
        let mut values = insert.values.clone();
        without_monitor(insert.spec().map_or(&[][..], |spec| spec.params), &mut values);
        Self {
            format: FORMAT.into(),
            version: FORMAT_VERSION,
            name: rules::tidy_name(name).unwrap_or_else(|| "Preset".into()),
            processor: insert.processor.clone(),
            processor_version: insert.version,
            values,
        }
    }

    /// As JSON.
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// From JSON.
    ///
    /// # Errors
    /// A sentence that says why it is not taken.
    pub fn from_json(bytes: &[u8]) -> Result<Self, PresetError> {
        if bytes.len() > MAX_BYTES {
            return Err(PresetError::NotAPreset);
        }
        let mut preset: Self = serde_json::from_slice(bytes).map_err(|_| PresetError::NotAPreset)?;
        if preset.format != FORMAT || preset.version == 0 {
            return Err(PresetError::NotAPreset);
        }
        if preset.version > FORMAT_VERSION {
            return Err(PresetError::Newer);
        }
        preset.name = rules::tidy_name(&preset.name).ok_or(PresetError::NotAPreset)?;
        preset.values.retain(|_, value| value.is_finite());
        Ok(preset)
    }

    /// The edit that sets an insert to it.
    ///
    /// # Errors
    /// [`PresetError::OtherProcessor`].
    pub fn apply(&self, song: SongId, strip: StripId, insert: &Insert) -> Result<Edit, PresetError> {
        if insert.processor != self.processor {
            let name = dsp::processors::spec(&self.processor).map_or(self.processor.as_str(), |spec| spec.name);
            return Err(PresetError::OtherProcessor { preset: name.into(), insert: insert.name().into() });
        }
        Ok(edit(song, strip, insert, self.values.clone(), &self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::session;

    #[test]
    fn a_user_s_preset_comes_back_from_its_file_and_sets_another_insert() {
        let (mut session, song) = session();
        let strips = session.song(song).expect("the song").strips.clone();
        let mut insert = strips[0].inserts[0].clone();
        insert.values.insert("gain".into(), -4.5);
        insert.values.insert("of_the_future".into(), 2.0);
        let preset = UserPreset::from_json(&UserPreset::of(&insert, "Quieter").to_json()).expect("its own file");
        let edit = preset.apply(song, strips[1].id, &strips[1].inserts[0]).expect("the same processor");
        session.apply(&edit).expect("values");
        let set = &session.song(song).expect("the song").strips[1].inserts[0];
        assert_eq!((set.values.clone(), set.preset.as_deref()), (insert.values, Some("Quieter")));
    }

    #[test]
    fn a_preset_of_another_processor_is_refused_by_name() {
        let (session, song) = session();
        let strip = &session.song(song).expect("the song").strips[0];
        let other = Insert { processor: "of_the_future".into(), ..strip.inserts[0].clone() };
        let refused = UserPreset::of(&other, "X").apply(song, strip.id, &strip.inserts[0]).expect_err("another processor");
        assert_eq!(refused.to_string(), "This preset is for of_the_future, not for Utility.");
    }

    #[test]
    fn other_files_are_not_presets() {
        for bytes in [&b"{}"[..], b"", b"\x89PNG", br#"{"format":"headroom-session","version":1}"#] {
            assert_eq!(UserPreset::from_json(bytes), Err(PresetError::NotAPreset));
        }
    }
}
