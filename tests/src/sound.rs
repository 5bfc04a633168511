//! The page's sound as a test sees it: playing, the recording of what left the engine, exports, and what the engine says of itself.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use thirtyfour::Key;

use crate::page::Page;

/// Importing, opening or rendering on a busy machine.
pub const WORK: Duration = Duration::from_secs(240);
/// How long a transport that was stopped may take to be silent, and one that stands is watched.
const SETTLE: Duration = Duration::from_millis(300);

impl Page {
    /// Loads the page with this in its address; see `app/src/audio/trial.rs`.
    pub async fn open_with(&self, query: &str) {
        let address = format!("{}?{query}", self.url().trim_end_matches('/').to_owned() + "/");
        self.open_at(&address).await;
    }

    /// Opens a session file and waits until its console is there.
    pub async fn open_session(&self, file: &Path) {
        self.give_files("Open session file", &[file.to_path_buf()]).await;
        self.get_within(&[("group", "Master")], WORK).await;
    }

    /// Exports the song on show and closes the dialog again.
    pub async fn export(&self, depth: &str, dither: &str) -> PathBuf {
        self.click(&[("button", "Export")]).await;
        self.choose(&[("dialog", "Export"), ("combobox", "Bit depth")], depth).await;
        self.choose(&[("dialog", "Export"), ("combobox", "Dither")], dither).await;
        self.click(&[("dialog", "Export"), ("button", "Start export")]).await;
        let file = self.download(".wav", WORK).await;
        assert!(self.has(&[("dialog", "Export")]).await, "the report stays open");
        self.press(Key::Escape + "").await;
        self.gone(&[("dialog", "Export")]).await;
        file
    }

    /// A number that the page's diagnostics give.
    pub async fn diagnostic(&self, name: &str) -> f64 {
        let value = self.script("return window.headroomDiagnostics?.[arguments[0]]() ?? 0", &[json!(name)]).await;
        value.as_f64().unwrap_or_else(|| panic!("{name} is {value}"))
    }

    /// Starts audio: plays, waits for sound to run, and stops.
    pub async fn start_audio(&self) {
        self.click(&[("button", "Play")]).await;
        self.wait("the engine runs", WORK, async || self.diagnostic("workletMemoryBytes").await > 0.0).await;
        self.click(&[("button", "Stop")]).await;
    }

    /// Records from the next play on, with room for so many frames; the transport stands.
    pub async fn start_tap(&self, frames: usize) {
        self.wait("the transport stands", WORK, async || {
            self.script("window.headroomDiagnostics.startTap(arguments[0])", &[json!(frames)]).await;
            tokio::time::sleep(SETTLE).await;
            self.diagnostic("tappedFrames").await == 0.0
        })
        .await;
    }

    /// Waits until so many frames are recorded, and keeps the recording in the page.
    pub async fn finish_tap(&self, frames: usize, limit: Duration) {
        self.wait("the recording is long enough", limit, async || self.diagnostic("tappedFrames").await >= frames as f64).await;
        self.script("window.recording = window.headroomDiagnostics.stopTap()", &[]).await;
    }

    /// Fails with the first frame in which the recording, its first `skip` frames left out, is not `expected` (interleaved).
    pub async fn assert_recorded(&self, skip: usize, expected: &[f32]) {
        let digest = "const [skip, frames] = arguments;
            const part = window.recording.slice(2 * skip, 2 * (skip + frames));
            const hash = await crypto.subtle.digest('SHA-256', part);
            return { samples: part.length, hash: [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('') };";
        let is_same = async |frames: usize| -> bool {
            let found = self.async_script(digest, &[json!(skip), json!(frames)]).await;
            found == json!({ "samples": 2 * frames, "hash": hash(&expected[..2 * frames]) })
        };
        let frames = expected.len() / 2;
        if is_same(frames).await {
            return;
        }
        let (mut same, mut other) = (0, frames);
        while other - same > 1 {
            let middle = (same + other) / 2;
            if is_same(middle).await { same = middle } else { other = middle }
        }
        let heard = self.script("return [...window.recording.slice(arguments[0], arguments[0] + 2)]", &[json!(2 * (skip + same))]).await;
        panic!("Frame {same} of {frames} is {heard}, not {:?}.", &expected[2 * same..2 * same + 2]);
    }
}

fn hash(samples: &[f32]) -> Value {
    let mut hasher = Sha256::new();
    for chunk in samples.chunks(1 << 14) {
        hasher.update(chunk.iter().flat_map(|sample| sample.to_le_bytes()).collect::<Vec<u8>>());
    }
    json!(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}
