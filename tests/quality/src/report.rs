//! A run's figures, from one build to the other and side by side.

use serde_json::{Value, json};

/// A measured value; it passes when it is not above its limit.
pub struct Figure {
    /// What is measured.
    pub name: String,
    /// What was measured.
    pub value: f64,
    limit: f64,
    unit: &'static str,
}

impl Figure {
    /// Of this name, value, limit and unit.
    pub fn new(name: impl Into<String>, value: f64, limit: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, limit, unit }
    }

    /// Whether a value of this figure is good; what is no number is not.
    pub fn passes(&self, value: f64) -> bool {
        value <= self.limit
    }
}

/// What one build measured.
pub struct Report {
    /// Values against limits.
    pub figures: Vec<Figure>,
    /// Renders by name, and the hash of their bits.
    pub hashes: Vec<(String, String)>,
}

#[cfg(target_arch = "wasm32")]
impl Report {
    /// For the native build. What is no number becomes null.
    pub fn to_json(&self) -> Value {
        let values: Vec<Value> = self
            .figures
            .iter()
            .map(|figure| json!([figure.name, figure.value, figure.passes(figure.value), figure.limit, figure.unit]))
            .collect();
        json!({ "values": values, "hashes": self.hashes })
    }
}

#[cfg(not(target_arch = "wasm32"))]
pub use both::print_both;

#[cfg(not(target_arch = "wasm32"))]
mod both {
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command, ExitCode, Stdio};

    use super::{Figure, Report, Value, json};
    use crate::meters::agreement;
    use crate::songs::{self, Row, Song};

    /// Longer than any song.
    const WHOLE_S: usize = 3_600;

    /// What the WebAssembly build said.
    struct Other(Value);

    impl Other {
        fn of(list: &Value, name: &str) -> Option<Value> {
            list.as_array()?.iter().find(|entry| entry[0] == name).map(|entry| entry[1].clone())
        }

        /// What is no number there passes nothing here.
        fn value(&self, name: &str) -> Option<f64> {
            Self::of(&self.0["values"], name).map(|value| value.as_f64().unwrap_or(f64::NAN))
        }

        fn hash(&self, name: &str) -> Option<Value> {
            Self::of(&self.0["hashes"], name)
        }
    }

    /// Measures here and there, and prints and writes both.
    pub fn print_both(measure: impl FnOnce() -> Report) -> ExitCode {
        let other = match started() {
            Ok(child) => child,
            Err(sentence) => {
                eprintln!("{sentence}");
                return ExitCode::FAILURE;
            }
        };
        let Report { mut figures, hashes } = measure();
        let other = other.and_then(finished);
        if let Some(other) = &other {
            let differing = hashes.iter().filter(|(name, hash)| other.hash(name) != Some(Value::from(hash.as_str())));
            let names: Vec<&str> = differing.map(|(name, _)| name.as_str()).collect();
            let name = format!("Equal bits natively and in WebAssembly, of {} renders; that differ", hashes.len());
            figures.push(Figure::new(name, names.len() as f64, 0.0, ""));
            names.iter().for_each(|name| eprintln!("Other bits in WebAssembly: {name}"));
        } else {
            eprintln!("The WebAssembly build was not given or did not run: its column is empty.");
        }
        let rows = of_songs(&mut figures);
        let failed = print(&figures, other.as_ref());
        let is_written = write(&figures, other.as_ref(), &rows);
        if failed == 0 && is_written { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Starts the WebAssembly build, when it and its runner are given as arguments.
    fn started() -> Result<Option<Child>, String> {
        let [program, runner] = match std::env::args().skip(1).collect::<Vec<_>>() {
            none if none.is_empty() => return Ok(None),
            given => <[String; 2]>::try_from(given).map_err(|_| "Give the WebAssembly build and its runner, or nothing.")?,
        };
        let mut node = Command::new("node");
        node.args([&runner, &program]).stdin(Stdio::null()).stdout(Stdio::piped());
        node.spawn().map(Some).map_err(|error| format!("node: {error}"))
    }

    fn finished(child: Child) -> Option<Other> {
        let output = child.wait_with_output().ok()?;
        serde_json::from_slice(&output.stdout).ok().map(Other)
    }

    /// What only real songs show, measured natively: the bits are those of WebAssembly.
    fn of_songs(figures: &mut Vec<Figure>) -> Vec<Row> {
        for path in songs::files() {
            let song = Song::open(&path, WHOLE_S);
            figures.extend(agreement(&song.name, &song.clip, song.rate_hz));
        }
        let (rows, absent) = songs::limiters();
        if !rows.is_empty() {
            println!("Limiters on songs: push, above the ceiling, loudness, residual after level match");
        }
        rows.iter().for_each(|row| println!("{row}"));
        absent.iter().for_each(|name| println!("{name}: not on this machine (ffmpeg with lv2, Debian's package x42-plugins)"));
        figures.extend(songs::figures(&rows));
        rows
    }

    /// One line a figure; gives how many failed.
    fn print(figures: &[Figure], other: Option<&Other>) -> usize {
        println!("{:76} {:>10} {:>10}", "", "native", "wasm");
        let mut failed = 0;
        for figure in figures {
            let there = other.and_then(|other| other.value(&figure.name));
            let passes = passes(figure, other);
            failed += usize::from(!passes);
            let column = there.map_or_else(String::new, |value| format!("{value:.4}"));
            let verdict = if passes { "pass" } else { "FAIL" };
            println!("{:76} {:>10.4} {column:>10} {:4} limit {:>8.3}  {verdict}", figure.name, figure.value, figure.unit, figure.limit);
        }
        failed
    }

    fn passes(figure: &Figure, other: Option<&Other>) -> bool {
        let there = other.and_then(|other| other.value(&figure.name));
        figure.passes(figure.value) && there.is_none_or(|value| figure.passes(value))
    }

    fn write(figures: &[Figure], other: Option<&Other>, limiters: &[Row]) -> bool {
        let row = |figure: &Figure| {
            json!({
                "name": figure.name, "native": figure.value, "wasm": other.and_then(|other| other.value(&figure.name)),
                "limit": figure.limit, "unit": figure.unit, "pass": passes(figure, other)
            })
        };
        let rows: Vec<Value> = figures.iter().map(row).collect();
        let limiters: Vec<Value> = limiters.iter().map(Row::to_json).collect();
        let path = target().join("quality.json");
        let outcome = std::fs::write(&path, json!({ "figures": rows, "limiters": limiters }).to_string());
        outcome.inspect_err(|error| eprintln!("{}: {error}", path.display())).is_ok()
    }

    fn target() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default().join("target")
    }
}
