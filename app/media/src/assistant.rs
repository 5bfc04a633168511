//! The assistant's renders: the song is measured, moves are proposed, and the song with the moves is measured again, so that every figure of
//! the ledger is one of a render. The loudness comes last, by the solver.

use session::Edit;
use session::analysis::Analysis;
use session::assist::ledger::{self, Ledger, Move, Refusal, Row};
use session::assist::{decibels, difference, number, tone};
use session::model::{Session, SongId};
use session::target::{self, Setting, Solver, Step};
use session::worker::Order;

use crate::import::Shelf;
use crate::store::StoreError;
use crate::survey::measure;

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
    let mut renders = Renders { song: order.song, shelf, on_progress, done: 0.0 };
    let before = renders.measure(session).await?;
    let refusals = ledger::refusals(&before, &order.tone);
    let found = if before.is_silent() || !order.finds { Vec::new() } else { ledger::rows(&before, &order.tone) };
    let mut rows = if order.finds { ledger::keep_locked(found, &order.rows) } else { order.rows.clone() };
    rows.retain(|row| row.is_locked || !is_loudness(row));
    let (moved, mut after) = renders.with(session, ledger::edit(session, order.song, &rows), &before).await?;
    let mut made = Ledger { rows, refusals, tone_db: [0.0; 2], after: after.clone(), before };
    if !made.before.is_silent() && !made.rows.iter().any(is_loudness) {
        let (row, limited) = renders.loudness(&moved, order, &after).await?;
        match row {
            Ok(row) => made.rows.push(row),
            Err(refusal) => made.refusals.push(refusal),
        }
        after = limited;
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

struct Renders<'a, S, P> {
    song: SongId,
    shelf: &'a mut S,
    on_progress: P,
    done: f32,
}

impl<S: Shelf, P: FnMut(f32) -> bool> Renders<'_, S, P> {
    async fn measure(&mut self, session: &Session) -> Result<Analysis, StoreError> {
        let Self { song, shelf, on_progress, done } = self;
        let told = |fraction: f32| on_progress((*done + fraction).min(EXPECTED_RENDERS) / EXPECTED_RENDERS);
        let analysis = measure(session, *song, None, *shelf, told).await?;
        self.done += 1.0;
        Ok(analysis)
    }

    /// The session with an edit, and what its song then measures.
    async fn with(&mut self, session: &Session, edit: Option<Edit>, as_before: &Analysis) -> Result<(Session, Analysis), StoreError> {
        let mut copy = session.clone();
        match edit {
            None => Ok((copy, as_before.clone())),
            Some(edit) => {
                copy.apply(&edit).map_err(|error| StoreError::Broken(error.to_string()))?;
                let measured = self.measure(&copy).await?;
                Ok((copy, measured))
            }
        }
    }

    /// The row of the loudness, and the song with it; or why there is none.
    async fn loudness(
        &mut self,
        session: &Session,
        order: &Order,
        from: &Analysis,
    ) -> Result<(Result<Row, Refusal>, Analysis), StoreError> {
        let start = target::drive_db(session, self.song) + order.target_lufs - from.integrated_lufs;
        let mut solver = Solver::new(order.target_lufs, order.peak_dbtp, start);
        let mut tried: Vec<(Setting, Analysis)> = Vec::new();
        loop {
            let setting = match solver.step() {
                Step::Try(setting) => setting,
                Step::Reached(setting) => {
                    let found = tried.into_iter().find(|(tried, _)| *tried == setting);
                    let (_, after) = found.ok_or_else(|| StoreError::Broken("The measured render is lost.".into()))?;
                    return Ok((Ok(row(order, setting, from, &after)), after));
                }
                Step::OutOfReach(_) => return Ok((Err(out_of_reach(order, from)), from.clone())),
            };
            let edit = target::edit(session, self.song, setting).map(|(edit, _)| edit);
            let (_, measured) = self.with(session, edit, from).await?;
            solver.measured(setting, measured.integrated_lufs, measured.true_peak_dbtp);
            tried.retain(|(other, _)| *other != setting);
            tried.push((setting, measured));
        }
    }
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
