//! From the document to the engine: the commands that build a song, and those that lead from one state of it to the next.
//!
//! A snapshot is the difference from an empty song, so boot, restart, export and live edits share one path.

mod clips;
mod diff;
#[cfg(test)]
mod model_engine;
#[cfg(test)]
mod tests;

use dsp::engine::STRIP_PARAMS;
use dsp::params::Flags;
use dsp::protocol::Command;

use crate::freeze::played;
use crate::model::Song;

pub use clips::{clip_plays, revision};

/// No render's tail is longer, in seconds; it ends earlier when it is silent.
pub const LONGEST_TAIL_S: u64 = 60;

/// What an engine is to render.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Playing: everything.
    Live,
    /// An export: what only concerns listening, solo above all, is left out.
    Export,
    /// An export of what soloed strips sound like.
    ExportAsSoloed,
}

impl Purpose {
    /// Whether solo is heard.
    pub fn hears_solo(self) -> bool {
        self != Self::Export
    }

    /// Whether this parameter of a strip matters.
    fn keeps(self, flags: Flags) -> bool {
        self != Self::Export || !flags.has(Flags::MONITOR)
    }
}

/// The commands that build a song in an empty engine.
pub fn snapshot(song: &Song, purpose: Purpose) -> Vec<Command> {
    diff::commands(&[], song.tempo.bpm, &played(song, purpose), purpose)
}

/// The commands that lead a playing engine from one state of a song to another.
pub fn diff(old: &Song, new: &Song) -> Vec<Command> {
    diff::commands(&played(old, Purpose::Live).strips, old.tempo.bpm, &played(new, Purpose::Live), Purpose::Live)
}

/// What an export leaves out of what is heard, as a sentence; `None` when it leaves nothing out.
pub fn left_out(song: &Song, purpose: Purpose) -> Option<&'static str> {
    let is_left_out = song.strips.iter().any(|strip| {
        let mut monitored = STRIP_PARAMS.iter().filter(|spec| !purpose.keeps(spec.flags));
        monitored.any(|spec| strip.is_on(spec.id))
    });
    is_left_out.then_some("Solo is only for listening: the export holds all tracks.")
}
