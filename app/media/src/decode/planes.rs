//! Samples that somebody else has decoded: one vector per channel.

use session::model::SampleFormat;

use super::{Frames, Notes, PIECE_FRAMES, Refusal, Samples, Spec};

/// Frames from planes.
pub struct Planes {
    planes: Vec<Vec<f32>>,
    rate_hz: u32,
    at: usize,
}

impl Planes {
    /// All of the first plane's length.
    pub fn new(planes: Vec<Vec<f32>>, rate_hz: u32) -> Self {
        Self { planes, rate_hz, at: 0 }
    }

    fn frames(&self) -> usize {
        self.planes.iter().map(Vec::len).min().unwrap_or(0)
    }
}

impl Frames for Planes {
    fn spec(&self) -> Spec {
        Spec { rate_hz: self.rate_hz, channels: self.planes.len() as u16, format: SampleFormat::F32, time_reference: None }
    }

    fn next(&mut self, _: &mut Notes) -> Result<Option<Samples>, Refusal> {
        let end = (self.at + PIECE_FRAMES).min(self.frames());
        let samples: Vec<f32> = (self.at..end).flat_map(|at| self.planes.iter().map(move |plane| plane[at])).collect();
        self.at = end;
        Ok((!samples.is_empty()).then_some(Samples::Float(samples)))
    }

    fn progress(&self) -> f32 {
        self.at as f32 / self.frames().max(1) as f32
    }
}
