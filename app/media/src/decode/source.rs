//! Bytes of a file, wherever they are: natively a file, in a worker slices of a browser's File.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use symphonia::core::io::MediaSource;

/// Bytes that can be read from anywhere, with a known length.
pub trait ByteSource: Read + Seek + Send + Sync {
    /// How many there are.
    fn len(&self) -> u64;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl ByteSource for Box<dyn ByteSource> {
    fn len(&self) -> u64 {
        (**self).len()
    }
}

/// Bytes in memory.
pub type MemorySource = Cursor<Vec<u8>>;

impl ByteSource for MemorySource {
    fn len(&self) -> u64 {
        self.get_ref().len() as u64
    }
}

impl ByteSource for std::fs::File {
    fn len(&self) -> u64 {
        self.metadata().map_or(0, |metadata| metadata.len())
    }
}

/// A stretch of other bytes, seen as if it were all.
pub struct Window<S> {
    inner: S,
    start: u64,
    len: u64,
    position: u64,
}

impl<S: ByteSource> Window<S> {
    /// The bytes from `start`, at most `len` and what there is.
    pub fn new(inner: S, start: u64, len: u64) -> Self {
        let start = start.min(inner.len());
        let len = len.min(inner.len() - start);
        Self { inner, start, len, position: 0 }
    }

    /// As any other source.
    pub fn boxed(self) -> Box<dyn ByteSource>
    where
        S: 'static,
    {
        Box::new(self)
    }
}

impl<S: ByteSource> Read for Window<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.len.saturating_sub(self.position);
        let most = into.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        self.inner.seek(SeekFrom::Start(self.start + self.position))?;
        let read = self.inner.read(&mut into[..most])?;
        self.position += read as u64;
        Ok(read)
    }
}

impl<S: ByteSource> Seek for Window<S> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = seek_to(self.position, self.len, to)?;
        Ok(self.position)
    }
}

impl<S: ByteSource> ByteSource for Window<S> {
    fn len(&self) -> u64 {
        self.len
    }
}

/// A file that was cut, with the length that it had: readers that check sizes first go on until the bytes end.
pub(super) struct Claimed {
    inner: Box<dyn ByteSource>,
    len: u64,
    position: u64,
}

impl Claimed {
    /// At least as long as it is.
    pub fn new(inner: Box<dyn ByteSource>, len: u64) -> Self {
        let len = len.max(inner.len());
        Self { inner, len, position: 0 }
    }

    /// As any other source.
    pub fn boxed(self) -> Box<dyn ByteSource> {
        Box::new(self)
    }
}

impl Read for Claimed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.inner.seek(SeekFrom::Start(self.position.min(self.inner.len())))?;
        let read = self.inner.read(into)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Claimed {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = seek_to(self.position, self.len, to)?;
        Ok(self.position)
    }
}

impl ByteSource for Claimed {
    fn len(&self) -> u64 {
        self.len
    }
}

/// Where a seek leads.
pub(crate) fn seek_to(position: u64, len: u64, to: SeekFrom) -> io::Result<u64> {
    let target = match to {
        SeekFrom::Start(at) => Some(at),
        SeekFrom::End(by) => len.checked_add_signed(by),
        SeekFrom::Current(by) => position.checked_add_signed(by),
    };
    target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))
}

/// As Symphonia wants it.
pub(super) struct AsMedia(pub Box<dyn ByteSource>);

impl Read for AsMedia {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl Seek for AsMedia {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl MediaSource for AsMedia {
    fn is_seekable(&self) -> bool {
        true
    }
    fn byte_len(&self) -> Option<u64> {
        Some(self.0.len())
    }
}

/// Reads as much as there is, up to the buffer's length.
pub(super) fn read_full(source: &mut dyn ByteSource, into: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match source.read(&mut into[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Reads from a place; fewer bytes only at the end.
pub(super) fn read_at(source: &mut dyn ByteSource, at: u64, into: &mut [u8]) -> io::Result<usize> {
    source.seek(SeekFrom::Start(at))?;
    read_full(source, into)
}
