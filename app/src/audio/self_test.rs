//! The meters' proof in the running build: the EBU's test signals, generated and measured by the same wasm that plays, in an audio worklet of
//! an OfflineAudioContext, so that minutes of signals take seconds.

use dsp::meters::proof::{CASES, Case, Proof};
use js_sys::{Float64Array, SharedArrayBuffer};
use web_sys::{OfflineAudioContext, OfflineAudioContextOptions};

use super::host;

/// As `processor.js` has it: numbers of a case, three for each reading.
const NUMBERS_PER_CASE: usize = 12;
const NUMBERS_PER_READING: usize = 3;
/// A worklet proves one case in each of the browser's quanta; none is longer than this.
const LONGEST_QUANTUM: usize = 1 << 14;

/// A case and what was read of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proven {
    /// The case.
    pub case: &'static Case,
    /// What was read, in the order of the case's readings.
    pub proofs: Vec<Proof>,
}

/// Plays every case at this rate and gives what the meters read.
///
/// # Errors
/// A sentence that says what did not work.
pub async fn prove_meters(rate_hz: u32) -> Result<Vec<Proven>, String> {
    let bytes = u32::try_from(8 * NUMBERS_PER_CASE * CASES.len()).unwrap_or(u32::MAX);
    let shared = SharedArrayBuffer::new(bytes);
    let numbers = Float64Array::new(&shared);
    numbers.fill(f64::NAN, 0, numbers.length());
    let options = OfflineAudioContextOptions::new((CASES.len() * LONGEST_QUANTUM) as u32, rate_hz as f32);
    let context = OfflineAudioContext::new_with_context_options(&options)
        .map_err(|error| format!("This browser cannot test at {rate_hz} Hz: {}.", host::sentence(&error).trim_end_matches('.')))?;
    host::run_proof(&context, &shared, CASES.len()).await?;
    Ok(CASES.iter().zip(numbers.to_vec().chunks(NUMBERS_PER_CASE)).map(|(case, numbers)| proven(case, numbers)).collect())
}

/// A case that was not proved reads nothing, and fails.
fn proven(case: &'static Case, numbers: &[f64]) -> Proven {
    let readings = case.readings.iter().zip(numbers.chunks(NUMBERS_PER_READING));
    let proofs = readings.map(|(reading, numbers)| Proof {
        reading: *reading,
        expected: if numbers[0].is_nan() { case.expected } else { numbers[0] },
        read: numbers[1],
        passes: numbers[2] == 1.0,
    });
    Proven { case, proofs: proofs.collect() }
}
