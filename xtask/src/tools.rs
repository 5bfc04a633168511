//! The tools that build and test the page: one that fits is used wherever it is, a missing one is installed into
//! `target/tools`, and the terminal says so.

use crate::{Outcome, command, paths::Paths};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The newest Trunk that this repository's Rust version builds.
const TRUNK_VERSION: &str = "0.21.14";
const GECKODRIVER_VERSION: &str = "0.37.1";
/// The npm package that carries wasm-opt as a script for Node.
const BINARYEN_PACKAGE: &str = "binaryen@132.0.0";
const AXE_PACKAGE: &str = "axe-core@4.14.1";
/// Older ones do not read all that rustc writes.
const OLDEST_WASM_OPT: u32 = 120;
const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// A target without std, on which `dsp` must build.
pub const BARE_TARGET: &str = "thumbv7em-none-eabihf";

/// A target with std whose programs Node runs.
pub const WASI_TARGET: &str = "wasm32-wasip1";

/// What Trunk needs to run.
pub struct PageTools {
    /// The program.
    pub trunk: PathBuf,
    /// A search path on which it finds the others before any that do not fit.
    pub search_path: OsString,
}

/// Finds or installs everything that builds the page.
pub fn for_page(paths: &Paths) -> Outcome<PageTools> {
    rust_target(paths, WASM_TARGET)?;
    let trunk = trunk(paths)?;
    let wasm_bindgen = wasm_bindgen(paths)?;
    wasm_opt(paths)?;
    Ok(PageTools { search_path: search_path(&[&wasm_bindgen])?, trunk })
}

/// Adds a compilation target to the toolchain.
pub fn rust_target(paths: &Paths, target: &str) -> Outcome<()> {
    let _turn = turn(paths, "rustup")?;
    let libraries = command::output("rustc", &["--print", "sysroot"]).map(|root| Path::new(&root).join("lib/rustlib").join(target));
    if libraries.is_some_and(|folder| folder.is_dir()) {
        return Ok(());
    }
    command::run_told(&mut command::in_root(paths, "rustup", &["target", "add", target]), &format!("Adding the Rust target {target}"))
}

/// Waits until no other command of this checkout installs by the same program: neither rustup nor npm bears a second one in its folder.
/// Dropping the file lets the next one go on.
fn turn(paths: &Paths, installer: &str) -> Outcome<File> {
    let path = paths.tools.join(format!("{installer}.lock"));
    let failed = |error: io::Error| format!("{}: {error}", path.display());
    fs::create_dir_all(&paths.tools).map_err(failed)?;
    let file = File::create(&path).map_err(failed)?;
    file.lock().map_err(failed)?;
    Ok(file)
}

/// The script with which Node runs such programs.
pub fn wasi_runner(paths: &Paths) -> PathBuf {
    paths.root.join("tests/wasi.mjs")
}

/// wasm-opt, if a recent one is installed.
pub fn fitting_wasm_opt(paths: &Paths) -> Option<PathBuf> {
    let fits = |path: &Path| {
        let version = command::output(path, &["--version"])?;
        version.split_whitespace().nth(2)?.parse().ok().filter(|version: &u32| *version >= OLDEST_WASM_OPT)
    };
    let candidates = [paths.tools.join("node_modules/.bin/wasm-opt")].into_iter().chain(command::on_path("wasm-opt"));
    candidates.into_iter().find(|path| fits(path).is_some())
}

/// Firefox's WebDriver, which Debian does not package.
pub fn geckodriver(paths: &Paths) -> Outcome<PathBuf> {
    let version = format!("geckodriver {GECKODRIVER_VERSION}");
    if let Some(path) = candidates(paths, "geckodriver").find(|path| command::output(path, &["--version"]).is_some()) {
        return Ok(path);
    }
    cargo_install(paths, "geckodriver", &version, "2 minutes", &["geckodriver", "--version", GECKODRIVER_VERSION])
}

/// The accessibility checker that the browser tests put into the page.
pub fn axe(paths: &Paths) -> Outcome<()> {
    if paths.tools.join("node_modules/axe-core/axe.min.js").is_file() {
        return Ok(());
    }
    npm_install(paths, AXE_PACKAGE)
}

