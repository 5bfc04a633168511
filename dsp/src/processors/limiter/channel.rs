//! One channel of the limiter: from samples to the smooth reduction.

use super::envelope::{Envelope, Times};
use crate::primitives::box_stack::BoxStack;
use crate::primitives::lanes::greater;
use crate::primitives::sliding_max::SlidingMax;
use crate::primitives::true_peak::TruePeak;

/// Added to every reduction (12 millionths of a dB): more than logarithm, exponential and product can round away together.
const MARGIN: f32 = 2e-6;

/// What a true peak is taken for, 0.02 dB more than it was seen: what the detector's filters miss of music that reaches up to half its rate was
/// 0.047 dB at most on eight songs.
const UNSEEN: f32 = 1.002_305;

/// One channel's way from samples to reduction.
pub struct Channel {
    detector: TruePeak,
    /// The peak after the last frame.
    last_peak: f32,
    greatest: SlidingMax,
    envelope: Envelope,
    smoother: BoxStack,
    /// Frames since anything but zero went into the smoother.
    rest_frames: usize,
}

impl Channel {
    /// A silent one, for windows of up to `max_window` frames.
    pub fn new(max_window: usize) -> Self {
        Self {
            detector: TruePeak::new(),
            last_peak: 0.0,
            greatest: SlidingMax::new(max_window),
            envelope: Envelope::default(),
            smoother: BoxStack::new(max_window),
            rest_frames: usize::MAX,
        }
    }

    /// Peaks around each frame of some frames ago, on either side of it.
    pub fn detect(&mut self, samples: &[f32], peaks: &mut [f32], floor: f32) {
        self.detector.process(samples, peaks, floor / UNSEEN);
        let mut before = self.last_peak;
        for peak in peaks {
            let after = UNSEEN * *peak;
            *peak = greater(before, after);
            before = after;
        }
        self.last_peak = before;
    }

    /// Whether nothing is turned down and nothing is left in the means.
    pub fn is_at_rest(&self, lookahead_frames: usize) -> bool {
        self.envelope.is_idle() && self.rest_frames > 2 * lookahead_frames + 2
    }

    /// Forgets all sound and takes another window.
    pub fn reset(&mut self, window: usize) {
        self.detector.reset();
        self.last_peak = 0.0;
        self.greatest.reset(window);
        self.envelope = Envelope::default();
        self.smoother.reset(window);
        self.rest_frames = usize::MAX;
    }

    /// Takes over what another channel makes of its needs.
    pub fn adopt(&mut self, other: &Self) {
        self.greatest.adopt(&other.greatest);
        self.smoother.adopt(&other.smoother);
        self.envelope = other.envelope;
        self.rest_frames = other.rest_frames;
    }

    /// The greatest need over the lookahead, in place, and the slow part of the release.
    pub fn hold(&mut self, needed: &mut [f32], slow: &mut [f32], times: &Times) {
        for (needed, slow) in needed.iter_mut().zip(slow) {
            *needed = self.greatest.push(*needed);
            *slow = self.envelope.fill(*needed, times);
        }
    }

    /// The smooth reduction, in the need's place; gives the greatest.
    pub fn release(&mut self, needed: &mut [f32], slow: &[f32], times: &Times) -> f32 {
        let mut deepest = 0.0;
        for (needed, slow) in needed.iter_mut().zip(slow) {
            let whole = self.envelope.follow(*needed, *slow, times);
            self.rest_frames = if whole > 0.0 { 0 } else { self.rest_frames.saturating_add(1) };
            let smooth = self.smoother.push(whole);
            deepest = greater(smooth, deepest);
            *needed = if smooth > 0.0 { smooth + MARGIN } else { 0.0 };
        }
        deepest
    }
}
