//! What a trial may ask of the audio in the page's address: `?quantum=1024` wants that many frames in the browser's quantum, where the
//! browser honours it, and `?slow-feed=10` makes the feeder ten times slower than it is. The sound must depend on neither.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// The number that the address gives a name.
pub fn asked(name: &str) -> Option<u32> {
    let search = web_sys::window()?.location().search().ok()?;
    let mut pairs = search.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name)?.1.parse().ok()
}

/// Asks for the quantum in a context's options.
pub fn hint_quantum(options: &JsValue) {
    if let Some(frames) = asked("quantum") {
        // A fresh dictionary takes any member.
        let _ = Reflect::set(options, &"renderSizeHint".into(), &frames.into());
    }
}

/// How many times slower than it could the feeder is to be.
pub fn feed_slowness() -> u32 {
    asked("slow-feed").unwrap_or(1).max(1)
}
