//! Keeping the session: saved into this browser's store shortly after every change, found again by the page's address.

use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::model::Session;

use super::{SessionLock, Studio, journal};
use crate::media::MediaError;

/// After this rest the session is saved, so that a drag is saved once.
const SAVE_REST: Duration = Duration::from_millis(250);
/// What the address holds before a session's id.
const ADDRESS_MARK: &str = "#session=";

/// The id of the session that the page's address names.
fn id_in_address() -> Option<String> {
    let hash = window().location().hash().ok()?;
    hash.strip_prefix(ADDRESS_MARK).filter(|id| !id.is_empty()).map(str::to_owned)
}

/// Names a session in the page's address without a step in the browser's history.
fn name_in_address(id: Option<&str>) {
    let hash = id.map_or_else(|| "#".to_owned(), |id| format!("{ADDRESS_MARK}{id}"));
    if id.map(str::to_owned) != id_in_address() {
        let _ = window().location().replace(&hash);
    }
}

/// What the keeper remembers between two changes.
#[derive(Clone, Copy)]
struct Keeper {
    studio: Studio,
    lock: SessionLock,
    rest: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    /// The session's id and the document's revision that were saved last.
    kept: StoredValue<Option<(String, u64)>>,
    is_saving: StoredValue<bool>,
}

/// Keeps whatever session is open, and opens the one that the address names.
pub fn install_keeper(studio: Studio) {
    let keeper = Keeper {
        studio,
        lock: SessionLock::new(),
        rest: StoredValue::new_local(None),
        kept: StoredValue::new(None),
        is_saving: StoredValue::new(false),
    };
    let open = Memo::new(move |_| studio.session(|session| session.id.clone()));
    Effect::new(move |before: Option<()>| {
        let id = open.get();
        // On the first run the address is read, not written.
        if id.is_some() || before.is_some() {
            name_in_address(id.as_deref());
        }
        match id {
            Some(id) => keeper.lock.take(id, move || keeper.is_elsewhere()),
            None => keeper.lock.release(),
        }
    });
    Effect::new(move |_| {
        studio.revision();
        if keeper.unkept().is_some() {
            studio.saved.set("Saving".to_owned());
            keeper.save_soon();
        }
    });
    let left = window_event_listener_untyped("pagehide", move |_| keeper.leave());
    on_cleanup(move || left.remove());
    // Read now: by the time the store is open, the address may name a session that was begun meanwhile.
    let asked_for = id_in_address();
    spawn_local(async move {
        let journal = keeper.save_journal().await;
        if let Some(id) = asked_for.filter(|_| !studio.is_open_untracked()) {
            studio.open_kept_session(&id).await;
        }
        if journal.is_ok()
            && let Ok(media) = studio.media().await
        {
            // What is not taken away now is taken away at the next start.
            drop(media.collect().await);
        }
    });
}

impl Keeper {
    fn is_elsewhere(self) {
        self.studio.close();
        self.studio.messages.attention("This session is open in another tab. Go on there, or close that tab and open the session again.");
    }

    fn save_soon(self) {
        self.rest.update_value(|rest| {
            if let Some(rest) = rest.take() {
                rest.clear();
            }
            *rest = set_timeout_with_handle(move || self.save_now(), SAVE_REST).ok();
        });
    }

    /// The open session with its state, when that is not what the store has.
    fn unkept(self) -> Option<((String, u64), Session)> {
        let session = self.studio.peek(Session::clone)?;
        let now = self.state_of(&session);
        self.kept.with_value(|kept| kept.as_ref() != Some(&now)).then_some((now, session))
    }

    /// The page goes away, perhaps before its workers are done.
    fn leave(self) {
        if let Some((_, session)) = self.unkept().filter(|_| self.lock.is_held()) {
            journal::write(&session);
            self.save_now();
        }
    }

    /// Moves into the store what an earlier page could not save.
    async fn save_journal(self) -> Result<(), MediaError> {
        let Some(session) = journal::read() else { return Ok(()) };
        self.studio.media().await?.save_session(&session).await?;
        journal::clear();
        Ok(())
    }

    fn save_now(self) {
        let Some((now, session)) = self.unkept() else { return };
        if self.is_saving.get_value() || self.lock.is_pending() {
            self.save_soon();
            return;
        }
        if !self.lock.is_held() {
            return;
        }
        self.is_saving.set_value(true);
        spawn_local(async move {
            let saved = match self.studio.media().await {
                Ok(media) => media.save_session(&session).await,
                Err(error) => Err(error),
            };
            self.is_saving.set_value(false);
            match saved {
                Ok(()) => self.has_saved(now),
                Err(error) => {
                    self.studio.saved.set("Not saved".to_owned());
                    self.studio.messages.attention(format!("The session could not be kept in this browser: {error} Save it as a file."));
                }
            }
        });
    }

    fn has_saved(self, state: (String, u64)) {
        self.kept.set_value(Some(state));
        // A page that comes back from the browser's cache has outlived its journal.
        journal::clear();
        if self.unkept().is_none() {
            self.studio.saved.set("Saved in this browser".to_owned());
        }
    }

    fn state_of(self, session: &Session) -> (String, u64) {
        (session.id.clone(), self.studio.document_revision())
    }
}
