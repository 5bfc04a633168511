//! The assistant's renders: the song is measured, moves are proposed, and the song with the moves is measured again, so that every figure of
//! the ledger is one of a render. The loudness comes last, by the solver.

use session::analysis::Analysis;
use session::assist::ledger::{self, Ledger, Move, Refusal, Row};
use session::assist::{decibels, difference, number, tone};
use session::model::Session;
use session::target::{self, Setting};
use session::worker::Order;

use crate::import::Shelf;
use crate::store::StoreError;
use crate::trial::Trial;

/// Renders that are expected, for progress: before, with the moves, and the solver's.
const EXPECTED_RENDERS: f32 = 6.0;

/// See the module's text.
///
/// # Errors
/// When audio cannot be read, or when it is no longer wanted.
pub async fn assist(
    session: &Session,
    order: &Order,
    shelf: &mut impl Shelf,
    on_progress: impl FnMut(f32) -> bool,
) -> Result<Ledger, StoreError> {
    let mut trial = Trial::new(order.song, shelf, on_progress, EXPECTED_RENDERS);
    let before = trial.measure(session).await?;
    let refusals = ledger::refusals(&before, &order.tone);
    let found = if before.is_silent() || !order.finds { Vec::new() } else { ledger::rows(&before, &order.tone) };
    let mut rows = if order.finds { ledger::keep_locked(found, &order.rows) } else { order.rows.clone() };
    rows.retain(|row| row.is_locked || !is_loudness(row));
    let (moved, mut after) = trial.with(session, ledger::edit(session, order.song, &rows), &before).await?;
    let mut made = Ledger { rows, refusals, tone_db: [0.0; 2], after: after.clone(), before };
    if !made.before.is_silent() && !made.rows.iter().any(is_loudness) {
        let start_db = target::drive_db(&moved, order.song) + order.target_lufs - after.integrated_lufs;
        match trial.reach(&moved, [order.target_lufs, order.peak_dbtp], start_db).await? {
            Some((setting, limited)) => {
                made.rows.push(row(order, setting, &after, &limited));
                after = limited;
            }
            None => made.refusals.push(out_of_reach(order, &after)),
        }
    }
    for row in &mut made.rows {
        (row.before, row.after) = (row.what.measure(&made.before, &order.tone), row.what.measure(&after, &order.tone));
    }
    made.tone_db = [&made.before, &after].map(|song| tone::distance_db(&tone::spectrum(song), &order.tone));
    made.after = after;
    Ok(made)
}

fn is_loudness(row: &Row) -> bool {
    matches!(row.what, Move::Loudness { .. })
}

fn row(order: &Order, setting: Setting, from: &Analysis, after: &Analysis) -> Row {
    let (target_lufs, peak_dbtp) = (order.target_lufs, order.peak_dbtp);
    let reason = format!(
        "{} LU to the target of {} LUFS under {} dBTP; peaks over loudness go from {} to {} dB.",
        difference(target_lufs - from.integrated_lufs),
        decibels(target_lufs),
        decibels(peak_dbtp),
        number(from.plr_lu(), 1),
        number(after.plr_lu(), 1)
    );
    let what = Move::Loudness { target_lufs, peak_dbtp, drive_db: setting.drive_db, ceiling_dbtp: setting.ceiling_dbtp };
    Row { what, amount: 1.0, before: from.integrated_lufs, after: after.integrated_lufs, reason, is_locked: false }
}

fn out_of_reach(order: &Order, from: &Analysis) -> Refusal {
    let sentence = format!(
        "{} LUFS is out of the limiter’s reach from {} LUFS. Choose a softer target, or make the mix denser.",
        decibels(order.target_lufs),
        decibels(from.integrated_lufs)
    );
    Refusal { sentence, strip: None }
}
