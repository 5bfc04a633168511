//! The master's meter in WebAssembly (in Node) against the `ebur128` crate, native: loudness M, S and I, range, and true peak.

use std::process::Command;
use std::time::Instant;

use ebur128::{EbuR128, Mode};
use serde_json::Value;
use tests::fixtures::noise;
use tests::places;

use crate::figure::Figure;
use crate::loading::numbers;
use crate::nodes::{ROUNDS, against};

const RATE_HZ: u32 = 48_000;
const SECONDS: usize = 60;
/// Frames that are handed over at once.
const CALL_FRAMES: usize = 4_096;

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    let Some(ours) = in_wasm() else {
        println!("Loudness in WebAssembly: absent, Node could not run the report's build.");
        return Vec::new();
    };
    let left = noise(1, SECONDS * RATE_HZ as usize);
    let audio: Vec<f32> = left.iter().flat_map(|sample| [*sample, -0.5 * sample]).collect();
    let theirs = (0..ROUNDS).map(|_| peer(&audio)).collect();
    against("Loudness M, S, I, range and true peak of 60 s", ours, ("ebur128, native", theirs), "3, limit 1")
}

fn in_wasm() -> Option<Vec<f64>> {
    let mut node = Command::new("node");
    node.arg(places::root().join("tests/wasi.mjs")).arg(places::root().join("target/wasm32-wasip1/release/quality.wasm"));
    let output = node.args(["pace", &SECONDS.to_string()]).output().ok().filter(|output| output.status.success())?;
    let times: Value = serde_json::from_slice(&output.stdout).ok()?;
    Some(numbers(&times))
}

/// Milliseconds; every value is asked for as often as a meter on the screen would be.
fn peer(audio: &[f32]) -> f64 {
    let start = Instant::now();
    let mut meter = EbuR128::new(2, RATE_HZ, Mode::all()).unwrap_or_else(|error| panic!("ebur128: {error}"));
    for call in audio.chunks(2 * CALL_FRAMES) {
        meter.add_frames_f32(call).unwrap_or_else(|error| panic!("ebur128: {error}"));
    }
    let read = [meter.loudness_global(), meter.loudness_range(), meter.true_peak(0)];
    assert!(read.iter().all(Result::is_ok), "ebur128 measured nothing");
    start.elapsed().as_secs_f64() * 1e3
}
