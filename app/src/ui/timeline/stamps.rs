//! Clips where their files say that they were recorded: the time stamp of Broadcast Wave, counted from the earliest file of the song.

use dsp::protocol::StripId;
use session::Edit;
use session::model::{Clip, ClipId, Session, SongId};

use crate::state::Studio;

/// The time stamp of a clip's first frame, in frames of its song; `None` where its file has none.
fn stamp(session: &Session, song: SongId, clip: &Clip) -> Option<u64> {
    let (source, rate_hz) = (session.source(clip.source)?, session.song(song)?.rate_hz);
    let reference = u128::from(source.time_reference?) * u128::from(rate_hz) / u128::from(source.rate_hz.max(1));
    u64::try_from(reference).ok()?.checked_add(clip.offset)
}

/// Whether a clip's file says when it was recorded.
pub fn has_stamp(session: &Session, clip: &Clip) -> bool {
    session.source(clip.source).is_some_and(|source| source.time_reference.is_some())
}

/// The clips at their times; those without a stamp are left out.
fn aligned(session: &Session, song: SongId, clips: &[ClipId]) -> Vec<(StripId, Clip)> {
    let Some(found) = session.song(song) else { return Vec::new() };
    // A file's own start counts, whatever was trimmed off.
    let earliest = found.clips().filter_map(|(_, clip)| stamp(session, song, clip)?.checked_sub(clip.offset)).min().unwrap_or(0);
    let place = |id: &ClipId| {
        let (strip, clip) = found.clip(*id)?;
        Some((strip.id, Clip { start: stamp(session, song, clip)?.checked_sub(earliest)?, ..clip.clone() }))
    };
    clips.iter().filter_map(place).collect()
}

/// Moves clips to their times in one step.
pub fn align(studio: Studio, clips: &[ClipId]) {
    let Some(song) = studio.peek_song_id() else { return };
    let moved = studio.peek(|session| aligned(session, song, clips)).unwrap_or_default();
    if moved.is_empty() {
        studio.messages.news("None of these files says when it was recorded.");
        return;
    }
    let edits = moved.into_iter().map(|(strip, clip)| Edit::SetClip { song, strip, clip }).collect();
    studio.dispatch("Align by time stamp", Edit::Batch(edits));
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::model::{SampleFormat, Song, Source, SourceId, Strip};

    const HOUR_FRAMES: u64 = 3_600 * 48_000;

    fn source(id: u32, rate_hz: u32, time_reference: Option<u64>) -> Source {
        Source {
            id: SourceId(id),
            hash: format!("{id:064x}"),
            file_name: format!("{id}.wav"),
            rate_hz,
            channels: 1,
            frames: u64::from(rate_hz) * 10,
            format: SampleFormat::I24,
            notes: Vec::new(),
            time_reference,
        }
    }

    #[test]
    fn clips_stand_as_far_apart_as_their_files_were_recorded_whatever_the_rate() {
        let mut session = Session::new("0".repeat(32), "Take");
        session.next_id = 9;
        let sources = [source(1, 48_000, Some(HOUR_FRAMES)), source(2, 96_000, Some(2 * HOUR_FRAMES + 192_000)), source(3, 48_000, None)];
        let mut ids = session.ids();
        let mut song = Song::mix(&mut ids, "Take", 48_000);
        for source in &sources {
            let mut strip = Strip::audio(&mut ids, &source.file_name, 1);
            strip.clips.push(Clip::whole(&mut ids, source, 48_000, 7));
            song.strips.insert(0, strip);
        }
        let id = song.id;
        let add =
            sources.into_iter().map(|source| Edit::AddSource { at: 0, source }).chain([Edit::AddSong { at: 0, song: Box::new(song) }]);
        session.apply(&Edit::Batch(add.collect())).expect("a valid session");
        let clips: Vec<ClipId> = session.song(id).expect("the song").clips().map(|(_, clip)| clip.id).collect();
        let starts: Vec<(SourceId, u64)> = aligned(&session, id, &clips).into_iter().map(|(_, clip)| (clip.source, clip.start)).collect();
        assert_eq!(starts, [(SourceId(2), 96_000), (SourceId(1), 0)], "and what has no stamp stays");
    }
}
