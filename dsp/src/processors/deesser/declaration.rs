//! The de-esser's declaration.

use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Taper, Unit};

/// Indices of the parameters.
pub mod index {
    pub const MODE: usize = 0;
    pub const FREQUENCY: usize = 1;
    pub const THRESHOLD: usize = 2;
    pub const RANGE: usize = 3;
    pub const ATTACK: usize = 4;
    pub const RELEASE: usize = 5;
    pub const LOOKAHEAD: usize = 6;
    pub const LISTEN: usize = 7;
}

/// Longest lookahead.
pub const LONGEST_LOOKAHEAD_MS: f32 = 10.0;

/// The declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "deesser",
    name: "De-esser",
    short_name: "De-ess",
    version: 1,
    sidechain: false,
    params: &[
        ParamSpec::choice("mode", "Mode", &["Split", "Wide"], 0, "Turns down the sibilants' band alone, or everything while they last."),
        ParamSpec::new("frequency", "Frequency", Unit::Hz, 2_000.0, 16_000.0, 6_000.0, "Where the sibilants begin.")
            .taper(Taper::Log)
            .stepped(100.0, 10.0, 1_000.0),
        ParamSpec::new("threshold", "Threshold", Unit::Db, -60.0, 0.0, -24.0, "Level of the sibilants above which it acts.")
            .stepped(0.5, 0.1, 3.0),
        ParamSpec::new("range", "Range", Unit::Db, 0.0, 24.0, 8.0, "The most that it turns down.").stepped(0.5, 0.1, 3.0),
        ParamSpec::new("attack", "Attack", Unit::Ms, 0.05, 20.0, 0.5, "Time constant of the gain going down.")
            .taper(Taper::Log)
            .stepped(0.1, 0.01, 2.0)
            .flag(Flags::SECONDARY),
        ParamSpec::new("release", "Release", Unit::Ms, 5.0, 500.0, 40.0, "Time constant of the gain coming back.")
            .taper(Taper::Log)
            .stepped(1.0, 0.1, 20.0)
            .flag(Flags::SECONDARY),
        ParamSpec::new("lookahead", "Lookahead", Unit::Ms, 0.0, LONGEST_LOOKAHEAD_MS, 0.0, "How far ahead it hears; adds as much latency.")
            .stepped(0.5, 0.1, 2.0)
            .unsmoothed()
            .fixed()
            .flag(Flags::AFFECTS_LATENCY.and(Flags::SECONDARY)),
        ParamSpec::toggle("listen", "Listen", false, "Hear the sibilants that it acts on, in what you hear only.")
            .fixed()
            .flag(Flags::MONITOR),
    ],
    presets: PRESETS,
    help: "Turns sibilants down while they are louder than the threshold.",
};

static PRESETS: &[Preset] = &[
    Preset { name: "Low voice", values: &[("frequency", 5_000.0), ("threshold", -28.0), ("range", 7.0), ("lookahead", 2.0)] },
    Preset { name: "High voice", values: &[("frequency", 7_000.0), ("threshold", -30.0), ("range", 8.0), ("lookahead", 2.0)] },
    Preset {
        name: "Spoken word",
        values: &[("mode", 1.0), ("frequency", 5_500.0), ("threshold", -30.0), ("range", 6.0), ("release", 60.0), ("lookahead", 4.0)],
    },
    Preset {
        name: "Backing vocals, hard",
        values: &[("frequency", 5_000.0), ("threshold", -38.0), ("range", 16.0), ("attack", 0.2), ("release", 60.0), ("lookahead", 2.0)],
    },
    Preset {
        name: "Bright cymbals",
        values: &[("frequency", 8_000.0), ("threshold", -26.0), ("range", 5.0), ("attack", 2.0), ("release", 120.0)],
    },
    Preset {
        name: "Master, the lightest touch",
        values: &[("frequency", 7_500.0), ("threshold", -22.0), ("range", 3.0), ("attack", 1.0), ("release", 80.0), ("lookahead", 3.0)],
    },
];
