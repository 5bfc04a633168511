//! The peaks that drawings may use: asked of the store once, when something first wants to draw them.

use std::collections::HashMap;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::worker::PeaksData;

use crate::state::Studio;

/// Peaks by the names of their sources in the store; a context of the page.
#[derive(Clone, Copy)]
pub struct PeakStore {
    studio: Studio,
    known: StoredValue<HashMap<String, Option<Rc<PeaksData>>>, LocalStorage>,
    revision: RwSignal<u32>,
}

impl PeakStore {
    /// None yet.
    pub fn new(studio: Studio) -> Self {
        Self { studio, known: StoredValue::new_local(HashMap::new()), revision: RwSignal::new(0) }
    }

    /// Runs the reader again when more peaks have come.
    pub fn track(self) {
        self.revision.track();
    }

    /// The peaks of a source, when they are here; otherwise they are fetched.
    pub fn get(self, hash: &str) -> Option<Rc<PeaksData>> {
        if let Some(known) = self.known.with_value(|known| known.get(hash).cloned()) {
            return known;
        }
        let hash = hash.to_owned();
        self.known.update_value(|known| {
            known.insert(hash.clone(), None);
        });
        spawn_local(async move {
            let Ok(media) = self.studio.media().await else { return };
            match media.peaks(&hash).await {
                Ok(peaks) => {
                    self.known.try_update_value(|known| known.insert(hash, Some(peaks)));
                    self.revision.try_update(|revision| *revision += 1);
                }
                Err(_) => {
                    // Asked again at the next drawing that wants them.
                    self.known.try_update_value(|known| known.remove(&hash));
                }
            }
        });
        None
    }
}
