//! `cargo xtask quality`: the sound's figures, measured now, each against its limit; writes `target/quality.json`.
//!
//! The same program is built twice. In WebAssembly it prints its figures and its renders' hashes as JSON. Natively it is given that
//! build and its runner, lets Node run it meanwhile, prints both columns, and compares the hashes. A figure is here when its measurement
//! is: what is not measured is not printed.

mod bits;
mod delivery;
mod dynamics;
mod engine;
mod equalizer;
/// The song with every processor in it, as the browser tests export it.
#[path = "../../src/example.rs"]
#[allow(dead_code, reason = "the browser tests use the rest")]
mod example;
mod meters;
mod music;
#[cfg(target_arch = "wasm32")]
mod pace;
/// The native render of a song.
#[path = "../../src/render.rs"]
#[allow(dead_code, reason = "the browser tests use the rest")]
mod render;
mod report;
mod shape;
mod signal;
#[cfg(not(target_arch = "wasm32"))]
mod songs;
mod space;
/// A feeder for an engine of its own.
#[path = "../../../dsp/tests/engine_support/mod.rs"]
mod studio;
/// What the processors' own tests measure with.
#[path = "../../../dsp/tests/support/mod.rs"]
mod support;
mod switches;

use std::process::ExitCode;

use report::{Figure, Report};

const RATE_HZ: f64 = 48_000.0;

fn measured() -> Report {
    let parts = [
        equalizer::figures(),
        dynamics::figures(),
        shape::figures(),
        space::figures(),
        switches::figures(),
        engine::figures(),
        meters::figures(),
        delivery::figures(),
    ];
    Report { figures: parts.into_iter().flatten().collect(), hashes: bits::hashes() }
}

#[cfg(target_arch = "wasm32")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [pace::ARGUMENT, seconds] => pace::print(seconds.parse().unwrap_or(0)),
        _ => println!("{}", measured().to_json()),
    }
    ExitCode::SUCCESS
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> ExitCode {
    report::print_both(measured)
}
