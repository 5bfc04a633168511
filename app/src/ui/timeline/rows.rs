//! Where the tracks stand, one under the other, each with its automation lane when that is open.

use dsp::protocol::StripId;

/// A track's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Which strip.
    pub strip: StripId,
    /// Its place among the tracks, from 0.
    pub index: usize,
    /// Top in pixels from the first row's top.
    pub top: f64,
    /// Height of the track itself.
    pub height: f64,
    /// Height of the lane under it, 0 when closed.
    pub lane_height: f64,
}

impl Row {
    /// Pixel after its last.
    pub fn bottom(&self) -> f64 {
        self.top + self.height + self.lane_height
    }

    /// Whether a height from the first row's top is in its lane.
    pub fn is_lane(&self, y: f64) -> bool {
        y >= self.top + self.height && y < self.bottom()
    }
}

/// Rows for these strips, `true` for those whose lane is open.
pub fn stacked(strips: impl IntoIterator<Item = (StripId, bool)>, track_px: f64, lane_px: f64) -> Vec<Row> {
    let mut top = 0.0;
    strips
        .into_iter()
        .enumerate()
        .map(|(index, (strip, open))| {
            let row = Row { strip, index, top, height: track_px, lane_height: if open { lane_px } else { 0.0 } };
            top = row.bottom();
            row
        })
        .collect()
}

/// Height of all rows.
pub fn height(rows: &[Row]) -> f64 {
    rows.last().map_or(0.0, Row::bottom)
}

/// The row at a height from the first row's top.
pub fn at(rows: &[Row], y: f64) -> Option<&Row> {
    rows.iter().find(|row| y >= row.top && y < row.bottom())
}

/// The rows of which something is visible when scrolled down by `scroll` in a view of `height`.
pub fn visible(rows: &[Row], scroll: f64, height: f64) -> &[Row] {
    let first = rows.partition_point(|row| row.bottom() <= scroll);
    let after = rows.partition_point(|row| row.top < scroll + height);
    rows.get(first..after.max(first)).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_view_of_64_tracks_is_drawn() {
        let rows = stacked((1..=64).map(|id| (StripId(id), id == 10)), 25.0, 58.0);
        assert_eq!(height(&rows), 64.0 * 25.0 + 58.0);
        let seen = visible(&rows, 240.0, 100.0);
        assert_eq!(seen.iter().map(|row| row.index).collect::<Vec<_>>(), [9, 10, 11]);
        assert!(visible(&rows, 1e6, 100.0).is_empty());
    }

    #[test]
    fn a_height_belongs_to_a_track_or_to_its_lane() {
        let rows = stacked([(StripId(1), true), (StripId(2), false)], 25.0, 58.0);
        assert!(!at(&rows, 24.9).expect("track").is_lane(24.9));
        assert!(at(&rows, 25.0).expect("lane").is_lane(25.0));
        assert_eq!(at(&rows, 83.0).map(|row| row.index), Some(1));
        assert_eq!(at(&rows, 108.0), None);
    }
}
