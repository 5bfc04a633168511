//! The compute workers: as many jobs at once as there are workers, the others wait in order.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use session::worker::{ComputeRequest, ToWorker};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessagePort};

use super::MediaError;
use super::job::Canceller;
use super::link::{Link, Reply};
use super::oneshot::{self, Receiver, Sender};

/// The compute workers.
pub struct Pool {
    workers: Vec<(Rc<Link>, Cell<bool>)>,
    waiting: RefCell<VecDeque<Sender<()>>>,
}

/// A worker taken for one job; given back when dropped.
struct Seat<'a> {
    pool: &'a Pool,
    index: usize,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.pool.workers[self.index].1.set(false);
        let next = self.pool.waiting.borrow_mut().pop_front();
        if let Some(next) = next {
            next.send(());
        }
    }
}

/// A worker that helps another one.
struct Helper<'a> {
    _seat: Seat<'a>,
    link: Rc<Link>,
    id: u32,
    answer: Receiver<Reply>,
}

impl Helper<'_> {
    /// Waits until it is free again. The other one lets it go, unless that one died.
    async fn end(self, was_let_go: bool) {
        if !was_let_go {
            self.link.cancel(self.id);
        }
        drop(self.answer.await);
    }
}

impl Pool {
    /// A pool of these workers.
    pub fn new(workers: Vec<Rc<Link>>) -> Self {
        Self { workers: workers.into_iter().map(|link| (link, Cell::new(false))).collect(), waiting: RefCell::default() }
    }

    /// How many jobs run at once.
    pub fn len(&self) -> usize {
        self.workers.len()
    }

    /// Ends whichever worker hangs.
    pub fn check_for_hangs(&self) {
        for (link, _) in &self.workers {
            link.check_for_hang();
        }
    }

    /// Runs a job on the next free worker.
    pub async fn run(
        &self,
        request: ComputeRequest,
        beside: &[JsValue],
        transfer: &[JsValue],
        on_progress: impl Fn(f32) + 'static,
        canceller: &Canceller,
    ) -> Reply {
        let seat = self.seat().await;
        if canceller.is_cancelled() {
            return Err(MediaError::cancelled());
        }
        let link = self.workers[seat.index].0.clone();
        link.ready().await;
        let helper = if matches!(request, ComputeRequest::Import { target_rate_hz: Some(_) }) { self.helper().await } else { None };
        let port = helper.as_ref().map(|(_, port)| JsValue::from(port.clone()));
        let beside: Vec<JsValue> = beside.iter().cloned().chain(port.clone()).collect();
        let transfer: Vec<JsValue> = transfer.iter().cloned().chain(port).collect();
        let (id, answer) = link.ask(|id| ToWorker::Compute(id, request), &beside, &transfer, Some(Box::new(on_progress)));
        canceller.on_cancel(move || link.cancel(id));
        let answer = answer.await;
        if let Some((helper, _)) = helper {
            helper.end(answer.is_ok()).await;
        }
        if canceller.is_cancelled() { Err(MediaError::cancelled()) } else { answer }
    }

    /// A worker that helps another one, if one is free that nobody asks for in the same breath, and the other one's port to it.
    async fn helper(&self) -> Option<(Helper<'_>, MessagePort)> {
        // A drop of several files asks for all of them at once: then each has a worker of its own.
        drop(JsFuture::from(js_sys::Promise::resolve(&JsValue::NULL)).await);
        let seat = self.free_seat()?;
        let channel = MessageChannel::new().ok()?;
        let link = self.workers[seat.index].0.clone();
        let port = JsValue::from(channel.port1());
        let help = |id| ToWorker::Compute(id, ComputeRequest::Help);
        let (id, answer) = link.ask(help, std::slice::from_ref(&port), std::slice::from_ref(&port), None);
        Some((Helper { _seat: seat, link, id, answer }, channel.port2()))
    }

    fn free_seat(&self) -> Option<Seat<'_>> {
        let index = self.workers.iter().position(|(_, taken)| !taken.get())?;
        self.workers[index].1.set(true);
        Some(Seat { pool: self, index })
    }

    async fn seat(&self) -> Seat<'_> {
        loop {
            if let Some(seat) = self.free_seat() {
                return seat;
            }
            let (sender, receiver) = oneshot::channel();
            self.waiting.borrow_mut().push_back(sender);
            receiver.await;
        }
    }
}
