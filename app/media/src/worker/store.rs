//! The store worker: owns the files, feeds the engine, writes what is delivered.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use dsp::protocol::output::{OutputRing, READ, State};
use session::archive::EXTENSION;
use session::model::Session;
use session::worker::{Answer, Delivered, Delivery, FromWorker, StoreRequest, ToWorker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, MessageEvent, MessagePort};

use super::feed::Feed;
use super::lock::{Guard, Lock};
use super::opfs::AnyFiles;
use super::planes::{LONGEST_FRAMES, PIECE_FRAMES};
use super::port::{Back, Call};
use super::scope::{Packet, Source, answer, now_ms, pack, scope, sleep, tell, turn};
use super::words::JsWords;
use crate::archive;
use crate::delivery::{DeliveryRun, Step, safe_file_name};
use crate::import::Shelf;
use crate::source::StoreSource;
use crate::store::{OUT, Store, StoreError};

/// Pause while the export renders.
const DELIVERY_PAUSE_MS: i32 = 4;
/// Time between two reports of progress.
const REPORT_MS: f64 = 100.0;
/// Frames that are copied at a time.
const PLANES_PIECE_FRAMES: u32 = PIECE_FRAMES as u32;

type TheStore = Store<AnyFiles>;

/// See the module's text.
pub struct StoreWorker {
    files: OnceCell<AnyFiles>,
    store: Lock<Option<TheStore>>,
    /// No other tab was open when this one's store opened.
    is_only: Cell<bool>,
    feed: Rc<Feed>,
    /// Requests about the feed keep their order.
    feed_turn: Lock<()>,
    cancelled: RefCell<HashSet<u32>>,
}

impl StoreWorker {
    /// Opens the files; requests wait until they are open.
    pub fn start() -> Rc<Self> {
        let worker = Rc::new(Self {
            files: OnceCell::new(),
            store: Lock::new(None),
            is_only: Cell::new(false),
            feed: Feed::new(),
            feed_turn: Lock::new(()),
            cancelled: RefCell::default(),
        });
        let this = worker.clone();
        spawn_local(async move {
            let mut store = this.store.lock().await;
            let files = AnyFiles::find().await;
            let token = format!("{:012x}{:05x}", now_ms() as u64, (js_sys::Math::random() * 1_048_576.0) as u32);
            let opened = Store::open(files.clone(), &token).await;
            let (files, opened) = match opened {
                Ok(opened) => (files, opened),
                Err(_) => {
                    let memory = AnyFiles::Memory(crate::store::MemoryFiles::default());
                    let Ok(opened) = Store::open(memory.clone(), &token).await else { return };
                    (memory, opened)
                }
            };
            let persistent = files.is_persistent();
            let opened = store.insert(opened);
            drop(this.files.set(files));
            this.is_only.set(take_store_lock().await);
            if this.is_only.get() {
                drop(opened.sweep_drafts().await);
            }
            tell(&FromWorker::Ready { persistent }, &[]);
        });
        worker
    }

    /// Takes a message of the page.
    pub fn receive(this: &Rc<Self>, message: ToWorker, packet: Packet) {
        match message {
            ToWorker::Connect => {
                if let Some(port) = packet.beside::<MessagePort>(0) {
                    this.serve(port);
                }
            }
            ToWorker::Cancel(id) => drop(this.cancelled.borrow_mut().insert(id)),
            ToWorker::Store(id, request) => {
                let this = this.clone();
                spawn_local(async move {
                    let result = this.handle(id, request, &packet).await;
                    this.cancelled.borrow_mut().remove(&id);
                    match result {
                        Ok((said, beside)) => answer(id, Ok(said), &beside),
                        Err(error) => answer(id, Err(error.to_string()), &[]),
                    }
                });
            }
            ToWorker::Start(_) | ToWorker::Compute(..) => {}
        }
    }

