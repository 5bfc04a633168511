//! A stereo delay of whole frames.

use alloc::vec::Vec;

/// The last frames of two channels.
#[derive(Clone)]
pub struct DelayLine {
    frames: Vec<[f32; 2]>,
    /// Where the next frame is written.
    head: usize,
}

impl DelayLine {
    /// Silent, for delays of up to `max_frames`.
    pub fn new(max_frames: usize) -> Self {
        Self { frames: alloc::vec![[0.0; 2]; max_frames + 1], head: 0 }
    }

    /// The longest delay.
    pub fn max_frames(&self) -> usize {
        self.frames.len() - 1
    }

    /// Takes a frame in.
    #[inline(always)]
    pub fn write(&mut self, frame: [f32; 2]) {
        self.frames[self.head] = frame;
        self.head = if self.head + 1 == self.frames.len() { 0 } else { self.head + 1 };
    }

    /// Takes a stretch in.
    pub fn write_all(&mut self, left: &[f32], right: &[f32]) {
        let mut at = 0;
        while at < left.len() {
            let room = &mut self.frames[self.head..];
            let taken = room.len().min(left.len() - at);
            for (frame, (left, right)) in room.iter_mut().zip(left[at..].iter().zip(&right[at..])) {
                *frame = [*left, *right];
            }
            at += taken;
            self.head = if taken == room.len() { 0 } else { self.head + taken };
        }
    }

    /// The frame written `delay` frames before the last one (0 is the last one).
    #[inline(always)]
    pub fn read(&self, delay: usize) -> [f32; 2] {
        let back = delay.min(self.max_frames()) + 1;
        let at = if self.head >= back { self.head - back } else { self.head + self.frames.len() - back };
        self.frames[at]
    }

    /// Fills a stretch with the frames from this delay on ([`DelayLine::read`]), no more than that many and one.
    pub fn read_all(&self, delay: usize, left: &mut [f32], right: &mut [f32]) {
        let back = delay.min(self.max_frames()) + 1;
        let first = (self.head + self.frames.len() - back) % self.frames.len();
        let until_end = left.len().min(self.frames.len() - first);
        let (left_before, left_after) = left.split_at_mut(until_end);
        let (right_before, right_after) = right.split_at_mut(until_end);
        for (from, left, right) in [(first, left_before, right_before), (0, left_after, right_after)] {
            for (frame, (left, right)) in self.frames[from..].iter().zip(left.iter_mut().zip(right)) {
                [*left, *right] = *frame;
            }
        }
    }

    /// Takes a stretch in and leaves in its place the frames written `delay` frames before each.
    pub fn delay_all(&mut self, left: &mut [f32], right: &mut [f32], delay: usize) {
        let delay = delay.min(self.max_frames());
        let most = self.frames.len() - delay;
        for (left, right) in left.chunks_mut(most).zip(right.chunks_mut(most)) {
            self.write_all(left, right);
            self.read_all(delay + left.len() - 1, left, right);
        }
    }

    /// Forgets all sound.
    pub fn silence(&mut self) {
        self.frames.fill([0.0; 2]);
        self.head = 0;
    }
}

/// A reading place whose delay changes by crossing over between the old one and the new one, so that nothing clicks and no pitch
/// sweeps.
#[derive(Clone, Copy)]
pub struct Tap {
    delay: usize,
    old_delay: usize,
    wanted: usize,
    fade_frames: usize,
    fade_left: usize,
}

impl Tap {
    /// Without delay; changes within `fade_frames`.
    pub fn new(fade_frames: usize) -> Self {
        Self { delay: 0, old_delay: 0, wanted: 0, fade_frames: fade_frames.max(1), fade_left: 0 }
    }

    /// Asks for another delay; a running change is finished first.
    pub fn aim(&mut self, delay_frames: usize) {
        self.wanted = delay_frames;
    }

    /// The delay that it has or is going to.
    pub fn wanted(&self) -> usize {
        self.wanted
    }

