//! Two sounds in step, heard in the song's place while the transport plays: the page's side of [`crate::audio::Pair`]. They go through the
//! monitor stage as a reference does, and like one they are in no export.

use dsp::monitor::{monitor_param, source};
use leptos::prelude::*;

use crate::audio::{Pair, PairPlayer};
use crate::state::Studio;

/// See the module's text; a context of the page's tools. One pair at a time is in memory.
#[derive(Clone, Copy)]
pub struct InStep {
    studio: Studio,
    pair: StoredValue<Option<Pair>, LocalStorage>,
    player: StoredValue<Option<PairPlayer>, LocalStorage>,
    /// Linear gains of what is wanted to be heard.
    wanted: RwSignal<Option<[f32; 2]>>,
    place_s: StoredValue<f64>,
}

impl InStep {
    /// Nothing; follows what is wanted and the transport from now on.
    pub fn install(studio: Studio) -> Self {
        let this = Self {
            studio,
            pair: StoredValue::new_local(None),
            player: StoredValue::new_local(None),
            wanted: RwSignal::new(None),
            place_s: StoredValue::new(0.0),
        };
        Effect::new(move |_| {
            let wanted = this.wanted.get();
            let is_audible = studio.playing.get() && studio.audio_on.get();
            match wanted.filter(|_| is_audible) {
                Some(gains) => this.play(gains),
                None => this.silence(),
            }
        });
        // Another song may have another rate, and nothing of this one is wanted there.
        Effect::new(move |before: Option<Option<_>>| {
            let song = studio.song_id();
            if before.is_some_and(|before| before != song) {
                this.forget();
            }
            song
        });
        this
    }

    /// What is heard from the next [`InStep::hear`] on, from its beginning.
    pub fn take(self, pair: Pair) {
        self.forget();
        self.pair.set_value(Some(pair));
    }

    /// Nothing is heard or held any more.
    pub fn forget(self) {
        self.end();
        self.pair.set_value(None);
        self.place_s.set_value(0.0);
    }

    /// Hears both at these linear gains; the transport plays from now on.
    pub fn hear(self, gains: [f32; 2]) {
        self.studio.heard.set(None);
        self.wanted.set(Some(gains));
        if !self.studio.playing.get_untracked() {
            self.studio.play();
        }
    }

    /// Ends hearing, and the play under it.
    pub fn end(self) {
        if self.wanted.get_untracked().is_some() {
            self.wanted.set(None);
            self.silence();
            self.studio.stop();
            self.studio.set_monitor(monitor_param::SOURCE, source::SONG as f32);
        }
    }

    /// Whether something is heard, tracked.
    pub fn is_heard(self) -> bool {
        self.studio.playing.get() && self.wanted.with(Option::is_some)
    }

    fn silence(self) {
        self.player.update_value(|player| {
            if let Some(player) = player.take() {
                self.place_s.set_value(player.place_s());
            }
        });
    }

    fn play(self, gains: [f32; 2]) {
        let is_playing = self.player.with_value(|player| player.as_ref().map(|player| player.turn(gains)).is_some());
        let Some(engine) = self.studio.sound.engine().filter(|_| !is_playing) else { return };
        self.studio.set_monitor(monitor_param::SOURCE, source::REFERENCE as f32);
        let played = self.pair.with_value(|pair| pair.as_ref().map(|pair| engine.play_pair(pair, self.place_s.get_value(), gains)));
        match played {
            Some(Ok(player)) => self.player.set_value(player),
            Some(Err(sentence)) => self.studio.messages.attention(sentence),
            None => {}
        }
    }
}
