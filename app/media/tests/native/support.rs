//! Signals, files and stores for the tests.

use std::io::Cursor;

use media::decode::{Decoder, Samples};
use media::delivery::header;
use media::import::{ImportFailure, import};
use media::store::{MemoryFiles, SourceReader, Store, now};
use session::model::SampleFormat;
use session::worker::Imported;

/// A generator whose numbers are the same everywhere (PCG, O'Neill 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as u32
    }

    /// From −1 to 1.
    pub fn sample(&mut self) -> f32 {
        self.next() as i32 as f32 / 2_147_483_648.0
    }
}

pub fn store() -> Store<MemoryFiles> {
    now(Store::open(MemoryFiles::default(), "t")).expect("a store")
}

/// A WAV file of integers.
pub fn wav(format: SampleFormat, rate_hz: u32, channels: u16, samples: &[i32]) -> Vec<u8> {
    let width = if format == SampleFormat::I16 { 2 } else { 3 };
    let mut bytes = header(format, rate_hz, channels, (samples.len() * width) as u64);
    for sample in samples {
        bytes.extend_from_slice(&sample.to_le_bytes()[..width]);
    }
    bytes
}

/// A WAV file of floats.
pub fn float_wav(rate_hz: u32, channels: u16, samples: &[f32]) -> Vec<u8> {
    let mut bytes = header(SampleFormat::F32, rate_hz, channels, (samples.len() * 4) as u64);
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    bytes
}

pub fn take_in(store: &mut Store<MemoryFiles>, bytes: Vec<u8>, name: &str, target_hz: Option<u32>) -> Result<Imported, ImportFailure> {
    let decoder = Decoder::open(Box::new(Cursor::new(bytes)), name)?;
    now(import(decoder, name, target_hz, store, |_| true))
}

pub fn reader(store: &mut Store<MemoryFiles>, source: &Imported, rate_hz: Option<u32>) -> SourceReader {
    now(store.reader(&source.hash, rate_hz, &source.file_name)).expect("a stored source")
}

/// Everything that a file decodes to.
pub fn decode(bytes: Vec<u8>) -> (Vec<f32>, Vec<String>) {
    let mut decoder = Decoder::open(Box::new(Cursor::new(bytes)), "x").expect("a readable file");
    let mut all = Vec::new();
    while let Some(piece) = decoder.next("x").expect("readable frames") {
        all.extend(Samples::to_float(&piece, decoder.spec().format));
    }
    (all, decoder.notes())
}
