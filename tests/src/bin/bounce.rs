//! Renders a saved session natively: `bounce SESSION.headroom OUT.wav [--song NAME] [--bits 16|24|32f] [--dither none|tpdf]
//! [--range START END]`, frames of the song's timeline. The same engine and feeder as in the browser, so the same bits.

use std::process::ExitCode;

use tests::bounce::{Job, bounce};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match Job::parse(&arguments).and_then(|job| bounce(&job)) {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
