//! The parameters that every strip and every send has, declared as any processor's are.

use crate::params::{Flags, ParamSpec, Taper, Unit};
use crate::units::SILENCE_DB;

/// Indices into [`STRIP_PARAMS`].
pub mod strip_param {
    /// Gain before the inserts.
    pub const TRIM: usize = 0;
    /// Both channels inverted.
    pub const POLARITY: usize = 1;
    /// The fader.
    pub const VOLUME: usize = 2;
    /// Place between left and right.
    pub const PAN: usize = 3;
    /// How pan works.
    pub const PAN_LAW: usize = 4;
    /// Side signal against mid.
    pub const WIDTH: usize = 5;
    /// Silent.
    pub const MUTE: usize = 6;
    /// Heard alone with other soloed strips.
    pub const SOLO: usize = 7;
    /// Not silenced by others' solo.
    pub const SOLO_SAFE: usize = 8;
}

const fn volume(id: &'static str, name: &'static str, default: f32, help: &'static str) -> ParamSpec {
    ParamSpec::new(id, name, Unit::Db, SILENCE_DB as f32, 6.0, default, help)
        .taper(Taper::Fader)
        .stepped(0.5, 0.1, 3.0)
        .flag(Flags::MIN_IS_SILENCE)
}

const fn pan(help: &'static str) -> ParamSpec {
    ParamSpec::new("pan", "Pan", Unit::Pan, -100.0, 100.0, 0.0, help).stepped(2.0, 1.0, 10.0).flag(Flags::BIPOLAR)
}

/// The words of the pan laws, in the order of their index. The number is the level of both sides in the centre; balance leaves the centre
/// and the near side alone.
pub const PAN_LAWS: &[&str] = &["0 dB", "−3 dB", "−4.5 dB", "−6 dB", "Balance"];

/// What every strip has.
pub static STRIP_PARAMS: &[ParamSpec] = &[
    ParamSpec::new("trim", "Trim", Unit::Db, -24.0, 24.0, 0.0, "Gain before the inserts.").stepped(0.5, 0.1, 3.0).flag(Flags::BIPOLAR),
    ParamSpec::toggle("polarity", "Polarity", false, "Turns the signal upside down."),
    volume("volume", "Volume", 0.0, "The strip's fader."),
    pan("Place between left and right."),
    ParamSpec::choice("pan_law", "Pan law", PAN_LAWS, 4, "How loud both sides are in the centre.").fixed(),
    ParamSpec::new("width", "Width", Unit::Percent, 0.0, 200.0, 100.0, "Side signal against mid: 0 % is mono.").stepped(5.0, 1.0, 25.0),
    ParamSpec::toggle("mute", "Mute", false, "Silences the strip and its sends."),
    ParamSpec::toggle("solo", "Solo", false, "Silences the strips that are not soloed, in what you hear only.")
        .flag(Flags::MONITOR)
        .fixed(),
    ParamSpec::toggle("solo_safe", "Solo safe", false, "Keeps the strip heard when others are soloed.").fixed(),
];

/// Indices into [`SEND_PARAMS`].
pub mod send_param {
    /// Level.
    pub const LEVEL: usize = 0;
    /// Pan in the return.
    pub const PAN: usize = 1;
    /// Silent.
    pub const MUTE: usize = 2;
}

/// What every send has.
pub static SEND_PARAMS: &[ParamSpec] = &[
    volume("level", "Level", SILENCE_DB as f32, "How much goes to the return."),
    pan("Place in the return."),
    ParamSpec::toggle("mute", "Mute", false, "Silences the send."),
];
