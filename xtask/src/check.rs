//! `cargo xtask test`: every check of the repository, one after the other, none hidden by an earlier failure.

use crate::ahead::Ahead;
use crate::page::{self, Profile};
use crate::tally::{Counts, Tally};
use crate::{Outcome, command, paths::Paths, tools};
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

/// Debian's packages for the browser tests, each with a program that shows that it is there.
const BROWSERS: [(&str, &str); 4] =
    [("chromium", "chromium"), ("chromium-driver", "chromedriver"), ("firefox-esr", "firefox-esr"), ("ffmpeg", "ffmpeg")];
/// What runs WebAssembly outside a browser.
const NODE: [(&str, &str); 1] = [("nodejs", "node")];
/// What runs the peers below.
const PYTHON: [(&str, &str); 1] = [("python3-pip", "pip3")];
/// Folder in `target` with what the bench compares with.
const PEERS: &str = "peers";
/// What it compares with, from PyPI; together, so that they agree about what they need. They are run and never copied.
const PYTHON_PEERS: [&str; 2] = ["pedalboard", "matchering"];
/// The measurements that need no page.
const PAGELESS: [&str; 3] = ["match", "assist", "songs"];
/// Limiters that ours is measured beside.
const LIMITERS: [(&str, &str); 2] = [("ffmpeg", "ffmpeg"), ("x42-plugins", "x42-dpl")];

/// Which part of the checks.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    All,
    Native,
    Browser,
}

/// Runs the checks; the exit code tells whether all passed.
pub fn run(paths: &Paths, arguments: &[String]) -> Outcome<ExitCode> {
    let part = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Part::All,
        ["native"] => Part::Native,
        ["browser"] => Part::Browser,
        _ => return Err("cargo xtask test takes nothing, native or browser.".into()),
    };
    let mut tally = Tally::default();
    let release_page = (part != Part::Native).then(|| Ahead::start(paths, "build"));
    if part != Part::Browser {
        native(paths, &mut tally);
    }
    if let Some(release_page) = release_page {
        browser(paths, &mut tally, release_page);
    }
    Ok(tally.close())
}

/// Measures the release page, and the meters in WebAssembly; `--install-peers` fetches what they are measured beside, `--match` only sets
/// songs' tone and loudness beside matchering's.
pub fn bench(paths: &Paths, arguments: &[String]) -> Outcome<()> {
    let (peers, parts): (Vec<&str>, Vec<&str>) = arguments.iter().map(String::as_str).partition(|argument| *argument == "--install-peers");
    let parts: Vec<String> = parts.into_iter().map(|part| part.strip_prefix("--").unwrap_or(part).to_owned()).collect();
    if !peers.is_empty() {
        install_packages(paths, &PYTHON)?;
        let mut pip = command::in_root(paths, "python3", &["-m", "pip", "install", "--quiet", "--upgrade", "--target"]);
        pip.arg(paths.target.join(PEERS)).args(PYTHON_PEERS);
        command::run_told(&mut pip, &format!("Fetching {} from PyPI into target", PYTHON_PEERS.join(" and ")))?;
    }
    if parts.iter().any(|part| !PAGELESS.contains(&part.as_str())) || parts.is_empty() {
        install_packages(paths, &BROWSERS)?;
        install_packages(paths, &NODE)?;
        page::build(paths, Profile::Release)?;
        build_quality(paths)?;
    }
    command::workspace_binary(paths, "bench", &parts)
}

/// Builds the report for WebAssembly.
fn build_quality(paths: &Paths) -> Outcome<()> {
    tools::rust_target(paths, tools::WASI_TARGET)?;
    let build = ["build", "--release", "--package", "quality", "--target", tools::WASI_TARGET];
    command::run_told(&mut command::cargo(paths, &build), "Building the report for WebAssembly")
}

/// Measures the sound natively and, in Node, as the page's modules are built.
pub fn quality(paths: &Paths, arguments: &[String]) -> Outcome<()> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {}
        ["--install-peers"] => install_packages(paths, &LIMITERS)?,
        _ => return Err("cargo xtask quality takes nothing or --install-peers.".into()),
    }
    install_packages(paths, &NODE)?;
    build_quality(paths)?;
    let mut report = command::cargo(paths, &["run", "--package", "quality", "--"]);
    report.arg(paths.target.join(tools::WASI_TARGET).join("release/quality.wasm")).arg(tools::wasi_runner(paths));
    command::run(&mut report, "cargo xtask quality")
}

