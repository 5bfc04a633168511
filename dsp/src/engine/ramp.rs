//! A gain on its way from one value to another in a straight line, frame by frame: what every switch of the engine fades with.
//!
//! It counts frames, so it gives the same values however its course is split into stretches.

/// Length of the fade of a mute, a bypass, a solo or a changed connection: long enough not to click, short enough to feel at once.
pub const SWITCH_MS: f64 = 8.0;

/// See the module's text.
#[derive(Clone, Debug)]
pub struct Ramp {
    from: f32,
    to: f32,
    done: u32,
    frames: u32,
    wait: u32,
}

impl Ramp {
    /// At rest at this value; its fades will take this many frames.
    pub fn new(value: f32, frames: usize) -> Self {
        let frames = frames.max(1) as u32;
        Self { from: value, to: value, done: frames, frames, wait: 0 }
    }

    /// Starts a fade from where it is; nothing happens when it goes there already.
    pub fn go(&mut self, to: f32) {
        self.go_after(to, 0);
    }

    /// As [`Ramp::go`], after that many frames at rest.
    pub fn go_after(&mut self, to: f32, wait: usize) {
        if to != self.to {
            self.from = self.value();
            self.to = to;
            self.done = 0;
            self.wait = wait as u32;
        }
    }

    /// At rest at this value at once.
    pub fn set(&mut self, value: f32) {
        self.to = value;
        self.snap();
    }

    /// At its end at once.
    pub fn snap(&mut self) {
        self.from = self.to;
        self.done = self.frames;
        self.wait = 0;
    }

    /// Whether it rests at this value.
    pub fn rests_at(&self, value: f32) -> bool {
        self.is_settled() && self.to == value
    }

    /// Whether it rests.
    pub fn is_settled(&self) -> bool {
        self.done >= self.frames
    }

    /// The value of the frame that went last.
    pub fn value(&self) -> f32 {
        if self.is_settled() { self.to } else { self.from + (self.to - self.from) * (self.done as f32 / self.frames as f32) }
    }

    /// Goes one frame on and gives its value.
    pub fn tick(&mut self) -> f32 {
        if self.wait > 0 {
            self.wait -= 1;
        } else if self.done < self.frames {
            self.done += 1;
        }
        self.value()
    }

    /// Goes many frames on and gives the last one's value.
    pub fn advance(&mut self, frames: usize) -> f32 {
        let frames = frames as u32;
        let waited = self.wait.min(frames);
        self.wait -= waited;
        self.done = (self.done + (frames - waited)).min(self.frames);
        self.value()
    }
}
