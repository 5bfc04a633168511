//! Where a master goes: what each place asks for and what it does to what it is given, from a dated list with its sources
//! (`destinations.json`). Sources disagree and rules change, so nothing here is timeless.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::analysis::Analysis;

/// The id of the person's own target.
pub const OWN: &str = "own";
/// A file that is nearer to its target than this has it.
pub const TARGET_TOLERANCE_LU: f64 = 0.1;
/// Meters of two makes differ by so much at a limit.
pub const PEAK_TOLERANCE_DB: f64 = 0.05;

/// What a place does on playback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Playback {
    /// Nothing.
    None,
    /// Louder songs are turned down, softer ones stay.
    Down,
    /// Turned down, or up until the true peak reaches the limit.
    BothToPeak,
    /// Turned down, or up into a limiter.
    Limits,
    /// Nothing: the file itself must have the loudness.
    File,
}

/// By what a place that plays albums as such sets the one gain of all their songs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlbumRule {
    /// The loudness of the whole.
    Whole,
    /// The loudest song's.
    Loudest,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Destination {
    /// Permanent id.
    pub id: String,
    /// Name on screen.
    pub name: String,
    /// The loudness that it plays at, or asks for.
    pub target_lufs: f64,
    /// The highest true peak that it asks for.
    pub peak_dbtp: f64,
    /// What it does.
    pub playback: Playback,
    /// How far a file may be off, where the file itself must have the loudness.
    #[serde(default)]
    pub tolerance_lu: Option<f64>,
    /// How albums are played; `None` sets each song's gain by itself.
    #[serde(default)]
    pub album: Option<AlbumRule>,
    /// Whether its listeners hear a copy that was encoded with losses.
    #[serde(default)]
    pub coded: bool,
    /// Where this is from.
    pub source: String,
}

#[derive(Deserialize)]
struct List {
    date: String,
    destinations: Vec<Destination>,
}

fn list() -> &'static List {
    static LIST: OnceLock<List> = OnceLock::new();
    LIST.get_or_init(|| {
        let parsed = serde_json::from_str(include_str!("destinations.json"));
        parsed.unwrap_or_else(|error| unreachable!("the list is read by a test: {error}"))
    })
}

/// The day on which the list was last compared with its sources.
pub fn list_date() -> &'static str {
    &list().date
}

/// All places.
pub fn destinations() -> &'static [Destination] {
    &list().destinations
}

/// The place with this id.
pub fn destination(id: &str) -> Option<&'static Destination> {
    destinations().iter().find(|destination| destination.id == id)
}

/// What becomes of a master at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// By how much it is turned up or down.
    pub gain_db: f64,
    /// How loud it is heard.
    pub heard_lufs: f64,
    /// What is to be said of it.
    pub verdict: Verdict,
}

/// What is to be said of a master at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// Nothing.
    Fits,
    /// Its true peak is over the limit, by so much.
    PeakOver(f64),
    /// It is softer there than the target.
    Softer(f64),
    /// It is louder than the target, and stays so.
    Louder(f64),
}

impl Destination {
    /// The person's own.
    pub fn own(target_lufs: f64, peak_dbtp: f64) -> Self {
        let (playback, tolerance_lu) = (Playback::File, Some(TARGET_TOLERANCE_LU));
        Self {
            id: OWN.into(),
            name: "Own".into(),
            target_lufs,
            peak_dbtp,
            playback,
            tolerance_lu,
            album: None,
            coded: true,
            source: String::new(),
        }
    }

    /// What it does to a master of this loudness and true peak.
    pub fn gain_db(&self, integrated_lufs: f64, true_peak_dbtp: f64) -> f64 {
        if !integrated_lufs.is_finite() {
            return 0.0;
        }
        let wanted = self.target_lufs - integrated_lufs;
        match self.playback {
            Playback::None | Playback::File => 0.0,
            Playback::Down => wanted.min(0.0),
            Playback::BothToPeak => wanted.min((self.peak_dbtp - true_peak_dbtp).max(0.0)),
            Playback::Limits => wanted,
        }
    }

    /// What becomes of a master.
    pub fn outcome(&self, master: &Analysis) -> Outcome {
        let gain_db = self.gain_db(master.integrated_lufs, master.true_peak_dbtp);
        let heard_lufs = master.integrated_lufs + gain_db;
        let (over, off) = (master.true_peak_dbtp - self.peak_dbtp, heard_lufs - self.target_lufs);
        let tolerance = self.tolerance_lu.unwrap_or(TARGET_TOLERANCE_LU).max(TARGET_TOLERANCE_LU);
        let verdict = if over > PEAK_TOLERANCE_DB {
            Verdict::PeakOver(over)
        } else if off < -tolerance {
            Verdict::Softer(-off)
        } else if off > tolerance {
            Verdict::Louder(off)
        } else {
            Verdict::Fits
        };
        Outcome { gain_db, heard_lufs, verdict }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_dated_and_every_place_has_a_source_and_a_name_of_its_own() {
        assert_eq!(list_date().len(), "2026-01-01".len());
        for (at, place) in destinations().iter().enumerate() {
            assert!(!place.source.is_empty() && place.target_lufs < 0.0 && place.peak_dbtp <= 0.0, "{}", place.name);
            assert!(destinations()[..at].iter().all(|other| other.id != place.id && other.name != place.name), "{}", place.name);
        }
    }

    #[test]
    fn spotify_turns_down_and_raises_only_as_far_as_the_peak_lets_it() {
        let spotify = destination("spotify").expect("a place");
        assert_eq!(spotify.gain_db(-9.0, -1.0), -5.0);
        assert_eq!(spotify.gain_db(-20.0, -3.5), 2.5);
        assert_eq!(spotify.gain_db(-20.0, -0.2), 0.0);
        assert_eq!(spotify.gain_db(-20.0, -12.0), 6.0);
    }

    #[test]
    fn who_only_turns_down_never_raises_and_who_limits_always_does() {
        assert_eq!(destination("youtube").expect("a place").gain_db(-20.0, -12.0), 0.0);
        assert_eq!(destination("youtube").expect("a place").gain_db(-10.0, -1.0), -4.0);
        assert_eq!(destination("spotify_loud").expect("a place").gain_db(-20.0, -0.1), 9.0);
        assert_eq!(destination("cd").expect("a place").gain_db(-6.0, -0.1), 0.0);
        assert_eq!(destination("spotify").expect("a place").gain_db(f64::NEG_INFINITY, f64::NEG_INFINITY), 0.0);
    }
}
