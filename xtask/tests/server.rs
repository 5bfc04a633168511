//! The server answers as a static host does, and nothing outside its folder.
#![allow(clippy::unwrap_used, reason = "what cannot be unwrapped fails the test")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use xtask::server::{Sends, Server};

struct Site {
    folder: PathBuf,
    server: Server,
}

impl Site {
    fn new(name: &str, sends: Sends) -> Self {
        let folder = std::env::temp_dir().join(format!("headroom-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("site")).unwrap();
        fs::write(folder.join("secret.txt"), "secret").unwrap();
        fs::write(folder.join("site/index.html"), "<p>page</p>").unwrap();
        fs::write(folder.join("site/two words.wasm"), [0, 97, 115, 109]).unwrap();
        fs::write(folder.join("site/_headers"), "/*\n  Cross-Origin-Opener-Policy: same-origin\n").unwrap();
        let server = Server::start(&folder.join("site"), 0, sends).unwrap();
        Self { folder, server }
    }

    fn get(&self, path: &str, header: &str) -> String {
        let url = self.server.url();
        let address = url.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n{header}Connection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).ok();
    }
}

#[test]
fn the_root_is_the_page_with_its_type_and_headers() {
    let answer = Site::new("root", Sends::Headers).get("/?query", "");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("Content-Type: text/html; charset=utf-8"), "{answer}");
    assert!(answer.contains("Cross-Origin-Opener-Policy: same-origin"), "{answer}");
    assert!(answer.ends_with("<p>page</p>"), "{answer}");
}

#[test]
fn a_host_without_headers_sends_none() {
    assert!(!Site::new("bare", Sends::NoHeaders).get("/", "").contains("Cross-Origin"));
}

#[test]
fn a_module_in_a_name_with_a_space_has_the_type_that_browsers_compile_while_loading() {
    let answer = Site::new("module", Sends::Headers).get("/two%20words.wasm", "");
    assert!(answer.contains("Content-Type: application/wasm"), "{answer}");
}

#[test]
fn nothing_outside_the_folder_is_served() {
    let site = Site::new("outside", Sends::Headers);
    for path in ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//etc/passwd", "/missing.js"] {
        let answer = site.get(path, "");
        assert!(answer.starts_with("HTTP/1.1 404") && !answer.contains("root:") && !answer.ends_with("secret"), "{path}: {answer}");
    }
}

#[test]
fn an_unchanged_file_is_not_sent_again() {
    let site = Site::new("unchanged", Sends::Headers);
    let first = site.get("/", "");
    let tag = first.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
    assert!(site.get("/", &format!("If-None-Match: {tag}\r\n")).starts_with("HTTP/1.1 304"));
    fs::write(site.folder.join("site/index.html"), "<p>another page</p>").unwrap();
    assert!(site.get("/", &format!("If-None-Match: {tag}\r\n")).starts_with("HTTP/1.1 200"));
}
