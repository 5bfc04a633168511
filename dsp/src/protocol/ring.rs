//! Messages of any length over shared words, one writer, one reader.
//!
//! Layout in words: `[version, write, read, dropped, data …]`; `write` and `read` count data words and wrap at 2³². A message is its
//! length in bytes followed by its bytes, padded to whole words. The writer publishes `write` after the words, the reader
//! publishes `read` after it has copied them out. A message that does not fit is refused whole.

use alloc::vec::Vec;

use super::{PROTOCOL_VERSION, SharedWords};

/// Words in front of the data.
pub const HEADER_WORDS: usize = 4;
/// Header word: the layout's version.
pub const VERSION: usize = 0;
/// Header word: data words ever written.
pub const WRITE: usize = 1;
/// Header word: data words ever read.
pub const READ: usize = 2;
/// Header word: messages the writer gave up (events only).
pub const DROPPED: usize = 3;

/// Words for a ring that holds `data_words` of data, a power of two.
pub const fn words_for(data_words: usize) -> usize {
    HEADER_WORDS + data_words
}

/// Why a message was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RingError {
    /// No room now; try again when the reader has read.
    Full,
    /// Longer than the whole ring.
    TooLong,
}

/// One side's view of the ring.
pub struct ByteRing<W> {
    words: W,
    capacity: usize,
}

impl<W: SharedWords> ByteRing<W> {
    /// A view; the data part must be a power of two in words.
    pub fn new(words: W) -> Self {
        let capacity = words.len().saturating_sub(HEADER_WORDS);
        debug_assert!(capacity.is_power_of_two());
        Self { words, capacity }
    }

    /// Marks the memory as an empty ring of this version; done once, by whoever made it.
    pub fn format(&self) {
        for word in [WRITE, READ, DROPPED] {
            self.words.store(word, 0);
        }
        self.words.store(VERSION, PROTOCOL_VERSION);
    }

    /// Appends a message.
    ///
    /// # Errors
    /// [`RingError::Full`] when it does not fit now, [`RingError::TooLong`] when it never will.
    pub fn push(&self, message: &[u8]) -> Result<(), RingError> {
        let words = 1 + message.len().div_ceil(4);
        if words > self.capacity {
            return Err(RingError::TooLong);
        }
        let (write, read) = (self.words.load(WRITE), self.words.load(READ));
        let free = self.capacity - write.wrapping_sub(read) as usize;
        if words > free {
            return Err(RingError::Full);
        }
        self.put(write, message.len() as u32);
        for (at, chunk) in message.chunks(4).enumerate() {
            let mut bytes = [0; 4];
            bytes[..chunk.len()].copy_from_slice(chunk);
            self.put(write.wrapping_add(1 + at as u32), u32::from_le_bytes(bytes));
        }
        self.words.store(WRITE, write.wrapping_add(words as u32));
        Ok(())
    }

    /// Counts a message that was given up.
    pub fn count_dropped(&self) {
        self.words.store(DROPPED, self.words.load(DROPPED).wrapping_add(1));
    }

    /// Takes the next message into `into` (cleared first); `false` when there is none. A ring whose lengths make no sense is emptied.
    pub fn pop(&self, into: &mut Vec<u8>) -> bool {
        into.clear();
        let (write, read) = (self.words.load(WRITE), self.words.load(READ));
        let filled = write.wrapping_sub(read) as usize;
        if filled == 0 {
            return false;
        }
        let bytes = self.get(read) as usize;
        let words = 1 + bytes.div_ceil(4);
        if filled > self.capacity || words > filled {
            self.words.store(READ, write);
            return false;
        }
        for at in 0..words - 1 {
            into.extend_from_slice(&self.get(read.wrapping_add(1 + at as u32)).to_le_bytes());
        }
        into.truncate(bytes);
        self.words.store(READ, read.wrapping_add(words as u32));
        true
    }

    fn put(&self, at: u32, value: u32) {
        self.words.write(HEADER_WORDS + (at as usize & (self.capacity - 1)), &[value]);
    }

    fn get(&self, at: u32) -> u32 {
        let mut word = [0];
        self.words.read(HEADER_WORDS + (at as usize & (self.capacity - 1)), &mut word);
        word[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::LocalWords;

    fn ring(data_words: usize) -> ByteRing<LocalWords> {
        let ring = ByteRing::new(LocalWords::new(words_for(data_words)));
        ring.format();
        ring
    }

    #[test]
    fn messages_come_out_as_they_went_in_over_many_wraps() {
        let ring = ring(64);
        let mut out = Vec::new();
        for turn in 0..1000_usize {
            let message: Vec<u8> = (0..turn % 40).map(|byte| (byte * 7 + turn) as u8).collect();
            assert_eq!(ring.push(&message), Ok(()));
            assert!(ring.pop(&mut out));
            assert_eq!(out, message);
        }
        assert!(!ring.pop(&mut out));
    }

    #[test]
    fn a_message_that_does_not_fit_is_refused_whole_and_fits_after_reading() {
        let ring = ring(16);
        let mut out = Vec::new();
        assert_eq!(ring.push(&[1; 40]), Ok(()));
        assert_eq!(ring.push(&[2; 40]), Err(RingError::Full));
        assert_eq!(ring.push(&[3; 400]), Err(RingError::TooLong));
        assert!(ring.pop(&mut out));
        assert_eq!(ring.push(&[2; 40]), Ok(()));
        assert!(ring.pop(&mut out));
        assert_eq!(out, [2; 40]);
    }
}
