//! Export: the worklet in an OfflineAudioContext, fed by the feeder, drained by the delivery, tamed by shared memory.
//!
//! The processor renders many blocks in each of the browser's quanta, so the context is mono and a fraction of the song long; its own
//! buffer stays silent and is thrown away. Where the context can be suspended it is, before it could use up what was fed; elsewhere the
//! audio thread waits for itself. A render that is starved ends with a sentence, never with silence.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use dsp::engine::BLOCK_FRAMES;
use dsp::protocol::feed::LIVE_SLOTS;
use dsp::protocol::output::{self, OutputRing, State};
use dsp::protocol::{Command, InsertId};
use js_sys::{Function, Promise, Reflect};
use session::model::Range;
use session::target::Limiting;
use session::worker::{Delivered, Delivery};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, OfflineAudioContext, OfflineAudioContextOptions};

use super::feed::FeedRing;
use super::host::{self, Boot};
use super::shared::SharedMemory;
use super::{AudioEngine, SongState, clock, trial};
use crate::media::Canceller;

/// As `processor.js` has it.
const BLOCKS_PER_QUANTUM: usize = 32;
/// Between two suspensions no more is rendered than the feed holds; the output has room for twice that.
const QUANTA_PER_PAUSE: usize = LIVE_SLOTS / BLOCKS_PER_QUANTUM;
/// Quanta beyond those that the song needs: for latency, for quanta that found nothing, for the end.
const SPARE_QUANTA: usize = 256;
/// Between two looks while the feeder is behind.
const PAUSE_MS: i32 = 1;
/// Without a block for so long the export is given up.
const STARVED_MS: f64 = 20_000.0;
/// The generation of a render.
const GENERATION: u32 = 1;

/// What is to be exported.
pub struct ExportRequest {
    /// The song, compiled for export.
    pub song: SongState,
    /// Solo counts.
    pub as_soloed: bool,
    /// From where to where.
    pub range: Range,
    /// Longest tail after the range, frames; 0 cuts at its end.
    pub tail_frames: u64,
    /// The file.
    pub delivery: Delivery,
    /// The insert whose reduction is counted.
    pub watched: Option<InsertId>,
}

/// What an export gives.
pub struct Exported {
    /// What it measures.
    pub delivered: Delivered,
    /// What the watched limiter did.
    pub limiting: Limiting,
    /// The file, where one was asked for.
    pub file: Option<File>,
}

/// An export that has been asked for; [`Export::run`] does it.
pub struct Export {
    engine: AudioEngine,
    request: ExportRequest,
    canceller: ExportCanceller,
}

/// Gives an export up; it ends within a second, without a file.
#[derive(Clone, Default)]
pub struct ExportCanceller(Rc<CancelState>);

#[derive(Default)]
struct CancelState {
    cancelled: Cell<bool>,
    ring: RefCell<Option<SharedMemory>>,
    delivery: RefCell<Option<Canceller>>,
}

impl ExportCanceller {
    /// No longer wanted.
    pub fn cancel(&self) {
        self.0.cancelled.set(true);
        if let Some(memory) = &*self.0.ring.borrow() {
            OutputRing::new(memory.clone()).end(State::Cancelled);
        }
        if let Some(delivery) = &*self.0.delivery.borrow() {
            delivery.cancel();
        }
    }

    /// Whether it was given up.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.get()
    }
}

impl AudioEngine {
    /// Prepares an export. While it runs nothing plays: there is one feeder.
    pub fn export(&self, request: ExportRequest) -> Export {
        Export { engine: self.clone(), request, canceller: ExportCanceller::default() }
    }

    /// Gives the feeder back to the live engine.
    fn feed_live_again(&self) {
        self.0.media.feed_stop();
        if let (Some(live), Some(song)) = (self.live(), (self.0.song)()) {
            self.0.media.attach_feed(live.feed().memory.buffer(), trial::feed_slowness());
            self.0.media.set_plan(&song.plan);
        }
    }
}

impl Export {
    /// A handle to give it up by.
    pub fn canceller(&self) -> ExportCanceller {
        self.canceller.clone()
    }

