//! One worker seen from the page: requests with ids, their answers, its death and its restart.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use session::worker::{Answer, FromWorker, Role, ToWorker};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, MessagePort, Worker, WorkerOptions, WorkerType};

use super::MediaError;
use super::oneshot::{self, Receiver, Sender};

/// The workers' bootstrap, beside the page.
const WORKER_URL: &str = "media-worker.js";

/// A worker that gives no sign for this long while it computes is taken for hung.
const SILENCE_LIMIT_MS: f64 = 30_000.0;
/// A page that was not looked after for this long slept, and its workers with it.
const SLEEP_MS: f64 = 10_000.0;

/// Workers in a row that may die before they can work; after that there is no sense in another one.
const MOST_STILLBORN: u32 = 3;

/// An answer and what came beside it.
pub type Reply = Result<(Answer, JsValue), MediaError>;

struct Pending {
    reply: Sender<Reply>,
    on_progress: Option<Box<dyn Fn(f32)>>,
    last_sign_ms: f64,
}

/// What to do with a sentence that says why audio cannot be fed.
type FailureAction = Box<dyn Fn(&str)>;

/// A worker for as long as the page lives: when one dies another takes its place, and `on_birth` connects it.
pub struct Link {
    role: Role,
    worker: RefCell<Option<Worker>>,
    pending: RefCell<HashMap<u32, Pending>>,
    next_id: Cell<u32>,
    ready: RefCell<Vec<Sender<bool>>>,
    persistent: Cell<Option<bool>>,
    on_birth: RefCell<Option<Box<dyn Fn()>>>,
    on_feed_failure: RefCell<Option<FailureAction>>,
    stillborn: Cell<u32>,
    last_look_ms: Cell<f64>,
}

impl Link {
    /// A link without a worker; [`Link::spawn`] gives it one.
    pub fn new(role: Role) -> Rc<Self> {
        Rc::new(Self {
            role,
            worker: RefCell::new(None),
            pending: RefCell::new(HashMap::new()),
            next_id: Cell::new(1),
            ready: RefCell::new(Vec::new()),
            persistent: Cell::new(None),
            on_birth: RefCell::new(None),
            on_feed_failure: RefCell::new(None),
            stillborn: Cell::new(0),
            last_look_ms: Cell::new(0.0),
        })
    }

    /// What to do whenever a new worker stands.
    pub fn on_birth(&self, action: impl Fn() + 'static) {
        *self.on_birth.borrow_mut() = Some(Box::new(action));
    }

    /// What to do when audio cannot be fed.
    pub fn on_feed_failure(&self, action: impl Fn(&str) + 'static) {
        *self.on_feed_failure.borrow_mut() = Some(Box::new(action));
    }

