//! The keyboard map: keys that work wherever the focus is, except where text is typed.

use crate::state::Studio;

/// Listens on the window.
pub fn install_keys(studio: Studio) {
    let _ = studio;
}
