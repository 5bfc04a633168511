//! A processor that is not the product's: it turns the sound down by a number of decibels. All that is needed to add one is here.

use dsp::params::{ParamSpec, Preset, ProcessorSpec, Unit};
use dsp::primitives::fade::Glide;
use dsp::processors::{Key, Processor, Stereo};
use dsp::units::db_to_gain;

pub static SPEC: ProcessorSpec = ProcessorSpec {
    id: "toy",
    name: "Toy",
    short_name: "Toy",
    version: 1,
    sidechain: false,
    params: &[ParamSpec::new("less", "Less", Unit::Db, 0.0, 40.0, 0.0, "How far it turns down.")],
    presets: &[Preset { name: "Half", values: &[("less", 6.0)] }],
    help: "Turns down.",
};

pub struct Toy(Glide);

impl Toy {
    pub fn new(_rate_hz: f64) -> Self {
        Self(Glide::new(1.0))
    }
}

impl Processor for Toy {
    fn spec(&self) -> &'static ProcessorSpec {
        &SPEC
    }
    fn reset(&mut self) {
        self.0.settle();
    }
    fn set(&mut self, _index: usize, value: f32) {
        self.0.aim(db_to_gain(-f64::from(value)) as f32);
    }
    fn process(&mut self, audio: Stereo<'_>, _key: Option<Key<'_>>) {
        self.0.begin(audio.left.len());
        for (left, right) in audio.left.iter_mut().zip(audio.right) {
            let gain = self.0.advance();
            (*left, *right) = (gain * *left, gain * *right);
        }
    }
}
