//! What a gesture on a clip makes of it: moving, trimming, fading, splitting. Nothing here knows pixels.

use session::model::{Clip, Fade};

/// Shortest clip that a gesture leaves, in frames: about a millisecond, still long enough to be grabbed again when zoomed in.
const MIN_FRAMES: u64 = 64;

/// The parts of a clip that a person can take hold of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Anywhere in the middle.
    Body,
    /// The left edge.
    Start,
    /// The right edge.
    End,
    /// The corner of the fade-in.
    FadeIn,
    /// The corner of the fade-out.
    FadeOut,
}

/// The clip as it is when its `part` was taken to `frame`: for [`Part::Body`] that is where its start lands, for an edge where the edge
/// lands, for a fade where its curve meets the full level. `source_frames` is how long its source is at the song's rate.
pub fn taken_to(clip: &Clip, part: Part, frame: u64, source_frames: u64) -> Clip {
    let end = clip.start + clip.length;
    match part {
        Part::Body => Clip { start: frame, ..clip.clone() },
        Part::Start => with_start(clip, frame),
        Part::End => {
            let longest = source_frames.saturating_sub(clip.offset).max(MIN_FRAMES.min(clip.length));
            let length = frame.saturating_sub(clip.start).clamp(MIN_FRAMES.min(longest), longest);
            fitted(Clip { length, ..clip.clone() })
        }
        Part::FadeIn => {
            let room = clip.length - u64::from(clip.fade_out.frames).min(clip.length);
            let frames = frame.saturating_sub(clip.start).min(room) as u32;
            Clip { fade_in: Fade { frames, ..clip.fade_in }, ..clip.clone() }
        }
        Part::FadeOut => {
            let room = clip.length - u64::from(clip.fade_in.frames).min(clip.length);
            let frames = end.saturating_sub(frame).min(room) as u32;
            Clip { fade_out: Fade { frames, ..clip.fade_out }, ..clip.clone() }
        }
    }
}

/// Where its `part` is now: what a gesture starts from.
pub fn place_of(clip: &Clip, part: Part) -> u64 {
    let end = clip.start + clip.length;
    match part {
        Part::Body | Part::Start => clip.start,
        Part::End => end,
        Part::FadeIn => clip.start + u64::from(clip.fade_in.frames),
        Part::FadeOut => end - u64::from(clip.fade_out.frames).min(clip.length),
    }
}

/// Both halves of a clip cut at `frame`, the second with the id of the first still on it; `None` when the cut would leave too little.
pub fn split(clip: &Clip, frame: u64) -> Option<(Clip, Clip)> {
    let first = frame.checked_sub(clip.start)?;
    let second = clip.length.checked_sub(first)?;
    if first < MIN_FRAMES || second < MIN_FRAMES {
        return None;
    }
    let left = fitted(Clip { length: first, fade_out: Fade::default(), ..clip.clone() });
    let right = fitted(Clip { start: frame, offset: clip.offset + first, length: second, fade_in: Fade::default(), ..clip.clone() });
    Some((left, right))
}

fn with_start(clip: &Clip, frame: u64) -> Clip {
    let end = clip.start + clip.length;
    // Not before its source begins, not before the song begins, not past its own end.
    let earliest = clip.start.saturating_sub(clip.offset);
    let start = frame.clamp(earliest, end.saturating_sub(MIN_FRAMES.min(clip.length)));
    let offset = (clip.offset + start).saturating_sub(clip.start);
    fitted(Clip { start, offset, length: end - start, ..clip.clone() })
}

/// Fades never together longer than the clip: the one at the changed end gives way last.
fn fitted(mut clip: Clip) -> Clip {
    let length = u32::try_from(clip.length).unwrap_or(u32::MAX);
    clip.fade_in.frames = clip.fade_in.frames.min(length);
    clip.fade_out.frames = clip.fade_out.frames.min(length - clip.fade_in.frames);
    clip
}

#[cfg(test)]
mod tests {
    use super::*;
    use dsp::protocol::FadeCurve;
    use session::model::{ClipId, SourceId};

    fn clip() -> Clip {
        let fade = |frames| Fade { frames, curve: FadeCurve::Linear };
        Clip {
            id: ClipId(1),
            source: SourceId(1),
            start: 10_000,
            offset: 2_000,
            length: 20_000,
            gain_db: 0.0,
            fade_in: fade(1_000),
            fade_out: fade(4_000),
        }
    }

    #[test]
    fn trimming_the_start_leaves_the_audio_where_it_sounds() {
        let trimmed = taken_to(&clip(), Part::Start, 12_500, 60_000);
        assert_eq!((trimmed.start, trimmed.offset, trimmed.length), (12_500, 4_500, 17_500));
        let opened = taken_to(&clip(), Part::Start, 0, 60_000);
        assert_eq!((opened.start, opened.offset, opened.length), (8_000, 0, 22_000));
    }

    #[test]
    fn trimming_the_end_stops_where_the_source_ends() {
        assert_eq!(taken_to(&clip(), Part::End, 1_000_000, 50_000).length, 48_000);
        assert_eq!(taken_to(&clip(), Part::End, 0, 50_000).length, MIN_FRAMES);
    }

    #[test]
    fn a_trim_takes_its_fades_along() {
        let short = taken_to(&clip(), Part::End, 13_000, 60_000);
        assert_eq!(short.fade_in.frames + short.fade_out.frames, 3_000);
    }

    #[test]
    fn fades_meet_but_never_cross() {
        assert_eq!(taken_to(&clip(), Part::FadeIn, 29_000, 60_000).fade_in.frames, 16_000);
        assert_eq!(taken_to(&clip(), Part::FadeOut, 0, 60_000).fade_out.frames, 19_000);
        assert_eq!(taken_to(&clip(), Part::FadeOut, 40_000, 60_000).fade_out.frames, 0);
    }

    #[test]
    fn taking_a_part_to_where_it_is_changes_nothing() {
        for part in [Part::Body, Part::Start, Part::End, Part::FadeIn, Part::FadeOut] {
            assert_eq!(taken_to(&clip(), part, place_of(&clip(), part), 60_000), clip());
        }
    }

    #[test]
    fn the_halves_of_a_split_play_the_same_audio_without_a_gap() {
        let (left, right) = split(&clip(), 15_000).expect("inside");
        assert_eq!(left.start + left.length, right.start);
        assert_eq!(left.offset + left.length, right.offset);
        assert_eq!(left.length + right.length, 20_000);
        assert_eq!((left.fade_in.frames, left.fade_out.frames), (1_000, 0));
        assert_eq!((right.fade_in.frames, right.fade_out.frames), (0, 4_000));
        assert_eq!(split(&clip(), 10_010), None);
        assert_eq!(split(&clip(), 40_000), None);
    }
}