    async fn handle(&self, id: u32, request: StoreRequest, packet: &Packet) -> Result<(Answer, Vec<JsValue>), StoreError> {
        let nothing = |said| (said, Vec::new());
        match request {
            StoreRequest::AttachFeed { .. } | StoreRequest::SetPlan(_) | StoreRequest::FeedStart { .. } | StoreRequest::FeedStop => {
                self.handle_feed(request, packet).await.map(|()| nothing(Answer::Done))
            }
            StoreRequest::Peaks { hash } => Ok(nothing(Answer::Peaks(self.open().await?.peaks(&hash).await?))),
            StoreRequest::CloseUp { hash, from, frames } => {
                Ok(nothing(Answer::Peaks(self.open().await?.close_up(&hash, from, frames).await?)))
            }
            StoreRequest::Planes { hash, rate_hz } => Ok((Answer::Planes, vec![self.planes(&hash, rate_hz).await?.into()])),
            StoreRequest::ListSessions => Ok(nothing(Answer::Sessions(self.open().await?.list_sessions().await?))),
            StoreRequest::SaveSession { json, now_ms } => {
                self.open().await?.save_session(&json, now_ms).await?;
                Ok(nothing(Answer::Done))
            }
            StoreRequest::LoadSession { id } => Ok(nothing(Answer::Session(self.open().await?.load_session(&id).await?))),
            StoreRequest::Collect => {
                if self.is_only.get() {
                    self.open().await?.collect().await?;
                }
                Ok(nothing(Answer::Done))
            }
            StoreRequest::DeleteSession { id } => {
                self.open().await?.delete_session(&id).await?;
                Ok(nothing(Answer::Done))
            }
            StoreRequest::SaveArchive { json } => self.save_archive(id, &json).await.map(|file| (Answer::File, vec![file.into()])),
            StoreRequest::Deliver(delivery) => self.deliver(id, &delivery, packet).await,
        }
    }

