//! `cargo xtask COMMAND`: everything a person or a machine does with this repository.

use std::process::ExitCode;
use xtask::{Outcome, check, finish, page, paths::Paths, serve};

const USAGE: &str = "\
cargo xtask run      build the page, serve it on this machine and open it
                     --no-open    only print the address
                     --port N     serve on this port
                     --dev        fast rebuilds, the page reloads on every change
cargo xtask build    build the page into dist/ for any static host
                     --dev        unoptimised, into target/dev-dist/
cargo xtask test     format, lints, native tests, builds, browser tests
                     native | browser    only these
cargo xtask bench    measure speed and memory of the page in Chromium
                     nodes | master | loudness | importing | loading | ear | playing | frames | mastering | delivering | songs | memory | match    only these
                     --match    only songs brought to other songs' tone and loudness, beside matchering
                     --install-peers    fetch pedalboard and matchering
cargo xtask quality  measure the sound against its limits, natively and in WebAssembly; songs too where HEADROOM_MATERIAL names a
                     folder of them
                     --install-peers    install by apt the limiters that ours is measured beside
cargo xtask shots    screenshots of the page into target/screens/";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Outcome<ExitCode> {
    let paths = Paths::of_this_repository();
    let (name, rest) = arguments.split_first().ok_or(USAGE)?;
    match name.as_str() {
        "run" => serve::run(&paths, rest).map(|()| ExitCode::SUCCESS),
        "build" => page::build(&paths, page::Profile::from_arguments(rest)?).map(|()| ExitCode::SUCCESS),
        "test" => check::run(&paths, rest),
        "bench" => check::bench(&paths, rest).map(|()| ExitCode::SUCCESS),
        "quality" => check::quality(&paths, rest).map(|()| ExitCode::SUCCESS),
        "shots" => check::shots(&paths, rest).map(|()| ExitCode::SUCCESS),
        "finish-page" => finish::run(&paths).map(|()| ExitCode::SUCCESS),
        _ => Err(USAGE.into()),
    }
}
