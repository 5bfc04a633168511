//! The assistant's ledger: what is measured of a master, and the moves that are proposed for it, each with its reason, its amount, and the
//! figure that it changes before and after.
//!
//! Moves are ordinary processors at the end of the master's chain, before its limiter. Here is what is proposed and which edit does it; the figures
//! after are measured by `media::assistant`, which renders the song with the moves in it.

use dsp::protocol::StripId;
use serde::{Deserialize, Serialize};

use super::tone::{self, Band, Shape};
use super::{decibels, difference, number};
use crate::analysis::{Analysis, band_hz};
use crate::edit::Edit;
use crate::model::{Insert, Session, SongId, Strip};
use crate::target::{self, Setting};

/// An offset is one from here on, −54 dBFS.
const OFFSET: f64 = 0.002;
/// Lows are mono below this.
const MONO_BELOW_HZ: f32 = 110.0;
/// More of the lows' power than this in the side signal is heard in mono and on vinyl.
const WIDE_LOWS_SHARE: f64 = 0.05;
/// Tone moves do no more: what needs more belongs into the mix.
const TONE_LIMIT_DB: f64 = 4.0;
/// A move of less is not worth its line.
const LEAST_TONE_DB: f64 = 0.5;
/// Correlation below which a mix falls apart in mono.
pub const FALLS_APART: f64 = 0.0;
/// Peak to loudness ratio below which a song has been limited for good, LU.
pub const CRUSHED_PLR_LU: f64 = 7.0;
/// Excess over the target that an equalizer on the whole mix should not mend.
const TOO_MUCH_DB: f64 = 8.0;

/// A move.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Move {
    /// Takes a constant offset away.
    RemoveOffset,
    /// Makes the lows mono.
    MonoBelow(f32),
    /// A band of an equalizer.
    Tone(Band),
    /// The limiter: loudness under a true peak.
    Loudness {
        /// What it aims at.
        target_lufs: f64,
        /// The largest true peak.
        peak_dbtp: f64,
        /// The setting that was found by rendering.
        drive_db: f64,
        /// Its ceiling.
        ceiling_dbtp: f64,
    },
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The move.
    pub what: Move,
    /// How much of it, 0 to 1; nothing is left out of the chain.
    pub amount: f64,
    /// Its figure without any of the moves.
    pub before: f64,
    /// Its figure with all of the moves at their amounts.
    pub after: f64,
    /// Why.
    pub reason: String,
    /// Whether it is kept as it is when moves are proposed anew, or all amounts are changed.
    #[serde(default)]
    pub is_locked: bool,
}

/// What mastering cannot mend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// As a sentence.
    pub sentence: String,
    /// The strip in the mix to look at, where that is known.
    pub strip: Option<StripId>,
}

/// The whole ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// The moves, in the order of the chain.
    pub rows: Vec<Row>,
    /// What is left to the mix.
    pub refusals: Vec<Refusal>,
    /// The song as it was measured.
    pub before: Analysis,
    /// The song with the moves.
    pub after: Analysis,
    /// Distance of its tone to the target's before and after, dB.
    pub tone_db: [f64; 2],
}

impl Move {
    /// The processor's name.
    pub fn processor(&self) -> &'static str {
        let id = match self {
            Self::RemoveOffset => "utility",
            Self::MonoBelow(_) => "imager",
            Self::Tone(_) => "equalizer",
            Self::Loudness { .. } => "limiter",
        };
        dsp::processors::spec(id).map_or("", |spec| spec.name)
    }

    /// What it does, at an amount.
    pub fn title(&self, amount: f64) -> String {
        match self {
            Self::RemoveOffset => "Remove the constant offset".to_owned(),
            Self::MonoBelow(hz) => format!("Mono below {hz:.0} Hz"),
            Self::Tone(band) => {
                let shape = match band.shape {
                    Shape::LowShelf => "Low shelf",
                    Shape::Bell => "Bell",
                    Shape::HighShelf => "High shelf",
                };
                format!("{shape} {} dB at {}", difference(band.gain_db * amount), hertz(f64::from(band.frequency_hz)))
            }
            Self::Loudness { drive_db, ceiling_dbtp, .. } => {
                format!("Gain {} dB, ceiling {} dBTP", difference(*drive_db), decibels(*ceiling_dbtp))
            }
        }
    }

    /// A figure of it as it is read.
    pub fn figure(&self, value: f64) -> String {
        match self {
            Self::RemoveOffset => format!("{} %", number(value, 2)),
            Self::MonoBelow(_) => format!("{} %", number(value, 1)),
            Self::Tone(_) => format!("{} dB", difference(value)),
            Self::Loudness { .. } => format!("{} LUFS", decibels(value)),
        }
    }

    /// The figure that it changes, of a song.
    pub fn measure(&self, song: &Analysis, target: &[f64]) -> f64 {
        match self {
            Self::RemoveOffset => offset(song) * 100.0,
            Self::MonoBelow(hz) => wide_lows(song, f64::from(*hz)) * 100.0,
            Self::Tone(band) => tone::excess_at(band, &tone::spectrum(song), target),
            Self::Loudness { .. } => song.integrated_lufs,
        }
    }
}

