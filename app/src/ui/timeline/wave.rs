//! Waveforms of clips: from the peaks of a source to the outline on screen, one column per device pixel.

use dsp::protocol::FadeCurve;
use session::model::Clip;

use super::window::Window;

/// How far a stretch of audio swings, −1 to 1 at full scale.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Column {
    /// Lowest sample.
    pub min: f32,
    /// Highest sample.
    pub max: f32,
    /// Root of the mean square.
    pub rms: f32,
    /// Whether these are samples, drawn as a line.
    pub is_line: bool,
}

impl Column {
    /// The further swing of both.
    pub fn with(self, other: &Self) -> Self {
        let is_line = self.is_line || other.is_line;
        Self { min: self.min.min(other.min), max: self.max.max(other.max), rms: self.rms.max(other.rms), is_line }
    }
}

/// A column of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Its place in device pixels.
    pub at: usize,
    /// What is to be drawn there, with the clip's gain and fades.
    pub column: Column,
}

/// Smallest distance between two columns that are computed; below, a column covers less than half a frame.
const LEAST_FRAMES: f64 = 0.5;

/// The columns of a clip that are visible. `peaks` gives the swing of the source between two frames at the song's rate.
pub fn strokes(clip: &Clip, window: &Window, ratio: f64, peaks: impl Fn(f64, f64) -> Option<Column>) -> Vec<Stroke> {
    let step_px = 1.0 / ratio;
    let left = window.x(clip.start).max(0.0);
    let right = window.x(clip.end()).min(window.width);
    let step_frames = (step_px * window.frames_per_px).max(LEAST_FRAMES);
    let gain = 10f64.powf(f64::from(clip.gain_db) / 20.0) as f32;
    ((left / step_px) as usize..(right / step_px).ceil().max(0.0) as usize)
        .filter_map(|at| {
            let into = window.start + at as f64 * step_px * window.frames_per_px - clip.start as f64;
            let (from, to) = (into.max(0.0), (into + step_frames).min(clip.length as f64));
            let column = peaks(clip.offset as f64 + from, clip.offset as f64 + to.max(from))?;
            let gain = gain * fade_at(clip, into) as f32;
            let scaled = |value: f32| (value * gain).clamp(-1.0, 1.0);
            Some(Stroke { at, column: Column { min: scaled(column.min), max: scaled(column.max), rms: scaled(column.rms), ..column } })
        })
        .collect()
}

/// Gain of both fades at a distance from the clip's start.
pub fn fade_at(clip: &Clip, into: f64) -> f64 {
    let part = |distance: f64, frames: u32| if frames == 0 { 1.0 } else { (distance / f64::from(frames)).clamp(0.0, 1.0) };
    let fade_in = bent(clip.fade_in.curve, part(into, clip.fade_in.frames));
    let fade_out = bent(clip.fade_out.curve, part(clip.length as f64 - into, clip.fade_out.frames));
    fade_in * fade_out
}

fn bent(curve: FadeCurve, course: f64) -> f64 {
    match curve {
        FadeCurve::Linear => course,
        FadeCurve::EqualPower => (course * std::f64::consts::FRAC_PI_2).sin(),
        FadeCurve::Smooth => course * course * (3.0 - 2.0 * course),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use session::model::{ClipId, Fade, SourceId};

    fn clip() -> Clip {
        Clip {
            id: ClipId(1),
            source: SourceId(1),
            start: 1000,
            offset: 500,
            length: 4000,
            gain_db: 0.0,
            fade_in: Fade { frames: 1000, curve: FadeCurve::Linear },
            fade_out: Fade::default(),
        }
    }

    const WINDOW: Window = Window { start: 0.0, frames_per_px: 10.0, width: 300.0, length: 6000.0 };

    #[test]
    fn a_clip_shows_its_own_stretch_of_the_source_and_only_what_is_visible() {
        let strokes = strokes(&clip(), &WINDOW, 1.0, |from, to| {
            Some(Column { min: -1.0, max: (from / 10_000.0) as f32, rms: (to - from) as f32, ..Column::default() })
        });
        assert_eq!(strokes.first().map(|stroke| stroke.at), Some(100));
        assert_eq!(strokes.last().map(|stroke| stroke.at), Some(299));
        let plain = strokes.iter().find(|stroke| stroke.at == 250).expect("visible");
        assert!((plain.column.max - 0.2).abs() < 1e-6, "{plain:?}");
    }

    #[test]
    fn fades_and_gain_are_seen() {
        let mut quiet = clip();
        quiet.gain_db = -20.0;
        let strokes = strokes(&quiet, &WINDOW, 1.0, |_, _| Some(Column { min: -1.0, max: 1.0, rms: 0.5, ..Column::default() }));
        assert_eq!(strokes[0].column.max, 0.0);
        assert!((strokes[50].column.max - 0.05).abs() < 1e-3);
        assert!((strokes[150].column.max - 0.1).abs() < 1e-6);
    }
}
