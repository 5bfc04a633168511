//! The bridge to the sound: every change of the document reaches a running engine as the commands that lead there, and the feeder as a plan.

use dsp::protocol::{Command, Event, TapPoint};
use leptos::prelude::*;
use leptos::task::spawn_local;
use session::compile::{self, Purpose};
use session::feed::FeedPlan;
use session::model::{Song, SongId};
use wasm_bindgen::closure::Closure;

use super::{Readings, Studio};
use crate::audio::{self, AudioEngine, AudioEvent, SongState, Tap, Taps};

/// Playing ends this long after the song's end: time for tails.
const AFTER_END_S: u64 = 4;

/// A play that has run for less time still waits for its first blocks.
const SETTLING_MS: f64 = 3000.0;

/// The engine, and the song as it was sent last.
#[derive(Clone, Copy)]
pub struct Sound {
    engine: StoredValue<Option<AudioEngine>, LocalStorage>,
    sent: StoredValue<Option<(Song, FeedPlan)>, LocalStorage>,
    played_at_ms: StoredValue<f64>,
    taps: StoredValue<Taps, LocalStorage>,
}

impl Sound {
    /// No engine.
    pub fn new() -> Self {
        Self {
            engine: StoredValue::new_local(None),
            sent: StoredValue::new_local(None),
            played_at_ms: StoredValue::new(0.0),
            taps: StoredValue::new_local(Taps::default()),
        }
    }

    /// The engine, once it was asked for.
    pub fn engine(self) -> Option<AudioEngine> {
        self.engine.get_value()
    }

    /// Looks at the sound at a point of the engine until the tap is dropped; see [`crate::audio::Analyser`].
    pub fn tap(self, point: TapPoint) -> Tap {
        self.taps.with_value(|taps| taps.tap(point))
    }

    /// A play (or a jump while playing) begins.
    pub fn begins(self) {
        self.played_at_ms.set_value(js_sys::Date::now());
    }

    fn has_settled(self) -> bool {
        js_sys::Date::now() - self.played_at_ms.get_value() > SETTLING_MS
    }

    /// Sends commands, where there is an engine to take them.
    pub fn send(self, commands: Vec<Command>) {
        if let Some(engine) = self.engine() {
            engine.send(commands);
        }
    }

    /// Brings the readings up to date; once per animation frame.
    pub fn read_into(self, readings: &mut Readings) {
        match self.engine() {
            Some(engine) => engine.read_into(readings),
            None => readings.running = false,
        }
    }

    fn sent_song(self) -> Option<SongId> {
        self.sent.with_value(|sent| sent.as_ref().map(|(song, _)| song.id))
    }
}

/// Sends every change of the document to the engine while one runs.
pub fn install_sound(studio: Studio) {
    Effect::new(move |_| {
        studio.revision();
        if studio.song_id().is_some() {
            follow(studio);
        } else if let Some(engine) = studio.sound.engine() {
            studio.stop();
            engine.shut();
            studio.audio_on.set(false);
        }
    });
}

/// Leads the engine from the song that it has to the song on show.
fn follow(studio: Studio) {
    let sound = studio.sound;
    let Some(engine) = sound.engine() else { return };
    let Some(rate_hz) = engine.rate_hz() else { return };
    let Some((song, plan)) = now(studio) else { return };
    if song.rate_hz != rate_hz || sound.sent_song() != Some(song.id) {
        start(studio, engine);
        return;
    }
    sound.sent.update_value(|sent| {
        let Some((old_song, old_plan)) = sent else { return };
        if *old_song != song {
            engine.send(compile::diff(old_song, &song));
        }
        if *old_plan != plan {
            engine.set_plan(&plan);
        }
        *sent = Some((song, plan));
    });
}

fn now(studio: Studio) -> Option<(Song, FeedPlan)> {
    let id = studio.peek_song_id()?;
    studio.peek(|session| session.song(id).map(|song| (song.clone(), FeedPlan::from_song(session, song, Purpose::Live)))).flatten()
}

/// The song on show as a new engine needs it; from then on only changes are sent.
fn state_now(studio: Studio) -> Option<SongState> {
    let (song, plan) = now(studio)?;
    let mut snapshot = compile::snapshot(&song, Purpose::Live);
    let monitor = studio.monitor.get_untracked();
    snapshot.extend(monitor.iter().enumerate().map(|(index, value)| Command::SetMonitor { index: index as u16, value: *value }));
    snapshot.extend(super::listen::commands(&studio.listening.get_untracked()));
    let state = SongState { rate_hz: song.rate_hz, snapshot, plan: plan.clone() };
    studio.sound.sent.set_value(Some((song, plan)));
    Some(state)
}

