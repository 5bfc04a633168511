//! What the feeder reads from: the plan's sources, opened in the store.

use std::collections::BTreeMap;

use session::feed::{FeedError, FeedPlan, SampleSource};
use session::model::SourceId;

use crate::store::{Files, SourceReader, Store, StoreError};

/// The sources of a plan.
#[derive(Default)]
pub struct StoreSource {
    readers: BTreeMap<SourceId, Result<SourceReader, StoreError>>,
    is_strict: bool,
}

impl StoreSource {
    /// Opens what a plan needs, at the plan's rate. What cannot be opened is in [`StoreSource::problems`].
    pub async fn open<F: Files>(store: &mut Store<F>, plan: &FeedPlan) -> Self {
        let mut readers = BTreeMap::new();
        for source in &plan.sources {
            readers.insert(source.id, store.reader(&source.hash, Some(plan.rate_hz), &source.file_name).await);
        }
        Self { readers, is_strict: true }
    }

    /// Whether a source that could not be opened is an error (a render must not write silence in its place) or silent (one lost file
    /// must not stop the others).
    pub fn set_strict(&mut self, is_strict: bool) {
        self.is_strict = is_strict;
    }

    /// Why sources could not be opened.
    pub fn problems(&self) -> impl Iterator<Item = &StoreError> {
        self.readers.values().filter_map(|reader| reader.as_ref().err())
    }
}

impl SampleSource for StoreSource {
    fn read(&mut self, source: SourceId, start_frame: u64, left: &mut [f32], right: Option<&mut [f32]>) -> Result<(), FeedError> {
        let sentence = |error: &StoreError| FeedError::Read(error.to_string());
        match self.readers.get_mut(&source) {
            Some(Ok(reader)) => reader.read(start_frame, left, right).map_err(|error| sentence(&error)),
            Some(Err(error)) if self.is_strict => Err(sentence(error)),
            None if self.is_strict => Err(FeedError::Read("A clip refers to audio that the session does not have.".into())),
            _ => {
                left.fill(0.0);
                if let Some(right) = right {
                    right.fill(0.0);
                }
                Ok(())
            }
        }
    }
}
