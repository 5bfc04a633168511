//! Reads the WAV files that exports write, as numbers to look at.

use std::fs;
use std::path::Path;

/// A decoded WAV.
#[derive(Debug)]
pub struct Wav {
    /// Frames per second.
    pub rate_hz: u32,
    /// Channels.
    pub channels: usize,
    /// Bits of a stored sample.
    pub bits: u16,
    /// Interleaved samples as they are stored.
    pub data: Vec<u8>,
    /// The same as numbers, full scale at 1.
    pub samples: Vec<f32>,
}

impl Wav {
    /// Reads integers of 16 and 24 bits and floats of 32.
    pub fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let format = chunk(&bytes, b"fmt ");
        let half = |at: usize| u16::from_le_bytes([format[at], format[at + 1]]);
        let bits = half(14);
        let scale = (1u32 << (bits.min(24) - 1)) as f32;
        let sample = |stored: &[u8]| match *stored {
            [a, b] => f32::from(i16::from_le_bytes([a, b])) / scale,
            [a, b, c] => (i32::from_le_bytes([0, a, b, c]) >> 8) as f32 / scale,
            [a, b, c, d] => f32::from_le_bytes([a, b, c, d]),
            _ => panic!("{bits} bits"),
        };
        let data = chunk(&bytes, b"data").to_vec();
        let samples = data.chunks_exact(usize::from(bits / 8)).map(sample).collect();
        let rate_hz = u32::from_le_bytes([format[4], format[5], format[6], format[7]]);
        Self { rate_hz, channels: usize::from(half(2)), bits, data, samples }
    }

    /// Length.
    pub fn frames(&self) -> usize {
        self.samples.len() / self.channels
    }

    /// The largest magnitude.
    pub fn peak(&self) -> f32 {
        self.samples.iter().fold(0.0, |peak: f32, sample| peak.max(sample.abs()))
    }
}

fn chunk<'a>(file: &'a [u8], id: &[u8; 4]) -> &'a [u8] {
    let mut rest = file.get(12..).unwrap_or_default();
    while let [a, b, c, d, s0, s1, s2, s3, body @ ..] = rest {
        let length = u32::from_le_bytes([*s0, *s1, *s2, *s3]) as usize;
        let length = length.min(body.len());
        if [*a, *b, *c, *d] == *id {
            return &body[..length];
        }
        rest = body.get(length + length % 2..).unwrap_or_default();
    }
    panic!("the file has no {} chunk", String::from_utf8_lossy(id));
}
