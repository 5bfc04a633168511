//! Play, stop, locate, loop, and what is only listened to.

use dsp::protocol::{Command, StripId};
use leptos::prelude::*;
use session::Edit;
use session::model::Cycle;

use super::Studio;

impl Studio {
    /// Plays from the locator, or stops.
    pub fn toggle_play(self) {
        if self.playing.get_untracked() { self.stop() } else { self.play() }
    }

    /// Plays from the locator; starts audio where it has not been started.
    pub fn play(self) {
        self.playing.set(true);
        self.sound.begins();
        self.with_engine(|engine, studio| {
            if studio.playing.get_untracked() {
                engine.play(studio.locator.get_untracked());
                studio.start_audio();
            }
        });
    }

    /// Stops; the locator stays where playing began.
    pub fn stop(self) {
        self.finish_automation();
        self.playing.set(false);
        if let Some(engine) = self.sound.engine() {
            engine.stop();
        }
    }

    /// Moves the transport, playing or not.
    pub fn locate(self, frame: u64) {
        self.locator.set(frame);
        self.sound.begins();
        if let Some(engine) = self.sound.engine() {
            engine.locate(frame);
        }
    }

    /// To the song's start.
    pub fn return_to_start(self) {
        let start = self.peek_song(|song| song.whole().start).unwrap_or(0);
        self.locate(start);
    }

    /// The loop on or off.
    pub fn toggle_loop(self) {
        let Some((song, cycle)) = self.peek_song(|song| (song.id, song.cycle)) else { return };
        let cycle = Cycle { enabled: !cycle.enabled, ..cycle };
        self.dispatch(if cycle.enabled { "Loop on" } else { "Loop off" }, Edit::SetCycle { song, cycle });
    }

    /// A value of the monitor stage: heard, never saved or exported.
    pub fn set_monitor(self, index: usize, value: f32) {
        self.monitor.update(|values| values[index] = value);
        self.sound.send(vec![Command::SetMonitor { index: index as u16, value }]);
    }

    /// Clears a strip's held maximum.
    pub fn reset_peak(self, strip: StripId) {
        self.sound.send(vec![Command::ResetPeak { strip }]);
    }

    /// Clears all held maxima and starts integrated loudness anew.
    pub fn reset_meters(self) {
        self.sound.send(vec![Command::ResetMeters]);
    }

    /// From the song to the reference that was heard last, and back.
    pub fn toggle_reference(self) {
        let references = self.peek(|session| session.references.clone()).unwrap_or_default();
        let next = self.compared.get_untracked().filter(|source| references.contains(source)).or(references.first().copied());
        if next.is_none() {
            self.messages.news("There is no reference yet: add one in the Master room.");
        }
        self.compared.set(next);
        self.heard.update(|heard| *heard = if heard.is_some() { None } else { next });
    }
}
