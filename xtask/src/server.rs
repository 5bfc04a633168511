//! A static server on this machine: right types, revalidation by ETag, and the headers of `_headers`.

use crate::{Outcome, headers::Headers};
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::UNIX_EPOCH;
use tiny_http::{Header, Method, Request, Response, StatusCode};

/// A page's browser opens up to six connections, and workers ask beside it.
const THREADS: usize = 8;

/// Whether the server sends the headers of the page's `_headers` file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sends {
    /// As `run` does, and every host that reads `_headers`.
    Headers,
    /// As a host does that cannot set headers.
    NoHeaders,
}

/// Serves one folder until it is dropped.
pub struct Server {
    address: SocketAddr,
    server: Arc<tiny_http::Server>,
    threads: Vec<JoinHandle<()>>,
}

struct Site {
    folder: PathBuf,
    headers: Headers,
}

impl Server {
    /// Serves `folder` on 127.0.0.1; port 0 takes a free one.
    pub fn start(folder: &Path, port: u16, sends: Sends) -> Outcome<Self> {
        let server = tiny_http::Server::http(("127.0.0.1", port)).map_err(|error| format!("Port {port} cannot be used: {error}."))?;
        let address = server.server_addr().to_ip().ok_or("The server has no address.")?;
        let headers = match sends {
            Sends::Headers => Headers::parse(&fs::read_to_string(folder.join("_headers")).unwrap_or_default()),
            Sends::NoHeaders => Headers::default(),
        };
        let folder = folder.canonicalize().map_err(|error| format!("{}: {error}", folder.display()))?;
        let (server, site) = (Arc::new(server), Arc::new(Site { folder, headers }));
        let threads = (0..THREADS)
            .map(|_| {
                let (server, site) = (server.clone(), site.clone());
                std::thread::spawn(move || {
                    while let Ok(request) = server.recv() {
                        site.answer(request);
                    }
                })
            })
            .collect();
        Ok(Self { address, server, threads })
    }

    /// The page's address, `http://127.0.0.1:PORT/`.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Serves until the program is ended.
    pub fn wait(mut self) {
        for thread in self.threads.drain(..) {
            thread.join().ok();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for _ in &self.threads {
            self.server.unblock();
        }
        for thread in self.threads.drain(..) {
            thread.join().ok();
        }
    }
}

impl Site {
    fn answer(&self, request: Request) {
        // A client that went away is no matter of the server's.
        if !matches!(request.method(), Method::Get | Method::Head) {
            request.respond(self.plain("/", 405, "Only GET and HEAD are answered here.")).ok();
            return;
        }
        let url = request.url().split(['?', '#']).next().unwrap_or("/").to_owned();
        let Some((path, file)) = self.open(&url) else {
            request.respond(self.plain(&url, 404, "There is no such file.")).ok();
            return;
        };
        let tag = entity_tag(&file);
        let headers = self
            .headers
            .of(&url)
            .chain([("Content-Type", content_type(&path)), ("ETag", tag.as_str())])
            .filter_map(header)
            .collect::<Vec<_>>();
        let unchanged = request.headers().iter().any(|h| h.field.equiv("If-None-Match") && h.value.as_str() == tag);
        if unchanged {
            request.respond(with_headers(Response::empty(304), headers)).ok();
        } else {
            request.respond(with_headers(Response::from_file(file), headers)).ok();
        }
    }

    fn plain(&self, url: &str, status: u16, text: &str) -> Response<std::io::Cursor<Vec<u8>>> {
        let headers = self.headers.of(url).filter_map(header).collect();
        with_headers(Response::from_string(text).with_status_code(StatusCode(status)), headers)
    }

    fn open(&self, url: &str) -> Option<(PathBuf, File)> {
        let decoded = percent_decode(url.trim_start_matches('/'))?;
        let relative = if decoded.is_empty() { Path::new("index.html") } else { Path::new(&decoded) };
        if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let path = self.folder.join(relative).canonicalize().ok().filter(|path| path.starts_with(&self.folder) && path.is_file())?;
        File::open(&path).ok().map(|file| (path, file))
    }
}

fn with_headers<R: std::io::Read>(response: Response<R>, headers: Vec<Header>) -> Response<R> {
    headers.into_iter().fold(response, Response::with_header)
}

fn header((name, value): (&str, &str)) -> Option<Header> {
    Header::from_bytes(name, value).ok()
}

fn entity_tag(file: &File) -> String {
    let Ok(data) = file.metadata() else { return "\"\"".into() };
    let modified_ns = data.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).map_or(0, |age| age.as_nanos());
    format!("\"{:x}-{modified_ns:x}\"", data.len())
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' { hex(bytes.next()?)? * 16 + hex(bytes.next()?)? } else { byte });
    }
    String::from_utf8(decoded).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
