//! The multiband compressor's declaration: what concerns all bands, then six bands of twenty parameters.

use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Taper, Unit};
use crate::primitives::crossover::{MAX_SPLITS, SLOPES};
use crate::primitives::gain_computer::INFINITE_RATIO;

/// Indices of the parameters that concern all bands.
pub mod index {
    pub const BANDS: usize = 0;
    pub const SLOPE: usize = 1;
    /// The first of [`super::MAX_SPLITS`].
    pub const FIRST_SPLIT: usize = 2;
    pub const LINK: usize = 7;
    pub const LOOKAHEAD: usize = 8;
    pub const MIX: usize = 9;
    pub const OUTPUT: usize = 10;
    pub const PHASE: usize = 11;
    /// The first band's first parameter.
    pub const FIRST_BAND: usize = 12;
}

/// Indices within a band's parameters.
pub mod band_param {
    pub const ON: usize = 0;
    pub const SOLO: usize = 1;
    pub const THRESHOLD: usize = 2;
    pub const RATIO: usize = 3;
    pub const KNEE: usize = 4;
    pub const ATTACK: usize = 5;
    pub const RELEASE: usize = 6;
    pub const AUTO_RELEASE: usize = 7;
    pub const HOLD: usize = 8;
    pub const DETECTOR: usize = 9;
    pub const RANGE: usize = 10;
    pub const UP_THRESHOLD: usize = 11;
    pub const UP_RATIO: usize = 12;
    pub const UP_RANGE: usize = 13;
    pub const GAIN: usize = 14;
    pub const AUTO_MAKEUP: usize = 15;
    pub const KEY_FILTER: usize = 16;
    pub const KEY_HIGH_PASS: usize = 17;
    pub const KEY_LOW_PASS: usize = 18;
    pub const KEY_LISTEN: usize = 19;
    /// How many there are.
    pub const COUNT: usize = 20;
}

/// Longest lookahead.
pub const LONGEST_LOOKAHEAD_MS: f32 = 20.0;
const _: () = assert!(index::FIRST_SPLIT + MAX_SPLITS == index::LINK);

macro_rules! split {
    ($number:literal, $hz:literal) => {
        ParamSpec::new(
            concat!("split", $number),
            concat!("Split ", $number),
            Unit::Hz,
            20.0,
            20_000.0,
            $hz,
            "Where one band ends and the next begins; never below the split before it.",
        )
        .taper(Taper::Log)
        .stepped(10.0, 1.0, 100.0)
    };
}

