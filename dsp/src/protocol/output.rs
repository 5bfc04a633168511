//! The output ring of an export: finished frames from the worklet to the delivery, which writes them to a file.
//!
//! Header words `[version, capacity, write, read, state, …]` ([`HEADER_WORDS`] in all), then the audio: left and right interleaved
//! as 32-bit floats. `write` and `read` count frames and wrap at 2³²; the capacity is a power of two. The writer publishes `write`
//! after the samples, the reader publishes `read` after it has copied them out and wakes whoever waits on that word
//! (`Atomics.notify`). **When it is full** the writer renders nothing more until there is room; nothing is ever dropped.
//!
//! The state is the writer's to set to [`State::Finished`] or [`State::Failed`], and the page's to set to [`State::Cancelled`]; it
//! leaves [`State::Running`] once and never comes back. `Finished` is stored after the last `write`, and after the words of [`LIMITING`],
//! which say what the watched limiter did.

use super::{PROTOCOL_VERSION, SharedWords};
use crate::engine::Limiting;

/// Words in front of the audio.
pub const HEADER_WORDS: usize = 16;
/// Header word: protocol version.
pub const VERSION: usize = 0;
/// Header word: frames that fit, a power of two.
pub const CAPACITY: usize = 1;
/// Header word: frames ever written.
pub const WRITE: usize = 2;
/// Header word: frames ever read.
pub const READ: usize = 3;
/// Header word: [`State`].
pub const STATE: usize = 4;
/// The first of four header words: what the watched limiter did, see [`Limiting::to_words`].
pub const LIMITING: usize = 5;
/// Words of a frame: left, right.
pub const CHANNELS: usize = 2;
/// Frames of an export's ring: 1.4 s at 48 kHz.
pub const EXPORT_FRAMES: usize = 1 << 16;

/// Words for a ring of this many frames.
pub const fn words_for(frames: usize) -> usize {
    HEADER_WORDS + frames * CHANNELS
}

/// How far the export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// More will come.
    Running,
    /// Everything has been written.
    Finished,
    /// The user changed their mind: what has been written is thrown away.
    Cancelled,
    /// The engine failed or starved: what has been written is thrown away.
    Failed,
}

impl State {
    /// As the state word.
    pub const fn to_word(self) -> u32 {
        match self {
            Self::Running => 0,
            Self::Finished => 1,
            Self::Cancelled => 2,
            Self::Failed => 3,
        }
    }

    /// From the state word; what is unknown has failed.
    pub const fn from_word(word: u32) -> Self {
        match word {
            0 => Self::Running,
            1 => Self::Finished,
            2 => Self::Cancelled,
            _ => Self::Failed,
        }
    }
}

/// One side's view of the ring.
pub struct OutputRing<W> {
    words: W,
    capacity: usize,
}

impl<W: SharedWords> OutputRing<W> {
    /// A view of words of [`words_for`] a power of two of frames.
    pub fn new(words: W) -> Self {
        let capacity = words.len().saturating_sub(HEADER_WORDS) / CHANNELS;
        debug_assert!(capacity.is_power_of_two());
        Self { words, capacity }
    }

    /// Marks the memory as an empty running ring of this version; done once, by whoever made it.
    pub fn format(&self) {
        self.words.store(CAPACITY, self.capacity as u32);
        self.words.store(WRITE, 0);
        self.words.store(READ, 0);
        self.set_limiting(Limiting::default());
        self.words.store(STATE, State::Running.to_word());
        self.words.store(VERSION, PROTOCOL_VERSION);
    }

    /// Whether both sides agree on the layout.
    pub fn is_formatted(&self) -> bool {
        self.words.load(VERSION) == PROTOCOL_VERSION && self.words.load(CAPACITY) as usize == self.capacity
    }

    /// How far the export is.
    pub fn state(&self) -> State {
        State::from_word(self.words.load(STATE))
    }

    /// Leaves [`State::Running`]; a ring that has left it stays as it is.
    pub fn end(&self, state: State) {
        if self.state() == State::Running {
            self.words.store(STATE, state.to_word());
        }
    }

