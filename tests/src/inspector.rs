//! Chromium's own inspector, for what WebDriver cannot reach: the heap of the audio thread. A WebSocket client of the few lines that this takes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::page::Page;

/// Bits of a frame's first two bytes: last of its message, text, masked, and the lengths that stand for longer ones.
const FINAL: u8 = 0x80;
const TEXT: u8 = 1;
const MASKED: u8 = 0x80;
const WORD_LENGTH: u8 = 126;
const LONG_LENGTH: u8 = 127;

/// A connection to the browser that shows a page.
pub struct Inspector {
    stream: BufReader<TcpStream>,
    next_id: u64,
    /// By which the page is spoken to.
    page: String,
    /// What it has attached to: kind of target and the session by which it is spoken to.
    targets: Vec<(String, String)>,
}

impl Inspector {
    /// Connects and attaches to the page and every thread that belongs to it.
    pub fn of(page: &Page) -> Self {
        let file = page.downloads().with_file_name("profile").join("DevToolsActivePort");
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let (port, path) = text.split_once('\n').unwrap_or_else(|| panic!("no port in {text:?}"));
        let stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap_or_else(|error| panic!("port {port}: {error}"));
        let mut inspector = Self { stream: BufReader::new(stream), next_id: 0, page: String::new(), targets: Vec::new() };
        inspector.shake_hands(port, path.trim());
        inspector.attach(page.url());
        inspector
    }

    fn shake_hands(&mut self, port: &str, path: &str) {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: SGVhZHJvb20gdGVzdHMgaA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap_or_else(|error| panic!("the inspector: {error}"));
        let mut lines = Vec::new();
        while lines.last().is_none_or(|line: &String| line != "\r\n") {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap_or_else(|error| panic!("the inspector: {error}"));
            lines.push(line);
        }
        assert!(lines[0].contains("101"), "the inspector refuses: {}", lines[0]);
    }

    fn attach(&mut self, url: &str) {
        let found = self.call(None, "Target.getTargets", json!({}));
        let is_ours = |target: &&Value| target["type"] == "page" && target["url"].as_str().is_some_and(|shown| shown.starts_with(url));
        let target = found["targetInfos"].as_array().into_iter().flatten().find(is_ours);
        let id = target.unwrap_or_else(|| panic!("no page at {url} in {found}"))["targetId"].clone();
        let attached = self.call(None, "Target.attachToTarget", json!({ "targetId": id, "flatten": true }));
        self.page = attached["sessionId"].as_str().unwrap_or_default().to_owned();
        self.ask_page("Target.setAutoAttach", json!({ "autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true }));
    }

    /// Kinds of targets that were found, with their sessions.
    pub fn targets(&self) -> &[(String, String)] {
        &self.targets
    }

    /// Bytes in use of a target's heap.
    pub fn heap_bytes(&mut self, session: &str) -> f64 {
        self.call(Some(session), "Runtime.getHeapUsage", json!({}))["usedSize"].as_f64().unwrap_or(f64::NAN)
    }

    /// Asks the page, and waits for the answer.
    pub fn ask_page(&mut self, method: &str, params: Value) -> Value {
        let page = self.page.clone();
        self.call(Some(&page), method, params)
    }

    /// Asks a target, or the browser itself, and waits for the answer.
    pub fn call(&mut self, session: Option<&str>, method: &str, params: Value) -> Value {
        self.next_id += 1;
        let mut message = json!({ "id": self.next_id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        self.send(&message.to_string());
        loop {
            let answer = self.receive();
            if answer["method"] == "Target.attachedToTarget" {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                self.targets.push((text(&answer["params"]["targetInfo"]["type"]), text(&answer["params"]["sessionId"])));
            }
            if answer["id"] == self.next_id {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    fn send(&mut self, text: &str) {
        let mut frame = vec![FINAL | TEXT, MASKED | LONG_LENGTH];
        frame.extend((text.len() as u64).to_be_bytes());
        // A mask of zeros leaves the text as it is.
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.stream.get_mut().write_all(&frame).unwrap_or_else(|error| panic!("the inspector: {error}"));
    }

    fn receive(&mut self) -> Value {
        let mut message = Vec::new();
        loop {
            let [first, length] = self.bytes();
            let length = match length & !MASKED {
                WORD_LENGTH => u64::from(u16::from_be_bytes(self.bytes())),
                LONG_LENGTH => u64::from_be_bytes(self.bytes()),
                short => u64::from(short),
            };
            self.stream.by_ref().take(length).read_to_end(&mut message).unwrap_or_else(|error| panic!("the inspector: {error}"));
            if first & FINAL != 0 {
                return serde_json::from_slice(&message).unwrap_or_default();
            }
        }
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.stream.read_exact(&mut bytes).unwrap_or_else(|error| panic!("the inspector: {error}"));
        bytes
    }
}
