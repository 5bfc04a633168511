//! Where a symptom is mended: a bell in the track that causes most of it, on all of its sound for too much tone, on its side signal for too much
//! side; a limiter for a peak ([`super::peak`]).
//!
//! Tracks add up in power, so a band of the master falls by the track's share of it times what the bell takes; that is the prediction.

use dsp::protocol::{StripId, StripKind};

use super::{STANDS_OUT_DB, Symptom, excess, least_side_db, range_text, side_over_db};
use crate::assist::bell::Bell;
use crate::assist::heard::Heard;
use crate::assist::{Proposal, decibels, difference, readable_hz};
use crate::edit::Edit;
use crate::model::{Insert, Session, Song, SongId};
use crate::survey::{ERB_BANDS, Survey, erb_edge_hz};

/// Cuts that are tried, dB: the first after which nothing stands out is proposed, else the deepest.
const CUTS_DB: [f64; 6] = [-1.0, -1.5, -2.0, -3.0, -4.5, -6.0];
/// The Equalizer's placement on the side signal.
const ON_SIDE: f32 = 2.0;
/// A cut that gains less is not worth its place in the chain, dB.
const LEAST_DB: f64 = 0.3;

/// What mends.
#[derive(Clone, Debug, PartialEq)]
pub struct Mend {
    /// What is proposed.
    pub proposal: Proposal,
    /// What is left of the symptom, dB.
    pub predicted_db: f64,
}

/// The cut in a track that mends a symptom; `None` where it gains next to nothing.
pub fn mend(session: &Session, song: SongId, survey: &Survey, target: &[f64], symptom: &Symptom, culprit: StripId) -> Option<Mend> {
    let song = session.song(song)?;
    let (bands, before_db, on_side) = match *symptom {
        Symptom::Tone(bands, over_db) => (bands, over_db, false),
        Symptom::Side(bands, over_db) => (bands, over_db, true),
        Symptom::Peak(_, over_db) => return super::peak::mend(session, song, survey, over_db, culprit),
    };
    let parts = Parts::of(song, survey, culprit)?;
    let bell = Bell::over([erb_edge_hz(bands[0]), erb_edge_hz(bands[1] + 1)]);
    let left_db = |gain_db: f64| parts.left_db(&bell.powers(gain_db, song.rate_hz), target, bands, on_side);
    let is_enough = |db: f64| db <= if on_side { least_side_db() } else { STANDS_OUT_DB };
    let tried = CUTS_DB.map(|gain_db| (gain_db, left_db(gain_db)));
    let (gain_db, predicted_db) = *tried.iter().find(|(_, left)| is_enough(*left)).or(tried.last())?;
    if before_db - predicted_db < LEAST_DB {
        return None;
    }
    let strip = song.strip(culprit)?;
    let mut insert = Insert::new(&mut session.ids(), "equalizer");
    insert.values = bell.values(gain_db);
    if on_side {
        insert.values.insert("band1_placement".to_owned(), ON_SIDE);
    }
    let what = if on_side { "side, " } else { "" };
    let title = format!("Cut {}: {what}{} dB at {} Hz", strip.name, decibels(gain_db), readable_hz(bell.frequency_hz));
    let figure = |db: f64| if on_side { difference(db) } else { decibels(db) };
    let reason = format!("Predicted on the master, {}: {} → {} dB.", range_text(bands), figure(before_db), figure(predicted_db));
    let edits = vec![Edit::AddInsert { song: song.id, strip: strip.id, at: usize::MAX, insert }];
    Some(Mend { proposal: Proposal { title, reason, edits }, predicted_db })
}

/// The master's powers, and a track's shares of what all tracks bring.
struct Parts {
    powers: Vec<f64>,
    side_powers: Vec<f64>,
    shares: Vec<f64>,
    side_shares: Vec<f64>,
}

impl Parts {
    fn of(song: &Song, survey: &Survey, culprit: StripId) -> Option<Self> {
        let master = survey.master(song)?;
        let own = Heard::of(song, survey, culprit)?;
        let tracks: Vec<Heard<'_>> = song.strips_of(StripKind::Audio).filter_map(|strip| Heard::of(song, survey, strip.id)).collect();
        let shares = |powers: fn(&Heard<'_>) -> Vec<f64>| {
            let mut all = vec![0.0; ERB_BANDS];
            for track in &tracks {
                all.iter_mut().zip(powers(track)).for_each(|(all, power)| *all += power * track.gain);
            }
            let share = |(own_power, all): (f64, f64)| if all > 0.0 { own_power * own.gain / all } else { 0.0 };
            powers(&own).into_iter().zip(all).map(share).collect::<Vec<f64>>()
        };
        Some(Self {
            powers: master.mean_powers(),
            side_powers: master.mean_side_powers(),
            shares: shares(|track| track.measured.mean_powers()),
            side_shares: shares(|track| track.measured.mean_side_powers()),
        })
    }

    /// What is left of the symptom behind these gains of the track's powers, dB: its mean over the bands, as it was found.
    fn left_db(&self, gains: &[f64; ERB_BANDS], target: &[f64], [first, last]: [usize; 2], on_side: bool) -> f64 {
        let fallen = |powers: &[f64], shares: &[f64]| -> Vec<f64> {
            (0..ERB_BANDS).map(|band| powers[band] * (1.0 - shares[band] * (1.0 - gains[band]))).collect()
        };
        let values: Vec<f64> = if on_side {
            let side = fallen(&self.side_powers, &self.side_shares);
            let all = |band: usize| self.powers[band] - self.side_powers[band] + side[band];
            (0..ERB_BANDS).map(|band| side_over_db(all(band), side[band])).collect()
        } else {
            excess(&fallen(&self.powers, &self.shares), target)
        };
        values[first..=last].iter().sum::<f64>() / (last - first + 1) as f64
    }
}
