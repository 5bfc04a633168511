//! A browser's File as bytes: read in blocks, synchronously, as only a worker may.

use std::io::{self, Read, Seek, SeekFrom};

use web_sys::{Blob, FileReaderSync};

use crate::decode::{ByteSource, seek_to};

/// Bytes that are read at a time.
const BLOCK_BYTES: u64 = 1 << 19;

/// A File.
pub struct FileSlices {
    blob: Blob,
    reader: FileReaderSync,
    len: u64,
    position: u64,
    /// Where the block in hand starts.
    start: u64,
    block: Vec<u8>,
}

// SAFETY: Symphonia asks for Send and Sync; a worker of this module is one thread, and nothing is ever sent to another.
unsafe impl Send for FileSlices {}
// SAFETY: as above.
unsafe impl Sync for FileSlices {}

impl FileSlices {
    /// From its first byte.
    pub fn new(blob: Blob) -> io::Result<Self> {
        let reader = FileReaderSync::new().map_err(|_| io::Error::other("no reader"))?;
        let len = blob.size() as u64;
        Ok(Self { blob, reader, len, position: 0, start: 0, block: Vec::new() })
    }

    fn load(&mut self) -> io::Result<()> {
        self.start = self.position / BLOCK_BYTES * BLOCK_BYTES;
        let end = (self.start + BLOCK_BYTES).min(self.len);
        let unreadable = |_| io::Error::other("the file could not be read");
        let slice = self.blob.slice_with_f64_and_f64(self.start as f64, end as f64).map_err(unreadable)?;
        let buffer = self.reader.read_as_array_buffer(&slice).map_err(unreadable)?;
        self.block = js_sys::Uint8Array::new(&buffer).to_vec();
        Ok(())
    }
}

impl Read for FileSlices {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.len || into.is_empty() {
            return Ok(0);
        }
        let holds = self.position >= self.start && self.position < self.start + self.block.len() as u64;
        if !holds {
            self.load()?;
        }
        let from = (self.position - self.start) as usize;
        let Some(there) = self.block.get(from..).filter(|there| !there.is_empty()) else { return Ok(0) };
        let count = there.len().min(into.len());
        into[..count].copy_from_slice(&there[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for FileSlices {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = seek_to(self.position, self.len, to)?;
        Ok(self.position)
    }
}

impl ByteSource for FileSlices {
    fn len(&self) -> u64 {
        self.len
    }
}
