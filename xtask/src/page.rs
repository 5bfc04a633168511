//! Builds the page with Trunk, and only when something changed.

use crate::{Outcome, command, fingerprint, paths::Paths, tools};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How the page is built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Profile {
    /// Small and fast, what people get.
    Release,
    /// Quick to build.
    Dev,
}

impl Profile {
    /// From the arguments of `cargo xtask build`.
    pub fn from_arguments(arguments: &[String]) -> Outcome<Self> {
        match arguments {
            [] => Ok(Self::Release),
            [flag] if flag == "--dev" => Ok(Self::Dev),
            _ => Err("cargo xtask build knows one option: --dev.".into()),
        }
    }

    /// The folder that holds the built page.
    pub fn dist(self, paths: &Paths) -> &Path {
        match self {
            Self::Release => &paths.dist,
            Self::Dev => &paths.dev_dist,
        }
    }

    fn stamp(self, paths: &Paths) -> PathBuf {
        paths.target.join(match self {
            Self::Release => "page-release.stamp",
            Self::Dev => "page-dev.stamp",
        })
    }
}

/// Builds the page unless it is there already, made of the same sources.
pub fn build(paths: &Paths, profile: Profile) -> Outcome<()> {
    let fingerprint = fingerprint::of_page(paths, env!("CARGO_PKG_VERSION"))?;
    let (dist, stamp) = (profile.dist(paths), profile.stamp(paths));
    if dist.join("index.html").is_file() && fs::read_to_string(&stamp).is_ok_and(|built| built == fingerprint) {
        println!("The page in {} is up to date.", dist.display());
        return Ok(());
    }
    let tools = tools::for_page(paths)?;
    let mut trunk = trunk(paths, &tools, "build");
    trunk.arg("--dist").arg(dist);
    if profile == Profile::Release {
        trunk.arg("--release");
    }
    fs::remove_file(&stamp).ok();
    command::run_told(&mut trunk, &format!("Building the page into {}", dist.display()))?;
    fs::write(&stamp, fingerprint).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// Serves the page unoptimised and rebuilds it on every change, until the program is ended.
pub fn develop(paths: &Paths, port: u16, open: bool) -> Outcome<()> {
    let tools = tools::for_page(paths)?;
    let mut trunk = trunk(paths, &tools, "serve");
    trunk.args(["--address", "127.0.0.1", "--port", &port.to_string(), "--open", if open { "true" } else { "false" }]);
    command::run(trunk.arg("--dist").arg(paths.target.join("serve-dist")), "trunk serve")
}

fn trunk(paths: &Paths, tools: &tools::PageTools, what: &str) -> Command {
    let mut trunk = command::in_root(paths, &tools.trunk, &[what]);
    // Trunk takes only `true` and `false` in this variable, others set it to 1.
    trunk.env("PATH", &tools.search_path).env_remove("NO_COLOR");
    trunk
}
