//! In which order dropped files come in, which are left out, and what a file's name says it is.

use std::cmp::Ordering;

use crate::state::Room;

/// Endings of session files.
const SESSION_ENDINGS: [&str; 1] = ["headroom"];
/// Endings of files that lie beside audio in a folder of stems and are no audio.
const BESIDE_AUDIO: [&str; 24] = [
    "txt", "md", "pdf", "rtf", "doc", "docx", "jpg", "jpeg", "png", "gif", "webp", "svg", "mid", "midi", "als", "asd", "cpr", "flp",
    "logicx", "ptx", "rpp", "ini", "db", "json",
];

/// The order of names in which numbers count as numbers: "2 Snare" comes before "10 Bass".
pub fn natural(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.chars().peekable(), right.chars().peekable());
    loop {
        match (left.peek().copied(), right.peek().copied()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => {
                let order = number(&mut left).cmp(&number(&mut right));
                if order != Ordering::Equal {
                    return order;
                }
            }
            (Some(a), Some(b)) => {
                let order = a.to_lowercase().cmp(b.to_lowercase());
                if order != Ordering::Equal {
                    return order;
                }
                left.next();
                right.next();
            }
        }
    }
}

/// A run of digits by its value: longer is larger once zeros in front are gone.
fn number(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> (usize, String) {
    let mut digits = String::new();
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    let digits = digits.trim_start_matches('0').to_owned();
    (digits.len(), digits)
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_lowercase())
}

/// Whether a name is that of a session file.
pub fn is_session_file(name: &str) -> bool {
    SESSION_ENDINGS.contains(&ending(name).as_str())
}

/// Whether a file in a dropped folder is left out: what systems hide there, and what is plainly no audio.
pub fn is_beside_audio(name: &str) -> bool {
    name.starts_with('.') || BESIDE_AUDIO.contains(&ending(name).as_str())
}

/// What a drop onto a half of the start page, or onto a room, will make of this many files.
pub fn promise(files: usize, room: Room) -> String {
    let what = if room == Room::Mix { "track" } else { "song" };
    let place = if room == Room::Album { " of the album" } else { "" };
    match (files, room) {
        (0, Room::Mix) => "Files become tracks.".into(),
        (0, _) => format!("Each file becomes a song{place}."),
        (1, _) => format!("1 file becomes a {what}{place}."),
        (count, _) => format!("{count} files become {count} {what}s{place}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut names = ["10 Bass.wav", "2 Snare.wav", "02 Hats.wav", "kick.wav", "Drums 1.wav", "1 Kick.wav"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["1 Kick.wav", "02 Hats.wav", "2 Snare.wav", "10 Bass.wav", "Drums 1.wav", "kick.wav"]);
    }

    #[test]
    fn a_folder_of_stems_may_hold_notes_and_covers() {
        assert!(is_beside_audio(".DS_Store") && is_beside_audio("Cover.JPG"));
        assert!(!is_beside_audio("Lead Vox.aif") && !is_beside_audio("no ending"));
        assert!(is_session_file("Paper Boats.headroom") && !is_session_file("headroom.wav"));
    }

    #[test]
    fn a_drag_says_what_it_will_make() {
        assert_eq!(promise(12, Room::Mix), "12 files become 12 tracks.");
        assert_eq!(promise(1, Room::Master), "1 file becomes a song.");
        assert_eq!(promise(3, Room::Album), "3 files become 3 songs of the album.");
    }
}
