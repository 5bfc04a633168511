//! One pass over a file: decode, keep, hash, draw, resample, piece by piece into the store.

use serde::{Deserialize, Serialize};
use session::model::SampleFormat;
use session::worker::Imported;
use sha2::{Digest, Sha256};

use crate::decode::{Decoder, ImportError, Samples, Spec};
use crate::peaks::PeaksBuilder;
use crate::resample::Resampler;
use crate::store::{Files, Part, SourceMeta, Store, StoreError, to_floats};

/// Where sources go and come from: the store, or a port to the worker that has it. Futures are of one thread.
#[allow(async_fn_in_trait)]
pub trait Shelf {
    /// What a source is.
    async fn meta(&mut self, hash: &str) -> Result<SourceMeta, StoreError>;
    /// Whether it has a twin at a rate.
    async fn has_twin(&mut self, hash: &str, rate_hz: u32) -> Result<bool, StoreError>;
    /// Raw interleaved frames of its own samples, or of its twin at a rate; fewer at its end.
    async fn read(&mut self, hash: &str, rate_hz: Option<u32>, start: u64, frames: u32) -> Result<Vec<u8>, StoreError>;
    /// What was kept of its analysis.
    async fn analysis(&mut self, hash: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// Keeps its analysis.
    async fn keep_analysis(&mut self, hash: &str, bytes: Vec<u8>) -> Result<(), StoreError>;
    /// Begins a source; the number names it.
    async fn begin(&mut self) -> Result<u32, StoreError>;
    /// Appends bytes; waits while too many are on their way.
    async fn put(&mut self, draft: u32, part: Part, bytes: Vec<u8>) -> Result<(), StoreError>;
    /// Makes it a source, with a twin at a rate.
    async fn commit(&mut self, draft: u32, meta: &SourceMeta, twin_hz: Option<u32>) -> Result<(), StoreError>;
    /// Gives it up.
    async fn abort(&mut self, draft: u32);
    /// Begins a draft's twin where somebody else resamples; false where the caller has to.
    async fn begin_twin(&mut self, _draft: u32, _rates: TwinRates) -> bool {
        false
    }
    /// Takes interleaved samples of a twin that was begun; waits while too many are on their way.
    async fn resample(&mut self, _interleaved: &[f32]) -> Result<(), StoreError> {
        Ok(())
    }
    /// Waits until a twin that was begun is in the draft.
    async fn finish_twin(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// What a twin is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwinRates {
    /// The source's rate.
    pub from_hz: u32,
    /// The twin's.
    pub to_hz: u32,
    /// Channels of both.
    pub channels: u16,
}

impl TwinRates {
    /// `None` when the rates cannot be brought together.
    pub fn resampler(self) -> Option<Resampler> {
        Resampler::new(self.from_hz, self.to_hz, self.channels)
    }
}

impl<F: Files> Shelf for Store<F> {
    async fn meta(&mut self, hash: &str) -> Result<SourceMeta, StoreError> {
        Store::meta(self, hash, "this source").await
    }
    async fn has_twin(&mut self, hash: &str, rate_hz: u32) -> Result<bool, StoreError> {
        Ok(Store::has_twin(self, hash, rate_hz))
    }
    async fn read(&mut self, hash: &str, rate_hz: Option<u32>, start: u64, frames: u32) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        self.reader(hash, rate_hz, "this source").await?.read_raw(start, frames as usize, &mut bytes)?;
        Ok(bytes)
    }
    async fn analysis(&mut self, hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Store::analysis(self, hash).await
    }
    async fn keep_analysis(&mut self, hash: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        Store::keep_analysis(self, hash, &bytes).await
    }
    async fn begin(&mut self) -> Result<u32, StoreError> {
        Ok(Store::begin(self))
    }
    async fn put(&mut self, draft: u32, part: Part, bytes: Vec<u8>) -> Result<(), StoreError> {
        Store::put(self, draft, part, &bytes).await
    }
    async fn commit(&mut self, draft: u32, meta: &SourceMeta, twin_hz: Option<u32>) -> Result<(), StoreError> {
        Store::commit(self, draft, meta, twin_hz).await
    }
    async fn abort(&mut self, draft: u32) {
        Store::abort(self, draft).await;
    }
}

/// Why an import came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportFailure {
    /// The file's fault.
    #[error("{0}")]
    File(#[from] ImportError),
    /// The store's.
    #[error("“{file_name}” was not imported. {error}")]
    Store {
        /// Which file.
        file_name: String,
        /// Why.
        error: StoreError,
    },
}

/// Bytes that are collected before they are put.
const PIECE_BYTES: usize = 1 << 18;

/// Who makes the twin.
enum TwinMaker {
    Here { resampler: Box<Resampler>, made: Vec<f32> },
    Elsewhere,
}

/// A source while it is written, whatever its samples come from.
pub struct SourceWriter {
    draft: u32,
    rate_hz: u32,
    channels: u16,
    format: SampleFormat,
    hash: Sha256,
    peaks: PeaksBuilder,
    twin: Option<(u32, TwinMaker)>,
    frames: u64,
    own: Vec<u8>,
}

impl SourceWriter {
    /// For samples like these; with a target rate that differs, the twin is made too.
    pub async fn begin(draft: u32, spec: &Spec, target_hz: Option<u32>, shelf: &mut impl Shelf) -> Self {
        let Spec { rate_hz, channels, format, .. } = *spec;
        let name = match format {
            SampleFormat::I16 => "i16",
            SampleFormat::I24 => "i24",
            SampleFormat::F32 => "f32",
        };
        let mut hash = Sha256::new();
        hash.update(format!("headroom source {rate_hz} {channels} {name}\n"));
        let mut twin = None;
        if let Some(to_hz) = target_hz.filter(|target_hz| *target_hz != rate_hz)
            && let Some(resampler) = (TwinRates { from_hz: rate_hz, to_hz, channels }).resampler()
        {
            let is_elsewhere = shelf.begin_twin(draft, TwinRates { from_hz: rate_hz, to_hz, channels }).await;
            let here = TwinMaker::Here { resampler: Box::new(resampler), made: Vec::new() };
            twin = Some((to_hz, if is_elsewhere { TwinMaker::Elsewhere } else { here }));
        }
        Self { draft, rate_hz, channels, format, hash, peaks: PeaksBuilder::new(channels), twin, frames: 0, own: Vec::new() }
    }

