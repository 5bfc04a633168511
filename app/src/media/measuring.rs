//! Whole songs measured by renders that play nowhere, what is proposed for them, and what a codec makes of them.

use js_sys::{Array, Float32Array, Uint8Array};
use session::analysis::Analysis;
use session::assist::ledger::Ledger;
use session::assist::matching::{self, Matched};
use session::codec::Checked;
use session::file::to_json;
use session::model::{Range, Session, SongId};
use session::survey::Survey;
use session::worker::{Answer, ComputeRequest, Order};
use wasm_bindgen::JsCast;

use super::{Canceller, Job, MediaClient, unexpected};

/// Two sides, whole.
pub type Planes = [Float32Array; 2];

/// A master before and behind a codec, at the song's rate and in step; and the encoded file, where there is one.
pub struct CodedSong {
    /// The master.
    pub master: Planes,
    /// What its listeners hear.
    pub decoded: Planes,
    /// The file's bytes.
    pub file: Option<Uint8Array>,
}

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

    /// A song matched to references.
    pub fn match_song(&self, session: &Session, order: matching::Order, on_progress: impl Fn(f32) + 'static) -> Job<Matched> {
        let request = ComputeRequest::Match { json: to_json(session), order };
        self.compute(request, Vec::new(), on_progress, |answer| if let Answer::Matched(matched) = answer { Some(*matched) } else { None })
    }

    /// A song, or a stretch of it, as an export holds it: what it measures, and its sides.
    pub fn render(
        &self,
        session: &Session,
        song: SongId,
        range: Option<Range>,
        on_progress: impl Fn(f32) + 'static,
    ) -> Job<(Analysis, Planes)> {
        self.large(ComputeRequest::Render { json: to_json(session), song, range }, on_progress, |answer, beside| match answer {
            Answer::Rendered(analysis) => Some((*analysis, planes(beside, 0)?)),
            _ => None,
        })
    }

    /// A song sent through a codec and back.
    pub fn check(&self, session: &Session, song: SongId, codec: &str, on_progress: impl Fn(f32) + 'static) -> Job<(Checked, CodedSong)> {
        let request = ComputeRequest::Check { json: to_json(session), song, codec: codec.to_owned() };
        self.large(request, on_progress, |answer, beside| match answer {
            Answer::Checked(checked) => {
                let (master, decoded, file) = (planes(beside, 0)?, planes(beside, 2)?, beside.get(4).dyn_into().ok());
                Some((*checked, CodedSong { master, decoded, file }))
            }
            _ => None,
        })
    }

    /// For each of [`session::codec::CODECS`] whether this browser can encode with it.
    pub fn codecs(&self) -> Job<Vec<bool>> {
        let take = |answer| if let Answer::Codecs(supported) = answer { Some(supported) } else { None };
        self.compute(ComputeRequest::Codecs, Vec::new(), |_| {}, take)
    }

    /// A request whose answer brings audio along.
    fn large<T: 'static>(
        &self,
        request: ComputeRequest,
        on_progress: impl Fn(f32) + 'static,
        take: impl Fn(Answer, &Array) -> Option<T> + 'static,
    ) -> Job<T> {
        let (inner, canceller) = (self.0.clone(), Canceller::default());
        Job::new(canceller.clone(), async move {
            let (answer, beside) = inner.pool.run(request, &[], &[], on_progress, &canceller).await?;
            let beside: Array = beside.dyn_into().map_err(|_| unexpected())?;
            take(answer, &beside).ok_or_else(unexpected)
        })
    }
}

/// The two sides that begin at a place of what came beside an answer.
fn planes(beside: &Array, at: u32) -> Option<Planes> {
    Some([beside.get(at).dyn_into().ok()?, beside.get(at + 1).dyn_into().ok()?])
}
