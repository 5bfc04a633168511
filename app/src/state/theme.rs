//! Dark and light. The system decides until the person does; the choice is kept in this browser.

use leptos::prelude::*;
use web_sys::Storage;

/// Where the choice is kept.
const STORAGE_KEY: &str = "headroom-theme";

/// A theme, as the stylesheet names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Graphite.
    Dark,
    /// Paper.
    Light,
}

impl Theme {
    const fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    /// The kept choice, or what the system asks for.
    pub fn first() -> Self {
        let kept = page_storage().and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten());
        match kept.as_deref() {
            Some("dark") => Self::Dark,
            Some("light") => Self::Light,
            _ if system_prefers_light() => Self::Light,
            _ => Self::Dark,
        }
    }

    /// The other one.
    pub const fn other(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Dark,
        }
    }

    /// Keeps it as the person's choice. Where the browser keeps nothing, it lasts as long as the page.
    pub fn keep(self) {
        if let Some(storage) = page_storage() {
            let _ = storage.set_item(STORAGE_KEY, self.word());
        }
    }

    /// Puts it on the page.
    pub fn show(self) {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", self.word());
        }
    }
}

/// The page's own storage, where the browser allows one.
pub fn page_storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn system_prefers_light() -> bool {
    window().match_media("(prefers-color-scheme: light)").ok().flatten().is_some_and(|query| query.matches())
}
