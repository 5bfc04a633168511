//! The one animation frame loop: reads the engine once per frame and lets every drawing draw.
//!
//! A view registers its drawing with [`FrameLoop::each`]; the drawing goes when the view goes. Numbers use [`Frame::is_number_time`]
//! (10 Hz) and accessible values [`Frame::is_reader_time`] (2 Hz), so that nothing on the page changes faster than it can be read.

use leptos::prelude::*;

use crate::state::Readings;

/// Between two refreshes of numbers.
const NUMBER_PERIOD_MS: f64 = 100.0;
/// Between two refreshes of what screen readers are told.
const READER_PERIOD_MS: f64 = 500.0;

/// What a drawing is given.
pub struct Frame<'a> {
    /// The engine's readings.
    pub readings: &'a Readings,
    /// Milliseconds on the page's clock.
    pub now_ms: f64,
    /// Numbers may change in this frame.
    pub is_number_time: bool,
    /// Accessible values may change in this frame.
    pub is_reader_time: bool,
}

type Drawing = Box<dyn FnMut(&Frame<'_>)>;

#[derive(Default)]
struct Inner {
    drawings: Vec<(u64, Drawing)>,
    gone: Vec<u64>,
    next_id: u64,
    numbers_at_ms: f64,
    readers_at_ms: f64,
}

/// The loop; a context.
#[derive(Clone, Copy)]
pub struct FrameLoop {
    inner: StoredValue<Inner, LocalStorage>,
}

impl FrameLoop {
    /// Starts the loop; `read` fills the readings at the start of each frame.
    pub fn start(read: impl FnMut(&mut Readings) + 'static) -> Self {
        let frames = Self { inner: StoredValue::new_local(Inner::default()) };
        frames.next(Box::new(read), Readings::default());
        frames
    }

    /// Draws in every frame until the calling view goes.
    pub fn each(self, drawing: impl FnMut(&Frame<'_>) + 'static) {
        let id = self.inner.try_update_value(|inner| {
            inner.next_id += 1;
            inner.drawings.push((inner.next_id, Box::new(drawing)));
            inner.next_id
        });
        let Some(id) = id else { return };
        on_cleanup(move || {
            self.inner.try_update_value(|inner| inner.gone.push(id));
        });
    }

    fn next(self, mut read: Box<dyn FnMut(&mut Readings)>, mut readings: Readings) {
        request_animation_frame(move || {
            read(&mut readings);
            self.draw(&readings);
            self.next(read, readings);
        });
    }

    fn draw(self, readings: &Readings) {
        let now_ms = window().performance().map_or(0.0, |clock| clock.now());
        // Taken out while they run: a drawing may register another one.
        let taken = self.inner.try_update_value(|inner| {
            let is_number_time = now_ms - inner.numbers_at_ms >= NUMBER_PERIOD_MS;
            let is_reader_time = now_ms - inner.readers_at_ms >= READER_PERIOD_MS;
            if is_number_time {
                inner.numbers_at_ms = now_ms;
            }
            if is_reader_time {
                inner.readers_at_ms = now_ms;
            }
            let gone = std::mem::take(&mut inner.gone);
            inner.drawings.retain(|drawing| !gone.contains(&drawing.0));
            (std::mem::take(&mut inner.drawings), is_number_time, is_reader_time)
        });
        let Some((mut drawings, is_number_time, is_reader_time)) = taken else { return };
        let frame = Frame { readings, now_ms, is_number_time, is_reader_time };
        for drawing in &mut drawings {
            (drawing.1)(&frame);
        }
        self.inner.update_value(|inner| {
            drawings.append(&mut inner.drawings);
            inner.drawings = drawings;
        });
    }
}
