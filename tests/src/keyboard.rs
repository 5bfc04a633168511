//! The page by keyboard alone: values typed into sliders, menus walked with arrows, an export.

use std::path::PathBuf;

use thirtyfour::Key;

use crate::page::{Page, Route};
use crate::sound::WORK;

impl Page {
    /// Enter, the value, Enter, on the slider that the focus is brought to.
    pub async fn set_by_keys(&self, slider: Route<'_>, text: &str) {
        self.tab_to(slider).await;
        self.press(Key::Enter + "").await;
        let (scope, name) = slider.split_at(slider.len() - 1);
        let field_name = format!("{} value", name[0].1);
        let field = [scope, &[("textbox", field_name.as_str())]].concat();
        self.wait("the field has the focus", WORK, async || self.has_focus(&field).await).await;
        self.press(text).await;
        self.press(Key::Enter + "").await;
        self.gone(&field).await;
    }

    /// Brings the focus to a button and presses it with this key.
    pub async fn press_by_keys(&self, button: Route<'_>, key: Key) {
        self.tab_to(button).await;
        self.press(key + "").await;
    }

    /// Opens a menu by its button and chooses a line.
    pub async fn choose_by_keys(&self, button: Route<'_>, line: &str) {
        self.press_by_keys(button, Key::Enter).await;
        self.press_until(Key::Down, &[("menuitem", line)]).await;
        self.press(Key::Enter + "").await;
        self.gone(&[("menuitem", line)]).await;
    }

    /// Adds a processor to a strip, whose editor opens.
    pub async fn insert_by_keys(&self, strip: &str, processor: &str) {
        self.choose_by_keys(&[("group", strip), ("button", "Add insert")], processor).await;
        self.get(&[("region", &format!("{processor} on {strip}"))]).await;
    }

    /// Exports the song on show; the depth is the beginning of its name.
    pub async fn export_by_keys(&self, depth: &str) -> PathBuf {
        self.press(Key::Control + "e").await;
        self.tab_to(&[("dialog", "Export"), ("combobox", "Bit depth")]).await;
        self.press(depth).await;
        self.tab_to(&[("dialog", "Export"), ("button", "Start export")]).await;
        self.press(Key::Enter + "").await;
        let file = self.download(".wav", WORK).await;
        self.press(Key::Escape + "").await;
        self.gone(&[("dialog", "Export")]).await;
        file
    }
}
