//! `cargo xtask bench`: how fast the page is and how much it takes, measured now in Chromium; writes `target/bench.json`.
//!
//! These are measurements and not tests: each stands beside what is aimed at, and none fails. What it is compared with runs in the same run.

mod album;
mod assisting;
mod delivering;
mod ear;
mod figure;
mod frames;
mod importing;
mod loading;
mod loudness;
mod master;
mod mastering;
mod matching;
mod memory;
mod nodes;
mod playing;
mod pss;
mod songs;

use std::process::ExitCode;

use figure::Figure;
use tests::browser::{Browser, Session};
use tests::page::Page;
use tests::places;
use xtask::server::Sends;

/// A name, and what it measures.
type Part = (&'static str, fn() -> Vec<Figure>);

/// The measurements by the names that select them on the command line.
const PARTS: [Part; 15] = [
    ("nodes", nodes::measure),
    ("master", master::measure),
    ("loudness", loudness::measure),
    ("importing", importing::measure),
    ("loading", loading::measure),
    ("ear", ear::measure),
    ("playing", playing::measure),
    ("frames", frames::measure),
    ("mastering", mastering::measure),
    ("delivering", delivering::measure),
    ("songs", songs::measure),
    ("memory", memory::measure),
    ("album", album::measure),
    ("match", matching::measure),
    ("assist", assisting::measure),
];

/// Those that are measured only when they are named: each takes longer than all others together.
const NAMED_ONLY: [&str; 4] = ["songs", "album", "match", "assist"];

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|name| PARTS.iter().all(|(part, _)| part != name)) {
        eprintln!("There is no measurement {unknown}. There are: {}.", PARTS.map(|(name, _)| name).join(", "));
        return ExitCode::FAILURE;
    }
    let mut figures = Vec::new();
    for (name, measure) in PARTS {
        let is_wanted = if wanted.is_empty() { !NAMED_ONLY.contains(&name) } else { wanted.iter().any(|part| part == name) };
        if is_wanted {
            let found = measure();
            found.iter().for_each(|figure| println!("{figure}"));
            figures.extend(found);
        }
    }
    match figure::write(&figures, &places::root().join("target/bench.json")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Runs something on a page of a browser of its own; the start page is loaded.
fn on_page<R>(measure: impl AsyncFnOnce(&Page, &Session) -> R) -> R {
    in_browser(async |page, session| {
        page.open().await;
        measure(page, session).await
    })
}

/// The same, with nothing loaded.
fn in_browser<R>(measure: impl AsyncFnOnce(&Page, &Session) -> R) -> R {
    let runtime = tokio::runtime::Runtime::new().unwrap_or_else(|error| panic!("no runtime: {error}"));
    runtime.block_on(async {
        let session = Session::open(Browser::Chromium, Sends::Headers).await;
        let page = Page::new(session.web_driver(), session.url(), session.downloads());
        let result = measure(&page, &session).await;
        session.close().await;
        result
    })
}
