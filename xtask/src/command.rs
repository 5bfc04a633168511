//! Running other programs, with a sentence when one fails.

use crate::{Outcome, paths::Paths};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

/// A command in the repository's root, its output shown as it comes.
pub fn in_root(paths: &Paths, program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&paths.root).stdin(Stdio::null());
    command
}

/// Runs to the end; a failure names what was being done.
pub fn run(command: &mut Command, doing: &str) -> Outcome<()> {
    let status = command.status().map_err(|error| format!("{doing}: {}: {error}", command.get_program().display()))?;
    if status.success() { Ok(()) } else { Err(format!("{doing} failed ({status}).")) }
}

/// Says what is being done, does it, and says how long it took.
pub fn run_told(command: &mut Command, doing: &str) -> Outcome<()> {
    println!("{doing}");
    let start = Instant::now();
    run(command, doing)?;
    println!("{doing}: done in {} s", start.elapsed().as_secs());
    Ok(())
}

/// What a program prints, if it runs and succeeds.
pub fn output(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where the shell would find a program.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let file_name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(&file_name)).find(|path| path.is_file())
}

/// The cargo that runs this program.
pub fn cargo(paths: &Paths, arguments: &[&str]) -> Command {
    in_root(paths, std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments)
}

/// Builds and runs a program of the `tests` crate. The dev profile optimises whatever computes, and is there already where tests ran.
pub fn workspace_binary(paths: &Paths, name: &str, arguments: &[String]) -> Outcome<()> {
    let mut command = cargo(paths, &["run", "--package", "tests", "--bin", name, "--"]);
    run(command.args(arguments), &format!("cargo xtask {name}"))
}
