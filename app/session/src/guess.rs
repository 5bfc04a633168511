//! A track's name and colour from a file's name: "01_drums-kick.wav" becomes "Kick".
//!
//! Colours mean families, as the design's mixes have them: drums warm, bass blue, harmony green, voices pale violet.

/// Words of file names and the colours that their tracks take in turn.
const FAMILIES: &[(&[u8], &[&str])] = &[
    (&[10, 11], &["vox", "vocal", "vocals", "voice", "singer", "choir", "bv", "bvs", "backing", "rap", "adlib"]),
    (&[5], &["bass", "sub", "808"]),
    (&[1], &["kick", "kik", "bd", "bassdrum"]),
    (&[2], &["snare", "sn", "sd", "clap", "rim"]),
    (&[3], &["hat", "hats", "hihat", "hh", "cymbal", "crash", "ride", "overhead", "overheads", "oh", "shaker", "tambourine"]),
    (&[4], &["tom", "toms", "perc", "percussion", "conga", "bongo", "drum", "drums", "room", "loop"]),
    (&[6, 7], &["guitar", "guitars", "gtr", "piano", "keys", "organ", "rhodes", "epiano", "chords", "acoustic"]),
    (&[8], &["pad", "pads", "synth", "strings", "lead", "arp", "pluck"]),
    (&[9], &["fx", "sfx", "effect", "effects", "riser", "impact", "noise", "ambience"]),
    (&[12], &["sax", "trumpet", "trombone", "brass", "horn", "horns", "flute", "violin", "cello"]),
];
/// First words that only say what group a stem belongs to.
const GROUP_WORDS: &[&str] = &["drums", "drum", "stem", "stems", "track"];
/// Track colours of the design.
const COLOURS: u8 = 12;

/// The words of a file's name without folder, ending and leading track number.
fn words(file_name: &str) -> Vec<String> {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| if stem.is_empty() { base } else { stem });
    let all: Vec<String> = stem
        .split(|c: char| c.is_whitespace() || c == '_' || c == '-' || c == '.')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let is_number = |word: &String| word.chars().all(|c| c.is_ascii_digit());
    let first = all.iter().position(|word| !is_number(word)).unwrap_or(0);
    all[first.min(all.len())..].to_vec()
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The name of the track that is made from this file.
pub fn track_name(file_name: &str) -> String {
    let mut words = words(file_name);
    if words.len() > 1 && GROUP_WORDS.contains(&words[0].to_lowercase().as_str()) && words[1].chars().any(char::is_alphabetic) {
        words.remove(0);
    }
    if words.is_empty() {
        return "Track".into();
    }
    words.iter().map(|word| capital(word)).collect::<Vec<_>>().join(" ")
}

/// The name of the song that is made from this file: as the file has it, without its ending.
pub fn song_name(file_name: &str) -> String {
    let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem).trim();
    if stem.is_empty() { "Song".into() } else { stem.into() }
}

/// The colour of the track that is made from this file when `tracks` tracks are there already.
pub fn track_colour(file_name: &str, tracks: usize) -> u8 {
    let words: Vec<String> = words(file_name).iter().map(|word| word.to_lowercase()).collect();
    let known = FAMILIES.iter().find(|(_, names)| names.iter().any(|name| words.iter().any(|word| without_number(word) == *name)));
    match known {
        Some((colours, _)) => colours[tracks % colours.len()],
        None => (tracks % usize::from(COLOURS)) as u8 + 1,
    }
}

fn without_number(word: &str) -> &str {
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    if bare.is_empty() { word } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_s_file_name_gives_the_name_that_an_engineer_would_write() {
        assert_eq!(track_name("01_kick.wav"), "Kick");
        assert_eq!(track_name("Song stems/02_drums-snare.flac"), "Snare");
        assert_eq!(track_name("15_bass-picked.flac"), "Bass Picked");
        assert_eq!(track_name("Lead Vox.aif"), "Lead Vox");
        assert_eq!(track_name("808.wav"), "808");
        assert_eq!(track_name("été_ö.wav"), "Été Ö");
        assert_eq!(track_name("drums 2.wav"), "Drums 2");
        assert_eq!(track_name("___.wav"), "Track");
        assert_eq!(track_name(""), "Track");
    }

    #[test]
    fn a_family_has_its_colours_and_the_rest_take_them_in_turn() {
        assert_eq!(track_colour("01_kick.wav", 7), 1);
        assert_eq!(track_colour("bass1.wav", 7), 5);
        assert_eq!(track_colour("xyz.wav", 0), 1);
        assert_eq!(track_colour("xyz.wav", 13), 2);
    }

    #[test]
    fn a_song_keeps_the_name_of_its_file() {
        assert_eq!(song_name("album/03 - Night Drive.wav"), "03 - Night Drive");
        assert_eq!(song_name(".wav"), "Song");
    }
}
