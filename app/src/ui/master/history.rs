//! Short-term loudness over the song: what was measured where, kept until the meters are reset.

use super::meters::Scale;
use crate::ui::paint::{Align, Surface};

/// Places along the song.
const BINS: usize = 512;
/// Nothing was measured there.
const NOT_MEASURED: f32 = f32::NAN;

/// What was measured along the song.
pub struct History {
    bins: Vec<f32>,
    last: Option<usize>,
}

impl History {
    /// Nothing measured.
    pub fn new() -> Self {
        Self { bins: vec![NOT_MEASURED; BINS], last: None }
    }

    /// A reading at a place of the song from 0 to 1; places that were skipped since the last reading get it too, when it played through
    /// them. `true` when the picture has changed.
    pub fn take(&mut self, place: f64, lufs: f32) -> bool {
        let bin = ((place * BINS as f64) as usize).min(BINS - 1);
        // More than a few places at once is a seek or the loop's turn.
        let from = self.last.filter(|last| *last < bin && bin - last <= 8).map_or(bin, |last| last + 1);
        self.last = Some(bin);
        let changed = self.bins[bin].to_bits() != lufs.to_bits();
        self.bins[from..=bin].fill(lufs);
        changed
    }

    /// Stretches that were measured, as points from 0 to 1 with their loudness.
    pub fn runs(&self) -> impl Iterator<Item = Vec<(f64, f32)>> + '_ {
        let points = self.bins.iter().enumerate().map(|(bin, lufs)| (bin as f64 / (BINS - 1) as f64, *lufs)).collect::<Vec<_>>();
        points.split(|point| !point.1.is_finite()).filter(|run| !run.is_empty()).map(<[_]>::to_vec).collect::<Vec<_>>().into_iter()
    }

    /// Draws it with its scale.
    pub fn draw(&self, surface: &Surface, scale: Scale, place: f64) {
        const SCALE_PX: f64 = 30.0;
        let width = surface.width - SCALE_PX;
        let y = |lufs: f32| (1.0 - scale.position(lufs)) * surface.height;
        for lufs in [-10.0, -20.0, -30.0] {
            surface.ink("line-1", 1.0);
            surface.across(y(lufs), 0.0, width);
            surface.ink("tx-3", 1.0);
            surface.text(&format!("−{}", -lufs), surface.width - 6.0, y(lufs), 10, 400, Align::Right);
        }
        for run in self.runs() {
            let line: Vec<(f64, f64)> = run.iter().map(|(at, lufs)| (at * width, y(*lufs))).collect();
            let (first, last) = (line[0].0, line[line.len() - 1].0);
            surface.ink("ivory", 0.14);
            surface.shape(line.iter().copied().chain([(last, surface.height), (first, surface.height)]));
            surface.ink("ivory", 1.0);
            surface.line(line, 1.75);
        }
        surface.ink("ivory", 0.7);
        surface.down(place * width, 0.0, surface.height);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_that_was_played_through_has_no_holes_and_a_seek_leaves_its_gap() {
        let mut history = History::new();
        for step in 0..40 {
            history.take(f64::from(step) * 5.0 / BINS as f64, -14.0);
        }
        history.take(0.9, -10.0);
        let runs: Vec<_> = history.runs().collect();
        assert_eq!(runs.len(), 2);
        assert_eq!(runs[0].len(), 39 * 5 + 1);
        assert_eq!(runs[1], [(460.0 / 511.0, -10.0)]);
    }
}
