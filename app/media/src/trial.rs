//! Trial renders of a song for the tools that propose: as it stands, with an edit, and with its limiter set so that it has a loudness. Each is
//! measured as an export would be.

use session::Edit;
use session::analysis::Analysis;
use session::model::{Session, SongId};
use session::target::{self, Setting, Solver, Step};

use crate::import::Shelf;
use crate::store::StoreError;
use crate::survey::measure;

/// See the module's text.
pub struct Trial<'a, S, P> {
    song: SongId,
    shelf: &'a mut S,
    on_progress: P,
    /// Renders that are expected, for progress, and those that are done.
    expected: f32,
    done: f32,
}

impl<'a, S: Shelf, P: FnMut(f32) -> bool> Trial<'a, S, P> {
    /// Of a song; `expected` renders are to come.
    pub fn new(song: SongId, shelf: &'a mut S, on_progress: P, expected: f32) -> Self {
        Self { song, shelf, on_progress, expected, done: 0.0 }
    }

    /// What the song measures.
    pub async fn measure(&mut self, session: &Session) -> Result<Analysis, StoreError> {
        let Self { song, shelf, on_progress, expected, done } = self;
        let told = |fraction: f32| on_progress((*done + fraction).min(*expected) / *expected);
        let analysis = measure(session, *song, None, *shelf, told).await?;
        self.done += 1.0;
        Ok(analysis)
    }

    /// The session with an edit, and what its song then measures.
    pub async fn with(&mut self, session: &Session, edit: Option<Edit>, as_before: &Analysis) -> Result<(Session, Analysis), StoreError> {
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

    /// The setting of the limiter with which the song has a loudness under a true peak, and what it then measures, from the drive at which to
    /// begin; `None` when nothing has it.
    pub async fn reach(
        &mut self,
        session: &Session,
        [target_lufs, peak_dbtp]: [f64; 2],
        start_db: f64,
    ) -> Result<Option<(Setting, Analysis)>, StoreError> {
        let mut solver = Solver::new(target_lufs, peak_dbtp, start_db);
        let mut tried: Vec<(Setting, Analysis)> = Vec::new();
        loop {
            let setting = match solver.step() {
                Step::Try(setting) => setting,
                Step::Reached(setting) => {
                    let found = tried.into_iter().find(|(tried, _)| *tried == setting);
                    return found.map(Some).ok_or_else(|| StoreError::Broken("The measured render is lost.".into()));
                }
                Step::OutOfReach(_) => return Ok(None),
            };
            let mut copy = session.clone();
            if let Some((edit, _)) = target::edit(session, self.song, setting) {
                copy.apply(&edit).map_err(|error| StoreError::Broken(error.to_string()))?;
            }
            let measured = self.measure(&copy).await?;
            solver.measured(setting, measured.integrated_lufs, measured.true_peak_dbtp);
            tried.retain(|(other, _)| *other != setting);
            tried.push((setting, measured));
        }
    }
}