fn hertz(hz: f64) -> String {
    if hz >= 1_000.0 { format!("{} kHz", number(hz / 1_000.0, 1)) } else { format!("{hz:.0} Hz") }
}

fn offset(song: &Analysis) -> f64 {
    song.dc[0].abs().max(song.dc[1].abs())
}

/// Share of the side signal in the power of the third octaves below a frequency.
fn wide_lows(song: &Analysis, below_hz: f64) -> f64 {
    let lows = song.bands.iter().enumerate().filter(|(band, _)| band_hz(*band) < below_hz);
    let (all, side) = lows.fold((0.0, 0.0), |(all, side), (_, band)| {
        let power = libm::pow(10.0, f64::from(band.level_db) / 10.0);
        (all + power, side + power * f64::from(band.width))
    });
    if all > 0.0 { side / all } else { 0.0 }
}

/// The moves for a song whose tone is to go towards `target`, without the loudness; their figures after are not known yet.
pub fn rows(song: &Analysis, target: &[f64]) -> Vec<Row> {
    let mut moves = Vec::new();
    if offset(song) >= OFFSET {
        moves.push((Move::RemoveOffset, format!("The song has a constant offset of {} % of full scale.", number(offset(song) * 100.0, 2))));
    }
    let own = tone::spectrum(song);
    let options = tone::Options { amount: 0.7, limit_db: TONE_LIMIT_DB, smoothing: 1 };
    for band in tone::bands(&own, target, song.rate_hz, &options).into_iter().filter(|band| band.gain_db.abs() >= LEAST_TONE_DB) {
        moves.push((Move::Tone(band), tone_reason(&band, &own, target)));
    }
    let lows = wide_lows(song, f64::from(MONO_BELOW_HZ));
    if lows >= WIDE_LOWS_SHARE {
        let reason = format!("{} % of the power below {MONO_BELOW_HZ:.0} Hz is in the side signal.", number(lows * 100.0, 1));
        moves.push((Move::MonoBelow(MONO_BELOW_HZ), reason));
    }
    let row = |(what, reason): (Move, String)| {
        let before = what.measure(song, target);
        Row { what, amount: 1.0, before, after: f64::NAN, reason, is_locked: false }
    };
    moves.into_iter().map(row).collect()
}

impl Move {
    /// Its place in the chain; two moves of one place are one move with other settings.
    fn place(&self) -> (u8, u8) {
        match self {
            Self::RemoveOffset => (0, 0),
            Self::Tone(band) => (1, band.number),
            Self::MonoBelow(_) => (2, 0),
            Self::Loudness { .. } => (3, 0),
        }
    }
}

/// What was found, with the locked rows of an earlier ledger in the places that they have.
pub fn keep_locked(found: Vec<Row>, earlier: &[Row]) -> Vec<Row> {
    let locked: Vec<&Row> = earlier.iter().filter(|row| row.is_locked).collect();
    let is_free = |row: &Row| locked.iter().all(|locked| locked.what.place() != row.what.place());
    let mut rows: Vec<Row> = found.into_iter().filter(is_free).chain(locked.iter().map(|row| (*row).clone())).collect();
    rows.sort_by_key(|row| row.what.place());
    rows
}

/// The session with one move and none of the others; `None` when the move does nothing at its amount.
pub fn only(session: &Session, song: SongId, row: &Row) -> Option<Session> {
    let mut alone = session.clone();
    alone.apply(&edit(session, song, std::slice::from_ref(row))?).ok()?;
    Some(alone)
}

