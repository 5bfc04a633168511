//! Files on their way in: each is a row with its progress until its track or song is there.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;

use crate::media::Canceller;
use crate::state::Room;

/// A file on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Tells it from others of the same name.
    pub id: u32,
    /// Name of the file.
    pub file_name: Arc<str>,
    /// The room that it goes to.
    pub room: Room,
    /// How much of it is done, 0 to 100; `None` before it is begun.
    pub percent: Option<u8>,
}

/// The files on their way in; a context of the page.
#[derive(Clone, Copy)]
pub struct Imports {
    list: RwSignal<Vec<Import>>,
    next_id: StoredValue<u32>,
    cancellers: StoredValue<HashMap<u32, Canceller>, LocalStorage>,
}

impl Imports {
    /// None.
    pub fn new() -> Self {
        Self { list: RwSignal::default(), next_id: StoredValue::new(0), cancellers: StoredValue::new_local(HashMap::new()) }
    }

    /// Those that go to a room, in their order, tracked.
    pub fn of(self, room: Room) -> Vec<Import> {
        self.list.with(|list| list.iter().filter(|import| import.room == room).cloned().collect())
    }

    /// Runs the reader again when any of them moves on.
    pub fn track(self) {
        self.list.track();
    }

    /// How far one of them is, tracked.
    pub fn percent(self, id: u32) -> Option<u8> {
        self.list.with(|list| list.iter().find(|import| import.id == id).and_then(|import| import.percent))
    }

    /// Shows a file that will be read.
    pub fn begin(self, file_name: &str, room: Room) -> u32 {
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        self.list.update(|list| list.push(Import { id, file_name: file_name.into(), room, percent: None }));
        id
    }

    /// By what it can be given up.
    pub fn can_cancel(self, id: u32, canceller: Canceller) {
        self.cancellers.update_value(|cancellers| {
            cancellers.insert(id, canceller);
        });
    }

    /// How far it is, 0 to 1.
    pub fn progress(self, id: u32, fraction: f32) {
        let percent = Some((fraction.clamp(0.0, 1.0) * 100.0) as u8);
        if self.list.with_untracked(|list| list.iter().any(|import| import.id == id && import.percent != percent)) {
            self.list.update(|list| {
                if let Some(import) = list.iter_mut().find(|import| import.id == id) {
                    import.percent = percent;
                }
            });
        }
    }

    /// It is in, or will not come.
    pub fn end(self, id: u32) {
        self.cancellers.update_value(|cancellers| {
            cancellers.remove(&id);
        });
        self.list.update(|list| list.retain(|import| import.id != id));
    }

    /// Gives it up.
    pub fn cancel(self, id: u32) {
        match self.cancellers.with_value(|cancellers| cancellers.get(&id).cloned()) {
            Some(canceller) => canceller.cancel(),
            None => self.end(id),
        }
    }
}
