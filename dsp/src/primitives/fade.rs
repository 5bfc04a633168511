//! Values on their way: what a processor glides over one call, and what it fades over a time of its own.

use super::lanes::{F4, VECTOR_LANES};

/// A value that reaches its target at the end of the coming call.
#[derive(Clone, Copy, Debug)]
pub struct Glide {
    value: f32,
    target: f32,
    step: f32,
    frames_left: usize,
}

impl Glide {
    /// Standing at a value.
    pub fn new(value: f32) -> Self {
        Self { value, target: value, step: 0.0, frames_left: 0 }
    }

    /// Where it goes over the coming call.
    pub fn aim(&mut self, target: f32) {
        self.target = target;
    }

    /// Where it goes.
    pub fn target(&self) -> f32 {
        self.target
    }

    /// Takes the target at once.
    pub fn settle(&mut self) {
        self.value = self.target;
        self.frames_left = 0;
    }

    /// Begins a call of this many frames.
    pub fn begin(&mut self, frames: usize) {
        if self.value != self.target && frames > 0 {
            self.step = (self.target - self.value) / frames as f32;
            self.frames_left = frames;
        }
    }

    /// Whether it stands still at this value.
    pub fn rests_at(&self, value: f32) -> bool {
        self.value == value && self.target == value
    }

    /// The value of the next frame.
    #[inline(always)]
    pub fn advance(&mut self) -> f32 {
        if self.frames_left > 0 {
            self.frames_left -= 1;
            self.value = if self.frames_left == 0 { self.target } else { self.value + self.step };
        }
        self.value
    }
}

/// A value that runs in a straight line over one call, for four frames at once.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    from: f32,
    target: f32,
    step: f32,
}

impl Line {
    /// Standing at a value.
    pub fn new(value: f32) -> Self {
        Self { from: value, target: value, step: 0.0 }
    }

    /// Where it stands at the end of the running or coming call.
    pub fn aim(&mut self, target: f32) {
        self.target = target;
    }

    /// Whether it stands still at this value.
    pub fn rests_at(&self, value: f32) -> bool {
        self.from == value && self.target == value
    }

    /// Begins a call of this many frames; the last one arrived.
    pub fn begin(&mut self, frames: usize) {
        self.step = (self.target - self.from) / frames.max(1) as f32;
    }

    /// Ends the call.
    pub fn end(&mut self) {
        *self = self.ended();
    }

    /// The least value of the running call.
    pub fn least(&self) -> f32 {
        if self.from < self.target { self.from } else { self.target }
    }

    /// The same, arrived.
    pub fn ended(&self) -> Self {
        Self::new(self.target)
    }

    /// The values at these frames of the call (the first frame is 1, the last one has arrived).
    #[inline(always)]
    pub fn at(&self, frames: F4) -> F4 {
        F4::splat(self.from) + F4::splat(self.step) * frames
    }
}

/// The numbers of four frames of a call, from 1: where [`Line::at`] looks.
#[inline(always)]
pub fn frame_numbers(at: usize) -> F4 {
    let first = at as f32;
    F4::new([[first + 1.0, first + 2.0, first + 3.0, first + 4.0]])
}

/// A switch that crosses over from 0 to 1 or back in a fixed number of frames, whatever the calls are.
#[derive(Clone, Copy, Debug)]
pub struct Fade {
    position: usize,
    frames: usize,
    is_on: bool,
}

impl Fade {
    /// A switch that stands on or off and takes this many frames to cross over.
    pub fn new(is_on: bool, frames: usize) -> Self {
        let frames = frames.max(1);
        Self { position: if is_on { frames } else { 0 }, frames, is_on }
    }

    /// Turns it on or off.
    pub fn turn(&mut self, is_on: bool) {
        self.is_on = is_on;
    }

    /// Takes its end at once.
    pub fn settle(&mut self) {
        self.position = if self.is_on { self.frames } else { 0 };
    }

    /// Whether it stands fully off.
    pub fn is_off(&self) -> bool {
        self.position == 0 && !self.is_on
    }

    /// Frames until it stands; none when it stands.
    pub fn frames_left(&self) -> usize {
        if self.is_on { self.frames - self.position } else { self.position }
    }

