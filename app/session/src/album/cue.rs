//! A cue sheet: where the tracks of an album's one file begin, as text that writers of CDs and players read.

use super::cd::{CdTrack, msf};

/// A text of CD-Text is no longer.
const MOST_TEXT: usize = 80;

/// Text between quotes. The format knows no escape, so a quote becomes two apostrophes and a line's end a space.
fn quoted(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST_TEXT).collect();
    format!("\"{}\"", plain.trim().replace('"', "''"))
}

/// The sheet of an album in one WAV file. Silence between two songs stands before the later one (index 00), as on a pressed disc.
pub fn sheet(title: &str, performer: &str, file_name: &str, tracks: &[CdTrack]) -> String {
    let mut lines = Vec::new();
    if !performer.is_empty() {
        lines.push(format!("PERFORMER {}", quoted(performer)));
    }
    lines.push(format!("TITLE {}", quoted(title)));
    lines.push(format!("FILE {} WAVE", quoted(file_name)));
    for (at, track) in tracks.iter().enumerate() {
        lines.push(format!("  TRACK {:02} AUDIO", at + 1));
        lines.push(format!("    TITLE {}", quoted(&track.title)));
        if !performer.is_empty() {
            lines.push(format!("    PERFORMER {}", quoted(performer)));
        }
        if let Some(gap) = track.gap {
            lines.push(format!("    INDEX 00 {}", msf(gap)));
        }
        lines.push(format!("    INDEX 01 {}", msf(track.start)));
    }
    lines.push(String::new());
    lines.join("\r\n")
}
