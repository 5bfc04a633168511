//! What lies under the pointer on a track.

use session::model::{Clip, ClipId};

use super::shape::Part;
use super::window::Window;

/// Reach of an edge to either side.
const EDGE_PX: f64 = 6.0;
/// Reach of a fade's corner to either side.
const CORNER_PX: f64 = 6.0;
/// How far down from a clip's top its corners reach.
const CORNER_DEPTH_PX: f64 = 10.0;
/// Clips narrower than this have a body only.
const PARTS_FROM_PX: f64 = 24.0;

/// The clip and its part at `x`, `y` pixels under the track's top. The clip that starts later lies on top.
pub fn part_at(clips: &[Clip], window: &Window, x: f64, y: f64) -> Option<(ClipId, Part)> {
    clips.iter().rev().find_map(|clip| part_of(clip, window, x, y).map(|part| (clip.id, part)))
}

fn part_of(clip: &Clip, window: &Window, x: f64, y: f64) -> Option<Part> {
    let (left, right) = (window.x(clip.start), window.x(clip.start + clip.length));
    if x < left - EDGE_PX / 2.0 || x > right + EDGE_PX / 2.0 {
        return None;
    }
    if right - left < PARTS_FROM_PX {
        return (x >= left && x <= right).then_some(Part::Body);
    }
    if y < CORNER_DEPTH_PX {
        let fade_in = left + f64::from(clip.fade_in.frames) / window.frames_per_px;
        let fade_out = right - f64::from(clip.fade_out.frames) / window.frames_per_px;
        if (x - fade_in.max(left + CORNER_PX)).abs() <= CORNER_PX {
            return Some(Part::FadeIn);
        }
        if (x - fade_out.min(right - CORNER_PX)).abs() <= CORNER_PX {
            return Some(Part::FadeOut);
        }
    }
    Some(if x <= left + EDGE_PX {
        Part::Start
    } else if x >= right - EDGE_PX {
        Part::End
    } else {
        Part::Body
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::model::{Fade, SourceId};

    fn clip(id: u32, start: u64, length: u64) -> Clip {
        Clip {
            id: ClipId(id),
            source: SourceId(1),
            start,
            offset: 0,
            length,
            gain_db: 0.0,
            fade_in: Fade::default(),
            fade_out: Fade::default(),
        }
    }

    fn window() -> Window {
        Window { start: 0.0, frames_per_px: 100.0, width: 1000.0, length: 100_000.0 }
    }

    #[test]
    fn edges_corners_and_body_are_told_apart() {
        let clips = [clip(1, 10_000, 20_000)];
        let part = |x, y| part_at(&clips, &window(), x, y).map(|(_, part)| part);
        assert_eq!(part(200.0, 15.0), Some(Part::Body));
        assert_eq!(part(101.0, 15.0), Some(Part::Start));
        assert_eq!(part(299.0, 15.0), Some(Part::End));
        assert_eq!(part(106.0, 3.0), Some(Part::FadeIn));
        assert_eq!(part(294.0, 3.0), Some(Part::FadeOut));
        assert_eq!(part(320.0, 3.0), None);
    }

    #[test]
    fn of_two_that_overlap_the_later_one_is_taken() {
        let clips = [clip(1, 0, 20_000), clip(2, 15_000, 20_000)];
        assert_eq!(part_at(&clips, &window(), 170.0, 15.0).map(|(id, _)| id), Some(ClipId(2)));
    }

    #[test]
    fn a_clip_too_narrow_for_handles_can_still_be_moved() {
        assert_eq!(part_at(&[clip(1, 10_000, 500)], &window(), 102.0, 3.0), Some((ClipId(1), Part::Body)));
    }
}