    /// Takes interleaved samples in; puts what is ready.
    ///
    /// # Errors
    /// Whatever the shelf says.
    pub async fn push(&mut self, samples: &Samples, shelf: &mut impl Shelf) -> Result<(), StoreError> {
        let floats = samples.to_float(self.format);
        let before = self.own.len();
        encode(samples, self.format, &mut self.own);
        self.hash.update(&self.own[before..]);
        self.frames += (samples.len() / usize::from(self.channels)) as u64;
        self.peaks.push(&floats);
        match &mut self.twin {
            Some((_, TwinMaker::Here { resampler, made })) => resampler.push(&floats, made),
            Some((_, TwinMaker::Elsewhere)) => shelf.resample(&floats).await?,
            None => {}
        }
        if self.own.len() >= PIECE_BYTES {
            self.put(shelf).await?;
            shelf.put(self.draft, Part::Peaks, self.peaks.take_finest()).await?;
        }
        Ok(())
    }

    async fn put(&mut self, shelf: &mut impl Shelf) -> Result<(), StoreError> {
        shelf.put(self.draft, Part::Own, std::mem::take(&mut self.own)).await?;
        if let Some((_, TwinMaker::Here { made, .. })) = &mut self.twin {
            shelf.put(self.draft, Part::Twin, float_bytes(made)).await?;
            made.clear();
        }
        Ok(())
    }

