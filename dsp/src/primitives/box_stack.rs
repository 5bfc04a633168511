//! Three running means in a row: a smooth bell of finite length.
//!
//! Values are whole numbers inside, so the running sums are exact and never drift; rounding is upwards. While the input stands at or above a
//! level for the whole length, the output does too: a limiter's ceiling holds.

use alloc::vec::Vec;

/// Means in a row.
const BOXES: usize = 3;
/// Steps of the whole numbers in 1.
const STEPS: f32 = 16_777_216.0;

#[derive(Clone)]
struct Running {
    past: Vec<i64>,
    length: usize,
    at: usize,
    sum: i64,
}

impl Running {
    #[inline(always)]
    fn push(&mut self, value: i64) -> i64 {
        self.sum += value - self.past[self.at];
        self.past[self.at] = value;
        self.at = if self.at + 1 == self.length { 0 } else { self.at + 1 };
        self.sum
    }
}

/// See the module's text.
#[derive(Clone)]
pub struct BoxStack {
    boxes: [Running; BOXES],
    scale: f64,
}

impl BoxStack {
    /// Of up to `max_length` values.
    pub fn new(max_length: usize) -> Self {
        let room = max_length.max(1) + BOXES;
        let running = Running { past: alloc::vec![0; room], length: 1, at: 0, sum: 0 };
        let mut stack = Self { boxes: [running.clone(), running.clone(), running], scale: 1.0 };
        stack.reset(max_length);
        stack
    }

    /// Forgets all values and takes another total length.
    pub fn reset(&mut self, length: usize) {
        let mut left = (length + BOXES - 1).clamp(BOXES, self.boxes[0].past.len());
        let mut values = 1.0;
        for (index, running) in self.boxes.iter_mut().enumerate() {
            running.length = left / (BOXES - index);
            left -= running.length;
            values *= running.length as f64;
            running.past.fill(0);
            running.at = 0;
            running.sum = 0;
        }
        self.scale = 1.0 / (values * STEPS as f64);
    }

    /// Takes over another one's values; both were made for the same largest length.
    pub fn adopt(&mut self, other: &Self) {
        for (running, other) in self.boxes.iter_mut().zip(&other.boxes) {
            running.past.copy_from_slice(&other.past);
            (running.length, running.at, running.sum) = (other.length, other.at, other.sum);
        }
        self.scale = other.scale;
    }

    /// Takes a value (0 to 64) in and gives the smoothed one.
    #[inline(always)]
    pub fn push(&mut self, value: f32) -> f32 {
        let steps = value * STEPS;
        let mut whole = steps as i64;
        if (whole as f32) < steps {
            whole += 1;
        }
        let [first, second, third] = &mut self.boxes;
        (third.push(second.push(first.push(whole))) as f64 * self.scale) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_arrives_after_the_whole_length_and_leaves_nothing_behind() {
        for length in [1, 2, 3, 10, 97] {
            let mut stack = BoxStack::new(97);
            stack.reset(length);
            let rise: Vec<f32> = (0..length).map(|_| stack.push(0.3)).collect();
            assert!(rise.windows(2).all(|pair| pair[0] <= pair[1]));
            assert!(rise[length - 1] >= 0.3 && length == 1 || rise[0] < 0.3);
            let fall: Vec<f32> = (0..length).map(|_| stack.push(0.0)).collect();
            assert_eq!(fall[length - 1], 0.0);
        }
    }
}
