//! The document as JSON: versioned and self-describing.
//!
//! Parameters go by their permanent ids, so what a version does not know it keeps. What only concerns listening is not written. A
//! file is not believed: it is bounded in size and depth, and [`crate::validate`] looks at every part.

use dsp::engine::STRIP_PARAMS;
use dsp::params::{Flags, ParamSpec};
use serde::Deserialize;

use crate::model::{FORMAT, FORMAT_VERSION, Session, Values};
use crate::validate;

/// Largest document that is read.
pub const MAX_BYTES: usize = 256 << 20;

/// Why a document was not opened, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is something else.
    #[error("This is not a Headroom session.")]
    NotASession,
    /// A newer version wrote it.
    #[error("This session was saved by a newer version of Headroom: reload the page to get that version, then open it again.")]
    Newer,
    /// It is larger than any real one.
    #[error("The session's document is larger than 256 MB.")]
    TooLarge,
    /// It cannot be read.
    #[error("The session's document is damaged: {0}.")]
    Damaged(String),
}

/// A session that was read, and what had to be mended.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The session, valid in every part.
    pub session: Session,
    /// What was mended or is not known to this version, each a sentence.
    pub notes: Vec<String>,
}

/// The document as JSON.
pub fn to_json(session: &Session) -> Vec<u8> {
    let mut session = session.clone();
    session.version = FORMAT_VERSION;
    for strip in session.songs.iter_mut().flat_map(|song| &mut song.strips) {
        without_monitor(STRIP_PARAMS, &mut strip.values);
        for insert in &mut strip.inserts {
            let specs = insert.spec().map_or(&[][..], |spec| spec.params);
            without_monitor(specs, &mut insert.values);
        }
    }
    // Every value of a session is finite and every key a text, so there is nothing that JSON cannot say.
    serde_json::to_vec(&session).unwrap_or_default()
}

/// Takes out what only concerns listening.
pub(crate) fn without_monitor(specs: &[ParamSpec], values: &mut Values) {
    values.retain(|id, _| specs.iter().find(|spec| spec.id == id).is_none_or(|spec| !spec.flags.has(Flags::MONITOR)));
}

#[derive(Deserialize)]
struct Header {
    format: String,
    version: u32,
}

/// Reads a document.
///
/// # Errors
/// A sentence that says why it cannot be opened.
pub fn from_json(bytes: &[u8]) -> Result<Opened, FileError> {
    if bytes.len() > MAX_BYTES {
        return Err(FileError::TooLarge);
    }
    let header: Header = serde_json::from_slice(bytes).map_err(|_| FileError::NotASession)?;
    if header.format != FORMAT || header.version == 0 {
        return Err(FileError::NotASession);
    }
    if header.version > FORMAT_VERSION {
        return Err(FileError::Newer);
    }
    let mut session: Session = serde_json::from_slice(bytes).map_err(|error| FileError::Damaged(error.to_string()))?;
    let notes = validate::mend(&mut session).map_err(FileError::Damaged)?;
    Ok(Opened { session, notes })
}
