//! The files of a drop: those that were dropped themselves, and those inside dropped folders.

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry, FileSystemFileEntry};

use super::order;

/// Folders deeper than this are not entered: a link may lead in a circle.
const MOST_DEPTH: u32 = 8;

/// A dropped thing, taken while the drop's data can still be read.
pub enum Dropped {
    /// A file.
    File(File),
    /// A folder.
    Folder(FileSystemDirectoryEntry),
}

/// What came of a drop.
#[derive(Default)]
pub struct Gathered {
    /// Files to be read, in their order.
    pub files: Vec<File>,
    /// Names of what lay in folders and is no audio.
    pub left_out: Vec<String>,
    /// The name of the folder, when it was one.
    pub folder: Option<String>,
}

/// Takes everything out of a drop; must run before the drop's handler returns.
pub fn taken(data: &DataTransfer) -> Vec<Dropped> {
    let items = data.items();
    let found: Vec<Dropped> = (0..items.length())
        .filter_map(|index| items.get(index))
        .filter(|item| item.kind() == "file")
        .filter_map(|item| {
            let entry: Option<FileSystemEntry> = item.webkit_get_as_entry().ok().flatten();
            match entry {
                Some(entry) if entry.is_directory() => Some(Dropped::Folder(entry.unchecked_into())),
                _ => item.get_as_file().ok().flatten().map(Dropped::File),
            }
        })
        .collect();
    if found.is_empty() {
        data.files().map(|list| files_of(&list).into_iter().map(Dropped::File).collect()).unwrap_or_default()
    } else {
        found
    }
}

/// The files of a list.
pub fn files_of(list: &FileList) -> Vec<File> {
    (0..list.length()).filter_map(|index| list.get(index)).collect()
}

/// Reads folders and puts all files in order.
pub async fn gathered(dropped: Vec<Dropped>) -> Gathered {
    let mut all = Gathered::default();
    let is_one = dropped.len() == 1;
    for thing in dropped {
        match thing {
            Dropped::File(file) => all.files.push(file),
            Dropped::Folder(folder) => {
                if is_one {
                    all.folder = Some(folder.name());
                }
                walk(folder, &mut all).await;
            }
        }
    }
    all.files.sort_by(|a, b| order::natural(&a.name(), &b.name()));
    all
}

async fn walk(top: FileSystemDirectoryEntry, all: &mut Gathered) {
    let mut folders = vec![(top, 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in entries_of(&folder.create_reader()).await {
            if entry.is_directory() && depth < MOST_DEPTH {
                folders.push((entry.unchecked_into(), depth + 1));
            } else if entry.is_file() {
                if order::is_beside_audio(&entry.name()) {
                    if !entry.name().starts_with('.') {
                        all.left_out.push(entry.name());
                    }
                } else if let Some(file) = file_of(entry.unchecked_ref()).await {
                    all.files.push(file);
                }
            }
        }
    }
}

/// A reader gives its entries in parts and an empty part at the end.
async fn entries_of(reader: &FileSystemDirectoryReader) -> Vec<FileSystemEntry> {
    let mut all = Vec::new();
    loop {
        let part = promised(|resolve, reject| reader.read_entries_with_callback_and_callback(resolve, reject).is_ok()).await;
        let Some(part) = part.and_then(|part| part.dyn_into::<Array>().ok()).filter(|part| part.length() > 0) else { return all };
        all.extend(part.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn file_of(entry: &FileSystemFileEntry) -> Option<File> {
    let file = promised(|resolve, reject| {
        entry.file_with_callback_and_callback(resolve, reject);
        true
    });
    file.await?.dyn_into().ok()
}

/// The value that a call with two callbacks hands to its first; `None` when it fails.
async fn promised(call: impl FnOnce(&js_sys::Function, &js_sys::Function) -> bool) -> Option<JsValue> {
    let mut call = Some(call);
    let promise = Promise::new(&mut |resolve, reject| {
        let failed = reject.clone();
        let reject_any = Closure::once_into_js(move |_: JsValue| {
            let _ = failed.call0(&JsValue::NULL);
        });
        if let Some(call) = call.take()
            && !call(&resolve, reject_any.unchecked_ref())
        {
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(promise).await.ok()
}