macro_rules! declare {
    ($($band:literal: $attack:literal, $release:literal;)*) => {
        &[
            ParamSpec::choice("bands", "Bands", &["2", "3", "4", "5", "6"], 1, "How many parts the sound is split into."),
            ParamSpec::choice("slope", "Slope", SLOPES, 2, "How steep the splits are.").flag(Flags::SECONDARY),
            split!(1, 120.0),
            split!(2, 2_500.0),
            split!(3, 8_000.0),
            split!(4, 12_000.0),
            split!(5, 16_000.0),
            ParamSpec::new("link", "Stereo link", Unit::Percent, 0.0, 100.0, 100.0, "How far both channels share one gain.")
                .stepped(5.0, 1.0, 25.0).flag(Flags::SECONDARY),
            ParamSpec::new("lookahead", "Lookahead", Unit::Ms, 0.0, LONGEST_LOOKAHEAD_MS, 0.0, "How far ahead it hears; adds as much latency.")
                .stepped(0.5, 0.1, 2.0).unsmoothed().fixed().flag(Flags::AFFECTS_LATENCY.and(Flags::SECONDARY)),
            ParamSpec::new("mix", "Mix", Unit::Percent, 0.0, 100.0, 100.0, "Compressed against unchanged bands.").stepped(5.0, 1.0, 25.0),
            ParamSpec::new("output", "Output", Unit::Db, -24.0, 24.0, 0.0, "Level of the sum.").stepped(0.5, 0.1, 3.0).flag(Flags::BIPOLAR),
            ParamSpec::choice("phase", "Phase", &["Minimum", "Linear"], 0,
                "Minimum splits at once; linear turns no phase, so that nothing smears where bands meet, and is late.")
                .fixed().flag(Flags::AFFECTS_LATENCY.and(Flags::SECONDARY)),
            $(
                ParamSpec::toggle(concat!("band", $band, "_on"), concat!("Band ", $band, " on"), true, "Whether the band is worked on.")
                    .group(concat!("Band ", $band)),
                ParamSpec::toggle(concat!("band", $band, "_solo"), concat!("Band ", $band, " solo"), false, "Hear soloed bands alone, in what you hear only.")
                    .fixed().flag(Flags::MONITOR).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_threshold"), concat!("Band ", $band, " threshold"), Unit::Db, -60.0, 0.0, -24.0,
                    "Level above which the band is turned down.").stepped(0.5, 0.1, 3.0).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_ratio"), concat!("Band ", $band, " ratio"), Unit::Ratio, 1.0, INFINITE_RATIO, 1.0,
                    "How many dB above the threshold become one.")
                    .taper(Taper::Log).stepped(0.5, 0.1, 2.0).flag(Flags::MAX_IS_INFINITE).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_knee"), concat!("Band ", $band, " knee"), Unit::Db, 0.0, 36.0, 6.0,
                    "Width of the bend around the threshold.").stepped(1.0, 0.1, 6.0).flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_attack"), concat!("Band ", $band, " attack"), Unit::Ms, 0.01, 250.0, $attack,
                    "Time constant of the gain going down.").taper(Taper::Log).stepped(1.0, 0.1, 10.0).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_release"), concat!("Band ", $band, " release"), Unit::Ms, 5.0, 2500.0, $release,
                    "Time constant of the gain coming back.").taper(Taper::Log).stepped(5.0, 1.0, 50.0).group(concat!("Band ", $band)),
                ParamSpec::toggle(concat!("band", $band, "_auto_release"), concat!("Band ", $band, " auto release"), false,
                    "Lets short peaks go at once and long ones slowly.").flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_hold"), concat!("Band ", $band, " hold"), Unit::Ms, 0.0, 500.0, 0.0,
                    "How long the gain stays down before it comes back.")
                    .taper(Taper::Power(3.0)).stepped(1.0, 0.1, 10.0).flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::choice(concat!("band", $band, "_detector"), concat!("Band ", $band, " detector"), &["Peak", "RMS"], 0,
                    "Whether it follows peaks or the level over 10 ms.").flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_range"), concat!("Band ", $band, " range"), Unit::Db, 0.0, 60.0, 60.0,
                    "The most that it turns down.").stepped(1.0, 0.1, 6.0).flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_up_threshold"), concat!("Band ", $band, " lift threshold"), Unit::Db, -60.0, 0.0, -40.0,
                    "Level below which the band is lifted.").stepped(0.5, 0.1, 3.0).flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_up_ratio"), concat!("Band ", $band, " lift ratio"), Unit::Ratio, 1.0, INFINITE_RATIO, 1.0,
                    "How many dB below the lift threshold become one.")
                    .taper(Taper::Log).stepped(0.5, 0.1, 2.0).flag(Flags::MAX_IS_INFINITE.and(Flags::SECONDARY)).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_up_range"), concat!("Band ", $band, " lift range"), Unit::Db, 0.0, 36.0, 12.0,
                    "The most that it lifts.").stepped(1.0, 0.1, 6.0).flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_gain"), concat!("Band ", $band, " gain"), Unit::Db, -24.0, 24.0, 0.0,
                    "Level of the band after compression.").stepped(0.5, 0.1, 3.0).flag(Flags::BIPOLAR).group(concat!("Band ", $band)),
                ParamSpec::toggle(concat!("band", $band, "_auto_makeup"), concat!("Band ", $band, " auto make-up"), false,
                    "Adds half of what full scale is turned down by.").flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::toggle(concat!("band", $band, "_key_filter"), concat!("Band ", $band, " key filter"), false,
                    "Filters what the band listens to.").flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_key_high_pass"), concat!("Band ", $band, " key high-pass"), Unit::Hz, 20.0, 16_000.0,
                    100.0, "What is below is not listened to.")
                    .taper(Taper::Log).stepped(10.0, 1.0, 100.0).flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::new(concat!("band", $band, "_key_low_pass"), concat!("Band ", $band, " key low-pass"), Unit::Hz, 40.0, 20_000.0,
                    20_000.0, "What is above is not listened to.")
                    .taper(Taper::Log).stepped(100.0, 10.0, 1_000.0).flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::toggle(concat!("band", $band, "_key_listen"), concat!("Band ", $band, " key listen"), false,
                    "Hear what the band listens to, in what you hear only.")
                    .fixed().flag(Flags::MONITOR.and(Flags::SECONDARY)).group(concat!("Band ", $band)),
            )*
        ]
    };
}

