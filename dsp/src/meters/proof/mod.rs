//! Meters that prove themselves: the signals of EBU Tech 3341 (2023) and 3342, what must be read of them, and what is read.
//!
//! [`CASES`] holds every stereo case that can be synthesised: 3341's 1 to 5 and 9 to 23, 3342's 1 to 4. Missing are 3341's 6 (surround), and 7
//! and 8 and 3342's 5 and 6, which are recordings. [`prove`] plays a case into a fresh [`MasterMeter`] at any rate and looks every 10 ms, as a
//! live meter's reader does. A program can run it wherever it likes, but not on its audio thread: it allocates.

mod cases;
mod signal;

use alloc::vec::Vec;

pub use cases::CASES;
pub use signal::{Part, Playback, Sound};

use super::MasterMeter;
use crate::units::gain_to_db;

/// What is read of the meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Momentary loudness, LUFS.
    Momentary,
    /// Short-term loudness, LUFS.
    ShortTerm,
    /// Integrated loudness, LUFS.
    Integrated,
    /// Largest momentary loudness, LUFS.
    MomentaryMax,
    /// Largest short-term loudness, LUFS.
    ShortTermMax,
    /// Loudness range, LU.
    Range,
    /// Largest true peak, dBTP.
    TruePeak,
}

impl Reading {
    /// The name on screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Momentary => "Momentary",
            Self::ShortTerm => "Short-term",
            Self::Integrated => "Integrated",
            Self::MomentaryMax => "Maximum momentary",
            Self::ShortTermMax => "Maximum short-term",
            Self::Range => "Loudness range",
            Self::TruePeak => "True peak",
        }
    }

    /// Its unit.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Range => "LU",
            Self::TruePeak => "dBTP",
            _ => "LUFS",
        }
    }

    fn of(self, meter: &MasterMeter) -> f64 {
        match self {
            Self::Momentary => meter.momentary_lufs(),
            Self::ShortTerm => meter.short_term_lufs(),
            Self::Integrated => meter.integrated_lufs(),
            Self::MomentaryMax => meter.momentary_max_lufs(),
            Self::ShortTermMax => meter.short_term_max_lufs(),
            Self::Range => meter.range_lu(),
            Self::TruePeak => gain_to_db(f64::from(meter.true_peak_max())),
        }
    }
}

/// When the reading counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// Once, after the last frame.
    AtEnd,
    /// At every look from this second on.
    From(f64),
    /// The largest of each stretch of so many seconds; each stretch must read 1 dB more than the one before.
    RisingEvery(f64),
}

/// One case of the documents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Case {
    /// Document and number.
    pub name: &'static str,
    /// What it shows, in a few words.
    pub about: &'static str,
    /// What is played.
    pub sound: Sound,
    /// How many variants are played, each into a fresh meter.
    pub takes: usize,
    /// What is read.
    pub readings: &'static [Reading],
    /// When.
    pub when: When,
    /// What must be read (of the first stretch).
    pub expected: f64,
    /// By how much less it may be.
    pub below: f64,
    /// By how much more.
    pub above: f64,
}

/// What was read of a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proof {
    /// Which reading.
    pub reading: Reading,
    /// What had to be read where it was farthest off.
    pub expected: f64,
    /// What was.
    pub read: f64,
    /// Whether every reading was within its limits.
    pub passes: bool,
}

/// Looks a second.
const LOOKS: f64 = 100.0;

/// What a reading should have been, and was.
type Look = (f64, f64);

/// Plays a case at this rate and gives what was read farthest off of each reading.
pub fn prove(case: &Case, rate_hz: f64) -> Vec<Proof> {
    let takes: Vec<Vec<Vec<Look>>> = (0..case.takes).map(|take| play(case, take, rate_hz)).collect();
    let proof = |(index, reading): (usize, &Reading)| {
        let looks = takes.iter().flat_map(|readings| readings[index].iter());
        let mut farthest: Look = (case.expected, f64::NAN);
        let mut passes = true;
        for (expected, read) in looks {
            let error = read - expected;
            passes &= error >= -case.below && error <= case.above;
            let is_farther = farthest.1.is_nan() || (farthest.1 - farthest.0).abs() < error.abs();
            farthest = if is_farther { (*expected, *read) } else { farthest };
        }
        Proof { reading: *reading, expected: farthest.0, read: farthest.1, passes: passes && !farthest.1.is_nan() }
    };
    case.readings.iter().enumerate().map(proof).collect()
}

/// All looks of a take that count, by reading.
fn play(case: &Case, take: usize, rate_hz: f64) -> Vec<Vec<Look>> {
    let mut playback = Playback::new(&case.sound, take, rate_hz);
    let mut meter = MasterMeter::new(rate_hz);
    let mut chunk = alloc::vec![0.0; libm::round(rate_hz / LOOKS).max(1.0) as usize];
    let mut looks = alloc::vec![Vec::new(); case.readings.len()];
    let mut played = 0;
    loop {
        let frames = playback.fill(&mut chunk);
        if frames == 0 {
            break;
        }
        meter.process(&chunk[..frames], &chunk[..frames]);
        played += frames;
        let seconds = played as f64 / rate_hz;
        for (looks, reading) in looks.iter_mut().zip(case.readings) {
            note(looks, case, seconds, reading.of(&meter));
        }
    }
    if case.when == When::AtEnd {
        for (looks, reading) in looks.iter_mut().zip(case.readings) {
            looks.push((case.expected, reading.of(&meter)));
        }
    }
    looks
}

/// Notes a look on the way, if it counts.
fn note(looks: &mut Vec<Look>, case: &Case, seconds: f64, read: f64) {
    match case.when {
        When::AtEnd => {}
        When::From(start) => {
            if seconds >= start {
                looks.push((case.expected, read));
            }
        }
        When::RisingEvery(stretch) => {
            // The look at a stretch's very end belongs to it.
            let number = ((seconds - 0.5 / LOOKS) / stretch) as usize;
            if number == looks.len() {
                looks.push((case.expected + number as f64, read));
            }
            if let Some((_, largest)) = looks.last_mut() {
                *largest = largest.max(read);
            }
        }
    }
}
