//! The compute workers: as many jobs at once as there are workers, the others wait in order.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use session::worker::{ComputeRequest, ToWorker};
use wasm_bindgen::JsValue;

use super::MediaError;
use super::job::Canceller;
use super::link::{Link, Reply};
use super::oneshot::{self, Sender};

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
        let (id, answer) = link.ask(|id| ToWorker::Compute(id, request), beside, transfer, Some(Box::new(on_progress)));
        canceller.on_cancel(move || link.cancel(id));
        let answer = answer.await;
        if canceller.is_cancelled() { Err(MediaError::cancelled()) } else { answer }
    }

    async fn seat(&self) -> Seat<'_> {
        loop {
            if let Some(index) = self.workers.iter().position(|(_, taken)| !taken.get()) {
                self.workers[index].1.set(true);
                return Seat { pool: self, index };
            }
            let (sender, receiver) = oneshot::channel();
            self.waiting.borrow_mut().push_back(sender);
            receiver.await;
        }
    }
}
