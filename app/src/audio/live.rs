//! A running engine: its context, its node, and the rings between it and the page.

use std::cell::{Cell, RefCell};

use dsp::protocol::ring::{self, ByteRing};
use dsp::protocol::telemetry::MEMORY_PAGES;
use dsp::protocol::{Command, Event, SharedWords};
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{AudioContext, AudioContextOptions, AudioContextState, AudioWorkletNode};

use super::SongState;
use super::clock;
use super::feed::FeedRing;
use super::host::{self, Boot};
use super::outbox::Outbox;
use super::records::RecordReader;
use super::shared::SharedMemory;
use super::taps::Taps;
use super::trial;
use crate::state::Readings;

/// Data words of the event ring.
const EVENT_WORDS: usize = 1 << 12;
/// Bytes of a page of WebAssembly's memory.
const PAGE_BYTES: f64 = 65_536.0;
/// How long the browser may take to let sound out; some never answer without a sound device.
const RESUME_MS: i32 = 3_000;

/// See the module's text.
pub struct Live {
    context: AudioContext,
    node: AudioWorkletNode,
    outbox: Outbox,
    events: ByteRing<SharedMemory>,
    records: RefCell<RecordReader>,
    feed: RefCell<FeedRing>,
    rate_hz: u32,
    generation: Cell<u32>,
}

/// How well the browser keeps up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PlaybackStats {
    /// How often the sound broke off.
    pub underruns: u32,
    /// For how long in all, seconds.
    pub underrun_seconds: f64,
    /// Since when, seconds of sound.
    pub total_seconds: f64,
}

impl Live {
    /// A context at the song's rate. To be called while the browser still remembers the user's gesture.
    pub fn open_context(rate_hz: u32) -> Result<AudioContext, String> {
        let options = AudioContextOptions::new();
        options.set_sample_rate(rate_hz as f32);
        options.set_latency_hint(&"playback".into());
        trial::hint_quantum(&options);
        AudioContext::new_with_context_options(&options)
            .map_err(|error| format!("This browser cannot play at {rate_hz} Hz: {}.", host::sentence(&error).trim_end_matches('.')))
    }

    /// An engine in this context, with the song as it is when everything is ready.
    pub async fn start(
        context: AudioContext,
        song: impl Fn() -> Option<SongState>,
        taps: &Taps,
        on_trap: impl Fn(String) + 'static,
    ) -> Result<Self, String> {
        let (tracks, rate_hz) = song().map_or((0, 0), |song| (song.plan.tracks.len(), song.rate_hz));
        let tap_memory = taps.memory(rate_hz);
        let (outbox, records, feed) = (Outbox::new(), RecordReader::new(), FeedRing::new(tracks));
        let event_memory = SharedMemory::new(ring::words_for(EVENT_WORDS));
        let events = ByteRing::new(event_memory.clone());
        events.format();
        let boot = Boot {
            feed: feed.memory.buffer(),
            rings: Some([outbox.memory().buffer(), event_memory.buffer(), records.memory().buffer(), tap_memory.buffer()]),
            output: None,
            snapshot: &[],
            ignore_solo: false,
            tail_frames: 0,
            watched: 0,
        };
        let started = host::start_node(&context, &boot, on_trap).await;
        let (node, song) = match (started, song()) {
            (Ok(node), Some(song)) => (node, song),
            (started, _) => {
                // Closing cannot fail in a way that matters: nothing uses the context.
                let _ = context.close();
                return Err(started.err().unwrap_or_else(|| "There is no song to play.".into()));
            }
        };
        outbox.send(song.snapshot);
        outbox.send(taps.all());
        let rate_hz = song.rate_hz;
        let (records, feed, generation) = (RefCell::new(records), RefCell::new(feed), Cell::new(0));
        Ok(Self { context, node, outbox, events, records, feed, rate_hz, generation })
    }

