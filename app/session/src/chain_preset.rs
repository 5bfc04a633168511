//! Whole master chains to begin with: processors in order with what differs from their defaults. Loudness is not among it: that is the
//! destination's.

use crate::edit::Edit;
use crate::model::{Chain, Insert, Session, SongId};
use crate::versions;

type Step = (&'static str, &'static [(&'static str, f32)]);

/// A chain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChainPreset {
    /// Name on screen.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    steps: &'static [Step],
}

const CEILING: Step = ("limiter", &[("ceiling", -1.0)]);

/// All of them.
pub static CHAIN_PRESETS: &[ChainPreset] = &[
    ChainPreset {
        name: "Clean",
        about: "An equalizer that does nothing yet and a limiter for the peaks.",
        steps: &[("equalizer", &[]), CEILING],
    },
    ChainPreset {
        name: "Gentle glue",
        about: "A slow compressor of one or two decibels between equalizer and limiter.",
        steps: &[
            ("equalizer", &[]),
            ("compressor", &[("threshold", -14.0), ("ratio", 1.5), ("knee", 12.0), ("attack", 40.0), ("release", 250.0)]),
            CEILING,
        ],
    },
    ChainPreset {
        name: "Warm and wide",
        about: "Tape, a little more width, mono under 110 Hz.",
        steps: &[
            ("equalizer", &[]),
            ("saturator", &[("style", 0.0), ("drive", 2.5), ("mix", 70.0), ("oversampling", 3.0)]),
            ("imager", &[("mono_on", 1.0), ("mono_below", 110.0)]),
            CEILING,
        ],
    },
    ChainPreset {
        name: "Loud",
        about: "The clipper takes the shortest peaks, so that the limiter has less to do.",
        steps: &[("equalizer", &[]), ("multiband", &[]), ("clipper", &[("ceiling", -1.5)]), CEILING],
    },
    ChainPreset {
        name: "Speech",
        about: "For podcasts: rumble out, sibilants held, an even level.",
        steps: &[
            ("equalizer", &[]),
            ("deesser", &[]),
            ("compressor", &[("threshold", -24.0), ("ratio", 3.0), ("knee", 8.0), ("attack", 8.0), ("release", 160.0), ("makeup", 4.0)]),
            CEILING,
        ],
    },
    ChainPreset {
        name: "Vinyl",
        about: "Mono lows, sibilants held, no limiting.",
        steps: &[("equalizer", &[]), ("imager", &[("mono_on", 1.0), ("mono_below", 150.0)]), ("deesser", &[])],
    },
];

/// The edit that puts a preset in the place of a song's master chain; its fader stays.
pub fn apply(session: &Session, song: SongId, preset: &ChainPreset) -> Option<Edit> {
    let strip = session.song(song)?.master()?;
    let mut ids = session.ids();
    let insert = |(processor, values): &Step| {
        let mut insert = Insert::new(&mut ids, processor);
        insert.values.extend(values.iter().map(|(id, value)| ((*id).to_owned(), *value)));
        insert
    };
    let inserts = preset.steps.iter().map(insert).collect();
    let volume_db = strip.value_of(&crate::model::Target::Strip("volume".into()));
    Some(Edit::Batch(versions::replace(song, strip, Chain { inserts, lanes: Vec::new(), volume_db })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn every_preset_names_processors_and_parameters_that_exist_and_is_one_step() {
        for preset in CHAIN_PRESETS {
            let (mut session, song) = testing::stereo_session();
            let before = session.clone();
            let edit = apply(&session, song, preset).expect("an edit");
            let undo = session.apply(&edit).expect("an edit that fits");
            let master = session.song(song).and_then(|song| song.master()).expect("a master");
            assert_eq!(master.inserts.len(), preset.steps.len());
            for (insert, (_, values)) in master.inserts.iter().zip(preset.steps) {
                let spec = insert.spec().unwrap_or_else(|| panic!("{}: {}", preset.name, insert.processor));
                for (id, value) in *values {
                    let at = spec.index_of(id).unwrap_or_else(|| panic!("{}: {} {id}", preset.name, spec.id));
                    assert!((spec.params[at].min..=spec.params[at].max).contains(value), "{} {id}", spec.id);
                }
            }
            session.apply(&undo).expect("undone");
            assert_eq!(session.songs, before.songs);
        }
    }
}