static PARAMS: &[ParamSpec] = declare! {
    1: 30.0, 200.0;
    2: 15.0, 120.0;
    3: 8.0, 80.0;
    4: 5.0, 60.0;
    5: 5.0, 60.0;
    6: 5.0, 60.0;
};

/// The declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "multiband",
    name: "Multiband compressor",
    short_name: "Multi",
    version: 1,
    sidechain: true,
    params: PARAMS,
    presets: PRESETS,
    help: "Turns each part of the range down or up by itself; the parts sum flat.",
};

static PRESETS: &[Preset] = &[
    Preset {
        name: "Master density",
        values: &[
            ("band1_threshold", -30.0),
            ("band1_ratio", 1.3),
            ("band2_threshold", -30.0),
            ("band2_ratio", 1.3),
            ("band3_threshold", -35.0),
            ("band3_ratio", 1.3),
            ("band1_knee", 12.0),
            ("band2_knee", 12.0),
            ("band3_knee", 12.0),
        ],
    },
    Preset {
        name: "Hold the bass",
        values: &[("bands", 0.0), ("split1", 150.0), ("band1_threshold", -22.0), ("band1_ratio", 4.0), ("band1_gain", 1.0)],
    },
    Preset {
        name: "Vocal smoothing",
        values: &[
            ("bands", 2.0),
            ("split1", 180.0),
            ("split2", 2_200.0),
            ("split3", 6_000.0),
            ("band2_threshold", -26.0),
            ("band2_ratio", 2.0),
            ("band3_threshold", -30.0),
            ("band3_ratio", 3.0),
            ("band4_threshold", -34.0),
            ("band4_ratio", 3.0),
        ],
    },
    Preset {
        name: "Tame harsh highs",
        values: &[("split1", 200.0), ("split2", 3_000.0), ("band3_threshold", -32.0), ("band3_ratio", 3.0), ("band3_range", 8.0)],
    },
    Preset {
        name: "Up and down",
        values: &[
            ("split1", 88.0),
            ("band1_threshold", -24.0),
            ("band1_ratio", 4.0),
            ("band1_up_ratio", 2.0),
            ("band2_threshold", -24.0),
            ("band2_ratio", 4.0),
            ("band2_up_ratio", 2.0),
            ("band3_threshold", -28.0),
            ("band3_ratio", 4.0),
            ("band3_up_ratio", 2.0),
            ("mix", 40.0),
        ],
    },
    Preset {
        name: "Lift the detail",
        values: &[
            ("band2_up_threshold", -36.0),
            ("band2_up_ratio", 1.5),
            ("band2_up_range", 6.0),
            ("band3_up_threshold", -42.0),
            ("band3_up_ratio", 1.5),
            ("band3_up_range", 6.0),
        ],
    },
];
