//! Crosses over between two workers of a kind, or none, of which one at a time is heard.
//!
//! The one that comes is given time to fill its filters first; another change waits until a running one is over.

use super::fade::Fade;

/// Which of the two workers; `None` is the untouched sound.
pub type Source = Option<usize>;

/// See the module's text.
#[derive(Clone, Copy, Debug)]
pub struct Crossing {
    now: Source,
    old: Source,
    fade: Fade,
    /// Frames until the one that comes has its filters filled.
    filling: usize,
}

impl Crossing {
    /// Standing at the untouched sound; it crosses over within this many frames.
    pub fn new(fade_frames: usize) -> Self {
        Self { now: None, old: None, fade: Fade::new(true, fade_frames), filling: 0 }
    }

    /// What is heard, or comes.
    pub fn now(&self) -> Source {
        self.now
    }

    /// What goes, while it does.
    pub fn old(&self) -> Source {
        self.old
    }

    /// Whether a change is under way.
    pub fn is_moving(&self) -> bool {
        self.filling > 0 || self.fade.is_moving()
    }

    /// Takes the first worker, or none, at once.
    pub fn settle(&mut self, is_worker: bool) {
        self.now = is_worker.then_some(0);
        self.old = None;
        self.filling = 0;
        self.fade.turn(true);
        self.fade.settle();
    }

    /// Begins to go to a worker whose filters take `filling` frames, or to none; gives the worker that has to be made ready.
    pub fn go(&mut self, is_worker: bool, filling: usize) -> Source {
        self.old = self.now;
        self.now = is_worker.then_some(usize::from(self.old == Some(0)));
        self.filling = if is_worker { filling } else { 0 };
        self.fade.turn(false);
        self.fade.settle();
        self.fade.turn(self.filling == 0);
        self.now
    }

    /// Frames until the next step.
    pub fn steady_frames(&self) -> usize {
        match (self.filling, self.fade.frames_left()) {
            (0, 0) => usize::MAX,
            (0, fading) => fading,
            (filling, _) => filling,
        }
    }

    /// The share of [`Crossing::now`] in the next frame.
    #[inline(always)]
    pub fn advance(&mut self) -> f32 {
        self.fade.advance()
    }

    /// So many frames have passed.
    pub fn pass(&mut self, frames: usize) {
        self.filling = self.filling.saturating_sub(frames);
        if self.filling == 0 {
            self.fade.turn(true);
        }
        if !self.is_moving() {
            self.old = None;
        }
    }
}
