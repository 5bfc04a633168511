//! A compute worker: decodes, resamples and draws, one request at a time.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use session::model::SourceId;
use session::worker::{Answer, ComputeRequest, FromWorker, ToWorker};
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, MessagePort};

use super::check::{Reply, checked, rendered};
use super::helper::{Helper, help};
use super::letters::Letters;
use super::lock::Lock;
use super::port::Port;
use super::round_trip::supported;
use super::scope::{Packet, answer, now_ms, tell, turn};
use super::slices::FileSlices;
use crate::analysis::analyse;
use crate::assistant::assist;
use crate::decode::{ByteSource, Decoder, ImportError, Refusal};
use crate::import::{ImportFailure, ensure_rate, import, import_planes};
use crate::matching::match_song;
use crate::store::StoreError;
use crate::survey::survey;
use crate::{archive, demo};

/// Time between two reports of progress.
const REPORT_MS: f64 = 80.0;

/// See the module's text.
pub struct ComputeWorker {
    port: Port,
    one_at_a_time: Lock<()>,
    cancelled: RefCell<HashSet<u32>>,
    /// The request in which another worker is helped, and what that one says.
    helping: RefCell<Option<(u32, Letters)>>,
}

impl ComputeWorker {
    /// Ready at once.
    pub fn start() -> Rc<Self> {
        tell(&FromWorker::Ready { persistent: false }, &[]);
        Rc::new(Self { port: Port::new(), one_at_a_time: Lock::new(()), cancelled: RefCell::default(), helping: RefCell::default() })
    }

    /// Takes a message of the page.
    pub fn receive(this: &Rc<Self>, message: ToWorker, packet: Packet) {
        match message {
            ToWorker::Connect => {
                if let Some(port) = packet.beside::<MessagePort>(0) {
                    this.port.connect(port);
                }
            }
            ToWorker::Cancel(id) => this.cancel(id),
            ToWorker::Compute(id, request) => {
                let this = this.clone();
                spawn_local(async move {
                    let _turn = this.one_at_a_time.lock().await;
                    let result = this.handle(id, request, &packet).await;
                    this.cancelled.borrow_mut().remove(&id);
                    match result {
                        Ok((said, beside)) => answer(id, Ok(said), &beside),
                        Err(sentence) => answer(id, Err(sentence), &[]),
                    }
                });
            }
            ToWorker::Start(_) | ToWorker::Store(..) => {}
        }
    }

    fn cancel(&self, id: u32) {
        self.cancelled.borrow_mut().insert(id);
        if let Some((_, letters)) = self.helping.borrow().as_ref().filter(|(helped, _)| *helped == id) {
            letters.close();
        }
    }

    async fn handle(&self, id: u32, request: ComputeRequest, packet: &Packet) -> Reply {
        // The first sign of life, before anything that may take a while.
        tell(&FromWorker::Progress(id, 0.0), &[]);
        turn().await;
        let answer = match request {
            ComputeRequest::Import { target_rate_hz } => self.import(id, target_rate_hz, packet).await,
            ComputeRequest::Help => self.help(id, packet).await,
            ComputeRequest::ImportDecoded { rate_hz, target_rate_hz } => {
                let (name, planes) = (file(packet)?.name(), planes(packet));
                let progress = self.progress(id);
                let result = import_planes(planes, &name, rate_hz, target_rate_hz, &mut self.port.clone(), progress).await;
                result.map(Answer::Imported).map_err(|failure| failure.to_string())
            }
            ComputeRequest::EnsureRate { hash, rate_hz } => {
                let result = ensure_rate(&hash, rate_hz, &mut self.port.clone(), self.progress(id)).await;
                result.map(|()| Answer::Done).map_err(|error| error.to_string())
            }
            ComputeRequest::Analyse { hash } => {
                let result = analyse(&hash, &mut self.port.clone(), self.progress(id)).await;
                result.map(|analysis| Answer::Analysis(Box::new(analysis))).map_err(|error| error.to_string())
            }
            ComputeRequest::Survey { json, song, range } => {
                let opened = session::file::from_json(&json).map_err(|error| error.to_string())?;
                let result = survey(&opened.session, song, range, &mut self.port.clone(), self.progress(id)).await;
                result.map(|survey| Answer::Survey(Box::new(survey))).map_err(|error| error.to_string())
            }
            ComputeRequest::Assist { json, order } => {
                let opened = session::file::from_json(&json).map_err(|error| error.to_string())?;
                let result = assist(&opened.session, &order, &mut self.port.clone(), self.progress(id)).await;
                result.map(|ledger| Answer::Ledger(Box::new(ledger))).map_err(|error| error.to_string())
            }
            ComputeRequest::Match { json, order } => {
                let opened = session::file::from_json(&json).map_err(|error| error.to_string())?;
                let result = match_song(&opened.session, &order, &mut self.port.clone(), self.progress(id)).await;
                result.map(|matched| Answer::Matched(Box::new(matched))).map_err(|error| error.to_string())
            }
            ComputeRequest::Codecs => Ok(Answer::Codecs(supported().await)),
            ComputeRequest::Render { json, song, range } => {
                let opened = session::file::from_json(&json).map_err(|error| error.to_string())?;
                return rendered(&opened.session, song, range, &mut self.port.clone(), self.progress(id)).await;
            }
            ComputeRequest::Check { json, song, codec } => {
                let opened = session::file::from_json(&json).map_err(|error| error.to_string())?;
                return checked(&opened.session, song, &codec, &mut self.port.clone(), self.progress(id)).await;
            }
            ComputeRequest::OpenArchive => {
                let (file, source) = (file(packet)?, source(packet)?);
                let result = archive::open(source, &file.name(), &mut self.port.clone(), self.progress(id)).await;
                result.map(|session| Answer::Session(session::file::to_json(&session))).map_err(|error| error.to_string())
            }
            ComputeRequest::DemoStems { part, parts } => self.demo_stems(id, part as usize, parts.max(1) as usize).await,
            ComputeRequest::DemoSession { id, stems } => {
                let sources = stems.into_iter().map(|stem| stem.into_source(SourceId(0))).collect();
                Ok(Answer::Session(session::file::to_json(&demo::session(id, sources))))
            }
        };
        answer.map(|answer| (answer, Vec::new()))
    }

