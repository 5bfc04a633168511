//! News and what needs attention, for the corner of the page and for readers.

use std::time::Duration;

use leptos::prelude::*;

/// News goes by itself after this time.
const NEWS_STAYS: Duration = Duration::from_secs(6);
/// More than this many at once push the oldest out.
const MOST_MESSAGES: usize = 5;

/// How a message is announced and how long it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// A `status`; goes by itself.
    News,
    /// An `alert`; stays until it is closed.
    Attention,
}

/// A message: one or two sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Tells it from others with the same text.
    pub id: u32,
    /// Kind.
    pub kind: MessageKind,
    /// The sentences.
    pub text: String,
}

/// The messages that are shown.
#[derive(Clone, Copy)]
pub struct Messages {
    list: RwSignal<Vec<Message>>,
    next_id: StoredValue<u32>,
}

impl Messages {
    /// None.
    pub fn new() -> Self {
        Self { list: RwSignal::default(), next_id: StoredValue::new(0) }
    }

    /// Says what happened.
    pub fn news(self, text: impl Into<String>) {
        let id = self.add(MessageKind::News, text.into());
        set_timeout(move || self.close(id), NEWS_STAYS);
    }

    /// Says what needs attention: what, why, and what can be done.
    pub fn attention(self, text: impl Into<String>) {
        self.add(MessageKind::Attention, text.into());
    }

    fn add(self, kind: MessageKind, text: String) -> u32 {
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        self.list.update(|list| {
            list.retain(|message| message.text != text);
            list.push(Message { id, kind, text });
            if list.len() > MOST_MESSAGES {
                list.remove(0);
            }
        });
        id
    }

    /// Takes a message away.
    pub fn close(self, id: u32) {
        self.list.update(|list| list.retain(|message| message.id != id));
    }

    /// The messages of a kind, oldest first, tracked.
    pub fn of(self, kind: MessageKind) -> Vec<Message> {
        self.list.with(|list| list.iter().filter(|message| message.kind == kind).cloned().collect())
    }
}
