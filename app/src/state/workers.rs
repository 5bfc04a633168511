//! The media workers as the studio holds them: started once, when something first needs them, and waited for by everybody.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::media::{MediaClient, MediaError};

/// The media workers, started or not.
#[derive(Clone, Copy)]
pub struct Workers {
    started: StoredValue<Option<Result<MediaClient, MediaError>>, LocalStorage>,
    starting: StoredValue<Option<js_sys::Promise>, LocalStorage>,
}

impl Workers {
    /// Not started.
    pub fn new() -> Self {
        Self { started: StoredValue::new_local(None), starting: StoredValue::new_local(None) }
    }

    /// The workers, once they can work.
    pub async fn get(self) -> Result<MediaClient, MediaError> {
        if let Some(started) = self.started.get_value() {
            return started;
        }
        let starting = self.starting.get_value().unwrap_or_else(|| {
            let promise = future_to_promise(async move {
                self.started.set_value(Some(MediaClient::start().await));
                Ok(JsValue::NULL)
            });
            self.starting.set_value(Some(promise.clone()));
            promise
        });
        let _ = JsFuture::from(starting).await;
        self.started.get_value().unwrap_or_else(|| Err(MediaError::not_started()))
    }
}
