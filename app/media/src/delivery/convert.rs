//! What stands between the engine's frames and the file: nothing where both have one rate; otherwise the resampler, and after it a true-peak
//! limiter, because a ceiling that was held at one rate is not held at another.

use dsp::processors::{MAX_FRAMES, Processor, Stereo, build};
use session::worker::frames_at_rate;

use crate::resample::Resampler;

/// Interleaved.
const CHANNELS: usize = 2;

/// See the module's text.
pub struct Converter {
    resampler: Option<Resampler>,
    ceiling: Option<Ceiling>,
    made: Vec<f32>,
    from_hz: u32,
    to_hz: u32,
    taken: u64,
    given: u64,
}

impl Converter {
    /// `None` when the rates cannot be brought together.
    pub fn new(from_hz: u32, to_hz: u32, ceiling_dbtp: Option<f32>) -> Option<Self> {
        let changes = from_hz != to_hz;
        let resampler = if changes { Some(Resampler::new(from_hz, to_hz, CHANNELS as u16)?) } else { None };
        let ceiling = ceiling_dbtp.filter(|_| changes).and_then(|ceiling| Ceiling::new(to_hz, ceiling));
        Some(Self { resampler, ceiling, made: Vec::new(), from_hz, to_hz, taken: 0, given: 0 })
    }

    /// Takes interleaved frames in and appends what is ready.
    pub fn push(&mut self, frames: &[f32], into: &mut Vec<f32>) {
        self.taken += (frames.len() / CHANNELS) as u64;
        match &mut self.resampler {
            None => into.extend_from_slice(frames),
            Some(resampler) => {
                self.made.clear();
                resampler.push(frames, &mut self.made);
                self.limit(into);
            }
        }
    }

    /// Appends the rest: exactly as many frames as there are at the file's rate.
    pub fn finish(&mut self, into: &mut Vec<f32>) {
        let Some(resampler) = &mut self.resampler else { return };
        self.made.clear();
        resampler.finish(&mut self.made);
        let late = self.ceiling.as_ref().map_or(0, Ceiling::latency_frames);
        self.made.resize(self.made.len() + late * CHANNELS, 0.0);
        self.limit(into);
        let total = frames_at_rate(self.taken, self.from_hz, self.to_hz);
        let over = usize::try_from(self.given.saturating_sub(total)).unwrap_or(0) * CHANNELS;
        into.truncate(into.len().saturating_sub(over));
    }

    fn limit(&mut self, into: &mut Vec<f32>) {
        let before = into.len();
        match &mut self.ceiling {
            Some(ceiling) => ceiling.push(&self.made, into),
            None => into.extend_from_slice(&self.made),
        }
        self.given += ((into.len() - before) / CHANNELS) as u64;
    }
}

/// The studio's limiter at its defaults, its latency taken away.
struct Ceiling {
    limiter: Box<dyn Processor>,
    /// Frames of the latency that are still to be thrown away.
    skip: usize,
}

impl Ceiling {
    fn new(rate_hz: u32, ceiling_dbtp: f32) -> Option<Self> {
        let mut limiter = build("limiter", f64::from(rate_hz))?;
        limiter.set(limiter.spec().index_of("ceiling")?, ceiling_dbtp);
        limiter.reset();
        let skip = limiter.latency_frames();
        Some(Self { limiter, skip })
    }

    fn latency_frames(&self) -> usize {
        self.limiter.latency_frames()
    }

    fn push(&mut self, frames: &[f32], into: &mut Vec<f32>) {
        let (mut left, mut right) = ([0.0; MAX_FRAMES], [0.0; MAX_FRAMES]);
        for piece in frames.chunks(MAX_FRAMES * CHANNELS) {
            let count = piece.len() / CHANNELS;
            for (frame, (left, right)) in piece.chunks_exact(CHANNELS).zip(left.iter_mut().zip(&mut right)) {
                (*left, *right) = (frame[0], frame[1]);
            }
            let (left, right) = (&mut left[..count], &mut right[..count]);
            self.limiter.process(Stereo { left, right }, None);
            let skipped = self.skip.min(count);
            self.skip -= skipped;
            into.extend(left[skipped..].iter().zip(&right[skipped..]).flat_map(|(left, right)| [*left, *right]));
        }
    }
}