/// `PATH` with the folders of these programs before all others.
pub fn search_path(programs: &[&Path]) -> Outcome<OsString> {
    let before = std::env::var_os("PATH").unwrap_or_default();
    let folders = programs.iter().filter_map(|program| program.parent().map(Path::to_path_buf)).chain(std::env::split_paths(&before));
    std::env::join_paths(folders).map_err(|error| format!("PATH: {error}"))
}

fn trunk(paths: &Paths) -> Outcome<PathBuf> {
    let version = format!("trunk {TRUNK_VERSION}");
    let fits = |path: &PathBuf| command::output(path, &["--version"]).is_some_and(|found| found == version);
    if let Some(path) = candidates(paths, "trunk").find(fits) {
        return Ok(path);
    }
    let arguments = ["trunk", "--version", TRUNK_VERSION, "--locked", "--no-default-features", "--features", "rustls"];
    cargo_install(paths, "trunk", &version, "5 to 10 minutes on two cores", &arguments)
}

fn wasm_bindgen(paths: &Paths) -> Outcome<PathBuf> {
    let version = locked_version(paths, "wasm-bindgen")?;
    let fits = |path: &PathBuf| command::output(path, &["--version"]).is_some_and(|found| found == format!("wasm-bindgen {version}"));
    if let Some(path) = candidates(paths, "wasm-bindgen").find(fits) {
        return Ok(path);
    }
    let requirement = format!("={version}");
    let named = format!("wasm-bindgen {version}, the version in Cargo.lock");
    cargo_install(paths, "wasm-bindgen", &named, "2 minutes on two cores", &["wasm-bindgen-cli", "--version", &requirement])
}

fn wasm_opt(paths: &Paths) -> Outcome<()> {
    if fitting_wasm_opt(paths).is_some() {
        return Ok(());
    }
    if command::on_path("npm").is_none() {
        println!("Neither wasm-opt {OLDEST_WASM_OPT} or newer nor npm was found: the page is built without wasm-opt.");
        return Ok(());
    }
    npm_install(paths, BINARYEN_PACKAGE)
}

fn candidates(paths: &Paths, name: &str) -> impl Iterator<Item = PathBuf> {
    let own = paths.tools.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    [own].into_iter().filter(|path| path.is_file()).chain(command::on_path(name))
}

fn cargo_install(paths: &Paths, name: &str, version: &str, duration: &str, arguments: &[&str]) -> Outcome<PathBuf> {
    let mut cargo = command::cargo(paths, &["install", "--profile", "dev", "--root"]);
    // The dev profile halves the wait; without debug information the program is a tenth of the size.
    cargo.arg(&paths.tools).args(arguments).env("CARGO_PROFILE_DEV_DEBUG", "0");
    command::run_told(&mut cargo, &format!("Installing {version} into target/tools (about {duration})"))?;
    candidates(paths, name).next().ok_or_else(|| format!("{name} was installed but cannot be found."))
}

fn npm_install(paths: &Paths, package: &str) -> Outcome<()> {
    let _turn = turn(paths, "npm")?;
    let mut npm = command::in_root(paths, "npm", &["install", "--no-audit", "--no-fund", "--loglevel", "error", "--prefix"]);
    command::run_told(npm.arg(&paths.tools).arg(package), &format!("Installing {package} from npm into target/tools"))
}

fn locked_version(paths: &Paths, package: &str) -> Outcome<String> {
    let lock = fs::read_to_string(paths.root.join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines.next().and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version.map(str::to_owned).ok_or_else(|| format!("Cargo.lock names no version of {package}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn two_commands_of_a_checkout_install_one_after_the_other() {
        let root = std::env::temp_dir().join(format!("headroom-turn-{}", std::process::id()));
        let paths = Paths::below(root.clone());
        let mine = turn(&paths, "rustup").unwrap();
        let (sender, theirs) = mpsc::channel();
        let waiting = std::thread::spawn(move || sender.send(turn(&paths, "rustup").is_ok()));
        assert!(theirs.recv_timeout(Duration::from_millis(200)).is_err(), "both had their turn at once");
        drop(mine);
        assert_eq!(theirs.recv_timeout(Duration::from_secs(10)), Ok(true));
        waiting.join().unwrap().unwrap();
        fs::remove_dir_all(root).unwrap();
    }
}
