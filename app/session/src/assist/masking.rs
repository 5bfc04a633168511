//! Masking: which tracks cover the one that matters, where in the range, for what share of the time and by how much; and the cut that makes
//! room.
//!
//! Each slice of a track's output is spread over the critical bands as the inner ear spreads it: 27 dB a Bark towards the lows,
//! 24 + 230 Hz/f − 0.2·L/dB towards the highs (Terhardt, Hearing Research 1, 1979), with full scale taken for 100 dB of sound pressure. A
//! band of the chosen track is covered when another track's spread power there is larger than its own. What is counted is its excess in
//! dB, the mean over all slices and bands in which the chosen track sounds. A bell in the other track scales its powers before they
//! spread, so what it gains is predicted by the same sum. A bell that the chosen track keys does the same while that track sounds, and leaves the
//! other one alone for the rest of the time.

use dsp::processors::equalizer::DYNAMIC_SLOPE;
use dsp::protocol::{StripId, StripKind};

use super::bell::Bell;
use super::heard::{Heard, power};
use super::{Proposal, decibels, number, readable_hz};
use crate::edit::Edit;
use crate::make::Ids;
use crate::model::{Insert, Session, Song, SongId};
use crate::survey::{ERB_BANDS, Survey, erb_edge_hz, erb_hz};

/// Sound pressure of full scale in an ordinary room, dB.
const FULL_SCALE_SPL_DB: f64 = 100.0;
/// Slope of the spread towards the lows, dB a Bark.
const DOWN_DB_PER_BARK: f64 = 27.0;
/// The flattest slope towards the highs, dB a Bark.
const LEAST_UP_DB_PER_BARK: f64 = 1.0;
/// What is so far under its source is left out, dB.
const SPREAD_TO_DB: f64 = 60.0;
/// Levels up to here have slopes of their own, dB of sound pressure: 20 dB over full scale.
const LOUDEST_SPL_DB: usize = 120;
/// A band sounds when it is no more than this under the track's loudest band,
const SOUNDS_DB: f64 = 25.0;
/// and over this, dBFS.
const AUDIBLE_DB: f64 = -70.0;
/// A band is covered often from this share of the time on.
const OFTEN: f64 = 0.2;
/// The least mean excess over a range that is worth a word, dB.
const LEAST_DB: f64 = 0.5;
/// So many tracks are named: room is made in the worst first.
const NAMED: usize = 6;
/// Cuts that are tried, dB: the first that halves the covering is proposed.
const CUTS_DB: [f64; 4] = [-2.0, -3.0, -4.5, -6.0];
/// A keyed bell is there before the sound that it makes room for is heard to be covered,
const ATTACK_MS: f64 = 5.0;
/// and goes without being heard to pump.
const RELEASE_MS: f64 = 150.0;
/// Thresholds that the Equalizer has, dB.
const THRESHOLDS_DB: [f64; 2] = [-80.0, 0.0];

/// A track that covers the chosen one.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    /// The covering track.
    pub by: StripId,
    /// First and last band.
    pub bands: [usize; 2],
    /// Share of the time in which the chosen track sounds there and is covered.
    pub share: f64,
    /// Mean excess while it is covered, dB.
    pub excess_db: f64,
    /// Mean excess over all the time that it sounds there, dB: what a cut lowers.
    pub masking_db: f64,
    /// The cut, and what it is to leave of `masking_db`.
    pub cut: Option<Cut>,
    /// The same cut, only while the chosen track sounds there; `None` where its key would make a circle.
    pub ducked: Option<Cut>,
}

/// A cut that makes room.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// What is proposed.
    pub proposal: Proposal,
    /// What is left of the masking, dB.
    pub predicted_db: f64,
}

impl Cover {
    /// From where to where, Hz.
    pub fn range_hz(&self) -> [f64; 2] {
        [erb_edge_hz(self.bands[0]), erb_edge_hz(self.bands[1] + 1)]
    }
}

