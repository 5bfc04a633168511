//! The saturator's declaration.

use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Unit};

/// Indices of the parameters.
pub mod index {
    pub const STYLE: usize = 0;
    pub const DRIVE: usize = 1;
    pub const BIAS: usize = 2;
    pub const TONE: usize = 3;
    pub const MIX: usize = 4;
    pub const OUTPUT: usize = 5;
    pub const LEVEL_MATCH: usize = 6;
    pub const OVERSAMPLING: usize = 7;
}

/// Words of the oversampling, each twice the one before.
pub const OVERSAMPLINGS: &[&str] = &["1×", "2×", "4×", "8×", "16×"];

/// The declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "saturator",
    name: "Saturator",
    short_name: "Sat",
    version: 1,
    sidechain: false,
    params: &[
        ParamSpec::choice(
            "style",
            "Style",
            &["Tape", "Tube", "Transformer", "Soft clip", "Hard clip", "Fold"],
            0,
            "What bends the sound: tape thickens the highs, a transformer the lows, a tube one half of the wave.",
        ),
        ParamSpec::new("drive", "Drive", Unit::Db, 0.0, 36.0, 0.0, "Level into the curve; at 0 dB the sound stays as it is.")
            .stepped(0.5, 0.1, 3.0),
        ParamSpec::new(
            "bias",
            "Bias",
            Unit::Percent,
            -100.0,
            100.0,
            0.0,
            "Shifts the curve, which adds even harmonics; the offset is removed.",
        )
        .stepped(5.0, 1.0, 25.0)
        .flag(Flags::BIPOLAR),
        ParamSpec::new("tone", "Tone", Unit::Db, -12.0, 12.0, 0.0, "Tilts what was driven around 1 kHz.")
            .stepped(0.5, 0.1, 3.0)
            .flag(Flags::BIPOLAR),
        ParamSpec::new("mix", "Mix", Unit::Percent, 0.0, 100.0, 100.0, "Driven against untouched sound.").stepped(5.0, 1.0, 25.0),
        ParamSpec::new("output", "Output", Unit::Db, -24.0, 24.0, 0.0, "Level after everything.")
            .stepped(0.5, 0.1, 3.0)
            .flag(Flags::BIPOLAR),
        ParamSpec::toggle("level_match", "Level match", true, "Keeps the level as it was before the curve.").flag(Flags::SECONDARY),
        ParamSpec::choice(
            "oversampling",
            "Oversampling",
            OVERSAMPLINGS,
            2,
            "How far above the rate it works: the more, the fewer aliases.",
        )
        .fixed()
        .flag(Flags::AFFECTS_LATENCY.and(Flags::SECONDARY)),
    ],
    presets: PRESETS,
    help: "Adds harmonics by a curve, without the aliases that a curve brings.",
};

static PRESETS: &[Preset] = &[
    Preset { name: "Warm tape", values: &[("style", 0.0), ("drive", 6.0), ("tone", -0.5)] },
    Preset { name: "Tube vocal", values: &[("style", 1.0), ("drive", 8.0), ("mix", 60.0)] },
    Preset { name: "Transformer bass", values: &[("style", 2.0), ("drive", 10.0), ("mix", 80.0)] },
    Preset { name: "Drum bus edge", values: &[("style", 3.0), ("drive", 9.0), ("mix", 50.0), ("tone", 1.0)] },
    Preset { name: "Parallel dirt", values: &[("style", 4.0), ("drive", 24.0), ("mix", 20.0), ("tone", -3.0)] },
    Preset { name: "Even harmonics", values: &[("style", 3.0), ("drive", 5.0), ("bias", 45.0)] },
    Preset { name: "Master thickness", values: &[("style", 0.0), ("drive", 2.5), ("mix", 70.0), ("oversampling", 3.0)] },
    Preset { name: "Folded synth", values: &[("style", 5.0), ("drive", 14.0), ("mix", 45.0), ("oversampling", 3.0)] },
];