    /// Renders and writes; `on_progress` hears how much is written, 0 to 1.
    ///
    /// # Errors
    /// A sentence that says what did not work, or that it was cancelled.
    pub async fn run(mut self, on_progress: impl Fn(f32) + 'static) -> Result<Exported, String> {
        self.engine.stop();
        let frames = self.request.range.end.saturating_sub(self.request.range.start);
        let output = SharedMemory::new(output::words_for(output::EXPORT_FRAMES));
        OutputRing::new(output.clone()).format();
        *self.canceller.0.ring.borrow_mut() = Some(output.clone());
        let feed = FeedRing::new(self.request.song.plan.tracks.len());
        self.request.song.plan.cycle = None;
        let media = self.engine.0.media.clone();
        media.attach_feed(feed.memory.buffer(), trial::feed_slowness());
        media.set_plan(&self.request.song.plan);
        media.feed_start(GENERATION, self.request.range.start, Some(self.request.range.end));
        let delivery = media.start_delivery(output.buffer(), self.request.delivery.clone(), on_progress);
        *self.canceller.0.delivery.borrow_mut() = Some(delivery.canceller());
        let render = Render {
            feed,
            output: output.clone(),
            quanta: quanta_for(frames + self.request.tail_frames),
            canceller: self.canceller.clone(),
        };
        let (rendered, delivered) = both(render.run(&self.request), delivery).await;
        self.engine.feed_live_again();
        if self.canceller.is_cancelled() {
            return Err("The export was cancelled.".into());
        }
        rendered?;
        let (delivered, file) = delivered.map_err(|error| error.to_string())?;
        Ok(Exported { delivered, limiting: Limiting::of(OutputRing::new(output).limiting()), file })
    }
}

/// Waits for two futures at once.
async fn both<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (mut first, mut second) = (None, None);
    poll_fn(|context| {
        if first.is_none() {
            first = ready(one.as_mut().poll(context));
        }
        if second.is_none() {
            second = ready(other.as_mut().poll(context));
        }
        match (first.take(), second.take()) {
            (Some(one), Some(other)) => Poll::Ready((one, other)),
            (one, other) => {
                (first, second) = (one, other);
                Poll::Pending
            }
        }
    })
    .await
}

fn ready<T>(poll: Poll<T>) -> Option<T> {
    if let Poll::Ready(value) = poll { Some(value) } else { None }
}

/// How many of the browser's quanta a render of this many frames is given.
fn quanta_for(frames: u64) -> usize {
    let blocks = usize::try_from(frames.div_ceil(BLOCK_FRAMES as u64)).unwrap_or(usize::MAX / BLOCK_FRAMES);
    // Half as many again: a quantum that finds nothing fed renders nothing.
    let needed = blocks.div_ceil(BLOCKS_PER_QUANTUM);
    needed + needed / 2 + SPARE_QUANTA
}

#[derive(Clone)]
struct Render {
    feed: FeedRing,
    output: SharedMemory,
    quanta: usize,
    canceller: ExportCanceller,
}

impl Render {
    /// Renders everything; the output ring has ended when this does.
    async fn run(&self, request: &ExportRequest) -> Result<(), String> {
        let rendered = self.render(request).await;
        let ring = OutputRing::new(self.output.clone());
        // Only what has not ended otherwise: a render whose quanta were used up has starved.
        ring.end(State::Failed);
        match (rendered, ring.state()) {
            (Ok(_), State::Finished | State::Cancelled) => Ok(()),
            (Ok(Some(words)), _) => Err(format!("The engine failed while it rendered: {words}")),
            (Ok(None), _) => Err("The audio could not be read fast enough, so the export was stopped. Try it again.".into()),
            (Err(sentence), _) => Err(sentence),
        }
    }

