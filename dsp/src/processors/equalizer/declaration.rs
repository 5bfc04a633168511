//! The equalizer's declaration: twelve bands of twelve parameters, then what concerns all.

use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Taper, Unit};

/// Bands.
pub const BANDS: usize = 12;
/// Parameters of a band, in the order of [`band_param`].
pub const BAND_PARAMS: usize = 12;

/// Indices within a band's parameters.
pub mod band_param {
    /// Whether the band works.
    pub const ON: usize = 0;
    /// What it does, an index into [`super::SHAPES`].
    pub const SHAPE: usize = 1;
    /// Centre or corner.
    pub const FREQUENCY: usize = 2;
    /// Of bells, shelves and tilts.
    pub const GAIN: usize = 3;
    /// Width, or resonance of a cut.
    pub const Q: usize = 4;
    /// Of cuts, an index into [`super::SLOPES`].
    pub const SLOPE: usize = 5;
    /// Which part of the stereo signal it works on, an index into [`super::PLACEMENTS`].
    pub const PLACEMENT: usize = 6;
    /// Whether the gain moves with the level.
    pub const DYNAMIC: usize = 7;
    /// Level in the band from which it moves.
    pub const THRESHOLD: usize = 8;
    /// How far it moves at most, up or down.
    pub const RANGE: usize = 9;
    /// Time constant of moving there.
    pub const ATTACK: usize = 10;
    /// Time constant of coming back.
    pub const RELEASE: usize = 11;
}

/// Index of a band's parameter in the declaration; bands count from 0.
pub const fn band_index(band: usize, param: usize) -> usize {
    band * BAND_PARAMS + param
}

/// Index of the output gain.
pub const OUTPUT: usize = BANDS * BAND_PARAMS;
/// Index of the gain scale.
pub const GAIN_SCALE: usize = OUTPUT + 1;
/// Index of auto gain.
pub const AUTO_GAIN: usize = GAIN_SCALE + 1;
/// Index of the phase, which is an index into [`PHASES`].
pub const PHASE: usize = AUTO_GAIN + 1;

/// Index of the band that is listened to, which is 0 for none and counts from 1.
pub const BAND_LISTEN: usize = PHASE + 1;

/// Words of the shapes.
pub const SHAPES: &[&str] = &["Bell", "Low shelf", "High shelf", "Low cut", "High cut", "Notch", "Band pass", "Tilt"];
/// Words of the slopes.
pub const SLOPES: &[&str] = &["6 dB/oct", "12 dB/oct", "18 dB/oct", "24 dB/oct", "36 dB/oct", "48 dB/oct", "72 dB/oct", "96 dB/oct"];
/// Words of the placements.
pub const PLACEMENTS: &[&str] = &["Stereo", "Mid", "Side", "Left", "Right"];

/// Words of the phases.
pub const PHASES: &[&str] = &["Minimum", "Linear, 4k taps", "Linear, 16k taps", "Linear, 64k taps"];

/// Words of the bands that can be listened to.
pub const LISTENED: &[&str] =
    &["Off", "Band 1", "Band 2", "Band 3", "Band 4", "Band 5", "Band 6", "Band 7", "Band 8", "Band 9", "Band 10", "Band 11", "Band 12"];

/// A Butterworth response, neither peaked nor slack.
const DEFAULT_Q: f32 = core::f32::consts::FRAC_1_SQRT_2;

