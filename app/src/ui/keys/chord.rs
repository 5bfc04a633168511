//! A key with what is held beside it: how it is told from what the browser says, and how it is written.

use leptos::ev::KeyboardEvent;
use serde::{Deserialize, Serialize};

/// A key, in lower case, with what is held beside it: one of the map's, or one that a person chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chord<Key = &'static str> {
    key: Key,
    ctrl: bool,
    /// `None` where the character itself needs Shift on some keyboards.
    shift: Option<bool>,
}

impl Chord {
    /// One of the map's.
    pub const fn new(key: &'static str, ctrl: bool, shift: Option<bool>) -> Self {
        Self { key, ctrl, shift }
    }
}

impl Chord<String> {
    /// What a person pressed; nothing while only Shift, Control or the like are down.
    pub fn pressed(event: &KeyboardEvent) -> Option<Self> {
        let is_held = event.alt_key() || matches!(&*event.key(), "Shift" | "Control" | "Alt" | "Meta" | "AltGraph" | "Dead" | "CapsLock");
        (!is_held).then(|| Self::of(&event.key(), event.ctrl_key() || event.meta_key(), event.shift_key()))
    }

    /// A key as the browser names it.
    pub fn of(key: &str, is_ctrl: bool, is_shift: bool) -> Self {
        let is_sign = key.chars().count() == 1 && !key.chars().all(char::is_alphabetic);
        Self { key: key.to_lowercase(), ctrl: is_ctrl, shift: (!is_sign).then_some(is_shift) }
    }
}

impl<Key: AsRef<str>> Chord<Key> {
    /// Whether the browser's key is this one.
    pub fn fits(&self, key: &str, is_ctrl: bool, is_shift: bool) -> bool {
        self.key.as_ref() == key.to_lowercase() && self.ctrl == is_ctrl && self.shift.is_none_or(|shift| shift == is_shift)
    }

    /// Whether one press could be both.
    pub fn meets(&self, other: &Chord<impl AsRef<str>>) -> bool {
        let meet = |shift: Option<bool>, other: Option<bool>| shift.is_none() || other.is_none() || shift == other;
        self.key.as_ref() == other.key.as_ref() && self.ctrl == other.ctrl && meet(self.shift, other.shift)
    }
}

impl<Key: AsRef<str>> std::fmt::Display for Chord<Key> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.ctrl {
            formatter.write_str("Ctrl ")?;
        }
        if self.shift == Some(true) {
            formatter.write_str("Shift ")?;
        }
        if self.key.as_ref() == " " {
            return formatter.write_str("Space");
        }
        let mut letters = self.key.as_ref().chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).try_for_each(|letter| std::fmt::Write::write_char(formatter, letter))
    }
}
