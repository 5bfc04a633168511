//! Whether a song is its file and nothing else: then what was measured of the file is true of the song's export.

use dsp::engine::STRIP_PARAMS;

use crate::model::{Clip, Fade, Session, Song, SongId, SongKind, Source, Strip, Target};

impl Session {
    /// The stereo file that a song of the Master room plays from its first frame to its last, with nothing done to it.
    pub fn plain_file(&self, song: SongId) -> Option<&Source> {
        let song = self.song(song).filter(|song| song.kind == SongKind::Stereo)?;
        let mut clips = song.clips().map(|(_, clip)| clip);
        let clip = clips.next().filter(|_| clips.next().is_none())?;
        let source = self.source(clip.source)?;
        let is_plain = song.strips.iter().all(Strip::is_plain) && song.is_whole(clip, source);
        is_plain.then_some(source)
    }
}

impl Song {
    fn is_whole(&self, clip: &Clip, source: &Source) -> bool {
        let is_all = self.range.is_none() && (clip.start, clip.offset, clip.length) == (0, 0, source.frames);
        let is_as_it_is = clip.gain_db == 0.0 && [clip.fade_in, clip.fade_out].iter().all(|fade| *fade == Fade::default());
        is_all && is_as_it_is && source.rate_hz == self.rate_hz && source.channels == 2
    }
}

impl Strip {
    fn is_plain(&self) -> bool {
        let is_empty = self.inserts.is_empty() && self.sends.is_empty() && self.lanes.is_empty();
        let is_default = |id: &str, default: f32| self.value_of(&Target::Strip(id.into())) == default;
        is_empty && self.output.is_none() && STRIP_PARAMS.iter().all(|param| is_default(param.id, param.default))
    }
}

#[cfg(test)]
mod tests {
    use crate::Edit;
    use crate::model::{Insert, Target};
    use crate::testing::stereo_session;

    #[test]
    fn a_song_is_its_file_until_anything_is_done_to_it_and_again_when_that_is_undone() {
        let (mut session, song) = stereo_session();
        // A file of the song's own rate.
        let rate_hz = session.song(song).expect("the song").rate_hz;
        session.sources[0].rate_hz = rate_hz;
        let source = session.sources[0].clone();
        for clip in session.songs.iter_mut().flat_map(|song| &mut song.strips).flat_map(|strip| &mut strip.clips) {
            clip.length = source.frames;
        }
        assert_eq!(session.plain_file(song).map(|source| source.id), Some(source.id));
        let master = session.song(song).and_then(|song| song.master()).expect("a master").id;
        let insert = Insert::new(&mut session.ids(), "utility");
        let edits = [
            Edit::SetValue { song, strip: master, target: Target::Strip("volume".into()), value: -0.1 },
            Edit::AddInsert { song, strip: master, at: 0, insert },
        ];
        for edit in edits {
            let undo = session.apply(&edit).expect("an edit that fits");
            assert_eq!(session.plain_file(song), None, "{edit:?}");
            session.apply(&undo).expect("undone");
            assert!(session.plain_file(song).is_some(), "{edit:?} undone");
        }
        session.sources[0].channels = 1;
        assert_eq!(session.plain_file(song), None, "one side is heard on both");
    }
}
