//! Shared memory as the rings see it: atomic 32-bit words.

use alloc::vec::Vec;
use core::sync::atomic::{AtomicU32, Ordering};

/// Words shared by two threads. In the browser a SharedArrayBuffer, natively [`LocalWords`].
pub trait SharedWords {
    /// How many words there are.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Reads one word; everything that its writer stored before is visible afterwards.
    fn load(&self, index: usize) -> u32;
    /// Writes one word after everything that was written before.
    fn store(&self, index: usize, value: u32);
    /// Copies words out, without order among themselves.
    fn read(&self, start: usize, into: &mut [u32]);
    /// Copies words in, without order among themselves.
    fn write(&self, start: usize, from: &[u32]);
    /// Copies audio in, without order among the samples.
    fn write_f32(&self, start: usize, from: &[f32]);
}

/// Shared words in ordinary memory, for native renders and tests.
pub struct LocalWords(Vec<AtomicU32>);

impl LocalWords {
    /// `len` words of zero.
    pub fn new(len: usize) -> Self {
        Self((0..len).map(|_| AtomicU32::new(0)).collect())
    }
}

impl SharedWords for LocalWords {
    fn len(&self) -> usize {
        self.0.len()
    }
    fn load(&self, index: usize) -> u32 {
        self.0[index].load(Ordering::Acquire)
    }
    fn store(&self, index: usize, value: u32) {
        self.0[index].store(value, Ordering::Release);
    }
    fn read(&self, start: usize, into: &mut [u32]) {
        for (word, shared) in into.iter_mut().zip(&self.0[start..]) {
            *word = shared.load(Ordering::Relaxed);
        }
    }
    fn write(&self, start: usize, from: &[u32]) {
        for (word, shared) in from.iter().zip(&self.0[start..]) {
            shared.store(*word, Ordering::Relaxed);
        }
    }
    fn write_f32(&self, start: usize, from: &[f32]) {
        for (sample, shared) in from.iter().zip(&self.0[start..]) {
            shared.store(sample.to_bits(), Ordering::Relaxed);
        }
    }
}
