//! `cargo xtask quality`: the sound's figures, measured now, each against its limit; writes `target/quality.json`.
//!
//! A figure is here when its measurement is: what is not measured is not printed.

mod dynamics;
mod equalizer;
mod meters;
mod shape;
mod signal;
mod space;
/// What the processors' own tests measure with.
#[path = "../../../../dsp/tests/support/mod.rs"]
mod support;

use std::process::ExitCode;

use tests::places;

const RATE_HZ: f64 = 48_000.0;

/// A measured value; it passes when it is not above its limit.
struct Figure {
    name: String,
    value: f64,
    limit: f64,
    unit: &'static str,
}

impl Figure {
    fn new(name: impl Into<String>, value: f64, limit: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, limit, unit }
    }

    /// What is no number passes nothing.
    fn passes(&self) -> bool {
        self.value <= self.limit
    }
}

fn main() -> ExitCode {
    let parts = [equalizer::figures(), dynamics::figures(), shape::figures(), space::figures(), meters::figures()];
    let figures: Vec<Figure> = parts.into_iter().flatten().collect();
    let mut failed = 0;
    for figure in &figures {
        failed += usize::from(!figure.passes());
        let verdict = if figure.passes() { "pass" } else { "FAIL" };
        println!("{:64} {:>9.4} {:4} limit {:>8.3}  {verdict}", figure.name, figure.value, figure.unit, figure.limit);
    }
    let row = |figure: &Figure| {
        serde_json::json!({
            "name": figure.name, "value": figure.value, "limit": figure.limit, "unit": figure.unit, "pass": figure.passes()
        })
    };
    let rows: Vec<_> = figures.iter().map(row).collect();
    let path = places::root().join("target/quality.json");
    if let Err(error) = std::fs::write(&path, serde_json::Value::from(rows).to_string()) {
        eprintln!("{}: {error}", path.display());
        failed += 1;
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
