//! The keyboard: keys that work wherever the focus is, except where the focus needs them itself; and the sheet that lists them.

mod chord;
mod map;
mod own;
mod palette;
mod regions;
mod sheet;

use dsp::engine::strip_param;
use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use web_sys::Element;

use crate::state::{Room, Studio};
use crate::ui::console::toggle_bypass;
use crate::ui::timeline::shape::Part;
use crate::ui::timeline::{TimelineState, clipboard, edits, many, span};
use crate::ui::topbar::MixSides;
use map::{Command, Focus};

pub use own::KeyChoice;
pub use palette::Palette;
pub use sheet::KeySheet;

/// The dialogs that keys open.
#[derive(Clone, Copy)]
pub struct Dialogs {
    /// The sheet of keys.
    pub sheet: RwSignal<bool>,
    /// The palette of commands.
    pub palette: RwSignal<bool>,
}

/// A nudge of the fine kind is this part of a step.
const FINE_PART: i64 = 100;

/// Listens on the window for as long as the calling view stands.
pub fn install_keys(studio: Studio, timeline: TimelineState, sides: MixSides, dialogs: Dialogs) {
    let choice = expect_context::<KeyChoice>();
    let pressed = window_event_listener(ev::keydown, move |event: KeyboardEvent| {
        if event.default_prevented() || event.alt_key() || event.is_composing() {
            return;
        }
        let is_ctrl = event.ctrl_key() || event.meta_key();
        let command = choice.peek(|own| map::command(own, &event.key(), is_ctrl, event.shift_key(), focus_now()));
        let Some(command) = command else { return };
        if !studio.is_open_untracked() && !matches!(command, Command::Sheet | Command::Region(_)) {
            return;
        }
        if run(studio, timeline, sides, dialogs, command, event.repeat()) {
            event.prevent_default();
        }
    });
    // The release of Space presses a focused button: not when Space was Play.
    let released = window_event_listener(ev::keyup, move |event: KeyboardEvent| {
        if event.key() == " " && choice.peek(|own| map::command(own, " ", false, false, focus_now())) == Some(Command::Play) {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        pressed.remove();
        released.remove();
    });
}

fn focus_now() -> Focus {
    let in_dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
    let Some(element) = document().active_element() else { return Focus { in_dialog, ..Focus::default() } };
    let fits = |selector: &str| element.matches(selector).unwrap_or(false);
    let is_text = fits("textarea, select, [contenteditable], input:not([type=file], [type=checkbox], [type=radio], [type=range])");
    Focus { is_text, takes_space: takes_space(&element), in_dialog }
}

/// Switches, checkboxes and menus always; other buttons only while the keyboard is on them. Clips and points do nothing with Space.
fn takes_space(element: &Element) -> bool {
    let fits = |selector: &str| element.matches(selector).unwrap_or(false);
    fits("[role=switch], [type=checkbox], [type=radio], [role=checkbox], [role^=menuitem], [role=option], [type=file]")
        || (fits("button:focus-visible, a:focus-visible, summary:focus-visible") && !fits(".clip, .lane-point"))
}

/// Does what a key says; `false` when there is nothing for it to do.
fn run(studio: Studio, timeline: TimelineState, sides: MixSides, dialogs: Dialogs, command: Command, is_repeat: bool) -> bool {
    let once = !is_repeat;
    match command {
        Command::Escape if studio.midi.give_up() => studio.messages.news("No knob was learned."),
        Command::Play if once => studio.toggle_play(),
        Command::Start => studio.return_to_start(),
        Command::Loop if once => studio.toggle_loop(),
        Command::Undo => studio.undo(),
        Command::Redo => studio.redo(),
        Command::Save if once => studio.save_session_file(),
        Command::Export if once => studio.export_open.set(true),
        Command::Sheet if once => dialogs.sheet.update(|open| *open = !*open),
        Command::Palette if once => dialogs.palette.set(true),
        Command::CompareMixes if once && studio.room.get_untracked() == Room::Mix => sides.turn(studio),
        Command::Region(forward) => regions::go(forward),
        Command::Channel if once => studio.channel_over.update(|over| *over = !*over),
        Command::Console if once => studio.console_alone.update(|alone| *alone = !*alone),
        Command::Fold if once => match studio.selected.get_untracked() {
            Some(strip) => studio.toggle_fold(strip),
            None => studio.messages.news("Select a group first: what goes into it is folded."),
        },
        Command::Mute if once => toggle(studio, strip_param::MUTE),
        Command::Unity => set_unity(studio),
        Command::Bypass if once => bypass_last(studio),
        Command::Reference if once => studio.toggle_reference(),
        Command::Before if once => studio.toggle_before(),
        Command::NextVersion if once => studio.next_version(),
        Command::SoloOrSplit if once && studio.room.get_untracked() == Room::Mix && span::split(studio, timeline) => {}
        Command::SoloOrSplit if once => match selected_clip(studio, timeline) {
            Some(_) => many::split(studio, &timeline.chosen(studio), studio.locator.get_untracked()),
            None => toggle(studio, strip_param::SOLO),
        },
        Command::Play
        | Command::Loop
        | Command::Save
        | Command::Export
        | Command::Sheet
        | Command::Palette
        | Command::CompareMixes
        | Command::Channel
        | Command::Console
        | Command::Fold
        | Command::Mute
        | Command::Bypass
        | Command::Reference
        | Command::Before
        | Command::NextVersion
        | Command::SoloOrSplit => {}
        _ => return on_timeline(studio, timeline, command),
    }
    true
}

/// Keys that only the Mix room has.
fn on_timeline(studio: Studio, timeline: TimelineState, command: Command) -> bool {
    if studio.room.get_untracked() != Room::Mix {
        return false;
    }
    match command {
        Command::Zoom(true) => timeline.zoom(1.0 / 1.5),
        Command::Zoom(false) => timeline.zoom(1.5),
        Command::ZoomSelection => timeline.zoom_to_selection(studio),
        Command::Automation => timeline.toggle_lane(studio),
        Command::Escape => {
            timeline.let_go();
            timeline.stretch.set(None);
            timeline.span.set(None);
        }
        Command::Copy => return clipboard::copy(studio, timeline),
        Command::Cut => return clipboard::cut(studio, timeline),
        Command::Paste => return clipboard::paste(studio, timeline),
        Command::Delete => return clipboard::delete(studio, timeline),
        Command::Span => span::choose_loop(studio, timeline),
        Command::Duplicate if span::repeat(studio, timeline) => {}
        Command::ChooseAll => {
            let all = studio.peek_song(|song| song.clips().map(|(_, clip)| clip.id).collect::<Vec<_>>()).unwrap_or_default();
            timeline.choose_all(&all);
        }
        _ => {
            let Some(clip) = selected_clip(studio, timeline) else { return false };
            let (step, playhead) = (timeline.step_frames(studio) as i64, studio.locator.get_untracked());
            let chosen = timeline.chosen(studio);
            let way = |later: bool| if later { 1 } else { -1 };
            match command {
                Command::Nudge(later) => many::move_by(studio, &chosen, way(later) * step),
                Command::NudgeFine(later) => many::move_by(studio, &chosen, way(later) * (step / FINE_PART).max(1)),
                Command::Duplicate => many::duplicate(studio, timeline, &chosen),
                Command::Crossfade => many::crossfade(studio, clip),
                Command::Trim(end) => edits::take_part_to(studio, clip, if end { Part::End } else { Part::Start }, playhead),
                Command::Fade(out) => edits::take_part_to(studio, clip, if out { Part::FadeOut } else { Part::FadeIn }, playhead),
                _ => return false,
            }
        }
    }
    true
}

fn selected_clip(studio: Studio, timeline: TimelineState) -> Option<session::model::ClipId> {
    let id = timeline.selected.get_untracked().filter(|_| studio.room.get_untracked() == Room::Mix)?;
    studio.peek_song(|song| song.clip(id).map(|_| id)).flatten()
}

fn toggle(studio: Studio, index: usize) {
    match studio.selected.get_untracked() {
        Some(strip) => studio.toggle_strip_switch(strip, index),
        None => studio.messages.news("Select a strip first: its name in the console or in the timeline."),
    }
}

fn set_unity(studio: Studio) {
    if let Some(strip) = studio.selected.get_untracked() {
        studio.set_strip_value(strip, strip_param::VOLUME, 0.0);
    }
}

fn bypass_last(studio: Studio) {
    let last = studio.editors.with_untracked(|open| open.last().copied());
    let strip = last.and_then(|insert| studio.peek_song(|song| song.insert(insert).map(|(strip, _)| strip.id)).flatten());
    if let (Some(strip), Some(insert)) = (strip, last) {
        toggle_bypass(studio, strip, insert);
    }
}
