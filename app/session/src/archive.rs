//! The layout of a session file: one zip archive with the document and its audio.
//!
//! `session.json` is [`crate::file`]'s document; each source lies beside it once, by its content hash, as a WAV (RF64 where it is
//! long) at its own rate and width.

/// Ending of a session file's name, without the dot.
pub const EXTENSION: &str = "headroom";
/// Path of the document in the archive.
pub const DOCUMENT: &str = "session.json";
const AUDIO_FOLDER: &str = "audio/";
const AUDIO_ENDING: &str = ".wav";
/// Hexadecimal digits of a content hash (SHA-256).
const HASH_DIGITS: usize = 64;

/// Whether this is a content hash in lower-case hexadecimal; nothing else becomes part of a path.
pub fn is_hash(hash: &str) -> bool {
    hash.len() == HASH_DIGITS && is_lower_hex(hash)
}

/// Whether this is a session's id: 32 digits of lower-case hexadecimal.
pub fn is_session_id(id: &str) -> bool {
    id.len() == 32 && is_lower_hex(id)
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Path of a source's audio in the archive.
pub fn audio_path(hash: &str) -> String {
    format!("{AUDIO_FOLDER}{hash}{AUDIO_ENDING}")
}

/// The hash of the source that lies at this path of an archive; `None` for every other path.
pub fn audio_hash(path: &str) -> Option<&str> {
    path.strip_prefix(AUDIO_FOLDER)?.strip_suffix(AUDIO_ENDING).filter(|hash| is_hash(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_gives_the_hash_that_it_was_made_from_and_no_other_path_gives_one() {
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(audio_hash(&audio_path(&hash)), Some(hash.as_str()));
        for path in ["audio/../../x.wav", "audio/0.wav", "session.json", "audio/"] {
            assert_eq!(audio_hash(path), None);
        }
        assert_eq!(audio_hash(&audio_path(&hash.to_uppercase())), None);
    }
}
