//! What a render keeps of the mix: from the song's first frame, the engine's latency left out, to its last, and the tail that sounds after it.
//!
//! The worklet's export and the native bounce share it, so both give files of the same length.

use core::ops::Range;

use super::{BLOCK_FRAMES, Engine};
use crate::protocol::feed::BlockHeader;
use crate::units::db_to_gain;

/// A tail ends when it has been below this level for [`QUIET_SECONDS`], dBFS.
const QUIET_DB: f64 = -90.0;
/// See [`QUIET_DB`]; longer than an echo's gap.
const QUIET_SECONDS: f64 = 2.0;

/// See the module's text.
pub struct Excerpt {
    tail_limit: u64,
    quiet_limit: u64,
    quiet_gain: f32,
    /// Frames still to be left out, known from the first block on.
    skip: Option<usize>,
    fed: u64,
    /// Frames of song and tail together, known when the last block was fed.
    total: Option<u64>,
    given: u64,
    quiet: u64,
    is_complete: bool,
}

impl Excerpt {
    /// A render that has not begun; its tail is at most `tail_limit` frames long and no longer than the engine says.
    pub fn new(rate_hz: f64, tail_limit: u64) -> Self {
        Self {
            tail_limit,
            quiet_limit: (QUIET_SECONDS * rate_hz) as u64,
            quiet_gain: db_to_gain(QUIET_DB) as f32,
            skip: None,
            fed: 0,
            total: None,
            given: 0,
            quiet: 0,
            is_complete: false,
        }
    }

    /// This block is about to be rendered.
    pub fn feed(&mut self, header: &BlockHeader) {
        self.fed += u64::from(header.frames);
        if header.is_last {
            self.total = Some(self.fed);
        }
    }

    /// Which frames of [`Engine::tap`] belong to the render; called after each [`Engine::render_block`].
    pub fn keep(&mut self, engine: &Engine) -> Range<usize> {
        if engine.tap_frames() == 0 || self.is_complete {
            return 0..0;
        }
        let skip = self.skip.get_or_insert_with(|| engine.latency_frames());
        let start = (*skip).min(BLOCK_FRAMES);
        *skip -= start;
        let Some(song) = self.total else {
            self.given += (BLOCK_FRAMES - start) as u64;
            return start..BLOCK_FRAMES;
        };
        let tail = self.tail_limit.min(engine.tail_frames() as u64);
        let left = (song + tail).saturating_sub(self.given);
        let frames = (BLOCK_FRAMES - start).min(usize::try_from(left).unwrap_or(BLOCK_FRAMES));
        self.given += frames as u64;
        let kept = start..start + frames;
        self.listen(engine, kept.clone(), song);
        self.is_complete |= self.given >= song + tail;
        kept
    }

    /// Ends a tail that has become silent.
    fn listen(&mut self, engine: &Engine, kept: Range<usize>, song: u64) {
        let (left, right) = engine.tap();
        let is_quiet = left[kept.clone()].iter().chain(&right[kept.clone()]).all(|sample| sample.abs() < self.quiet_gain);
        self.quiet = if is_quiet && self.given > song { self.quiet + kept.len() as u64 } else { 0 };
        self.is_complete |= self.quiet >= self.quiet_limit;
    }

    /// Whether the last frame was kept.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }
}
