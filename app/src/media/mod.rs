//! The page's side of the media workers: files in, sessions, peaks, the feeder, files out.
//!
//! Nothing here touches audio; every call is a message to a worker and a future of its answer. A worker that dies is replaced, and what
//! it was doing ends with a sentence.

mod browser;
mod error;
mod feeding;
mod job;
mod link;
mod measuring;
mod oneshot;
mod pool;
mod sessions;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use session::analysis::Analysis;
use session::model::Session;
use session::worker::{Answer, ComputeRequest, Imported, PeaksData, Role, StoreRequest, ToWorker};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, MessageChannel};

pub use error::MediaError;
use feeding::Feed;
pub use job::{Canceller, Job};
use link::{Link, Reply};
pub use measuring::Planes;
use pool::Pool;
use sessions::from_json;

/// Files that are decoded at once.
const COMPUTE_WORKERS: usize = 2;

/// Time between two looks at whether a worker hangs.
const WATCH_PERIOD_MS: i32 = 2_000;

/// Where audio is kept and how much room there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StorageStatus {
    /// False when audio is kept in memory and is gone with the page.
    pub persistent: bool,
    /// Bytes in use.
    pub usage_bytes: f64,
    /// Bytes that the browser allows.
    pub quota_bytes: f64,
}

struct Inner {
    store: Rc<Link>,
    pool: Pool,
    peaks: RefCell<HashMap<String, Rc<PeaksData>>>,
    feed: RefCell<Feed>,
    on_feed_lost: RefCell<Option<Box<dyn Fn()>>>,
}

/// The media workers. Clones are the same workers.
#[derive(Clone)]
pub struct MediaClient(Rc<Inner>);

impl MediaClient {
    /// Starts the workers and waits until the store can work.
    pub async fn start() -> Result<Self, MediaError> {
        let store = Link::new(Role::Store);
        let compute: Vec<_> = (0..COMPUTE_WORKERS).map(|_| Link::new(Role::Compute)).collect();
        for link in &compute {
            let (store, link_of_birth) = (store.clone(), Rc::downgrade(link));
            link.on_birth(move || {
                if let Some(link) = link_of_birth.upgrade() {
                    join(&store, &link);
                }
            });
        }
        store.spawn()?;
        for link in &compute {
            link.spawn()?;
        }
        let client = Self(Rc::new(Inner {
            store: store.clone(),
            pool: Pool::new(compute.clone()),
            peaks: RefCell::default(),
            feed: RefCell::default(),
            on_feed_lost: RefCell::default(),
        }));
        let inner = Rc::downgrade(&client.0);
        store.on_birth(move || {
            if let Some(inner) = inner.upgrade() {
                compute.iter().for_each(|link| join(&inner.store, link));
                MediaClient(inner).feed_again();
            }
        });
        client.watch();
        store.ready().await;
        Ok(client)
    }

    /// Takes a file into the store; with a target rate, its twin for that rate too.
    pub fn import(&self, file: File, target_rate_hz: Option<u32>, on_progress: impl Fn(f32) + 'static) -> Job<Imported> {
        let (inner, canceller) = (self.0.clone(), Canceller::default());
        let on_progress = Rc::new(on_progress);
        Job::new(canceller.clone(), async move {
            let progress = on_progress.clone();
            let import = ComputeRequest::Import { target_rate_hz };
            let beside = [JsValue::from(file.clone())];
            let mut reply = inner.pool.run(import, &beside, &[], move |part| progress(part), &canceller).await;
            if let Ok((Answer::NeedsBrowser { rate_hz }, _)) = reply {
                let planes = browser::decode(&file, rate_hz).await?;
                let buffers: Vec<JsValue> =
                    planes.iter().map(|plane| plane.unchecked_ref::<js_sys::Float32Array>().buffer().into()).collect();
                let beside: Vec<JsValue> = beside.into_iter().chain(planes).collect();
                let request = ComputeRequest::ImportDecoded { rate_hz, target_rate_hz };
                reply = inner.pool.run(request, &beside, &buffers, move |part| on_progress(part), &canceller).await;
            }
            match name_the_file(reply, &file.name())? {
                (Answer::Imported(imported), _) => Ok(imported),
                _ => Err(unexpected()),
            }
        })
    }

