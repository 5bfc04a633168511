//! The sides of a record: which songs go on which, how much level their minutes cost, and what a cutting engineer would ask about.
//!
//! Numbers are those that cutting engineers name: minutes by diameter and speed; about 1 dB of level for each minute over the best length;
//! bass in the middle below 150 Hz; bright songs outside, because the groove is slower inside and treble suffers there.

use crate::analysis::{Analysis, Band, band_edges_hz};

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Format {
    /// Permanent id.
    pub id: &'static str,
    /// Name on screen.
    pub name: &'static str,
    /// A side is at its full level up to so many minutes.
    pub best_min: f64,
    /// Most minutes of a side.
    pub most_min: f64,
}

/// The kinds, the usual one first.
pub const FORMATS: [Format; 4] = [
    Format { id: "12_33", name: "12 inch, 33", best_min: 20.0, most_min: 25.0 },
    Format { id: "12_45", name: "12 inch, 45", best_min: 12.0, most_min: 15.0 },
    Format { id: "10_33", name: "10 inch, 33", best_min: 9.0, most_min: 14.0 },
    Format { id: "7_45", name: "7 inch, 45", best_min: 3.0, most_min: 5.0 },
];

/// Level that a minute over the best length costs.
const COST_DB_PER_MIN: f64 = 1.0;
/// Below it the sides should be alike.
const MONO_BELOW_HZ: f64 = 150.0;
/// A side signal nearer than this to the whole in the bass is worth a look; the groove's depth moves with it.
const WIDE_BASS_DB: f64 = -12.0;
/// Where sibilants lie, and the part of the voice that they are compared with.
const SIBILANT_HZ: [f64; 2] = [5_000.0, 10_000.0];
const VOICE_HZ: [f64; 2] = [1_000.0, 3_150.0];
/// Noise with equal third octaves reads −1.8 dB; sibilants this near to the voice are worth a look.
const SIBILANT_DB: f64 = -4.0;
/// From here on a song counts as bright.
const BRIGHT_HZ: f64 = 5_000.0;

/// In which order the songs of a side stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The album's.
    #[default]
    Kept,
    /// The brightest outside.
    Brightness,
}

/// A side.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// Places of its songs in the album, in the order on the side.
    pub songs: Vec<usize>,
    /// Its length with the gaps between its songs.
    pub seconds: f64,
    /// What its length costs of the level, 0 or less.
    pub level_db: f64,
    /// Whether it is longer than the record allows.
    pub is_too_long: bool,
}

/// A song as the planner needs it, seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Length {
    /// The song.
    pub song_s: f64,
    /// The gap after it.
    pub gap_s: f64,
}

/// A run of songs with the gaps between them.
fn seconds(songs: &[Length]) -> f64 {
    let all: f64 = songs.iter().map(|length| length.song_s + length.gap_s).sum();
    all - songs.last().map_or(0.0, |last| last.gap_s)
}

/// Cuts the order into so many sides that the longest is as short as can be: for each number of sides and each end the best last cut.
fn cuts(songs: &[Length], sides: usize) -> Vec<usize> {
    let count = songs.len();
    let mut longest = vec![vec![f64::INFINITY; count + 1]; sides + 1];
    let mut from = vec![vec![0; count + 1]; sides + 1];
    longest[0][0] = 0.0;
    for side in 1..=sides {
        for end in 0..=count {
            for start in 0..=end {
                let candidate = longest[side - 1][start].max(seconds(&songs[start..end]));
                if candidate < longest[side][end] {
                    (longest[side][end], from[side][end]) = (candidate, start);
                }
            }
        }
    }
    let mut ends = vec![count];
    for side in (1..=sides).rev() {
        let end = ends.last().copied().unwrap_or(0);
        ends.push(from[side][end]);
    }
    ends.reverse();
    ends
}

/// Lays songs on sides in the album's order: two sides, or as many pairs as it takes for each side to fit. `brightness_db` orders them within
/// their sides when that is asked for.
pub fn plan(songs: &[Length], brightness_db: &[f64], format: &Format, order: Order) -> Vec<Side> {
    if songs.is_empty() {
        return Vec::new();
    }
    let fits = |ends: &[usize]| ends.windows(2).all(|pair| seconds(&songs[pair[0]..pair[1]]) <= format.most_min * 60.0);
    let most = songs.len().max(2).next_multiple_of(2);
    let mut ends = cuts(songs, 2);
    for sides in (4..=most).step_by(2) {
        if fits(&ends) {
            break;
        }
        ends = cuts(songs, sides);
    }
    let side = |pair: &[usize]| {
        let mut on_side: Vec<usize> = (pair[0]..pair[1]).collect();
        if order == Order::Brightness {
            let bright = |song: usize| brightness_db.get(song).copied().filter(|db| db.is_finite()).unwrap_or(f64::NEG_INFINITY);
            on_side.sort_by(|a, b| bright(*b).total_cmp(&bright(*a)));
        }
        let seconds = seconds(&on_side.iter().map(|song| songs[*song]).collect::<Vec<_>>());
        let over_min = (seconds / 60.0 - format.best_min).max(0.0);
        Side { songs: on_side, seconds, level_db: -COST_DB_PER_MIN * over_min, is_too_long: seconds > format.most_min * 60.0 }
    };
    ends.windows(2).map(side).filter(|side| !side.songs.is_empty()).collect()
}

/// What a cutting engineer would ask about a song.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Groove {
    /// The side signal under 150 Hz, dB of all that is there; negative infinity for mono.
    pub bass_side_db: f64,
    /// The range of sibilants against that of the voice.
    pub sibilance_db: f64,
    /// Treble's share of the whole.
    pub brightness_db: f64,
}

impl Groove {
    /// From what a file measures.
    pub fn of(analysis: &Analysis) -> Self {
        let power = |band: &Band| libm::pow(10.0, f64::from(band.level_db) / 10.0);
        let sum = |wanted: &dyn Fn([f64; 2]) -> bool, read: &dyn Fn(&Band) -> f64| -> f64 {
            analysis.bands.iter().enumerate().filter(|(at, _)| wanted(band_edges_hz(*at))).map(|(_, band)| read(band)).sum()
        };
        let db = |share: f64| 10.0 * libm::log10(share);
        let within = |range: [f64; 2]| move |[low, high]: [f64; 2]| (range[0]..=range[1]).contains(&libm::sqrt(low * high));
        let is_bass = |[_, high]: [f64; 2]| high <= MONO_BELOW_HZ;
        let side = |band: &Band| power(band) * f64::from(band.width);
        // Middles of bands are a hair under their nominal values.
        let near = |range: [f64; 2]| [range[0] * 0.98, range[1] * 1.02];
        Self {
            bass_side_db: db(sum(&is_bass, &side) / sum(&is_bass, &power)),
            sibilance_db: db(sum(&within(near(SIBILANT_HZ)), &power) / sum(&within(near(VOICE_HZ)), &power)),
            brightness_db: db(sum(&within([BRIGHT_HZ * 0.98, f64::INFINITY]), &power) / sum(&|_| true, &power)),
        }
    }

    /// Whether the bass is wider than a groove takes easily.
    pub fn is_bass_wide(&self) -> bool {
        self.bass_side_db > WIDE_BASS_DB
    }

    /// Whether sibilants stand out.
    pub fn is_sibilant(&self) -> bool {
        self.sibilance_db > SIBILANT_DB
    }
}
