//! Where a peak is mended that costs the master's limiter gain: a limiter at the end of the chain of the track that causes most of it.
//!
//! Tracks add up in their samples, so in each slice of time the master's peak falls by what the track's falls, at most; that is the prediction.

use dsp::protocol::StripId;

use super::mend::Mend;
use super::{PEAK_DB, over_usual_db};
use crate::assist::heard::Heard;
use crate::assist::{Proposal, decibels};
use crate::edit::Edit;
use crate::model::{Insert, Session, Song};
use crate::survey::{Place, Survey};

/// How much lower the track's largest sample may come, dB: the first after which the master's peak does not stand out is proposed, else the
/// last, beyond which it is another sound.
const REDUCTIONS_DB: [f64; 6] = [1.5, 3.0, 4.5, 6.0, 9.0, 12.0];
/// Ceilings that a limiter has, dBTP.
const CEILINGS_DBTP: [f64; 2] = [-20.0, 0.0];
/// A limiter that gains less is not worth its place in the chain, dB.
const LEAST_DB: f64 = 0.3;

/// The limiter that mends a peak of the master so far over the usual one.
pub fn mend(session: &Session, song: &Song, survey: &Survey, over_db: f64, culprit: StripId) -> Option<Mend> {
    let (master, own) = (survey.master(song)?, Heard::of(song, survey, culprit)?);
    let heard = libm::sqrt(own.gain);
    let largest = own.measured.peaks.iter().fold(0.0, |largest: f64, peak| largest.max(f64::from(*peak)));
    let left_db = |reduction_db: f64| {
        let ceiling = largest * libm::pow(10.0, -reduction_db / 20.0);
        let slices = master.peaks.iter().zip(&own.measured.peaks);
        let fallen = slices.map(|(all, own)| (f64::from(*all) - (f64::from(*own) - ceiling).max(0.0) * heard).max(0.0));
        over_usual_db(fallen.fold(0.0, f64::max), &master.peaks)
    };
    let tried = REDUCTIONS_DB.map(|reduction_db| (reduction_db, left_db(reduction_db)));
    let (reduction_db, predicted_db) = *tried.iter().find(|(_, left)| *left < PEAK_DB).or(tried.last())?;
    // The limiter stands before the fader: what the chain gives at most, as much lower.
    let chain_db = own.measured.points.iter().rev().find(|point| point.place != Place::Output)?.peak_db;
    let ceiling_dbtp = libm::round((chain_db - reduction_db) * 10.0) / 10.0;
    if over_db - predicted_db < LEAST_DB || !(CEILINGS_DBTP[0]..=CEILINGS_DBTP[1]).contains(&ceiling_dbtp) {
        return None;
    }
    Some(Mend { proposal: proposal(session, song, culprit, ceiling_dbtp, [over_db, predicted_db])?, predicted_db })
}

fn proposal(session: &Session, song: &Song, culprit: StripId, ceiling_dbtp: f64, [over_db, predicted_db]: [f64; 2]) -> Option<Proposal> {
    let strip = song.strip(culprit)?;
    let mut insert = Insert::new(&mut session.ids(), "limiter");
    insert.values.insert("ceiling".to_owned(), ceiling_dbtp as f32);
    Some(Proposal {
        title: format!("Limit {} at {} dBTP", strip.name, decibels(ceiling_dbtp)),
        reason: format!(
            "Predicted on the master: the largest peak {} → {} dB over the usual one; its limiter has as much less to take away.",
            decibels(over_db),
            decibels(predicted_db)
        ),
        edits: vec![Edit::AddInsert { song: song.id, strip: strip.id, at: usize::MAX, insert }],
    })
}
