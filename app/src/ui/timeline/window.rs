//! The stretch of song that the timeline shows, and the way between frames and pixels.

/// Closest zoom: a column still holds a sample of its own.
const MIN_FRAMES_PER_PX: f64 = 2.0;
/// Room after the song's end, as a part of the window, so that its end can be grabbed.
const AFTER_END: f64 = 0.1;

/// What part of the song lies under the timeline's pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Frame at the left edge.
    pub start: f64,
    /// Zoom.
    pub frames_per_px: f64,
    /// Width on screen in CSS pixels.
    pub width: f64,
    /// The song's length in frames.
    pub length: f64,
}

impl Window {
    /// Shows the whole song.
    pub fn whole(length: f64, width: f64) -> Self {
        let width = width.max(1.0);
        let length = length.max(1.0);
        Self { start: 0.0, frames_per_px: widest(length, width), width, length }
    }

    /// Where a frame stands.
    pub fn x(&self, frame: u64) -> f64 {
        (frame as f64 - self.start) / self.frames_per_px
    }

    /// Which frame is at a place.
    pub fn frame(&self, x: f64) -> u64 {
        (self.start + x * self.frames_per_px).max(0.0).round() as u64
    }

    /// Frame after the last visible one.
    pub fn end(&self) -> f64 {
        self.start + self.width * self.frames_per_px
    }

    /// Zooms by `factor` (under 1 is closer) and keeps the frame under `x` where it is.
    pub fn zoomed(self, factor: f64, x: f64) -> Self {
        let under = self.start + x * self.frames_per_px;
        let frames_per_px = (self.frames_per_px * factor).clamp(MIN_FRAMES_PER_PX, widest(self.length, self.width));
        Self { start: under - x * frames_per_px, frames_per_px, ..self }.held()
    }

    /// Moves by pixels.
    pub fn scrolled(self, px: f64) -> Self {
        Self { start: self.start + px * self.frames_per_px, ..self }.held()
    }

    /// Moves so that `frame` is at the left edge.
    pub fn starting_at(self, frame: f64) -> Self {
        Self { start: frame, ..self }.held()
    }

    /// Shows a range with a little air on both sides.
    pub fn showing(self, start: u64, end: u64) -> Self {
        let span = end.saturating_sub(start).max(1) as f64;
        let frames_per_px = (span * 1.08 / self.width).clamp(MIN_FRAMES_PER_PX, widest(self.length, self.width));
        Self { start: start as f64 - span * 0.04, frames_per_px, ..self }.held()
    }

    /// The same place after the view's or the song's size changed; a window that showed the whole song goes on doing so.
    pub fn resized(self, length: f64, width: f64) -> Self {
        let width = width.max(1.0);
        let length = length.max(1.0);
        if self.frames_per_px >= widest(self.length, self.width) * 0.999 {
            return Self::whole(length, width);
        }
        let frames_per_px = self.frames_per_px.min(widest(length, width));
        Self { frames_per_px, width, length, ..self }.held()
    }

    /// Turned over to the page that holds `frame`, when it left the window.
    pub fn following(self, frame: u64) -> Self {
        let x = self.x(frame);
        if (0.0..self.width * 0.96).contains(&x) { self } else { self.starting_at(frame as f64 - self.width * 0.06 * self.frames_per_px) }
    }

    /// Zoom steps that a wheel's turn means: pixels as the browser counts them (lines and pages already turned into pixels).
    pub fn wheel_factor(delta_px: f64) -> f64 {
        1.0025f64.powf(delta_px.clamp(-240.0, 240.0))
    }

    fn held(self) -> Self {
        let last = (self.length * (1.0 + AFTER_END)).max(self.width * self.frames_per_px) - self.width * self.frames_per_px;
        Self { start: self.start.clamp(0.0, last.max(0.0)), ..self }
    }
}

fn widest(length: f64, width: f64) -> f64 {
    (length * (1.0 + AFTER_END) / width).max(MIN_FRAMES_PER_PX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window {
        Window::whole(480_000.0, 1000.0).zoomed(0.25, 500.0)
    }

    #[test]
    fn zooming_keeps_the_frame_under_the_pointer() {
        let before = window();
        for x in [200.0, 500.0, 900.0] {
            let after = before.zoomed(0.5, x);
            assert!(before.frame(x).abs_diff(after.frame(x)) <= 1, "{} moved to {}", before.frame(x), after.frame(x));
        }
    }

    #[test]
    fn zooming_stops_at_the_whole_song_and_at_two_frames_a_pixel() {
        assert_eq!(window().zoomed(1e6, 10.0), Window::whole(480_000.0, 1000.0));
        assert_eq!(window().zoomed(1e-9, 10.0).frames_per_px, MIN_FRAMES_PER_PX);
    }

    #[test]
    fn scrolling_stops_at_the_start_and_a_little_after_the_end() {
        assert_eq!(window().scrolled(-1e9).start, 0.0);
        let last = window().scrolled(1e9);
        assert!((last.end() - 528_000.0).abs() < 1.0);
    }

    #[test]
    fn a_window_that_shows_all_goes_on_showing_all_when_the_song_grows() {
        let grown = Window::whole(1000.0, 400.0).resized(96_000.0, 800.0);
        assert!(grown.x(96_000) < 800.0 && grown.x(96_000) > 700.0);
    }

    #[test]
    fn following_turns_the_page_only_when_the_playhead_leaves() {
        let here = window();
        let inside = here.frame(500.0);
        assert_eq!(here.following(inside), here);
        let turned = here.following(here.frame(999.0));
        assert!(turned.start > here.start);
        assert!(turned.x(here.frame(999.0)) >= 0.0);
    }
}
