//! The last words of an engine that failed: the panic's text in a fixed buffer, which outlives the trap and needs no decoder in Rust.

use std::cell::Cell;
use std::fmt::Write;

use wasm_bindgen::prelude::wasm_bindgen;

/// Longest text that is kept, bytes.
const TEXT_BYTES: usize = 512;

thread_local! {
    static TEXT: Cell<[u8; TEXT_BYTES]> = const { Cell::new([0; TEXT_BYTES]) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

struct Text {
    text: [u8; TEXT_BYTES],
    bytes: usize,
}

impl Write for Text {
    fn write_str(&mut self, part: &str) -> std::fmt::Result {
        let take = part.len().min(TEXT_BYTES - self.bytes);
        self.text[self.bytes..self.bytes + take].copy_from_slice(&part.as_bytes()[..take]);
        self.bytes += take;
        Ok(())
    }
}

/// From now on a panic leaves its text.
pub fn keep_text() {
    std::panic::set_hook(Box::new(|info| {
        let mut text = Text { text: [0; TEXT_BYTES], bytes: 0 };
        // Writing into `Text` cannot fail.
        let _ = write!(text, "{info}");
        TEXT.set(text.text);
        BYTES.set(text.bytes);
    }));
}

/// Where the text lies.
#[wasm_bindgen]
pub fn trap_text() -> *const u8 {
    TEXT.with(|text| text.as_ptr().cast_const().cast())
}

/// Its length in bytes, 0 while nothing happened.
#[wasm_bindgen]
pub fn trap_text_bytes() -> usize {
    BYTES.get()
}
