//! The hint line: what the hovered or focused control is called and how it is used.

use dsp::params::ParamSpec;
use leptos::prelude::*;

/// What the status bar shows at its left.
#[derive(Clone, Copy)]
pub struct Hints {
    line: RwSignal<(String, String)>,
}

impl Hints {
    /// An empty line.
    pub fn new() -> Self {
        Self { line: RwSignal::default() }
    }

    /// Shows a control's name and its use.
    pub fn show(self, name: &str, text: &str) {
        let is_same = self.line.with_untracked(|line| line.0 == name && line.1 == text);
        if !is_same {
            self.line.set((name.to_owned(), text.to_owned()));
        }
    }

    /// Shows what a continuous control does and its gestures.
    pub fn show_slider(self, name: &str, spec: &ParamSpec) {
        let text =
            format!("{} Drag to change · Shift for fine · double-click for {} · Enter to type a value", spec.help, spec.text(spec.default));
        self.show(name, &text);
    }

    /// Name and text, tracked.
    pub fn get(self) -> (String, String) {
        self.line.get()
    }
}
