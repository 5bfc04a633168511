//! The sample store: sources by content hash, once, at their own rate and width; their twins at other rates; their peaks; the sessions.
//!
//! Interleaved samples lie raw in files of their own. It works over [`Files`]: a browser's private files, memory, or a folder.

mod error;
mod files;
mod meta;
mod native;
mod reader;
mod sessions;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::pin::pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use session::worker::PeaksData;

pub use error::StoreError;
pub use files::{Files, MemoryFiles, StoreFile};
use meta::{MetaName, analysis_name, peaks_name, samples_name};
pub use meta::{OUT, SESSIONS, SOURCES, SourceMeta, sample_bytes};
pub use native::FolderFiles;
pub use reader::{SourceReader, to_floats};

use crate::peaks;

/// Which file of a source bytes belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Part {
    /// Samples at the source's own rate.
    Own,
    /// Samples at another rate.
    Twin,
    /// Peaks.
    Peaks,
}

/// A source that is being written.
struct Draft {
    own: String,
    twin: String,
    files: HashMap<String, (Rc<dyn StoreFile>, u64)>,
    /// Files that somebody else writes.
    lent: Vec<String>,
}

impl Draft {
    fn file_name(&self, part: Part) -> String {
        match part {
            Part::Own => samples_name(&self.own),
            Part::Twin => samples_name(&self.twin),
            Part::Peaks => peaks_name(&self.own),
        }
    }
}

#[derive(Default)]
struct Entry {
    own: Option<String>,
    twins: BTreeMap<u32, String>,
}

/// See the module's text.
pub struct Store<F> {
    files: F,
    index: BTreeMap<String, Entry>,
    drafts: BTreeMap<u32, Draft>,
    /// Sources that something of this run refers to; they are not swept away.
    pinned: BTreeSet<String>,
    open: RefCell<HashMap<String, Weak<dyn StoreFile>>>,
    token: String,
    counter: u32,
}

impl<F: Files> Store<F> {
    /// Opens a store. `token` is a word that no other run uses: numbers of new files begin with it.
    ///
    /// # Errors
    /// When the files cannot be listed.
    pub async fn open(files: F, token: &str) -> Result<Self, StoreError> {
        let mut index: BTreeMap<String, Entry> = BTreeMap::new();
        for name in files.list(SOURCES).await?.iter().filter_map(|name| MetaName::parse(name)) {
            let entry = index.entry(name.hash).or_default();
            match name.rate_hz {
                0 => entry.own = Some(name.number),
                rate_hz => drop(entry.twins.insert(rate_hz, name.number)),
            }
        }
        let (drafts, pinned, open) = (BTreeMap::new(), BTreeSet::new(), RefCell::default());
        Ok(Self { files, index, drafts, pinned, open, token: token.to_string(), counter: 0 })
    }

    /// Takes away what an ended run left half-written, and everything on its way out. What another tab still uses stays.
    ///
    /// # Errors
    /// When the files cannot be listed.
    pub async fn sweep_drafts(&mut self) -> Result<(), StoreError> {
        let used: BTreeSet<&str> =
            self.index.values().flat_map(|entry| entry.own.iter().chain(entry.twins.values())).map(|n| &**n).collect();
        for name in self.files.list(SOURCES).await? {
            let is_data = [".pcm", ".peaks", ".analysis"].iter().any(|ending| name.ends_with(ending));
            let number = name.split('.').next().unwrap_or_default();
            if is_data && !used.contains(number) && !number.starts_with(&self.token) {
                self.files.remove(SOURCES, &name).await.ok();
            }
        }
        for name in self.files.list(OUT).await? {
            self.files.remove(OUT, &name).await.ok();
        }
        Ok(())
    }

    fn number(&mut self) -> String {
        self.counter += 1;
        format!("{}{:06}", self.token, self.counter)
    }

