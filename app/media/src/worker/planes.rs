//! Two sides of audio on the browser's own heap: this module's memory never shrinks, so no whole song may lie in it.

use js_sys::Float32Array;

use crate::codec::Sides;

/// Longest audio that is held whole: ten minutes at 96 kHz, 460 MB.
pub const LONGEST_FRAMES: u64 = 600 * 96_000;
/// Frames that are handed over at a time.
pub const PIECE_FRAMES: usize = 1 << 16;

/// Audio that is still growing.
#[derive(Default)]
pub struct Growing {
    pieces: [Vec<Float32Array>; 2],
    waiting: [Vec<f32>; 2],
    frames: usize,
}

impl Growing {
    /// Appends frames.
    pub fn push(&mut self, left: &[f32], right: &[f32]) {
        self.waiting[0].extend_from_slice(left);
        self.waiting[1].extend_from_slice(right);
        if self.waiting[0].len() >= PIECE_FRAMES {
            self.hand_over();
        }
    }

    /// Appends interleaved frames.
    pub fn push_interleaved(&mut self, frames: &[f32]) {
        for frame in frames.chunks_exact(2) {
            self.waiting[0].push(frame[0]);
            self.waiting[1].push(frame[1]);
        }
        if self.waiting[0].len() >= PIECE_FRAMES {
            self.hand_over();
        }
    }

    /// Appends what lies on that heap already.
    pub fn push_piece(&mut self, [left, right]: [Float32Array; 2]) {
        self.hand_over();
        self.frames += left.length() as usize;
        self.pieces[0].push(left);
        self.pieces[1].push(right);
    }

    fn hand_over(&mut self) {
        self.frames += self.waiting[0].len();
        for (pieces, waiting) in self.pieces.iter_mut().zip(&mut self.waiting) {
            if !waiting.is_empty() {
                pieces.push(Float32Array::from(waiting.as_slice()));
                waiting.clear();
            }
        }
    }

    /// All of it.
    pub fn finish(mut self) -> Planes {
        self.hand_over();
        let frames = self.frames;
        Planes(self.pieces.map(|pieces| {
            let whole = Float32Array::new_with_length(frames as u32);
            let mut at = 0;
            for piece in pieces {
                whole.set(&piece, at);
                at += piece.length();
            }
            whole
        }))
    }
}

/// Audio that is whole.
#[derive(Clone)]
pub struct Planes(pub [Float32Array; 2]);

impl Sides for Planes {
    fn frames(&self) -> usize {
        self.0[0].length() as usize
    }

    fn read(&self, at: i64, left: &mut [f32], right: &mut [f32]) {
        for (plane, side) in self.0.iter().zip([left, right]) {
            side.fill(0.0);
            let (length, asked) = (i64::from(plane.length()), side.len() as i64);
            let (from, to) = (at.clamp(0, length), (at + asked).clamp(0, length));
            if from < to {
                let into = &mut side[(from - at) as usize..(to - at) as usize];
                plane.subarray(from as u32, to as u32).copy_to(into);
            }
        }
    }
}
