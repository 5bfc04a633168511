//! Why something did not work, as a sentence for the screen.

use std::fmt;

/// Why something did not work, as a sentence for the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaError {
    sentence: String,
    cancelled: bool,
    /// The worker is gone, with what it was doing.
    pub(super) died: bool,
}

impl MediaError {
    /// A sentence of one's own.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), cancelled: false, died: false }
    }

    pub(super) fn cancelled() -> Self {
        Self { sentence: "Cancelled.".into(), cancelled: true, died: false }
    }

    /// What is said when the workers could not even be started.
    pub fn not_started() -> Self {
        Self::new("The workers that read and store audio did not start. Reload the page.")
    }

    pub(super) fn worker_died() -> Self {
        Self { sentence: "The worker that did this stopped and was started again.".into(), cancelled: false, died: true }
    }

    /// Whether it is only that the user gave it up.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled
    }
}

impl fmt::Display for MediaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence)
    }
}
