//! Gain staging: what goes into each strip's chain, what is wrong with it, and the trims that bring every track's largest sample to
//! −12 to −10 dBFS and the master's under full scale.
//!
//! A trim stands before the chain, so what it does to the level is exact; the fader behind the chain goes the other way when the balance is to
//! stay. Faults are told where they can be seen in the numbers, and mended where an ordinary edit mends them.

mod faults;
mod trims;

use dsp::protocol::{StripId, StripKind};

pub use faults::Fault;

use super::Proposal;
use crate::make::Ids;
use crate::model::{Session, SongId};
use crate::survey::{Level, Survey};

/// Where a track's largest sample belongs, dBFS: room for what the chain adds, far above any noise.
pub const PEAKS_DB: [f64; 2] = [-12.0, -10.0];
/// Levels of full scale.
const FULL_SCALE_DB: f64 = 0.0;

/// A strip as gain staging sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which.
    pub strip: StripId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: StripKind,
    /// What goes into a track's chain; what leaves any other strip.
    pub level: Level,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// What brings it where it belongs; nothing when it is there.
    pub trim: Option<Proposal>,
    /// What mends the faults that can be mended.
    pub mends: Vec<Proposal>,
    /// Why nothing is proposed, where something would have been.
    pub note: Option<&'static str>,
}

impl Line {
    /// Whether a track's largest sample lies in [`PEAKS_DB`]; other strips have no such place.
    pub fn is_in_place(&self) -> bool {
        self.kind == StripKind::Audio && (PEAKS_DB[0]..=PEAKS_DB[1]).contains(&self.level.peak_db)
    }

    /// Everything that is proposed for the strip.
    pub fn proposals(&self) -> impl Iterator<Item = &Proposal> {
        self.trim.iter().chain(&self.mends)
    }
}

/// What to say and propose about each strip, in console order. With `keeps_balance` the faders go against the trims.
pub fn lines(session: &Session, song: SongId, survey: &Survey, keeps_balance: bool) -> Vec<Line> {
    let Some(song) = session.song(song) else { return Vec::new() };
    let mut ids: Ids = session.ids();
    let flips = faults::flips(song, survey);
    let line = |strip: &crate::model::Strip| {
        let measured = survey.strip(strip.id)?;
        let level = if strip.kind == StripKind::Audio { measured.head } else { measured.output };
        let faults = faults::of(strip, measured, &flips);
        let mends = faults::mends(song, strip, &faults, &mut ids);
        let (trim, note) = match strip.kind {
            StripKind::Audio => trims::of_track(song, strip, &level, keeps_balance),
            StripKind::Master => trims::of_master(song, strip, &level),
            StripKind::Group | StripKind::Return => (None, None),
        };
        Some(Line { strip: strip.id, name: strip.name.clone(), kind: strip.kind, level, faults, trim, mends, note })
    };
    song.strips.iter().filter_map(line).collect()
}

/// How many tracks sound, and how many of them lie in [`PEAKS_DB`].
pub fn in_place(lines: &[Line]) -> (usize, usize) {
    let sounding = || lines.iter().filter(|line| line.kind == StripKind::Audio && !line.level.is_silent());
    (sounding().filter(|line| line.is_in_place()).count(), sounding().count())
}
