//! The greatest of the last N values, with the same few operations for every value.

use alloc::vec::Vec;

use super::lanes::greater;

/// Blocks of N values (van Herk 1992; Gil and Werman 1993): a window ends inside the running block, whose greatest so far is known, and
/// begins inside the block before, of which each place keeps the greatest from there to its end. Values are 0 or more.
#[derive(Clone)]
pub struct SlidingMax {
    /// Before `at` the running block's values, from `at` on the greatest to the end of the block before.
    values: Vec<f32>,
    window: usize,
    at: usize,
    running: f32,
}

impl SlidingMax {
    /// Over windows of up to `max_window` values.
    pub fn new(max_window: usize) -> Self {
        let window = max_window.max(1);
        Self { values: alloc::vec![0.0; window], window, at: 0, running: 0.0 }
    }

    /// Forgets all values and takes another window (at most the largest).
    pub fn reset(&mut self, window: usize) {
        self.window = window.clamp(1, self.values.len());
        self.values.fill(0.0);
        self.at = 0;
        self.running = 0.0;
    }

    /// Takes over another one's values; both were made for the same largest window.
    pub fn adopt(&mut self, other: &Self) {
        self.values.copy_from_slice(&other.values);
        (self.window, self.at, self.running) = (other.window, other.at, other.running);
    }

    /// Takes a value in and gives the greatest of the window that ends with it.
    #[inline(always)]
    pub fn push(&mut self, value: f32) -> f32 {
        self.values[self.at] = value;
        self.running = greater(value, self.running);
        self.at += 1;
        if self.at < self.window {
            return greater(self.values[self.at], self.running);
        }
        let whole = self.running;
        self.begin_block();
        whole
    }

    fn begin_block(&mut self) {
        let mut greatest = 0.0;
        for value in self.values[..self.window].iter_mut().rev() {
            greatest = greater(*value, greatest);
            *value = greatest;
        }
        self.at = 0;
        self.running = 0.0;
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
