//! The mixer engine: players, strips, sends, groups, returns and the master, latency-compensated and automated.
//!
//! It renders blocks of [`BLOCK_FRAMES`] whatever the caller's quantum is: a caller takes frames from the block that is ready and asks
//! for the next one when they are used up. So the output cannot depend on the caller's block size.

mod controls;

pub use controls::{SEND_PARAMS, STRIP_PARAMS, send_param, strip_param};

/// Automation is read at every multiple of this many timeline frames and runs straight in between.
pub const AUTOMATION_GRID_FRAMES: usize = 16;
/// Frames that the engine renders at a time.
pub const BLOCK_FRAMES: usize = 8 * AUTOMATION_GRID_FRAMES;
