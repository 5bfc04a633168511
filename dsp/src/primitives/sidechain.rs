//! What a dynamics processor listens to: the key, chunk by chunk, through its own high- and low-pass.
//!
//! Copy of the key (the strip itself or another one) without what is no audio → high-pass and low-pass, 12 dB/oct Butterworth, faded
//! in by a switch → detector. The same key can be heard instead of the output. The filters' states are flushed each time
//! [`CHUNK_FRAMES`] have passed, so a split leaves the bits alone.

use core::f64::consts::{FRAC_1_SQRT_2, PI};

use super::cascade::Cascade;
use super::fade::{Fade, PrimedFade};
use super::filter_design::Biquad;
use super::svf::SvfCoefficients;
use super::{INPUT_LIMIT, silence_beyond};
use crate::units::ms_to_frames;

/// The most frames worked on at a time.
pub const CHUNK_FRAMES: usize = 256;
/// The filters keep below this share of the rate.
const HIGHEST_SHARE: f64 = 0.49;

/// How long the filter runs before it is listened to.
const PRIMING_MS: f64 = 50.0;

/// One value per frame of a chunk and channel.
pub type Chunk = [[f32; CHUNK_FRAMES]; 2];

/// See the module's text.
pub struct Sidechain {
    rate_hz: f64,
    /// Corners of the high-pass and the low-pass.
    corners_hz: [f32; 2],
    filter: Cascade,
    filter_moved: bool,
    glides: bool,
    filter_on: PrimedFade,
    heard: Fade,
    since_flush: usize,
    key: Chunk,
    filtered: Chunk,
}

impl Sidechain {
    /// An unfiltered one whose switches take this many frames.
    pub fn new(rate_hz: f64, fade_frames: usize) -> Self {
        let mut filter = Cascade::new(2);
        filter.rebuild(2);
        let off = Fade::new(false, fade_frames);
        Self {
            rate_hz,
            corners_hz: [20.0, 20_000.0],
            filter,
            filter_moved: true,
            glides: false,
            filter_on: PrimedFade::new(ms_to_frames(PRIMING_MS, rate_hz), fade_frames),
            heard: off,
            since_flush: 0,
            key: [[0.0; CHUNK_FRAMES]; 2],
            filtered: [[0.0; CHUNK_FRAMES]; 2],
        }
    }

    /// Filters the key or not.
    pub fn turn_filter(&mut self, is_on: bool) {
        self.filter_on.turn(is_on);
    }

    /// Moves the high-pass over the coming call.
    pub fn set_high_pass_hz(&mut self, hz: f32) {
        self.corners_hz[0] = hz;
        self.filter_moved = true;
    }

    /// Moves the low-pass over the coming call.
    pub fn set_low_pass_hz(&mut self, hz: f32) {
        self.corners_hz[1] = hz;
        self.filter_moved = true;
    }

    /// Puts the key in the output's place or not.
    pub fn turn_listen(&mut self, is_on: bool) {
        self.heard.turn(is_on);
    }

    /// Forgets all sound and takes everything at once.
    pub fn reset(&mut self) {
        self.aim();
        self.filter.settle();
        self.filter.silence();
        self.filter_on.settle();
        self.heard.settle();
        (self.filter_moved, self.glides) = (false, false);
        self.since_flush = 0;
    }

    fn aim(&mut self) {
        let omega = |hz: f32| 2.0 * PI * (hz as f64 / self.rate_hz).min(HIGHEST_SHARE);
        let [high_pass, low_pass] = self.corners_hz.map(omega);
        let biquads = [Biquad::high_pass(high_pass, FRAC_1_SQRT_2), Biquad::low_pass(low_pass, FRAC_1_SQRT_2)];
        for (section, biquad) in biquads.iter().enumerate() {
            for channel in 0..2 {
                self.filter.aim(section, channel, SvfCoefficients::new(biquad));
            }
        }
    }

    /// Whether the key is what it is given, and nothing of it is heard.
    pub fn is_idle(&self) -> bool {
        self.filter_on.is_off() && self.heard.is_off()
    }

    /// Puts out what faded; for those who do not take every chunk.
    pub fn flush(&mut self) {
        self.filter.flush();
    }

    /// Begins a call.
    pub fn begin(&mut self) {
        self.glides = core::mem::take(&mut self.filter_moved);
        if self.glides {
            self.aim();
        }
    }

    /// How many of the call's `frames_left` the coming chunk takes.
    pub fn chunk_frames(&self, frames_left: usize) -> usize {
        (CHUNK_FRAMES - self.since_flush).min(frames_left)
    }

    /// Takes a chunk of the key in; `frames_left` of the call, these included.
    pub fn take(&mut self, left: &[f32], right: &[f32], frames_left: usize) {
        let frames = left.len();
        for (key, source) in self.key.iter_mut().zip([left, right]) {
            key[..frames].copy_from_slice(source);
            silence_beyond(INPUT_LIMIT, &mut key[..frames]);
        }
        if !self.filter_on.is_off() {
            self.run_filter(frames, frames_left);
        }
        self.since_flush = (self.since_flush + frames) % CHUNK_FRAMES;
        if self.since_flush == 0 {
            self.filter.flush();
        }
    }

    fn run_filter(&mut self, frames: usize, frames_left: usize) {
        let [left, right] = self.filtered.each_mut().map(|side| &mut side[..frames]);
        left.copy_from_slice(&self.key[0][..frames]);
        right.copy_from_slice(&self.key[1][..frames]);
        self.filter.run(left, right, self.glides.then_some(frames_left));
        for frame in 0..frames {
            let share = self.filter_on.advance();
            for (key, filtered) in self.key.iter_mut().zip(&self.filtered) {
                key[frame] += share * (filtered[frame] - key[frame]);
            }
        }
        if self.filter_on.is_off() {
            self.filter.silence();
        }
    }

    /// The chunk as the detector hears it.
    pub fn key(&self) -> &Chunk {
        &self.key
    }

    /// Lets the key be heard in the place of this chunk's output, while that is switched on.
    pub fn hear(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.heard.is_off() {
            return;
        }
        for (frame, (l, r)) in left.iter_mut().zip(right).enumerate() {
            let share = self.heard.advance();
            *l += share * (self.key[0][frame] - *l);
            *r += share * (self.key[1][frame] - *r);
        }
    }
}
