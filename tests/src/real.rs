//! The assistant on real songs: its ledger, asked for twice, and what independent measurements say of it.

use std::fmt;

use session::assist::ledger::edit;
use session::assist::tone::even_slope;
use session::worker::Order;

use crate::confirm::{Confirmed, confirm};
use crate::kept::Kept;

/// What streaming places ask for.
const TARGET_LUFS: f64 = -14.0;
const PEAK_DBTP: f64 = -1.0;

/// What was found of a song.
#[derive(Clone, Debug)]
pub struct Assisted {
    /// What was measured independently.
    pub confirmed: Confirmed,
    /// The loudness and the true peak that were asked for.
    pub target_lufs: f64,
    /// See `target_lufs`.
    pub peak_dbtp: f64,
    /// Whether a second ledger was the same.
    pub is_same_twice: bool,
    /// What was left to the mix.
    pub refusals: Vec<String>,
}

impl Assisted {
    /// Whether the tone came nearer to the target's.
    pub fn is_nearer(&self) -> bool {
        self.confirmed.tone_db[1] < self.confirmed.tone_db[0]
    }

    /// Whether everything is as it is to be.
    pub fn is_right(&self) -> bool {
        let Confirmed { lines, lufs, peak_dbtp, .. } = &self.confirmed;
        let is_there = (lufs - self.target_lufs).abs() <= 0.1 && *peak_dbtp <= self.peak_dbtp + 0.05;
        is_there && lines.iter().all(crate::confirm::Line::is_confirmed) && self.is_nearer() && self.is_same_twice
    }
}

impl fmt::Display for Assisted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Confirmed { lines, lufs, peak_dbtp, tone_db: [before, after] } = &self.confirmed;
        let confirmed = lines.iter().filter(|line| line.is_confirmed()).count();
        let twice = if self.is_same_twice { "the same twice" } else { "NOT the same twice" };
        write!(
            out,
            "{lufs:.2} LUFS, {peak_dbtp:.2} dBTP, tone {before:.2} to {after:.2} dB, {confirmed} of {} lines confirmed, {twice}",
            lines.len()
        )?;
        self.refusals.iter().try_for_each(|refusal| write!(out, "; left to the mix: {refusal}"))
    }
}

/// Has the assistant bring a song to streaming's loudness and an even slope.
pub fn assisted(kept: &mut Kept, rate_hz: u32) -> Assisted {
    let order =
        Order { song: kept.song, target_lufs: TARGET_LUFS, peak_dbtp: PEAK_DBTP, tone: even_slope(), rows: Vec::new(), finds: true };
    let ledger = kept.assist(&order);
    // As text, in which figures that do not exist (NaN) are the same.
    let is_same_twice = format!("{ledger:?}") == format!("{:?}", kept.assist(&order));
    let mut session = kept.session.clone();
    if let Some(edit) = edit(&session, kept.song, &ledger.rows) {
        session.apply(&edit).expect("an edit that fits");
    }
    let [before, after] = [kept.session.clone(), session].map(|session| kept.render(&session));
    Assisted {
        confirmed: confirm(&ledger, &order.tone, [&before, &after], rate_hz),
        target_lufs: TARGET_LUFS,
        peak_dbtp: PEAK_DBTP,
        is_same_twice,
        refusals: ledger.refusals.into_iter().map(|refusal| refusal.sentence).collect(),
    }
}
