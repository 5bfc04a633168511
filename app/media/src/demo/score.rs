//! What the demo song's players read: form, chords, melodies, grooves. Bars and beats only, no sound.

/// Rate at which the stems are made.
pub const RATE_HZ: u32 = 48_000;
/// Tempo in quarter notes per minute: a beat is a whole number of frames.
pub const BPM: u32 = 100;
/// Frames of one beat.
pub const BEAT_FRAMES: usize = (RATE_HZ * 60 / BPM) as usize;
/// Beats of a bar.
pub const BEATS: usize = 4;
/// Frames of one bar.
pub const BAR_FRAMES: usize = BEAT_FRAMES * BEATS;
/// Bars of the song.
pub const BARS: usize = 32;
/// Frames after the last bar in which everything rings out.
pub const TAIL_FRAMES: usize = 2 * RATE_HZ as usize;
/// Length of every stem.
pub const SONG_FRAMES: usize = BARS * BAR_FRAMES + TAIL_FRAMES;

/// A part of the song.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Four bars, no drums but a hat.
    Intro,
    /// Voice over a thin band.
    Verse,
    /// Everybody.
    Chorus,
}

/// The form: name, part, first bar, bars.
pub const FORM: &[(&str, Part, usize, usize)] = &[
    ("Intro", Part::Intro, 0, 4),
    ("Verse 1", Part::Verse, 4, 8),
    ("Chorus 1", Part::Chorus, 12, 8),
    ("Verse 2", Part::Verse, 20, 4),
    ("Chorus 2", Part::Chorus, 24, 8),
];

/// The part that a bar belongs to.
pub fn part_of(bar: usize) -> Part {
    FORM.iter().find(|(_, _, first, bars)| (*first..first + bars).contains(&bar)).map_or(Part::Chorus, |entry| entry.1)
}

/// A chord: the bass's note and four notes above, as MIDI numbers.
#[derive(Clone, Copy)]
pub struct Chord {
    /// Root for the bass.
    pub root: u8,
    /// Voicing for chords, pad and guitar.
    pub notes: [u8; 4],
}

const A_MINOR: Chord = Chord { root: 33, notes: [57, 60, 64, 67] };
const F_MAJOR: Chord = Chord { root: 29, notes: [57, 60, 64, 65] };
const C_MAJOR: Chord = Chord { root: 36, notes: [55, 60, 64, 67] };
const G_MAJOR: Chord = Chord { root: 31, notes: [55, 59, 62, 67] };

/// The chord of a bar.
pub fn chord_of(bar: usize) -> Chord {
    let verse = [A_MINOR, F_MAJOR, C_MAJOR, G_MAJOR];
    let chorus = [F_MAJOR, G_MAJOR, A_MINOR, C_MAJOR];
    match part_of(bar) {
        Part::Intro | Part::Verse => verse[bar % 4],
        Part::Chorus => chorus[bar % 4],
    }
}

/// A sung or played note.
#[derive(Clone, Copy)]
pub struct Note {
    /// Beats from the start of its four-bar phrase.
    pub beat: f32,
    /// Length in beats.
    pub beats: f32,
    /// MIDI number.
    pub pitch: u8,
    /// Index of the vowel that it is sung on.
    pub vowel: u8,
    /// Loudness from 0 to 1.
    pub velocity: f32,
}

const fn note(beat: f32, beats: f32, pitch: u8, vowel: u8, velocity: f32) -> Note {
    Note { beat, beats, pitch, vowel, velocity }
}

/// The voice in the verse, four bars; loud and soft as an unridden take is.
pub const VERSE_VOICE: &[Note] = &[
    note(0.5, 0.5, 64, 1, 0.8),
    note(1.0, 0.5, 64, 0, 0.6),
    note(1.5, 1.0, 62, 2, 0.5),
    note(2.5, 1.25, 60, 0, 0.45),
    note(4.5, 0.5, 60, 1, 0.5),
    note(5.0, 0.5, 62, 3, 0.7),
    note(5.5, 2.0, 57, 0, 0.4),
    note(8.5, 0.5, 64, 1, 0.85),
    note(9.0, 0.5, 67, 0, 1.0),
    note(9.5, 1.0, 64, 2, 0.7),
    note(10.5, 1.25, 62, 0, 0.5),
    note(12.0, 1.0, 62, 3, 0.6),
    note(13.0, 0.5, 60, 1, 0.4),
    note(13.5, 2.0, 59, 0, 0.35),
];

/// The voice in the chorus, four bars.
pub const CHORUS_VOICE: &[Note] = &[
    note(0.0, 1.5, 69, 0, 0.9),
    note(1.5, 0.5, 67, 1, 0.7),
    note(2.0, 1.75, 69, 0, 0.95),
    note(4.0, 1.0, 71, 2, 0.9),
    note(5.0, 1.0, 67, 0, 0.6),
    note(6.0, 1.75, 62, 3, 0.55),
    note(8.0, 1.5, 72, 0, 1.0),
    note(9.5, 0.5, 71, 1, 0.8),
    note(10.0, 1.0, 69, 0, 0.75),
    note(11.0, 1.0, 67, 2, 0.65),
    note(12.0, 2.5, 64, 0, 0.6),
    note(15.0, 0.75, 67, 3, 0.8),
];

/// The lead in intro and second chorus, four bars; its loudness jumps about: that is what a compressor is for.
pub const LEAD: &[Note] = &[
    note(0.0, 0.5, 76, 0, 1.0),
    note(0.75, 0.25, 74, 0, 0.35),
    note(1.0, 1.0, 72, 0, 0.7),
    note(2.5, 0.5, 69, 0, 0.3),
    note(3.0, 0.75, 72, 0, 0.9),
    note(4.0, 1.5, 74, 0, 0.45),
    note(6.0, 0.5, 72, 0, 1.0),
    note(6.5, 1.25, 71, 0, 0.4),
    note(8.0, 0.5, 76, 0, 0.95),
    note(8.75, 0.25, 79, 0, 0.5),
    note(9.0, 1.0, 76, 0, 0.8),
    note(10.5, 1.25, 72, 0, 0.3),
    note(12.0, 2.0, 67, 0, 0.6),
    note(14.5, 0.5, 71, 0, 0.85),
    note(15.0, 0.75, 74, 0, 0.5),
];

/// Frames of a moment in beats from the start of a bar.
pub fn frame_at(bar: usize, beat: f32) -> usize {
    bar * BAR_FRAMES + (beat * BEAT_FRAMES as f32) as usize
}

/// Frequency of a MIDI number.
pub fn pitch_hz(pitch: f32) -> f32 {
    440.0 * libm::exp2f((pitch - 69.0) / 12.0)
}
