//! The way out: frames from an export's output ring into a WAV file.

mod quantise;
mod wav;

use std::rc::Rc;

use dsp::protocol::SharedWords;
use dsp::protocol::output::{CHANNELS, OutputRing, State};
use session::worker::Delivery;

pub use quantise::Quantiser;
pub use wav::{WavWriter, header};

use crate::store::{StoreError, StoreFile};

/// Frames that are taken out of the ring at a time.
const STEP_FRAMES: usize = 8192;

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many frames are in the file; there may be more.
    Going(u64),
    /// The file is whole.
    Done,
}

/// A delivery on its way.
pub struct DeliveryRun<W> {
    ring: OutputRing<W>,
    writer: WavWriter,
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
        let writer = WavWriter::new(file, wav::samples_of(delivery.format), delivery.rate_hz, CHANNELS as u16, delivery.dither)?;
        Ok(Self { ring, writer, bits: vec![0; STEP_FRAMES * CHANNELS], frames: Vec::new() })
    }

    /// Writes what has come, a bounded amount.
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
        let frames = self.ring.read(&mut self.bits);
        self.frames.clear();
        self.frames.extend(self.bits[..frames * CHANNELS].iter().map(|bits| f32::from_bits(*bits)));
        if let Err(error) = self.writer.push(&self.frames) {
            self.ring.end(State::Failed);
            return Err(error);
        }
        if state == State::Finished && self.ring.filled() == 0 {
            self.writer.finish()?;
            return Ok(Step::Done);
        }
        Ok(Step::Going(self.writer.frames()))
    }

    /// Whether nothing is there to be written.
    pub fn is_waiting(&self) -> bool {
        self.ring.filled() == 0 && self.ring.state() == State::Running
    }
}

/// A file name without what a disk or a header could take amiss.
pub fn safe_file_name(name: &str) -> String {
    let is_bad = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{202a}'..='\u{202e}');
    let clean: String = name.chars().map(|c| if is_bad(c) { '_' } else { c }).take(120).collect();
    let clean = clean.trim().trim_start_matches('.').to_string();
    if clean.is_empty() { "Headroom".into() } else { clean }
}
