//! Files of the operating system, for native renders and tools.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::rc::Rc;

use super::{Files, StoreError, StoreFile};

/// Files under a folder.
pub struct FolderFiles(PathBuf);

impl FolderFiles {
    /// The folder is made when it is needed.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }
}

fn failed(error: std::io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Failed(error.to_string()),
    }
}

impl StoreFile for File {
    fn len(&self) -> Result<u64, StoreError> {
        self.metadata().map(|metadata| metadata.len()).map_err(failed)
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> Result<usize, StoreError> {
        let mut file = self;
        file.seek(SeekFrom::Start(at)).map_err(failed)?;
        let mut filled = 0;
        while filled < into.len() {
            match file.read(&mut into[filled..]).map_err(failed)? {
                0 => break,
                read => filled += read,
            }
        }
        Ok(filled)
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let mut file = self;
        file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(bytes)).map_err(failed)
    }

    fn truncate(&self, len: u64) -> Result<(), StoreError> {
        self.set_len(len).map_err(failed)
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.sync_data().map_err(failed)
    }
}

impl Files for FolderFiles {
    async fn open(&self, folder: &str, name: &str, create: bool) -> Result<Option<Rc<dyn StoreFile>>, StoreError> {
        let folder = self.0.join(folder);
        if create {
            fs::create_dir_all(&folder).map_err(failed)?;
        }
        match OpenOptions::new().read(true).write(true).create(create).truncate(false).open(folder.join(name)) {
            Ok(file) => Ok(Some(Rc::new(file))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    async fn remove(&self, folder: &str, name: &str) -> Result<(), StoreError> {
        match fs::remove_file(self.0.join(folder).join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(error)),
            _ => Ok(()),
        }
    }

    async fn list(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let entries = match fs::read_dir(self.0.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        Ok(entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
    }
}
