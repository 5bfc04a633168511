//! Headroom's workers: what happens to audio between the files of a musician and the engine, and on the way back.
//!
//! Everything but thin shims over browser objects runs natively too.
#![warn(missing_docs)]

pub mod analysis;
pub mod archive;
pub mod assistant;
pub mod codec;
pub mod decode;
pub mod delivery;
pub mod demo;
pub mod import;
pub mod matching;
pub mod peaks;
pub mod resample;
pub mod source;
pub mod store;
pub mod survey;
mod trial;
#[cfg(all(target_arch = "wasm32", target_os = "unknown"))]
mod worker;
