//! The page's side of the sound: the context, the engine's node, transport, readings, export.
//!
//! The engine is a pure function of the document: whoever makes an [`AudioEngine`] hands it a way to ask for the song as it is, and
//! whenever an engine must be started (first gesture, another song, another rate, after a failure) it is built from that. Edits reach
//! a running engine as commands and, where clips moved, as a plan for the feeder.

mod clock;
mod diagnostics;
mod feed;
mod host;
mod live;
mod outbox;
mod records;
mod reference;
mod render;
mod self_test;
mod shared;
mod taps;
mod trial;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsp::protocol::{Command, Event};
use session::feed::FeedPlan;
use wasm_bindgen_futures::spawn_local;

use crate::media::MediaClient;
use crate::state::Readings;
pub use diagnostics::add as add_diagnostic;
use live::Live;
pub use live::PlaybackStats;
pub use reference::{Excerpt, Pair, PairPlayer, ReferencePlayer};
pub use render::{ExportRequest, Exported};
pub use self_test::{Proven, prove_meters};
pub use taps::{Analyser, Tap, Taps};
pub use trial::asked;

/// An engine that fails more often than this within [`RESTART_WINDOW_MS`] is left alone.
const MOST_RESTARTS: usize = 3;
/// See [`MOST_RESTARTS`].
const RESTART_WINDOW_MS: f64 = 60_000.0;

/// A song as the engine and the feeder need it.
#[derive(Clone)]
pub struct SongState {
    /// Its rate.
    pub rate_hz: u32,
    /// The commands that build it, the monitor's values among them.
    pub snapshot: Vec<Command>,
    /// What is to be fed.
    pub plan: FeedPlan,
}

/// What the page is told.
#[derive(Clone, Debug, PartialEq)]
pub enum AudioEvent {
    /// The engine says something.
    Engine(Event),
    /// The engine failed and was started again from the document.
    Restarted,
    /// There is no engine any more, and why.
    Failed(String),
}

type Song = dyn Fn() -> Option<SongState>;
type Listener = dyn Fn(AudioEvent);

struct Inner {
    media: MediaClient,
    taps: Taps,
    song: Box<Song>,
    listener: RefCell<Option<Rc<Listener>>>,
    live: RefCell<Option<Rc<Live>>>,
    /// Counts starts, so that one that was overtaken gives up.
    starts: Cell<u32>,
    playing: Cell<bool>,
    /// Where playing began, or where the transport stands.
    locator: Cell<u64>,
    position: Cell<u64>,
    failures_ms: RefCell<Vec<f64>>,
}

/// See the module's text. Clones are the same engine.
#[derive(Clone)]
pub struct AudioEngine(Rc<Inner>);

impl AudioEngine {
    /// No engine yet; `song` is asked for the song whenever one is started, and what it plays can be looked at through `taps`.
    pub fn new(media: MediaClient, taps: Taps, song: impl Fn() -> Option<SongState> + 'static) -> Self {
        let engine = Self(Rc::new(Inner {
            media,
            taps,
            song: Box::new(song),
            listener: RefCell::default(),
            live: RefCell::default(),
            starts: Cell::new(0),
            playing: Cell::new(false),
            locator: Cell::new(0),
            position: Cell::new(0),
            failures_ms: RefCell::default(),
        }));
        let inner = Rc::downgrade(&engine.0);
        engine.0.media.on_feed_lost(move || {
            if let Some(inner) = inner.upgrade() {
                Self(inner).feed_anew();
            }
        });
        diagnostics::expose(&engine);
        engine
    }

    /// Who is told what happens.
    pub fn on_event(&self, listener: impl Fn(AudioEvent) + 'static) {
        *self.0.listener.borrow_mut() = Some(Rc::new(listener));
    }

    /// Starts an engine for the song, in the place of one that runs. The first time this must come from a user's gesture.
    ///
    /// # Errors
    /// A sentence that says what did not work.
    pub async fn start(&self) -> Result<(), String> {
        let rate_hz = (self.0.song)().map(|song| song.rate_hz).ok_or("There is no song to play.")?;
        // Before the first wait: later the browser may have forgotten the gesture.
        let context = Live::open_context(rate_hz)?;
        self.shut();
        let this_start = self.0.starts.get() + 1;
        self.0.starts.set(this_start);
        // Asked for at once, and again when the engine is there.
        let _ = context.resume();
        let engine = self.clone();
        let on_trap = move |words: String| engine.recover(this_start, words);
        let inner = self.0.clone();
        let live = Live::start(context, move || (inner.song)(), &self.0.taps, on_trap).await?;
        if self.0.starts.get() != this_start {
            return Ok(());
        }
        self.0.media.attach_feed(live.feed().memory.buffer(), trial::feed_slowness());
        if let Some(song) = (self.0.song)() {
            self.0.media.set_plan(&song.plan);
        }
        live.send([Command::Locate { frame: self.0.locator.get() }]);
        let live = Rc::new(live);
        *self.0.live.borrow_mut() = Some(live.clone());
        if !live.is_audible() {
            Live::resume(live.context()).await;
        }
        if self.0.playing.get() {
            self.play(self.0.locator.get());
        }
        Ok(())
    }

