//! Two copies of a processor, for switches that change what it remembers: the understudy runs unheard with the new setting until
//! it stands where it would stand had it always been set so, then crosses over with the one that is heard.
//!
//! So around such a switch the output lies between what both settled states give. Everything else reaches both copies. A switch that is
//! thrown meanwhile waits for the end. The understudy works only between a switch and the end of its crossing.

use alloc::vec::Vec;

use super::{Key, MAX_FRAMES, Processor, Stereo};
use crate::params::ProcessorSpec;
use crate::primitives::fade::PrimedFade;
use crate::units::ms_to_frames;

/// How long the copies cross over.
const FADE_MS: f64 = 10.0;

/// A processor that has switches of this kind.
pub trait Understudied: Processor + Sized {
    /// How long an understudy is prepared.
    const PREPARING_MS: f64;
    /// A new one at its defaults.
    fn new(rate_hz: f64) -> Self;
    /// Whether a change of this parameter has to be prepared.
    fn is_prepared(index: usize) -> bool;
    /// Starts anew with its values beside the one that is heard.
    fn prepare(&mut self, heard: &Self);
}

/// See the module's text.
pub struct Understudy<P> {
    heard: P,
    coming: P,
    /// What was set, and what the one that is heard, or comes, has of it.
    wanted: Vec<f32>,
    taken: Vec<f32>,
    crossing: PrimedFade,
    scratch: [[f32; MAX_FRAMES]; 2],
}

impl<P: Understudied> Understudy<P> {
    /// Both copies at their defaults.
    pub fn new(rate_hz: f64) -> Self {
        let heard = P::new(rate_hz);
        let values: Vec<f32> = heard.spec().params.iter().map(|param| param.default).collect();
        let crossing = PrimedFade::new(ms_to_frames(P::PREPARING_MS, rate_hz), ms_to_frames(FADE_MS, rate_hz));
        Self { heard, coming: P::new(rate_hz), wanted: values.clone(), taken: values, crossing, scratch: [[0.0; MAX_FRAMES]; 2] }
    }

    fn is_crossing(&self) -> bool {
        !self.crossing.is_off()
    }

    /// Lets the understudy begin, when something waits for it.
    fn begin(&mut self) {
        if self.is_crossing() || self.wanted == self.taken {
            return;
        }
        for (index, (value, taken)) in self.wanted.iter().zip(&mut self.taken).enumerate() {
            self.coming.set(index, *value);
            *taken = *value;
        }
        self.coming.prepare(&self.heard);
        self.crossing.turn(true);
    }

    fn cross(&mut self, audio: Stereo<'_>, key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        let frames = left.len().min(right.len()).min(MAX_FRAMES);
        let [old_left, old_right] = self.scratch.each_mut().map(|side| &mut side[..frames]);
        old_left.copy_from_slice(&left[..frames]);
        old_right.copy_from_slice(&right[..frames]);
        self.heard.process(Stereo { left: old_left, right: old_right }, key);
        self.coming.process(Stereo { left, right }, key);
        let old = self.scratch[0].iter().zip(&self.scratch[1]);
        for ((left, right), (old_left, old_right)) in left.iter_mut().zip(right).zip(old) {
            let share = self.crossing.advance();
            *left = old_left + share * (*left - old_left);
            *right = old_right + share * (*right - old_right);
        }
        if !self.crossing.is_moving() {
            core::mem::swap(&mut self.heard, &mut self.coming);
            self.crossing.turn(false);
            self.crossing.settle();
        }
    }
}

impl<P: Understudied> Processor for Understudy<P> {
    fn spec(&self) -> &'static ProcessorSpec {
        self.heard.spec()
    }

    fn reset(&mut self) {
        for (index, (value, taken)) in self.wanted.iter().zip(&mut self.taken).enumerate() {
            self.heard.set(index, *value);
            *taken = *value;
        }
        self.heard.reset();
        self.crossing.turn(false);
        self.crossing.settle();
    }

    fn latency_frames(&self) -> usize {
        self.heard.latency_frames()
    }

    fn set(&mut self, index: usize, value: f32) {
        let Some(wanted) = self.wanted.get_mut(index) else {
            return;
        };
        *wanted = value;
        if !P::is_prepared(index) {
            self.taken[index] = value;
            self.heard.set(index, value);
            if self.is_crossing() {
                self.coming.set(index, value);
            }
        }
    }

    fn process(&mut self, audio: Stereo<'_>, key: Option<Key<'_>>) {
        self.begin();
        if self.is_crossing() {
            self.cross(audio, key);
        } else {
            self.heard.process(audio, key);
        }
    }

    fn take_reduction_db(&mut self) -> f32 {
        // What the understudy did unheard is forgotten.
        self.coming.take_reduction_db();
        self.heard.take_reduction_db()
    }

    fn band_reductions_db(&self) -> &[f32] {
        self.heard.band_reductions_db()
    }

    fn tail_frames(&self) -> usize {
        let coming = if self.is_crossing() { self.coming.tail_frames() } else { 0 };
        self.heard.tail_frames().max(coming)
    }
}
