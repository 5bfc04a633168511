//! Runs a test in a real browser: page server, WebDriver and browser are started for it, and whatever the test
//! asserts, a message in the browser's console that reports an error fails it too.

use crate::driver::Driver;
use crate::page::Page;
use crate::places;
use crate::seats::{Company, Seat};
use crate::temporary::TemporaryFolder;
use serde_json::{Value, json};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use thirtyfour::{Capabilities, WebDriver};
use xtask::server::{Sends, Server};

/// A browser that Headroom is tested in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Browser {
    /// Chromium with chromedriver.
    Chromium,
    /// Firefox with geckodriver.
    Firefox,
}

const CHROMIUM_ARGUMENTS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// What the messages hold that Firefox prints about itself: its own modules, and its settings service, which has no network here.
const FIREFOX_ITSELF: [&str; 4] = ["resource://", "chrome://", "RSLoader", "services.settings"];

/// How often a browser is started before its test fails.
const MOST_STARTS: usize = 3;

/// The window of a test, in CSS pixels.
const WINDOW: (u32, u32) = (1440, 900);

/// Everything that a test in a browser has: closed when it ends.
pub struct Session {
    browser: Browser,
    web_driver: WebDriver,
    folder: TemporaryFolder,
    server: Server,
    // Last, so that the browser is told to quit before its driver ends.
    _driver: Driver,
}

/// Makes one test per browser of an `async |page: &Page|` closure.
#[macro_export]
macro_rules! in_both_browsers {
    ($name:ident, $test:expr) => {
        mod $name {
            use super::*;
            #[test]
            fn chromium() {
                $crate::browser::run($crate::browser::Browser::Chromium, concat!(stringify!($name), "-chromium"), $test);
            }
            #[test]
            fn firefox() {
                $crate::browser::run($crate::browser::Browser::Firefox, concat!(stringify!($name), "-firefox"), $test);
            }
        }
    };
}

/// Opens the page in `browser` and runs `test` on it; a failed one leaves a screenshot named `name`.
pub fn run(browser: Browser, name: &str, test: impl AsyncFnOnce(&Page)) {
    run_on(browser, name, Sends::Headers, test);
}

/// As [`run`], with no other browser beside it.
pub fn run_alone(browser: Browser, name: &str, test: impl AsyncFnOnce(&Page)) {
    run_seated(Seat::take(Company::Alone), browser, name, Sends::Headers, test);
}

/// As [`run`], on a host that sends headers or one that sends none.
pub fn run_on(browser: Browser, name: &str, sends: Sends, test: impl AsyncFnOnce(&Page)) {
    run_seated(Seat::take(Company::Welcome), browser, name, sends, test);
}

fn run_seated(_seat: Seat, browser: Browser, name: &str, sends: Sends, test: impl AsyncFnOnce(&Page)) {
    let runtime = tokio::runtime::Runtime::new().unwrap_or_else(|error| panic!("no runtime: {error}"));
    let session = runtime.block_on(Session::open(browser, sends));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let page = Page::new(&session.web_driver, session.url(), session.downloads());
            page.open().await;
            test(&page).await;
        });
        let complaints = runtime.block_on(session.complaints());
        assert!(complaints.is_empty(), "The browser's console reports:\n{}", complaints.join("\n"));
    }));
    if outcome.is_err() {
        runtime.block_on(session.show_failure(name));
    }
    runtime.block_on(session.close());
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

