//! The mixer engine: players, strips, sends, groups, returns and the master, latency-compensated and automated.
//!
//! It renders blocks of [`BLOCK_FRAMES`] whatever the caller's quantum is: a caller takes frames from the block that is ready and asks
//! for the next one when they are used up. So the output cannot depend on the caller's block size.

mod automation;
mod block;
mod clips;
mod commands;
mod comparison;
mod context;
mod controls;
mod declick;
mod delay;
mod edge;
#[allow(clippy::module_inception)]
mod engine;
mod events;
mod excerpt;
mod fader;
mod gain_stage;
mod graph;
pub mod host;
mod insert;
mod latency;
mod limiting;
mod master_meters;
mod pan;
mod player;
mod ramp;
mod reading;
mod send;
mod solo;
mod strip;
mod strip_meter;
mod taps;
mod telemetry;
mod timeline;
mod transport;

pub use engine::{Engine, EngineOptions};
pub use excerpt::Excerpt;
pub use insert::BuildProcessor;
pub use limiting::{DEEP_DB, Limiting};
pub use taps::Watcher;

pub(crate) use block::StereoBlock;
pub(crate) use ramp::Ramp;

pub use controls::{SEND_PARAMS, STRIP_PARAMS, send_param, strip_param};

/// Automation is read at every multiple of this many timeline frames and runs straight in between.
pub const AUTOMATION_GRID_FRAMES: usize = 16;
/// Frames that the engine renders at a time.
pub const BLOCK_FRAMES: usize = 8 * AUTOMATION_GRID_FRAMES;
