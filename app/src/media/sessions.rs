//! Sessions: those that this browser keeps, and session files.

use session::file::to_json;
use session::model::Session;
use session::worker::{Answer, ComputeRequest, SessionEntry, StoreRequest};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::{Canceller, Job, MediaClient, MediaError, name_the_file, unexpected};

impl MediaClient {
    /// The sessions in this browser, the latest first.
    pub async fn list_sessions(&self) -> Result<Vec<SessionEntry>, MediaError> {
        match self.store(StoreRequest::ListSessions).await? {
            (Answer::Sessions(entries), _) => Ok(entries),
            _ => Err(unexpected()),
        }
    }

    /// Keeps a session; the old one is replaced whole or not at all.
    pub async fn save_session(&self, session: &Session) -> Result<(), MediaError> {
        let request = StoreRequest::SaveSession { json: to_json(session), now_ms: js_sys::Date::now() as u64 };
        self.store(request).await.map(|_| ())
    }

    /// A session of the list.
    pub async fn load_session(&self, id: &str) -> Result<Session, MediaError> {
        from_json(self.store(StoreRequest::LoadSession { id: id.to_string() }).await?.0)
    }

    /// Takes a session away, and the audio that no other session uses.
    pub async fn delete_session(&self, id: &str) -> Result<(), MediaError> {
        self.store(StoreRequest::DeleteSession { id: id.to_string() }).await.map(|_| ())
    }

    /// Takes the audio away that no kept session uses, once all that an earlier page left is kept.
    pub async fn collect(&self) -> Result<(), MediaError> {
        self.store(StoreRequest::Collect).await.map(|_| ())
    }

    /// One file that holds a session with its audio.
    pub fn save_archive(&self, session: &Session, on_progress: impl Fn(f32) + 'static) -> Job<File> {
        let (client, json) = (self.clone(), to_json(session));
        let canceller = Canceller::default();
        Job::new(canceller.clone(), async move {
            file_of(client.store_job(StoreRequest::SaveArchive { json }, Vec::new(), on_progress, &canceller).await?)
        })
    }

    /// Takes a session file's audio into the store; the session is not yet in the list.
    pub fn open_archive(&self, file: File, on_progress: impl Fn(f32) + 'static) -> Job<Session> {
        let (inner, canceller) = (self.0.clone(), Canceller::default());
        Job::new(canceller.clone(), async move {
            let beside = [JsValue::from(file.clone())];
            let reply = inner.pool.run(ComputeRequest::OpenArchive, &beside, &[], on_progress, &canceller).await;
            from_json(name_the_file(reply, &file.name())?.0)
        })
    }
}

pub(super) fn from_json(answer: Answer) -> Result<Session, MediaError> {
    let Answer::Session(json) = answer else { return Err(unexpected()) };
    session::file::from_json(&json).map(|opened| opened.session).map_err(|error| MediaError::new(error.to_string()))
}

fn file_of((_, beside): (Answer, JsValue)) -> Result<File, MediaError> {
    beside.dyn_into().map_err(|_| unexpected())
}