    /// Starts a worker; an old one is ended.
    pub fn spawn(self: &Rc<Self>) -> Result<(), MediaError> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(match self.role {
            Role::Store => "headroom-store",
            Role::Compute => "headroom-compute",
        });
        let worker = Worker::new_with_options(WORKER_URL, &options).map_err(|_| MediaError::new("This browser cannot start a worker."))?;
        let link = Rc::downgrade(self);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(link) = link.upgrade() {
                link.receive(&event.data());
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        let link = Rc::downgrade(self);
        let on_error = Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            if let Some(link) = link.upgrade() {
                link.bury();
            }
        });
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        on_error.forget();
        if let Some(old) = self.worker.replace(Some(worker)) {
            old.terminate();
        }
        self.send(&ToWorker::Start(self.role), &[], &[]);
        if let Some(action) = &*self.on_birth.borrow() {
            action();
        }
        Ok(())
    }

    /// Waits until the worker can work; says whether what it keeps outlives the page.
    pub async fn ready(&self) -> bool {
        if let Some(persistent) = self.persistent.get() {
            return persistent;
        }
        if self.stillborn.get() > MOST_STILLBORN {
            return false;
        }
        let (sender, receiver) = oneshot::channel();
        self.ready.borrow_mut().push(sender);
        receiver.await
    }

    /// Gives the worker a port to another one.
    pub fn connect(&self, port: MessagePort) {
        self.send(&ToWorker::Connect, &[port.clone().into()], &[port.into()]);
    }

    /// Asks; the id is for cancelling, the receiver for the answer.
    pub fn ask(
        &self,
        request: impl FnOnce(u32) -> ToWorker,
        beside: &[JsValue],
        transfer: &[JsValue],
        on_progress: Option<Box<dyn Fn(f32)>>,
    ) -> (u32, Receiver<Reply>) {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1));
        let (reply, receiver) = oneshot::channel();
        if self.stillborn.get() > MOST_STILLBORN {
            reply.send(Err(MediaError::new("The media workers do not start in this browser. Reload the page.")));
            return (id, receiver);
        }
        self.pending.borrow_mut().insert(id, Pending { reply, on_progress, last_sign_ms: js_sys::Date::now() });
        self.send(&request(id), beside, transfer);
        (id, receiver)
    }

    /// Tells the worker that an answer is no longer wanted.
    pub fn cancel(&self, id: u32) {
        self.send(&ToWorker::Cancel(id), &[], &[]);
    }

    /// Ends a worker that has been silent for too long with a request open.
    pub fn check_for_hang(self: &Rc<Self>) {
        let now = js_sys::Date::now();
        if now - self.last_look_ms.replace(now) > SLEEP_MS {
            self.pending.borrow_mut().values_mut().for_each(|pending| pending.last_sign_ms = now);
        }
        if self.pending.borrow().values().any(|pending| now - pending.last_sign_ms > SILENCE_LIMIT_MS) {
            self.bury();
        }
    }

    fn send(&self, message: &ToWorker, beside: &[JsValue], transfer: &[JsValue]) {
        let Ok(bytes) = postcard::to_allocvec(message) else { return };
        let mut packet = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice()));
        packet.extend(beside.iter().cloned());
        let transfer: js_sys::Array = transfer.iter().cloned().collect();
        if let Some(worker) = &*self.worker.borrow()
            && let Err(error) = worker.post_message_with_transfer(&packet, &transfer)
        {
            web_sys::console::warn_1(&error);
        }
    }

    fn receive(&self, data: &JsValue) {
        let packet: &js_sys::Array = data.unchecked_ref();
        let bytes: js_sys::Uint8Array = packet.get(0).unchecked_into();
        match postcard::from_bytes(&bytes.to_vec()) {
            Ok(FromWorker::Ready { persistent }) => {
                self.stillborn.set(0);
                self.persistent.set(Some(persistent));
                for waiting in self.ready.take() {
                    waiting.send(persistent);
                }
            }
            Ok(FromWorker::FeedFailed(sentence)) => {
                if let Some(action) = &*self.on_feed_failure.borrow() {
                    action(&sentence);
                }
            }
            Ok(FromWorker::Progress(id, fraction)) => self.progress(id, fraction),
            Ok(FromWorker::Answer(id, answer)) => {
                let pending = self.pending.borrow_mut().remove(&id);
                if let Some(pending) = pending {
                    pending.reply.send(answer.map(|answer| (answer, packet.get(1))).map_err(MediaError::new));
                }
            }
            Err(_) => web_sys::console::warn_1(&"A worker spoke another version's language.".into()),
        }
    }

    fn progress(&self, id: u32, fraction: f32) {
        // Taken out while it runs, so that the callback may ask for something itself.
        let taken = self.pending.borrow_mut().get_mut(&id).and_then(|pending| {
            pending.last_sign_ms = js_sys::Date::now();
            pending.on_progress.take()
        });
        if let Some(on_progress) = taken {
            on_progress(fraction);
            if let Some(pending) = self.pending.borrow_mut().get_mut(&id) {
                pending.on_progress = Some(on_progress);
            }
        }
    }

    /// The worker is dead: whatever it did is lost, the next one starts.
    fn bury(self: &Rc<Self>) {
        let lost = std::mem::take(&mut *self.pending.borrow_mut());
        self.persistent.set(None);
        self.stillborn.set(self.stillborn.get() + 1);
        if self.stillborn.get() > MOST_STILLBORN {
            self.ready.take().into_iter().for_each(|waiting| waiting.send(false));
        } else if let Err(error) = self.spawn() {
            web_sys::console::warn_1(&error.to_string().into());
        }
        for pending in lost.into_values() {
            pending.reply.send(Err(MediaError::worker_died()));
        }
    }
}
