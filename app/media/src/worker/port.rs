//! Between a compute worker and the store: sources in pieces, a few on their way at a time, so that memory does not grow with length.
//!
//! Where the browser has private files, samples go straight into theirs: the store, which feeds the engine while a song plays, only says
//! their names and makes them a source at the end.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, MessagePort};

use super::helper::Helper;
use super::opfs::AnyFiles;
use super::scope::{Packet, Source, pack, turn};
use crate::import::{Shelf, TwinRates};
use crate::store::{Files, Part, SOURCES, SourceMeta, StoreError, StoreFile};

/// Pieces that may be on their way at once.
const MOST_ON_THE_WAY: u32 = 4;

/// What the store is asked through the port.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Call {
    /// See [`Shelf::meta`].
    Meta(String),
    /// See [`Shelf::has_twin`].
    HasTwin(String, u32),
    /// See [`Shelf::read`].
    Read(String, Option<u32>, u64, u32),
    /// See [`Shelf::analysis`].
    Analysis(String),
    /// See [`Shelf::keep_analysis`].
    KeepAnalysis(String, Vec<u8>),
    /// See [`Shelf::begin`].
    Begin,
    /// Which file the caller may write itself.
    Lend(u32, Part),
    /// See [`Shelf::put`]; the bytes are beside it.
    Put(u32, Part),
    /// See [`Shelf::commit`].
    Commit(u32, SourceMeta, Option<u32>),
    /// See [`Shelf::abort`].
    Abort(u32),
}

/// What comes back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Back {
    /// It is done.
    Done,
    /// Yes or no.
    Bool(bool),
    /// A draft.
    Draft(u32),
    /// A source.
    Meta(SourceMeta),
    /// Bytes, beside it.
    Bytes,
    /// The file's name, or nothing where the store has no private files.
    Lent(Option<String>),
    /// What was kept of an analysis.
    Analysis(Option<Vec<u8>>),
}

type Returned = Result<(Back, JsValue), StoreError>;

#[derive(Default)]
struct Waiting {
    answer: Option<Returned>,
    waker: Option<Waker>,
}

struct Inner {
    port: RefCell<Option<MessagePort>>,
    next: Cell<u32>,
    waiting: RefCell<HashMap<u32, Waiting>>,
    on_the_way: Cell<u32>,
    /// Puts whose answers nobody waits for one by one.
    puts: RefCell<HashSet<u32>>,
    failed: RefCell<Option<StoreError>>,
    room: RefCell<Vec<Waker>>,
    files: RefCell<Option<AnyFiles>>,
    lent: RefCell<HashMap<(u32, Part), Lent>>,
}

/// Where a part of a draft goes.
#[derive(Clone)]
enum Lent {
    /// Into this file, which has this name and so many bytes.
    File(Rc<dyn StoreFile>, String, u64),
    /// To the store.
    No,
}

/// The compute worker's end, and the worker that helps it, if one does.
#[derive(Clone)]
pub struct Port {
    inner: Rc<Inner>,
    helper: Option<Rc<Helper>>,
}

impl Port {
    /// Not yet connected.
    pub fn new() -> Self {
        let inner = Inner {
            port: RefCell::default(),
            next: Cell::new(0),
            waiting: RefCell::default(),
            on_the_way: Cell::new(0),
            puts: RefCell::default(),
            failed: RefCell::default(),
            room: RefCell::default(),
            files: RefCell::default(),
            lent: RefCell::default(),
        };
        Self { inner: Rc::new(inner), helper: None }
    }

    /// With a worker that makes twins.
    pub fn with_helper(self, helper: Option<Helper>) -> Self {
        Self { helper: helper.map(Rc::new), ..self }
    }

    /// Waits until everything that was put is in the store.
    ///
    /// # Errors
    /// Why something is not.
    pub async fn all_put(&self) -> Result<(), StoreError> {
        for lent in self.inner.lent.borrow_mut().drain() {
            if let (_, Lent::File(file, ..)) = lent {
                file.flush()?;
            }
        }
        self.until_few(0).await
    }

