//! A SharedArrayBuffer as [`SharedWords`].

use dsp::protocol::SharedWords;
use js_sys::{Atomics, Float32Array, Int32Array, SharedArrayBuffer, Uint32Array};

/// Views of one SharedArrayBuffer.
pub struct JsWords {
    atoms: Int32Array,
    words: Uint32Array,
    floats: Float32Array,
    len: usize,
}

impl JsWords {
    /// All of it.
    pub fn new(buffer: &SharedArrayBuffer) -> Self {
        let atoms = Int32Array::new(buffer);
        let len = atoms.length() as usize;
        Self { atoms, words: Uint32Array::new(buffer), floats: Float32Array::new(buffer), len }
    }

    /// Wakes whoever waits on a word (`Atomics.wait` in a render's worklet, where the browser allows it).
    pub fn wake(&self, index: usize) {
        drop(Atomics::notify(&self.atoms, index as u32));
    }
}

impl SharedWords for JsWords {
    fn len(&self) -> usize {
        self.len
    }
    fn load(&self, index: usize) -> u32 {
        Atomics::load(&self.atoms, index as u32).unwrap_or(0) as u32
    }
    fn store(&self, index: usize, value: u32) {
        drop(Atomics::store(&self.atoms, index as u32, value as i32));
    }
    fn read(&self, start: usize, into: &mut [u32]) {
        self.words.subarray(start as u32, (start + into.len()) as u32).copy_to(into);
    }
    fn write(&self, start: usize, from: &[u32]) {
        self.words.subarray(start as u32, (start + from.len()) as u32).copy_from(from);
    }
    fn write_f32(&self, start: usize, from: &[f32]) {
        self.floats.subarray(start as u32, (start + from.len()) as u32).copy_from(from);
    }
}
