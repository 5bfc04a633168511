//! From a file to frames: whatever a musician drops, read piece by piece, or refused with one sentence.
//!
//! Uncompressed WAV, RF64, Wave64 and AU are read here, because their broken variants are common and their samples must be exact;
//! everything else is Symphonia's. A reader gives frames of one or two channels, integers where the file has up to 24 bits
//! (n / 2¹⁵, n / 2²³ exactly), floats otherwise. Nothing is allocated by what a header claims.

mod coded;
mod error;
mod fold;
mod mp4;
mod notes;
mod pcm;
mod planes;
mod sniff;
mod source;
mod wave;

use session::model::SampleFormat;

use coded::CodedReader;
pub use error::{ImportError, Refusal};
use fold::Fold;
pub use notes::Notes;
use pcm::PcmReader;
use planes::Planes;
pub(crate) use source::seek_to;
pub use source::{ByteSource, MemorySource, Window};
use wave::Found;

/// Most channels that are folded down; more are taken for a broken header.
pub const MAX_CHANNELS: u32 = 32;
/// Rates in Hz that are believed: from telephone bands to the fastest converters.
pub const RATES_HZ: std::ops::RangeInclusive<u32> = 2_000..=768_000;
/// Frames in one piece.
const PIECE_FRAMES: usize = 1 << 14;

/// What a reader's frames are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Frames per second.
    pub rate_hz: u32,
    /// 1 or 2 where frames leave this module.
    pub channels: u16,
    /// How samples are kept.
    pub format: SampleFormat,
    /// Broadcast Wave time reference.
    pub time_reference: Option<u64>,
}

/// Interleaved samples.
#[derive(Clone, Debug, PartialEq)]
pub enum Samples {
    /// Integers of the format's width.
    Int(Vec<i32>),
    /// Floats, full scale ±1.
    Float(Vec<f32>),
}

impl Samples {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Int(samples) => samples.len(),
            Self::Float(samples) => samples.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Keeps so many from a place on.
    fn cut(&mut self, from: usize, keep: usize) {
        match self {
            Self::Int(samples) => drop(samples.drain(from + keep..).count() + samples.drain(..from).count()),
            Self::Float(samples) => drop(samples.drain(from + keep..).count() + samples.drain(..from).count()),
        }
    }

    /// As floats, full scale ±1.
    pub fn to_float(&self, format: SampleFormat) -> Vec<f32> {
        match (self, format) {
            (Self::Float(samples), _) => samples.clone(),
            (Self::Int(samples), SampleFormat::I16) => samples.iter().map(|sample| *sample as f32 / 32_768.0).collect(),
            (Self::Int(samples), _) => samples.iter().map(|sample| *sample as f32 / 8_388_608.0).collect(),
        }
    }
}

/// Frames from a file, piece by piece.
pub trait Frames {
    /// What they are; the same from the first to the last.
    fn spec(&self) -> Spec;
    /// The next piece, or `None` after the last.
    fn next(&mut self, notes: &mut Notes) -> Result<Option<Samples>, Refusal>;
    /// How much of the file has been read, 0 to 1.
    fn progress(&self) -> f32;
}

/// A file that is open for import.
pub struct Decoder {
    frames: Box<dyn Frames>,
    notes: Notes,
    given: u64,
}

impl Decoder {
    /// Finds out what a file is.
    ///
    /// # Errors
    /// Why it holds nothing that can be used.
    pub fn open(source: Box<dyn ByteSource>, file_name: &str) -> Result<Self, ImportError> {
        let mut notes = Notes::default();
        let opened = open(source, &mut notes).map_err(|refusal| ImportError::new(file_name, refusal))?;
        Ok(Self { frames: opened, notes, given: 0 })
    }