    /// Where a part of a draft goes; asked once.
    async fn lent(&self, draft: u32, part: Part) -> Result<Lent, StoreError> {
        let known = self.inner.lent.borrow().get(&(draft, part)).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let lent = match self.call(Call::Lend(draft, part)).await? {
            (Back::Lent(Some(name)), _) => self.open(&name).await?.map_or(Lent::No, |file| Lent::File(file, name, 0)),
            (Back::Lent(None), _) => Lent::No,
            _ => return Err(strange()),
        };
        self.inner.lent.borrow_mut().insert((draft, part), lent.clone());
        Ok(lent)
    }

    /// A new file of this worker's own.
    async fn open(&self, name: &str) -> Result<Option<Rc<dyn StoreFile>>, StoreError> {
        let known = self.inner.files.borrow().clone();
        let files = match known {
            Some(files) => files,
            None => AnyFiles::find().await,
        };
        *self.inner.files.borrow_mut() = Some(files.clone());
        if files.is_persistent() { files.open(SOURCES, name, true).await } else { Ok(None) }
    }

    /// From now on through this port; whatever the old one still owed is lost.
    pub fn connect(&self, port: MessagePort) {
        let this = self.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| this.receive(event.data()));
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        let old = self.inner.port.replace(Some(port));
        if old.is_some() {
            let lost = || StoreError::Failed("the store was started again".into());
            let open: Vec<u32> = self.inner.waiting.borrow().keys().copied().collect();
            open.into_iter().for_each(|id| self.settle(id, Err(lost())));
            self.inner.puts.borrow_mut().clear();
            self.inner.on_the_way.set(0);
            *self.inner.failed.borrow_mut() = Some(lost());
            self.wake_room();
        }
    }

    fn receive(&self, data: JsValue) {
        let packet = Packet::new(data, Source::Worker);
        let Some((id, back)) = packet.message::<(u32, Result<Back, StoreError>)>() else { return };
        if self.inner.puts.borrow_mut().remove(&id) {
            self.inner.on_the_way.set(self.inner.on_the_way.get().saturating_sub(1));
            if let Err(error) = back {
                self.inner.failed.borrow_mut().get_or_insert(error);
            }
            self.wake_room();
        } else {
            let beside = packet.beside::<JsValue>(0).unwrap_or_default();
            self.settle(id, back.map(|back| (back, beside)));
        }
    }

    fn settle(&self, id: u32, returned: Returned) {
        let waker = self.inner.waiting.borrow_mut().get_mut(&id).and_then(|waiting| {
            waiting.answer = Some(returned);
            waiting.waker.take()
        });
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn wake_room(&self) {
        self.inner.room.take().into_iter().for_each(Waker::wake);
    }

    fn send(&self, call: Call, beside: Option<Vec<u8>>) -> u32 {
        let id = self.inner.next.get();
        self.inner.next.set(id.wrapping_add(1));
        let (mut besides, transfer) = (Vec::new(), js_sys::Array::new());
        if let Some(bytes) = beside {
            let bytes = js_sys::Uint8Array::from(bytes.as_slice());
            transfer.push(&bytes.buffer());
            besides.push(bytes.into());
        }
        if let Some(port) = &*self.inner.port.borrow() {
            drop(port.post_message_with_transferable(&pack(&(id, call), &besides), &transfer));
        }
        id
    }

    async fn call(&self, call: Call) -> Returned {
        let id = self.send(call, None);
        self.inner.waiting.borrow_mut().insert(id, Waiting::default());
        poll_fn(|context| {
            let mut waiting = self.inner.waiting.borrow_mut();
            let Some(entry) = waiting.get_mut(&id) else { return Poll::Ready(Err(StoreError::Cancelled)) };
            match entry.answer.take() {
                Some(answer) => {
                    waiting.remove(&id);
                    Poll::Ready(answer)
                }
                None => {
                    entry.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// Waits until at most so many pieces are on their way.
    async fn until_few(&self, most: u32) -> Result<(), StoreError> {
        poll_fn(|context| {
            if self.inner.on_the_way.get() <= most || self.inner.failed.borrow().is_some() {
                return Poll::Ready(());
            }
            self.inner.room.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
        self.inner.failed.borrow().clone().map_or(Ok(()), Err)
    }
}

fn strange() -> StoreError {
    StoreError::Failed("the store gave a strange answer".into())
}

impl Shelf for Port {
    async fn meta(&mut self, hash: &str) -> Result<SourceMeta, StoreError> {
        match self.call(Call::Meta(hash.to_string())).await? {
            (Back::Meta(meta), _) => Ok(meta),
            _ => Err(strange()),
        }
    }

    async fn has_twin(&mut self, hash: &str, rate_hz: u32) -> Result<bool, StoreError> {
        match self.call(Call::HasTwin(hash.to_string(), rate_hz)).await? {
            (Back::Bool(has), _) => Ok(has),
            _ => Err(strange()),
        }
    }

    async fn read(&mut self, hash: &str, rate_hz: Option<u32>, start: u64, frames: u32) -> Result<Vec<u8>, StoreError> {
        match self.call(Call::Read(hash.to_string(), rate_hz, start, frames)).await? {
            (Back::Bytes, bytes) => bytes.dyn_into().map(|bytes: js_sys::Uint8Array| bytes.to_vec()).map_err(|_| strange()),
            _ => Err(strange()),
        }
    }

    async fn analysis(&mut self, hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.call(Call::Analysis(hash.to_string())).await? {
            (Back::Analysis(bytes), _) => Ok(bytes),
            _ => Err(strange()),
        }
    }

    async fn keep_analysis(&mut self, hash: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        self.call(Call::KeepAnalysis(hash.to_string(), bytes)).await.map(|_| ())
    }

    async fn begin(&mut self) -> Result<u32, StoreError> {
        *self.inner.failed.borrow_mut() = None;
        match self.call(Call::Begin).await? {
            (Back::Draft(draft), _) => Ok(draft),
            _ => Err(strange()),
        }
    }

    async fn put(&mut self, draft: u32, part: Part, bytes: Vec<u8>) -> Result<(), StoreError> {
        if bytes.is_empty() {
            return Ok(());
        }
        // Peaks are small, and the store has them open.
        if part != Part::Peaks
            && let Lent::File(file, name, at) = self.lent(draft, part).await?
        {
            file.write_at(at, &bytes)?;
            self.inner.lent.borrow_mut().insert((draft, part), Lent::File(file, name, at + bytes.len() as u64));
            // A word of the page, to give it up for one, has its turn.
            turn().await;
            return Ok(());
        }
        self.until_few(MOST_ON_THE_WAY - 1).await?;
        let id = self.send(Call::Put(draft, part), Some(bytes));
        self.inner.puts.borrow_mut().insert(id);
        self.inner.on_the_way.set(self.inner.on_the_way.get() + 1);
        Ok(())
    }

    async fn commit(&mut self, draft: u32, meta: &SourceMeta, twin_hz: Option<u32>) -> Result<(), StoreError> {
        self.all_put().await?;
        self.call(Call::Commit(draft, meta.clone(), twin_hz)).await.map(|_| ())
    }

    async fn abort(&mut self, draft: u32) {
        let lent: Vec<Lent> = self.inner.lent.borrow_mut().drain().map(|(_, lent)| lent).collect();
        let files = self.inner.files.borrow().clone();
        for lent in lent {
            if let (Lent::File(file, name, _), Some(files)) = (lent, &files) {
                // Another worker may have given the draft up while this file was open: nobody else can take it away then.
                drop(file);
                drop(files.remove(SOURCES, &name).await);
            }
        }
        drop(self.call(Call::Abort(draft)).await);
        *self.inner.failed.borrow_mut() = None;
    }

    async fn begin_twin(&mut self, draft: u32, rates: TwinRates) -> bool {
        self.helper.as_ref().map(|helper| helper.begin(draft, rates)).is_some()
    }

    async fn resample(&mut self, interleaved: &[f32]) -> Result<(), StoreError> {
        match &self.helper {
            Some(helper) => helper.push(interleaved).await,
            None => Ok(()),
        }
    }

    async fn finish_twin(&mut self) -> Result<(), StoreError> {
        match &self.helper {
            Some(helper) => helper.finish().await,
            None => Ok(()),
        }
    }
}
