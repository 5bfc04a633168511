//! How fast the master's meter is in WebAssembly: the time that it takes over a stretch of noise. For the bench, which measures the
//! `ebur128` crate beside it.

use std::time::Instant;

use dsp::meters::MasterMeter;

use super::RATE_HZ;
use super::signal::noise;

/// What the build for WebAssembly is asked with, before the seconds of noise.
pub const ARGUMENT: &str = "pace";
/// Measured rounds, after one that warms up.
const ROUNDS: usize = 5;
/// Frames that are handed over at once.
const CALL_FRAMES: usize = 4_096;

/// Measures so many seconds of noise some times, and prints the milliseconds of each round as JSON.
pub fn print(seconds: usize) {
    let frames = seconds * RATE_HZ as usize;
    let [left, right] = [1, 2].map(|seed| noise(seed, frames));
    let mut meter = MasterMeter::new(RATE_HZ);
    let times: Vec<f64> = (0..=ROUNDS)
        .map(|_| {
            let start = Instant::now();
            meter.reset();
            for (left, right) in left.chunks(CALL_FRAMES).zip(right.chunks(CALL_FRAMES)) {
                meter.process(left, right);
            }
            assert!(meter.integrated_lufs().is_finite() && meter.range_lu() >= 0.0 && meter.true_peak_max() > 0.0, "nothing was measured");
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    println!("{:?}", &times[1..]);
}