    /// Samples that are decoded already, one vector per channel.
    ///
    /// # Errors
    /// When rate or channels are not to be believed.
    pub fn from_planes(planes: Vec<Vec<f32>>, rate_hz: u32, file_name: &str) -> Result<Self, ImportError> {
        let mut notes = Notes::default();
        let frames = accept(Box::new(Planes::new(planes, rate_hz)), &mut notes);
        let frames = frames.map_err(|refusal| ImportError::new(file_name, refusal))?;
        Ok(Self { frames, notes, given: 0 })
    }

    /// What its frames are.
    pub fn spec(&self) -> Spec {
        self.frames.spec()
    }

    /// How much of the file has been read, 0 to 1.
    pub fn progress(&self) -> f32 {
        self.frames.progress().clamp(0.0, 1.0)
    }

    /// The next piece, never empty, or `None` after the last.
    ///
    /// # Errors
    /// Why nothing could be read; never after the first piece.
    pub fn next(&mut self, file_name: &str) -> Result<Option<Samples>, ImportError> {
        loop {
            let piece = match self.frames.next(&mut self.notes) {
                Ok(piece) => piece,
                Err(_) if self.given > 0 => None,
                Err(refusal) => return Err(ImportError::new(file_name, refusal)),
            };
            match piece {
                Some(piece) if piece.is_empty() => {}
                Some(mut piece) => {
                    silence_what_is_no_number(&mut piece, &mut self.notes);
                    self.given += (piece.len() / usize::from(self.spec().channels)) as u64;
                    return Ok(Some(piece));
                }
                None if self.given == 0 => return Err(ImportError::new(file_name, Refusal::NoFrames)),
                None => return Ok(None),
            }
        }
    }

    /// What was found and mended on the way, as sentences.
    pub fn notes(&self) -> Vec<String> {
        self.notes.sentences(self.given, self.spec().rate_hz)
    }
}

/// Beyond +120 dBFS no file means what it says: such samples count as not numbers.
const LARGEST_SAMPLE: f32 = 1.0e6;

fn silence_what_is_no_number(piece: &mut Samples, notes: &mut Notes) {
    let Samples::Float(samples) = piece else { return };
    for sample in samples {
        if !sample.is_finite() || sample.abs() > LARGEST_SAMPLE {
            *sample = 0.0;
            notes.silenced += 1;
        }
    }
}

fn open(source: Box<dyn ByteSource>, notes: &mut Notes) -> Result<Box<dyn Frames>, Refusal> {
    let mut source = sniff::skip_tags(source)?;
    if source.is_empty() {
        return Err(Refusal::OnlyTags);
    }
    let frames: Box<dyn Frames> = match wave::find(&mut source, notes)? {
        Found::Pcm(layout) => Box::new(PcmReader::new(source, layout)),
        Found::Inside { start, len } => Box::new(CodedReader::open(Window::new(source, start, len).boxed())?),
        Found::Other => coded(source)?,
    };
    accept(frames, notes)
}

/// What Symphonia reads, an MP4 with its edit.
fn coded(mut source: Box<dyn ByteSource>) -> Result<Box<dyn Frames>, Refusal> {
    let Some(mp4) = mp4::look(&mut source) else { return Ok(Box::new(CodedReader::open(source)?)) };
    let frames = Box::new(CodedReader::open(source::Claimed::new(source, mp4.claimed_len).boxed())?);
    Ok(match mp4.edit {
        Some(edit) => Box::new(mp4::Trim::new(frames, edit)),
        None => frames,
    })
}

/// Refuses what cannot be true, folds down what has too many channels.
fn accept(frames: Box<dyn Frames>, notes: &mut Notes) -> Result<Box<dyn Frames>, Refusal> {
    let spec = frames.spec();
    if !RATES_HZ.contains(&spec.rate_hz) {
        return Err(Refusal::Rate(spec.rate_hz));
    }
    match u32::from(spec.channels) {
        0 => Err(Refusal::Channels(0)),
        1 | 2 => Ok(frames),
        many if many <= MAX_CHANNELS => {
            notes.folded_from = Some(spec.channels);
            Ok(Box::new(Fold::new(frames)))
        }
        many => Err(Refusal::Channels(many)),
    }
}
