//! A command of this program that goes on beside others: linking the page keeps one core busy for minutes, and the checks use the other.

use crate::{Outcome, paths::Paths};
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A command that was started, and the file that its output goes to meanwhile.
pub struct Ahead {
    child: Child,
    output: PathBuf,
    doing: String,
}

impl Ahead {
    /// Starts `cargo xtask COMMAND`.
    pub fn start(paths: &Paths, command: &str) -> Outcome<Self> {
        let (doing, output) = (format!("cargo xtask {command}"), paths.target.join(format!("xtask-{command}.txt")));
        let failed = |error: std::io::Error| format!("{doing}: {error}");
        let file = fs::File::create(&output).map_err(failed)?;
        let errors = file.try_clone().map_err(failed)?;
        let mut program = Command::new(std::env::current_exe().map_err(failed)?);
        program.arg(command).current_dir(&paths.root).stdin(Stdio::null()).stdout(file).stderr(errors);
        Ok(Self { child: program.spawn().map_err(failed)?, output, doing })
    }

    /// Waits for its end and shows what it printed.
    pub fn finish(mut self) -> Outcome<()> {
        let status = self.child.wait().map_err(|error| format!("{}: {error}", self.doing))?;
        print!("{}", fs::read_to_string(&self.output).unwrap_or_default());
        if status.success() { Ok(()) } else { Err(format!("{} failed ({status}).", self.doing)) }
    }
}
