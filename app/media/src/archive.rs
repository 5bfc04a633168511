//! The session file: one ZIP, nothing compressed, with `session.json` and the audio of each source as `audio/<hash>.wav`.
//!
//! What is read is not believed: names must be the ones that are written here, sizes must lie within the file, and each source must have
//! the hash that it is named by.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::rc::Rc;

use session::archive::{DOCUMENT, audio_hash, audio_path};
use session::model::Session;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::decode::{ByteSource, Decoder, Window};
use crate::delivery::header;
use crate::import::{ImportFailure, Shelf, import};
use crate::store::{MemoryFiles, SourceReader, Store, StoreError, StoreFile, now};

/// Frames that are copied at a time.
const PIECE_FRAMES: usize = 1 << 16;
/// Largest document that is read: some millions of automation points.
const LARGEST_DOCUMENT_BYTES: u64 = 256 << 20;
/// Sources of less than this do not need ZIP64 sizes.
const SHORT_FILE_BYTES: u64 = 3 << 30;

/// A stored file as a stream.
struct Stream {
    file: Rc<dyn StoreFile>,
    position: u64,
}

fn as_io(error: StoreError) -> io::Error {
    io::Error::other(error)
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(self.position, into).map_err(as_io)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(self.position, bytes).map_err(as_io)?;
        self.position += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush().map_err(as_io)
    }
}

impl Seek for Stream {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let len = self.file.len().map_err(as_io)?;
        self.position = crate::decode::seek_to(self.position, len, to)?;
        Ok(self.position)
    }
}

fn written(error: impl Into<io::Error>) -> StoreError {
    let error: io::Error = error.into();
    match error.get_ref().and_then(|inner| inner.downcast_ref::<StoreError>()) {
        Some(inner) => inner.clone(),
        None => StoreError::Failed(error.to_string()),
    }
}

/// Writes a session file. `pause` is awaited between pieces, told how far it is, and says whether to go on.
///
/// # Errors
/// Whatever files say, or [`StoreError::Cancelled`].
pub async fn write(
    json: &[u8],
    sources: &[(String, SourceReader)],
    file: Rc<dyn StoreFile>,
    mut pause: impl AsyncFnMut(f32) -> bool,
) -> Result<(), StoreError> {
    file.truncate(0)?;
    let mut zip = ZipWriter::new(Stream { file, position: 0 });
    let stored = SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Stored);
    zip.start_file(DOCUMENT, stored).map_err(written)?;
    zip.write_all(json).map_err(written)?;
    let total: u64 = sources.iter().map(|(_, reader)| reader.frames()).sum();
    let mut done = 0;
    let mut bytes = Vec::new();
    for (hash, reader) in sources {
        let frame = (crate::store::sample_bytes(reader.format()) * usize::from(reader.channels())) as u64;
        let data_bytes = reader.frames() * frame;
        let options = stored.large_file(data_bytes > SHORT_FILE_BYTES);
        zip.start_file(audio_path(hash), options).map_err(written)?;
        zip.write_all(&header(reader.format(), reader.rate_hz(), reader.channels(), data_bytes)).map_err(written)?;
        let mut at = 0;
        while at < reader.frames() {
            reader.read_raw(at, PIECE_FRAMES, &mut bytes)?;
            if bytes.is_empty() {
                return Err(StoreError::Broken("A source’s audio is cut short in this browser’s store.".into()));
            }
            zip.write_all(&bytes).map_err(written)?;
            let frames = bytes.len() as u64 / frame;
            (at, done) = (at + frames, done + frames);
            if !pause(done as f32 / total.max(1) as f32).await {
                return Err(StoreError::Cancelled);
            }
        }
        if data_bytes & 1 == 1 {
            zip.write_all(&[0]).map_err(written)?;
        }
    }
    let mut stream = zip.finish().map_err(written)?;
    stream.flush().map_err(written)
}

/// Where something lies in the archive.
type Place = (u64, u64);

/// Where document and audio lie.
struct Contents {
    document: Place,
    audio: BTreeMap<String, Place>,
}

fn broken(file_name: &str, what: &str) -> StoreError {
    StoreError::Broken(format!("“{file_name}” is not a session file that can be opened: {what}."))
}

/// Reads the list of an archive and checks every line of it.
fn contents(source: &mut Box<dyn ByteSource>, file_name: &str) -> Result<Contents, StoreError> {
    let len = source.len();
    let mut zip = ZipArchive::new(source).map_err(|_| broken(file_name, "it is no archive, or cut short"))?;
    let (mut document, mut audio) = (None, BTreeMap::new());
    for index in 0..zip.len() {
        let entry = zip.by_index(index).map_err(|_| broken(file_name, "its list of contents is damaged"))?;
        if entry.compression() != CompressionMethod::Stored || entry.encrypted() {
            return Err(broken(file_name, "its contents are compressed, which Headroom’s are not"));
        }
        let start = entry.data_start().unwrap_or(u64::MAX);
        let place = (start, entry.size());
        if start.checked_add(entry.size()).is_none_or(|end| end > len) {
            return Err(broken(file_name, "its list of contents is damaged"));
        }
        let name = entry.name().map_err(|_| broken(file_name, "its list of contents is damaged"))?;
        let twice = match audio_hash(&name) {
            Some(hash) => audio.insert(hash.to_string(), place).is_some(),
            None if name == DOCUMENT => document.replace(place).is_some(),
            None => return Err(broken(file_name, "it holds something else than a session and its audio")),
        };
        if twice {
            return Err(broken(file_name, "it holds the same thing twice"));
        }
    }
    let document = document.ok_or_else(|| broken(file_name, "it has no document"))?;
    Ok(Contents { document, audio })
}

