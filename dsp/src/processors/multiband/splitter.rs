//! How the sound becomes bands, and the key with it: by the crossover whose sum is an all-pass, or by the one that turns no phase.
//!
//! The key is split by the all-pass one in either case, delayed as the bands are: nobody hears its phase. The linear crossover's memory, some
//! megabytes, is made when it is asked for first and then kept.

use alloc::boxed::Box;

use crate::primitives::INPUT_LIMIT;
use crate::primitives::crossover::{Crossover, Layout, MAX_SPLITS};
use crate::primitives::delay_line::DelayLine;
use crate::primitives::linear_crossover::{LinearCrossover, latency_frames};
use crate::primitives::sidechain::{CHUNK_FRAMES, Chunk};
use crate::primitives::silence_beyond;
use crate::processors::Key;

/// What turns no phase, and the key as late as its bands.
struct Linear {
    crossover: LinearCrossover,
    key_delay: DelayLine,
}

/// See the module's text.
pub struct Splitter {
    rate_hz: f64,
    crossover: Crossover,
    key_crossover: Crossover,
    linear: Option<Box<Linear>>,
    is_linear: bool,
    /// The key of the running chunk.
    key: Chunk,
}

impl Splitter {
    /// One whose sum is an all-pass.
    pub fn new(rate_hz: f64) -> Self {
        let crossover = || Crossover::new(rate_hz);
        Self { rate_hz, crossover: crossover(), key_crossover: crossover(), linear: None, is_linear: false, key: [[0.0; CHUNK_FRAMES]; 2] }
    }

    /// Takes the memory of the one that turns no phase.
    pub fn make_linear(&mut self) {
        let rate_hz = self.rate_hz;
        self.linear.get_or_insert_with(|| {
            let key_delay = DelayLine::new(latency_frames(rate_hz) + CHUNK_FRAMES);
            Box::new(Linear { crossover: LinearCrossover::new(rate_hz), key_delay })
        });
    }

    /// Whether it turns no phase.
    pub fn is_linear(&self) -> bool {
        self.is_linear
    }

    /// Frames by which the bands are late.
    pub fn latency_frames(&self) -> usize {
        if self.is_linear { latency_frames(self.rate_hz) } else { 0 }
    }

    /// How many bands there are.
    pub fn bands(&self) -> usize {
        self.crossover.layout().bands
    }

    /// Turns no phase from now on, or lets the bands sum to an all-pass; to be built then.
    pub fn choose(&mut self, is_linear: bool) {
        self.is_linear = is_linear && self.linear.is_some();
    }

    /// Builds the bands anew, without any sound; linear filters are there `at_once`, or designed block by block.
    pub fn build(&mut self, layout: Layout, corners_hz: &[f32; MAX_SPLITS], at_once: bool) {
        self.crossover.rebuild(layout, corners_hz);
        self.key_crossover.rebuild(layout, corners_hz);
        if let Some(linear) = self.linear.as_mut().filter(|_| self.is_linear) {
            linear.key_delay.silence();
            if at_once {
                linear.crossover.reset(layout, corners_hz);
            } else {
                linear.crossover.restart(layout, corners_hz);
            }
        }
    }

    /// Sends the corners towards these.
    pub fn aim(&mut self, corners_hz: &[f32; MAX_SPLITS]) {
        self.crossover.aim(corners_hz);
        self.key_crossover.aim(corners_hz);
        if let Some(linear) = self.linear.as_mut().filter(|_| self.is_linear) {
            linear.crossover.aim(self.crossover.layout(), corners_hz);
        }
    }

    /// The most frames of a chunk.
    pub fn most_frames(&self) -> usize {
        let linear = self.linear.as_ref().filter(|_| self.is_linear);
        linear.map_or(CHUNK_FRAMES, |linear| linear.crossover.frames_left().min(CHUNK_FRAMES))
    }

    /// Takes a chunk in, and the key's, before its bands are asked for.
    pub fn hear(&mut self, [left, right]: [&[f32]; 2], key: Option<Key<'_>>) {
        let frames = left.len();
        let heard = key.map_or([left, right], |key| [key.left, key.right]);
        let [key_left, key_right] = self.key.each_mut().map(|side| &mut side[..frames]);
        for (side, source) in [(&mut *key_left, heard[0]), (&mut *key_right, heard[1])] {
            side.copy_from_slice(source);
            silence_beyond(INPUT_LIMIT, side);
        }
        if let Some(linear) = self.linear.as_mut().filter(|_| self.is_linear) {
            linear.crossover.hear(left, right);
            linear.key_delay.write_all(key_left, key_right);
            linear.key_delay.read_all(latency_frames(self.rate_hz) + frames - 1, key_left, key_right);
        }
    }

    /// Fills a part with a band of the chunk; `glide_frames` when corners are on their way.
    pub fn split(&mut self, number: usize, [left, right]: [&[f32]; 2], part: [&mut [f32]; 2], glide_frames: Option<usize>) {
        if let Some(linear) = self.linear.as_ref().filter(|_| self.is_linear) {
            linear.crossover.band(number, part);
            return;
        }
        let [part_left, part_right] = part;
        part_left.copy_from_slice(left);
        part_right.copy_from_slice(right);
        self.crossover.run(number, part_left, part_right, glide_frames);
    }

    /// Fills a part with the key's band.
    pub fn split_key(&mut self, number: usize, part: [&mut [f32]; 2], glide_frames: Option<usize>) {
        let [left, right] = part;
        left.copy_from_slice(&self.key[0][..left.len()]);
        right.copy_from_slice(&self.key[1][..right.len()]);
        self.key_crossover.run(number, left, right, glide_frames);
    }

    /// Goes past the chunk.
    pub fn pass(&mut self, [left, right]: [&[f32]; 2]) {
        if let Some(linear) = self.linear.as_mut().filter(|_| self.is_linear) {
            linear.crossover.pass(left, right);
        }
    }

    /// Puts out what faded; call it at fixed frames.
    pub fn flush(&mut self) {
        self.crossover.flush();
        self.key_crossover.flush();
    }
}
