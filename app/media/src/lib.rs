//! Headroom's workers: what happens to audio between the files of a musician and the engine, and on the way back.
//!
//! Everything but thin shims over browser objects runs natively too.
#![warn(missing_docs)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen as _;

pub mod decode;
pub mod demo;
