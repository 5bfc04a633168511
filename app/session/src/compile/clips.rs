//! A track's clips as its player and its feeder know them.

use dsp::protocol::{ClipPlay, Command, LanePoint, PIECE_ELEMENTS, Piece, StripId};
use dsp::units::db_to_gain;

use crate::model::Clip;
use crate::rules;

/// What a player must know of each clip, in order of start. A clip for which both lanes are taken (no valid session has one) is left
/// out.
pub fn clip_plays(clips: &[Clip]) -> Vec<ClipPlay> {
    rules::lanes_of(clips).map_or_else(
        |third| clip_plays(&clips[..third]),
        |lanes| {
            let with_lanes = clips.iter().zip(lanes);
            with_lanes
                .map(|(clip, lane)| ClipPlay {
                    start: clip.start,
                    length: clip.length,
                    lane,
                    gain: db_to_gain(f64::from(clip.gain_db)) as f32,
                    fade_in: clip.fade_in.frames,
                    fade_out: clip.fade_out.frames,
                    fade_in_curve: clip.fade_in.curve,
                    fade_out_curve: clip.fade_out.curve,
                })
                .collect()
        },
    )
}

/// Names what the feeder reads for these clips (never 0): clips that differ only in gain and fades have one revision, so such an edit
/// reaches the blocks that are already fed. FNV-1a over the placements.
pub fn revision(clips: &[Clip]) -> u32 {
    const OFFSET_BASIS: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    let numbers = clips.iter().flat_map(|clip| [clip.start, clip.length, clip.offset, u64::from(clip.source.0)]);
    let hash = numbers.flat_map(u64::to_le_bytes).fold(OFFSET_BASIS, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(PRIME));
    hash.max(1)
}

/// A list in pieces; an empty one is one empty piece.
fn pieces<T: Copy>(list: &[T]) -> impl Iterator<Item = (Piece, Vec<T>)> {
    let count = list.len().div_ceil(PIECE_ELEMENTS).max(1);
    (0..count).map(move |at| {
        let part = list[at * PIECE_ELEMENTS..].iter().take(PIECE_ELEMENTS).copied().collect();
        (Piece { first: at == 0, last: at + 1 == count, total: list.len() as u32 }, part)
    })
}

/// The commands that hand a track its clips.
pub(super) fn set_clips(strip: StripId, clips: &[Clip]) -> impl Iterator<Item = Command> {
    let revision = revision(clips);
    let plays = clip_plays(clips);
    let commands: Vec<_> = pieces(&plays).map(|(piece, clips)| Command::SetClips { strip, revision, piece, clips }).collect();
    commands.into_iter()
}

/// The commands that hand a parameter its automation.
pub(super) fn set_lane(address: dsp::protocol::Address, points: &[LanePoint]) -> impl Iterator<Item = Command> {
    pieces(points).map(move |(piece, points)| Command::SetLane { address, piece, points })
}