    /// Makes sure that a source can be played at a rate.
    pub fn ensure_rate(&self, hash: &str, rate_hz: u32, on_progress: impl Fn(f32) + 'static) -> Job<()> {
        let request = ComputeRequest::EnsureRate { hash: hash.to_string(), rate_hz };
        let (client, job) = (self.clone(), self.compute(request, Vec::new(), on_progress, |_| Some(())));
        Job::new(job.canceller(), async move {
            job.await?;
            // The feeder may have looked for the twin before it was there.
            let plan = client.0.feed.borrow().plan.clone();
            if let Some(plan) = plan {
                client.tell(StoreRequest::SetPlan(plan), &[]);
            }
            Ok(())
        })
    }

    /// A source's waveform.
    pub async fn peaks(&self, hash: &str) -> Result<Rc<PeaksData>, MediaError> {
        let known = self.0.peaks.borrow().get(hash).cloned();
        if let Some(peaks) = known {
            return Ok(peaks);
        }
        match self.store(StoreRequest::Peaks { hash: hash.to_string() }).await? {
            (Answer::Peaks(peaks), _) => {
                let peaks = Rc::new(peaks);
                self.0.peaks.borrow_mut().insert(hash.to_string(), peaks.clone());
                Ok(peaks)
            }
            _ => Err(unexpected()),
        }
    }

    /// A stretch of a source's waveform, frame by frame.
    pub async fn close_up(&self, hash: &str, from: u64, frames: u32) -> Result<Rc<PeaksData>, MediaError> {
        match self.store(StoreRequest::CloseUp { hash: hash.to_string(), from, frames }).await? {
            (Answer::Peaks(peaks), _) => Ok(Rc::new(peaks)),
            _ => Err(unexpected()),
        }
    }

    /// What a source measures as a whole: kept in the store after the first time.
    pub fn analyse(&self, hash: &str, on_progress: impl Fn(f32) + 'static) -> Job<Analysis> {
        let request = ComputeRequest::Analyse { hash: hash.to_string() };
        self.compute(
            request,
            Vec::new(),
            on_progress,
            |answer| if let Answer::Analysis(analysis) = answer { Some(*analysis) } else { None },
        )
    }

    /// A source's two sides at a rate, whole.
    pub async fn planes(&self, hash: &str, rate_hz: u32) -> Result<[js_sys::Float32Array; 2], MediaError> {
        self.ensure_rate(hash, rate_hz, |_| {}).await?;
        match self.store(StoreRequest::Planes { hash: hash.to_string(), rate_hz }).await? {
            (Answer::Planes, planes) => {
                let planes: js_sys::Array = planes.dyn_into().map_err(|_| unexpected())?;
                Ok([0, 1].map(|side| planes.get(side).unchecked_into()))
            }
            _ => Err(unexpected()),
        }
    }

    /// The demo song, made anew; the session is not yet in the list.
    pub fn demo(&self, on_progress: impl Fn(f32) + 'static) -> Job<Session> {
        let (client, canceller) = (self.clone(), Canceller::default());
        let parts = self.0.pool.len() as u32;
        let on_progress = Rc::new(on_progress);
        Job::new(canceller, async move {
            let jobs: Vec<_> = (0..parts)
                .map(|part| {
                    let progress = on_progress.clone();
                    let stems = |answer| if let Answer::Stems(stems) = answer { Some(stems) } else { None };
                    // One worker's share stands for all: they are about equal.
                    let told = move |fraction| {
                        if part == 0 {
                            progress(fraction)
                        }
                    };
                    let job = client.compute(ComputeRequest::DemoStems { part, parts }, Vec::new(), told, stems);
                    start(job)
                })
                .collect();
            let mut shares = Vec::new();
            for job in jobs {
                shares.push(job.await?.into_iter());
            }
            // Stem n was made by worker n modulo their number.
            let mut stems = Vec::new();
            while let Some(stem) = shares.get_mut(stems.len() % parts as usize).and_then(Iterator::next) {
                stems.push(stem);
            }
            let request = ComputeRequest::DemoSession { id: new_session_id(), stems };
            client.compute(request, Vec::new(), |_| {}, |answer| from_json(answer).ok()).await
        })
    }

