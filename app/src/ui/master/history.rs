//! Short-term loudness over the song: what was measured where, kept until the meters are reset.

use session::analysis::{Analysis, HISTORY_HZ};

use super::meters::Scale;
use super::moments::MOMENTS;
use super::reading::signed;
use crate::ui::paint::{Align, Surface};

/// Places along the song.
const BINS: usize = 512;
/// Room for the scale, at the right.
const SCALE_PX: f64 = 30.0;
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

    /// Draws it with its scale, over what a measurement of the whole song says where there is one.
    pub fn draw(&self, surface: &Surface, scale: Scale, place: f64, target_lufs: f32, whole: Option<&Analysis>) {
        let width = surface.width - SCALE_PX;
        let y = |lufs: f32| (1.0 - scale.position(lufs)) * surface.height;
        for lufs in [-10.0, -20.0, -30.0] {
            surface.ink("line-1", 1.0);
            surface.across(y(lufs), 0.0, width);
            surface.ink("tx-3", 1.0);
            surface.text(&format!("−{}", -lufs), surface.width - 6.0, y(lufs), 10, 400, Align::Right);
        }
        if let Some(whole) = whole {
            draw_whole(surface, whole, width, y);
        }
        for run in self.runs() {
            let line: Vec<(f64, f64)> = run.iter().map(|(at, lufs)| (at * width, y(*lufs))).collect();
            let (first, last) = (line[0].0, line[line.len() - 1].0);
            surface.ink("ivory", 0.14);
            surface.shape(line.iter().copied().chain([(last, surface.height), (first, surface.height)]));
            surface.ink("ivory", 1.0);
            surface.line(line, 1.75);
        }
        draw_target(surface, target_lufs, width, y);
        surface.ink("ivory", 0.7);
        surface.down(place * width, 0.0, surface.height);
    }
}

/// The loudness that is aimed at, with its number.
fn draw_target(surface: &Surface, target_lufs: f32, width: f64, y: impl Fn(f32) -> f64) {
    if !target_lufs.is_finite() {
        return;
    }
    let at = y(target_lufs).round() + 0.5;
    surface.ink("tx-2", 1.0);
    surface.dashed([(0.0, at), (width, at)], 1.0);
    // Over the line where there is room, on a ground of its own: courses run there.
    let middle = if at > 20.0 { at - 9.0 } else { at + 9.0 };
    surface.ink("bg-0", 0.85);
    surface.rect(4.0, middle - 7.0, 68.0, 14.0);
    surface.ink("tx-1", 1.0);
    surface.text(&format!("Target {}", signed(target_lufs, 1, false)), 8.0, middle, 10, 500, Align::Left);
}

/// The course that was measured of the whole song, and its loudest moments by number.
fn draw_whole(surface: &Surface, whole: &Analysis, width: f64, y: impl Fn(f32) -> f64) {
    const DOT_PX: f64 = 7.0;
    let length_s = whole.frames as f64 / f64::from(whole.rate_hz);
    let course = &whole.short_term_lufs;
    // One point a pixel is all that shows.
    let step = (course.len() / width.max(1.0) as usize).max(1);
    let points =
        course.iter().enumerate().step_by(step).map(|(at, lufs)| ((at + 1) as f64 / f64::from(HISTORY_HZ) / length_s * width, *lufs));
    let points: Vec<(f64, f64)> = points.filter(|(_, lufs)| lufs.is_finite()).map(|(x, lufs)| (x, y(lufs))).collect();
    if points.len() > 1 {
        surface.ink("tx-3", 1.0);
        surface.line(points, 1.0);
    }
    for (at, moment) in whole.loudest_moments(MOMENTS).into_iter().enumerate() {
        let (x, top) = (moment.seconds / length_s * width, (y(moment.lufs as f32) - DOT_PX - 2.0).max(DOT_PX));
        surface.ink("ref", 1.0);
        surface.disc(x, top, DOT_PX);
        surface.ink("bg-0", 1.0);
        surface.text(&(at + 1).to_string(), x, top, 10, 600, Align::Centre);
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
