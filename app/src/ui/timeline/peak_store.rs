//! The peaks that drawings may use: asked of the store once, when something first wants to draw them.

use std::collections::HashMap;
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::worker::{PEAK_BASE_FRAMES, PeaksData};

use crate::state::Studio;

/// Peaks by the names of their sources in the store; a context of the page.
#[derive(Clone, Copy)]
pub struct PeakStore {
    studio: Studio,
    known: StoredValue<HashMap<String, Option<Rc<PeaksData>>>, LocalStorage>,
    revision: RwSignal<u32>,
    close_ups: StoredValue<HashMap<String, Parts>, LocalStorage>,
    close_ups_revision: RwSignal<u32>,
}

/// Close-ups of a source by their number, those that are on their way without anything.
type Parts = HashMap<u64, Option<Rc<PeaksData>>>;

/// Frames from one close-up of a source to the next,
pub const CLOSE_UP_FRAMES: u32 = 1 << 14;
/// and how far it reaches into that: a column that begins in it ends in it.
const OVERLAP_FRAMES: u32 = 2 * PEAK_BASE_FRAMES;
/// Close-ups that are kept: a hundred kilobytes each.
const MOST_CLOSE_UPS: usize = 128;

impl PeakStore {
    /// None yet.
    pub fn new(studio: Studio) -> Self {
        let (known, close_ups) = (StoredValue::new_local(HashMap::new()), StoredValue::new_local(HashMap::new()));
        Self { studio, known, revision: RwSignal::new(0), close_ups, close_ups_revision: RwSignal::new(0) }
    }

    /// Runs the reader again when more peaks have come.
    pub fn track(self) {
        self.revision.track();
    }

    /// The same for close-ups.
    pub fn track_close_ups(self) {
        self.close_ups_revision.track();
    }

    /// A stretch of a source frame by frame, when it is here; otherwise it is fetched.
    pub fn close_up(self, hash: &str, number: u64) -> Option<Rc<PeaksData>> {
        if let Some(known) = self.close_ups.with_value(|sources| sources.get(hash)?.get(&number).cloned()) {
            return known;
        }
        let hash = hash.to_owned();
        self.close_ups.update_value(|sources| {
            if sources.values().map(HashMap::len).sum::<usize>() >= MOST_CLOSE_UPS {
                sources.clear();
            }
            sources.entry(hash.clone()).or_default().insert(number, None);
        });
        spawn_local(async move {
            let Ok(media) = self.studio.media().await else { return };
            let found = media.close_up(&hash, number * u64::from(CLOSE_UP_FRAMES), CLOSE_UP_FRAMES + OVERLAP_FRAMES).await;
            // What cannot be read stays as the pyramid shows it.
            if let Ok(found) = found {
                self.close_ups.try_update_value(|sources| sources.entry(hash).or_default().insert(number, Some(found)));
                self.close_ups_revision.try_update(|revision| *revision += 1);
            }
        });
        None
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
