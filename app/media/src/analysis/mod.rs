//! Whole files measured, faster than they play: what the Master room knows before the first listen, and what a written file turned out to be.
//!
//! Loudness, true peak and correlation come from [`dsp::meters`], so a file measures what the live meters read of it; tone and width
//! from long transforms ([`tone`]), offsets and clipped samples from [`defects`]. The stretches in which audio is pushed change nothing.

pub(crate) mod defects;
mod tone;

use dsp::meters::{MasterMeter, peak};
use dsp::units::gain_to_db;
use session::analysis::{ANALYSIS_VERSION, Analysis, HISTORY_HZ};

use crate::import::Shelf;
use crate::store::{StoreError, to_floats};
use defects::Defects;
use tone::Tone;

/// Windows that are so much softer than the loudest have no say in the smallest PSR: it would be that of a fade.
const PSR_WINDOW_LU: f64 = 10.0;
/// Frames that are read of a source at a time.
const PIECE_FRAMES: u32 = 1 << 16;

/// Measures a stereo signal.
pub struct Analyser {
    rate_hz: u32,
    meter: MasterMeter,
    tone: Tone,
    defects: Defects,
    sample_peak: f32,
    frames: u64,
    /// Short-term loudness and PSR at each step of the history.
    steps: Vec<[f32; 2]>,
}

impl Analyser {
    /// For this rate.
    pub fn new(rate_hz: u32) -> Self {
        let rate = f64::from(rate_hz.max(1));
        Self {
            rate_hz: rate_hz.max(1),
            meter: MasterMeter::new(rate),
            tone: Tone::new(rate),
            defects: Defects::default(),
            sample_peak: 0.0,
            frames: 0,
            steps: Vec::new(),
        }
    }

    /// Takes audio in; both sides have the same length.
    pub fn push(&mut self, left: &[f32], right: &[f32]) {
        let frames = left.len().min(right.len());
        let (left, right) = (&left[..frames], &right[..frames]);
        self.tone.push(left, right);
        self.defects.push(left, right);
        self.sample_peak = self.sample_peak.max(peak(left)).max(peak(right));
        let mut at = 0;
        while at < frames {
            let take = usize::try_from(self.step_end() - self.frames).unwrap_or(usize::MAX).min(frames - at);
            self.meter.process(&left[at..at + take], &right[at..at + take]);
            at += take;
            self.frames += take as u64;
            if self.frames == self.step_end() {
                self.steps.push([self.meter.short_term_lufs() as f32, self.meter.psr_lu() as f32]);
            }
        }
    }

    /// Takes interleaved audio in, of one channel or two.
    pub fn push_interleaved(&mut self, samples: &[f32], channels: usize) {
        if channels == 1 {
            return self.push(samples, samples);
        }
        let side = |side: usize| samples.iter().skip(side).step_by(channels).copied().collect::<Vec<_>>();
        self.push(&side(0), &side(1));
    }

    fn step_end(&self) -> u64 {
        (self.steps.len() as u64 + 1) * u64::from(self.rate_hz) / u64::from(HISTORY_HZ)
    }

    /// What it was.
    pub fn finish(self) -> Analysis {
        let meter = &self.meter;
        let loudest = meter.short_term_max_lufs();
        let counts = |lufs: f32| f64::from(lufs) > loudest - PSR_WINDOW_LU;
        let ratios = self.steps.iter().filter(|[lufs, ratio]| counts(*lufs) && ratio.is_finite()).map(|[_, ratio]| f64::from(*ratio));
        let (correlation, balance_db) = self.defects.sides();
        let (bands, critical_db) = self.tone.finish();
        Analysis {
            version: ANALYSIS_VERSION,
            rate_hz: self.rate_hz,
            frames: self.frames,
            integrated_lufs: meter.integrated_lufs(),
            range_lu: meter.range_lu(),
            momentary_max_lufs: meter.momentary_max_lufs(),
            short_term_max_lufs: loudest,
            true_peak_dbtp: gain_to_db(f64::from(meter.true_peak_max())),
            sample_peak_db: gain_to_db(f64::from(self.sample_peak)),
            psr_min_lu: ratios.fold(f64::NAN, f64::min),
            correlation,
            balance_db,
            dc: self.defects.dc(),
            clipped_runs: self.defects.clipped_runs(),
            short_term_lufs: self.steps.iter().map(|[lufs, _]| *lufs).collect(),
            bands,
            critical_db,
        }
    }
}

/// The analysis of a source: the one that lies beside its peaks, or a new one that is put there.
///
/// # Errors
/// Whatever the store says.
pub async fn analyse(hash: &str, shelf: &mut impl Shelf, mut on_progress: impl FnMut(f32) -> bool) -> Result<Analysis, StoreError> {
    let known = shelf.analysis(hash).await?.and_then(|bytes| postcard::from_bytes::<Analysis>(&bytes).ok());
    if let Some(known) = known.filter(|known| known.version == ANALYSIS_VERSION) {
        return Ok(known);
    }
    let meta = shelf.meta(hash).await?;
    let mut analyser = Analyser::new(meta.rate_hz);
    let mut at = 0;
    while at < meta.frames {
        let bytes = shelf.read(hash, None, at, PIECE_FRAMES).await?;
        let frames = (bytes.len() / meta.frame_bytes()) as u64;
        if frames == 0 {
            return Err(StoreError::Broken("A source’s audio is cut short in this browser’s store.".into()));
        }
        at += frames;
        analyser.push_interleaved(&to_floats(&bytes, meta.format), usize::from(meta.channels));
        if !on_progress(at as f32 / meta.frames as f32) {
            return Err(StoreError::Cancelled);
        }
    }
    let analysis = analyser.finish();
    if let Ok(bytes) = postcard::to_allocvec(&analysis) {
        shelf.keep_analysis(hash, bytes).await?;
    }
    Ok(analysis)
}
