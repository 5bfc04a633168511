//! The shell that runs the engine in an AudioWorklet.

use wasm_bindgen::prelude::wasm_bindgen;

/// The wire version this module speaks.
#[wasm_bindgen]
pub fn protocol_version() -> u32 {
    dsp::protocol::PROTOCOL_VERSION
}