    /// Lets sound out; `false` when the browser does not let it within its time.
    pub async fn resume(context: &AudioContext) -> bool {
        match context.resume() {
            Ok(promise) => matches!(clock::within(RESUME_MS, &promise).await, Ok(Some(_))),
            Err(_) => false,
        }
    }

    /// The context.
    pub fn context(&self) -> &AudioContext {
        &self.context
    }

    /// Whether the browser lets sound out.
    pub fn is_audible(&self) -> bool {
        self.context.state() == AudioContextState::Running
    }

    /// The engine's node: what plays into it is heard through the monitor stage.
    pub fn node(&self) -> &AudioWorkletNode {
        &self.node
    }

    /// The song's rate.
    pub fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// The ring that is to be fed.
    pub fn feed(&self) -> FeedRing {
        self.feed.borrow().clone()
    }

    /// A ring for more tracks in the place of the old one.
    pub fn widen_feed(&self, tracks: usize) -> FeedRing {
        let feed = FeedRing::new(tracks);
        self.post("feed", feed.memory.buffer());
        *self.feed.borrow_mut() = feed.clone();
        feed
    }

    /// The next generation.
    pub fn next_generation(&self) -> u32 {
        self.generation.set(self.generation.get() + 1);
        self.generation.get()
    }

    /// Sends commands.
    pub fn send(&self, commands: impl IntoIterator<Item = Command>) {
        self.outbox.send(commands);
    }

    /// Tells the audio thread something rare.
    pub fn post(&self, name: &str, value: &JsValue) {
        let message = Object::new();
        let told = Reflect::set(&message, &name.into(), value).and_then(|_| self.node.port()).and_then(|port| port.post_message(&message));
        if let Err(error) = told {
            web_sys::console::warn_1(&error);
        }
    }

    /// Brings the readings up to date; the position becomes the one that is heard.
    pub fn read(&self, readings: &mut Readings) {
        readings.running = self.is_audible();
        if !self.records.borrow_mut().read(readings) {
            return;
        }
        if readings.playing {
            let output_frames = self.output_seconds() * f64::from(self.rate_hz);
            readings.position = readings.position.saturating_sub(u64::from(readings.latency_frames) + output_frames as u64);
        }
    }

    fn output_seconds(&self) -> f64 {
        let seconds = |name: &str| Reflect::get(&self.context, &name.into()).ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
        seconds("baseLatency") + seconds("outputLatency")
    }

    /// Bytes of the audio thread's memory.
    pub fn memory_bytes(&self) -> f64 {
        f64::from(self.records.borrow().memory().load(MEMORY_PAGES)) * PAGE_BYTES
    }

    /// Frames of the browser's quantum, where it says so.
    pub fn quantum_frames(&self) -> Option<f64> {
        Reflect::get(&self.context, &"renderQuantumSize".into()).ok().and_then(|frames| frames.as_f64())
    }

    /// How often the engine had to wait for the feeder.
    pub fn starved(&self) -> u32 {
        self.records.borrow().starved()
    }

    /// The events since the last call.
    pub fn take_events(&self) -> Vec<Event> {
        let (mut events, mut bytes) = (Vec::new(), Vec::new());
        while self.events.pop(&mut bytes) {
            events.extend(postcard::from_bytes::<Event>(&bytes));
        }
        events
    }

    /// How well the browser keeps up, where it says so.
    pub fn playback_stats(&self) -> Option<PlaybackStats> {
        let stats = Reflect::get(&self.context, &"playbackStats".into()).ok().filter(JsValue::is_object)?;
        let value = |name: &str| Reflect::get(&stats, &name.into()).ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
        Some(PlaybackStats {
            underruns: value("underrunEvents") as u32,
            underrun_seconds: value("underrunDuration"),
            total_seconds: value("totalDuration"),
        })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Ok(port) = self.node.port() {
            port.set_onmessage(None);
        }
        // A context that is already closed is what is wanted.
        let _ = self.context.close();
    }
}
