//! The browser's private files, or memory where there are none.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions, FileSystemGetFileOptions,
    FileSystemReadWriteOptions, FileSystemSyncAccessHandle,
};

use super::scope::{scope, sleep};
use crate::store::{Files, MemoryFiles, StoreError, StoreFile};

/// Folder of everything.
const ROOT: &str = "headroom";
/// How often a file that is still closing elsewhere is tried again, and how long after.
const TRIES: u32 = 8;
const TRY_AGAIN_MS: i32 = 60;

/// Where this worker keeps files.
#[derive(Clone)]
pub enum AnyFiles {
    /// The browser's private files.
    Opfs(FileSystemDirectoryHandle),
    /// Memory.
    Memory(MemoryFiles),
}

fn failed(error: &JsValue) -> StoreError {
    let exception = error.dyn_ref::<DomException>();
    match exception.map(|exception| exception.name()).as_deref() {
        Some("QuotaExceededError") => StoreError::Full,
        Some("NoModificationAllowedError" | "InvalidStateError") => StoreError::InUse,
        Some(name) => StoreError::Failed(format!("{name}: {}", exception.map(|exception| exception.message()).unwrap_or_default())),
        None => StoreError::Failed(format!("{error:?}")),
    }
}

fn is_missing(error: &JsValue) -> bool {
    error.dyn_ref::<DomException>().is_some_and(|exception| exception.name() == "NotFoundError")
}

async fn ask<T: JsCast>(promise: js_sys::Promise) -> Result<T, JsValue> {
    JsFuture::from(promise).await.map(|value| value.unchecked_into())
}

/// A file with an exclusive handle.
struct SyncFile(FileSystemSyncAccessHandle);

impl Drop for SyncFile {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn at(position: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(position as f64);
    options
}

impl StoreFile for SyncFile {
    fn len(&self) -> Result<u64, StoreError> {
        self.0.get_size().map(|len| len as u64).map_err(|error| failed(&error))
    }

    fn read_at(&self, position: u64, into: &mut [u8]) -> Result<usize, StoreError> {
        let read = self.0.read_with_u8_array_and_options(into, &at(position));
        read.map(|count| count as usize).map_err(|error| failed(&error))
    }

    fn write_at(&self, position: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let written = self.0.write_with_u8_array_and_options(bytes, &at(position)).map_err(|error| failed(&error))?;
        // A full disk may take a part without an exception.
        if written as usize == bytes.len() { Ok(()) } else { Err(StoreError::Full) }
    }

    fn truncate(&self, len: u64) -> Result<(), StoreError> {
        self.0.truncate_with_f64(len as f64).map_err(|error| failed(&error))
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.0.flush().map_err(|error| failed(&error))
    }
}

impl AnyFiles {
    /// Private files if there are any that work.
    pub async fn find() -> Self {
        Self::opfs().await.map_or_else(|_| Self::Memory(MemoryFiles::default()), Self::Opfs)
    }

    async fn opfs() -> Result<FileSystemDirectoryHandle, JsValue> {
        let storage = scope().navigator().storage();
        let root: FileSystemDirectoryHandle = ask(storage.get_directory()).await?;
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(true);
        ask(root.get_directory_handle_with_options(ROOT, &options)).await
    }

    /// Whether what is kept outlives the page.
    pub fn is_persistent(&self) -> bool {
        matches!(self, Self::Opfs(_))
    }

    /// A closed file as the browser's File, under the name of a download.
    pub async fn as_file(&self, folder: &str, name: &str, download: &str) -> Result<File, StoreError> {
        let parts = js_sys::Array::new();
        match self {
            Self::Opfs(_) => {
                let handle = self.handle(folder, name, false).await?.ok_or(StoreError::NoSession)?;
                parts.push(&ask::<JsValue>(handle.get_file()).await.map_err(|error| failed(&error))?);
            }
            Self::Memory(files) => {
                let file = files.open(folder, name, false).await?.ok_or(StoreError::NoSession)?;
                let mut block = vec![0; 1 << 20];
                let mut position = 0;
                loop {
                    let read = file.read_at(position, &mut block)?;
                    if read == 0 {
                        break;
                    }
                    parts.push(&js_sys::Uint8Array::from(&block[..read]));
                    position += read as u64;
                }
            }
        }
        File::new_with_blob_sequence(&parts, download).map_err(|error| failed(&error))
    }

    async fn folder(&self, folder: &str) -> Result<FileSystemDirectoryHandle, StoreError> {
        let Self::Opfs(root) = self else { return Err(StoreError::Failed("there are no private files".into())) };
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(true);
        ask(root.get_directory_handle_with_options(folder, &options)).await.map_err(|error| failed(&error))
    }

    async fn handle(&self, folder: &str, name: &str, create: bool) -> Result<Option<FileSystemFileHandle>, StoreError> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(create);
        match ask(self.folder(folder).await?.get_file_handle_with_options(name, &options)).await {
            Ok(handle) => Ok(Some(handle)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }
}

impl Files for AnyFiles {
    async fn open(&self, folder: &str, name: &str, create: bool) -> Result<Option<Rc<dyn StoreFile>>, StoreError> {
        if let Self::Memory(files) = self {
            return files.open(folder, name, create).await;
        }
        let Some(handle) = self.handle(folder, name, create).await? else { return Ok(None) };
        let mut result = Err(StoreError::InUse);
        for _ in 0..TRIES {
            result = ask(handle.create_sync_access_handle()).await.map_err(|error| failed(&error));
            if result != Err(StoreError::InUse) {
                break;
            }
            sleep(TRY_AGAIN_MS).await;
        }
        result.map(|access| Some(Rc::new(SyncFile(access)) as Rc<dyn StoreFile>))
    }

    async fn remove(&self, folder: &str, name: &str) -> Result<(), StoreError> {
        if let Self::Memory(files) = self {
            return files.remove(folder, name).await;
        }
        match ask::<JsValue>(self.folder(folder).await?.remove_entry(name)).await {
            Err(error) if !is_missing(&error) => Err(failed(&error)),
            _ => Ok(()),
        }
    }

    async fn list(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        if let Self::Memory(files) = self {
            return files.list(folder).await;
        }
        let names = self.folder(folder).await?.keys();
        let mut list = Vec::new();
        loop {
            let promise = names.next().map_err(|error| failed(&error))?;
            let next: js_sys::IteratorNext = ask(promise).await.map_err(|error| failed(&error))?;
            if next.done() {
                return Ok(list);
            }
            list.extend(next.value().as_string());
        }
    }
}
