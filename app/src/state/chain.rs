//! Versions of the master chain of the song on show.

use session::versions::{self, NAMES};

use super::Studio;

impl Studio {
    /// Goes to a version of the chain; a new one begins as a copy.
    pub fn show_version(self, version: u8) {
        let Some(song) = self.peek_song_id() else { return };
        if let Some(edit) = self.peek(|session| versions::switch(session, song, version)).flatten() {
            self.dispatch(format!("Version {}", NAMES[usize::from(version)]), edit);
        }
    }

    /// Goes to the next version that there is, round and round; to a new one where there is only one.
    pub fn next_version(self) {
        let next = self.peek_song(|song| {
            let count = NAMES.len() as u8;
            let following = (1..count).map(|step| (song.versions.current + step) % count);
            following.clone().find(|version| song.versions.others.contains_key(version)).or_else(|| following.clone().next())
        });
        if let Some(next) = next.flatten() {
            self.show_version(next);
        }
    }
}
