//! Controls of strips, inserts and sends: a declaration, its value in the document, and the edit that sets it.

use dsp::engine::{SEND_PARAMS, STRIP_PARAMS, send_param};
use dsp::params::ParamSpec;
use dsp::protocol::{InsertId, SendId, StripId};
use leptos::prelude::*;
use session::Edit;
use session::model::{Send, Target};

use super::Studio;
use crate::ui::widgets::Control;

impl Studio {
    /// One of [`STRIP_PARAMS`] of a strip.
    pub fn strip_control(self, strip: StripId, index: usize) -> Control {
        let spec = &STRIP_PARAMS[index];
        self.control(strip, Target::Strip(spec.id.into()), spec)
    }

    /// A parameter of an insert.
    pub fn insert_control(self, strip: StripId, insert: InsertId, spec: &'static ParamSpec) -> Control {
        self.control(strip, Target::Insert(insert, spec.id.into()), spec)
    }

    /// One of [`SEND_PARAMS`] of a send.
    pub fn send_control(self, strip: StripId, send: SendId, index: usize) -> Control {
        let spec = &SEND_PARAMS[index];
        self.control(strip, Target::Send(send, spec.id.into()), spec)
    }

    /// The level of the send from one strip to another; the send is made when it is first turned up.
    pub fn send_level_control(self, strip: StripId, to: StripId) -> Control {
        let spec = &SEND_PARAMS[send_param::LEVEL];
        let send = move || self.peek_strip(strip, |strip| strip.send_to(to).map(|send| send.id)).flatten();
        let value = Memo::new(move |_| {
            let level = self.strip(strip, |strip| strip.send_to(to).map(|send| strip.value_of(&Target::Send(send.id, spec.id.into()))));
            level.flatten().unwrap_or(spec.min)
        });
        let set = move |level: f32| {
            let Some(song) = self.peek_song_id() else { return };
            let edit = match send() {
                Some(send) => Edit::SetValue { song, strip, target: Target::Send(send, spec.id.into()), value: level },
                None => {
                    let Some(mut send) = self.peek(|session| Send::new(&mut session.ids(), to)) else { return };
                    send.values.insert(spec.id.into(), level);
                    Edit::AddSend { song, strip, at: usize::MAX, send }
                }
            };
            let target = send().map(|send| Target::Send(send, spec.id.into()));
            let taken = target.and_then(|target| self.take_over(strip, &target, spec, level));
            let returned = self.peek_strip(to, |strip| strip.name.clone()).unwrap_or_default();
            self.gesture(self.step_name(strip, &format!("send to {returned}")), with_lane(taken, edit));
        };
        let done = move |()| {
            if let Some(send) = send() {
                self.let_go_of(strip, &Target::Send(send, spec.id.into()));
            }
            self.end_gesture();
        };
        Control { spec, value: value.into(), set: Callback::new(set), done: Callback::new(done), more: None }
    }

    /// Sets one of [`STRIP_PARAMS`] in one step.
    pub fn set_strip_value(self, strip: StripId, index: usize, value: f32) {
        let (Some(song), spec) = (self.peek_song_id(), &STRIP_PARAMS[index]) else { return };
        let step = self.step_name_together(strip, spec);
        self.dispatch(step, self.set_together(song, strip, spec, value));
    }

    /// Turns one of the switches of [`STRIP_PARAMS`] over.
    pub fn toggle_strip_switch(self, strip: StripId, index: usize) {
        let is_on = self.peek_strip(strip, |strip| strip.is_on(STRIP_PARAMS[index].id)).unwrap_or(false);
        self.set_strip_value(strip, index, if is_on { 0.0 } else { 1.0 });
    }

    fn control(self, strip: StripId, target: Target, spec: &'static ParamSpec) -> Control {
        let target = StoredValue::new(target);
        let value =
            Memo::new(move |_| target.with_value(|target| self.strip(strip, |strip| strip.value_of(target))).unwrap_or(spec.default));
        let set = move |value: f32| self.turn_value(strip, &target.get_value(), spec, value);
        let done = move |()| self.value_turned(strip, &target.get_value());
        let more = move |name: String| self.midi_items(strip, &target.get_value(), &name);
        Control { spec, value: value.into(), set: Callback::new(set), done: Callback::new(done), more: Some(Callback::new(more)) }
    }

    /// Sets a value as part of a gesture.
    pub(super) fn turn_value(self, strip: StripId, target: &Target, spec: &'static ParamSpec, value: f32) {
        let Some(song) = self.peek_song_id() else { return };
        let taken = self.take_over(strip, target, spec, value);
        let (step, edit) = match target {
            Target::Strip(_) => (self.step_name_together(strip, spec), self.set_together(song, strip, spec, value)),
            target => (self.step_name(strip, &spec.name.to_lowercase()), Edit::SetValue { song, strip, target: target.clone(), value }),
        };
        self.gesture(step, with_lane(taken, edit));
    }

    /// Ends that gesture.
    pub(super) fn value_turned(self, strip: StripId, target: &Target) {
        self.let_go_of(strip, target);
        self.end_gesture();
    }

    /// What undo calls a change of something on a strip: "Kick volume".
    pub fn step_name(self, strip: StripId, what: &str) -> String {
        let name = self.peek_strip(strip, |strip| strip.name.clone()).unwrap_or_default();
        format!("{name} {what}")
    }
}

/// An edit behind the one that takes its lane out of reading, when there is one.
fn with_lane(lane: Option<Edit>, edit: Edit) -> Edit {
    match lane {
        Some(lane) => Edit::Batch(vec![lane, edit]),
        None => edit,
    }
}