    /// Where audio is kept and how much room there is.
    pub async fn storage_status(&self) -> StorageStatus {
        let persistent = self.0.store.ready().await;
        let mut status = StorageStatus { persistent, usage_bytes: 0.0, quota_bytes: 0.0 };
        let storage = web_sys::window().map(|window| window.navigator().storage());
        if let Some(Ok(asked)) = storage.map(|storage| storage.estimate())
            && let Ok(estimate) = JsFuture::from(asked).await
        {
            let estimate: web_sys::StorageEstimate = estimate.unchecked_into();
            status.usage_bytes = estimate.get_usage().unwrap_or(0.0);
            status.quota_bytes = estimate.get_quota().unwrap_or(0.0);
        }
        status
    }

    async fn store(&self, request: StoreRequest) -> Reply {
        self.0.store.ready().await;
        self.0.store.ask(|id| ToWorker::Store(id, request), &[], &[], None).1.await
    }

    async fn store_job(
        &self,
        request: StoreRequest,
        beside: Vec<JsValue>,
        on_progress: impl Fn(f32) + 'static,
        canceller: &Canceller,
    ) -> Reply {
        let store = self.0.store.clone();
        store.ready().await;
        let (id, answer) = store.ask(|id| ToWorker::Store(id, request), &beside, &[], Some(Box::new(on_progress)));
        canceller.on_cancel(move || store.cancel(id));
        let answer = answer.await;
        if canceller.is_cancelled() { Err(MediaError::cancelled()) } else { answer }
    }

    /// A request whose answer says nothing; the worker handles them in order.
    fn tell(&self, request: StoreRequest, beside: &[JsValue]) {
        drop(self.0.store.ask(|id| ToWorker::Store(id, request), beside, &[], None));
    }

    fn compute<T: 'static>(
        &self,
        request: ComputeRequest,
        beside: Vec<JsValue>,
        on_progress: impl Fn(f32) + 'static,
        take: impl Fn(Answer) -> Option<T> + 'static,
    ) -> Job<T> {
        let (inner, canceller) = (self.0.clone(), Canceller::default());
        Job::new(canceller.clone(), async move {
            let (answer, _) = inner.pool.run(request, &beside, &[], on_progress, &canceller).await?;
            take(answer).ok_or_else(unexpected)
        })
    }

    fn watch(&self) {
        let inner = Rc::downgrade(&self.0);
        let look = Closure::<dyn Fn()>::new(move || {
            if let Some(inner) = inner.upgrade() {
                inner.pool.check_for_hangs();
            }
        });
        if let Some(window) = web_sys::window() {
            drop(window.set_interval_with_callback_and_timeout_and_arguments_0(look.as_ref().unchecked_ref(), WATCH_PERIOD_MS));
        }
        look.forget();
    }
}

/// A new session's id: 32 random hexadecimal digits.
pub fn new_session_id() -> String {
    (0..8).map(|_| format!("{:04x}", (js_sys::Math::random() * 65_536.0) as u32)).collect()
}

fn join(store: &Link, compute: &Link) {
    if let Ok(channel) = MessageChannel::new() {
        store.connect(channel.port1());
        compute.connect(channel.port2());
    }
}

/// Lets a job run while others are waited for.
fn start<T: 'static>(job: Job<T>) -> oneshot::Receiver<Result<T, MediaError>> {
    let (sender, receiver) = oneshot::channel();
    wasm_bindgen_futures::spawn_local(async move { sender.send(job.await) });
    receiver
}

fn name_the_file(reply: Reply, file_name: &str) -> Reply {
    reply.map_err(|error| {
        if error.died {
            MediaError::new(format!("“{file_name}” stopped the worker that read it, and was left out. Convert it to WAV or FLAC."))
        } else {
            error
        }
    })
}

fn unexpected() -> MediaError {
    MediaError::new("A worker gave an answer of another version. Reload the page.")
}
