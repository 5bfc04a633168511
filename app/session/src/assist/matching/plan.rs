//! The moves of a match, and the one edit that makes them: Equalizers, a Compressor, an Imager, and the limiter's gain and ceiling.

use serde::{Deserialize, Serialize};

use super::filter::equalizers;
use super::{PARTS, SPLITS_HZ};
use crate::assist::ledger::{limited, place};
use crate::assist::tone::Band;
use crate::edit::Edit;
use crate::make::Ids;
use crate::model::{Insert, Session, SongId, Strip, Target, Values};
use crate::target::{Setting, limiter};

/// The compressor follows whole phrases, not strokes: its slowest attack, and a release of about the window of a short-term loudness.
const LEVELLING: [(&str, f32); 5] = [("attack", 250.0), ("release", 1_500.0), ("detector", 1.0), ("knee", 6.0), ("range", 12.0)];

/// The limiter as dense as it gets: it forgets a peak at once, and each side for itself.
const DENSE: [(&str, f32); 6] =
    [("style", 2.0), ("lookahead", 1.0), ("attack", 5.0), ("release", 30.0), ("link_transients", 0.0), ("link_release", 0.0)];

/// A slow compressor.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compression {
    /// From here on it works, dB.
    pub threshold_db: f64,
    /// By so much it narrows.
    pub ratio: f64,
}

/// The moves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Bands of one Equalizer or of several, one behind the other, twelve to each.
    pub bands: Vec<Band>,
    /// Whether they work in linear phase.
    pub is_linear: bool,
    /// Slow compression.
    pub compression: Option<Compression>,
    /// The Imager's widths, percent.
    pub widths: Option<[f64; PARTS]>,
    /// How the limiter stands.
    pub loudness: Option<Setting>,
    /// Whether the limiter is set as dense as it gets: for a loudness that it does not reach as it is.
    pub is_dense: bool,
}

