//! More than two channels to stereo, after ITU-R BS.775: centre and surrounds at −3 dB, the low-frequency channel left out.

use session::model::SampleFormat;

use super::{Frames, Notes, Refusal, Samples, Spec};

/// −3 dB.
const HALF_POWER: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Frames of two channels made of frames of more.
pub struct Fold {
    frames: Box<dyn Frames>,
    gains: Vec<[f32; 2]>,
}

impl Fold {
    /// The usual order of channels is believed: left, right, centre, low-frequency, surrounds.
    pub fn new(frames: Box<dyn Frames>) -> Self {
        let gains = gains(usize::from(frames.spec().channels));
        Self { frames, gains }
    }
}

/// Gain of each channel to left and right.
fn gains(channels: usize) -> Vec<[f32; 2]> {
    const LEFT: [f32; 2] = [1.0, 0.0];
    const RIGHT: [f32; 2] = [0.0, 1.0];
    const CENTRE: [f32; 2] = [HALF_POWER, HALF_POWER];
    const NONE: [f32; 2] = [0.0, 0.0];
    const SURROUND_LEFT: [f32; 2] = [HALF_POWER, 0.0];
    const SURROUND_RIGHT: [f32; 2] = [0.0, HALF_POWER];
    let front: &[[f32; 2]] = match channels {
        3 => &[LEFT, RIGHT, CENTRE],
        4 => &[LEFT, RIGHT],
        5 => &[LEFT, RIGHT, CENTRE],
        _ => &[LEFT, RIGHT, CENTRE, NONE],
    };
    let around = [SURROUND_LEFT, SURROUND_RIGHT].into_iter().cycle();
    front.iter().copied().chain(around).take(channels).collect()
}

impl Frames for Fold {
    fn spec(&self) -> Spec {
        Spec { channels: 2, format: SampleFormat::F32, ..self.frames.spec() }
    }

    fn next(&mut self, notes: &mut Notes) -> Result<Option<Samples>, Refusal> {
        let Some(piece) = self.frames.next(notes)? else { return Ok(None) };
        let samples = piece.to_float(self.frames.spec().format);
        let folded = samples.chunks_exact(self.gains.len()).flat_map(|frame| {
            let mut both = [0.0; 2];
            for (sample, gains) in frame.iter().zip(&self.gains) {
                both[0] += sample * gains[0];
                both[1] += sample * gains[1];
            }
            both
        });
        Ok(Some(Samples::Float(folded.collect())))
    }

    fn progress(&self) -> f32 {
        self.frames.progress()
    }
}
