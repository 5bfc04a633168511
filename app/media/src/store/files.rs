//! Files as the store sees them: two folders deep, read and written at any place, opened exclusively.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::StoreError;

/// An open file. It is closed when the last handle to it is dropped.
pub trait StoreFile {
    /// Bytes.
    fn len(&self) -> Result<u64, StoreError>;
    /// Whether there are none.
    fn is_empty(&self) -> Result<bool, StoreError> {
        self.len().map(|len| len == 0)
    }
    /// Reads as much as there is from a place on, up to the buffer's length; says how much.
    fn read_at(&self, at: u64, into: &mut [u8]) -> Result<usize, StoreError>;
    /// Writes all of it.
    fn write_at(&self, at: u64, bytes: &[u8]) -> Result<(), StoreError>;
    /// Cuts it to a length.
    fn truncate(&self, len: u64) -> Result<(), StoreError>;
    /// What was written is safe after this.
    fn flush(&self) -> Result<(), StoreError>;
}

/// Where files live. Futures are of one thread: a worker's, or ready at once.
#[allow(async_fn_in_trait)]
pub trait Files {
    /// Opens a file, or makes it when `create`; `None` when it is not there.
    async fn open(&self, folder: &str, name: &str, create: bool) -> Result<Option<Rc<dyn StoreFile>>, StoreError>;
    /// Takes a file away; fine when it is not there.
    async fn remove(&self, folder: &str, name: &str) -> Result<(), StoreError>;
    /// Names in a folder.
    async fn list(&self, folder: &str) -> Result<Vec<String>, StoreError>;
}

/// Most bytes that are kept in memory: what a tab of 32-bit memory can spare.
const MEMORY_LIMIT_BYTES: u64 = 1 << 30;

/// Files in memory: where a browser has no private files, and in tests.
#[derive(Clone)]
pub struct MemoryFiles(Rc<Disk>);

struct Disk {
    files: RefCell<BTreeMap<String, Rc<Blocks>>>,
    free: Cell<u64>,
}

impl Default for MemoryFiles {
    fn default() -> Self {
        Self::with_limit(MEMORY_LIMIT_BYTES)
    }
}

impl MemoryFiles {
    /// At most so many bytes.
    pub fn with_limit(bytes: u64) -> Self {
        Self(Rc::new(Disk { files: RefCell::default(), free: Cell::new(bytes) }))
    }
}

/// Size of a piece of a file in memory: growing moves nothing.
const BLOCK_BYTES: usize = 1 << 18;

struct Blocks {
    disk: std::rc::Weak<Disk>,
    blocks: RefCell<Vec<Box<[u8]>>>,
    len: Cell<u64>,
}

impl Drop for Blocks {
    fn drop(&mut self) {
        self.give_back(self.blocks.borrow().len());
    }
}

impl Blocks {
    fn give_back(&self, blocks: usize) {
        if let Some(disk) = self.disk.upgrade() {
            disk.free.set(disk.free.get() + (blocks * BLOCK_BYTES) as u64);
        }
    }

    fn grow_to(&self, len: u64) -> Result<(), StoreError> {
        let wanted = usize::try_from(len.div_ceil(BLOCK_BYTES as u64)).map_err(|_| StoreError::Full)?;
        let mut blocks = self.blocks.borrow_mut();
        while blocks.len() < wanted {
            let disk = self.disk.upgrade().ok_or(StoreError::Full)?;
            let free = disk.free.get().checked_sub(BLOCK_BYTES as u64).ok_or(StoreError::Full)?;
            let mut block = Vec::new();
            block.try_reserve_exact(BLOCK_BYTES).map_err(|_| StoreError::Full)?;
            block.resize(BLOCK_BYTES, 0);
            disk.free.set(free);
            blocks.push(block.into_boxed_slice());
        }
        self.len.set(self.len.get().max(len));
        Ok(())
    }
}

/// Walks over the pieces of blocks that a stretch touches: block, first byte in it, stretch of the caller's buffer.
fn stretches(at: u64, len: usize) -> impl Iterator<Item = (usize, usize, std::ops::Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        (done < len).then(|| {
            let place = at + done as u64;
            let (block, first) = ((place / BLOCK_BYTES as u64) as usize, (place % BLOCK_BYTES as u64) as usize);
            let count = (len - done).min(BLOCK_BYTES - first);
            let stretch = done..done + count;
            done += count;
            (block, first, stretch)
        })
    })
}

impl StoreFile for Blocks {
    fn len(&self) -> Result<u64, StoreError> {
        Ok(self.len.get())
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> Result<usize, StoreError> {
        let len = into.len().min(usize::try_from(self.len.get().saturating_sub(at)).unwrap_or(usize::MAX));
        let blocks = self.blocks.borrow();
        for (block, first, stretch) in stretches(at, len) {
            let count = stretch.len();
            into[stretch].copy_from_slice(&blocks[block][first..first + count]);
        }
        Ok(len)
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.grow_to(at + bytes.len() as u64)?;
        let mut blocks = self.blocks.borrow_mut();
        for (block, first, stretch) in stretches(at, bytes.len()) {
            let count = stretch.len();
            blocks[block][first..first + count].copy_from_slice(&bytes[stretch]);
        }
        Ok(())
    }

    fn truncate(&self, len: u64) -> Result<(), StoreError> {
        if len > self.len.get() {
            return self.grow_to(len);
        }
        let mut blocks = self.blocks.borrow_mut();
        let kept = len.div_ceil(BLOCK_BYTES as u64) as usize;
        self.give_back(blocks.len() - kept);
        blocks.truncate(kept);
        if let (Some(last), rest) = (blocks.last_mut(), len as usize % BLOCK_BYTES)
            && rest > 0
        {
            last[rest..].fill(0);
        }
        self.len.set(len);
        Ok(())
    }

    fn flush(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

impl Files for MemoryFiles {
    async fn open(&self, folder: &str, name: &str, create: bool) -> Result<Option<Rc<dyn StoreFile>>, StoreError> {
        let path = format!("{folder}/{name}");
        let mut files = self.0.files.borrow_mut();
        if create && !files.contains_key(&path) {
            let file = Blocks { disk: Rc::downgrade(&self.0), blocks: RefCell::default(), len: Cell::new(0) };
            files.insert(path.clone(), Rc::new(file));
        }
        Ok(files.get(&path).map(|file| file.clone() as Rc<dyn StoreFile>))
    }

    async fn remove(&self, folder: &str, name: &str) -> Result<(), StoreError> {
        self.0.files.borrow_mut().remove(&format!("{folder}/{name}"));
        Ok(())
    }

    async fn list(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let prefix = format!("{folder}/");
        Ok(self.0.files.borrow().keys().filter_map(|path| path.strip_prefix(&prefix)).map(String::from).collect())
    }
}
