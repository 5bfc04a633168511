//! One channel's diffuser: four all-passes in a row that turn an impulse into a burst of dense echoes.
//!
//! M. Schroeder, "Natural sounding artificial reverberation" (1962): v = x + g·v[−d], y = v[−d] − g·v.

use alloc::vec::Vec;

use crate::units::ms_to_frames;

/// All-passes in a row.
pub const STAGES: usize = 4;
/// What is written below this (−400 dB) is silence.
const FLUSH_BELOW: f32 = 1e-20;

struct AllPass {
    past: Vec<f32>,
    at: usize,
}

impl AllPass {
    /// Works on as many frames at once as lie in a row in the ring.
    fn run(&mut self, samples: &mut [f32], gain: f32) {
        let mut rest = samples;
        while !rest.is_empty() {
            let frames = rest.len().min(self.past.len() - self.at);
            let (now, later) = rest.split_at_mut(frames);
            for (sample, past) in now.iter_mut().zip(&mut self.past[self.at..self.at + frames]) {
                let v = *sample + gain * *past;
                *sample = *past - gain * v;
                *past = if v.abs() < FLUSH_BELOW { 0.0 } else { v };
            }
            self.at = (self.at + frames) % self.past.len();
            rest = later;
        }
    }
}

/// See the module's text.
pub struct Diffuser {
    stages: [AllPass; STAGES],
}

impl Diffuser {
    /// A silent one with these delays.
    pub fn new(delays_ms: [f64; STAGES], rate_hz: f64) -> Self {
        Self { stages: delays_ms.map(|ms| AllPass { past: alloc::vec![0.0; ms_to_frames(ms, rate_hz).max(1)], at: 0 }) }
    }

    /// Diffuses a stretch in place.
    pub fn run(&mut self, samples: &mut [f32], gain: f32) {
        for stage in &mut self.stages {
            stage.run(samples, gain);
        }
    }

    /// Forgets all sound.
    pub fn silence(&mut self) {
        for stage in &mut self.stages {
            stage.past.fill(0.0);
            stage.at = 0;
        }
    }
}