macro_rules! declare {
    ($($band:literal: $on:literal, $shape:literal, $hz:literal;)*) => {
        &[
            $(
                ParamSpec::toggle(concat!("band", $band, "_on"), concat!("Band ", $band, " on"), $on, "Whether the band works.")
                    .group(concat!("Band ", $band)),
                ParamSpec::choice(concat!("band", $band, "_shape"), concat!("Band ", $band, " shape"), SHAPES, $shape, "What the band does.")
                    .group(concat!("Band ", $band)),
                ParamSpec::new(
                    concat!("band", $band, "_frequency"), concat!("Band ", $band, " frequency"), Unit::Hz, 10.0, 30_000.0, $hz,
                    "Centre of a bell, corner of a cut, middle of a shelf; kept below half the sample rate.",
                )
                .taper(Taper::Log).stepped(10.0, 1.0, 100.0).group(concat!("Band ", $band)),
                ParamSpec::new(
                    concat!("band", $band, "_gain"), concat!("Band ", $band, " gain"), Unit::Db, -30.0, 30.0, 0.0,
                    "How much bells and shelves lift or lower, and a tilt at either end.",
                )
                .stepped(0.5, 0.1, 3.0).flag(Flags::BIPOLAR).group(concat!("Band ", $band)),
                ParamSpec::new(
                    concat!("band", $band, "_q"), concat!("Band ", $band, " Q"), Unit::Q, 0.025, 40.0, DEFAULT_Q,
                    "How narrow the band is; resonance of a cut.",
                )
                .taper(Taper::Log).stepped(0.1, 0.01, 0.5).group(concat!("Band ", $band)),
                ParamSpec::choice(concat!("band", $band, "_slope"), concat!("Band ", $band, " slope"), SLOPES, 1, "How steep a cut is.")
                    .flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::choice(
                    concat!("band", $band, "_placement"), concat!("Band ", $band, " placement"), PLACEMENTS, 0,
                    "Which part of the stereo signal the band works on.",
                )
                .flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::toggle(
                    concat!("band", $band, "_dynamic"), concat!("Band ", $band, " dynamic"), false,
                    "Lets the level in the band move the gain of a bell, shelf or tilt.",
                )
                .flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::new(
                    concat!("band", $band, "_threshold"), concat!("Band ", $band, " threshold"), Unit::Db, -80.0, 0.0, -30.0,
                    "Level in the band from which the gain moves.",
                )
                .stepped(0.5, 0.1, 3.0).flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::new(
                    concat!("band", $band, "_range"), concat!("Band ", $band, " range"), Unit::Db, -30.0, 30.0, -6.0,
                    "How far the gain moves at most, up or down.",
                )
                .stepped(0.5, 0.1, 3.0).flag(Flags::BIPOLAR.and(Flags::SECONDARY)).group(concat!("Band ", $band)),
                ParamSpec::new(
                    concat!("band", $band, "_attack"), concat!("Band ", $band, " attack"), Unit::Ms, 1.0, 250.0, 20.0,
                    "Time constant of the gain moving.",
                )
                .taper(Taper::Log).stepped(1.0, 0.1, 10.0).flag(Flags::SECONDARY).group(concat!("Band ", $band)),
                ParamSpec::new(
                    concat!("band", $band, "_release"), concat!("Band ", $band, " release"), Unit::Ms, 5.0, 2500.0, 150.0,
                    "Time constant of the gain coming back.",
                )
                .taper(Taper::Log).stepped(5.0, 1.0, 50.0).flag(Flags::SECONDARY).group(concat!("Band ", $band)),
            )*
            ParamSpec::new("output", "Output", Unit::Db, -30.0, 30.0, 0.0, "Level after all bands.")
                .stepped(0.5, 0.1, 3.0).flag(Flags::BIPOLAR),
            ParamSpec::new("gain_scale", "Gain scale", Unit::Percent, 0.0, 200.0, 100.0, "Scales the gain of every band at once.")
                .stepped(5.0, 1.0, 25.0).flag(Flags::SECONDARY),
            ParamSpec::toggle("auto_gain", "Auto gain", false, "Takes back what the curve adds to pink noise.").flag(Flags::SECONDARY),
            ParamSpec::choice(
                "phase", "Phase", PHASES, 0,
                "Minimum is at once; linear turns no phase and is late, the more taps the later and the finer in the lows.",
            )
            .fixed().flag(Flags::AFFECTS_LATENCY.and(Flags::SECONDARY)),
            ParamSpec::choice("band_listen", "Band listen", LISTENED, 0, "Hear the part of the sound that a band works on, in what you hear only.")
                .fixed().flag(Flags::MONITOR.and(Flags::SECONDARY)),
        ]
    };
}

