//! Takes away a constant offset: a first-order high-pass at 5 Hz in 64-bit numbers, faded in once it knows the offset, and out.

use super::fade::PrimedFade;

/// The corner.
const CORNER_HZ: f64 = 5.0;
/// 100 dB as a natural logarithm.
const HUNDRED_DB_NEPERS: f64 = 11.513;
/// 60 dB as a natural logarithm: how well the offset is known before it is taken away.
const SIXTY_DB_NEPERS: f64 = 6.908;
/// An offset below this (−400 dB) is none.
const FLOOR: f64 = 1e-20;

/// Both channels' offsets.
#[derive(Clone)]
pub struct DcRemoval {
    fade: PrimedFade,
    share: f64,
    offsets: [f64; 2],
    tail_frames: usize,
}

impl DcRemoval {
    /// Off; it comes in and goes within `fade_frames`.
    pub fn new(rate_hz: f64, fade_frames: usize) -> Self {
        let omega = 2.0 * core::f64::consts::PI * CORNER_HZ / rate_hz;
        Self {
            fade: PrimedFade::new((SIXTY_DB_NEPERS / omega) as usize, fade_frames),
            share: 1.0 - libm::exp(-omega),
            offsets: [0.0; 2],
            tail_frames: (HUNDRED_DB_NEPERS / omega) as usize,
        }
    }

    /// Turns it on or off.
    pub fn turn(&mut self, is_on: bool) {
        self.fade.turn(is_on);
    }

    /// Forgets all sound and stands on or off as it was turned.
    pub fn reset(&mut self) {
        self.fade.settle();
        self.offsets = [0.0; 2];
    }

    /// Frames until what it adds has faded by 100 dB.
    pub fn tail_frames(&self) -> usize {
        if self.fade.is_off() { 0 } else { self.tail_frames }
    }

    /// Takes the offset away in place.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.fade.is_off() {
            return;
        }
        for (l, r) in left.iter_mut().zip(right) {
            let share = self.fade.advance();
            for (sample, offset) in [l, r].into_iter().zip(&mut self.offsets) {
                *offset += self.share * (*sample as f64 - *offset);
                *offset = if offset.abs() < FLOOR { 0.0 } else { *offset };
                *sample -= share * *offset as f32;
            }
        }
        if self.fade.is_off() {
            self.offsets = [0.0; 2];
        }
    }
}
