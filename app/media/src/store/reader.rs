//! Reading a source's samples as floats, from any frame.

use std::rc::Rc;

use session::model::SampleFormat;
use session::worker::frames_at_rate;

use super::{SourceMeta, StoreError, StoreFile, sample_bytes};

/// A source's samples at one rate.
#[derive(Clone)]
pub struct SourceReader {
    file: Rc<dyn StoreFile>,
    format: SampleFormat,
    channels: u16,
    rate_hz: u32,
    frames: u64,
    bytes: Vec<u8>,
}

impl SourceReader {
    /// Over its own samples, or over its twin at a rate.
    pub(super) fn new(file: Rc<dyn StoreFile>, meta: SourceMeta, twin_hz: Option<u32>) -> Self {
        let (format, rate_hz) = twin_hz.map_or((meta.format, meta.rate_hz), |rate_hz| (SampleFormat::F32, rate_hz));
        let frames = frames_at_rate(meta.frames, meta.rate_hz, rate_hz);
        Self { file, format, channels: meta.channels, rate_hz, frames, bytes: Vec::new() }
    }

    /// 1 or 2.
    pub fn channels(&self) -> u16 {
        self.channels
    }

    /// Its rate.
    pub fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// Frames at its rate.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// How its samples lie in the file.
    pub fn format(&self) -> SampleFormat {
        self.format
    }

    /// Raw interleaved frames from a frame on; `into` is cut to what there is.
    ///
    /// # Errors
    /// Whatever the file says.
    pub fn read_raw(&self, start: u64, frames: usize, into: &mut Vec<u8>) -> Result<(), StoreError> {
        let frame = sample_bytes(self.format) * usize::from(self.channels);
        let there = usize::try_from(self.frames.saturating_sub(start)).unwrap_or(usize::MAX);
        into.resize(frames.min(there) * frame, 0);
        let read = self.file.read_at(start.saturating_mul(frame as u64), into)?;
        into.truncate(read / frame * frame);
        Ok(())
    }

    /// Fills planes from a frame on; silence after the end, the left channel in both for mono.
    ///
    /// # Errors
    /// Whatever the file says.
    pub fn read(&mut self, start: u64, left: &mut [f32], right: Option<&mut [f32]>) -> Result<(), StoreError> {
        let mut bytes = std::mem::take(&mut self.bytes);
        let result = self.read_raw(start, left.len(), &mut bytes);
        if result.is_ok() {
            let channels = usize::from(self.channels);
            fill(&bytes, self.format, channels, 0, left);
            if let Some(right) = right {
                fill(&bytes, self.format, channels, channels - 1, right);
            }
        }
        self.bytes = bytes;
        result
    }
}

/// One channel of interleaved bytes; silence where they end.
fn fill(bytes: &[u8], format: SampleFormat, channels: usize, channel: usize, into: &mut [f32]) {
    let width = sample_bytes(format);
    let samples = bytes.chunks_exact(width * channels).map(|frame| &frame[channel * width..(channel + 1) * width]);
    let got = samples.len().min(into.len());
    match format {
        SampleFormat::I16 => {
            for (out, sample) in into.iter_mut().zip(samples) {
                *out = f32::from(i16::from_le_bytes([sample[0], sample[1]])) / 32_768.0;
            }
        }
        SampleFormat::I24 => {
            for (out, sample) in into.iter_mut().zip(samples) {
                *out = (i32::from_le_bytes([0, sample[0], sample[1], sample[2]]) >> 8) as f32 / 8_388_608.0;
            }
        }
        SampleFormat::F32 => {
            for (out, sample) in into.iter_mut().zip(samples) {
                *out = f32::from_le_bytes([sample[0], sample[1], sample[2], sample[3]]);
            }
        }
    }
    into[got..].fill(0.0);
}

/// Raw samples as floats.
pub fn to_floats(bytes: &[u8], format: SampleFormat) -> Vec<f32> {
    let mut floats = vec![0.0; bytes.len() / sample_bytes(format)];
    fill(bytes, format, 1, 0, &mut floats);
    floats
}
