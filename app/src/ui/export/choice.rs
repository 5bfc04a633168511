//! What an export will write: the person's choices, and what follows from them. Nothing here knows the page.

use session::model::{Range, Session, Song, SongId, SongKind};
use session::worker::{Delivery, DeliveryFormat, Dither};

/// Bytes of a WAV file before its samples, with the chunk that floats need.
const HEADER_BYTES: u64 = 80;
/// Characters that no file system should be given.
const FORBIDDEN: &str = "/\\:*?\"<>|";

/// Which part of a song.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stretch {
    /// All of it.
    #[default]
    Whole,
    /// The loop.
    Loop,
    /// The selected clip's stretch.
    Selection,
}

/// The choices of the dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Samples.
    pub format: DeliveryFormat,
    /// Dither of the integer formats.
    pub dither: Dither,
    /// Which part.
    pub stretch: Stretch,
    /// Whether solo is written too.
    pub as_soloed: bool,
    /// Rate of the file; `None` is the song's own.
    pub rate_hz: Option<u32>,
    /// The id of the place whose loudness is reached; `None` leaves the song as it is.
    pub target: Option<String>,
}

impl Default for Choice {
    fn default() -> Self {
        Self {
            format: DeliveryFormat::Wav24,
            dither: Dither::Triangular,
            stretch: Stretch::Whole,
            as_soloed: false,
            rate_hz: None,
            target: None,
        }
    }
}

impl Choice {
    /// Dither as it will be applied: floats have none.
    pub fn applied_dither(&self) -> Dither {
        if self.format == DeliveryFormat::WavFloat { Dither::None } else { self.dither }
    }

    /// What is asked of the delivery for a song.
    pub fn delivery(&self, session: &Session, song: &Song, range: Range) -> Delivery {
        Delivery {
            file_name: file_name(session, song),
            rate_hz: song.rate_hz,
            file_rate_hz: Some(self.rate_hz.unwrap_or(song.rate_hz)),
            ceiling_dbtp: session::target::ceiling_dbtp(session, song.id),
            format: self.format,
            dither: self.applied_dither(),
            expected_frames: range.end - range.start,
        }
    }
}

/// The formats with the words of the dialog.
pub const FORMATS: [(DeliveryFormat, &str); 3] =
    [(DeliveryFormat::Wav16, "16 bit"), (DeliveryFormat::Wav24, "24 bit"), (DeliveryFormat::WavFloat, "32 bit float")];

/// Dithers of the integer formats with the words of the dialog.
pub const DITHERS: [(Dither, &str); 5] = [
    (Dither::None, "None"),
    (Dither::Triangular, "Triangular"),
    (Dither::ShapedGentle, "Shaped, gentle"),
    (Dither::ShapedMedium, "Shaped, medium"),
    (Dither::ShapedStrong, "Shaped, strong"),
];

/// Bytes of one frame, two channels.
const fn frame_bytes(format: DeliveryFormat) -> u64 {
    match format {
        DeliveryFormat::Wav16 => 4,
        DeliveryFormat::Wav24 => 6,
        DeliveryFormat::WavFloat => 8,
    }
}

/// The file's size without the tail.
pub fn bytes(format: DeliveryFormat, range: Range) -> u64 {
    HEADER_BYTES + (range.end - range.start) * frame_bytes(format)
}

/// Rates that a file can have.
pub const RATES_HZ: [u32; 6] = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

/// The stretch of a song; `None` where there is none to write.
pub fn range(song: &Song, stretch: Stretch, selection: Option<Range>) -> Option<Range> {
    let range = match stretch {
        Stretch::Whole => Some(song.whole()),
        Stretch::Loop => song.cycle.range,
        Stretch::Selection => selection,
    };
    range.filter(|range| range.start < range.end)
}

/// The name of a deliverable: the mix is called so, a stereo file's master by its song.
pub fn title(song: &Song) -> String {
    match song.kind {
        SongKind::Mix => "Mix".into(),
        SongKind::Stereo => format!("Master of {}", song.name),
    }
}

/// The file's name: the session's for its mix, the song's with the word for a master.
pub fn file_name(session: &Session, song: &Song) -> String {
    let name = match song.kind {
        SongKind::Mix => format!("{} mix", session.name),
        SongKind::Stereo => format!("{} master", song.name),
    };
    safe_name(&name, "wav")
}

/// A name from anywhere as a file's, with its ending.
pub fn safe_name(name: &str, ending: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_control() || FORBIDDEN.contains(c) { '_' } else { c }).collect();
    format!("{}.{ending}", safe.trim())
}

/// The songs that can be written.
pub fn deliverables(session: &Session) -> Vec<SongId> {
    session.songs.iter().filter(|song| song.end_frame() > 0).map(|song| song.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        let mut session = Session::new("0".repeat(32), "Paper/Boats");
        let song = Song::mix(&mut session.ids(), "Mix", 48_000);
        session.songs.push(song);
        session
    }

    #[test]
    fn a_name_from_anywhere_becomes_a_name_for_a_file() {
        let session = session();
        assert_eq!(file_name(&session, &session.songs[0]), "Paper_Boats mix.wav");
    }

    #[test]
    fn floats_are_never_dithered() {
        let choice = Choice { format: DeliveryFormat::WavFloat, ..Choice::default() };
        assert_eq!(choice.applied_dither(), Dither::None);
        assert_eq!(Choice::default().applied_dither(), Dither::Triangular);
    }

    #[test]
    fn a_stretch_that_is_not_there_is_not_written() {
        let session = session();
        let song = &session.songs[0];
        assert_eq!(range(song, Stretch::Loop, None), None);
        assert_eq!(range(song, Stretch::Whole, None), None);
        let selection = Some(Range { start: 10, end: 20 });
        assert_eq!(range(song, Stretch::Selection, selection), selection);
        assert_eq!(bytes(DeliveryFormat::Wav24, Range { start: 0, end: 1000 }), 6080);
    }
}
