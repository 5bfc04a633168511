//! The keys that a person chose in place of the map's, kept in this browser. A chosen key goes before the map's: what had it before has
//! none until it is given another.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::chord::Chord;
use super::map::{BINDINGS, Binding, Command};
use crate::state::page_storage;

/// Where they are kept.
const STORAGE_KEY: &str = "headroom-keys";

/// Chosen keys by the command's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OwnKeys(BTreeMap<String, Chord<String>>);

fn name(command: Command) -> String {
    format!("{command:?}")
}

impl OwnKeys {
    /// Gives a command this key alone.
    pub fn choose(&mut self, command: Command, chord: Chord<String>) {
        self.0.retain(|_, other| !other.meets(&chord));
        let is_the_maps = BINDINGS.iter().any(|binding| binding.command == command && binding.chords.iter().any(|own| own.meets(&chord)));
        if is_the_maps {
            self.0.remove(&name(command));
        } else {
            self.0.insert(name(command), chord);
        }
    }

    /// The map's keys again.
    pub fn forget(&mut self, command: Command) {
        self.0.remove(&name(command));
    }

    /// Whether any key was chosen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key chosen for a command.
    pub fn of(&self, command: Command) -> Option<&Chord<String>> {
        self.0.get(&name(command))
    }

    /// The line of the map that a press belongs to.
    pub fn find(&self, key: &str, is_ctrl: bool, is_shift: bool) -> Option<&'static Binding> {
        let is_chosen = |command| self.of(command).is_some_and(|chord| chord.fits(key, is_ctrl, is_shift));
        let is_the_maps = |binding: &Binding| binding.chords.iter().any(|chord| chord.fits(key, is_ctrl, is_shift));
        let chosen = BINDINGS.iter().find(|binding| is_chosen(binding.command));
        let by_map = || BINDINGS.iter().find(|binding| self.of(binding.command).is_none() && is_the_maps(binding));
        chosen.or_else(by_map)
    }

    /// A line's keys as they are written, empty when another command took them.
    pub fn written(&self, binding: &Binding) -> String {
        match self.of(binding.command) {
            Some(chord) => chord.to_string(),
            None if binding.chords.iter().all(|chord| self.0.values().any(|chosen| chosen.meets(chord))) => String::new(),
            None => binding.keys.to_owned(),
        }
    }

    /// Another command that would lose its key to this press.
    pub fn owner(&self, chord: &Chord<String>, but: Command) -> Option<&'static Binding> {
        let has = |binding: &&Binding| match self.of(binding.command) {
            Some(own) => own.meets(chord),
            None => binding.chords.iter().any(|own| own.meets(chord)) && !self.0.values().any(|chosen| chosen.meets(chord)),
        };
        BINDINGS.iter().filter(|binding| binding.command != but).find(has)
    }
}

/// The chosen keys of this page; a context.
#[derive(Clone, Copy)]
pub struct KeyChoice(RwSignal<OwnKeys>);

impl KeyChoice {
    /// What was kept in this browser.
    pub fn kept() -> Self {
        let kept = page_storage().and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten());
        Self(RwSignal::new(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()))
    }

    /// Looks at them, and again when they change.
    pub fn with<T>(self, look: impl FnOnce(&OwnKeys) -> T) -> T {
        self.0.with(look)
    }

    /// Looks at them once.
    pub fn peek<T>(self, look: impl FnOnce(&OwnKeys) -> T) -> T {
        self.0.with_untracked(look)
    }

    /// Changes and keeps them. Where the browser keeps nothing, they last as long as the page.
    pub fn change(self, how: impl FnOnce(&mut OwnKeys)) {
        self.0.update(how);
        if let (Some(storage), Ok(text)) = (page_storage(), self.peek(serde_json::to_string)) {
            let _ = storage.set_item(STORAGE_KEY, &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(own: &OwnKeys, key: &str, is_ctrl: bool) -> Option<Command> {
        own.find(key, is_ctrl, false).map(|binding| binding.command)
    }

    fn written(own: &OwnKeys, command: Command) -> String {
        BINDINGS.iter().find(|binding| binding.command == command).map(|binding| own.written(binding)).expect("a line")
    }

    #[test]
    fn a_chosen_key_goes_before_the_maps_and_what_had_it_has_none() {
        let mut own = OwnKeys::default();
        let chord = Chord::of("M", false, false);
        assert_eq!(own.owner(&chord, Command::Loop).map(|binding| binding.command), Some(Command::Mute));
        own.choose(Command::Loop, chord);
        assert_eq!((found(&own, "m", false), found(&own, "l", false)), (Some(Command::Loop), None));
        assert_eq!((written(&own, Command::Loop), written(&own, Command::Mute)), ("M".into(), String::new()));
        own.forget(Command::Loop);
        assert_eq!((found(&own, "m", false), found(&own, "l", false)), (Some(Command::Mute), Some(Command::Loop)));
    }

    #[test]
    fn choosing_the_maps_own_key_is_no_choice_and_one_press_stands_for_one_command() {
        let mut own = OwnKeys::default();
        own.choose(Command::Loop, Chord::of("q", true, false));
        own.choose(Command::Mute, Chord::of("q", true, false));
        assert_eq!((own.of(Command::Loop), found(&own, "q", true)), (None, Some(Command::Mute)));
        assert_eq!(written(&own, Command::Mute), "Ctrl Q");
        own.choose(Command::Mute, Chord::of("m", false, false));
        assert!(own.is_empty());
    }

    #[test]
    fn what_is_kept_is_found_again_and_a_command_that_is_gone_is_passed_over() {
        let mut own = OwnKeys::default();
        own.choose(Command::Nudge(true), Chord::of("#", false, true));
        let text = serde_json::to_string(&own).expect("text").replacen('{', r#"{"Gone":{"key":"w","ctrl":false,"shift":false},"#, 1);
        let again: OwnKeys = serde_json::from_str(&text).expect("keys");
        assert_eq!((found(&again, "#", false), found(&again, "w", false)), (Some(Command::Nudge(true)), None));
    }
}
