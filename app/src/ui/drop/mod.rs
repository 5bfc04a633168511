//! How audio comes in: the window as a drop zone, the input "Add audio files", and the files on their way.

mod gather;
mod imports;
mod order;
mod place;
mod receive;
mod zone;

use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::state::{Room, Studio};
use gather::Gathered;

pub use imports::{Import, Imports};
pub use order::promise;
pub use zone::{DropVeil, DropZone};

/// Where files are to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Intent {
    /// To the room whose tab is chosen.
    #[default]
    Auto,
    /// To this room.
    Room(Room),
}

/// What the input accepts: the browser's own idea of audio, and endings that some systems do not know.
const ACCEPT: &str = "audio/*,.wav,.wave,.rf64,.w64,.aif,.aiff,.aifc,.caf,.flac,.mp3,.ogg,.oga,.opus,.m4a,.mp4,.aac,.mka,.headroom";

/// The input "Add audio files" and who may open it; a context of the page.
#[derive(Clone, Copy)]
pub struct FilePicker {
    input: NodeRef<Input>,
    intent: StoredValue<Intent>,
}

impl FilePicker {
    /// An input that is not yet on the page.
    pub fn new() -> Self {
        Self { input: NodeRef::new(), intent: StoredValue::new(Intent::Auto) }
    }

    /// Opens the browser's file dialog.
    pub fn open(self, intent: Intent) {
        self.intent.set_value(intent);
        if let Some(input) = self.input.get_untracked() {
            input.click();
        }
    }
}

/// The input "Add audio files", always on the page.
#[component]
pub fn AudioFilesInput() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let imports = expect_context::<Imports>();
    let picker = expect_context::<FilePicker>();
    let chosen = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let mut files = input.files().map(|list| gather::files_of(&list)).unwrap_or_default();
        files.sort_by(|a, b| order::natural(&a.name(), &b.name()));
        // The same file can be chosen again.
        input.set_value("");
        let intent = picker.intent.get_value();
        picker.intent.set_value(Intent::Auto);
        if !files.is_empty() {
            receive::receive(studio, imports, Gathered { files, ..Gathered::default() }, intent);
        }
    };
    view! {
        <aside class="sr" aria-label="Files">
            <input
                node_ref=picker.input
                type="file"
                aria-label="Add audio files"
                tabindex="-1"
                multiple=true
                accept=ACCEPT
                on:change=chosen
            />
        </aside>
    }
}
