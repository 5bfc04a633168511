//! What can go wrong with stored files, as sentences.

/// What can go wrong with stored files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
pub enum StoreError {
    /// No more room.
    #[error("There is no room left for more audio in this browser. Delete a session that is no longer needed, or free disk space.")]
    Full,
    /// Another tab has the file open.
    #[error("This audio is in use in another tab. Close that tab and try again.")]
    InUse,
    /// A source is not there.
    #[error("The audio of “{0}” is not in this browser. Open the session file that holds it, or drop the audio again.")]
    Missing(String),
    /// A session is not there.
    #[error("This session is not in this browser any more.")]
    NoSession,
    /// A session or archive does not hold what it says.
    #[error("{0}")]
    Broken(String),
    /// The work was given up.
    #[error("Cancelled.")]
    Cancelled,
    /// Anything else that the browser or the system says.
    #[error("The audio store failed: {0}. Reload the page.")]
    Failed(String),
}