static PARAMS: &[ParamSpec] = declare! {
    1: true, 1, 100.0;
    2: true, 0, 250.0;
    3: true, 0, 600.0;
    4: true, 0, 1_500.0;
    5: true, 0, 4_000.0;
    6: true, 2, 10_000.0;
    7: false, 3, 30.0;
    8: false, 4, 18_000.0;
    9: false, 0, 160.0;
    10: false, 0, 900.0;
    11: false, 0, 2_500.0;
    12: false, 0, 6_500.0;
};

static PRESETS: &[Preset] = &[
    Preset {
        name: "Clean low end",
        values: &[("band7_on", 1.0), ("band7_frequency", 35.0), ("band7_slope", 3.0), ("band2_gain", -2.0), ("band2_frequency", 280.0)],
    },
    Preset {
        name: "Kick",
        values: &[
            ("band1_frequency", 60.0),
            ("band1_gain", 3.0),
            ("band2_frequency", 320.0),
            ("band2_gain", -5.0),
            ("band2_q", 1.2),
            ("band5_frequency", 3_800.0),
            ("band5_gain", 3.5),
            ("band5_q", 1.4),
        ],
    },
    Preset {
        name: "Bass against kick",
        values: &[
            ("band7_on", 1.0),
            ("band7_frequency", 38.0),
            ("band2_frequency", 62.0),
            ("band2_gain", -3.0),
            ("band2_q", 1.6),
            ("band3_frequency", 110.0),
            ("band3_gain", 2.0),
            ("band4_frequency", 850.0),
            ("band4_gain", 2.0),
        ],
    },
    Preset {
        name: "Vocal presence",
        values: &[
            ("band7_on", 1.0),
            ("band7_frequency", 85.0),
            ("band7_slope", 2.0),
            ("band2_frequency", 280.0),
            ("band2_gain", -2.5),
            ("band2_q", 1.0),
            ("band5_frequency", 3_500.0),
            ("band5_gain", 2.5),
            ("band5_q", 0.9),
            ("band6_frequency", 12_000.0),
            ("band6_gain", 2.0),
        ],
    },
    Preset {
        name: "Less mud",
        values: &[("band2_frequency", 240.0), ("band2_gain", -3.0), ("band2_q", 0.9), ("band3_frequency", 420.0), ("band3_gain", -1.5)],
    },
    Preset {
        name: "Master, narrow lows and air",
        values: &[
            ("band7_on", 1.0),
            ("band7_frequency", 100.0),
            ("band7_slope", 1.0),
            ("band7_placement", 2.0),
            ("band1_gain", 0.8),
            ("band6_frequency", 13_000.0),
            ("band6_gain", 1.2),
        ],
    },
    Preset {
        name: "De-harsh, only when loud",
        values: &[
            ("band5_frequency", 3_200.0),
            ("band5_q", 1.4),
            ("band5_dynamic", 1.0),
            ("band5_threshold", -34.0),
            ("band5_range", -6.0),
            ("band5_attack", 5.0),
            ("band5_release", 90.0),
        ],
    },
    Preset {
        name: "Telephone",
        values: &[
            ("band7_on", 1.0),
            ("band7_frequency", 320.0),
            ("band7_slope", 5.0),
            ("band8_on", 1.0),
            ("band8_frequency", 3_400.0),
            ("band8_slope", 5.0),
            ("band4_gain", 5.0),
        ],
    },
];

/// The declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "equalizer",
    name: "Equalizer",
    short_name: "EQ",
    version: 1,
    sidechain: true,
    params: PARAMS,
    presets: PRESETS,
    help: "Twelve bands that follow the analogue curves up to the top of the range.",
};
