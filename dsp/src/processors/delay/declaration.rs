//! The delay's declaration.

use crate::params::{Flags, ParamSpec, Preset, ProcessorSpec, Taper, Unit};

/// Indices of the parameters.
pub mod index {
    pub const TIME: usize = 0;
    pub const IN_BEATS: usize = 1;
    pub const NOTE: usize = 2;
    pub const TEMPO: usize = 3;
    pub const PING_PONG: usize = 4;
    pub const FEEDBACK: usize = 5;
    pub const LOW_CUT: usize = 6;
    pub const HIGH_CUT: usize = 7;
    pub const DUCKING: usize = 8;
    pub const DUCK_THRESHOLD: usize = 9;
    pub const WIDTH: usize = 10;
    pub const MIX: usize = 11;
    pub const SONG_TEMPO: usize = 12;
}

/// Longest time between two repeats.
pub const LONGEST_MS: f32 = 3_000.0;
/// Slowest tempo: half a bar of four quarters is then as long as the longest time.
const SLOWEST_BPM: f32 = 40.0;

const NOTES: &[&str] = &[
    "1/2",
    "1/2 triplet",
    "1/4 dotted",
    "1/4",
    "1/4 triplet",
    "1/8 dotted",
    "1/8",
    "1/8 triplet",
    "1/16 dotted",
    "1/16",
    "1/16 triplet",
    "1/32",
];

/// Quarter notes in each of the notes.
pub const NOTE_BEATS: [f64; NOTES.len()] = [2.0, 4.0 / 3.0, 1.5, 1.0, 2.0 / 3.0, 0.75, 0.5, 1.0 / 3.0, 0.375, 0.25, 1.0 / 6.0, 0.125];

/// The declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "delay",
    name: "Delay",
    short_name: "Delay",
    version: 1,
    sidechain: false,
    params: &[
        ParamSpec::new("time", "Time", Unit::Ms, 1.0, LONGEST_MS, 350.0, "Time between two repeats, where it is not in beats.")
            .taper(Taper::Log)
            .stepped(10.0, 1.0, 100.0)
            .unsmoothed(),
        ParamSpec::toggle("in_beats", "In beats", false, "Takes the time from note and tempo."),
        ParamSpec::choice("note", "Note", NOTES, 5, "Time between two repeats as a note."),
        ParamSpec::new("tempo", "Tempo", Unit::Plain, SLOWEST_BPM, 300.0, 120.0, "Quarter notes in a minute, where it is not the song's.")
            .stepped(1.0, 0.1, 10.0)
            .unsmoothed()
            .flag(Flags::TEMPO),
        ParamSpec::toggle("ping_pong", "Ping-pong", false, "Repeats change sides, beginning on the left."),
        ParamSpec::new("feedback", "Feedback", Unit::Percent, 0.0, 95.0, 35.0, "How much of each repeat is repeated.")
            .stepped(5.0, 1.0, 25.0),
        ParamSpec::new("low_cut", "Low cut", Unit::Hz, 20.0, 2_000.0, 120.0, "What is below is lost from repeat to repeat.")
            .taper(Taper::Log)
            .stepped(10.0, 1.0, 100.0),
        ParamSpec::new("high_cut", "High cut", Unit::Hz, 500.0, 20_000.0, 7_000.0, "What is above is lost from repeat to repeat.")
            .taper(Taper::Log)
            .stepped(100.0, 10.0, 1_000.0),
        ParamSpec::new("ducking", "Ducking", Unit::Db, 0.0, 24.0, 0.0, "How far repeats give way to what comes in.").stepped(1.0, 0.1, 6.0),
        ParamSpec::new(
            "duck_threshold",
            "Duck threshold",
            Unit::Db,
            -60.0,
            0.0,
            -30.0,
            "Level of what comes in from which repeats give way.",
        )
        .stepped(0.5, 0.1, 3.0)
        .flag(Flags::SECONDARY),
        ParamSpec::new("width", "Width", Unit::Percent, 0.0, 200.0, 100.0, "Sides of the repeats against their middle.")
            .stepped(5.0, 1.0, 25.0),
        ParamSpec::new("mix", "Mix", Unit::Percent, 0.0, 100.0, 30.0, "Repeats against untouched sound.").stepped(5.0, 1.0, 25.0),
        ParamSpec::toggle("song_tempo", "Song tempo", true, "Takes the song's tempo for times in beats.").fixed().flag(Flags::FOLLOWS_SONG),
    ],
    presets: PRESETS,
    help: "Repeats the sound; the time is free or a note at a tempo.",
};

static PRESETS: &[Preset] = &[
    Preset { name: "Slapback", values: &[("time", 110.0), ("feedback", 8.0), ("low_cut", 150.0), ("high_cut", 6_000.0), ("mix", 25.0)] },
    Preset {
        name: "Vocal throw",
        values: &[
            ("in_beats", 1.0),
            ("note", 3.0),
            ("feedback", 45.0),
            ("low_cut", 300.0),
            ("high_cut", 4_500.0),
            ("ducking", 9.0),
            ("mix", 25.0),
        ],
    },
    Preset {
        name: "Dotted eighths",
        values: &[("in_beats", 1.0), ("note", 5.0), ("feedback", 40.0), ("low_cut", 200.0), ("high_cut", 6_000.0), ("mix", 30.0)],
    },
    Preset {
        name: "Ping-pong quarters",
        values: &[("in_beats", 1.0), ("note", 3.0), ("ping_pong", 1.0), ("feedback", 50.0), ("high_cut", 5_000.0), ("mix", 25.0)],
    },
    Preset {
        name: "Dark return",
        values: &[("time", 480.0), ("feedback", 60.0), ("low_cut", 250.0), ("high_cut", 2_200.0), ("width", 140.0), ("mix", 100.0)],
    },
    Preset { name: "Doubling", values: &[("time", 24.0), ("feedback", 0.0), ("low_cut", 20.0), ("high_cut", 12_000.0), ("mix", 35.0)] },
];
