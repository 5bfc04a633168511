//! Knobs and faders of a MIDI controller on parameters: learned by turning one, kept in this browser for each session, taken over softly.
//!
//! What a knob does is what a hand on the control does: part of a gesture that ends when the knob rests, undone as one step, and written as
//! automation where that is on.

mod message;
mod ports;
mod takeover;

use std::collections::BTreeMap;
use std::time::Duration;

use dsp::protocol::StripId;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use session::model::Target;

use self::message::{Origin, turn_of};
use self::ports::Refusal;
use self::takeover::Takeover;
use super::{Studio, page_storage};
use crate::ui::widgets::MenuItem;

/// Where what was learned is kept.
const STORAGE_KEY: &str = "headroom-midi";
/// A knob's gesture ends after this rest.
const REST: Duration = Duration::from_millis(500);

/// A knob on a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    session: String,
    strip: StripId,
    target: Target,
    origin: Origin,
}

/// What the knobs do; a handful of signals, copied freely.
#[derive(Clone, Copy)]
pub struct Midi {
    learned: RwSignal<Vec<Learned>>,
    /// The parameter that the next turned knob gets, with its name.
    waiting: StoredValue<Option<(StripId, Target, String)>>,
    is_listening: StoredValue<bool>,
    takeovers: StoredValue<BTreeMap<usize, Takeover>>,
    rests: StoredValue<BTreeMap<usize, TimeoutHandle>, LocalStorage>,
}

impl Midi {
    /// As it was left.
    pub fn kept() -> Self {
        let text = page_storage().and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten());
        Self {
            learned: RwSignal::new(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()),
            waiting: StoredValue::new(None),
            is_listening: StoredValue::new(false),
            takeovers: StoredValue::new(BTreeMap::new()),
            rests: StoredValue::new_local(BTreeMap::new()),
        }
    }

    /// Gives up waiting for a knob; whether it waited.
    pub fn give_up(self) -> bool {
        let waited = self.waiting.with_value(Option::is_some);
        self.waiting.set_value(None);
        waited
    }

    fn change(self, how: impl FnOnce(&mut Vec<Learned>)) {
        self.learned.update(how);
        self.takeovers.set_value(BTreeMap::new());
        let text = self.learned.with_untracked(serde_json::to_string);
        if let Some((storage, text)) = page_storage().zip(text.ok()) {
            let _ = storage.set_item(STORAGE_KEY, &text);
        }
    }
}

impl Studio {
    fn session_id(self) -> String {
        self.peek(|session| session.id.clone()).unwrap_or_default()
    }

    /// The knob that a parameter has, read once.
    fn knob_of(self, strip: StripId, target: &Target) -> Option<Origin> {
        let session = self.session_id();
        let is_its = |learned: &&Learned| learned.session == session && learned.strip == strip && learned.target == *target;
        self.midi.learned.with_untracked(|learned| learned.iter().find(is_its).map(|learned| learned.origin))
    }

    /// What a parameter's menu offers.
    pub fn midi_items(self, strip: StripId, target: &Target, name: &str) -> Vec<MenuItem> {
        let (asked, named) = (target.clone(), name.to_owned());
        let learn = move || self.learn_knob(strip, asked.clone(), named.clone());
        let mut items = vec![MenuItem::new("Learn MIDI", "The next knob or fader that you turn on a controller turns it", learn)];
        if let Some(origin) = self.knob_of(strip, target) {
            let target = target.clone();
            let forget = move || {
                let session = self.session_id();
                self.midi.change(|all| all.retain(|it| it.session != session || it.strip != strip || it.target != target));
            };
            items.push(MenuItem::new("Forget MIDI", format!("Frees it from {}", origin.text()), forget));
        }
        items
    }

    fn learn_knob(self, strip: StripId, target: Target, name: String) {
        self.messages.news(format!("Turn a knob or fader on the MIDI controller: it gets {name}. Escape gives up."));
        self.midi.waiting.set_value(Some((strip, target, name)));
        self.listen_to_knobs();
    }

    /// Listens to the controllers where a knob was learned for the session that is open.
    pub fn use_learned_knobs(self) {
        let session = self.session_id();
        if self.midi.learned.with_untracked(|learned| learned.iter().any(|learned| learned.session == session)) {
            self.listen_to_knobs();
        }
    }

    fn listen_to_knobs(self) {
        if self.midi.is_listening.get_value() {
            return;
        }
        self.midi.is_listening.set_value(true);
        spawn_local(async move {
            let Err(refusal) = ports::listen(move |bytes| self.knob_message(bytes)).await else { return };
            self.midi.is_listening.set_value(false);
            self.midi.give_up();
            self.messages.attention(match refusal {
                Refusal::Absent => "This browser has no MIDI: use Chrome, Edge or Firefox for a controller.",
                Refusal::Denied => "The browser does not allow MIDI for this page: allow it beside the address, then try again.",
            });
        });
    }

    fn knob_message(self, bytes: &[u8]) {
        let Some((origin, position)) = turn_of(bytes) else { return };
        if let Some((strip, target, name)) = self.midi.waiting.get_value() {
            self.midi.waiting.set_value(None);
            let learned = Learned { session: self.session_id(), strip, target, origin };
            self.messages.news(format!("{name} is turned by {} now.", origin.text()));
            self.midi.change(|all| {
                let is_same_place = |it: &Learned| it.strip == learned.strip && it.target == learned.target;
                all.retain(|it| it.session != learned.session || (it.origin != origin && !is_same_place(it)));
                all.push(learned);
            });
            return;
        }
        let session = self.session_id();
        let all = self.midi.learned.get_untracked();
        for (index, learned) in all.iter().enumerate().filter(|(_, it)| it.session == session && it.origin == origin) {
            self.turn_knob(index, learned, position);
        }
    }

    fn turn_knob(self, index: usize, learned: &Learned, position: f32) {
        let Learned { strip, target, .. } = learned;
        let found = self.peek_strip(*strip, |strip| Some((strip.spec_of(target)?, strip.value_of(target)))).flatten();
        let Some((spec, value)) = found else { return };
        let mut follows = false;
        self.midi.takeovers.update_value(|all| follows = all.entry(index).or_default().follows(position, spec.to_position(value)));
        if !follows {
            return;
        }
        self.turn_value(*strip, target, spec, spec.from_position(position));
        let (strip, target) = (*strip, target.clone());
        self.midi.rests.update_value(|rests| {
            if let Some(rest) = rests.remove(&index) {
                rest.clear();
            }
            let ended = move || self.value_turned(strip, &target);
            rests.extend(set_timeout_with_handle(ended, REST).ok().map(|rest| (index, rest)));
        });
    }
}
