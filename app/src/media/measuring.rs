//! Whole songs measured by renders that play nowhere, and what is proposed for them.

use session::assist::ledger::Ledger;
use session::file::to_json;
use session::model::{Session, SongId};
use session::survey::Survey;
use session::worker::{Answer, ComputeRequest, Order};

use super::{Job, MediaClient};

impl MediaClient {
    /// What a song measures at every point of its mixer, by a render of its own that plays nowhere.
    pub fn survey(&self, session: &Session, song: SongId, on_progress: impl Fn(f32) + 'static) -> Job<Survey> {
        let request = ComputeRequest::Survey { json: to_json(session), song, range: None };
        self.compute(request, Vec::new(), on_progress, |answer| if let Answer::Survey(survey) = answer { Some(*survey) } else { None })
    }

    /// The assistant's ledger for a song.
    pub fn assist(&self, session: &Session, order: Order, on_progress: impl Fn(f32) + 'static) -> Job<Ledger> {
        let request = ComputeRequest::Assist { json: to_json(session), order };
        self.compute(request, Vec::new(), on_progress, |answer| if let Answer::Ledger(ledger) = answer { Some(*ledger) } else { None })
    }
}