    /// Whether it is crossing over.
    pub fn is_moving(&self) -> bool {
        self.frames_left() > 0
    }

    /// The share (0 to 1) of all coming frames; none while it crosses over.
    pub fn steady(&self) -> Option<f32> {
        (!self.is_moving()).then_some(if self.is_on { 1.0 } else { 0.0 })
    }

    /// The shares of the next four frames, or of as many as there are.
    pub fn advance_vector(&mut self, frames: usize) -> F4 {
        let mut shares = [0.0; VECTOR_LANES];
        shares.iter_mut().take(frames).for_each(|share| *share = self.advance());
        F4::new([shares])
    }

    /// The share (0 to 1) of the next frame.
    #[inline(always)]
    pub fn advance(&mut self) -> f32 {
        if let Some(share) = self.steady() {
            return share;
        }
        self.position = if self.is_on { self.position + 1 } else { self.position - 1 };
        self.position as f32 / self.frames as f32
    }
}

/// A switch of something that remembers sound: turned on it runs unheard until its memory is full, and only then crosses over.
#[derive(Clone, Copy, Debug)]
pub struct PrimedFade {
    fade: Fade,
    priming: usize,
    priming_left: usize,
}

impl PrimedFade {
    /// Off; it takes `priming` frames to fill and `frames` to cross over.
    pub fn new(priming: usize, frames: usize) -> Self {
        Self { fade: Fade::new(false, frames), priming, priming_left: 0 }
    }

    /// Takes so many frames to fill from the next time on that it is turned on.
    pub fn prime(&mut self, frames: usize) {
        self.priming = frames;
    }

    /// Turns it on or off.
    pub fn turn(&mut self, is_on: bool) {
        let is_filled = self.priming_left == 0 && !self.fade.is_off();
        self.priming_left = match (is_on, is_filled) {
            (true, false) if self.priming_left == 0 => self.priming,
            (true, false) => self.priming_left,
            _ => 0,
        };
        self.fade.turn(is_on && self.priming_left == 0);
    }

    /// Takes its end at once.
    pub fn settle(&mut self) {
        if core::mem::take(&mut self.priming_left) > 0 {
            self.fade.turn(true);
        }
        self.fade.settle();
    }

    /// Whether what it switches need not run.
    pub fn is_off(&self) -> bool {
        self.priming_left == 0 && self.fade.is_off()
    }

    /// Whether it is between off and on, or on its way there.
    pub fn is_moving(&self) -> bool {
        self.priming_left > 0 || self.fade.is_moving()
    }

    /// The share (0 to 1) of the next frame.
    #[inline(always)]
    pub fn advance(&mut self) -> f32 {
        if self.priming_left > 0 {
            self.priming_left -= 1;
            self.fade.turn(self.priming_left == 0);
            return 0.0;
        }
        self.fade.advance()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glide_arrives_exactly_with_the_last_frame_of_its_call() {
        let mut glide = Glide::new(1.0);
        glide.aim(0.3);
        glide.begin(7);
        let values: [f32; 7] = core::array::from_fn(|_| glide.advance());
        assert!(values[0] < 1.0 && values[5] > 0.3);
        assert_eq!(values[6], 0.3);
        assert_eq!(glide.advance(), 0.3);
    }

    #[test]
    fn a_fade_turned_back_goes_back_from_where_it_is() {
        let mut fade = Fade::new(false, 4);
        fade.turn(true);
        assert_eq!((fade.advance(), fade.advance()), (0.25, 0.5));
        fade.turn(false);
        assert_eq!((fade.advance(), fade.advance()), (0.25, 0.0));
        assert!(fade.is_off() && !fade.is_moving());
    }

    #[test]
    fn a_primed_fade_waits_before_it_comes_in_and_not_before_it_goes() {
        let mut fade = PrimedFade::new(2, 2);
        fade.turn(true);
        assert!(!fade.is_off());
        let shares: [f32; 4] = core::array::from_fn(|_| fade.advance());
        assert_eq!(shares, [0.0, 0.0, 0.5, 1.0]);
        fade.turn(true);
        assert!(!fade.is_moving());
        fade.turn(false);
        assert_eq!((fade.advance(), fade.advance()), (0.5, 0.0));
        assert!(fade.is_off());
    }
}