impl Plan {
    /// The processors before the limiter, with their values.
    fn processors(&self) -> Vec<(&'static str, Values)> {
        let mut processors: Vec<(&'static str, Values)> =
            equalizers(&self.bands, self.is_linear).into_iter().map(|values| ("equalizer", values)).collect();
        if let Some(Compression { threshold_db, ratio }) = self.compression {
            let own = [("threshold", threshold_db as f32), ("ratio", ratio as f32)];
            processors.push(("compressor", own.into_iter().chain(LEVELLING).map(|(id, value)| (id.to_owned(), value)).collect()));
        }
        if let Some(widths) = self.widths {
            let splits = SPLITS_HZ.iter().enumerate().map(|(at, hz)| (format!("split{}", at + 1), *hz as f32));
            let widths = widths.iter().enumerate().map(|(at, width)| (format!("width{}", at + 1), *width as f32));
            // Its last choice: as many bands as there are parts.
            processors.push(("imager", splits.chain(widths).chain([("bands".to_owned(), (PARTS - 1) as f32)]).collect()));
        }
        processors
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.processors().is_empty() && self.loudness.is_none()
    }

    /// How it is said: which processors come into the chain.
    pub fn sentence(&self) -> String {
        let mut parts = Vec::new();
        match equalizers(&self.bands, self.is_linear).len() {
            0 => {}
            1 => parts.push("an Equalizer".to_owned()),
            count => parts.push(format!("{count} Equalizers")),
        }
        parts.extend(self.compression.map(|_| "a Compressor".to_owned()));
        parts.extend(self.widths.map(|_| "an Imager".to_owned()));
        let limiter = if self.is_dense { "the limiter, as dense as it gets" } else { "the limiter’s gain and ceiling" };
        parts.extend(self.loudness.map(|_| limiter.to_owned()));
        if parts.is_empty() { "Nothing is to be done.".to_owned() } else { format!("The match is {}.", parts.join(", ")) }
    }
}

/// The one edit that makes the moves; `None` when the song is gone or nothing is to be done.
pub fn edit(session: &Session, song: SongId, plan: &Plan) -> Option<Edit> {
    let strip = session.song(song)?.master()?;
    let (mut ids, at) = (session.ids(), place(strip));
    let mut edits = Vec::new();
    for (index, (processor, values)) in plan.processors().into_iter().enumerate() {
        let mut insert = Insert::new(&mut ids, processor);
        insert.values.extend(values);
        edits.push(Edit::AddInsert { song, strip: strip.id, at: at + index, insert });
    }
    if plan.is_dense {
        edits.extend(dense(song, strip, &mut ids));
    }
    if let Some(setting) = plan.loudness {
        edits = limited(session, song, edits, setting)?;
    }
    (!edits.is_empty()).then_some(Edit::Batch(edits))
}

/// The limiter that is there, or a new one, as dense as it gets.
fn dense(song: SongId, strip: &Strip, ids: &mut Ids) -> Vec<Edit> {
    match limiter(strip) {
        Some(limiter) => {
            let set =
                |(id, value): (&str, f32)| Edit::SetValue { song, strip: strip.id, target: Target::Insert(limiter.id, id.into()), value };
            DENSE.into_iter().map(set).collect()
        }
        None => {
            let mut insert = Insert::new(ids, "limiter");
            insert.values.extend(DENSE.map(|(id, value)| (id.to_owned(), value)));
            vec![Edit::AddInsert { song, strip: strip.id, at: usize::MAX, insert }]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assist::tone;
    use crate::testing::stereo_session;

    #[test]
    fn a_plan_is_one_step_of_ordinary_processors_and_is_undone_as_one() {
        let (mut session, song) = stereo_session();
        let before = session.clone();
        let bands = (0..3).flat_map(|_| tone::places()).take(36).enumerate();
        let plan = Plan {
            bands: bands.map(|(at, band)| Band { number: (at % 12) as u8 + 1, gain_db: 1.0, ..band }).collect(),
            is_linear: false,
            compression: Some(Compression { threshold_db: -24.0, ratio: 1.5 }),
            widths: Some([80.0, 100.0, 120.0, 130.0]),
            loudness: Some(Setting { drive_db: 3.0, ceiling_dbtp: -1.05 }),
            is_dense: false,
        };
        let undo = session.apply(&edit(&session, song, &plan).expect("an edit")).expect("an edit that fits");
        let chain = |session: &Session| {
            let master = session.song(song).and_then(|song| song.master()).expect("a master");
            master.inserts.iter().map(|insert| insert.processor.clone()).collect::<Vec<_>>()
        };
        assert_eq!(chain(&session), ["equalizer", "equalizer", "equalizer", "compressor", "imager", "limiter"]);
        let master = session.song(song).and_then(|song| song.master()).expect("a master");
        for insert in &master.inserts {
            let spec = insert.spec().expect("a processor");
            for (id, value) in &insert.values {
                let param = &spec.params[spec.index_of(id).unwrap_or_else(|| panic!("{} {id}", spec.id))];
                assert!((param.min..=param.max).contains(value), "{} {id}: {value}", spec.id);
            }
        }
        session.apply(&undo).expect("undone");
        assert_eq!(session.songs, before.songs);
        assert_eq!(edit(&session, song, &Plan::default()), None);
    }

    #[test]
    fn a_dense_limiter_is_the_one_that_is_there_or_a_new_one() {
        let (mut session, song) = stereo_session();
        let setting = Setting { drive_db: 9.0, ceiling_dbtp: -1.05 };
        let plan = Plan { loudness: Some(setting), is_dense: true, ..Plan::default() };
        for _ in 0..2 {
            session.apply(&edit(&session, song, &plan).expect("an edit")).expect("an edit that fits");
            let [limiter] = &session.song(song).and_then(|song| song.master()).expect("a master").inserts[..] else {
                panic!("one limiter")
            };
            assert_eq!([limiter.values["gain"], limiter.values["release"], limiter.values["style"]], [9.0, 30.0, 2.0]);
        }
    }
}