    /// Takes the delay at once.
    pub fn settle(&mut self) {
        self.delay = self.wanted;
        self.fade_left = 0;
    }

    /// Whether it has its delay.
    pub fn is_settled(&self) -> bool {
        self.fade_left == 0 && self.wanted == self.delay
    }

    /// The delay that it crosses over to, or has.
    pub fn delay(&self) -> usize {
        self.delay
    }

    /// The delay that it comes from.
    pub fn old_delay(&self) -> usize {
        self.old_delay
    }

    /// The least delay that may be read before the change that it is asked for is over.
    pub fn shortest(&self) -> usize {
        let old = if self.fade_left > 0 { self.old_delay } else { self.delay };
        old.min(self.delay).min(self.wanted)
    }

    /// Goes on by a frame and gives the share of the old delay in it.
    #[inline(always)]
    pub fn advance(&mut self) -> f32 {
        if self.fade_left == 0 && self.wanted != self.delay {
            self.old_delay = self.delay;
            self.delay = self.wanted;
            self.fade_left = self.fade_frames;
        }
        if self.fade_left == 0 {
            return 0.0;
        }
        self.fade_left -= 1;
        self.fade_left as f32 / self.fade_frames as f32
    }
}

/// A delay line with one such tap.
#[derive(Clone)]
pub struct SwitchedDelay {
    line: DelayLine,
    tap: Tap,
}

impl SwitchedDelay {
    /// Silent, for delays of up to `max_frames`, changed within `fade_frames`.
    pub fn new(max_frames: usize, fade_frames: usize) -> Self {
        Self { line: DelayLine::new(max_frames), tap: Tap::new(fade_frames) }
    }

    /// The delay that it has or is going to.
    pub fn delay_frames(&self) -> usize {
        self.tap.wanted()
    }

    /// Asks for another delay; a running change is finished first.
    pub fn aim(&mut self, delay_frames: usize) {
        self.tap.aim(delay_frames.min(self.line.max_frames()));
    }

    /// Forgets all sound and takes the delay at once.
    pub fn reset(&mut self) {
        self.line.silence();
        self.tap.settle();
    }

    /// Whether it delays nothing and is not about to.
    pub fn is_idle(&self) -> bool {
        self.tap.wanted() == 0 && self.tap.is_settled()
    }

    /// Delays a stretch in place.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.is_idle() {
            self.line.write_all(left, right);
            return;
        }
        for (left, right) in left.iter_mut().zip(right) {
            [*left, *right] = self.pass([*left, *right]);
        }
    }

    /// Takes a frame in and gives the delayed one.
    #[inline(always)]
    pub fn pass(&mut self, frame: [f32; 2]) -> [f32; 2] {
        self.line.write(frame);
        let old_share = self.tap.advance();
        let new = self.line.read(self.tap.delay());
        if old_share == 0.0 {
            return new;
        }
        let old = self.line.read(self.tap.old_delay());
        [new[0] + old_share * (old[0] - new[0]), new[1] + old_share * (old[1] - new[1])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_read_across_the_end_of_the_line_as_frame_by_frame() {
        let mut line = DelayLine::new(6);
        for frame in 0..10 {
            line.write([frame as f32, -(frame as f32)]);
        }
        let (mut left, mut right) = ([0.0; 4], [0.0; 4]);
        line.read_all(5, &mut left, &mut right);
        assert_eq!((left, right), ([4.0, 5.0, 6.0, 7.0], [-4.0, -5.0, -6.0, -7.0]));
        assert_eq!(line.read(5), [4.0, -4.0]);
    }

    #[test]
    fn a_frame_comes_back_after_its_delay_and_not_before() {
        let mut delay = SwitchedDelay::new(5, 2);
        delay.aim(5);
        delay.reset();
        let heard: [f32; 8] = core::array::from_fn(|frame| delay.pass([if frame == 0 { 1.0 } else { 0.0 }, 0.0])[0]);
        assert_eq!(heard, [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    }
}
