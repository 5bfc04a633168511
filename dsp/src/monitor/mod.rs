//! The monitor stage: what is only listened to, after the engine and outside every export.

mod stage;

pub use stage::Monitor;

use crate::params::{Flags, ParamSpec, Unit};

/// Indices into [`MONITOR_PARAMS`].
pub mod monitor_param {
    /// Listening level.
    pub const LEVEL: usize = 0;
    /// Turned down by 20 dB.
    pub const DIM: usize = 1;
    /// Both sides summed.
    pub const MONO: usize = 2;
    /// Left and right exchanged.
    pub const SWAP: usize = 3;
    /// What is heard of the two channels.
    pub const CHANNEL: usize = 4;
    /// Silent.
    pub const MUTE: usize = 5;
}

/// The monitor section's values: never saved in a song, never automated, never exported.
pub static MONITOR_PARAMS: &[ParamSpec] = &[
    ParamSpec::new("level", "Listening level", Unit::Db, -60.0, 0.0, 0.0, "How loud you hear it; the export is not changed.")
        .flag(Flags::MONITOR)
        .fixed()
        .stepped(0.5, 0.1, 3.0),
    ParamSpec::toggle("dim", "Dim", false, "Listening level 20 dB down.").flag(Flags::MONITOR).fixed(),
    ParamSpec::toggle("mono", "Mono", false, "Hear both sides summed.").flag(Flags::MONITOR).fixed(),
    ParamSpec::toggle("swap", "Swap", false, "Hear left and right exchanged.").flag(Flags::MONITOR).fixed(),
    ParamSpec::choice("channel", "Channel", &["Stereo", "Left", "Right", "Mid", "Side"], 0, "Which part of the signal you hear.")
        .flag(Flags::MONITOR)
        .fixed(),
    ParamSpec::toggle("mute", "Mute", false, "Hear nothing.").flag(Flags::MONITOR).fixed(),
];
