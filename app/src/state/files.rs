//! Files: session files, audio to be imported, the demo.

use web_sys::File;

use super::Studio;

impl Studio {
    /// Writes session and audio into one file and hands it to the browser as a download.
    pub fn save_session_file(self) {}

    /// Opens a file that [`Studio::save_session_file`] wrote.
    pub fn open_session_file(self, file: File) {
        let _ = file;
    }
}
