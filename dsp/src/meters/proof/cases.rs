//! The table of EBU Tech 3341 (version 4, table 1) and 3342 (version 4, table 1).

use super::signal::{Part, Sound};
use super::{Case, Reading, When};

const SILENCE_DB: f64 = f64::NEG_INFINITY;
/// Limits of all loudness readings.
const LOUDNESS_LIMIT: f64 = 0.1;
const RANGE_LIMIT: f64 = 1.0;
/// Limits of true peak.
const PEAK_BELOW: f64 = 0.4;
const PEAK_ABOVE: f64 = 0.2;

const INTEGRATED: &[Reading] = &[Reading::Integrated];

const fn loudness(name: &'static str, about: &'static str, sound: Sound, readings: &'static [Reading], when: When, expected: f64) -> Case {
    Case { name, about, sound, takes: 1, readings, when, expected, below: LOUDNESS_LIMIT, above: LOUDNESS_LIMIT }
}

const fn steady(name: &'static str, parts: &'static [Part], level: f64) -> Case {
    let readings = &[Reading::Momentary, Reading::ShortTerm, Reading::Integrated];
    loudness(name, "A steady tone", Sound::Steps(parts, 1), readings, When::AtEnd, level)
}

const fn gated(name: &'static str, parts: &'static [Part]) -> Case {
    loudness(name, "Quiet passages are gated out", Sound::Steps(parts, 1), INTEGRATED, When::AtEnd, -23.0)
}

const fn peak(name: &'static str, period: f64, gain: f64, degrees: f64, expected: f64) -> Case {
    let sound = Sound::Tone { period, gain, degrees };
    let readings = &[Reading::TruePeak];
    let about = "A peak between the samples";
    Case { name, about, sound, takes: 1, readings, when: When::AtEnd, expected, below: PEAK_BELOW, above: PEAK_ABOVE }
}

const fn range(name: &'static str, parts: &'static [Part], expected: f64) -> Case {
    let sound = Sound::Steps(parts, 1);
    let readings = &[Reading::Range];
    Case { name, about: "Steps of level", sound, takes: 1, readings, when: When::AtEnd, expected, below: RANGE_LIMIT, above: RANGE_LIMIT }
}

/// Every case, in the documents' order.
pub static CASES: &[Case] = &[
    steady("3341-1", &[(20.0, -23.0)], -23.0),
    steady("3341-2", &[(20.0, -33.0)], -33.0),
    gated("3341-3", &[(10.0, -36.0), (60.0, -23.0), (10.0, -36.0)]),
    gated("3341-4", &[(10.0, -72.0), (10.0, -36.0), (60.0, -23.0), (10.0, -36.0), (10.0, -72.0)]),
    gated("3341-5", &[(20.0, -26.0), (20.1, -20.0), (20.0, -26.0)]),
    loudness(
        "3341-9",
        "Short-term stands still after 3 s",
        Sound::Steps(&[(1.34, -20.0), (1.66, -30.0)], 5),
        &[Reading::ShortTerm],
        When::From(3.0),
        -23.0,
    ),
    Case {
        takes: 20,
        ..loudness(
            "3341-10",
            "The largest short-term wherever a tone begins",
            Sound::Delayed(0.15, &[(3.0, -23.0), (1.0, SILENCE_DB)]),
            &[Reading::ShortTermMax],
            When::AtEnd,
            -23.0,
        )
    },
    loudness(
        "3341-11",
        "Short-term follows rising tones live",
        Sound::Rising { delay_s: 0.15, tone_s: 3.0 },
        &[Reading::ShortTerm],
        When::RisingEvery(6.0),
        -38.0,
    ),
    loudness(
        "3341-12",
        "Momentary stands still after 1 s",
        Sound::Steps(&[(0.18, -20.0), (0.22, -30.0)], 25),
        &[Reading::Momentary],
        When::From(1.0),
        -23.0,
    ),
    Case {
        takes: 20,
        ..loudness(
            "3341-13",
            "The largest momentary wherever a burst begins",
            Sound::Delayed(0.02, &[(0.4, -23.0), (1.0, SILENCE_DB)]),
            &[Reading::MomentaryMax],
            When::AtEnd,
            -23.0,
        )
    },
    loudness(
        "3341-14",
        "Momentary follows rising bursts live",
        Sound::Rising { delay_s: 0.02, tone_s: 0.4 },
        &[Reading::Momentary],
        When::RisingEvery(0.8),
        -38.0,
    ),
    peak("3341-15", 4.0, 0.5, 0.0, -6.0),
    peak("3341-16", 4.0, 0.5, 45.0, -6.0),
    peak("3341-17", 6.0, 0.5, 60.0, -6.0),
    peak("3341-18", 8.0, 0.5, 67.5, -6.0),
    peak("3341-19", 4.0, 1.41, 45.0, 3.0),
    Case {
        name: "3341-20 to 23",
        about: "One loud period at four offsets",
        sound: Sound::LoudPeriod,
        takes: 4,
        readings: &[Reading::TruePeak],
        when: When::AtEnd,
        expected: 0.0,
        below: PEAK_BELOW,
        above: PEAK_ABOVE,
    },
    range("3342-1", &[(20.0, -20.0), (20.0, -30.0)], 10.0),
    range("3342-2", &[(20.0, -20.0), (20.0, -15.0)], 5.0),
    range("3342-3", &[(20.0, -40.0), (20.0, -20.0)], 20.0),
    range("3342-4", &[(20.0, -50.0), (20.0, -35.0), (20.0, -20.0), (20.0, -35.0), (20.0, -50.0)], 15.0),
];
