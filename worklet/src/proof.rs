//! The meters' proof where they run: the EBU's signals, played into the meters of this module. Only in a context of its own, as it allocates.

use dsp::meters::proof;
use wasm_bindgen::prelude::wasm_bindgen;

/// Plays a case at this rate; gives for each reading what must be read, what was, and 1 when it passes.
#[wasm_bindgen]
pub fn prove(case: usize, rate_hz: f64) -> Vec<f64> {
    let proofs = proof::CASES.get(case).map(|case| proof::prove(case, rate_hz)).unwrap_or_default();
    proofs.iter().flat_map(|proof| [proof.expected, proof.read, f64::from(u8::from(proof.passes))]).collect()
}