    /// Begins a source; the number names it until it is finished.
    pub fn begin(&mut self) -> u32 {
        let (own, twin) = (self.number(), self.number());
        let draft = self.counter;
        self.drafts.insert(draft, Draft { own, twin, files: HashMap::new(), lent: Vec::new() });
        draft
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// [`StoreError::Full`] and whatever else files say.
    pub async fn put(&mut self, draft: u32, part: Part, bytes: &[u8]) -> Result<(), StoreError> {
        let draft = self.drafts.get_mut(&draft).ok_or(StoreError::Cancelled)?;
        let name = draft.file_name(part);
        if !draft.files.contains_key(&name) {
            let made = self.files.open(SOURCES, &name, true).await?;
            let file = made.ok_or_else(|| StoreError::Failed("a file could not be made".into()))?;
            draft.files.insert(name.clone(), (file, 0));
        }
        let Some((file, at)) = draft.files.get_mut(&name) else { return Err(StoreError::Cancelled) };
        file.write_at(*at, bytes)?;
        *at += bytes.len() as u64;
        Ok(())
    }

    /// Leaves a part of a draft to the caller, who makes this file of [`SOURCES`], writes all of it and closes it before the draft is committed.
    ///
    /// # Errors
    /// [`StoreError::Cancelled`] when there is no such draft.
    pub fn lend(&mut self, draft: u32, part: Part) -> Result<String, StoreError> {
        let draft = self.drafts.get_mut(&draft).ok_or(StoreError::Cancelled)?;
        let name = draft.file_name(part);
        draft.lent.push(name.clone());
        Ok(name)
    }

    /// Makes a draft a source: its own samples if it has any, its twin at `twin_hz` if it has one. A source that is there already stays.
    ///
    /// # Errors
    /// Whatever files say; the draft is gone then.
    pub async fn commit(&mut self, draft: u32, meta: &SourceMeta, twin_hz: Option<u32>) -> Result<(), StoreError> {
        let taken = self.drafts.get(&draft).map(|draft| (draft.own.clone(), draft.twin.clone()));
        let (own, twin) = taken.ok_or(StoreError::Cancelled)?;
        let known = self.index.get(&meta.hash);
        let has_own = known.is_some_and(|entry| entry.own.is_some());
        let has_twin = twin_hz.is_some_and(|rate_hz| known.is_some_and(|entry| entry.twins.contains_key(&rate_hz)));
        if let Some(draft) = self.drafts.get(&draft) {
            draft.files.values().try_for_each(|(file, _)| file.flush())?;
        }
        if !has_own {
            self.describe(meta, 0, &own).await?;
        }
        if let (Some(rate_hz), false) = (twin_hz, has_twin) {
            self.describe(meta, rate_hz, &twin).await?;
        }
        self.pinned.insert(meta.hash.clone());
        self.abort(draft).await;
        Ok(())
    }

    /// Writes the description that makes files a source.
    async fn describe(&mut self, meta: &SourceMeta, rate_hz: u32, number: &str) -> Result<(), StoreError> {
        let name = MetaName { hash: meta.hash.clone(), rate_hz, number: number.to_string() };
        let json = serde_json::to_vec(meta).map_err(|error| StoreError::Failed(error.to_string()))?;
        if let Some(file) = self.files.open(SOURCES, &name.file_name(), true).await? {
            file.write_at(0, &json)?;
            file.flush()?;
        }
        let entry = self.index.entry(name.hash).or_default();
        match rate_hz {
            0 => entry.own = Some(name.number),
            rate_hz => drop(entry.twins.insert(rate_hz, name.number)),
        }
        Ok(())
    }

    /// Gives a draft up; files of it that became part of a source stay.
    pub async fn abort(&mut self, draft: u32) {
        let Some(draft) = self.drafts.remove(&draft) else { return };
        let names: Vec<String> = draft.files.keys().chain(&draft.lent).cloned().collect();
        drop(draft.files);
        for name in names {
            let number = name.split('.').next().unwrap_or_default();
            let is_used = |entry: &Entry| entry.own.iter().chain(entry.twins.values()).any(|used| used == number);
            if !self.index.values().any(is_used) {
                self.files.remove(SOURCES, &name).await.ok();
            }
        }
    }

    /// Whether a source can be played at a rate that is not its own.
    pub fn has_twin(&self, hash: &str, rate_hz: u32) -> bool {
        self.index.get(hash).is_some_and(|entry| entry.twins.contains_key(&rate_hz))
    }

    /// What a source is; `file_name` is for the sentence when it is not there.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub async fn meta(&mut self, hash: &str, file_name: &str) -> Result<SourceMeta, StoreError> {
        let missing = || StoreError::Missing(file_name.to_string());
        let number = self.index.get(hash).and_then(|entry| entry.own.clone()).ok_or_else(missing)?;
        let name = MetaName { hash: hash.to_string(), rate_hz: 0, number };
        let file = self.files.open(SOURCES, &name.file_name(), false).await?.ok_or_else(missing)?;
        let bytes = read_all(&*file)?;
        let meta: SourceMeta = serde_json::from_slice(&bytes).map_err(|_| missing())?;
        self.pinned.insert(meta.hash.clone());
        (meta.hash == hash && (1..=2).contains(&meta.channels) && meta.rate_hz > 0).then_some(meta).ok_or_else(missing)
    }

    /// A source's samples at its own rate, or at another one for which it has a twin.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::InUse`].
    pub async fn reader(&mut self, hash: &str, rate_hz: Option<u32>, file_name: &str) -> Result<SourceReader, StoreError> {
        let meta = self.meta(hash, file_name).await?;
        let rate_hz = rate_hz.filter(|rate_hz| *rate_hz != meta.rate_hz);
        let entry = self.index.get(hash);
        let number = entry.and_then(|entry| rate_hz.map_or(entry.own.as_ref(), |rate_hz| entry.twins.get(&rate_hz)));
        let name = samples_name(number.ok_or_else(|| StoreError::Missing(file_name.to_string()))?);
        let file = self.shared(&name).await?.ok_or_else(|| StoreError::Missing(file_name.to_string()))?;
        Ok(SourceReader::new(file, meta, rate_hz))
    }