    async fn import(&self, id: u32, target_hz: Option<u32>, packet: &Packet) -> Result<Answer, String> {
        let name = file(packet)?.name();
        let mut shelf = self.port.clone().with_helper(packet.beside::<MessagePort>(1).map(Helper::new));
        let result = match Decoder::open(source(packet)?, &name) {
            Ok(decoder) => import(decoder, &name, target_hz, &mut shelf, self.progress(id)).await,
            Err(error) => Err(error.into()),
        };
        match result {
            Ok(imported) => Ok(Answer::Imported(imported)),
            Err(ImportFailure::File(ImportError { refusal: Refusal::NeedsBrowser(rate_hz), .. })) => Ok(Answer::NeedsBrowser { rate_hz }),
            Err(failure) => Err(failure.to_string()),
        }
    }

    async fn help(&self, id: u32, packet: &Packet) -> Result<Answer, String> {
        if let Some(port) = packet.beside::<MessagePort>(0) {
            let letters = Letters::new(port);
            *self.helping.borrow_mut() = Some((id, letters.clone()));
            let mut progress = self.progress(id);
            help(&letters, self.port.clone(), || {
                progress(0.0);
            })
            .await;
            self.helping.take();
        }
        Ok(Answer::Done)
    }

    async fn demo_stems(&self, id: u32, part: usize, parts: usize) -> Result<Answer, String> {
        let mut made = Vec::new();
        let mine: Vec<_> = demo::STEMS.iter().skip(part).step_by(parts).collect();
        for (index, stem) in mine.iter().enumerate() {
            let planes = (stem.render)();
            let name = format!("{}.wav", stem.name);
            let mut report = self.progress(id);
            let progress = |fraction: f32| report((index as f32 + fraction) / mine.len() as f32);
            let rate_hz = demo::score::RATE_HZ;
            let result = import_planes(planes, &name, rate_hz, None, &mut self.port.clone(), progress).await;
            made.push(result.map_err(|failure| failure.to_string())?);
        }
        Ok(Answer::Stems(made))
    }

    /// Tells how far a request is, now and then; whether to go on.
    fn progress(&self, id: u32) -> impl FnMut(f32) -> bool {
        let mut last_ms = 0.0;
        move |fraction| {
            if now_ms() - last_ms > REPORT_MS {
                last_ms = now_ms();
                tell(&FromWorker::Progress(id, fraction), &[]);
            }
            !self.cancelled.borrow().contains(&id)
        }
    }
}

fn file(packet: &Packet) -> Result<File, String> {
    packet.beside(0).ok_or_else(|| StoreError::Failed("no file came".into()).to_string())
}

fn source(packet: &Packet) -> Result<Box<dyn ByteSource>, String> {
    let file = file(packet)?;
    let name = file.name();
    let slices = FileSlices::new(file.into()).map_err(|_| ImportError::new(&name, Refusal::Unreadable).to_string())?;
    Ok(Box::new(slices))
}

fn planes(packet: &Packet) -> Vec<Vec<f32>> {
    let planes = (1..packet.beside_len()).filter_map(|at| packet.beside::<js_sys::Float32Array>(at));
    planes.map(|plane| plane.to_vec()).collect()
}
