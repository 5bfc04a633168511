//! From an imported file to the edit that gives it a track in the mix or a song in the Master room.

use session::Edit;
use session::guess;
use session::model::{Clip, Session, Song, Strip};
use session::worker::Imported;

/// The edit that makes a track of a file, after the `after` first tracks of the mix. The first file of a session decides its rate.
pub fn as_track(session: &Session, imported: Imported, after: usize) -> Edit {
    let mut ids = session.ids();
    let mut edits = Vec::new();
    let rate_hz = session.mix().map_or(imported.rate_hz, |song| song.rate_hz);
    let song_id = match session.mix() {
        Some(song) => song.id,
        None => {
            let song = Song::mix(&mut ids, session.name.clone(), rate_hz);
            let id = song.id;
            edits.push(Edit::AddSong { at: 0, song: Box::new(song) });
            id
        }
    };
    let tracks = session.mix().map_or(0, |song| song.strips_of(dsp::protocol::StripKind::Audio).count());
    let file_name = imported.file_name.clone();
    let (source, adopt) = imported.adopted(session, &mut ids);
    edits.extend(adopt);
    let mut strip = Strip::audio(&mut ids, guess::track_name(&file_name), guess::track_colour(&file_name, tracks));
    strip.clips.push(Clip::whole(&mut ids, &source, rate_hz, 0));
    edits.push(Edit::AddStrip { song: song_id, at: after, strip: Box::new(strip) });
    Edit::Batch(edits)
}

/// The edit that makes a song of the Master room of a file.
pub fn as_song(session: &Session, imported: Imported) -> Edit {
    let mut ids = session.ids();
    let (rate_hz, file_name) = (imported.rate_hz, imported.file_name.clone());
    let (source, adopt) = imported.adopted(session, &mut ids);
    let mut edits: Vec<Edit> = adopt.into_iter().collect();
    let song = Song::stereo(&mut ids, guess::song_name(&file_name), rate_hz, &source);
    edits.push(Edit::AddSong { at: usize::MAX, song: Box::new(song) });
    Edit::Batch(edits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dsp::protocol::StripKind;
    use session::model::SampleFormat;

    fn imported(name: &str, hash: &str, rate_hz: u32) -> Imported {
        Imported {
            hash: hash.into(),
            file_name: name.into(),
            rate_hz,
            channels: 2,
            frames: u64::from(rate_hz) * 3,
            format: SampleFormat::I24,
            notes: Vec::new(),
            time_reference: None,
        }
    }

    fn track_names(session: &Session) -> Vec<String> {
        session.mix().expect("mix").strips_of(StripKind::Audio).map(|strip| strip.name.clone()).collect()
    }

    #[test]
    fn the_first_file_decides_the_rate_and_later_ones_are_laid_out_at_it() {
        let mut session = Session::new("0".repeat(32), "Night");
        session.apply(&as_track(&session.clone(), imported("01_kick.wav", "a", 44_100), 0)).expect("first");
        session.apply(&as_track(&session.clone(), imported("02_bass.wav", "b", 48_000), 1)).expect("second");
        let mix = session.mix().expect("mix");
        assert_eq!(mix.rate_hz, 44_100);
        assert_eq!(track_names(&session), ["Kick", "Bass"]);
        assert!(mix.clips().all(|(_, clip)| clip.length == 3 * 44_100));
    }

    #[test]
    fn a_file_that_was_quicker_stands_where_its_name_puts_it() {
        let mut session = Session::new("0".repeat(32), "Night");
        session.apply(&as_track(&session.clone(), imported("b.wav", "b", 48_000), 0)).expect("quick");
        session.apply(&as_track(&session.clone(), imported("a.wav", "a", 48_000), 0)).expect("slow");
        assert_eq!(track_names(&session), ["A", "B"]);
    }

    #[test]
    fn the_same_file_twice_is_one_source_and_two_tracks() {
        let mut session = Session::new("0".repeat(32), "Night");
        for after in 0..2 {
            session.apply(&as_track(&session.clone(), imported("kick.wav", "a", 48_000), after)).expect("track");
        }
        assert_eq!((session.sources.len(), track_names(&session).len()), (1, 2));
    }

    #[test]
    fn a_stereo_file_becomes_a_song_at_its_own_rate() {
        let mut session = Session::new("0".repeat(32), "Night");
        session.apply(&as_song(&session.clone(), imported("Night Drive.wav", "a", 96_000))).expect("song");
        assert_eq!((session.songs.len(), session.songs[0].name.as_str(), session.songs[0].rate_hz), (1, "Night Drive", 96_000));
    }
}
