//! WAV files: the header with room for RF64's long sizes, written again when the length is known.
//!
//! Sources: Microsoft's RIFF/WAVE, EBU Tech 3306 (a JUNK chunk that becomes ds64 when the file passes 4 GiB).

use std::rc::Rc;

use session::model::SampleFormat;
use session::worker::{DeliveryFormat, Dither};

use super::Quantiser;
use crate::store::{StoreError, StoreFile, sample_bytes};

/// What a delivery's samples are.
pub fn samples_of(format: DeliveryFormat) -> SampleFormat {
    match format {
        DeliveryFormat::Wav16 => SampleFormat::I16,
        DeliveryFormat::Wav24 => SampleFormat::I24,
        DeliveryFormat::WavFloat => SampleFormat::F32,
    }
}

/// Bytes of a ds64 chunk without table: RIFF size, data size, sample count, table length.
const LONG_SIZES_BYTES: u32 = 28;
/// Any number: the same export gives the same file.
const DITHER_SEED: u64 = 0x4845_4144_524f_4f4d;
/// Bytes that are collected before they are written.
const PIECE_BYTES: usize = 1 << 20;

/// The header of a file with so many bytes of samples.
pub fn header(format: SampleFormat, rate_hz: u32, channels: u16, data_bytes: u64) -> Vec<u8> {
    let width = sample_bytes(format) as u32;
    let block = u32::from(channels) * width;
    let is_float = format == SampleFormat::F32;
    let frames = data_bytes / u64::from(block.max(1));
    let mut chunks = Vec::new();
    let mut chunk = |name: &[u8; 4], body: &[u8]| {
        chunks.extend_from_slice(name);
        chunks.extend_from_slice(&(body.len() as u32).to_le_bytes());
        chunks.extend_from_slice(body);
    };
    let mut fmt = Vec::new();
    fmt.extend_from_slice(&(if is_float { 3_u16 } else { 1 }).to_le_bytes());
    fmt.extend_from_slice(&channels.to_le_bytes());
    fmt.extend_from_slice(&rate_hz.to_le_bytes());
    fmt.extend_from_slice(&rate_hz.saturating_mul(block).to_le_bytes());
    fmt.extend_from_slice(&(block as u16).to_le_bytes());
    fmt.extend_from_slice(&(width as u16 * 8).to_le_bytes());
    if is_float {
        fmt.extend_from_slice(&0_u16.to_le_bytes());
    }
    chunk(b"fmt ", &fmt);
    if is_float {
        chunk(b"fact", &u32::try_from(frames).unwrap_or(u32::MAX).to_le_bytes());
    }
    let before_data = 4 + 8 + u64::from(LONG_SIZES_BYTES) + chunks.len() as u64 + 8;
    let riff_size = before_data + data_bytes + (data_bytes & 1);
    let short = |size: u64| u32::try_from(riff_size).map_or(u32::MAX, |_| size as u32);
    let is_long = u32::try_from(riff_size).is_err();
    let mut bytes = Vec::new();
    bytes.extend_from_slice(if is_long { b"RF64" } else { b"RIFF" });
    bytes.extend_from_slice(&short(riff_size).to_le_bytes());
    bytes.extend_from_slice(b"WAVE");
    bytes.extend_from_slice(if is_long { b"ds64" } else { b"JUNK" });
    bytes.extend_from_slice(&LONG_SIZES_BYTES.to_le_bytes());
    for size in [riff_size, data_bytes, frames] {
        bytes.extend_from_slice(&(if is_long { size } else { 0 }).to_le_bytes());
    }
    bytes.extend_from_slice(&0_u32.to_le_bytes());
    bytes.extend_from_slice(&chunks);
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&short(data_bytes).to_le_bytes());
    bytes
}

/// Writes a WAV file piece by piece.
pub struct WavWriter {
    file: Rc<dyn StoreFile>,
    format: SampleFormat,
    rate_hz: u32,
    channels: u16,
    quantiser: Quantiser,
    waiting: Vec<u8>,
    at: u64,
    data_bytes: u64,
}

impl WavWriter {
    /// Into an empty file; `dither` is for integers.
    ///
    /// # Errors
    /// Whatever the file says.
    pub fn new(file: Rc<dyn StoreFile>, format: SampleFormat, rate_hz: u32, channels: u16, dither: Dither) -> Result<Self, StoreError> {
        let start = header(format, rate_hz, channels, 0);
        file.truncate(0)?;
        file.write_at(0, &start)?;
        let quantiser = Quantiser::new(8 * sample_bytes(format) as u32, usize::from(channels), dither, DITHER_SEED);
        Ok(Self { file, format, rate_hz, channels, quantiser, waiting: Vec::new(), at: start.len() as u64, data_bytes: 0 })
    }

    /// Frames so far.
    pub fn frames(&self) -> u64 {
        self.data_bytes / (sample_bytes(self.format) * usize::from(self.channels)) as u64
    }

    /// Appends interleaved frames.
    ///
    /// # Errors
    /// Whatever the file says.
    pub fn push(&mut self, interleaved: &[f32]) -> Result<(), StoreError> {
        self.data_bytes += (interleaved.len() * sample_bytes(self.format)) as u64;
        for sample in interleaved {
            match self.format {
                SampleFormat::I16 => self.waiting.extend_from_slice(&(self.quantiser.round(*sample) as i16).to_le_bytes()),
                SampleFormat::I24 => self.waiting.extend_from_slice(&self.quantiser.round(*sample).to_le_bytes()[..3]),
                SampleFormat::F32 => self.waiting.extend_from_slice(&sample.to_le_bytes()),
            }
        }
        if self.waiting.len() >= PIECE_BYTES { self.put() } else { Ok(()) }
    }

    fn put(&mut self) -> Result<(), StoreError> {
        self.file.write_at(self.at, &self.waiting)?;
        self.at += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }

    /// Writes the rest and the header with its sizes.
    ///
    /// # Errors
    /// Whatever the file says.
    pub fn finish(&mut self) -> Result<(), StoreError> {
        if self.data_bytes & 1 == 1 {
            self.waiting.push(0);
        }
        self.put()?;
        self.file.write_at(0, &header(self.format, self.rate_hz, self.channels, self.data_bytes))?;
        self.file.flush()
    }
}
