//! One tab per session: a Web Lock that lasts as long as the session is open here.
//!
//! web-sys knows the lock manager only behind an unstable flag, so it is called by name.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// What the lock's name begins with.
const LOCK_MARK: &str = "headroom-session-";

#[derive(Default)]
struct Held {
    id: Option<String>,
    is_held: bool,
    /// Ends the promise that the browser holds the lock for.
    end: Option<Function>,
}

/// The lock of the open session.
#[derive(Clone, Copy)]
pub struct SessionLock {
    held: StoredValue<Held, LocalStorage>,
}

impl SessionLock {
    /// None held.
    pub fn new() -> Self {
        Self { held: StoredValue::new_local(Held::default()) }
    }

    /// Whether a session is held, so that it may be written.
    pub fn is_held(self) -> bool {
        self.held.with_value(|held| held.is_held)
    }

    /// Whether the browser has not answered yet.
    pub fn is_pending(self) -> bool {
        self.held.with_value(|held| held.id.is_some() && !held.is_held)
    }

    /// Takes the lock of a session; `on_taken` is called when another tab has it.
    pub fn take(self, id: String, on_taken: impl FnOnce() + 'static) {
        if self.held.with_value(|held| held.id.as_ref() == Some(&id)) {
            return;
        }
        self.release();
        let name = format!("{LOCK_MARK}{id}");
        self.held.update_value(|held| held.id = Some(id.clone()));
        let granted = Closure::once_into_js(move |lock: JsValue| self.answered(&id, &lock, on_taken));
        if request(&name, &granted).is_none() {
            // A browser without locks: nothing can be known of other tabs.
            self.held.update_value(|held| held.is_held = true);
        }
    }

    /// What the browser holds the lock for: a promise that ends when the session is closed.
    fn answered(self, id: &str, lock: &JsValue, on_taken: impl FnOnce()) -> JsValue {
        if self.held.with_value(|held| held.id.as_deref() != Some(id)) {
            return JsValue::UNDEFINED;
        }
        if lock.is_null() {
            self.held.set_value(Held::default());
            on_taken();
            return JsValue::UNDEFINED;
        }
        let promise = Promise::new(&mut |resolve: Function, _: Function| {
            self.held.update_value(|held| (held.is_held, held.end) = (true, Some(resolve)));
        });
        promise.into()
    }

    /// Gives the lock up.
    pub fn release(self) {
        let held = self.held.try_update_value(std::mem::take);
        if let Some(end) = held.and_then(|held| held.end) {
            let _ = end.call0(&JsValue::UNDEFINED);
        }
    }
}

/// `navigator.locks.request(name, { ifAvailable: true }, granted)`.
fn request(name: &str, granted: &JsValue) -> Option<()> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into::<Function>().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &true.into()).ok()?;
    request.call3(&locks, &name.into(), &options, granted).ok().map(|_| ())
}
