//! Sizes of panes that a person dragged; kept in this browser. What was never dragged has the stylesheet's size.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::page_storage;

/// Where they are kept.
const STORAGE_KEY: &str = "headroom-panes";

/// A size that can be dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The height of the console's faders.
    Console,
    /// The width of the channel panel.
    Channel,
}

impl Pane {
    /// Smallest and largest size in pixels.
    pub const fn limits_px(self) -> (f64, f64) {
        match self {
            Self::Console => (84.0, 420.0),
            Self::Channel => (300.0, 640.0),
        }
    }
}

/// Dragged sizes in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Sizes {
    console: Option<f64>,
    channel: Option<f64>,
}

/// The sizes of this page; a context.
#[derive(Clone, Copy)]
pub struct Panes(RwSignal<Sizes>);

impl Panes {
    /// As they were left.
    pub fn kept() -> Self {
        let text = page_storage().and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten());
        Self(RwSignal::new(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()))
    }

    /// A pane's dragged size within its limits, tracked.
    pub fn get(self, pane: Pane) -> Option<f64> {
        let (least, most) = pane.limits_px();
        let size = self.0.with(|sizes| match pane {
            Pane::Console => sizes.console,
            Pane::Channel => sizes.channel,
        });
        size.map(|size| size.clamp(least, most))
    }

    /// Another size, or the stylesheet's again. Where the browser keeps nothing, it lasts as long as the page.
    pub fn set(self, pane: Pane, size_px: Option<f64>) {
        self.0.update(|sizes| match pane {
            Pane::Console => sizes.console = size_px,
            Pane::Channel => sizes.channel = size_px,
        });
        if let Some((storage, text)) = page_storage().zip(self.0.with_untracked(serde_json::to_string).ok()) {
            let _ = storage.set_item(STORAGE_KEY, &text);
        }
    }
}
