//! The engine's events on their way out: a queue of fixed room, so that telling never takes memory.

use alloc::collections::VecDeque;

use crate::protocol::Event;

/// Events that can wait; more than one block can produce in a working session.
const WAITING_EVENTS: usize = 256;

/// See the module's text.
pub struct EventQueue {
    waiting: VecDeque<Event>,
    dropped: u32,
}

impl EventQueue {
    /// An empty queue.
    pub fn new() -> Self {
        Self { waiting: VecDeque::with_capacity(WAITING_EVENTS), dropped: 0 }
    }

    /// Adds an event, or counts it when there is no room.
    pub fn push(&mut self, event: Event) {
        if self.waiting.len() < WAITING_EVENTS {
            self.waiting.push_back(event);
        } else {
            self.dropped += 1;
        }
    }

    /// The oldest event.
    pub fn pop(&mut self) -> Option<Event> {
        self.waiting.pop_front()
    }

    /// Events lost for want of room.
    pub fn dropped(&self) -> u32 {
        self.dropped
    }
}
