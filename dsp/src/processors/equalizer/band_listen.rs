//! Band listen: in place of the whole, the part of the equalised sound that one band works on, in what is heard only.
//!
//! A bell, notch or band pass is heard through a band pass of its centre and Q, a low shelf or low cut through a low pass of 12 dB/oct, a high
//! shelf, high cut or tilt through a high pass; a mid or side band is heard as its part alone. Another band is reached through silence.

use super::bands::{Placement, Shape, kept_omega, placement, shape, value};
use super::declaration::{BAND_LISTEN, BANDS, band_index, band_param};
use crate::primitives::cascade::Cascade;
use crate::primitives::fade::Fade;
use crate::primitives::filter_design::Biquad;
use crate::primitives::reopening::Reopening;
use crate::primitives::svf::SvfCoefficients;

/// Frames between two flushes of the filter, and the most that are worked on at once.
const CHUNK_FRAMES: usize = 256;

/// What is heard of the sound, but for where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    band: usize,
    shape: Shape,
    placement: Placement,
}

impl Part {
    /// Its share of both sides.
    fn of(self, [left, right]: [f32; 2]) -> [f32; 2] {
        let (mid, side) = (0.5 * (left + right), 0.5 * (left - right));
        match self.placement {
            Placement::Stereo => [left, right],
            Placement::Mid => [mid, mid],
            Placement::Side => [side, -side],
            Placement::Left => [left, 0.0],
            Placement::Right => [0.0, right],
        }
    }
}

/// See the module's text.
pub struct BandListen {
    wanted: Option<(Part, SvfCoefficients)>,
    /// What is heard, or was last.
    heard: Option<Part>,
    moved: bool,
    on: Fade,
    reopening: Reopening,
    filter: Cascade,
    since_flush: usize,
    scratch: [[f32; CHUNK_FRAMES]; 2],
}

impl BandListen {
    /// Off; it fades within this many frames.
    pub fn new(fade_frames: usize) -> Self {
        let mut filter = Cascade::new(1);
        filter.rebuild(1);
        Self {
            wanted: None,
            heard: None,
            moved: false,
            on: Fade::new(false, fade_frames),
            reopening: Reopening::new(fade_frames),
            filter,
            since_flush: 0,
            scratch: [[0.0; CHUNK_FRAMES]; 2],
        }
    }

    /// Reads the declaration's values, of which some moved.
    pub fn read(&mut self, values: &[f32], rate_hz: f64) {
        let Some(band) = (value(values, BAND_LISTEN) as usize).checked_sub(1).filter(|band| *band < BANDS) else {
            self.wanted = None;
            return;
        };
        let param = |param| value(values, band_index(band, param));
        let part =
            Part { band, shape: shape(param(band_param::SHAPE) as usize), placement: placement(param(band_param::PLACEMENT) as usize) };
        let omega = kept_omega(param(band_param::FREQUENCY) as f64, rate_hz);
        let biquad = match part.shape {
            Shape::LowShelf | Shape::LowCut => Biquad::low_pass(omega, core::f64::consts::FRAC_1_SQRT_2),
            Shape::HighShelf | Shape::HighCut | Shape::Tilt => Biquad::high_pass(omega, core::f64::consts::FRAC_1_SQRT_2),
            Shape::Bell | Shape::Notch | Shape::BandPass => Biquad::band_pass(omega, param(band_param::Q) as f64),
        };
        self.wanted = Some((part, SvfCoefficients::new(&biquad)));
        self.moved = true;
    }

    fn aim(&mut self, coefficients: SvfCoefficients) {
        for channel in 0..2 {
            self.filter.aim(0, channel, coefficients);
        }
    }

    /// Takes up what is wanted, without any sound of what was.
    fn take(&mut self) {
        if let Some((part, coefficients)) = self.wanted {
            self.heard = Some(part);
            self.aim(coefficients);
            self.filter.settle();
            self.filter.silence();
            self.moved = false;
        }
    }

    /// At once as it was set, without any sound.
    pub fn reset(&mut self) {
        self.take();
        self.on.turn(self.wanted.is_some());
        self.on.settle();
        self.reopening.reset();
        self.since_flush = 0;
    }

    /// Replaces the sound by the band's part of it while that is listened to.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.on.is_off() {
            if self.wanted.is_none() {
                return;
            }
            self.take();
            self.reopening.reset();
            self.since_flush = 0;
        }
        self.on.turn(self.wanted.is_some());
        let frames = left.len();
        let mut at = 0;
        while at < frames {
            let waits = self.wanted.is_some_and(|(part, _)| self.heard != Some(part));
            if self.reopening.is_due(waits, 0) {
                self.take();
            }
            let glides = self.moved && !waits;
            if let Some((_, coefficients)) = self.wanted.filter(|_| glides) {
                self.aim(coefficients);
            }
            let length = self.reopening.steady_frames().min(CHUNK_FRAMES - self.since_flush).min(frames - at);
            self.hear(&mut left[at..at + length], &mut right[at..at + length], glides.then_some(frames - at));
            at += length;
            self.reopening.pass(length);
            self.since_flush += length;
            if self.since_flush == CHUNK_FRAMES {
                self.since_flush = 0;
                self.filter.flush();
            }
        }
        if self.wanted.is_none_or(|(part, _)| self.heard == Some(part)) {
            self.filter.settle();
            self.moved = false;
        }
    }

    fn hear(&mut self, left: &mut [f32], right: &mut [f32], glide_frames: Option<usize>) {
        let Some(part) = self.heard else { return };
        let frames = left.len();
        let [part_left, part_right] = self.scratch.each_mut().map(|side| &mut side[..frames]);
        for (frame, (l, r)) in left.iter().zip(right.iter()).enumerate() {
            [part_left[frame], part_right[frame]] = part.of([*l, *r]);
        }
        self.filter.run(part_left, part_right, glide_frames);
        for (frame, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let (on, open) = (self.on.advance(), self.reopening.advance());
            *l += on * (open * part_left[frame] - *l);
            *r += on * (open * part_right[frame] - *r);
        }
    }
}
