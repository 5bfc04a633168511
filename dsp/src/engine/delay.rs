//! A delay of whole frames: what keeps parallel paths together and aligns a bypassed insert's dry signal.
//!
//! A new length while sound runs through is reached by a cross-fade, once enough sound has gone in for the new length; so lengthening
//! repeats a little and never lets silence in.

use alloc::vec::Vec;

use super::BLOCK_FRAMES;
use super::ramp::Ramp;

/// See the module's text.
pub struct DelayLine {
    left: Vec<f32>,
    right: Vec<f32>,
    write: usize,
    /// Frames of sound in the line, up to its size.
    filled: usize,
    delay_frames: usize,
    target_frames: usize,
    /// The length that the running cross-fade leads to.
    next_frames: usize,
    /// Share of the next length while it is being reached.
    fade: Ramp,
}

impl DelayLine {
    /// No delay; changes will take `fade_frames`.
    pub fn new(fade_frames: usize) -> Self {
        Self {
            left: Vec::new(),
            right: Vec::new(),
            write: 0,
            filled: 0,
            delay_frames: 0,
            target_frames: 0,
            next_frames: 0,
            fade: Ramp::new(0.0, fade_frames),
        }
    }

    /// Goes to a new length; takes memory when it was never that long.
    pub fn set_frames(&mut self, frames: usize) {
        self.target_frames = frames;
        let size = (frames + BLOCK_FRAMES).next_power_of_two();
        if frames > 0 && size > self.left.len() {
            self.left = self.grown(&self.left, size);
            self.right = self.grown(&self.right, size);
            self.write = self.filled;
        }
    }

    /// The length that it goes to.
    pub fn frames(&self) -> usize {
        self.target_frames
    }

    /// Whether it never delayed anything: then sound need not go through it.
    pub fn is_unused(&self) -> bool {
        self.left.is_empty()
    }

    /// Whether it delays by what it should.
    pub fn is_settled(&self) -> bool {
        self.delay_frames == self.target_frames && self.fade.rests_at(0.0)
    }

    /// Forgets all sound and has its length at once.
    pub fn reset(&mut self) {
        self.left.fill(0.0);
        self.right.fill(0.0);
        self.filled = 0;
        self.delay_frames = self.target_frames;
        self.fade.set(0.0);
    }

    /// Delays a stretch in place.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.is_unused() {
            return;
        }
        if self.is_settled() {
            self.process_settled(left, right);
        } else {
            self.process_changing(left, right);
        }
        self.filled = (self.filled + left.len()).min(self.left.len());
    }

    fn process_settled(&mut self, left: &mut [f32], right: &mut [f32]) {
        let mask = self.left.len() - 1;
        let read = self.write.wrapping_sub(self.delay_frames) & mask;
        for (ring, side) in [(&mut self.left, &mut *left), (&mut self.right, right)] {
            put(ring, self.write, side);
            take(ring, read, side);
        }
        self.write = (self.write + left.len()) & mask;
    }

    fn process_changing(&mut self, left: &mut [f32], right: &mut [f32]) {
        let mask = self.left.len() - 1;
        if self.fade.rests_at(0.0) && self.filled >= self.target_frames {
            self.next_frames = self.target_frames;
            self.fade.go(1.0);
        }
        for (left, right) in left.iter_mut().zip(right) {
            self.left[self.write] = *left;
            self.right[self.write] = *right;
            let share = self.fade.tick();
            let old = self.write.wrapping_sub(self.delay_frames) & mask;
            let new = self.write.wrapping_sub(self.next_frames) & mask;
            *left = self.left[old] + share * (self.left[new] - self.left[old]);
            *right = self.right[old] + share * (self.right[new] - self.right[old]);
            self.write = (self.write + 1) & mask;
        }
        if self.fade.rests_at(1.0) {
            self.delay_frames = self.next_frames;
            self.fade.set(0.0);
        }
    }

    /// A larger ring with the sound so far at its beginning, oldest first.
    fn grown(&self, old: &[f32], size: usize) -> Vec<f32> {
        let mut new = Vec::with_capacity(size);
        for age in (1..=self.filled).rev() {
            new.push(old[self.write.wrapping_sub(age) & (old.len() - 1)]);
        }
        new.resize(size, 0.0);
        new
    }
}

/// Copies at most a ring's length into it, from a place on.
fn put(ring: &mut [f32], at: usize, from: &[f32]) {
    let (before_end, rest) = from.split_at(from.len().min(ring.len() - at));
    ring[at..at + before_end.len()].copy_from_slice(before_end);
    ring[..rest.len()].copy_from_slice(rest);
}

/// Copies at most a ring's length out of it, from a place on.
fn take(ring: &[f32], at: usize, into: &mut [f32]) {
    let (before_end, rest) = into.split_at_mut(into.len().min(ring.len() - at));
    before_end.copy_from_slice(&ring[at..at + before_end.len()]);
    rest.copy_from_slice(&ring[..rest.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp_through(line: &mut DelayLine, from: usize, frames: usize) -> Vec<f32> {
        let mut left: Vec<f32> = (from..from + frames).map(|frame| frame as f32).collect();
        let mut right = left.clone();
        for (left, right) in left.chunks_mut(BLOCK_FRAMES).zip(right.chunks_mut(BLOCK_FRAMES)) {
            line.process(left, right);
        }
        left
    }

    #[test]
    fn sound_comes_out_late_by_the_length() {
        let mut line = DelayLine::new(10);
        line.set_frames(300);
        line.reset();
        let out = ramp_through(&mut line, 1, 1000);
        assert!(out[..300].iter().all(|&sample| sample == 0.0));
        assert!(out[300..].iter().enumerate().all(|(at, &sample)| sample == (at + 1) as f32));
    }

    #[test]
    fn a_longer_delay_is_reached_without_silence_and_keeps_what_is_in_the_line() {
        let mut line = DelayLine::new(10);
        line.set_frames(5);
        line.reset();
        ramp_through(&mut line, 0, 1000);
        line.set_frames(700);
        let out = ramp_through(&mut line, 1000, 2000);
        assert!(out.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 100.0), "no jump");
        assert!(out.iter().all(|&sample| sample > 250.0));
        assert_eq!(out[1999], 2999.0 - 700.0);
        line.set_frames(0);
        let out = ramp_through(&mut line, 3000, 1000);
        assert_eq!(out[999], 3999.0);
    }
}