fn tone_reason(band: &Band, own: &[f64], target: &[f64]) -> String {
    let excess = tone::excess_at(band, own, target);
    let side = if excess > 0.0 { "over" } else { "under" };
    let place = match band.shape {
        Shape::LowShelf => format!("Below {}", hertz(f64::from(band.frequency_hz))),
        Shape::Bell => format!("Around {}", hertz(f64::from(band.frequency_hz))),
        Shape::HighShelf => format!("Above {}", hertz(f64::from(band.frequency_hz))),
    };
    format!("{place} it is {} dB {side} the target.", decibels(excess.abs()))
}

/// What mastering cannot mend in a song.
pub fn refusals(song: &Analysis, target: &[f64]) -> Vec<Refusal> {
    let mut sentences = Vec::new();
    if song.is_silent() {
        return vec![Refusal { sentence: "The song is silent.".to_owned(), strip: None }];
    }
    if song.clipped_runs > 0 {
        sentences.push(format!(
            "Clipped in {} places before mastering: no processor brings the peaks back. Export the mix again with more headroom.",
            song.clipped_runs
        ));
    }
    if song.correlation < FALLS_APART {
        sentences.push(format!(
            "Left and right pull against each other (correlation {}): much of it is gone in mono. Look for a flipped channel in the mix.",
            number(song.correlation, 2)
        ));
    }
    if song.plr_lu() < CRUSHED_PLR_LU {
        sentences.push(format!(
            "Peaks stand only {} dB over the loudness: it has been limited already, and that cannot be undone here.",
            decibels(song.plr_lu())
        ));
    }
    let excess = tone::excess(&tone::spectrum(song), target);
    let worst =
        (0..excess.len()).max_by(|a, b| excess[*a].abs().total_cmp(&excess[*b].abs())).filter(|band| excess[*band].abs() > TOO_MUCH_DB);
    if let Some(band) = worst {
        let side = if excess[band] > 0.0 { "over" } else { "under" };
        sentences.push(format!(
            "At {} it is {} dB {side} the target: more than an equalizer on the whole mix should do.",
            hertz(band_hz(band)),
            decibels(excess[band].abs())
        ));
    }
    sentences.into_iter().map(|sentence| Refusal { sentence, strip: None }).collect()
}

/// The one edit that makes the moves; `None` when the song is gone or nothing is to be done.
pub fn edit(session: &Session, song: SongId, rows: &[Row]) -> Option<Edit> {
    let strip = session.song(song)?.master()?;
    let mut ids = session.ids();
    let at = place(strip);
    let mut edits = Vec::new();
    let mut add = |processor: &str, values: crate::model::Values| {
        let mut insert = Insert::new(&mut ids, processor);
        insert.values = values;
        edits.push(Edit::AddInsert { song, strip: strip.id, at: at + edits.len(), insert });
    };
    let chosen = || rows.iter().filter(|row| row.amount > 0.0);
    if chosen().any(|row| row.what == Move::RemoveOffset) {
        add("utility", [("remove_dc".to_owned(), 1.0)].into());
    }
    let scaled = chosen()
        .filter_map(|row| if let Move::Tone(band) = row.what { Some(Band { gain_db: band.gain_db * row.amount, ..band }) } else { None });
    let bands: Vec<Band> = scaled.collect();
    if !bands.is_empty() {
        add("equalizer", tone::values(&bands));
    }
    for row in chosen() {
        if let Move::MonoBelow(hz) = row.what {
            add("imager", mono_values(hz, row.amount));
        }
    }
    for row in chosen() {
        if let Move::Loudness { drive_db, ceiling_dbtp, .. } = row.what {
            edits = limited(session, song, edits, Setting { drive_db, ceiling_dbtp })?;
        }
    }
    (!edits.is_empty()).then_some(Edit::Batch(edits))
}

/// Edits, and the ones behind them that set a song's limiter; made on a copy with the first, so that a new limiter gets an id of its own.
pub(super) fn limited(session: &Session, song: SongId, mut edits: Vec<Edit>, setting: Setting) -> Option<Vec<Edit>> {
    let mut copy = session.clone();
    copy.apply(&Edit::Batch(edits.clone())).ok()?;
    edits.push(target::edit(&copy, song, setting)?.0);
    Some(edits)
}

