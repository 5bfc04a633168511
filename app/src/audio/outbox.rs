//! Commands on their way to the engine, in order: what the ring cannot take waits and is tried again at the next animation frame.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use dsp::protocol::Command;
use dsp::protocol::ring::{self, ByteRing, RingError};
use leptos::prelude::request_animation_frame;

use super::shared::SharedMemory;

/// Data words of the ring: a quarter of a megabyte, an automation lane of some ten thousand points.
const RING_WORDS: usize = 1 << 16;

struct Inner {
    memory: SharedMemory,
    ring: ByteRing<SharedMemory>,
    waiting: RefCell<VecDeque<Vec<u8>>>,
    is_retrying: Cell<bool>,
}

/// See the module's text. Clones are the same outbox.
#[derive(Clone)]
pub struct Outbox(Rc<Inner>);

impl Outbox {
    /// An outbox with a ring of its own.
    pub fn new() -> Self {
        let memory = SharedMemory::new(ring::words_for(RING_WORDS));
        let ring = ByteRing::new(memory.clone());
        ring.format();
        Self(Rc::new(Inner { memory, ring, waiting: RefCell::default(), is_retrying: Cell::new(false) }))
    }

    /// The ring's memory.
    pub fn memory(&self) -> &SharedMemory {
        &self.0.memory
    }

    /// Sends commands after those that wait.
    pub fn send(&self, commands: impl IntoIterator<Item = Command>) {
        let bytes = commands.into_iter().filter_map(|command| postcard::to_allocvec(&command).ok());
        self.0.waiting.borrow_mut().extend(bytes);
        self.flush();
    }

    fn flush(&self) {
        let mut waiting = self.0.waiting.borrow_mut();
        while let Some(message) = waiting.front() {
            match self.0.ring.push(message) {
                // Longer than the ring cannot be: lists travel in pieces.
                Ok(()) | Err(RingError::TooLong) => {
                    waiting.pop_front();
                }
                Err(RingError::Full) => break,
            }
        }
        if !waiting.is_empty() && !self.0.is_retrying.replace(true) {
            let again = self.clone();
            request_animation_frame(move || {
                again.0.is_retrying.set(false);
                again.flush();
            });
        }
    }
}
