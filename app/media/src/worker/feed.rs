//! The feeder's pump: fills the ring while there is room, and lets messages have their turn in between.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use dsp::protocol::feed::READ_SEQUENCE;
use session::feed::{FeedPlan, Feeder};
use session::worker::FromWorker;
use wasm_bindgen_futures::spawn_local;

use super::scope::{now_ms, sleep, tell, turn};
use super::words::JsWords;
use crate::source::StoreSource;

/// Blocks that are written before messages have their turn.
const BLOCKS_AT_ONCE: u32 = 32;
/// Pause while the ring is full: a hundredth of a live ring's length.
const PAUSE_MS: i32 = 6;
/// A render empties the ring many times faster than it sounds: so long after its last block the pump looks again at once.
const EAGER_MS: f64 = 30.0;

struct State {
    ring: Option<JsWords>,
    feeder: Feeder,
    samples: StoreSource,
    is_render: bool,
    /// How many times slower than it could it works.
    slowness: u32,
}

/// What feeds the engine.
pub struct Feed {
    state: RefCell<State>,
    is_pumping: Cell<bool>,
    told: RefCell<String>,
}

impl Feed {
    /// Rests until it is told what to feed.
    pub fn new() -> Rc<Self> {
        let (feeder, samples) = (Feeder::new(FeedPlan::default()), StoreSource::default());
        let state = State { ring: None, feeder, samples, is_render: false, slowness: 1 };
        Rc::new(Self { state: RefCell::new(state), is_pumping: Cell::new(false), told: RefCell::default() })
    }

    /// Another ring; whatever was fed ends.
    pub fn attach(&self, ring: JsWords, slowness: u32) {
        let mut state = self.state.borrow_mut();
        state.feeder.stop();
        state.ring = Some(ring);
        state.slowness = slowness;
    }

    /// Another state of the song, with its sources opened.
    pub fn set_plan(self: &Rc<Self>, plan: FeedPlan, mut samples: StoreSource) {
        let mut state = self.state.borrow_mut();
        let sentences: Vec<String> = samples.problems().map(ToString::to_string).collect();
        samples.set_strict(state.is_render);
        state.samples = samples;
        state.feeder.set_plan(plan);
        drop(state);
        self.told.borrow_mut().clear();
        if let Some(sentence) = sentences.into_iter().next() {
            self.tell_once(sentence);
        }
        self.pump();
    }

    /// Feeds from a frame on.
    pub fn start(self: &Rc<Self>, generation: u32, frame: u64, end: Option<u64>) {
        let mut state = self.state.borrow_mut();
        state.is_render = end.is_some();
        state.samples.set_strict(end.is_some());
        state.feeder.start(generation, frame, end);
        drop(state);
        self.pump();
    }

    /// Feeds no more.
    pub fn stop(&self) {
        self.state.borrow_mut().feeder.stop();
    }

    fn pump(self: &Rc<Self>) {
        if !self.is_pumping.replace(true) {
            let feed = self.clone();
            spawn_local(async move {
                feed.run().await;
                feed.is_pumping.set(false);
            });
        }
    }

    async fn run(self: &Rc<Self>) {
        let mut last_block_ms = now_ms();
        let mut start_ms = now_ms();
        while let Some((written, is_full)) = self.fill() {
            if written > 0 {
                self.dawdle(now_ms() - start_ms).await;
                last_block_ms = now_ms();
            }
            let is_eager = self.state.borrow().is_render && now_ms() - last_block_ms < EAGER_MS;
            if !is_full || is_eager {
                turn().await
            } else {
                sleep(PAUSE_MS).await
            }
            start_ms = now_ms();
        }
    }

    /// In a trial of a slow feeder, idles so many times as long as the work took.
    async fn dawdle(&self, work_ms: f64) {
        let times = self.state.borrow().slowness.saturating_sub(1);
        if times > 0 {
            // The clock counts whole milliseconds.
            sleep((f64::from(times) * work_ms.max(1.0)) as i32).await;
        }
    }

    /// Blocks written and whether the ring is full; `None` when nothing is to be fed.
    fn fill(&self) -> Option<(u32, bool)> {
        let mut guard = self.state.borrow_mut();
        let State { ring, feeder, samples, .. } = &mut *guard;
        let ring = ring.as_ref().filter(|_| feeder.is_feeding())?;
        match feeder.fill(ring, samples, BLOCKS_AT_ONCE) {
            Ok(filled) => {
                if filled.written > 0 {
                    ring.wake(READ_SEQUENCE);
                }
                Some((filled.written, filled.room_left == 0))
            }
            Err(error) => {
                drop(guard);
                self.tell_once(error.to_string());
                Some((0, true))
            }
        }
    }

    fn tell_once(&self, sentence: String) {
        if *self.told.borrow() != sentence {
            *self.told.borrow_mut() = sentence.clone();
            tell(&FromWorker::FeedFailed(sentence), &[]);
        }
    }
}