/// Mono wholly, or the side signal of the lows by so much softer.
fn mono_values(hz: f32, amount: f64) -> crate::model::Values {
    let pairs = if amount >= 1.0 {
        vec![("mono_on", 1.0), ("mono_below", hz)]
    } else {
        vec![("bands", 1.0), ("split1", hz), ("width1", (100.0 * (1.0 - amount)) as f32)]
    };
    pairs.into_iter().map(|(id, value)| (id.to_owned(), value)).collect()
}

/// Before the chain's limiter, or at its end.
pub(super) fn place(strip: &Strip) -> usize {
    strip.inserts.iter().rposition(|insert| insert.processor == "limiter" && !insert.bypassed).unwrap_or(strip.inserts.len())
}

impl Ledger {
    /// As a text file.
    pub fn to_text(&self, title: &str) -> String {
        let mut text = format!("{title}\n\n");
        for row in &self.rows {
            let (before, after) = (row.what.figure(row.before), row.what.figure(row.after));
            let percent = (row.amount * 100.0).round();
            let locked = if row.is_locked { ", locked" } else { "" };
            text.push_str(&format!(
                "{}: {}\n  {}\n  {percent} %{locked}, {before} → {after}\n\n",
                row.what.processor(),
                row.what.title(row.amount),
                row.reason
            ));
        }
        for refusal in &self.refusals {
            text.push_str(&format!("Left to the mix: {}\n\n", refusal.sentence));
        }
        text.push_str(&format!(
            "Loudness {} → {} LUFS, true peak {} → {} dBTP, distance of the tone to the target {} → {} dB\n",
            decibels(self.before.integrated_lufs),
            decibels(self.after.integrated_lufs),
            decibels(self.before.true_peak_dbtp),
            decibels(self.after.true_peak_dbtp),
            number(self.tone_db[0], 2),
            number(self.tone_db[1], 2),
        ));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::stereo_session;

    fn row(what: Move, amount: f64, is_locked: bool) -> Row {
        Row { what, amount, before: 0.0, after: 0.0, reason: String::new(), is_locked }
    }

    fn tone(number: u8, gain_db: f64) -> Move {
        Move::Tone(Band { number, shape: Shape::Bell, frequency_hz: 1_000.0, q: 1.0, gain_db })
    }

    #[test]
    fn locked_rows_stand_in_the_places_of_what_is_found_anew_and_others_give_way() {
        let earlier = [row(tone(2, -1.0), 0.4, true), row(tone(3, -3.0), 0.5, false), row(Move::MonoBelow(110.0), 0.7, true)];
        let found = vec![row(Move::RemoveOffset, 1.0, false), row(tone(2, -2.0), 1.0, false), row(tone(5, 1.0), 1.0, false)];
        let kept = keep_locked(found.clone(), &earlier);
        let wanted = [found[0].clone(), earlier[0].clone(), found[2].clone(), earlier[2].clone()];
        assert_eq!(kept, wanted);
        assert_eq!(keep_locked(found.clone(), &[]), found);
    }

    #[test]
    fn a_step_alone_has_the_processors_of_no_other() {
        let (session, song) = stereo_session();
        let limiter = Move::Loudness { target_lufs: -14.0, peak_dbtp: -1.0, drive_db: 4.0, ceiling_dbtp: -1.0 };
        let rows =
            [row(Move::RemoveOffset, 1.0, false), row(tone(2, -2.0), 0.5, false), row(tone(4, 3.0), 1.0, false), row(limiter, 1.0, false)];
        let chain = |session: &Session| {
            let master = session.song(song).and_then(|song| song.master()).expect("a master");
            master.inserts.clone()
        };
        let alone = chain(&only(&session, song, &rows[1]).expect("a state"));
        assert_eq!(alone.iter().map(|insert| insert.processor.as_str()).collect::<Vec<_>>(), ["equalizer"]);
        assert_eq!([alone[0].values["band2_gain"], alone[0].values["band4_on"]], [-1.0, 0.0]);
        let limited = chain(&only(&session, song, &rows[3]).expect("a state"));
        assert_eq!(limited.iter().map(|insert| insert.processor.as_str()).collect::<Vec<_>>(), ["limiter"]);
        assert!(only(&session, song, &row(tone(2, -2.0), 0.0, false)).is_none(), "nothing is heard of a move at 0 %");
    }
}
