//! The workers themselves: thin shims between browser objects and the rest of this crate.
//!
//! `media-worker.js` loads the module and hands every message to [`receive`]. The first one says which of the two kinds of worker this is.

mod check;
mod compute;
mod feed;
mod helper;
mod letters;
mod lock;
mod opfs;
mod planes;
mod port;
mod round_trip;
mod scope;
mod slices;
mod store;
mod webcodecs;
mod words;

use std::cell::RefCell;
use std::rc::Rc;

use session::worker::{Role, ToWorker};
use wasm_bindgen::prelude::*;

use compute::ComputeWorker;
use scope::{Packet, Source};
use store::StoreWorker;

enum Worker {
    Store(Rc<StoreWorker>),
    Compute(Rc<ComputeWorker>),
}

thread_local! {
    static WORKER: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

/// Runs when the module is loaded.
#[wasm_bindgen(start)]
pub fn main() {
    console_error_panic_hook::set_once();
}

/// Takes a message of the page.
#[wasm_bindgen]
pub fn receive(data: JsValue) {
    let packet = Packet::new(data, Source::Page);
    let Some(message) = packet.message::<ToWorker>() else { return };
    WORKER.with_borrow_mut(|worker| match (message, &worker) {
        (ToWorker::Start(Role::Store), None) => *worker = Some(Worker::Store(StoreWorker::start())),
        (ToWorker::Start(Role::Compute), None) => *worker = Some(Worker::Compute(ComputeWorker::start())),
        (message, Some(Worker::Store(store))) => StoreWorker::receive(store, message, packet),
        (message, Some(Worker::Compute(compute))) => ComputeWorker::receive(compute, message, packet),
        (_, None) => {}
    });
}
