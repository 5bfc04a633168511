//! What many tests begin with: files brought in, a processor put into a chain, by the pointer.

use std::path::PathBuf;

use crate::page::{Page, Route};
use crate::sound::WORK;

impl Page {
    /// Adds audio files and waits until the sign of them is there and all are read.
    pub async fn bring_in(&self, files: &[PathBuf], sign: Route<'_>) {
        self.add_audio(files).await;
        self.get_within(sign, WORK).await;
        self.wait("the files are read", WORK, async || !self.has(&[("progressbar", "*")]).await).await;
    }

    /// Adds a processor to a strip, whose editor opens.
    pub async fn add_insert(&self, strip: &str, processor: &str) {
        self.click(&[("group", strip), ("button", "Add insert")]).await;
        self.click(&[("menuitem", processor)]).await;
        self.get(&[("region", &format!("{processor} on {strip}"))]).await;
    }
}
