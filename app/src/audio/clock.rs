//! Waiting on the page's clock.

use js_sys::{Array, Object, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// A promise that is kept with this value after this time.
fn timer(ms: i32, value: &JsValue) -> Promise {
    Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // A window always has a timer to give.
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_1(&resolve, ms, value);
        }
    })
}

/// Waits.
pub async fn sleep(ms: i32) {
    // A timer's promise is never broken.
    let _ = JsFuture::from(timer(ms, &JsValue::UNDEFINED)).await;
}

/// Waits for a promise, at most so long; `Ok(None)` when the time is over.
///
/// # Errors
/// What the promise is broken with.
pub async fn within(ms: i32, promise: &Promise) -> Result<Option<JsValue>, JsValue> {
    let late = JsValue::from(Object::new());
    let race = Promise::race(&Array::of2(promise, &timer(ms, &late)));
    JsFuture::from(race).await.map(|value| (value != late).then_some(value))
}