impl Session {
    /// Starts server, driver and browser.
    pub async fn open(browser: Browser, sends: Sends) -> Self {
        let folder = TemporaryFolder::new("browser");
        for name in ["downloads", "profile"] {
            fs::create_dir_all(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        let server = Server::start(&places::dist(), 0, sends).unwrap_or_else(|error| panic!("{error}"));
        let log = folder.path().join("driver.log");
        let (driver, web_driver) = start(browser, folder.path(), &log).await;
        web_driver.set_window_rect(0, 0, WINDOW.0, WINDOW.1).await.unwrap_or_else(|error| panic!("the window's size: {error}"));
        Self { browser, web_driver, folder, server, _driver: driver }
    }

    /// The page's address.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The browser's remote control.
    pub fn web_driver(&self) -> &WebDriver {
        &self.web_driver
    }

    /// Where the browser puts what the page offers for download.
    pub fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// Errors in the console: exceptions, refused requests, breaches of the content security policy.
    pub async fn complaints(&self) -> Vec<String> {
        match self.browser {
            Browser::Chromium => {
                let log = self.web_driver.browser_log().await.unwrap_or_else(|error| panic!("no console: {error}"));
                log.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message).collect()
            }
            Browser::Firefox => {
                // Firefox has no such command; it prints the page's console, and its own, into its driver's log.
                let log = fs::read_to_string(self.folder.path().join("driver.log")).unwrap_or_default();
                let is_the_pages = |line: &&str| {
                    (line.starts_with("console.error:") && !FIREFOX_ITSELF.iter().any(|own| line.contains(own)))
                        || line.contains("JavaScript error: http")
                        || line.contains("Content-Security-Policy:")
                };
                log.lines().filter(is_the_pages).map(str::to_owned).collect()
            }
        }
    }

    /// Ends the browser.
    pub async fn close(self) {
        self.web_driver.quit().await.ok();
    }

    async fn show_failure(&self, name: &str) {
        let path = places::screen(&format!("failed-{name}"));
        if self.web_driver.screenshot(&path).await.is_ok() {
            println!("What the page showed: {}", path.display());
        }
        for line in self.complaints().await {
            println!("console: {line}");
        }
    }
}

/// A driver and its browser. On a busy machine a browser now and then gives up before its first window: it is started again.
async fn start(browser: Browser, folder: &Path, log: &Path) -> (Driver, WebDriver) {
    let mut told = String::new();
    for _ in 0..MOST_STARTS {
        let (driver, capabilities) = match browser {
            Browser::Chromium => (Driver::start("chromedriver", &[], log), chromium(folder)),
            Browser::Firefox => (Driver::start("geckodriver", &["--websocket-port=0"], log), firefox(folder)),
        };
        match WebDriver::new(driver.url(), capabilities).await {
            Ok(web_driver) => return (driver, web_driver),
            Err(error) => told = error.to_string(),
        }
    }
    panic!("{browser:?} does not start: {told}");
}

fn chromium(folder: &Path) -> Capabilities {
    let mut arguments: Vec<String> = CHROMIUM_ARGUMENTS.map(str::to_owned).into();
    arguments.push(format!("--user-data-dir={}", folder.join("profile").display()));
    // A person allows several downloads at once when asked; without a head nobody is.
    let preferences = json!({
        "download.default_directory": folder.join("downloads"),
        "download.prompt_for_download": false,
        "profile.default_content_setting_values.automatic_downloads": 1,
    });
    capabilities(json!({
        "browserName": "chrome",
        "pageLoadStrategy": "none",
        "goog:chromeOptions": { "args": arguments, "prefs": preferences },
        "goog:loggingPrefs": { "browser": "ALL" },
    }))
}

fn firefox(folder: &Path) -> Capabilities {
    capabilities(json!({
        "browserName": "firefox",
        // The page says itself when it has started; what else a browser waits for may never come.
        "pageLoadStrategy": "none",
        "moz:firefoxOptions": {
            "args": ["-headless"],
            "binary": "/usr/bin/firefox-esr",
            "prefs": {
                // Without a sound device Firefox never starts an AudioContext.
                "media.cubeb.force_mock_context": true,
                "media.autoplay.default": 0,
                "browser.download.folderList": 2,
                "browser.download.dir": folder.join("downloads"),
                "browser.download.useDownloadDir": true,
                // The panel of finished downloads takes the focus away from the page.
                "browser.download.alwaysOpenPanel": false,
                "browser.helperApps.neverAsk.saveToDisk": "audio/wav,application/octet-stream",
                "devtools.console.stdout.content": true,
                // Nothing of Firefox's own asks a network that a test machine may not have.
                "services.settings.server": "data:,none",
                "network.captive-portal-service.enabled": false,
                "network.connectivity-service.enabled": false,
                "app.normandy.enabled": false,
                "toolkit.telemetry.server": "",
                "browser.region.network.url": "",
            },
        },
    }))
}

fn capabilities(value: Value) -> Capabilities {
    match value {
        Value::Object(map) => Capabilities::from(map),
        _ => Capabilities::new(),
    }
}
