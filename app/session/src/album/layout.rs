//! Where the songs of an album lie on its timeline, in frames.
//!
//! Each begins at the first line of the CD's grid after the end of the one before and its gap, so that one layout serves files and a disc. With
//! a negative gap two songs sound together and fade over each other; a third never does.

use dsp::protocol::FadeCurve;

use super::{Track, cd};
use crate::model::{Clip, Fade};

/// Frames of a time.
pub fn frames(ms: u32, rate_hz: u32) -> u64 {
    (u64::from(ms) * u64::from(rate_hz) + 500) / 1_000
}

/// A fade of at least this length; over another song it keeps the power of both together.
fn fade(wanted: u64, overlap: u64) -> Fade {
    let curve = if overlap > 0 { FadeCurve::EqualPower } else { FadeCurve::Smooth };
    Fade { frames: u32::try_from(wanted.max(overlap)).unwrap_or(u32::MAX), curve }
}

/// Gives the clips of songs their places and fades; both are in the album's order.
pub fn lay_out(tracks: &[Track], clips: &mut [Clip], rate_hz: u32) {
    let (mut start, mut overlap, mut ends_before) = (0, 0, 0);
    for at in 0..clips.len().min(tracks.len()) {
        let (track, clip) = (&tracks[at], &mut clips[at]);
        clip.start = start;
        clip.fade_in = fade(frames(track.fade_in_ms, rate_hz), overlap);
        let end = clip.end();
        let next = next_start(track, clip, ends_before, rate_hz);
        overlap = if at + 1 < tracks.len() { end.saturating_sub(next) } else { 0 };
        clip.fade_out = fade(frames(track.fade_out_ms, rate_hz), overlap);
        (start, ends_before) = (next, ends_before.max(end));
    }
}

/// Where the song after this one begins: on the grid, behind this one's start and behind the end of all that come before it.
fn next_start(track: &Track, clip: &Clip, ends_before: u64, rate_hz: u32) -> u64 {
    let gap = frames(track.gap_ms.unsigned_abs(), rate_hz);
    let wanted = if track.gap_ms < 0 { clip.end().saturating_sub(gap) } else { clip.end().saturating_add(gap) };
    cd::frame_of(cd::sector_from(wanted.max(ends_before).max(clip.start + 1), rate_hz), rate_hz)
}
