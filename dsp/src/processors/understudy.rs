//! Two copies of a processor, for switches that change what it remembers: the understudy runs unheard with the new setting until
//! it stands where it would stand had it always been set so, then crosses over with the one that is heard.
//!
//! So around such a switch the output lies between what both settled states give. Everything else reaches both copies. A switch that is
//! thrown meanwhile waits for the end. The understudy works only between a switch and the end of its crossing.
//!
//! A processor that remembers for seconds (repeats, a room, a mean of levels) would be waited for as long. Of its input some seconds are kept,
//! and its understudy is played the past in a hurry: so many frames of it for each frame of the present, until it has caught up. When it has
//! been played everything since the last reset it stands exactly where it would; when what is kept is too short it waits for the rest. How
//! far it has come is counted in frames, so that blocks of any length give the same bits, and a block is never more work than the hurry allows.

use alloc::vec::Vec;

use super::{Key, MAX_FRAMES, Processor, Stereo};
use crate::params::{Flags, ProcessorSpec};
use crate::primitives::delay_line::DelayLine;
use crate::primitives::fade::PrimedFade;
use crate::units::ms_to_frames;

/// How long the copies cross over.
const FADE_MS: f64 = 10.0;
/// An understudy's past begins at a multiple of this: whatever a processor does every so many frames, it does at the same ones.
const GRID_FRAMES: usize = 256;

/// A processor that has switches of this kind.
pub trait Understudied: Processor + Sized {
    /// Frames of its input that are kept; none for one that is prepared by the present alone.
    const KEPT_FRAMES: usize = 0;
    /// Frames of the past that an understudy is played for each frame of the present, at least two.
    const HURRY: usize = 2;
    /// A new one at its defaults.
    fn new(rate_hz: f64) -> Self;
    /// Whether a change of this parameter has to be prepared.
    fn is_prepared(index: usize) -> bool;
    /// How many frames it must have heard, as it is set, until what came before them is no longer heard in it (−60 dBFS).
    fn memory_frames(&self) -> usize;
    /// Starts anew with its values beside the one that is heard, as it would stand this many frames after a reset, but for the sound of those.
    fn prepare(&mut self, heard: &Self, frames: u64);
}

/// See the module's text.
pub struct Understudy<P> {
    heard: P,
    coming: P,
    /// What was set, and what the one that is heard, or comes, has of it.
    wanted: Vec<f32>,
    taken: Vec<f32>,
    crossing: PrimedFade,
    /// The input of late, and how much of it there was since the last reset.
    past: DelayLine,
    frames: u64,
    /// Frames before the coming call that the understudy has not been played yet.
    behind: usize,
    scratch: [[f32; MAX_FRAMES]; 2],
}

impl<P: Understudied> Understudy<P> {
    /// Both copies at their defaults.
    pub fn new(rate_hz: f64) -> Self {
        let heard = P::new(rate_hz);
        let values: Vec<f32> = heard.spec().params.iter().map(|param| param.default).collect();
        let kept = if P::KEPT_FRAMES > 0 { P::KEPT_FRAMES + MAX_FRAMES } else { 0 };
        Self {
            heard,
            coming: P::new(rate_hz),
            wanted: values.clone(),
            taken: values,
            crossing: PrimedFade::new(0, ms_to_frames(FADE_MS, rate_hz)),
            past: DelayLine::new(kept),
            frames: 0,
            behind: 0,
            scratch: [[0.0; MAX_FRAMES]; 2],
        }
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
        let memory = self.coming.memory_frames();
        let from = self.past_from(memory);
        self.behind = (self.frames - from) as usize;
        // What is kept does not reach back far enough: the present has to make up for it.
        let missing = if P::KEPT_FRAMES > 0 && from == 0 { 0 } else { memory.saturating_sub(self.behind) };
        self.coming.prepare(&self.heard, from);
        self.crossing.prime(self.behind.div_ceil(P::HURRY - 1) + missing);
        self.crossing.turn(true);
    }

    /// The frame since the last reset from which an understudy of this memory is played the past.
    fn past_from(&self, memory: usize) -> u64 {
        if P::KEPT_FRAMES == 0 || self.frames <= P::KEPT_FRAMES.min(memory) as u64 {
            return if P::KEPT_FRAMES == 0 { self.frames } else { 0 };
        }
        let grid = GRID_FRAMES as u64;
        let longest = (P::KEPT_FRAMES - GRID_FRAMES).min(memory) as u64;
        (self.frames - longest) / grid * grid
    }

    /// Plays the understudy as much of the past as a call of so many frames, which are kept already, allows; `true` when it is ready for them.
    fn catch_up(&mut self, frames: usize) -> bool {
        if self.behind == 0 {
            return true;
        }
        let mut most = P::HURRY * frames;
        while most > 0 && self.behind > 0 {
            let length = most.min(self.behind).min(MAX_FRAMES);
            let [left, right] = self.scratch.each_mut().map(|side| &mut side[..length]);
            self.past.read_all(self.behind + frames - 1, left, right);
            self.coming.process(Stereo { left, right }, None);
            most -= length;
            self.behind -= length;
        }
        let is_ready = self.behind == 0;
        if !is_ready {
            self.behind += frames;
        }
        is_ready
    }

    fn cross(&mut self, audio: Stereo<'_>, key: Option<Key<'_>>) {
        let Stereo { left, right } = audio;
        let frames = left.len().min(right.len()).min(MAX_FRAMES);
        let is_ready = self.catch_up(frames);
        let [old_left, old_right] = self.scratch.each_mut().map(|side| &mut side[..frames]);
        old_left.copy_from_slice(&left[..frames]);
        old_right.copy_from_slice(&right[..frames]);
        self.heard.process(Stereo { left: old_left, right: old_right }, key);
        if is_ready {
            self.coming.process(Stereo { left, right }, key);
        }
        let old = self.scratch[0].iter().zip(&self.scratch[1]);
        for ((left, right), (old_left, old_right)) in left.iter_mut().zip(right).zip(old) {
            // At either end exactly the one that is heard: a call's length must not be.
            match self.crossing.advance() {
                0.0 => (*left, *right) = (*old_left, *old_right),
                1.0 => {}
                share => {
                    *left = old_left + share * (*left - old_left);
                    *right = old_right + share * (*right - old_right);
                }
            }
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
        (self.frames, self.behind) = (0, 0);
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
            // What changes the latency may take memory, which there is none of later.
            if self.is_crossing() || self.spec().params[index].flags.has(Flags::AFFECTS_LATENCY) {
                self.coming.set(index, value);
            }
        }
    }

    fn process(&mut self, audio: Stereo<'_>, key: Option<Key<'_>>) {
        self.begin();
        if P::KEPT_FRAMES > 0 {
            self.past.write_all(audio.left, audio.right);
        }
        let frames = audio.left.len() as u64;
        if self.is_crossing() {
            self.cross(audio, key);
        } else {
            self.heard.process(audio, key);
        }
        self.frames += frames;
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
