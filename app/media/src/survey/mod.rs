//! A song rendered by the engine itself from the stored samples, faster than it plays, and measured: at every point of its mixer
//! ([`survey`]), or as its master leaves it ([`measure`], [`render`]).
//!
//! The same commands, feeder and processors as in a play or an export, so what is measured is what sounds. Solo is ignored, as in an export.

mod bands;
mod level;
mod pairs;
mod run;
mod watch;
mod windows;

use std::cell::RefCell;
use std::rc::Rc;

use session::analysis::Analysis;
use session::model::{Range, Session, Song, SongId};
use session::survey::{Survey, mean_of_slices};

use crate::analysis::Analyser;
use crate::import::Shelf;
use crate::store::StoreError;
use bands::{BandPowers, Bank};
use run::Run;
use watch::Watch;

/// Measures a song, or a stretch of it, at every point of its mixer; `on_progress` is told how far it is and says whether to go on.
///
/// # Errors
/// When audio cannot be read, or when it is no longer wanted.
pub async fn survey(
    session: &Session,
    song: SongId,
    range: Option<Range>,
    shelf: &mut impl Shelf,
    mut on_progress: impl FnMut(f32) -> bool,
) -> Result<Survey, StoreError> {
    let song = find(session, song)?;
    let range = range.unwrap_or_else(|| song.whole());
    let mut run = Run::new(session, song, range, shelf, &mut on_progress).await?;
    let watch = Rc::new(RefCell::new(Watch::new(song)));
    let watcher = watch.clone();
    run.engine.watch(Box::new(move |point, left, right| watcher.borrow_mut().take(point, left, right)));
    let (begins, ends) = (watch.clone(), watch.clone());
    let before = move |position| begins.borrow_mut().begin_block(position);
    run.run(shelf, &mut on_progress, before, move |_, _| ends.borrow_mut().end_block()).await?;
    let mut survey = watch.take().finish();
    (survey.rate_hz, survey.start, survey.frames) = (song.rate_hz, range.start, run.frames());
    for measured in &mut survey.strips {
        let clips = song.strip(measured.strip).map(|strip| strip.clips.as_slice()).unwrap_or_default();
        let mut sources: Vec<_> = clips.iter().map(|clip| clip.source).collect();
        sources.sort_unstable();
        sources.dedup();
        measured.clipped_runs = sources.into_iter().map(|source| run.clipped_runs(source)).sum();
    }
    Ok(survey)
}

/// Measures a song, or a stretch of it, as an export would hold it.
///
/// # Errors
/// When audio cannot be read, or when it is no longer wanted.
pub async fn measure(
    session: &Session,
    song: SongId,
    range: Option<Range>,
    shelf: &mut impl Shelf,
    on_progress: impl FnMut(f32) -> bool,
) -> Result<Analysis, StoreError> {
    render(session, song, range, shelf, on_progress, |_, _| {}).await
}

/// Renders and measures a song, or a stretch of it, as an export would hold it; `take` is given its two sides, piece by piece.
///
/// # Errors
/// When audio cannot be read, or when it is no longer wanted.
pub async fn render(
    session: &Session,
    song: SongId,
    range: Option<Range>,
    shelf: &mut impl Shelf,
    mut on_progress: impl FnMut(f32) -> bool,
    mut take: impl FnMut(&[f32], &[f32]),
) -> Result<Analysis, StoreError> {
    let song = find(session, song)?;
    let range = range.unwrap_or_else(|| song.whole());
    let mut run = Run::new(session, song, range, shelf, &mut on_progress).await?;
    let mut analyser = Analyser::new(song.rate_hz);
    let push = |engine: &dsp::engine::Engine, kept: std::ops::Range<usize>| {
        let (left, right) = engine.tap();
        let (left, right) = (&left[kept.clone()], &right[kept]);
        analyser.push(left, right);
        take(left, right);
    };
    run.run(shelf, &mut on_progress, |_| {}, push).await?;
    Ok(analyser.finish())
}

/// Frames that are taken in at once: less than half a window.
const PIECE_FRAMES: usize = 1_024;

/// Mean power of a whole sound in each critical band, as a strip's is measured.
pub fn critical_bands([left, right]: [&[f32]; 2], rate_hz: u32) -> Vec<f64> {
    let mut bank = Bank::new(f64::from(rate_hz));
    let mut bands = BandPowers::default();
    for (left, right) in left.chunks(PIECE_FRAMES).zip(right.chunks(PIECE_FRAMES)) {
        bands.push(&mut bank, left, right);
    }
    mean_of_slices(&bands.powers)
}

fn find(session: &Session, song: SongId) -> Result<&Song, StoreError> {
    session.song(song).ok_or_else(|| StoreError::Broken("The song is no longer in the session.".into()))
}
