//! The monitor stage: what is only listened to, after the engine and outside every export.
//!
//! What is heard (the song, a reference, the song before its master chain, or what a step changes) → the gain and limiter of a place where it
//! would be played → the curve of another device → level, dim, mono, swap, channel → fades and safety clamp. Everything that is compared is
//! matched in loudness here ([`LevelMatch`]).

mod devices;
mod glide;
mod level_match;
mod preview;
mod stage;
mod translation;

pub use devices::{DEVICES, Device, Filter};
pub(crate) use glide::Glide;
pub use level_match::LevelMatch;
pub(crate) use stage::Heard;
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
    /// What is heard.
    pub const SOURCE: usize = 6;
    /// Everything as loud as the song before its chain.
    pub const MATCH: usize = 7;
    /// The song before its chain is measured against the song behind it.
    pub const WATCH: usize = 8;
    /// Through which device.
    pub const DEVICE: usize = 9;
    /// What a place would turn the song by.
    pub const PREVIEW: usize = 10;
    /// Whether the place limits what it turns up.
    pub const PREVIEW_LIMIT: usize = 11;
    /// What makes two states of a mix as loud as each other.
    pub const MIX_MATCH: usize = 12;
    /// The reference is measured against the song while it is heard, and as loud over those frames.
    pub const REFERENCE_MATCH: usize = 13;
}

/// Indices of the words of [`monitor_param::SOURCE`].
pub mod source {
    /// The song.
    pub const SONG: usize = 0;
    /// The reference.
    pub const REFERENCE: usize = 1;
    /// The song before its master chain, as loud as behind it.
    pub const BEFORE: usize = 2;
    /// What the master chain changes beside the loudness.
    pub const CHANGE: usize = 3;
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
    ParamSpec::choice("source", "Source", &["Song", "Reference", "Before the chain", "Change of the chain"], 0, "What you hear.")
        .flag(Flags::MONITOR)
        .fixed(),
    ParamSpec::toggle("match", "Level match", false, "Hear everything as loud as the song before its chain.").flag(Flags::MONITOR).fixed(),
    ParamSpec::toggle("watch", "Measure the chain", false, "Measures the song before its chain against the song behind it.")
        .flag(Flags::MONITOR)
        .fixed(),
    ParamSpec::choice("device", "Hear as on", &devices::NAMES, 0, "Hear it through the curve of another device, as loud as without it.")
        .flag(Flags::MONITOR)
        .fixed(),
    ParamSpec::new("preview", "Gain of the place", Unit::Db, -40.0, 40.0, 0.0, "What a place where it is played would turn it by.")
        .flag(Flags::MONITOR)
        .fixed(),
    ParamSpec::toggle("preview_limit", "Limiter of the place", false, "The place limits what it turns up.").flag(Flags::MONITOR).fixed(),
    ParamSpec::new("mix_match", "Match of the mixes", Unit::Db, -40.0, 0.0, 0.0, "Turns the louder of two mixes down to the other.")
        .flag(Flags::MONITOR)
        .fixed(),
    ParamSpec::toggle("reference_match", "Match the reference", false, "Hear the reference as loud as the song over what is played.")
        .flag(Flags::MONITOR)
        .fixed(),
];