fn document(source: &mut Box<dyn ByteSource>, (start, len): Place, file_name: &str) -> Result<Session, StoreError> {
    if len > LARGEST_DOCUMENT_BYTES {
        return Err(broken(file_name, "its document is too large"));
    }
    let mut json = Vec::new();
    source.seek(SeekFrom::Start(start)).and_then(|_| source.take(len).read_to_end(&mut json)).map_err(written)?;
    session::file::from_json(&json).map(|opened| opened.session).map_err(|error| broken(file_name, &error.to_string()))
}

/// Takes a session file's audio into a store and gives its session back.
///
/// # Errors
/// A sentence that names the file and says what is wrong with it.
pub async fn open(
    mut source: Box<dyn ByteSource>,
    file_name: &str,
    shelf: &mut impl Shelf,
    mut on_progress: impl FnMut(f32) -> bool,
) -> Result<Session, StoreError> {
    let contents = contents(&mut source, file_name)?;
    let session = document(&mut source, contents.document, file_name)?;
    let total: u64 = contents.audio.values().map(|(_, len)| *len).sum();
    let mut done = 0;
    let shared = SharedSource::new(source);
    for wanted in &session.sources {
        let Some((start, len)) = contents.audio.get(&wanted.hash).copied() else {
            return Err(broken(file_name, &format!("the audio of “{}” is not in it", wanted.file_name)));
        };
        let window = Window::new(shared.clone(), start, len).boxed();
        let decoder = Decoder::open(window, &wanted.file_name).map_err(|error| StoreError::Broken(error.to_string()))?;
        let progress = |part: f32| on_progress((done as f32 + part * len as f32) / total.max(1) as f32);
        let imported = import(decoder, &wanted.file_name, None, shelf, progress).await.map_err(|failure| match failure {
            ImportFailure::Store { error, .. } => error,
            ImportFailure::File(error) => StoreError::Broken(error.to_string()),
        })?;
        if imported.hash != wanted.hash {
            return Err(broken(file_name, &format!("the audio of “{}” is damaged", wanted.file_name)));
        }
        done += len;
    }
    Ok(session)
}

/// A session file in memory stores, for native renders.
///
/// # Errors
/// As [`open`].
pub fn open_archive(source: Box<dyn ByteSource>, file_name: &str) -> Result<(Session, Store<MemoryFiles>), StoreError> {
    let mut store = now(Store::open(MemoryFiles::default(), "n"))?;
    let session = now(open(source, file_name, &mut store, |_| true))?;
    Ok((session, store))
}

/// One source under several windows, one after the other.
#[derive(Clone)]
struct SharedSource {
    inner: std::sync::Arc<std::sync::Mutex<Box<dyn ByteSource>>>,
    len: u64,
}

impl SharedSource {
    fn new(inner: Box<dyn ByteSource>) -> Self {
        let len = inner.len();
        Self { inner: std::sync::Arc::new(std::sync::Mutex::new(inner)), len }
    }

    fn with<T>(&self, action: impl FnOnce(&mut Box<dyn ByteSource>) -> io::Result<T>) -> io::Result<T> {
        action(&mut *self.inner.lock().map_err(|_| io::Error::other("the file is no longer readable"))?)
    }
}

impl Read for SharedSource {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.with(|source| source.read(into))
    }
}

impl Seek for SharedSource {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.with(|source| source.seek(to))
    }
}

impl ByteSource for SharedSource {
    fn len(&self) -> u64 {
        self.len
    }
}

/// A session file in memory, for tests and tools.
///
/// # Errors
/// As [`write`].
pub fn write_to_memory<F: crate::store::Files>(session: &Session, store: &mut Store<F>) -> Result<Cursor<Vec<u8>>, StoreError> {
    let json = serde_json::to_vec(session).map_err(|error| StoreError::Failed(error.to_string()))?;
    let mut sources = Vec::new();
    for source in &session.sources {
        sources.push((source.hash.clone(), now(store.reader(&source.hash, None, &source.file_name))?));
    }
    let (name, file) = now(store.out_file())?;
    now(write(&json, &sources, file.clone(), async |_| true))?;
    let mut bytes = vec![0; file.len()? as usize];
    file.read_at(0, &mut bytes)?;
    now(store.remove_out(&name));
    Ok(Cursor::new(bytes))
}
