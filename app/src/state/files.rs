//! Files: session files in and out, sessions of this browser, the demo.

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::model::Session;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlAnchorElement, Url};

use super::Studio;
use crate::media::{MediaClient, MediaError};

/// A download's address must live until the browser has taken it.
const ADDRESS_STAYS: std::time::Duration = std::time::Duration::from_secs(60);

impl Studio {
    /// The media workers, once they can work.
    pub async fn media(self) -> Result<MediaClient, MediaError> {
        let client = self.workers.get().await?;
        client.on_feed_failure(move |reason| self.messages.attention(reason));
        Ok(client)
    }

    /// Writes session and audio into one file and hands it to the browser as a download.
    pub fn save_session_file(self) {
        let Some(session) = self.peek(Session::clone) else { return };
        spawn_local(async move {
            let written = match self.media().await {
                Ok(media) => media.save_archive(&session, |_| {}).await,
                Err(error) => Err(error),
            };
            match written {
                Ok(file) => {
                    self.messages.news(format!("{} is ready and goes to your downloads.", file.name()));
                    download(&file);
                }
                Err(error) => self.messages.attention(error.to_string()),
            }
        });
    }

    /// Opens a file that [`Studio::save_session_file`] wrote.
    pub fn open_session_file(self, file: File) {
        spawn_local(async move {
            let opened = match self.media().await {
                Ok(media) => media.open_archive(file, |_| {}).await,
                Err(error) => Err(error),
            };
            self.show_opened(opened);
        });
    }

    /// Opens a session that this browser keeps.
    pub async fn open_kept_session(self, id: &str) {
        let opened = match self.media().await {
            Ok(media) => media.load_session(id).await,
            Err(error) => Err(error),
        };
        self.show_opened(opened);
    }

    /// Makes the demo song and opens it; `on_progress` is told how far it is, 0 to 1.
    pub async fn open_demo(self, on_progress: impl Fn(f32) + 'static) {
        let opened = match self.media().await {
            Ok(media) => media.demo(on_progress).await,
            Err(error) => Err(error),
        };
        self.show_opened(opened);
    }

    fn show_opened(self, opened: Result<Session, MediaError>) {
        match opened {
            Ok(session) => self.open(session),
            Err(error) if error.is_cancelled() => {}
            Err(error) => self.messages.attention(error.to_string()),
        }
    }
}

/// An address of a file for links, which the caller gives up with [`Url::revoke_object_url`].
pub fn address_of(file: &File) -> Option<String> {
    Url::create_object_url_with_blob(file).ok()
}

/// A text as a file; `None` where the browser makes none.
pub fn text_file(name: &str, text: &str) -> Option<File> {
    File::new_with_str_sequence(&js_sys::Array::of1(&text.into()), name).ok()
}

/// Hands a file to the browser as a download.
pub fn download(file: &File) {
    let Some(address) = address_of(file) else { return };
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&address);
        link.set_download(&file.name());
        link.click();
    }
    set_timeout(
        move || {
            let _ = Url::revoke_object_url(&address);
        },
        ADDRESS_STAYS,
    );
}
