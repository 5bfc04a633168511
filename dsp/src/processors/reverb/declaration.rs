//! The reverb's declaration.

use crate::params::{ParamSpec, Preset, ProcessorSpec, Taper, Unit};

/// Indices of the parameters.
pub mod index {
    pub const KIND: usize = 0;
    pub const PRE_DELAY: usize = 1;
    pub const DECAY: usize = 2;
    pub const SIZE: usize = 3;
    pub const DAMPING: usize = 4;
    pub const MODULATION: usize = 5;
    pub const LOW_CUT: usize = 6;
    pub const HIGH_CUT: usize = 7;
    pub const WIDTH: usize = 8;
    pub const MIX: usize = 9;
}

/// Longest time before the first reflection.
pub const LONGEST_PRE_DELAY_MS: f32 = 250.0;
/// Largest size.
pub const LARGEST_PERCENT: f32 = 150.0;

/// The declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "reverb",
    name: "Reverb",
    short_name: "Reverb",
    version: 1,
    sidechain: false,
    params: &[
        ParamSpec::choice("kind", "Kind", &["Room", "Plate", "Hall"], 2, "What it sounds like: the distances and how dense it begins."),
        ParamSpec::new("pre_delay", "Pre-delay", Unit::Ms, 0.0, LONGEST_PRE_DELAY_MS, 10.0, "Time before it begins.")
            .taper(Taper::Power(2.0))
            .stepped(1.0, 0.1, 10.0)
            .unsmoothed(),
        ParamSpec::new("decay", "Decay", Unit::Ms, 100.0, 20_000.0, 2_000.0, "Time in which it falls by 60 dB.")
            .taper(Taper::Log)
            .stepped(100.0, 10.0, 500.0),
        ParamSpec::new("size", "Size", Unit::Percent, 30.0, LARGEST_PERCENT, 100.0, "Distances between the walls.")
            .stepped(5.0, 1.0, 25.0)
            .unsmoothed(),
        ParamSpec::new("damping", "Damping", Unit::Percent, 0.0, 100.0, 30.0, "How much sooner the highs are gone: up to ten times.")
            .stepped(5.0, 1.0, 25.0),
        ParamSpec::new("modulation", "Modulation", Unit::Percent, 0.0, 100.0, 30.0, "How far the paths between the walls wander.")
            .stepped(5.0, 1.0, 25.0),
        ParamSpec::new("low_cut", "Low cut", Unit::Hz, 20.0, 1_000.0, 80.0, "What is below does not enter.")
            .taper(Taper::Log)
            .stepped(10.0, 1.0, 50.0),
        ParamSpec::new("high_cut", "High cut", Unit::Hz, 1_000.0, 20_000.0, 12_000.0, "What is above does not enter.")
            .taper(Taper::Log)
            .stepped(100.0, 10.0, 1_000.0),
        ParamSpec::new("width", "Width", Unit::Percent, 0.0, 200.0, 100.0, "Sides of the reverb against its middle.")
            .stepped(5.0, 1.0, 25.0),
        ParamSpec::new("mix", "Mix", Unit::Percent, 0.0, 100.0, 25.0, "Reverb against untouched sound.").stepped(5.0, 1.0, 25.0),
    ],
    presets: PRESETS,
    help: "A room, a plate or a hall around the sound; its decay is as long as the dial says, in every octave.",
};

static PRESETS: &[Preset] = &[
    Preset {
        name: "Drum room",
        values: &[
            ("kind", 0.0),
            ("pre_delay", 0.0),
            ("decay", 500.0),
            ("size", 70.0),
            ("damping", 20.0),
            ("modulation", 10.0),
            ("low_cut", 120.0),
            ("mix", 20.0),
        ],
    },
    Preset {
        name: "Vocal plate",
        values: &[
            ("kind", 1.0),
            ("pre_delay", 35.0),
            ("decay", 1_600.0),
            ("damping", 25.0),
            ("low_cut", 250.0),
            ("high_cut", 9_000.0),
            ("mix", 18.0),
        ],
    },
    Preset {
        name: "Snare plate, return",
        values: &[("kind", 1.0), ("pre_delay", 5.0), ("decay", 1_100.0), ("damping", 10.0), ("low_cut", 180.0), ("mix", 100.0)],
    },
    Preset {
        name: "Concert hall, return",
        values: &[("pre_delay", 25.0), ("decay", 2_400.0), ("damping", 40.0), ("low_cut", 100.0), ("high_cut", 9_000.0), ("mix", 100.0)],
    },
    Preset {
        name: "Glue for the mix",
        values: &[
            ("kind", 0.0),
            ("pre_delay", 8.0),
            ("decay", 700.0),
            ("damping", 35.0),
            ("low_cut", 200.0),
            ("high_cut", 7_000.0),
            ("mix", 8.0),
        ],
    },
    Preset {
        name: "Endless pad",
        values: &[
            ("decay", 12_000.0),
            ("size", 150.0),
            ("damping", 30.0),
            ("modulation", 70.0),
            ("low_cut", 180.0),
            ("width", 130.0),
            ("mix", 45.0),
        ],
    },
];
