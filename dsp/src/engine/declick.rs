//! Takes the jump out of a signal whose source was just changed: the difference between the last frame before and the first one after is
//! added and let go to zero over a few milliseconds. It needs no look at what would have come.

/// See the module's text.
pub struct Declick {
    last: [f32; 2],
    offset: [f32; 2],
    armed: bool,
    left_frames: usize,
    frames: usize,
}

impl Declick {
    /// At rest; a jump will take this many frames to go.
    pub fn new(frames: usize) -> Self {
        Self { last: [0.0; 2], offset: [0.0; 2], armed: false, left_frames: 0, frames: frames.max(1) }
    }

    /// The next frame comes from somewhere else.
    pub fn arm(&mut self) {
        self.armed = true;
    }

    /// Nothing was heard before.
    pub fn reset(&mut self) {
        *self = Self::new(self.frames);
    }

    /// Smooths a stretch in place; leaves it untouched when nothing was changed.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        let (Some(&first_left), Some(&first_right)) = (left.first(), right.first()) else {
            return;
        };
        if self.armed {
            self.armed = false;
            self.offset = [self.last[0] - first_left, self.last[1] - first_right];
            self.left_frames = self.frames;
        }
        for (left, right) in left.iter_mut().zip(right.iter_mut()).take(self.left_frames) {
            let share = self.left_frames as f32 / self.frames as f32;
            let gain = share * share;
            *left += self.offset[0] * gain;
            *right += self.offset[1] * gain;
            self.left_frames -= 1;
        }
        self.last = [left[left.len() - 1], right[right.len() - 1]];
    }
}
