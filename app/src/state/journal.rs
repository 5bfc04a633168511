//! The last word of a page that is left: what no worker had time to save, in the page's own storage, which writes at once.
//!
//! A page that goes away takes its workers with it, so a save that has begun may not end. The document is written here meanwhile and
//! moves into the store when the page comes back. Audio is never in it: the store holds that since its import.

use session::file::{from_json, to_json};
use session::model::Session;

use super::theme::page_storage;

/// Where in the page's storage it stands.
const PLACE: &str = "headroom-unsaved-session";

/// Keeps a session whose save has not ended; false where the browser has no room for it.
pub fn write(session: &Session) -> bool {
    let Ok(text) = String::from_utf8(to_json(session)) else { return false };
    page_storage().is_some_and(|storage| storage.set_item(PLACE, &text).is_ok())
}

/// What an earlier page could not save.
pub fn read() -> Option<Session> {
    let text = page_storage()?.get_item(PLACE).ok()??;
    from_json(text.as_bytes()).ok().map(|opened| opened.session)
}

/// Forgets it, once the store has it.
pub fn clear() {
    if let Some(storage) = page_storage() {
        let _ = storage.remove_item(PLACE);
    }
}
