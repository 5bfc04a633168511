//! The compressor's declaration.

use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Taper, Unit};
use crate::primitives::gain_computer::INFINITE_RATIO;

/// Indices of the parameters.
pub mod index {
    pub const THRESHOLD: usize = 0;
    pub const RATIO: usize = 1;
    pub const KNEE: usize = 2;
    pub const ATTACK: usize = 3;
    pub const RELEASE: usize = 4;
    pub const AUTO_RELEASE: usize = 5;
    pub const HOLD: usize = 6;
    pub const LOOKAHEAD: usize = 7;
    pub const DETECTOR: usize = 8;
    pub const RANGE: usize = 9;
    pub const MAKEUP: usize = 10;
    pub const AUTO_MAKEUP: usize = 11;
    pub const MIX: usize = 12;
    pub const LINK: usize = 13;
    pub const KEY_FILTER: usize = 14;
    pub const KEY_HIGH_PASS: usize = 15;
    pub const KEY_LOW_PASS: usize = 16;
    pub const KEY_LISTEN: usize = 17;
}

/// Longest lookahead.
pub const LONGEST_LOOKAHEAD_MS: f32 = 20.0;

/// The declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "compressor",
    name: "Compressor",
    short_name: "Comp",
    version: 1,
    sidechain: true,
    params: &[
        ParamSpec::new("threshold", "Threshold", Unit::Db, -60.0, 0.0, -18.0, "Level above which the gain is turned down.")
            .stepped(0.5, 0.1, 3.0),
        ParamSpec::new("ratio", "Ratio", Unit::Ratio, 1.0, INFINITE_RATIO, 4.0, "How many dB above the threshold become one.")
            .taper(Taper::Log)
            .stepped(0.5, 0.1, 2.0)
            .flag(Flags::MAX_IS_INFINITE),
        ParamSpec::new("knee", "Knee", Unit::Db, 0.0, 36.0, 6.0, "Width of the bend around the threshold.").stepped(1.0, 0.1, 6.0),
        ParamSpec::new("attack", "Attack", Unit::Ms, 0.01, 250.0, 10.0, "Time constant of the gain going down.")
            .taper(Taper::Log)
            .stepped(1.0, 0.1, 10.0),
        ParamSpec::new("release", "Release", Unit::Ms, 5.0, 2500.0, 120.0, "Time constant of the gain coming back.")
            .taper(Taper::Log)
            .stepped(5.0, 1.0, 50.0),
        ParamSpec::toggle("auto_release", "Auto release", false, "Lets short peaks go at once and long ones slowly."),
        ParamSpec::new("hold", "Hold", Unit::Ms, 0.0, 500.0, 0.0, "How long the gain stays down before it comes back.")
            .taper(Taper::Power(3.0))
            .stepped(1.0, 0.1, 10.0)
            .flag(Flags::SECONDARY),
        ParamSpec::new("lookahead", "Lookahead", Unit::Ms, 0.0, LONGEST_LOOKAHEAD_MS, 0.0, "How far ahead it hears; adds as much latency.")
            .stepped(0.5, 0.1, 2.0)
            .unsmoothed()
            .fixed()
            .flag(Flags::AFFECTS_LATENCY.and(Flags::SECONDARY)),
        ParamSpec::choice("detector", "Detector", &["Peak", "RMS"], 0, "Whether it follows peaks or the level over 10 ms.")
            .flag(Flags::SECONDARY),
        ParamSpec::new("range", "Range", Unit::Db, 0.0, 60.0, 60.0, "The most that it turns down.").stepped(1.0, 0.1, 6.0),
        ParamSpec::new("makeup", "Make-up", Unit::Db, -12.0, 30.0, 0.0, "Level after compression.")
            .stepped(0.5, 0.1, 3.0)
            .flag(Flags::BIPOLAR),
        ParamSpec::toggle("auto_makeup", "Auto make-up", false, "Adds half of what full scale is turned down by."),
        ParamSpec::new("mix", "Mix", Unit::Percent, 0.0, 100.0, 100.0, "Compressed against untouched sound.").stepped(5.0, 1.0, 25.0),
        ParamSpec::new("link", "Stereo link", Unit::Percent, 0.0, 100.0, 100.0, "How far both channels share one gain.")
            .stepped(5.0, 1.0, 25.0)
            .flag(Flags::SECONDARY),
        ParamSpec::toggle("key_filter", "Key filter", false, "Filters what it listens to.").flag(Flags::SECONDARY),
        ParamSpec::new("key_high_pass", "Key high-pass", Unit::Hz, 20.0, 4_000.0, 100.0, "What is below is not listened to.")
            .taper(Taper::Log)
            .stepped(10.0, 1.0, 100.0)
            .flag(Flags::SECONDARY),
        ParamSpec::new("key_low_pass", "Key low-pass", Unit::Hz, 200.0, 20_000.0, 20_000.0, "What is above is not listened to.")
            .taper(Taper::Log)
            .stepped(100.0, 10.0, 1_000.0)
            .flag(Flags::SECONDARY),
        ParamSpec::toggle("key_listen", "Key listen", false, "Hear what it listens to, in what you hear only.")
            .fixed()
            .flag(Flags::MONITOR.and(Flags::SECONDARY)),
    ],
    presets: PRESETS,
    help: "Turns down what is above the threshold; the detector works in decibels behind the gain computer.",
};

static PRESETS: &[Preset] = &[
    Preset {
        name: "Gentle levelling",
        values: &[
            ("threshold", -24.0),
            ("ratio", 2.0),
            ("knee", 12.0),
            ("attack", 20.0),
            ("release", 200.0),
            ("auto_release", 1.0),
            ("detector", 1.0),
        ],
    },
    Preset {
        name: "Vocal",
        values: &[("threshold", -22.0), ("ratio", 3.0), ("knee", 8.0), ("attack", 6.0), ("release", 90.0), ("makeup", 3.0)],
    },
    Preset {
        name: "Drum bus punch",
        values: &[("threshold", -16.0), ("ratio", 4.0), ("knee", 3.0), ("attack", 25.0), ("release", 90.0), ("makeup", 2.0)],
    },
    Preset { name: "Bass control", values: &[("threshold", -20.0), ("ratio", 5.0), ("attack", 12.0), ("release", 160.0), ("makeup", 3.0)] },
    Preset {
        name: "Parallel crush",
        values: &[
            ("threshold", -36.0),
            ("ratio", 12.0),
            ("knee", 0.0),
            ("attack", 0.5),
            ("release", 60.0),
            ("makeup", 14.0),
            ("mix", 30.0),
        ],
    },
    Preset {
        name: "Duck under the key",
        values: &[("threshold", -30.0), ("ratio", 6.0), ("attack", 2.0), ("release", 180.0), ("hold", 20.0), ("range", 9.0)],
    },
    Preset {
        name: "Master glue",
        values: &[
            ("threshold", -14.0),
            ("ratio", 1.5),
            ("knee", 10.0),
            ("attack", 30.0),
            ("release", 150.0),
            ("auto_release", 1.0),
            ("key_filter", 1.0),
            ("key_high_pass", 90.0),
        ],
    },
];