    /// The store, once it is open.
    async fn open(&self) -> Result<OpenStore<'_>, StoreError> {
        let guard = self.store.lock().await;
        if guard.is_some() { Ok(OpenStore(guard)) } else { Err(StoreError::Failed("it could not be opened".into())) }
    }

    async fn handle_feed(&self, request: StoreRequest, packet: &Packet) -> Result<(), StoreError> {
        let _turn = self.feed_turn.lock().await;
        match request {
            StoreRequest::AttachFeed { slowness } => {
                let ring = packet.beside::<js_sys::SharedArrayBuffer>(0);
                self.feed.attach(JsWords::new(&ring.ok_or_else(|| StoreError::Failed("no ring came".into()))?), slowness);
            }
            StoreRequest::SetPlan(bytes) => {
                let plan = postcard::from_bytes(&bytes).map_err(|error| StoreError::Failed(error.to_string()))?;
                let samples = StoreSource::open(&mut *self.open().await?, &plan).await;
                self.feed.set_plan(plan, samples);
            }
            StoreRequest::FeedStart { generation, frame, end } => self.feed.start(generation, frame, end),
            _ => self.feed.stop(),
        }
        Ok(())
    }

    /// A source's channels, copied piece by piece so that this worker's own memory does not grow with the song.
    async fn planes(&self, hash: &str, rate_hz: u32) -> Result<js_sys::Array, StoreError> {
        let mut reader = self.open().await?.reader(hash, Some(rate_hz), "this reference").await?;
        if reader.frames() > LONGEST_FRAMES {
            return Err(StoreError::Failed("it is longer than a reference can be".into()));
        }
        let frames = reader.frames() as u32;
        let planes = [(); 2].map(|()| js_sys::Float32Array::new_with_length(frames));
        let (mut left, mut right) = (vec![0.0; PLANES_PIECE_FRAMES as usize], vec![0.0; PLANES_PIECE_FRAMES as usize]);
        for at in (0..frames).step_by(PLANES_PIECE_FRAMES as usize) {
            let count = PLANES_PIECE_FRAMES.min(frames - at);
            let (left, right) = (&mut left[..count as usize], &mut right[..count as usize]);
            reader.read(u64::from(at), left, Some(right))?;
            planes[0].subarray(at, at + count).copy_from(left);
            planes[1].subarray(at, at + count).copy_from(right);
            turn().await;
        }
        Ok(planes.into_iter().collect())
    }

    /// Tells how far a request is, now and then; whether to go on.
    fn report(&self, id: u32, fraction: f32, last_ms: &mut f64) -> bool {
        if now_ms() - *last_ms > REPORT_MS {
            *last_ms = now_ms();
            tell(&FromWorker::Progress(id, fraction), &[]);
        }
        !self.cancelled.borrow().contains(&id)
    }

    async fn save_archive(&self, id: u32, json: &[u8]) -> Result<File, StoreError> {
        let session: Session = serde_json::from_slice(json).map_err(|error| StoreError::Broken(error.to_string()))?;
        let (name, file, sources) = {
            let mut store = self.open().await?;
            let mut sources = Vec::new();
            for source in &session.sources {
                sources.push((source.hash.clone(), store.reader(&source.hash, None, &source.file_name).await?));
            }
            let (name, file) = store.out_file().await?;
            (name, file, sources)
        };
        let mut last_ms = 0.0;
        let pause = async |fraction: f32| {
            turn().await;
            self.report(id, fraction, &mut last_ms)
        };
        let result = archive::write(json, &sources, file, pause).await;
        self.give(result, &name, &safe_file_name(&format!("{}.{EXTENSION}", session.name))).await
    }

    async fn deliver(&self, id: u32, delivery: &Delivery, packet: &Packet) -> Result<(Answer, Vec<JsValue>), StoreError> {
        let ring = packet.beside::<js_sys::SharedArrayBuffer>(0);
        let ring = ring.ok_or_else(|| StoreError::Failed("no ring came".into()))?;
        let (name, file) = self.open().await?.out_file().await?;
        let result = self.drain(id, delivery, &ring, file).await;
        let delivered = result.as_ref().ok().cloned();
        if delivery.file_rate_hz.is_none() {
            self.open().await?.remove_out(&name).await;
            return result.map(|delivered| (Answer::Delivered(delivered), Vec::new()));
        }
        let file = self.give(result.map(|_| ()), &name, &safe_file_name(&delivery.file_name)).await?;
        let delivered = delivered.ok_or(StoreError::Cancelled)?;
        Ok((Answer::Delivered(delivered), vec![file.into()]))
    }

    async fn drain(
        &self,
        id: u32,
        delivery: &Delivery,
        ring: &js_sys::SharedArrayBuffer,
        file: Rc<dyn crate::store::StoreFile>,
    ) -> Result<Box<Delivered>, StoreError> {
        let reader = JsWords::new(ring);
        let mut run = DeliveryRun::new(JsWords::new(ring), delivery, file)?;
        let mut last_ms = 0.0;
        loop {
            let frames = match run.step()? {
                Step::Done(delivered) => return Ok(delivered),
                Step::Going(frames) => frames,
            };
            reader.wake(READ);
            let fraction = frames as f32 / delivery.expected_frames.max(1) as f32;
            if !self.report(id, fraction.min(1.0), &mut last_ms) {
                OutputRing::new(JsWords::new(ring)).end(State::Cancelled);
            }
            if run.is_waiting() { sleep(DELIVERY_PAUSE_MS).await } else { turn().await }
        }
    }

    /// The finished file for the page, or nothing of it.
    async fn give(&self, result: Result<(), StoreError>, name: &str, download: &str) -> Result<File, StoreError> {
        if let Err(error) = result {
            self.open().await?.remove_out(name).await;
            return Err(error);
        }
        let files = self.files.get().ok_or_else(|| StoreError::Failed("there are no files".into()))?;
        files.as_file(OUT, name, download).await
    }

    /// Answers a compute worker's calls, in their order.
    fn serve(self: &Rc<Self>, port: MessagePort) {
        let this = self.clone();
        let sender = port.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let (this, sender) = (this.clone(), sender.clone());
            spawn_local(async move {
                let packet = Packet::new(event.data(), Source::Worker);
                let Some((id, call)) = packet.message::<(u32, Call)>() else { return };
                let (back, beside) = match this.call(call, &packet).await {
                    Ok((back, bytes)) => (Ok(back), bytes.map(|bytes| js_sys::Uint8Array::from(bytes.as_slice()))),
                    Err(error) => (Err(error), None),
                };
                let transfer: js_sys::Array = beside.iter().map(js_sys::Uint8Array::buffer).collect();
                let beside: Vec<JsValue> = beside.into_iter().map(Into::into).collect();
                drop(sender.post_message_with_transferable(&pack(&(id, back), &beside), &transfer));
            });
        });
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
    }

    async fn call(&self, call: Call, packet: &Packet) -> Result<(Back, Option<Vec<u8>>), StoreError> {
        let mut guard = self.open().await?;
        let store: &mut TheStore = &mut guard;
        let back = match call {
            Call::Meta(hash) => Back::Meta(Shelf::meta(store, &hash).await?),
            Call::HasTwin(hash, rate_hz) => Back::Bool(TheStore::has_twin(store, &hash, rate_hz)),
            Call::Read(hash, rate_hz, start, frames) => {
                return Ok((Back::Bytes, Some(Shelf::read(store, &hash, rate_hz, start, frames).await?)));
            }
            Call::Analysis(hash) => Back::Analysis(TheStore::analysis(store, &hash).await?),
            Call::KeepAnalysis(hash, bytes) => {
                TheStore::keep_analysis(store, &hash, &bytes).await?;
                Back::Done
            }
            Call::Begin => Back::Draft(store.begin()),
            Call::Lend(draft, part) => {
                let has_files = self.files.get().is_some_and(AnyFiles::is_persistent);
                Back::Lent(if has_files { Some(store.lend(draft, part)?) } else { None })
            }
            Call::Put(draft, part) => {
                let bytes = packet.beside::<js_sys::Uint8Array>(0).map(|bytes| bytes.to_vec()).unwrap_or_default();
                store.put(draft, part, &bytes).await?;
                Back::Done
            }
            Call::Commit(draft, meta, twin_hz) => {
                store.commit(draft, &meta, twin_hz).await?;
                Back::Done
            }
            Call::Abort(draft) => {
                store.abort(draft).await;
                Back::Done
            }
        };
        Ok((back, None))
    }
}

