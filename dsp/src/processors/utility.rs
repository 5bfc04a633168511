//! Utility (skeleton, to be completed): gain, polarity, swap, mono, width, DC removal and delay at any place of a chain.

use super::{Key, Processor, Stereo};
use crate::params::{Flags, ParamSpec, ProcessorSpec, Unit};
use crate::units::db_to_gain;

/// Its declaration.
pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "utility",
    name: "Utility",
    short_name: "Utility",
    version: 1,
    sidechain: false,
    params: &[ParamSpec::new("gain", "Gain", Unit::Db, -60.0, 24.0, 0.0, "Level of both channels.")
        .stepped(0.5, 0.1, 3.0)
        .flag(Flags::BIPOLAR)],
    presets: &[],
    help: "Gain, polarity, width and other plain repairs.",
};

/// See the module's text.
pub struct Utility {
    gain: f32,
    target: f32,
}

impl Utility {
    /// A new one at its defaults.
    pub fn new(_rate_hz: f64) -> Self {
        Self { gain: 1.0, target: 1.0 }
    }
}

impl Processor for Utility {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }
    fn reset(&mut self) {
        self.gain = self.target;
    }
    fn set(&mut self, index: usize, value: f32) {
        if index == 0 {
            self.target = db_to_gain(value as f64) as f32;
        }
    }
    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        let frames = audio.left.len().max(1) as f32;
        let step = (self.target - self.gain) / frames;
        for (frame, (left, right)) in audio.left.iter_mut().zip(audio.right).enumerate() {
            let gain = self.gain + step * (frame + 1) as f32;
            *left *= gain;
            *right *= gain;
        }
        self.gain = self.target;
    }
}