    /// Gives the engine's last words when it failed.
    async fn render(&self, request: &ExportRequest) -> Result<Option<String>, String> {
        let (context, quantum) = self.open_context(request.song.rate_hz)?;
        let snapshot: Vec<Command> = request.song.snapshot.iter().cloned().chain([Command::Play { generation: GENERATION }]).collect();
        let boot = Boot {
            feed: self.feed.memory.buffer(),
            rings: None,
            output: Some(self.output.buffer()),
            snapshot: &snapshot,
            ignore_solo: !request.as_soloed,
            tail_frames: request.tail_frames,
            watched: request.watched.map_or(0, |insert| insert.0),
        };
        let trapped = Rc::new(RefCell::new(None));
        let words = trapped.clone();
        host::start_node(&context, &boot, move |text| *words.borrow_mut() = Some(text)).await?;
        let period_seconds = (QUANTA_PER_PAUSE * quantum) as f64 / f64::from(request.song.rate_hz);
        if let Some(pauses) = Pauses::of(&context, period_seconds) {
            let first = pauses.at(0);
            spawn_local(self.clone().keep_fed(pauses, first));
        }
        let rendering = context.start_rendering().map_err(|error| host::sentence(&error))?;
        JsFuture::from(rendering).await.map_err(|error| host::sentence(&error))?;
        Ok(trapped.take())
    }

    /// A context that is long enough, and the length of its quantum.
    fn open_context(&self, rate_hz: u32) -> Result<(OfflineAudioContext, usize), String> {
        let open = |length: usize| {
            let options = OfflineAudioContextOptions::new(u32::try_from(length).unwrap_or(u32::MAX), rate_hz as f32);
            options.set_number_of_channels(1);
            trial::hint_quantum(&options);
            OfflineAudioContext::new_with_context_options(&options)
                .map_err(|error| format!("This browser cannot render at {rate_hz} Hz: {}.", host::sentence(&error).trim_end_matches('.')))
        };
        let quantum = Reflect::get(open(1)?.as_ref(), &"renderQuantumSize".into()).ok().and_then(|size| size.as_f64());
        // Without that property the quantum is what the standard fixed before it, the length of our blocks.
        let quantum = quantum.filter(|size| *size >= 1.0).map_or(BLOCK_FRAMES, |size| size as usize);
        Ok((open(self.quanta * quantum)?, quantum))
    }

    /// At each pause, waits until the feed is full and the output drained.
    async fn keep_fed(self, pauses: Pauses, first: Promise) {
        let mut pause = first;
        for number in 1.. {
            if JsFuture::from(pause).await.is_err() {
                return;
            }
            self.catch_up().await;
            let is_running = OutputRing::new(self.output.clone()).state() == State::Running;
            if !is_running || number * QUANTA_PER_PAUSE >= self.quanta {
                // Without another pause the rest of the context, which nothing is rendered into, runs out by itself.
                pauses.go_on();
                return;
            }
            pause = pauses.at(number);
            pauses.go_on();
        }
    }

    /// Waits until a whole ring is fed and the output has room for it, or the render has ended.
    async fn catch_up(&self) {
        let ring = OutputRing::new(self.output.clone());
        let (mut seen, mut seen_ms) = (None, js_sys::Date::now());
        while ring.state() == State::Running && !self.canceller.is_cancelled() {
            if ring.room() >= LIVE_SLOTS * BLOCK_FRAMES && self.feed.is_full(GENERATION) {
                return;
            }
            let now = Some((self.feed.furthest(GENERATION), ring.room()));
            if now != seen {
                (seen, seen_ms) = (now, js_sys::Date::now());
            } else if js_sys::Date::now() - seen_ms > STARVED_MS {
                ring.end(State::Failed);
            }
            clock::sleep(PAUSE_MS).await;
        }
    }
}

/// The pauses of a context that can be suspended.
struct Pauses {
    context: OfflineAudioContext,
    suspend: Function,
    period_seconds: f64,
}

impl Pauses {
    /// `None` where the browser has no `suspend` here; there the audio thread may wait for itself.
    fn of(context: &OfflineAudioContext, period_seconds: f64) -> Option<Self> {
        let suspend = Reflect::get(context, &"suspend".into()).ok()?.dyn_into().ok()?;
        Some(Self { context: context.clone(), suspend, period_seconds })
    }

    /// Asks for a pause; the promise is kept when rendering has come there, and broken when it has passed.
    fn at(&self, number: usize) -> Promise {
        let time = (number as f64 * self.period_seconds).into();
        let asked = self.suspend.call1(&self.context, &time);
        asked.ok().and_then(|promise| promise.dyn_into().ok()).unwrap_or_else(|| Promise::reject(&JsValue::NULL))
    }

    fn go_on(&self) {
        if let Err(error) = self.context.resume() {
            web_sys::console::warn_1(&error);
        }
    }
}
