//! What is listened to beside the song: which steps are compared with what goes into them, and which part of the chain is heard.

use dsp::monitor::{monitor_param, source};
use dsp::protocol::{Command, InsertId, Listen};
use leptos::prelude::*;

use super::Studio;

/// The inserts that are compared, and how each is heard.
pub type Compared = Vec<(InsertId, Listen)>;

/// What an engine is told so that it compares these.
pub fn commands(compared: &Compared) -> impl Iterator<Item = Command> + '_ {
    compared.iter().map(|(insert, listen)| Command::Compare { insert: *insert, listen: Some(*listen) })
}

impl Studio {
    /// Measures an insert against what goes into it from now on, or ends that with `None`.
    pub fn compare(self, insert: InsertId, listen: Option<Listen>) {
        self.listening.update(|compared| {
            compared.retain(|(other, _)| *other != insert);
            if listen.is_some_and(|listen| listen != Listen::Through) {
                compared.iter_mut().for_each(|(_, other)| *other = Listen::Through);
            }
            compared.extend(listen.map(|listen| (insert, listen)));
        });
        self.sound.send(vec![Command::Compare { insert, listen }]);
    }

    /// How an insert is heard, tracked.
    pub fn listens(self, insert: InsertId) -> Listen {
        self.listening.with(|compared| compared.iter().find(|(other, _)| *other == insert).map_or(Listen::Through, |(_, listen)| *listen))
    }

    /// Which of [`dsp::monitor::source`] is heard, tracked.
    pub fn source(self) -> usize {
        self.monitor.with(|values| values[monitor_param::SOURCE] as usize)
    }

    /// Hears the song or a part of its chain; a reference gives way.
    pub fn listen_to(self, source: usize) {
        self.heard.set(None);
        self.set_monitor(monitor_param::SOURCE, source as f32);
    }

    /// From the song to the song before its chain, and back.
    pub fn toggle_before(self) {
        let is_before = untrack(|| self.source()) == source::BEFORE;
        self.listen_to(if is_before { source::SONG } else { source::BEFORE });
    }

    /// The song is heard as it leaves its chain.
    pub fn hears_song(self) -> bool {
        self.source() == source::SONG
    }
}
