//! The greatest of the last N values, in constant time on average.

use alloc::vec::Vec;

/// A queue of the values that can still become the greatest, falling from front to back (Lemire 2006).
#[derive(Clone)]
pub struct SlidingMax {
    /// Value and the count at which it leaves the window.
    queue: Vec<(f32, u32)>,
    front: usize,
    length: usize,
    window: u32,
    count: u32,
}

impl SlidingMax {
    /// Over windows of up to `max_window` values.
    pub fn new(max_window: usize) -> Self {
        Self { queue: alloc::vec![(0.0, 0); max_window.max(1) + 1], front: 0, length: 0, window: max_window.max(1) as u32, count: 0 }
    }

    /// Forgets all values and takes another window (at most the largest).
    pub fn reset(&mut self, window: usize) {
        self.window = window.clamp(1, self.queue.len() - 1) as u32;
        self.front = 0;
        self.length = 0;
        self.count = 0;
    }

    fn place(&self, offset: usize) -> usize {
        let at = self.front + offset;
        if at >= self.queue.len() { at - self.queue.len() } else { at }
    }

    /// Takes a value in and gives the greatest of the window that ends with it.
    #[inline(always)]
    pub fn push(&mut self, value: f32) -> f32 {
        self.count = self.count.wrapping_add(1);
        while self.length > 0 && self.queue[self.place(self.length - 1)].0 <= value {
            self.length -= 1;
        }
        let back = self.place(self.length);
        self.queue[back] = (value, self.count.wrapping_add(self.window));
        self.length += 1;
        if self.queue[self.front].1 == self.count {
            self.front = self.place(1);
            self.length -= 1;
        }
        self.queue[self.front].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_greatest_of_each_window_of_every_size() {
        let mut state = 1u32;
        let values: Vec<f32> = (0..500)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 28) as f32
            })
            .collect();
        for window in 1..=40 {
            let mut sliding = SlidingMax::new(40);
            sliding.reset(window);
            for (index, value) in values.iter().enumerate() {
                let from = (index + 1).saturating_sub(window);
                let want = values[from..=index].iter().copied().fold(0.0, f32::max);
                assert_eq!(sliding.push(*value), want, "window {window}, value {index}");
            }
        }
    }
}
