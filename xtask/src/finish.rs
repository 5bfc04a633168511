//! The last step of a release page, called by Trunk's hook: wasm-opt over the modules, and the content security
//! policy into the page for hosts that send no headers.

use crate::{Outcome, command, headers::Headers, paths::Paths, tools};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

/// What rustc uses of WebAssembly beyond its first version, with `+simd128` from `.cargo/config.toml`.
const FEATURES: [&str; 7] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// The studio is text and buttons: there size counts. The others compute.
const STUDIO: &str = "headroom_bg.wasm";

/// Finishes the page in Trunk's staging folder; the page of the development loop stays as it is.
pub fn run(paths: &Paths) -> Outcome<()> {
    let folder =
        std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from).ok_or("finish-page is called by Trunk, when it has built the page.")?;
    if std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "debug") {
        return Ok(());
    }
    match tools::fitting_wasm_opt(paths) {
        Some(wasm_opt) => optimise(&wasm_opt, &folder)?,
        None => println!("wasm-opt was not found: the page is built without it, somewhat larger and slower."),
    }
    state_policy(&folder)
}

/// All modules at once: each takes one core for a minute or more.
fn optimise(wasm_opt: &Path, folder: &Path) -> Outcome<()> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let is_module = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "wasm");
    thread::scope(|scope| {
        let modules = entries.flatten().map(|entry| entry.path()).filter(is_module);
        let started: Vec<_> = modules.map(|module| scope.spawn(move || optimise_module(wasm_opt, &module))).collect();
        started.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("wasm-opt could not be run.".into())))
    })
}

fn optimise_module(wasm_opt: &Path, module: &Path) -> Outcome<()> {
    let level = if module.ends_with(STUDIO) { "-Oz" } else { "-O3" };
    let before = size_kb(module);
    let mut program = Command::new(wasm_opt);
    program.arg(level).args(FEATURES).arg(module).arg("-o").arg(module);
    command::run(&mut program, "wasm-opt")?;
    println!("{}: {before} KB, {} KB after wasm-opt {level}", module.file_name().unwrap_or_default().display(), size_kb(module));
    Ok(())
}

fn size_kb(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |data| data.len() / 1024)
}

fn state_policy(folder: &Path) -> Outcome<()> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"));
    let policy = Headers::parse(&read("_headers")?).meta_policy().ok_or("_headers states no Content-Security-Policy.")?;
    let page = read("index.html")?;
    let element = format!("<head>\n  <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    let page = page.replacen("<head>", &element, 1);
    fs::write(folder.join("index.html"), page).map_err(|error| format!("index.html: {error}"))
}
