//! The clips of all tracks as a mask: how much ink lies on each device pixel.
//!
//! A canvas takes a call for every point of a path, and an hour of short clips has a hundred thousand of them. Here the columns of a track's
//! clips are gathered first (where two clips share one, the further swing counts), then laid as bytes; the canvas takes those of all tracks
//! at once and gives each its colour. So a picture costs what its pixels cost, however many clips are in it.

use super::wave::{Column, Stroke};

/// Bytes of a pixel; only the last, its opacity, is ever set.
const PIXEL_BYTES: usize = 4;

/// What lies on one column of a track's pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pile {
    /// Opacity of the clips' bodies.
    pub body: f32,
    /// How far the audio swings, where there is some.
    pub swing: Option<Column>,
    /// Whether a clip begins or ends here.
    pub is_edge: bool,
}

/// How thick the ink of a track is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inks {
    /// Opacity of a clip's body.
    pub body: f32,
    /// Opacity of its waveform as far as the peaks reach.
    pub peak: f32,
    /// The same as far as the RMS reaches.
    pub rms: f32,
}

/// The columns of a track, from the left.
#[derive(Debug)]
pub struct Piles {
    piles: Vec<Pile>,
    inks: Inks,
}

impl Piles {
    /// Nothing on so many columns.
    pub fn new(columns: usize, inks: Inks) -> Self {
        Self { piles: vec![Pile::default(); columns], inks }
    }

    /// A clip's body between two places in device pixels: a column that it covers in part gets a part of its ink.
    pub fn body(&mut self, from: f64, to: f64) {
        let (from, to) = (from.max(0.0), to.min(self.piles.len() as f64));
        for at in from as usize..to.ceil().max(0.0) as usize {
            let covered = (to.min(at as f64 + 1.0) - from.max(at as f64)) as f32;
            self.piles[at].body = over(self.piles[at].body, self.inks.body * covered);
        }
    }

    /// Its waveform.
    pub fn wave(&mut self, strokes: &[Stroke]) {
        for Stroke { at, column } in strokes {
            let Some(pile) = self.piles.get_mut(*at) else { continue };
            pile.swing = Some(pile.swing.map_or(*column, |other| other.with(column)));
        }
    }

    /// An edge of so many columns from a place on.
    pub fn edge(&mut self, from: i64, width: usize) {
        let columns = (from..from + width as i64).filter_map(|at| usize::try_from(at).ok());
        for at in columns {
            if let Some(pile) = self.piles.get_mut(at) {
                pile.is_edge = true;
            }
        }
    }
}

/// A picture's opacities.
#[derive(Debug, Default)]
pub struct Mask {
    width: usize,
    bytes: Vec<u8>,
}

/// The pixels of the mask that a track has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// Its first line; before the mask's when it is scrolled half out of view.
    pub top: i64,
    /// Lines.
    pub height: usize,
}

impl Mask {
    /// Empty, of this size.
    pub fn clear(&mut self, width: usize, height: usize) {
        self.width = width;
        self.bytes.clear();
        self.bytes.resize(width * height * PIXEL_BYTES, 0);
    }

    /// Pixels across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> usize {
        self.bytes.len() / (self.width * PIXEL_BYTES).max(1)
    }

    /// Red, green, blue and opacity of every pixel, line by line.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Lays a track's columns on its band; `ratio` device pixels are one CSS pixel.
    pub fn lay(&mut self, band: Band, piles: &Piles, ratio: f32) {
        let full = band.height as f32;
        let (middle, half) = (full / 2.0, full / 2.0 - ratio);
        // At least half a CSS pixel on both sides: silence is a line.
        let reach = |swing: f32| (swing * half).max(ratio / 2.0);
        for (x, pile) in piles.piles.iter().enumerate() {
            if pile.is_edge {
                self.column(x, band, (0.0, full), 1.0);
                continue;
            }
            if pile.body > 0.0 {
                self.column(x, band, (0.0, full), pile.body);
            }
            if let Some(swing) = pile.swing.filter(|swing| swing.is_line) {
                let line = (middle - swing.max * half - ratio / 2.0, middle - swing.min * half + ratio / 2.0);
                self.column(x, band, line, piles.inks.peak.max(piles.inks.rms));
            } else if let Some(swing) = pile.swing {
                self.column(x, band, (middle - reach(swing.max), middle + reach(-swing.min)), piles.inks.peak);
                self.column(x, band, (middle - reach(swing.rms), middle + reach(swing.rms)), piles.inks.rms);
            }
        }
    }

    /// Ink over a column of a band between two heights under its top.
    fn column(&mut self, x: usize, band: Band, (from, to): (f32, f32), ink: f32) {
        let lines = self.height() as i64;
        for line in from.max(0.0) as usize..(to.ceil() as usize).min(band.height) {
            let y = band.top + line as i64;
            if (0..lines).contains(&y) {
                let covered = to.min(line as f32 + 1.0) - from.max(line as f32);
                let byte = &mut self.bytes[(y as usize * self.width + x) * PIXEL_BYTES + PIXEL_BYTES - 1];
                *byte = (over(f32::from(*byte) / 255.0, ink * covered) * 255.0 + 0.5) as u8;
            }
        }
    }
}