/// Who covers a track, the worst first.
pub fn covers(session: &Session, song: SongId, survey: &Survey, track: StripId) -> Vec<Cover> {
    let Some(song) = session.song(song) else { return Vec::new() };
    let Some(own) = Heard::of(song, survey, track) else { return Vec::new() };
    let spread = Spread::new();
    let others = song.strips_of(StripKind::Audio).filter(|strip| strip.id != track);
    let heard = others.filter_map(|strip| Some((strip.id, Heard::of(song, survey, strip.id)?)));
    let mut found: Vec<(Cover, Heard<'_>)> = heard.filter_map(|(id, by)| Some((worst_range(&own, &by, id, &spread)?, by))).collect();
    found.sort_by(|(a, _), (b, _)| weight(b).total_cmp(&weight(a)));
    found.truncate(NAMED);
    let mut ids = session.ids();
    let proposed = |(cover, by): (Cover, Heard<'_>)| {
        let Some(room) = Room::between(song, (&own, &by), &cover, &spread) else { return cover };
        let cut = room.cut(song, track, &cover, &mut ids);
        // A key from a track that hears this one would be a circle, which the session refuses.
        let ducked = room
            .ducked(song, track, &cover, &mut ids)
            .filter(|cut| session.clone().apply(&Edit::Batch(cut.proposal.edits.clone())).is_ok());
        Cover { cut, ducked, ..cover }
    };
    found.into_iter().map(proposed).collect()
}

/// Mean excess of one track over another in a range of bands, dB, by a survey: what a cut was to lower, measured.
pub fn masking_db(session: &Session, song: SongId, survey: &Survey, track: StripId, by: StripId, bands: [usize; 2]) -> Option<f64> {
    let song = session.song(song)?;
    let (own, by) = (Heard::of(song, survey, track)?, Heard::of(song, survey, by)?);
    Some(Sums::of(&own, &by, &flat(), bands, &Spread::new()).range(bands).masking_db())
}

/// How much of the chosen track a range with its masking is.
fn weight(cover: &Cover) -> f64 {
    cover.masking_db * (cover.bands[1] - cover.bands[0] + 1) as f64
}

fn flat() -> [f64; ERB_BANDS] {
    [1.0; ERB_BANDS]
}

/// Critical-band rate (Traunmüller, JASA 88, 1990).
fn bark(hz: f64) -> f64 {
    26.81 * hz / (1_960.0 + hz) - 0.53
}

/// The share of a band's power that reaches each band, for each whole decibel of its level.
struct Spread(Vec<[[f32; ERB_BANDS]; ERB_BANDS]>);

impl Spread {
    fn new() -> Self {
        let barks: [f64; ERB_BANDS] = core::array::from_fn(|band| bark(erb_hz(band)));
        let share = |level: usize, from: usize, to: usize| {
            let up = (24.0 + 230.0 / erb_hz(from) - 0.2 * level as f64).max(LEAST_UP_DB_PER_BARK);
            let distance = barks[to] - barks[from];
            let down_db = if distance < 0.0 { -distance * DOWN_DB_PER_BARK } else { distance * up };
            if down_db < SPREAD_TO_DB { power(-down_db) as f32 } else { 0.0 }
        };
        let level = |level| core::array::from_fn(|from| core::array::from_fn(|to| share(level, from, to)));
        Self((0..=LOUDEST_SPL_DB).map(level).collect())
    }

    /// What reaches these bands of a slice's powers; 0 in all others.
    fn over(&self, powers: &[f64; ERB_BANDS], bands: [usize; 2]) -> [f64; ERB_BANDS] {
        let mut out = [0.0; ERB_BANDS];
        for (from, power) in powers.iter().enumerate().filter(|(_, power)| **power > 0.0) {
            let level = (10.0 * libm::log10(*power) + FULL_SCALE_SPL_DB).clamp(0.0, LOUDEST_SPL_DB as f64);
            let shares = &self.0[libm::round(level) as usize][from];
            for band in bands[0]..=bands[1] {
                out[band] += power * f64::from(shares[band]);
            }
        }
        out
    }
}

/// Counts over slices, for each band or over several.
#[derive(Clone, Copy, Default)]
struct Sum {
    sounds: u32,
    covered: u32,
    excess_db: f64,
}

impl Sum {
    /// A slice of a band.
    fn add(&mut self, own: f64, covering: f64, floor: f64) {
        if own < floor {
            return;
        }
        self.sounds += 1;
        if covering > own {
            self.covered += 1;
            self.excess_db += 10.0 * libm::log10(covering / own);
        }
    }

    fn share(&self) -> f64 {
        f64::from(self.covered) / f64::from(self.sounds.max(1))
    }

    fn masking_db(&self) -> f64 {
        self.excess_db / f64::from(self.sounds.max(1))
    }
}

/// From which power on a band of a track sounds.
fn floor(own: &Heard<'_>) -> f64 {
    let loudest = own.measured.mean_powers().into_iter().fold(0.0, f64::max) * own.gain;
    (loudest * power(-SOUNDS_DB)).max(power(AUDIBLE_DB))
}

struct Sums([Sum; ERB_BANDS]);

impl Sums {
    /// Of one track over another whose bands are scaled first, in these bands.
    fn of(own: &Heard<'_>, by: &Heard<'_>, gains: &[f64; ERB_BANDS], bands: [usize; 2], spread: &Spread) -> Self {
        let mut sums = [Sum::default(); ERB_BANDS];
        let floor = floor(own);
        for slice in 0..own.slices().min(by.slices()) {
            if (bands[0]..=bands[1]).all(|band| own.power(slice, band) < floor) {
                continue;
            }
            let covering = core::array::from_fn(|band| by.power(slice, band) * gains[band]);
            let covering = spread.over(&covering, bands);
            for band in bands[0]..=bands[1] {
                sums[band].add(own.power(slice, band), covering[band], floor);
            }
        }
        Self(sums)
    }

    fn range(&self, bands: [usize; 2]) -> Sum {
        self.0[bands[0]..=bands[1]].iter().fold(Sum::default(), |all, sum| Sum {
            sounds: all.sounds + sum.sounds,
            covered: all.covered + sum.covered,
            excess_db: all.excess_db + sum.excess_db,
        })
    }
}

/// The stretch of bands that are covered often, with the most masking.
fn worst_range(own: &Heard<'_>, by: &Heard<'_>, strip: StripId, spread: &Spread) -> Option<Cover> {
    let sums = Sums::of(own, by, &flat(), [0, ERB_BANDS - 1], spread);
    let mut ranges = Vec::new();
    let mut from = None;
    for band in 0..=ERB_BANDS {
        let is_often = sums.0.get(band).is_some_and(|sum| sum.sounds > 0 && sum.share() >= OFTEN);
        match (is_often, from) {
            (true, None) => from = Some(band),
            (false, Some(start)) => {
                ranges.push([start, band - 1]);
                from = None;
            }
            _ => {}
        }
    }
    let cover = |bands: [usize; 2]| {
        let sum = sums.range(bands);
        let excess_db = sum.excess_db / f64::from(sum.covered.max(1));
        Cover { by: strip, bands, share: sum.share(), excess_db, masking_db: sum.masking_db(), cut: None, ducked: None }
    };
    let worst = ranges.into_iter().map(cover).max_by(|a, b| weight(a).total_cmp(&weight(b)));
    worst.filter(|cover| cover.masking_db >= LEAST_DB)
}

/// A bell that makes room.
struct Room {
    bell: Bell,
    gain_db: f64,
    /// What it is to leave of the masking.
    predicted_db: f64,
    /// The chosen track's level from which a band of it sounds, dB.
    sounds_db: f64,
}

impl Room {
    /// The gentlest that halves the masking, or the deepest.
    fn between(song: &Song, (own, by): (&Heard<'_>, &Heard<'_>), cover: &Cover, spread: &Spread) -> Option<Self> {
        let bell = Bell::over(cover.range_hz());
        let sounds_db = 10.0 * libm::log10(floor(own) / own.gain);
        let room = |gain_db: f64| {
            let gains = bell.powers(gain_db, song.rate_hz);
            let predicted_db = Sums::of(own, by, &gains, cover.bands, spread).range(cover.bands).masking_db();
            Self { bell, gain_db, predicted_db, sounds_db }
        };
        let tried: Vec<Self> = CUTS_DB.map(room).into();
        let enough = tried.iter().position(|room| room.predicted_db <= cover.masking_db / 2.0);
        tried.into_iter().nth(enough.unwrap_or(CUTS_DB.len() - 1))
    }

    fn cut(&self, song: &Song, track: StripId, cover: &Cover, ids: &mut Ids) -> Option<Cut> {
        let chosen = song.strip(track)?;
        let [low_hz, high_hz] = cover.range_hz().map(readable_hz);
        let mut insert = Insert::new(ids, "equalizer");
        insert.values = self.bell.values(self.gain_db);
        let reason = format!(
            "Louder than {} from {low_hz} to {high_hz} Hz for {} % of the time that it sounds there, by {} dB. Predicted: masking {} → {} dB.",
            chosen.name,
            number(cover.share * 100.0, 0),
            decibels(cover.excess_db),
            decibels(cover.masking_db),
            decibels(self.predicted_db)
        );
        self.proposal(song, cover, "Make room in", insert, reason)
    }

    /// The threshold lies so low that the whole range is asked for as soon as the chosen track sounds.
    fn ducked(&self, song: &Song, track: StripId, cover: &Cover, ids: &mut Ids) -> Option<Cut> {
        let chosen = song.strip(track)?;
        let threshold_db = (self.sounds_db - self.gain_db.abs() / f64::from(DYNAMIC_SLOPE)).clamp(THRESHOLDS_DB[0], THRESHOLDS_DB[1]);
        let mut insert = Insert::new(ids, "equalizer");
        insert.values = self.bell.values(0.0);
        let dynamic =
            [("dynamic", 1.0), ("threshold", threshold_db), ("range", self.gain_db), ("attack", ATTACK_MS), ("release", RELEASE_MS)];
        insert.values.extend(dynamic.map(|(id, value)| (format!("band1_{id}"), value as f32)));
        insert.key = Some(track);
        let reason = format!(
            "The same while {} sounds there, keyed by it; for the rest of the time nothing changes. Predicted: masking {} → {} dB.",
            chosen.name,
            decibels(cover.masking_db),
            decibels(self.predicted_db)
        );
        self.proposal(song, cover, "Duck", insert, reason)
    }

    fn proposal(&self, song: &Song, cover: &Cover, word: &str, insert: Insert, reason: String) -> Option<Cut> {
        let strip = song.strip(cover.by)?;
        let title = format!("{word} {}: {} dB at {} Hz", strip.name, decibels(self.gain_db), readable_hz(self.bell.frequency_hz));
        let edits = vec![Edit::AddInsert { song: song.id, strip: strip.id, at: usize::MAX, insert }];
        Some(Cut { proposal: Proposal { title, reason, edits }, predicted_db: self.predicted_db })
    }
}