    /// Ends the engine.
    pub fn shut(&self) {
        self.0.starts.set(self.0.starts.get() + 1);
        if self.0.live.take().is_some() {
            self.0.media.feed_stop();
        }
    }

    /// Whether there is an engine, at which rate.
    pub fn rate_hz(&self) -> Option<u32> {
        self.live().map(|live| live.rate_hz())
    }

    fn live(&self) -> Option<Rc<Live>> {
        self.0.live.borrow().clone()
    }

    fn tell(&self, event: AudioEvent) {
        let listener = self.0.listener.borrow().clone();
        if let Some(listener) = listener {
            listener(event);
        }
    }

    /// Sends commands to a running engine; without one they are in the next snapshot.
    pub fn send(&self, commands: Vec<Command>) {
        if let Some(live) = self.live() {
            live.send(commands);
        }
    }

    /// Hands the feeder what changed of clips, loop and tracks.
    pub fn set_plan(&self, plan: &FeedPlan) {
        let Some(live) = self.live() else { return };
        if plan.tracks.len() > live.feed().tracks {
            let feed = live.widen_feed(plan.tracks.len());
            self.0.media.attach_feed(feed.memory.buffer(), trial::feed_slowness());
            self.0.media.set_plan(plan);
            if self.0.playing.get() {
                self.roll(&live, self.0.position.get());
            }
        } else {
            self.0.media.set_plan(plan);
        }
    }

    /// Plays from a frame; a play that runs goes on from there.
    pub fn play(&self, frame: u64) {
        self.0.playing.set(true);
        self.0.locator.set(frame);
        let Some(live) = self.live() else { return };
        self.roll(&live, frame);
        if !live.is_audible() {
            spawn_local(async move {
                Live::resume(live.context()).await;
            });
        }
    }

    fn roll(&self, live: &Live, frame: u64) {
        let generation = live.next_generation();
        self.0.media.feed_start(generation, frame, None);
        live.send([Command::Play { generation }]);
    }

    /// The feeder forgot what it fed: a song that plays goes on from where it is.
    fn feed_anew(&self) {
        if let Some(live) = self.live().filter(|_| self.0.playing.get()) {
            self.roll(&live, self.0.position.get());
        }
    }

    /// Stops; tails ring out.
    pub fn stop(&self) {
        self.0.playing.set(false);
        if let Some(live) = self.live() {
            live.send([Command::Stop, Command::Locate { frame: self.0.locator.get() }]);
            self.0.media.feed_stop();
        }
    }

    /// Moves the transport, playing or not.
    pub fn locate(&self, frame: u64) {
        if self.0.playing.get() {
            self.play(frame);
        } else {
            self.0.locator.set(frame);
            self.send(vec![Command::Locate { frame }]);
        }
    }

    /// Brings the readings up to date and tells what happened; once per animation frame.
    pub fn read_into(&self, readings: &mut Readings) {
        let Some(live) = self.live() else {
            readings.running = false;
            return;
        };
        live.send(self.0.taps.take_changes());
        live.read(readings);
        self.0.position.set(readings.position);
        for event in live.take_events() {
            self.tell(AudioEvent::Engine(event));
        }
    }

    /// How well the browser keeps up, where it says so.
    pub fn playback_stats(&self) -> Option<PlaybackStats> {
        self.live().and_then(|live| live.playback_stats())
    }

    /// An engine failed: the next one starts from the document.
    fn recover(&self, start: u32, words: String) {
        if self.0.starts.get() != start {
            return;
        }
        web_sys::console::error_1(&words.into());
        let now_ms = js_sys::Date::now();
        let failures = {
            let mut failures = self.0.failures_ms.borrow_mut();
            failures.retain(|at| now_ms - at < RESTART_WINDOW_MS);
            failures.push(now_ms);
            failures.len()
        };
        self.0.locator.set(if self.0.playing.get() { self.0.position.get() } else { self.0.locator.get() });
        if failures > MOST_RESTARTS {
            self.shut();
            self.0.playing.set(false);
            self.tell(AudioEvent::Failed(
                "The audio engine failed several times. Your work is kept; reload the page to hear it again.".into(),
            ));
            return;
        }
        let engine = self.clone();
        spawn_local(async move {
            match engine.start().await {
                Ok(()) => engine.tell(AudioEvent::Restarted),
                Err(sentence) => engine.tell(AudioEvent::Failed(sentence)),
            }
        });
    }
}