/// The open store, held.
struct OpenStore<'a>(Guard<'a, Option<TheStore>>);

impl std::ops::Deref for OpenStore<'_> {
    type Target = TheStore;
    fn deref(&self) -> &TheStore {
        self.0.as_ref().unwrap_or_else(|| unreachable!("looked at when it was made"))
    }
}

impl std::ops::DerefMut for OpenStore<'_> {
    fn deref_mut(&mut self) -> &mut TheStore {
        self.0.as_mut().unwrap_or_else(|| unreachable!("looked at when it was made"))
    }
}

/// Takes a lock for the life of this worker, false where another tab has it: only the first may sweep what nobody seems to use.
async fn take_store_lock() -> bool {
    let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).unwrap_or_default();
    let locks = get(&scope().navigator(), "locks");
    let Ok(request) = get(&locks, "request").dyn_into::<js_sys::Function>() else { return false };
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let held = Closure::once_into_js(move |lock: JsValue| {
            drop(resolve.call1(&JsValue::NULL, &(!lock.is_null()).into()));
            // Never resolved, so the lock is held until the worker ends.
            js_sys::Promise::new(&mut |_, _| {})
        });
        let options = js_sys::Object::new();
        drop(js_sys::Reflect::set(&options, &"ifAvailable".into(), &true.into()));
        drop(request.call3(&locks, &"headroom-store".into(), &options, &held));
    });
    JsFuture::from(promise).await.is_ok_and(|is_held| is_held.is_truthy())
}
