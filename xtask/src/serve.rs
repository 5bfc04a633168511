//! `cargo xtask run`.

use crate::server::{Sends, Server};
use crate::{Outcome, command, page, paths::Paths};
use std::process::{Command, Stdio};

/// Tried first; when something else listens there, the system chooses.
const PORT: u16 = 8080;

struct Options {
    port: Option<u16>,
    open: bool,
    dev: bool,
}

impl Options {
    fn parse(arguments: &[String]) -> Outcome<Self> {
        let mut options = Self { port: None, open: true, dev: false };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--no-open" => options.open = false,
                "--dev" => options.dev = true,
                "--port" => {
                    let port = arguments.next().and_then(|text| text.parse().ok());
                    options.port = Some(port.ok_or("--port takes a number from 1 to 65535.")?);
                }
                other => return Err(format!("cargo xtask run does not know {other}. It knows --no-open, --port N and --dev.")),
            }
        }
        Ok(options)
    }
}

/// Builds what is missing, serves the page and opens it; ends when the program is ended.
pub fn run(paths: &Paths, arguments: &[String]) -> Outcome<()> {
    let options = Options::parse(arguments)?;
    if options.dev {
        return page::develop(paths, options.port.unwrap_or(PORT), options.open);
    }
    page::build(paths, page::Profile::Release)?;
    let server = match options.port {
        Some(port) => Server::start(&paths.dist, port, Sends::Headers)?,
        None => Server::start(&paths.dist, PORT, Sends::Headers).or_else(|_| Server::start(&paths.dist, 0, Sends::Headers))?,
    };
    println!("Headroom is at {} (Ctrl+C ends it)", server.url());
    if options.open {
        open(&server.url());
    }
    server.wait();
    Ok(())
}

fn open(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut program = if cfg!(windows) { Command::new("explorer") } else { Command::new(opener) };
    if !cfg!(windows) && command::on_path(opener).is_none() {
        return;
    }
    // The address is on the terminal already: no browser to open is no failure.
    program.arg(url).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok();
}
