//! Another rate for a song: everything keeps its time.

use std::sync::Arc;

use super::apply::{Outcome, song_mut};
use super::check::Touched;
use super::{EditError, songs};
use crate::model::{Clip, Fade, Range, Session, Song, SongId, Source};

/// The inverse is the song as it was, since rounding cannot be taken back by scaling.
pub(super) fn set(session: &mut Session, song: SongId, rate_hz: u32, touched: &mut Touched) -> Outcome {
    let mut changed = song_mut(session, song)?.clone();
    rescale(&mut changed, rate_hz, &session.sources)?;
    songs::put(session, &changed, touched)
}

fn rescale(song: &mut Song, rate_hz: u32, sources: &[Source]) -> Result<(), EditError> {
    if song.rate_hz == 0 {
        return Err(EditError::Refused("The song has no rate."));
    }
    let (from, to) = (u128::from(song.rate_hz), u128::from(rate_hz));
    let scale = |frame: u64| u64::try_from((u128::from(frame) * to + from / 2) / from).unwrap_or(u64::MAX);
    let scale_range = |range: Range| Range { start: scale(range.start), end: scale(range.end).max(scale(range.start) + 1) };
    song.rate_hz = rate_hz;
    song.markers.iter_mut().for_each(|marker| marker.frame = scale(marker.frame));
    song.cycle.range = song.cycle.range.map(scale_range);
    song.range = song.range.map(scale_range);
    let chains = song.versions.others.values_mut();
    for lane in chains.flat_map(|chain| &mut chain.lanes) {
        Arc::make_mut(&mut lane.points).iter_mut().for_each(|point| point.frame = scale(point.frame));
    }
    for strip in &mut song.strips {
        let frozen = strip.frozen.as_deref_mut();
        let (clips, lanes) = frozen.map(|frozen| (frozen.clips.iter_mut(), frozen.lanes.iter_mut())).unzip();
        for clip in strip.clips.iter_mut().chain(clips.into_iter().flatten()) {
            let source = sources.iter().find(|source| source.id == clip.source).ok_or(EditError::Missing("source"))?;
            rescale_clip(clip, source.frames_at(rate_hz), scale);
        }
        for lane in strip.lanes.iter_mut().chain(lanes.into_iter().flatten()) {
            Arc::make_mut(&mut lane.points).iter_mut().for_each(|point| point.frame = scale(point.frame));
        }
    }
    Ok(())
}

/// Both ends are scaled (not start and length), so clips that touched still touch.
fn rescale_clip(clip: &mut Clip, source_frames: u64, scale: impl Fn(u64) -> u64) {
    let end = scale(clip.end());
    clip.start = scale(clip.start);
    clip.offset = scale(clip.offset).min(source_frames.saturating_sub(1));
    clip.length = end.saturating_sub(clip.start).min(source_frames - clip.offset).max(1);
    let scale_fade = |fade: Fade| Fade { frames: u32::try_from(scale(u64::from(fade.frames))).unwrap_or(u32::MAX), ..fade };
    clip.fade_in = scale_fade(clip.fade_in);
    clip.fade_out = scale_fade(clip.fade_out);
}