fn start(studio: Studio, engine: AudioEngine) {
    spawn_local(async move {
        match engine.start().await {
            Ok(()) => studio.audio_on.set(true),
            Err(sentence) => fail(studio, sentence),
        }
    });
}

fn fail(studio: Studio, sentence: String) {
    studio.playing.set(false);
    studio.audio_on.set(false);
    studio.messages.attention(sentence);
}

fn happened(studio: Studio, event: AudioEvent) {
    let strip_names = |path: &[dsp::protocol::StripId]| {
        let names = path.iter().map(|strip| studio.peek_strip(*strip, |strip| strip.name.clone()).unwrap_or_default());
        names.collect::<Vec<_>>().join(" → ")
    };
    match event {
        AudioEvent::Failed(sentence) => fail(studio, sentence),
        AudioEvent::Restarted => studio.messages.news("The audio engine stopped and was started again. Nothing was lost."),
        AudioEvent::Engine(Event::Ended) => studio.stop(),
        AudioEvent::Engine(Event::Starved { .. }) if studio.sound.has_settled() => {
            studio.messages.news("Playing waited for audio from the store.");
        }
        // The first blocks of a play are always waited for.
        AudioEvent::Engine(Event::Starved { .. }) => {}
        AudioEvent::Engine(Event::LoopRefused { path }) => {
            studio.messages.attention(format!("The sound would run in a circle: {}.", strip_names(&path)));
        }
        AudioEvent::Engine(Event::Repaired { insert }) => {
            let name = studio.peek_song(|song| song.insert(insert).map(|(strip, insert)| format!("{} on {}", insert.name(), strip.name)));
            let name = name.flatten().unwrap_or_else(|| "A processor".to_owned());
            studio.messages.attention(format!("{name} gave a value that is not a number. It was started anew and goes on."));
        }
        AudioEvent::Engine(Event::Refused { .. }) => {
            studio.messages.news("There is no room for this change while playing. It will be heard after the next stop.");
        }
        AudioEvent::Engine(Event::Started { .. } | Event::Clipped { .. }) => {}
    }
}

impl Studio {
    /// The engine, made when it is first asked for; `None` with a message when the workers cannot start.
    pub async fn audio_engine(self) -> Option<AudioEngine> {
        if let Some(engine) = self.sound.engine() {
            return Some(engine);
        }
        match self.media().await {
            Ok(media) => {
                // Another caller may have made it meanwhile.
                let engine = self.sound.engine().unwrap_or_else(|| {
                    let engine = AudioEngine::new(media, self.sound.taps.get_value(), move || state_now(self));
                    engine.on_event(move |event| happened(self, event));
                    audio::add_diagnostic(
                        "edit",
                        Closure::<dyn Fn(String) -> bool>::new(move |json: String| self.scripted(&json)).into_js_value(),
                    );
                    engine
                });
                self.sound.engine.set_value(Some(engine.clone()));
                Some(engine)
            }
            Err(error) => {
                self.messages.attention(error.to_string());
                None
            }
        }
    }

    /// An edit that a test has written; `false` when it is none or is refused.
    fn scripted(self, json: &str) -> bool {
        serde_json::from_str(json).is_ok_and(|edit| self.dispatch("Scripted edit", edit))
    }

    /// Starts audio without playing.
    pub fn start_audio(self) {
        self.with_engine(|engine, studio| {
            if engine.rate_hz().is_none() {
                start(studio, engine);
            }
        });
    }

    /// Runs something with the engine: at once where it exists, which keeps the user's gesture.
    pub(super) fn with_engine(self, run: impl FnOnce(AudioEngine, Self) + 'static) {
        if let Some(engine) = self.sound.engine() {
            run(engine, self);
            return;
        }
        spawn_local(async move {
            if let Some(engine) = self.audio_engine().await {
                run(engine, self);
            }
        });
    }

    /// Ends a play that has run past the song's end and its tails, unless it loops.
    pub fn stop_after_end(self, readings: &Readings) {
        if !readings.playing || !self.playing.get_untracked() {
            return;
        }
        let end = self.peek_song(|song| {
            let is_looping = song.cycle_range().is_some();
            (!is_looping).then(|| song.whole().end + AFTER_END_S * u64::from(song.rate_hz))
        });
        if end.flatten().is_some_and(|end| readings.position > end) {
            self.stop();
        }
    }
}
