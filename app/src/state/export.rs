//! Exports: a song rendered offline by the same worklet and written by the delivery.

use session::compile::{self, Purpose};
use session::feed::FeedPlan;
use session::model::{Range, Session, SongId};
use session::worker::Delivery;
use web_sys::File;

use super::Studio;
use crate::audio::{self, SongState};
use crate::media::Canceller;

/// What is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportRequest {
    /// The song.
    pub song: SongId,
    /// The part of it.
    pub range: Range,
    /// The file.
    pub delivery: Delivery,
    /// Whether solo is written too.
    pub as_soloed: bool,
}

impl ExportRequest {
    fn compiled(self, session: &Session) -> Option<audio::ExportRequest> {
        let song = session.song(self.song)?;
        let purpose = if self.as_soloed { Purpose::ExportAsSoloed } else { Purpose::Export };
        let state =
            SongState { rate_hz: song.rate_hz, snapshot: compile::snapshot(song, purpose), plan: FeedPlan::from_song(session, song) };
        Some(audio::ExportRequest {
            song: state,
            as_soloed: self.as_soloed,
            range: self.range,
            tail_frames: compile::LONGEST_TAIL_S * u64::from(song.rate_hz),
            delivery: self.delivery,
        })
    }
}

impl Studio {
    /// Writes a song into a file; `on_progress` is told how far it is, 0 to 1.
    ///
    /// # Errors
    /// Why it was not written, as a sentence.
    pub async fn export(self, request: ExportRequest, canceller: &Canceller, on_progress: impl Fn(f32) + 'static) -> Result<File, String> {
        let Some(request) = self.peek(|session| request.compiled(session)).flatten() else {
            return Err("The song is no longer in the session, so nothing was written.".to_owned());
        };
        self.stop();
        let Some(engine) = self.audio_engine().await else {
            return Err("Audio could not be started, so nothing was written.".to_owned());
        };
        let export = engine.export(request);
        let cancel = export.canceller();
        canceller.on_cancel(move || cancel.cancel());
        export.run(on_progress).await
    }
}