/// The opacity of ink over ink.
fn over(below: f32, above: f32) -> f32 {
    below + (1.0 - below) * above
}

#[cfg(test)]
mod tests {
    use super::*;

    const INKS: Inks = Inks { body: 0.2, peak: 0.6, rms: 1.0 };

    fn opacities(mask: &Mask, x: usize) -> Vec<u8> {
        (0..mask.height()).map(|y| mask.bytes()[(y * mask.width() + x) * 4 + 3]).collect()
    }

    #[test]
    fn a_column_is_thick_as_far_as_the_rms_reaches_thinner_to_the_peak_and_thinnest_beyond() {
        let mut piles = Piles::new(3, INKS);
        piles.body(1.0, 3.0);
        piles.wave(&[Stroke { at: 1, column: Column { min: -1.0, max: 0.5, rms: 0.25, is_line: false } }]);
        let mut mask = Mask::default();
        mask.clear(3, 10);
        mask.lay(Band { top: 0, height: 10 }, &piles, 1.0);
        let [body, peak] = [0.2, 1.0 - 0.8 * 0.4].map(|opacity: f32| (opacity * 255.0).round() as u8);
        assert_eq!(opacities(&mask, 0), [0; 10]);
        assert_eq!(opacities(&mask, 1), [body, body, body, peak, 255, 255, peak, peak, peak, body]);
        assert_eq!(opacities(&mask, 2), [body; 10]);
    }

    #[test]
    fn samples_are_a_line_between_the_lowest_and_the_highest() {
        let mut piles = Piles::new(1, INKS);
        piles.wave(&[Stroke { at: 0, column: Column { min: 0.25, max: 0.5, rms: 0.4, is_line: true } }]);
        let mut mask = Mask::default();
        mask.clear(1, 10);
        mask.lay(Band { top: 0, height: 10 }, &piles, 1.0);
        assert_eq!(opacities(&mask, 0), [0, 0, 128, 255, 128, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn clips_that_share_a_column_share_its_ink_and_the_further_swing_counts() {
        let mut piles = Piles::new(1, INKS);
        for quarter in 0..4 {
            piles.body(f64::from(quarter) / 4.0, f64::from(quarter + 1) / 4.0);
            let swing = quarter as f32 / 4.0;
            piles.wave(&[Stroke { at: 0, column: Column { min: -swing, max: 0.1, rms: swing / 2.0, is_line: false } }]);
        }
        let Pile { body, swing, .. } = piles.piles[0];
        assert!((body - 0.2).abs() < 0.02, "{body}");
        assert_eq!(swing, Some(Column { min: -0.75, max: 0.1, rms: 0.375, is_line: false }));
    }

    #[test]
    fn what_is_scrolled_half_out_of_view_or_lies_beside_it_is_left_out() {
        let mut piles = Piles::new(2, INKS);
        piles.body(-5.0, 9.0);
        piles.edge(-1, 2);
        piles.edge(2, 1);
        let mut mask = Mask::default();
        mask.clear(2, 4);
        mask.lay(Band { top: -3, height: 5 }, &piles, 1.0);
        mask.lay(Band { top: 3, height: 5 }, &piles, 1.0);
        assert_eq!(opacities(&mask, 0), [255, 255, 0, 255]);
        assert_eq!(opacities(&mask, 1), [51, 51, 0, 51]);
    }
}
