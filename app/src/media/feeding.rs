//! The feeder and the delivery: the rings that they share with the audio, and what is told again to a store that was started anew.

use session::feed::FeedPlan;
use session::worker::{Answer, Delivered, Delivery, StoreRequest};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::{Canceller, Job, MediaClient, unexpected};

/// What the store must be told again after a restart.
#[derive(Default)]
pub(super) struct Feed {
    ring: Option<(js_sys::SharedArrayBuffer, u32)>,
    pub(super) plan: Option<Vec<u8>>,
}

impl MediaClient {
    /// From now on the feeder fills this ring, so many times slower than it could.
    pub fn attach_feed(&self, ring: &js_sys::SharedArrayBuffer, slowness: u32) {
        self.0.feed.borrow_mut().ring = Some((ring.clone(), slowness));
        self.tell(StoreRequest::AttachFeed { slowness }, &[ring.into()]);
    }

    /// What is to be fed.
    pub fn set_plan(&self, plan: &FeedPlan) {
        if let Ok(plan) = postcard::to_allocvec(plan) {
            self.0.feed.borrow_mut().plan = Some(plan.clone());
            self.tell(StoreRequest::SetPlan(plan), &[]);
        }
    }

    /// What to do with a sentence that says why audio cannot be fed.
    pub fn on_feed_failure(&self, action: impl Fn(&str) + 'static) {
        self.0.store.on_feed_failure(action);
    }

    /// What to do when the feeder had to be started anew: it has its ring and its plan again, and rests.
    pub fn on_feed_lost(&self, action: impl Fn() + 'static) {
        *self.0.on_feed_lost.borrow_mut() = Some(Box::new(action));
    }

    /// Feeds from this frame as this generation; `end` is where a render ends.
    pub fn feed_start(&self, generation: u32, frame: u64, end: Option<u64>) {
        self.tell(StoreRequest::FeedStart { generation, frame, end }, &[]);
    }

    /// Feeds no more.
    pub fn feed_stop(&self) {
        self.tell(StoreRequest::FeedStop, &[]);
    }

    /// Measures what comes through an output ring and writes it into a file if asked; done when the ring says that it is finished.
    pub fn start_delivery(
        &self,
        ring: &js_sys::SharedArrayBuffer,
        delivery: Delivery,
        on_progress: impl Fn(f32) + 'static,
    ) -> Job<(Delivered, Option<File>)> {
        let (client, ring) = (self.clone(), JsValue::from(ring));
        let canceller = Canceller::default();
        Job::new(canceller.clone(), async move {
            match client.store_job(StoreRequest::Deliver(delivery), vec![ring], on_progress, &canceller).await? {
                (Answer::Delivered(delivered), beside) => Ok((*delivered, beside.dyn_into().ok())),
                _ => Err(unexpected()),
            }
        })
    }

    pub(super) fn feed_again(&self) {
        let (ring, plan) = {
            let feed = self.0.feed.borrow();
            (feed.ring.clone(), feed.plan.clone())
        };
        if let Some((ring, slowness)) = ring {
            self.tell(StoreRequest::AttachFeed { slowness }, &[ring.into()]);
        }
        if let Some(plan) = plan {
            self.tell(StoreRequest::SetPlan(plan), &[]);
        }
        if let Some(action) = &*self.0.on_feed_lost.borrow() {
            action();
        }
    }
}
