//! The renders of a match: the song is measured, moves are proposed, the song with them is measured, the curve is corrected by what it missed,
//! and the song is measured again, so that every figure is one of a render.

use session::Edit;
use session::analysis::Analysis;
use session::assist::decibels;
use session::assist::ledger::CRUSHED_PLR_LU;
use session::assist::matching::{self, Curve, Matched, Order, Plan, compression, spectrum, widths};
use session::model::Session;
use session::target;

use crate::import::Shelf;
use crate::store::StoreError;
use crate::trial::Trial;

/// Renders that are expected where the loudness is matched, for progress: before, with the moves, and the solver's, twice.
const EXPECTED_LIMITED: f32 = 8.0;
/// Without: before, with the moves, and with the corrected curve.
const EXPECTED: f32 = 3.0;

/// See the module's text.
///
/// # Errors
/// When audio cannot be read, or when it is no longer wanted.
pub async fn match_song(
    session: &Session,
    order: &Order,
    shelf: &mut impl Shelf,
    on_progress: impl FnMut(f32) -> bool,
) -> Result<Matched, StoreError> {
    let expected = if order.options.level { EXPECTED_LIMITED } else { EXPECTED };
    let mut trials = Trials { session, order, trial: Trial::new(order.song, shelf, on_progress, expected) };
    let before = trials.trial.measure(session).await?;
    if before.is_silent() {
        return Ok(Matched { plan: Plan::default(), after: before.clone(), before, notes: vec!["The song is silent.".to_owned()] });
    }
    let (plan, mut notes) = proposed(&before, order);
    let mut tried = trials.unlimited(plan, &before).await?;
    if order.options.level {
        let start_db = target::drive_db(session, order.song) + order.target.integrated_lufs - tried.after.integrated_lufs;
        match trials.reached(&tried.plan, start_db).await? {
            Some(limited) => tried = limited,
            None => notes.push(out_of_reach(order, &tried.after)),
        }
    }
    if order.options.tone {
        tried = trials.corrected(tried, &before).await?;
    }
    if tried.plan.loudness.is_some() && tried.after.plr_lu() < CRUSHED_PLR_LU {
        notes.push(crushed(&before, &tried.after));
    }
    Ok(Matched { plan: tried.plan, before, after: tried.after, notes })
}

/// The moves, but for the loudness, and why some of what is wanted is not among them.
fn proposed(before: &Analysis, order: &Order) -> (Plan, Vec<String>) {
    let (options, target) = (&order.options, &order.target);
    let mut notes = Vec::new();
    let bands = if options.tone { Curve::new(&spectrum(before), &target.critical_db, options).bands(before.rate_hz) } else { Vec::new() };
    let compression = options.dynamics.then(|| compression(before, target, options.amount)).and_then(|found| match found {
        Ok(compression) => Some(compression),
        Err(reason) => {
            notes.push(reason);
            None
        }
    });
    let widths = if options.width { widths(before, target, options.amount) } else { None };
    (Plan { bands, is_linear: options.is_linear, compression, widths, ..Plan::default() }, notes)
}

fn out_of_reach(order: &Order, with: &Analysis) -> String {
    format!(
        "{} LUFS under {} dBTP is out of the limiter’s reach: the song stays at {} LUFS.",
        decibels(order.target.integrated_lufs),
        decibels(order.peak_dbtp),
        decibels(with.integrated_lufs)
    )
}

fn crushed(before: &Analysis, after: &Analysis) -> String {
    format!(
        "The references’ loudness costs the song its peaks: they stand {} dB over the loudness, before it was {} dB.",
        decibels(after.plr_lu()),
        decibels(before.plr_lu())
    )
}

/// A plan, and what was measured of the song with it.
struct Tried {
    plan: Plan,
    after: Analysis,
}

struct Trials<'a, S, P> {
    session: &'a Session,
    order: &'a Order,
    trial: Trial<'a, S, P>,
}

impl<S: Shelf, P: FnMut(f32) -> bool> Trials<'_, S, P> {
    fn edit(&self, plan: &Plan) -> Option<Edit> {
        matching::edit(self.session, self.order.song, plan)
    }

    /// The song with the moves, whatever its loudness is then.
    async fn unlimited(&mut self, plan: Plan, as_before: &Analysis) -> Result<Tried, StoreError> {
        let edit = self.edit(&plan);
        let (_, after) = self.trial.with(self.session, edit, as_before).await?;
        Ok(Tried { plan, after })
    }

    /// The song with the moves, at the loudness that is wanted; `None` when the limiter does not reach it.
    async fn limited(&mut self, mut plan: Plan, start_db: f64) -> Result<Option<Tried>, StoreError> {
        plan.loudness = None;
        let mut moved = self.session.clone();
        if let Some(edit) = self.edit(&plan) {
            moved.apply(&edit).map_err(|error| StoreError::Broken(error.to_string()))?;
        }
        let reached = self.trial.reach(&moved, [self.order.target.integrated_lufs, self.order.peak_dbtp], start_db).await?;
        let Some((setting, after)) = reached else { return Ok(None) };
        plan.loudness = Some(setting);
        Ok(Some(Tried { plan, after }))
    }

    /// The same, with the limiter as dense as it gets where it does not reach the loudness as it is.
    async fn reached(&mut self, plan: &Plan, start_db: f64) -> Result<Option<Tried>, StoreError> {
        for is_dense in [false, true] {
            let mut plan = plan.clone();
            plan.is_dense = is_dense;
            if let Some(tried) = self.limited(plan, start_db).await? {
                return Ok(Some(tried));
            }
        }
        Ok(None)
    }

    /// The same with a curve that is corrected by what was missed, if that comes nearer.
    async fn corrected(&mut self, tried: Tried, before: &Analysis) -> Result<Tried, StoreError> {
        let mut curve = Curve::new(&spectrum(before), &self.order.target.critical_db, &self.order.options);
        let missed_db = curve.missed_db(&spectrum(&tried.after));
        curve.correct(&spectrum(&tried.after));
        let mut plan = tried.plan.clone();
        plan.bands = curve.bands(before.rate_hz);
        let again = match plan.loudness {
            Some(setting) => self.limited(plan, setting.drive_db).await?,
            None => Some(self.unlimited(plan, before).await?),
        };
        Ok(again.filter(|again| curve.missed_db(&spectrum(&again.after)) < missed_db).unwrap_or(tried))
    }
}
