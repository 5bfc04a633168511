//! What the Master room's pictures look at: the finished mix, tapped while the room is on show, as a spectrum, a cloud of points and two
//! VU needles.

use dsp::meters::spectrum::{FLOOR_DB, Size, Spectrum};
use dsp::meters::{Goniometer, Vu};
use dsp::protocol::TapPoint;

use crate::audio::Analyser;
use crate::state::Studio;

/// Lowest and highest frequency of the pictures.
pub const LOW_HZ: f64 = 20.0;
/// See [`LOW_HZ`].
pub const HIGH_HZ: f64 = 20_000.0;
/// Borders of the parts whose correlation is told.
pub const PARTS_HZ: [f64; 5] = [LOW_HZ, 120.0, 800.0, 5_000.0, HIGH_HZ];
/// Rows of a spectrum: a third of a semitone each.
pub const ROWS: usize = 360;
/// The cloud of points takes one of so many frames.
const POINT_EVERY: usize = 4;
/// Between two transforms; the eye sees no more.
const LOOK_PERIOD_MS: f64 = 32.0;
/// A picture that has seen nothing for so long starts anew.
const STALE_MS: f64 = 1_000.0;

/// How the spectrum is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Frames of a transform.
    pub size: Size,
    /// Lift in dB an octave above 1 kHz.
    pub tilt_db: f64,
    /// Time constant of the average.
    pub average_ms: f64,
}

/// See the module's text.
pub struct Looking {
    analyser: Option<(Analyser, Size)>,
    /// Left against right.
    pub goniometer: Goniometer,
    needles: Option<(u32, [Vu; 2])>,
    /// The averaged spectrum, dB, from [`LOW_HZ`] to [`HIGH_HZ`].
    pub levels: Vec<f32>,
    /// The newest spectrum alone.
    pub column: Vec<f32>,
    looked_at_ms: f64,
}

impl Looking {
    /// Nothing seen.
    pub fn new() -> Self {
        Self {
            analyser: None,
            goniometer: Goniometer::new(POINT_EVERY),
            needles: None,
            levels: vec![FLOOR_DB; ROWS],
            column: vec![FLOOR_DB; ROWS],
            looked_at_ms: 0.0,
        }
    }

    /// Takes in what came; `true` when the pictures have changed.
    pub fn look(&mut self, studio: Studio, settings: Settings, now_ms: f64) -> bool {
        let since_ms = now_ms - self.looked_at_ms;
        let master = studio.peek_song(|song| song.master().map(|strip| strip.id)).flatten();
        let Some(point) = master.map(TapPoint::Strip).filter(|_| since_ms >= LOOK_PERIOD_MS) else { return false };
        if self.analyser.as_ref().is_none_or(|(analyser, size)| analyser.point() != point || *size != settings.size) {
            self.analyser = Some((Analyser::new(studio.sound.tap(point), settings.size), settings.size));
            self.goniometer.reset();
        }
        let rate_hz = studio.peek_song(|song| song.rate_hz).unwrap_or_default();
        if self.needles.as_ref().is_none_or(|(rate, _)| *rate != rate_hz) {
            self.needles = Some((rate_hz, [Vu::new(f64::from(rate_hz)), Vu::new(f64::from(rate_hz))]));
        }
        let share = if since_ms > STALE_MS { 1.0 } else { 1.0 - (-since_ms / settings.average_ms).exp() };
        let Self { analyser: Some((analyser, _)), goniometer, needles: Some((_, needles)), .. } = self else { return false };
        let is_new = analyser.look(share as f32, |left, right| {
            goniometer.process(left, right);
            needles[0].process(left);
            needles[1].process(right);
        });
        if is_new {
            self.looked_at_ms = now_ms;
            analyser.levels(LOW_HZ, HIGH_HZ, settings.tilt_db, &mut self.levels);
            analyser.column(LOW_HZ, HIGH_HZ, settings.tilt_db, &mut self.column);
        }
        is_new
    }

    /// The averaged spectrum itself, once sound was seen.
    pub fn spectrum(&self) -> Option<&Spectrum> {
        self.analyser.as_ref()?.0.spectrum()
    }

    /// Correlation of each part of the range; nothing where a side is silent.
    pub fn correlations(&self) -> [Option<f32>; PARTS_HZ.len() - 1] {
        let of = |part: usize| self.spectrum()?.correlation(PARTS_HZ[part], PARTS_HZ[part + 1]).map(|value| value as f32);
        std::array::from_fn(of)
    }

    /// What both needles read, VU; nothing before sound was seen.
    pub fn vu(&self) -> Option<[f32; 2]> {
        self.needles.as_ref().map(|(_, needles)| [needles[0].read() as f32, needles[1].read() as f32])
    }

    /// The loudest row: its frequency and level.
    pub fn loudest(&self) -> Option<(f64, f32)> {
        let (row, level) = self.levels.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1))?;
        let octaves = (HIGH_HZ / LOW_HZ).log2() * (row as f64 + 0.5) / ROWS as f64;
        Some((LOW_HZ * octaves.exp2(), *level)).filter(|(_, level)| *level > FLOOR_DB)
    }
}
