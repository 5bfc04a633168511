//! The limiter's declaration.

use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Taper, Unit};

/// Indices of the parameters.
pub mod index {
    pub const GAIN: usize = 0;
    pub const CEILING: usize = 1;
    pub const STYLE: usize = 2;
    pub const LOOKAHEAD: usize = 3;
    pub const ATTACK: usize = 4;
    pub const RELEASE: usize = 5;
    pub const AUTO_RELEASE: usize = 6;
    pub const LINK_TRANSIENTS: usize = 7;
    pub const LINK_RELEASE: usize = 8;
    pub const TRUE_PEAK: usize = 9;
    pub const UNITY_LISTEN: usize = 10;
    pub const DELTA_LISTEN: usize = 11;
}

/// Longest lookahead.
pub const LONGEST_LOOKAHEAD_MS: f32 = 10.0;

/// The declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "limiter",
    name: "Limiter",
    short_name: "Limit",
    version: 1,
    sidechain: false,
    params: &[
        ParamSpec::new("gain", "Gain", Unit::Db, -30.0, 30.0, 0.0, "Level before the ceiling: the more, the louder.")
            .stepped(0.5, 0.1, 3.0)
            .flag(Flags::BIPOLAR),
        ParamSpec::new("ceiling", "Ceiling", Unit::Dbtp, -20.0, 0.0, -1.0, "The highest peak that comes out.").stepped(0.5, 0.1, 3.0),
        ParamSpec::choice(
            "style",
            "Style",
            &["Transparent", "Punchy", "Loud", "Safe"],
            0,
            "How the gain comes back after a peak: from careful to loud.",
        ),
        ParamSpec::new(
            "lookahead",
            "Lookahead",
            Unit::Ms,
            0.1,
            LONGEST_LOOKAHEAD_MS,
            3.0,
            "How early the gain goes down; adds as much latency.",
        )
        .stepped(0.5, 0.1, 2.0)
        .unsmoothed()
        .fixed()
        .flag(Flags::AFFECTS_LATENCY.and(Flags::SECONDARY)),
        ParamSpec::new("attack", "Attack", Unit::Ms, 5.0, 500.0, 100.0, "How long limiting lasts before it is released slowly.")
            .taper(Taper::Log)
            .stepped(5.0, 1.0, 50.0),
        ParamSpec::new("release", "Release", Unit::Ms, 10.0, 2000.0, 300.0, "Time constant of the gain coming back.")
            .taper(Taper::Log)
            .stepped(10.0, 1.0, 100.0),
        ParamSpec::toggle("auto_release", "Auto release", true, "Lets short peaks go faster than lasting ones."),
        ParamSpec::new(
            "link_transients",
            "Link transients",
            Unit::Percent,
            0.0,
            100.0,
            100.0,
            "How far both channels share one gain for peaks.",
        )
        .stepped(5.0, 1.0, 25.0)
        .flag(Flags::SECONDARY),
        ParamSpec::new(
            "link_release",
            "Link release",
            Unit::Percent,
            0.0,
            100.0,
            100.0,
            "How far both channels share the slow part of the gain.",
        )
        .stepped(5.0, 1.0, 25.0)
        .flag(Flags::SECONDARY),
        ParamSpec::toggle("true_peak", "True peak", true, "Holds the peaks between the samples too.").flag(Flags::SECONDARY),
        ParamSpec::toggle("unity_listen", "Unity listen", false, "Hear it without the added gain, in what you hear only.")
            .fixed()
            .flag(Flags::MONITOR.and(Flags::SECONDARY)),
        ParamSpec::toggle("delta_listen", "Delta listen", false, "Hear what it takes away, in what you hear only.")
            .fixed()
            .flag(Flags::MONITOR.and(Flags::SECONDARY)),
    ],
    presets: &[
        Preset { name: "Streaming master", values: &[("gain", 3.0), ("ceiling", -1.0)] },
        Preset { name: "Only the ceiling", values: &[("style", 3.0), ("release", 150.0)] },
        Preset {
            name: "Loud master",
            values: &[("gain", 7.0), ("style", 2.0), ("lookahead", 2.0), ("attack", 60.0), ("release", 180.0), ("link_transients", 75.0)],
        },
        Preset {
            name: "Punchy drums",
            values: &[("gain", 5.0), ("style", 1.0), ("lookahead", 1.0), ("attack", 150.0), ("release", 120.0), ("link_transients", 50.0)],
        },
        Preset { name: "Gentle acoustic", values: &[("gain", 2.0), ("lookahead", 5.0), ("attack", 200.0), ("release", 600.0)] },
        Preset { name: "Before a lossy codec", values: &[("gain", 2.0), ("ceiling", -2.0)] },
    ],
    help: "Holds a ceiling of true peak with a smooth gain; the last processor of a master.",
};
