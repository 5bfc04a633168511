//! Where things land when they are dragged: on the grid, and on the edges of what is there.

use session::model::Tempo;

use super::time;

/// A grid to land on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grid {
    /// Anywhere.
    Off,
    /// Bars.
    Bar,
    /// Beats.
    #[default]
    Beat,
    /// Halves of a beat.
    Half,
    /// Quarters of a beat.
    Quarter,
}

impl Grid {
    /// All, in the order of the menu, with their names.
    pub const ALL: [(Self, &'static str); 5] =
        [(Self::Off, "Off"), (Self::Bar, "Bar"), (Self::Beat, "Beat"), (Self::Half, "1/2 beat"), (Self::Quarter, "1/4 beat")];

    /// Frames between two of its lines; `None` when it is off.
    pub fn frames(self, rate_hz: u32, tempo: &Tempo) -> Option<f64> {
        let beat = time::beat_frames(rate_hz, tempo);
        match self {
            Self::Off => None,
            Self::Bar => Some(time::bar_frames(rate_hz, tempo)),
            Self::Beat => Some(beat),
            Self::Half => Some(beat / 2.0),
            Self::Quarter => Some(beat / 4.0),
        }
    }
}

/// The place nearest to `frame` among the grid's lines and `edges`, when one is at most `reach` frames away; `frame` itself otherwise.
pub fn snapped(frame: u64, grid_frames: Option<f64>, edges: &[u64], reach: u64) -> u64 {
    let line = grid_frames.map(|grid| ((frame as f64 / grid).round() * grid).round() as u64);
    edges
        .iter()
        .copied()
        .chain(line)
        .filter(|place| place.abs_diff(frame) <= reach)
        .min_by_key(|place| place.abs_diff(frame))
        .unwrap_or(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_line_or_edge_within_reach_is_taken() {
        assert_eq!(snapped(24_900, Some(24_000.0), &[], 1000), 24_000);
        assert_eq!(snapped(24_900, Some(24_000.0), &[25_100], 1000), 25_100);
        assert_eq!(snapped(26_000, Some(24_000.0), &[30_000], 1000), 26_000);
        assert_eq!(snapped(26_000, None, &[], 1000), 26_000);
    }

    #[test]
    fn a_grid_of_beats_follows_tempo_and_metre() {
        let tempo = Tempo { bpm: 96.0, beats: 6, beat_unit: 8 };
        assert_eq!(Grid::Beat.frames(48_000, &tempo), Some(15_000.0));
        assert_eq!(Grid::Bar.frames(48_000, &tempo), Some(90_000.0));
        assert_eq!(Grid::Off.frames(48_000, &tempo), None);
    }
}
