//! Headroom's workers.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen as _;

pub mod demo;
