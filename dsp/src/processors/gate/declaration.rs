//! The gate's declaration.

use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Taper, Unit};
use crate::primitives::gain_computer::INFINITE_RATIO;

/// Indices of the parameters.
pub mod index {
    pub const THRESHOLD: usize = 0;
    pub const HYSTERESIS: usize = 1;
    pub const RATIO: usize = 2;
    pub const RANGE: usize = 3;
    pub const ATTACK: usize = 4;
    pub const HOLD: usize = 5;
    pub const RELEASE: usize = 6;
    pub const LOOKAHEAD: usize = 7;
    pub const KEY_FILTER: usize = 8;
    pub const KEY_HIGH_PASS: usize = 9;
    pub const KEY_LOW_PASS: usize = 10;
    pub const KEY_LISTEN: usize = 11;
}

/// Longest lookahead.
pub const LONGEST_LOOKAHEAD_MS: f32 = 20.0;

/// The declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "gate",
    name: "Gate",
    short_name: "Gate",
    version: 1,
    sidechain: true,
    params: &[
        ParamSpec::new("threshold", "Threshold", Unit::Db, -80.0, 0.0, -45.0, "Level that opens it.").stepped(0.5, 0.1, 3.0),
        ParamSpec::new("hysteresis", "Hysteresis", Unit::Db, 0.0, 24.0, 4.0, "How far below the threshold it closes again.")
            .stepped(0.5, 0.1, 3.0),
        ParamSpec::new(
            "ratio",
            "Ratio",
            Unit::Ratio,
            1.0,
            INFINITE_RATIO,
            INFINITE_RATIO,
            "How many dB one dB below the threshold becomes.",
        )
        .taper(Taper::Log)
        .stepped(0.5, 0.1, 2.0)
        .flag(Flags::MAX_IS_INFINITE),
        ParamSpec::new("range", "Range", Unit::Db, 0.0, 80.0, 40.0, "The most that it turns down.").stepped(1.0, 0.1, 6.0),
        ParamSpec::new("attack", "Attack", Unit::Ms, 0.01, 250.0, 0.5, "Time constant of the gain coming up, in decibels.")
            .taper(Taper::Log)
            .stepped(0.1, 0.01, 5.0),
        ParamSpec::new("hold", "Hold", Unit::Ms, 0.0, 500.0, 40.0, "How long it stays open after the level has fallen.")
            .taper(Taper::Power(3.0))
            .stepped(1.0, 0.1, 10.0),
        ParamSpec::new("release", "Release", Unit::Ms, 5.0, 2500.0, 120.0, "Time constant of the gain going down, in decibels.")
            .taper(Taper::Log)
            .stepped(5.0, 1.0, 50.0),
        ParamSpec::new("lookahead", "Lookahead", Unit::Ms, 0.0, LONGEST_LOOKAHEAD_MS, 0.0, "How far ahead it hears; adds as much latency.")
            .stepped(0.5, 0.1, 2.0)
            .unsmoothed()
            .fixed()
            .flag(Flags::AFFECTS_LATENCY.and(Flags::SECONDARY)),
        ParamSpec::toggle("key_filter", "Key filter", false, "Filters what it listens to.").flag(Flags::SECONDARY),
        ParamSpec::new("key_high_pass", "Key high-pass", Unit::Hz, 20.0, 4_000.0, 100.0, "What is below is not listened to.")
            .taper(Taper::Log)
            .stepped(10.0, 1.0, 100.0)
            .flag(Flags::SECONDARY),
        ParamSpec::new("key_low_pass", "Key low-pass", Unit::Hz, 200.0, 20_000.0, 8_000.0, "What is above is not listened to.")
            .taper(Taper::Log)
            .stepped(100.0, 10.0, 1_000.0)
            .flag(Flags::SECONDARY),
        ParamSpec::toggle("key_listen", "Key listen", false, "Hear what it listens to, in what you hear only.")
            .fixed()
            .flag(Flags::MONITOR.and(Flags::SECONDARY)),
    ],
    presets: PRESETS,
    help: "Turns down what is below the threshold: a gate at the highest ratio, an expander below it.",
};

static PRESETS: &[Preset] = &[
    Preset {
        name: "Kick",
        values: &[
            ("threshold", -30.0),
            ("attack", 0.2),
            ("hold", 60.0),
            ("release", 80.0),
            ("lookahead", 1.0),
            ("key_filter", 1.0),
            ("key_high_pass", 20.0),
            ("key_low_pass", 200.0),
        ],
    },
    Preset {
        name: "Snare",
        values: &[
            ("threshold", -28.0),
            ("range", 30.0),
            ("attack", 0.1),
            ("hold", 80.0),
            ("release", 120.0),
            ("lookahead", 1.0),
            ("key_filter", 1.0),
            ("key_high_pass", 150.0),
            ("key_low_pass", 5_000.0),
        ],
    },
    Preset {
        name: "Toms",
        values: &[("threshold", -32.0), ("attack", 0.3), ("hold", 150.0), ("release", 300.0), ("range", 24.0), ("lookahead", 1.0)],
    },
    Preset {
        name: "Vocal noise",
        values: &[
            ("threshold", -48.0),
            ("hysteresis", 6.0),
            ("ratio", 2.0),
            ("range", 12.0),
            ("attack", 2.0),
            ("hold", 120.0),
            ("release", 250.0),
            ("lookahead", 5.0),
        ],
    },
    Preset {
        name: "Amplifier hum",
        values: &[("threshold", -55.0), ("hysteresis", 6.0), ("attack", 1.0), ("hold", 100.0), ("release", 400.0), ("range", 60.0)],
    },
    Preset {
        name: "Room less",
        values: &[
            ("threshold", -24.0),
            ("hysteresis", 0.0),
            ("ratio", 1.5),
            ("range", 10.0),
            ("attack", 1.0),
            ("hold", 0.0),
            ("release", 160.0),
        ],
    },
    Preset {
        name: "Chopped by the key",
        values: &[("threshold", -30.0), ("range", 80.0), ("attack", 0.5), ("hold", 30.0), ("release", 40.0)],
    },
];