    /// What the watched limiter did, once the export has finished.
    pub fn limiting(&self) -> Limiting {
        Limiting::from_words(core::array::from_fn(|at| self.words.load(LIMITING + at)))
    }

    /// Says what the watched limiter did.
    pub fn set_limiting(&self, limiting: Limiting) {
        for (at, word) in limiting.to_words().into_iter().enumerate() {
            self.words.store(LIMITING + at, word);
        }
    }

    /// Frames that can be written now.
    pub fn room(&self) -> usize {
        self.capacity - self.filled()
    }

    /// Frames that can be read now.
    pub fn filled(&self) -> usize {
        (self.words.load(WRITE).wrapping_sub(self.words.load(READ)) as usize).min(self.capacity)
    }

    /// Frames ever written, modulo 2³².
    pub fn written(&self) -> u32 {
        self.words.load(WRITE)
    }

    /// Appends interleaved frames, all or as many as there is room for; says how many.
    pub fn write(&self, interleaved: &[f32]) -> usize {
        let frames = (interleaved.len() / CHANNELS).min(self.room());
        let write = self.words.load(WRITE);
        for (at, from, count) in self.runs(write, frames) {
            self.words.write_f32(at, &interleaved[from * CHANNELS..(from + count) * CHANNELS]);
        }
        self.words.store(WRITE, write.wrapping_add(frames as u32));
        frames
    }

    /// Takes interleaved frames out as bits of 32-bit floats, as many as there are and `into` holds; says how many.
    pub fn read(&self, into: &mut [u32]) -> usize {
        let frames = (into.len() / CHANNELS).min(self.filled());
        let read = self.words.load(READ);
        for (at, from, count) in self.runs(read, frames) {
            self.words.read(at, &mut into[from * CHANNELS..(from + count) * CHANNELS]);
        }
        self.words.store(READ, read.wrapping_add(frames as u32));
        frames
    }

    /// Up to two runs without a wrap: first word, first frame of the caller's buffer, frames.
    fn runs(&self, position: u32, frames: usize) -> [(usize, usize, usize); 2] {
        let start = position as usize & (self.capacity - 1);
        let first = frames.min(self.capacity - start);
        [(HEADER_WORDS + start * CHANNELS, 0, first), (HEADER_WORDS, first, frames - first)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::LocalWords;
    use std::vec::Vec;

    fn ring(frames: usize) -> OutputRing<LocalWords> {
        let ring = OutputRing::new(LocalWords::new(words_for(frames)));
        ring.format();
        ring
    }

    #[test]
    fn frames_come_out_as_they_went_in_over_many_wraps() {
        let ring = ring(64);
        assert!(ring.is_formatted());
        let (mut sent, mut received) = (0_u32, Vec::new());
        for turn in 0..500_usize {
            let block: Vec<f32> = (0..2 * (turn % 70)).map(|at| (sent * 2) as f32 + at as f32).collect();
            sent += ring.write(&block) as u32;
            let mut out = [0_u32; 100];
            let frames = ring.read(&mut out);
            received.extend(out[..frames * CHANNELS].iter().map(|bits| f32::from_bits(*bits)));
        }
        let expected: Vec<f32> = (0..received.len()).map(|at| at as f32).collect();
        assert_eq!(received, expected);
        assert!(received.len() > 10_000);
    }

    #[test]
    fn a_full_ring_takes_only_what_fits() {
        let ring = ring(16);
        assert_eq!(ring.write(&[0.5; 60]), 16);
        assert_eq!((ring.room(), ring.filled()), (0, 16));
        assert_eq!(ring.write(&[0.5; 2]), 0);
    }

    #[test]
    fn an_export_ends_once() {
        let ring = ring(16);
        ring.end(State::Cancelled);
        ring.end(State::Finished);
        assert_eq!(ring.state(), State::Cancelled);
        assert_eq!(State::from_word(77), State::Failed);
    }
}
