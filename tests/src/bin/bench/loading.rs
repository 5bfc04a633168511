//! How long the first visit takes, and what it fetches.

use std::fs;
use std::path::Path;

use brotli::CompressorWriter;
use serde_json::Value;
use std::io::Write;
use tests::places;

use crate::figure::Figure;
use crate::on_page;

/// First visits, each with a fresh profile.
const VISITS: usize = 5;
/// What browsers are sent is compressed once, so as well as it can be.
const QUALITY: u32 = 11;
const WINDOW_BITS: u32 = 22;
const BUFFER_BYTES: usize = 1 << 16;

/// What is painted last and largest is the start page with its words; before that stands one line.
const PAINTED: &str = "return await new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true });
})";

/// See the module's text.
pub fn measure() -> Vec<Figure> {
    let visits: Vec<f64> = (0..VISITS).map(|_| first_visit()).collect();
    vec![
        Figure::new("First visit to the start page", "ms", visits, "under 1500"),
        Figure::new("Brotli: the studio (page, script, module, styles, font)", "KB", [weight(is_studio)], "under 600"),
        Figure::new("Brotli: the audio thread", "KB", [weight(is_audio)], "under 150"),
        Figure::new("Brotli: the workers", "KB", [weight(is_worker)], ""),
    ]
}

fn first_visit() -> f64 {
    on_page(async |page, _| page.async_script(PAINTED, &[]).await.as_f64().unwrap_or(f64::NAN))
}

fn is_audio(name: &str) -> bool {
    name.starts_with("worklet") || name == "processor.js"
}

fn is_worker(name: &str) -> bool {
    name.starts_with("media")
}

fn is_studio(name: &str) -> bool {
    !is_audio(name) && !is_worker(name) && !name.starts_with('_')
}

fn weight(is_part: fn(&str) -> bool) -> f64 {
    let mut bytes = 0;
    visit(&places::dist(), &mut |path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if is_part(&name) {
            bytes += compressed(path);
        }
    });
    bytes as f64 / 1024.0
}

fn visit(folder: &Path, file: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { visit(&path, file) } else { file(&path) }
    }
}

fn compressed(path: &Path) -> usize {
    let mut out = Vec::new();
    let mut writer = CompressorWriter::new(&mut out, BUFFER_BYTES, QUALITY, WINDOW_BITS);
    let written = fs::read(path).and_then(|bytes| writer.write_all(&bytes));
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    drop(writer);
    out.len()
}

/// Numbers of an array that the page gave.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}
