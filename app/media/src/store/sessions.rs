//! Sessions in the store: each in two slots, written in turn, so that the last good one is whole whatever happens.
//!
//! A slot is one line of JSON (the list needs no more), then the session's JSON. The newest slot whose length is what its line says counts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use session::archive::is_session_id;
use session::model::Session;
use session::worker::SessionEntry;
use sha2::{Digest, Sha256};

use super::{Files, SESSIONS, Store, StoreError, StoreFile, read_all};

/// Endings of the two slots.
const SLOTS: [&str; 2] = ["a", "b"];
/// The line is looked for in so many bytes.
const LINE_BYTES: usize = 4096;
/// Longest name in the line.
const NAME_CHARS: usize = 200;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Line {
    /// Counts the saves: the higher one is newer.
    turn: u64,
    name: String,
    saved_ms: u64,
    sources: u32,
    audio_bytes: u64,
    json_bytes: u64,
    sha256: String,
}

fn digest(json: &[u8]) -> String {
    Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The line of a slot and where the JSON starts, if the slot is as long as its line says.
fn line(file: &dyn StoreFile) -> Option<(Line, u64)> {
    let mut start = [0; LINE_BYTES];
    let read = file.read_at(0, &mut start).ok()?;
    let end = start[..read].iter().position(|byte| *byte == b'\n')?;
    let line: Line = serde_json::from_slice(&start[..end]).ok()?;
    let json_at = end as u64 + 1;
    (file.len().ok()? == json_at + line.json_bytes).then_some((line, json_at))
}

impl<F: Files> Store<F> {
    async fn lines(&self, id: &str) -> Result<[Option<Line>; 2], StoreError> {
        let mut lines = [None, None];
        for (slot, found) in SLOTS.iter().zip(&mut lines) {
            let file = self.files.open(SESSIONS, &format!("{id}.{slot}"), false).await?;
            *found = file.and_then(|file| line(&*file)).map(|(line, _)| line);
        }
        Ok(lines)
    }

    /// Keeps a session in the slot that does not hold the newest one.
    ///
    /// # Errors
    /// [`StoreError::Broken`] when it is no session, and whatever files say.
    pub async fn save_session(&mut self, json: &[u8], now_ms: u64) -> Result<(), StoreError> {
        let session: Session =
            serde_json::from_slice(json).map_err(|error| StoreError::Broken(format!("The session cannot be kept: {error}.")))?;
        if !is_session_id(&session.id) {
            return Err(StoreError::Broken("The session has no usable id.".into()));
        }
        let lines = self.lines(&session.id).await?;
        let turns = lines.map(|line| line.map_or(0, |line| line.turn));
        let slot = usize::from(turns[0] > turns[1]);
        let mut audio_bytes = 0;
        for source in &session.sources {
            audio_bytes += self.source_bytes(&source.hash).await;
        }
        let line = Line {
            turn: turns[0].max(turns[1]) + 1,
            name: session.name.chars().take(NAME_CHARS).collect(),
            saved_ms: now_ms,
            sources: session.sources.len() as u32,
            audio_bytes,
            json_bytes: json.len() as u64,
            sha256: digest(json),
        };
        let mut bytes = serde_json::to_vec(&line).map_err(|error| StoreError::Failed(error.to_string()))?;
        bytes.push(b'\n');
        bytes.extend_from_slice(json);
        let file = self.files.open(SESSIONS, &format!("{}.{}", session.id, SLOTS[slot]), true).await?.ok_or(StoreError::Full)?;
        file.truncate(0)?;
        file.write_at(0, &bytes)?;
        file.flush()
    }

    /// A session's JSON: the newest slot that is whole.
    ///
    /// # Errors
    /// [`StoreError::NoSession`].
    pub async fn load_session(&mut self, id: &str) -> Result<Vec<u8>, StoreError> {
        if !is_session_id(id) {
            return Err(StoreError::NoSession);
        }
        let mut found: Vec<(u64, Vec<u8>)> = Vec::new();
        for slot in SLOTS {
            let Some(file) = self.files.open(SESSIONS, &format!("{id}.{slot}"), false).await? else { continue };
            let Some((line, json_at)) = line(&*file) else { continue };
            let json = read_all(&*file)?.split_off(json_at as usize);
            if digest(&json) == line.sha256 {
                found.push((line.turn, json));
            }
        }
        let newest = found.into_iter().max_by_key(|(turn, _)| *turn);
        newest.map(|(_, json)| json).ok_or(StoreError::NoSession)
    }

    /// All sessions, the latest first.
    ///
    /// # Errors
    /// Whatever files say.
    pub async fn list_sessions(&self) -> Result<Vec<SessionEntry>, StoreError> {
        let mut entries = Vec::new();
        for id in self.session_ids().await? {
            let newest = self.lines(&id).await?.into_iter().flatten().max_by_key(|line| line.turn);
            if let Some(Line { name, saved_ms, sources, audio_bytes: bytes, .. }) = newest {
                entries.push(SessionEntry { id, name, saved_ms, bytes, sources });
            }
        }
        entries.sort_by(|a, b| b.saved_ms.cmp(&a.saved_ms).then_with(|| a.id.cmp(&b.id)));
        Ok(entries)
    }

    /// Takes a session away, and the audio that nothing else uses.
    ///
    /// # Errors
    /// Whatever files say.
    pub async fn delete_session(&mut self, id: &str) -> Result<(), StoreError> {
        if let Ok(json) = self.load_session(id).await {
            for hash in hashes(&json)? {
                self.pinned.remove(&hash);
            }
        }
        if is_session_id(id) {
            for slot in SLOTS {
                self.files.remove(SESSIONS, &format!("{id}.{slot}")).await?;
            }
        }
        self.collect().await
    }

    async fn session_ids(&self) -> Result<BTreeSet<String>, StoreError> {
        let names = self.files.list(SESSIONS).await?;
        let id = |name: &String| name.rsplit_once('.').map(|(id, _)| id.to_string());
        Ok(names.iter().filter_map(id).filter(|id| is_session_id(id)).collect())
    }

    /// Hashes that any session refers to.
    ///
    /// # Errors
    /// When a session cannot be read: then nothing may be swept away.
    pub(super) async fn used_by_sessions(&mut self) -> Result<BTreeSet<String>, StoreError> {
        let mut used = BTreeSet::new();
        for id in self.session_ids().await? {
            match self.load_session(&id).await {
                Ok(json) => used.extend(hashes(&json)?),
                Err(StoreError::NoSession) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(used)
    }
}

/// The hashes that a session of any version refers to.
fn hashes(json: &[u8]) -> Result<Vec<String>, StoreError> {
    #[derive(Deserialize)]
    struct Named {
        hash: String,
    }
    #[derive(Deserialize)]
    struct Sources {
        sources: Vec<Named>,
    }
    let broken = |error| StoreError::Broken(format!("A session cannot be read: {error}."));
    let parsed: Sources = serde_json::from_slice(json).map_err(broken)?;
    Ok(parsed.sources.into_iter().map(|source| source.hash).collect())
}
