//! A port to another worker as a queue: what came is taken in its order, and a task can wait for the next.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, MessagePort};

use super::scope::{Packet, Source, pack};

#[derive(Default)]
struct Queue {
    packets: RefCell<VecDeque<Packet>>,
    waker: RefCell<Option<Waker>>,
    is_closed: Cell<bool>,
}

impl Queue {
    fn wake(&self) {
        let waker = self.waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// One end of a channel. Clones are the same end.
#[derive(Clone)]
pub struct Letters {
    port: MessagePort,
    queue: Rc<Queue>,
}

impl Letters {
    /// From now on, through this port.
    pub fn new(port: MessagePort) -> Self {
        let queue = Rc::new(Queue::default());
        let theirs = queue.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            theirs.packets.borrow_mut().push_back(Packet::new(event.data(), Source::Worker));
            theirs.wake();
        });
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        Self { port, queue }
    }

    /// Sends a message; a buffer beside it is handed over and not copied.
    pub fn send(&self, message: &impl Serialize, beside: Option<js_sys::Float32Array>) {
        let transfer: js_sys::Array = beside.iter().map(js_sys::Float32Array::buffer).collect();
        let beside: Vec<JsValue> = beside.into_iter().map(Into::into).collect();
        drop(self.port.post_message_with_transferable(&pack(message, &beside), &transfer));
    }

    /// The next message, `None` once this end was closed.
    pub async fn next(&self) -> Option<Packet> {
        poll_fn(|context| {
            if self.queue.is_closed.get() {
                return Poll::Ready(None);
            }
            if let Some(packet) = self.queue.packets.borrow_mut().pop_front() {
                return Poll::Ready(Some(packet));
            }
            *self.queue.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    /// Whoever waits at this end waits no more.
    pub fn close(&self) {
        self.port.set_onmessage(None);
        self.port.close();
        self.queue.is_closed.set(true);
        self.queue.wake();
    }
}
