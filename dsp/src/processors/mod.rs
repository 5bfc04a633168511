//! The processors: what can stand in a strip's insert slot.
//!
//! One file each, with its `mod`, and one line each in [`crate::processors!`] below: from it come the list of declarations and the factory.

use alloc::boxed::Box;

use crate::params::ProcessorSpec;

mod clipper;
mod compressor;
pub mod curves;
mod deesser;
mod delay;
pub mod equalizer;
mod gate;
mod imager;
mod limiter;
mod multiband;
mod reverb;
mod saturator;
mod transient;
mod understudy;
mod utility;

/// A stretch of stereo audio that a processor changes in place; both sides have the same length.
pub struct Stereo<'a> {
    /// Left channel.
    pub left: &'a mut [f32],
    /// Right channel.
    pub right: &'a mut [f32],
}

/// A stretch of stereo audio that a processor listens to.
#[derive(Clone, Copy)]
pub struct Key<'a> {
    /// Left channel.
    pub left: &'a [f32],
    /// Right channel.
    pub right: &'a [f32],
}

/// The longest stretch that one `process` call is given.
pub const MAX_FRAMES: usize = 1024;

/// What an insert slot runs.
///
/// The engine calls [`Processor::set`] for each value that moved, then [`Processor::process`] with the frames over which it
/// moved: a processor glides from what it had to what it was given over exactly those frames, so that nothing zips
/// and nothing clicks (switches cross-fade inside). With no `set` in between, splitting a stretch into several calls
/// gives the same bits. `process` neither allocates nor panics and gives finite output for any input.
pub trait Processor: Send {
    /// Its declaration.
    fn spec(&self) -> &'static ProcessorSpec;
    /// Forgets all sound: as after construction, with the current values kept and taken at once instead of glided to.
    fn reset(&mut self);
    /// Frames by which the output is late; constant for given values of the parameters flagged `AFFECTS_LATENCY`.
    fn latency_frames(&self) -> usize {
        0
    }
    /// The value that parameter `index` has at the end of the coming `process` call, in plain units, already clamped.
    fn set(&mut self, index: usize, value: f32);
    /// Changes the audio in place; `key` is the sidechain, aligned with the input, when one is connected. At most [`MAX_FRAMES`].
    fn process(&mut self, audio: Stereo<'_>, key: Option<Key<'_>>);
    /// Gain reduction in dB (0 or negative), the lowest since the last call; processors without one give 0.
    fn take_reduction_db(&mut self) -> f32 {
        0.0
    }
    /// What the last [`Processor::take_reduction_db`] is the lowest of, the lowest band first; empty for processors without bands.
    fn band_reductions_db(&self) -> &[f32] {
        &[]
    }
    /// How long it still sounds after silence goes in, in frames (at most a minute), latency not counted.
    fn tail_frames(&self) -> usize {
        0
    }
}

/// What the factory gives.
pub type Built = Box<dyn Processor>;

/// A processor as the factory gives it.
pub fn boxed(processor: impl Processor + 'static) -> Built {
    Box::new(processor)
}

/// Makes a list of processors: `SPECS`, their declarations in the order of the insert menu, and `build`, the factory that an engine is given
/// ([`crate::engine::EngineOptions::build`]). Each line names a module with a `SPEC` and a type in it with `new(rate_hz)`.
///
/// Another program can make its own list of its own processors in the same way.
#[macro_export]
macro_rules! processors {
    ($($module:ident :: $name:ident),* $(,)?) => {
        /// Every processor's declaration, in the order of the insert menu.
        pub static SPECS: &[&$crate::params::ProcessorSpec] = &[$(&$module::SPEC),*];

        /// A new processor of this id at this rate, all values at their defaults; `None` for an unknown id.
        pub fn build(id: &str, rate_hz: f64) -> Option<$crate::processors::Built> {
            $(if id == $module::SPEC.id {
                return Some($crate::processors::boxed($module::$name::new(rate_hz)));
            })*
            None
        }
    };
}

processors! {
    equalizer::Equalizer,
    compressor::Prepared,
    gate::Gate,
    deesser::DeEsser,
    transient::TransientShaper,
    multiband::Prepared,
    imager::Imager,
    saturator::Prepared,
    clipper::Clipper,
    delay::Prepared,
    reverb::Prepared,
    limiter::Limiter,
    utility::Utility,
}

/// The declaration with this id.
pub fn spec(id: &str) -> Option<&'static ProcessorSpec> {
    SPECS.iter().copied().find(|spec| spec.id == id)
}