    /// A file that several readers may have at once.
    async fn shared(&self, name: &str) -> Result<Option<Rc<dyn StoreFile>>, StoreError> {
        let known = self.open.borrow().get(name).and_then(Weak::upgrade);
        if known.is_some() {
            return Ok(known);
        }
        let opened = self.files.open(SOURCES, name, false).await?;
        let mut open = self.open.borrow_mut();
        open.retain(|_, file| file.strong_count() > 0);
        if let Some(file) = &opened {
            open.insert(name.to_string(), Rc::downgrade(file));
        }
        Ok(opened)
    }

    /// A source's waveform, its finest levels left out while it is larger than the page should hold.
    ///
    /// # Errors
    /// [`StoreError::Missing`].
    pub async fn peaks(&mut self, hash: &str) -> Result<PeaksData, StoreError> {
        let meta = self.meta(hash, "this source").await?;
        let number = self.index.get(hash).and_then(|entry| entry.own.clone());
        let missing = || StoreError::Missing("this source".into());
        let file = self.shared(&peaks_name(&number.ok_or_else(missing)?)).await?.ok_or_else(missing)?;
        peaks::read(&meta, |at, into| file.read_at(at, into))
    }

    /// A stretch of a source's waveform, frame by frame.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::InUse`].
    pub async fn close_up(&mut self, hash: &str, from: u64, frames: u32) -> Result<PeaksData, StoreError> {
        peaks::close_up(&mut self.reader(hash, None, "this source").await?, from, frames)
    }

    /// What was kept of a source's analysis, if anything was.
    ///
    /// # Errors
    /// Whatever files say.
    pub async fn analysis(&mut self, hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(number) = self.index.get(hash).and_then(|entry| entry.own.clone()) else { return Ok(None) };
        let file = self.files.open(SOURCES, &analysis_name(&number), false).await?;
        file.map(|file| read_all(&*file)).transpose()
    }

    /// Keeps a source's analysis beside its peaks; of a source that is not there nothing is kept.
    ///
    /// # Errors
    /// Whatever files say.
    pub async fn keep_analysis(&mut self, hash: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let Some(number) = self.index.get(hash).and_then(|entry| entry.own.clone()) else { return Ok(()) };
        let made = self.files.open(SOURCES, &analysis_name(&number), true).await?;
        let file = made.ok_or_else(|| StoreError::Failed("a file could not be made".into()))?;
        file.truncate(0)?;
        file.write_at(0, bytes)?;
        file.flush()
    }

    /// A new file on its way out, empty.
    ///
    /// # Errors
    /// Whatever files say.
    pub async fn out_file(&mut self) -> Result<(String, Rc<dyn StoreFile>), StoreError> {
        let name = self.number();
        let file = self.files.open(OUT, &name, true).await?.ok_or(StoreError::Full)?;
        Ok((name, file))
    }

    /// Takes a file on its way out away.
    pub async fn remove_out(&mut self, name: &str) {
        self.files.remove(OUT, name).await.ok();
    }

    /// Takes the sources away that no session uses and nothing of this run has touched.
    ///
    /// # Errors
    /// Whatever files say.
    pub async fn collect(&mut self) -> Result<(), StoreError> {
        let mut used = self.used_by_sessions().await?;
        used.extend(self.pinned.iter().cloned());
        let gone: Vec<String> = self.index.keys().filter(|hash| !used.contains(*hash)).cloned().collect();
        for hash in gone {
            let Some(entry) = self.index.remove(&hash) else { continue };
            let own = entry.own.map(|number| (0, number));
            for (rate_hz, number) in own.into_iter().chain(entry.twins) {
                let name = MetaName { hash: hash.clone(), rate_hz, number };
                // The description goes first: what is left after a crash is swept as a draft.
                self.files.remove(SOURCES, &name.file_name()).await?;
                self.files.remove(SOURCES, &name.samples()).await?;
                self.files.remove(SOURCES, &name.peaks()).await?;
                self.files.remove(SOURCES, &name.analysis()).await?;
            }
        }
        Ok(())
    }

    /// Bytes of a source's own samples.
    pub(crate) async fn source_bytes(&self, hash: &str) -> u64 {
        let Some(number) = self.index.get(hash).and_then(|entry| entry.own.clone()) else { return 0 };
        let file = self.shared(&samples_name(&number)).await;
        file.ok().flatten().and_then(|file| file.len().ok()).unwrap_or(0)
    }
}

/// A whole small file.
fn read_all(file: &dyn StoreFile) -> Result<Vec<u8>, StoreError> {
    let len = usize::try_from(file.len()?).map_err(|_| StoreError::Full)?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(len).map_err(|_| StoreError::Full)?;
    bytes.resize(len, 0);
    let read = file.read_at(0, &mut bytes)?;
    bytes.truncate(read);
    Ok(bytes)
}

/// Runs a future over files that are ready at once (memory, folders).
///
/// # Panics
/// When it has to wait for something, which such files never do.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("memory and folders never wait"),
    }
}
