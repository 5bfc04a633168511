//! A reference on its way from the node's input to the engine's blocks, whatever the browser's quantum is.

use dsp::engine::BLOCK_FRAMES;

/// A ring of both sides with room for a quantum and two blocks.
#[derive(Default)]
pub struct Reference {
    left: Vec<f32>,
    right: Vec<f32>,
    read: usize,
    filled: usize,
}

impl Reference {
    /// Makes room for quanta of this many frames; what was in it is forgotten. It begins with a block of silence, because the last block that a
    /// quantum asks for reaches into the next one.
    pub fn make_room(&mut self, quantum_frames: usize) {
        let frames = quantum_frames + 2 * BLOCK_FRAMES;
        *self = Self { left: vec![0.0; frames], right: vec![0.0; frames], read: 0, filled: BLOCK_FRAMES };
    }

    /// Takes a quantum in; without room the oldest goes.
    pub fn put(&mut self, left: &[f32], right: &[f32]) {
        let frames = self.left.len();
        if left.len() > frames {
            return;
        }
        let over = (self.filled + left.len()).saturating_sub(frames);
        self.read = (self.read + over) % frames.max(1);
        self.filled -= over;
        for (at, (left, right)) in left.iter().zip(right).enumerate() {
            let place = (self.read + self.filled + at) % frames;
            self.left[place] = *left;
            self.right[place] = *right;
        }
        self.filled += left.len();
    }

    /// The next block; silence, without taking anything, while there is less than one.
    pub fn take(&mut self, (left, right): (&mut [f32], &mut [f32])) {
        let frames = left.len();
        if self.filled < frames {
            left.fill(0.0);
            right.fill(0.0);
            return;
        }
        for (at, (left, right)) in left.iter_mut().zip(right).enumerate() {
            let place = (self.read + at) % self.left.len();
            (*left, *right) = (self.left[place], self.right[place]);
        }
        self.read = (self.read + frames) % self.left.len();
        self.filled -= frames;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out of quanta of one length when blocks are taken as a node takes them.
    fn through(quantum: usize) -> Vec<f32> {
        let mut reference = Reference::default();
        reference.make_room(quantum);
        let (mut out, mut given, mut sample) = (Vec::new(), 0, 0.0);
        for turn in 1..200 {
            let plane: Vec<f32> = (0..quantum)
                .map(|_| {
                    sample += 1.0;
                    sample
                })
                .collect();
            reference.put(&plane, &plane);
            while given < turn * quantum {
                let (mut left, mut right) = ([0.0; BLOCK_FRAMES], [0.0; BLOCK_FRAMES]);
                reference.take((&mut left, &mut right));
                assert_eq!(left, right);
                out.extend(left);
                given += BLOCK_FRAMES;
            }
        }
        out
    }

    #[test]
    fn every_frame_comes_out_once_and_in_order_whatever_the_quantum() {
        for quantum in [128, 1024, 192, 441, 64] {
            let out = through(quantum);
            let started: Vec<f32> = out.iter().copied().skip_while(|sample| *sample == 0.0).collect();
            assert!(started.len() > out.len() - 4 * BLOCK_FRAMES - quantum, "{quantum}");
            assert!(started.windows(2).all(|pair| pair[1] == pair[0] + 1.0), "{quantum}");
        }
    }
}
