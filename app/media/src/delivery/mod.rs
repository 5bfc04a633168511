//! The way out: frames from an export's output ring are measured and go, at the file's rate and under its ceiling, into a WAV file,
//! which is read back and measured too.

mod convert;
mod quantise;
mod read_back;
mod wav;

use std::rc::Rc;

use dsp::protocol::SharedWords;
use dsp::protocol::output::{CHANNELS, OutputRing, State};
use session::worker::{Delivered, Delivery};

pub use convert::Converter;
pub use quantise::Quantiser;
use read_back::ReadBack;
pub use wav::{WavWriter, header};

use crate::analysis::Analyser;
use crate::store::{StoreError, StoreFile};

/// Frames that are taken out of the ring at a time.
const STEP_FRAMES: usize = 8192;

/// How far a delivery is.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// So many frames have come; there may be more.
    Going(u64),
    /// The file is whole.
    Done(Box<Delivered>),
}

/// What becomes of the frames.
struct Out {
    converter: Converter,
    writer: WavWriter,
    converted: Vec<f32>,
    file: Rc<dyn StoreFile>,
}

/// A delivery on its way.
pub struct DeliveryRun<W> {
    ring: OutputRing<W>,
    delivery: Delivery,
    taken: u64,
    /// Gone once everything is measured.
    rendered: Option<Analyser>,
    out: Option<Out>,
    delivered: Option<Delivered>,
    read_back: Option<ReadBack>,
    bits: Vec<u32>,
    frames: Vec<f32>,
}

impl<W: SharedWords> DeliveryRun<W> {
    /// From a ring into an empty file.
    ///
    /// # Errors
    /// When the ring is another version's, and whatever the file says.
    pub fn new(words: W, delivery: &Delivery, file: Rc<dyn StoreFile>) -> Result<Self, StoreError> {
        let ring = OutputRing::new(words);
        if !ring.is_formatted() {
            return Err(StoreError::Failed("the export's ring has another layout than this version uses".into()));
        }
        let out = delivery.file_rate_hz.map(|rate_hz| Out::new(delivery, rate_hz, file)).transpose()?;
        Ok(Self {
            ring,
            delivery: delivery.clone(),
            taken: 0,
            rendered: Some(Analyser::new(delivery.rate_hz)),
            out,
            delivered: None,
            read_back: None,
            bits: vec![0; STEP_FRAMES * CHANNELS],
            frames: Vec::new(),
        })
    }

    /// Does what there is to do, a bounded amount.
    ///
    /// # Errors
    /// [`StoreError::Cancelled`], [`StoreError::Full`], or that the export failed.
    pub fn step(&mut self) -> Result<Step, StoreError> {
        // The state first: what is there after the end was seen is all there will be.
        let state = self.ring.state();
        match state {
            State::Cancelled => return Err(StoreError::Cancelled),
            State::Failed => return Err(StoreError::Failed("the export stopped before its end".into())),
            State::Running | State::Finished => {}
        }
        if self.read_back.is_some() {
            return self.read_on();
        }
        if let Err(error) = self.take() {
            self.ring.end(State::Failed);
            return Err(error);
        }
        if state == State::Finished && self.ring.filled() == 0 { self.finish() } else { Ok(Step::Going(self.taken)) }
    }

    fn take(&mut self) -> Result<(), StoreError> {
        let frames = self.ring.read(&mut self.bits);
        self.frames.clear();
        self.frames.extend(self.bits[..frames * CHANNELS].iter().map(|bits| f32::from_bits(*bits)));
        self.taken += frames as u64;
        if let Some(rendered) = &mut self.rendered {
            rendered.push_interleaved(&self.frames, CHANNELS);
        }
        self.out.as_mut().map_or(Ok(()), |out| out.push(&self.frames))
    }

    /// Everything has come: closes the file and goes on to read it back.
    fn finish(&mut self) -> Result<Step, StoreError> {
        let Some(rendered) = self.rendered.take() else { return Err(StoreError::Cancelled) };
        let delivered = Delivered { rendered: rendered.finish(), file: None };
        let Some(out) = &mut self.out else { return Ok(Step::Done(Box::new(delivered))) };
        out.finish()?;
        let (format, rate_hz) = (wav::samples_of(self.delivery.format), self.delivery.file_rate_hz.unwrap_or(self.delivery.rate_hz));
        self.read_back = Some(ReadBack::new(out.file.clone(), format, rate_hz, CHANNELS as u16, out.writer.frames())?);
        self.delivered = Some(delivered);
        Ok(Step::Going(self.taken))
    }

    fn read_on(&mut self) -> Result<Step, StoreError> {
        if !self.read_back.as_mut().map_or(Ok(true), ReadBack::step)? {
            return Ok(Step::Going(self.taken));
        }
        match (self.read_back.take(), self.delivered.take()) {
            (Some(read_back), Some(delivered)) => Ok(Step::Done(Box::new(Delivered { file: Some(read_back.finish()), ..delivered }))),
            _ => Err(StoreError::Cancelled),
        }
    }

    /// Whether nothing is there to be done.
    pub fn is_waiting(&self) -> bool {
        self.ring.filled() == 0 && self.ring.state() == State::Running
    }
}

impl Out {
    fn new(delivery: &Delivery, rate_hz: u32, file: Rc<dyn StoreFile>) -> Result<Self, StoreError> {
        let impossible = || StoreError::Failed(format!("audio at {} Hz cannot be brought to {rate_hz} Hz", delivery.rate_hz));
        let converter = Converter::new(delivery.rate_hz, rate_hz, delivery.ceiling_dbtp).ok_or_else(impossible)?;
        let format = wav::samples_of(delivery.format);
        let writer = WavWriter::new(file.clone(), format, rate_hz, CHANNELS as u16, delivery.dither)?;
        Ok(Self { converter, writer, converted: Vec::new(), file })
    }

    fn push(&mut self, frames: &[f32]) -> Result<(), StoreError> {
        self.converted.clear();
        self.converter.push(frames, &mut self.converted);
        self.writer.push(&self.converted)
    }

    fn finish(&mut self) -> Result<(), StoreError> {
        self.converted.clear();
        self.converter.finish(&mut self.converted);
        self.writer.push(&self.converted)?;
        self.writer.finish()
    }
}

/// A file name without what a disk or a header could take amiss.
pub fn safe_file_name(name: &str) -> String {
    let is_bad = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{202a}'..='\u{202e}');
    let clean: String = name.chars().map(|c| if is_bad(c) { '_' } else { c }).take(120).collect();
    let clean = clean.trim().trim_start_matches('.').to_string();
    if clean.is_empty() { "Headroom".into() } else { clean }
}