    /// Puts the rest and makes it a source.
    ///
    /// # Errors
    /// Whatever the shelf says.
    pub async fn finish(mut self, shelf: &mut impl Shelf) -> Result<SourceMeta, StoreError> {
        match &mut self.twin {
            Some((_, TwinMaker::Here { resampler, made })) => resampler.finish(made),
            Some((_, TwinMaker::Elsewhere)) => shelf.finish_twin().await?,
            None => {}
        }
        self.put(shelf).await?;
        shelf.put(self.draft, Part::Peaks, self.peaks.finish()).await?;
        let hash = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let meta = SourceMeta { hash, rate_hz: self.rate_hz, channels: self.channels, frames: self.frames, format: self.format };
        shelf.commit(self.draft, &meta, self.twin.map(|(rate_hz, _)| rate_hz)).await?;
        Ok(meta)
    }
}

/// Samples as they lie in the store.
fn encode(samples: &Samples, format: SampleFormat, into: &mut Vec<u8>) {
    match (samples, format) {
        (Samples::Float(samples), _) => append(samples, into, |sample| sample.to_le_bytes()),
        (Samples::Int(samples), SampleFormat::I16) => append(samples, into, |sample| (sample as i16).to_le_bytes()),
        (Samples::Int(samples), _) => append(samples, into, |sample| {
            let [a, b, c, _] = sample.to_le_bytes();
            [a, b, c]
        }),
    }
}

/// Appends `N` bytes of each sample.
fn append<S: Copy, const N: usize>(samples: &[S], into: &mut Vec<u8>, bytes: impl Fn(S) -> [u8; N]) {
    let start = into.len();
    into.resize(start + samples.len() * N, 0);
    for (out, sample) in into[start..].chunks_exact_mut(N).zip(samples) {
        out.copy_from_slice(&bytes(*sample));
    }
}

/// Floats as they lie in the store.
pub fn float_bytes(samples: &[f32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    append(samples, &mut bytes, f32::to_le_bytes);
    bytes
}

/// Takes a file into the store. `on_progress` is told how far it is and says whether to go on.
///
/// # Errors
/// Why it was refused, or could not be kept.
pub async fn import(
    mut decoder: Decoder,
    file_name: &str,
    target_hz: Option<u32>,
    shelf: &mut impl Shelf,
    mut on_progress: impl FnMut(f32) -> bool,
) -> Result<Imported, ImportFailure> {
    let failed = |error| ImportFailure::Store { file_name: file_name.to_string(), error };
    let spec = decoder.spec();
    let draft = shelf.begin().await.map_err(failed)?;
    let mut writer = SourceWriter::begin(draft, &spec, target_hz, shelf).await;
    let result = loop {
        match decoder.next(file_name) {
            Ok(Some(samples)) => {
                if let Err(error) = writer.push(&samples, shelf).await {
                    break Err(failed(error));
                }
            }
            Ok(None) => break writer.finish(shelf).await.map_err(failed),
            Err(error) => break Err(error.into()),
        }
        if !on_progress(decoder.progress()) {
            break Err(failed(StoreError::Cancelled));
        }
    };
    match result {
        Ok(meta) => Ok(Imported {
            hash: meta.hash,
            file_name: file_name.to_string(),
            rate_hz: meta.rate_hz,
            channels: meta.channels,
            frames: meta.frames,
            format: meta.format,
            notes: decoder.notes(),
            time_reference: spec.time_reference,
        }),
        Err(failure) => {
            shelf.abort(draft).await;
            Err(failure)
        }
    }
}

/// Takes samples that are in memory already (what the browser decoded, the demo song) into the store.
///
/// # Errors
/// Whatever the shelf says.
pub async fn import_planes(
    planes: Vec<Vec<f32>>,
    file_name: &str,
    rate_hz: u32,
    target_hz: Option<u32>,
    shelf: &mut impl Shelf,
    on_progress: impl FnMut(f32) -> bool,
) -> Result<Imported, ImportFailure> {
    let decoder = Decoder::from_planes(planes, rate_hz, file_name)?;
    import(decoder, file_name, target_hz, shelf, on_progress).await
}

/// Frames that are read at a time for a twin.
const TWIN_PIECE_FRAMES: u32 = 1 << 16;

/// Makes a source's twin at a rate, if there is none.
///
/// # Errors
/// Whatever the store says.
pub async fn ensure_rate(
    hash: &str,
    rate_hz: u32,
    shelf: &mut impl Shelf,
    mut on_progress: impl FnMut(f32) -> bool,
) -> Result<(), StoreError> {
    let meta = shelf.meta(hash).await?;
    if meta.rate_hz == rate_hz || shelf.has_twin(hash, rate_hz).await? {
        return Ok(());
    }
    let impossible = || StoreError::Failed(format!("audio at {} Hz cannot be brought to {rate_hz} Hz", meta.rate_hz));
    let mut resampler = Resampler::new(meta.rate_hz, rate_hz, meta.channels).ok_or_else(impossible)?;
    let draft = shelf.begin().await?;
    let mut result = Ok(());
    let (mut at, mut made) = (0, Vec::new());
    while at < meta.frames && result.is_ok() {
        result = async {
            let bytes = shelf.read(hash, None, at, TWIN_PIECE_FRAMES).await?;
            let frames = (bytes.len() / meta.frame_bytes()) as u64;
            if frames == 0 {
                return Err(StoreError::Broken("A source’s audio is cut short in this browser’s store.".into()));
            }
            at += frames;
            resampler.push(&to_floats(&bytes, meta.format), &mut made);
            if at == meta.frames {
                resampler.finish(&mut made);
            }
            shelf.put(draft, Part::Twin, float_bytes(&std::mem::take(&mut made))).await?;
            if on_progress(at as f32 / meta.frames as f32) { Ok(()) } else { Err(StoreError::Cancelled) }
        }
        .await;
    }
    match result {
        Ok(()) => shelf.commit(draft, &meta, Some(rate_hz)).await,
        Err(error) => {
            shelf.abort(draft).await;
            Err(error)
        }
    }
}
