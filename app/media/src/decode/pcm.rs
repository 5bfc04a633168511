//! Uncompressed samples at a known place of a file.

use std::io::{Seek, SeekFrom};

use session::model::SampleFormat;

use super::source::{ByteSource, read_full};
use super::{Frames, Notes, PIECE_FRAMES, Refusal, Samples, Spec};

/// How a sample is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Unsigned 8-bit.
    Unsigned8,
    /// Signed integers of this many bytes (1 to 4), left-justified, of which so many bits count.
    Signed {
        /// Bytes.
        bytes: u8,
        /// Bits.
        bits: u8,
    },
    /// 32-bit float.
    Float32,
    /// 64-bit float.
    Float64,
    /// G.711 A-law.
    ALaw,
    /// G.711 µ-law.
    MuLaw,
}

impl Encoding {
    /// Bytes of a sample.
    pub fn bytes(self) -> usize {
        match self {
            Self::Unsigned8 | Self::ALaw | Self::MuLaw => 1,
            Self::Signed { bytes, .. } => usize::from(bytes),
            Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }

    fn format(self) -> SampleFormat {
        match self {
            Self::Unsigned8 | Self::ALaw | Self::MuLaw => SampleFormat::I16,
            Self::Signed { bits, .. } if bits <= 16 => SampleFormat::I16,
            Self::Signed { bits, .. } if bits <= 24 => SampleFormat::I24,
            _ => SampleFormat::F32,
        }
    }
}

/// Where samples lie and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// First byte.
    pub start: u64,
    /// Bytes.
    pub len: u64,
    /// Samples.
    pub encoding: Encoding,
    /// Big-endian.
    pub is_big: bool,
    /// Interleaved channels, at least 1.
    pub channels: u16,
    /// Rate.
    pub rate_hz: u32,
    /// Broadcast Wave time reference.
    pub time_reference: Option<u64>,
}

/// Reads them.
pub struct PcmReader {
    source: Box<dyn ByteSource>,
    layout: Layout,
    read: u64,
    bytes: Vec<u8>,
}

impl PcmReader {
    /// From the layout's start.
    pub fn new(source: Box<dyn ByteSource>, layout: Layout) -> Self {
        Self { source, layout, read: 0, bytes: Vec::new() }
    }
}

impl Frames for PcmReader {
    fn spec(&self) -> Spec {
        let Layout { rate_hz, channels, encoding, time_reference, .. } = self.layout;
        Spec { rate_hz, channels, format: encoding.format(), time_reference }
    }

    fn next(&mut self, _: &mut Notes) -> Result<Option<Samples>, Refusal> {
        let frame = self.layout.encoding.bytes() * usize::from(self.layout.channels);
        let left = (self.layout.len - self.read) / frame as u64;
        let frames = PIECE_FRAMES.min(usize::try_from(left).unwrap_or(PIECE_FRAMES));
        if frames == 0 {
            return Ok(None);
        }
        self.bytes.resize(frames * frame, 0);
        self.source.seek(SeekFrom::Start(self.layout.start + self.read)).map_err(|_| Refusal::Unreadable)?;
        let got = read_full(&mut self.source, &mut self.bytes).map_err(|_| Refusal::Unreadable)? / frame * frame;
        self.read += got as u64;
        Ok((got > 0).then(|| convert(&self.bytes[..got], self.layout.encoding, self.layout.is_big)))
    }

    fn progress(&self) -> f32 {
        self.read as f32 / self.layout.len.max(1) as f32
    }
}

/// A sample's bytes, least significant first.
fn little<const N: usize>(sample: &[u8], is_big: bool) -> [u8; N] {
    let mut bytes = [0; N];
    for (at, byte) in sample.iter().take(N).enumerate() {
        bytes[if is_big { N - 1 - at } else { at }] = *byte;
    }
    bytes
}

fn convert(bytes: &[u8], encoding: Encoding, is_big: bool) -> Samples {
    let samples = bytes.chunks_exact(encoding.bytes());
    match encoding {
        Encoding::Unsigned8 => Samples::Int(bytes.iter().map(|byte| (i32::from(*byte) - 128) << 8).collect()),
        Encoding::ALaw => Samples::Int(bytes.iter().map(|byte| a_law(*byte)).collect()),
        Encoding::MuLaw => Samples::Int(bytes.iter().map(|byte| mu_law(*byte)).collect()),
        Encoding::Signed { bits, .. } => {
            let whole = samples.map(|sample| signed(sample, is_big));
            match bits {
                0..=16 => Samples::Int(whole.map(|sample| sample >> 16).collect()),
                17..=24 => Samples::Int(whole.map(|sample| sample >> 8).collect()),
                _ => Samples::Float(whole.map(|sample| (f64::from(sample) / 2_147_483_648.0) as f32).collect()),
            }
        }
        Encoding::Float32 => Samples::Float(samples.map(|sample| f32::from_le_bytes(little(sample, is_big))).collect()),
        Encoding::Float64 => Samples::Float(samples.map(|sample| f64::from_le_bytes(little(sample, is_big)) as f32).collect()),
    }
}

/// A signed sample, brought to the top of 32 bits.
fn signed(sample: &[u8], is_big: bool) -> i32 {
    match (sample, is_big) {
        ([a], _) => i32::from_le_bytes([0, 0, 0, *a]),
        ([a, b], false) | ([b, a], true) => i32::from_le_bytes([0, 0, *a, *b]),
        ([a, b, c], false) | ([c, b, a], true) => i32::from_le_bytes([0, *a, *b, *c]),
        ([a, b, c, d], false) | ([d, c, b, a], true) => i32::from_le_bytes([*a, *b, *c, *d]),
        _ => 0,
    }
}

/// ITU-T G.711 A-law to 16 bits.
fn a_law(byte: u8) -> i32 {
    let byte = byte ^ 0x55;
    let (exponent, mantissa) = (i32::from(byte >> 4 & 7), i32::from(byte & 15));
    let magnitude = match exponent {
        0 => (mantissa << 4) + 8,
        _ => ((mantissa << 4) + 0x108) << (exponent - 1),
    };
    if byte & 0x80 == 0 { -magnitude } else { magnitude }
}

/// ITU-T G.711 µ-law to 16 bits.
fn mu_law(byte: u8) -> i32 {
    let byte = !byte;
    let (exponent, mantissa) = (i32::from(byte >> 4 & 7), i32::from(byte & 15));
    let magnitude = (((mantissa << 3) + 0x84) << exponent) - 0x84;
    if byte & 0x80 == 0 { magnitude } else { -magnitude }
}
