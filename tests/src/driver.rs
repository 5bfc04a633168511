//! The WebDriver processes: chromedriver and geckodriver on a free port, ended with the test.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const START_LIMIT: Duration = Duration::from_secs(30);

/// A running WebDriver.
pub struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts `program` and waits until it listens; what it prints goes to `log`.
    pub fn start(program: &str, arguments: &[&str], log: &Path) -> Self {
        let port = free_port();
        let file = fs::File::create(log).unwrap_or_else(|error| panic!("{}: {error}", log.display()));
        let errors = file.try_clone().unwrap_or_else(|error| panic!("{}: {error}", log.display()));
        let process = Command::new(program)
            .arg(format!("--port={port}"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}. cargo xtask test installs it."));
        let driver = Self { process, port };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < START_LIMIT, "{program} does not listen on port {port}.");
            std::thread::sleep(Duration::from_millis(20));
        }
        driver
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener.unwrap_or_else(|error| panic!("no free port: {error}")).port()
}
