//! The worker's scope: messages out, pauses.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use serde::Serialize;
use serde::de::DeserializeOwned;
use session::worker::{Answer, FromWorker};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessagePort};

/// Whom a packet came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The page.
    Page,
    /// Another worker.
    Worker,
}

/// A message and what came beside it.
pub struct Packet {
    parts: js_sys::Array,
    source: Source,
}

impl Packet {
    /// From an event's data.
    pub fn new(data: JsValue, source: Source) -> Self {
        Self { parts: data.dyn_into().unwrap_or_default(), source }
    }

    /// The message; what is not one is said in the console and dropped.
    pub fn message<T: DeserializeOwned>(&self) -> Option<T> {
        let bytes: js_sys::Uint8Array = self.parts.get(0).dyn_into().ok()?;
        let message = postcard::from_bytes(&bytes.to_vec());
        if message.is_err() {
            web_sys::console::warn_1(&format!("A message of the {:?} is of another version.", self.source).into());
        }
        message.ok()
    }

    /// What came beside it, in order from 0.
    pub fn beside<T: JsCast>(&self, index: u32) -> Option<T> {
        self.parts.get(index + 1).dyn_into().ok()
    }

    /// How much came beside it.
    pub fn beside_len(&self) -> u32 {
        self.parts.length().saturating_sub(1)
    }
}

/// A message as it is posted.
pub fn pack(message: &impl Serialize, beside: &[JsValue]) -> js_sys::Array {
    let bytes = postcard::to_allocvec(message).unwrap_or_default();
    let packet = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes.as_slice()));
    for value in beside {
        packet.push(value);
    }
    packet
}

/// The scope.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Tells the page.
pub fn tell(message: &FromWorker, beside: &[JsValue]) {
    drop(scope().post_message(&pack(message, beside)));
}

/// Answers a request of the page.
pub fn answer(id: u32, answer: Result<Answer, String>, beside: &[JsValue]) {
    tell(&FromWorker::Answer(id, answer), beside);
}

/// Waits.
pub async fn sleep(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        drop(scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms));
    });
    drop(JsFuture::from(promise).await);
}

struct Turns {
    port: MessagePort,
    waiting: VecDeque<Waker>,
}

thread_local! {
    static TURNS: RefCell<Option<Turns>> = const { RefCell::new(None) };
}

/// Lets messages and timers have their turn; unlike a timer it waits for nothing else.
pub fn turn() -> impl Future<Output = ()> {
    struct Turn(bool);
    impl Future for Turn {
        type Output = ();
        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            if self.0 {
                return Poll::Ready(());
            }
            self.0 = true;
            TURNS.with_borrow_mut(|turns| {
                let turns = turns.get_or_insert_with(turns_of_scope);
                turns.waiting.push_back(context.waker().clone());
                drop(turns.port.post_message(&JsValue::NULL));
            });
            Poll::Pending
        }
    }
    Turn(false)
}

fn turns_of_scope() -> Turns {
    let channel = MessageChannel::new().unwrap_throw();
    let on_message = Closure::<dyn Fn()>::new(|| {
        let next = TURNS.with_borrow_mut(|turns| turns.as_mut().and_then(|turns| turns.waiting.pop_front()));
        if let Some(waker) = next {
            waker.wake();
        }
    });
    channel.port1().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    Turns { port: channel.port2(), waiting: VecDeque::new() }
}

/// Milliseconds of the worker's clock.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}
