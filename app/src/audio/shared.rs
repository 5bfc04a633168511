//! SharedArrayBuffers as the protocol's words.

use dsp::protocol::SharedWords;
use js_sys::{Atomics, Float32Array, Int32Array, SharedArrayBuffer, Uint32Array};

/// Words that the page shares with a worker or the audio thread.
#[derive(Clone)]
pub struct SharedMemory {
    buffer: SharedArrayBuffer,
    ordered: Int32Array,
    words: Uint32Array,
    samples: Float32Array,
}

impl SharedMemory {
    /// `words` words of zero.
    pub fn new(words: usize) -> Self {
        let bytes = u32::try_from(4 * words).unwrap_or(u32::MAX);
        let buffer = SharedArrayBuffer::new(bytes);
        let (ordered, words, samples) = (Int32Array::new(&buffer), Uint32Array::new(&buffer), Float32Array::new(&buffer));
        Self { buffer, ordered, words, samples }
    }

    /// What is handed to the other thread.
    pub fn buffer(&self) -> &SharedArrayBuffer {
        &self.buffer
    }

    /// Samples from a word on.
    pub fn samples(&self, start: usize, len: usize) -> Float32Array {
        self.samples.slice(start as u32, (start + len) as u32)
    }
}

impl SharedWords for SharedMemory {
    fn len(&self) -> usize {
        self.words.length() as usize
    }

    fn load(&self, index: usize) -> u32 {
        // Fails only beyond the end, where there is nothing.
        Atomics::load(&self.ordered, index as u32).map_or(0, |word| word as u32)
    }

    fn store(&self, index: usize, value: u32) {
        let stored = Atomics::store(&self.ordered, index as u32, value as i32);
        debug_assert!(stored.is_ok());
    }

    fn read(&self, start: usize, into: &mut [u32]) {
        self.words.subarray(start as u32, (start + into.len()) as u32).copy_to(into);
    }

    fn write(&self, start: usize, from: &[u32]) {
        self.words.subarray(start as u32, (start + from.len()) as u32).copy_from(from);
    }

    fn write_f32(&self, start: usize, from: &[f32]) {
        self.samples.subarray(start as u32, (start + from.len()) as u32).copy_from(from);
    }
}