/// Takes screenshots of the page.
pub fn shots(paths: &Paths, arguments: &[String]) -> Outcome<()> {
    page::build(paths, Profile::Dev)?;
    let mut command = command::cargo(paths, &["run", "--package", "tests", "--bin", "shots", "--"]);
    command.args(arguments).env("HEADROOM_DIST", &paths.dev_dist);
    command::run(&mut command, "cargo xtask shots")
}

fn native(paths: &Paths, tally: &mut Tally) {
    let step = |arguments: &[&str]| command::run(&mut command::cargo(paths, arguments), &format!("cargo {}", arguments.join(" ")));
    tally.step("Rust targets", |_| {
        tools::rust_target(paths, "wasm32-unknown-unknown").and_then(|()| tools::rust_target(paths, tools::BARE_TARGET))
    });
    tally.step("Format", |_| step(&["fmt", "--all", "--check"]));
    let clippy = |what: &[&str]| step(&[&["clippy", "--locked", "--all-targets"], what, &["--", "-D", "warnings"]].concat());
    tally.step("Lints", |_| clippy(&["--workspace", "--exclude", "app", "--exclude", "worklet"]));
    tally.step("Lints for the browser", |_| clippy(&["-p", "app", "-p", "worklet", "-p", "media", "--target", "wasm32-unknown-unknown"]));
    tally.step("Native tests", |counts| {
        run_tests(&mut command::cargo(paths, &["test", "--locked", "--no-fail-fast", "--workspace", "--exclude", "tests"]), counts)
    });
    tally.step("Meters in WebAssembly", |counts| {
        install_packages(paths, &NODE)?;
        tools::rust_target(paths, tools::WASI_TARGET)?;
        let runner = format!("target.{}.runner=['node', '{}']", tools::WASI_TARGET, tools::wasi_runner(paths).display());
        let arguments = ["test", "--locked", "--package", "dsp", "--test", "meters", "--target", tools::WASI_TARGET, "--config", &runner];
        run_tests(&mut command::cargo(paths, &arguments), counts)
    });
    tally.step("dsp without std", |_| step(&["build", "--locked", "--package", "dsp", "--target", tools::BARE_TARGET]));
}

fn browser(paths: &Paths, tally: &mut Tally, release_page: Outcome<Ahead>) {
    tally.step("Browsers and their drivers", |_| install_packages(paths, &BROWSERS).and_then(|()| tools::geckodriver(paths)).map(drop));
    tally.step("Accessibility checker", |_| tools::axe(paths));
    let tests = || command::cargo(paths, &["test", "--locked", "--no-fail-fast", "--package", "tests"]);
    tally.step("Whole-program tests, built", |_| command::run(tests().arg("--no-run"), "cargo test --no-run"));
    if !tally.step("Release page", |_| release_page?.finish()) {
        return;
    }
    tally.step("Whole-program tests", |counts| {
        let geckodriver = tools::geckodriver(paths)?;
        run_tests(tests().env("HEADROOM_DIST", &paths.dist).env("PATH", tools::search_path(&[&geckodriver])?), counts)
    });
}

/// Runs the Rust test runner, shows its output and adds its numbers up.
fn run_tests(command: &mut Command, counts: &mut Counts) -> Outcome<()> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("cargo test: {error}"))?;
    for line in child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines).map_while(Result::ok) {
        println!("{line}");
        if let Some(found) = Counts::from_line(&line) {
            counts.passed += found.passed;
            counts.failed += found.failed;
        }
    }
    let status = child.wait().map_err(|error| format!("cargo test: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("cargo test ended with {status}.")) }
}

fn install_packages(paths: &Paths, packages: &[(&str, &str)]) -> Outcome<()> {
    let missing: Vec<&str> =
        packages.iter().filter(|(_, program)| command::on_path(program).is_none()).map(|(package, _)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let is_root = command::output("id", &["-u"]).is_some_and(|id| id == "0");
    if !is_root || command::on_path("apt-get").is_none() {
        return Err(format!("These packages are needed: {}. Install them and run this again.", missing.join(" ")));
    }
    let apt = |arguments: &[&str]| {
        let mut command = command::in_root(paths, "apt-get", arguments);
        command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        command
    };
    command::run(&mut apt(&["update", "-qq"]), "apt-get update")?;
    let install = [&["install", "-y", "-qq", "--no-install-recommends"][..], &missing].concat();
    command::run_told(&mut apt(&install), &format!("Installing {} by apt", missing.join(" ")))
}
