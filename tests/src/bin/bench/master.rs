//! A master chain in the browser against pedalboard (JUCE, native C++): eight bands, compressor and limiter. Ours looks between samples, theirs
//! does not.

use std::process::Command;

use serde_json::{Value, json};
use tests::places;

use crate::figure::Figure;
use crate::loading::numbers;
use crate::nodes::{self, BANDS, COMPRESSION, Graph, LIMITING, RATE_HZ, ROUNDS, SECONDS};

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    let name = "10 s of a master chain (8 bands, compressor, limiter)";
    let Some(theirs) = pedalboard() else {
        println!("{name} against pedalboard: absent, pedalboard is not here; cargo xtask bench --install-peers fetches it.");
        return Vec::new();
    };
    let graph = Graph { tracks: 1, chain: &[], master: &["equalizer", "compressor", "limiter"], pan: 0.0 };
    let (ours, _) = nodes::render(graph, false);
    nodes::against(name, ours, ("pedalboard, without true peak", theirs), "3, limit 1")
}

fn pedalboard() -> Option<Vec<f64>> {
    let mut settings = json!({ "rate": RATE_HZ, "seconds": SECONDS, "rounds": ROUNDS, "bands": BANDS });
    for (id, value) in COMPRESSION.into_iter().chain(LIMITING) {
        settings[id] = json!(value);
    }
    let script = places::root().join("tests/src/bin/bench/master.py");
    let mut python = Command::new("python3");
    python.arg(script).arg(settings.to_string()).env("PYTHONPATH", places::root().join("target/peers"));
    let output = python.output().ok().filter(|output| output.status.success())?;
    let times: Value = serde_json::from_slice(&output.stdout).ok()?;
    Some(numbers(&times))
}
