//! Whether the bands run one after the other or as one linear-phase filter; a change is made in silence.
//!
//! The linear filter's memory, some megabytes, is made when it is asked for first and then kept.

use alloc::boxed::Box;

use super::linear_phase::{LinearPhase, design_frames, latency_frames, length_of};
use super::rows::Curves;
use crate::primitives::reopening::Reopening;

/// See the module's text.
pub struct Phase {
    now: usize,
    wanted: usize,
    linear: Option<Box<LinearPhase>>,
    reopening: Reopening,
}

impl Phase {
    /// Of minimum phase.
    pub fn new(fade_frames: usize) -> Self {
        Self { now: 0, wanted: 0, linear: None, reopening: Reopening::new(fade_frames) }
    }

    /// Asks for a phase, by the declaration's index.
    pub fn want(&mut self, phase: usize) {
        self.wanted = phase;
        if phase > 0 && self.linear.is_none() {
            self.linear = Some(Box::new(LinearPhase::new()));
        }
    }

    /// Frames by which the wanted phase is late.
    pub fn latency_frames(&self) -> usize {
        if self.wanted > 0 { latency_frames(length_of(self.wanted)) } else { 0 }
    }

    /// Frames that the wanted phase rings after its middle.
    pub fn tail_frames(&self) -> usize {
        if self.wanted > 0 { length_of(self.wanted) / 2 } else { 0 }
    }

    /// The linear filter, while it is what is heard.
    pub fn linear(&mut self) -> Option<&mut LinearPhase> {
        if self.now > 0 { self.linear.as_deref_mut() } else { None }
    }

    /// Whether mid and side are to be filtered, or left and right; as it is where no band decides.
    fn wants_mid_side(&self, curves: &Curves) -> bool {
        let [mid_side, sides] = curves.pairs();
        mid_side || !sides && self.linear.as_ref().is_some_and(|linear| linear.is_mid_side())
    }

    /// Takes the wanted phase at once.
    pub fn reset(&mut self, curves: &Curves) {
        self.now = self.wanted;
        self.reopening.reset();
        let [is_mid_side, _] = curves.pairs();
        let length = length_of(self.now);
        if let Some(linear) = self.linear() {
            linear.reset(length, is_mid_side, curves);
        }
    }

    /// Told before each stretch; `true` when it has just changed, in silence, and the bands have to be made anew.
    pub fn take_wanted(&mut self, curves: &Curves) -> bool {
        if self.now == 0 && self.wanted == 0 && self.reopening.is_open() {
            return false;
        }
        let is_mid_side = self.wants_mid_side(curves);
        let length = length_of(self.wanted);
        let is_other_linear = self.wanted > 0 && self.linear.as_ref().is_some_and(|linear| !linear.is(length, is_mid_side));
        let waits = self.now != self.wanted || is_other_linear;
        let filling = if self.wanted > 0 { latency_frames(length) + design_frames(length) } else { 0 };
        let is_due = self.reopening.is_due(waits, filling);
        if is_due {
            self.now = self.wanted;
            if let Some(linear) = self.linear() {
                linear.restart(length, is_mid_side, curves);
            }
        }
        is_due
    }

    /// Frames until the next step of a change.
    pub fn steady_frames(&self) -> usize {
        self.reopening.steady_frames()
    }

    /// Fades a stretch around a change.
    pub fn fade(&mut self, left: &mut [f32], right: &mut [f32]) {
        if !self.reopening.is_open() {
            for (l, r) in left.iter_mut().zip(right.iter_mut()) {
                let level = self.reopening.advance();
                *l *= level;
                *r *= level;
            }
        }
        self.reopening.pass(left.len());
    }
}
