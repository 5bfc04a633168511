//! The command palette: every command of the key map, every processor and every strip, found by typing.

use dsp::processors::SPECS;
use dsp::protocol::StripKind;
use leptos::ev::KeyboardEvent;
use leptos::html::{Dialog, Input};
use leptos::prelude::*;

use super::Dialogs;
use super::map::{BINDINGS, Command};
use super::own::KeyChoice;
use crate::state::{Room, Studio};
use crate::ui::console::add_insert;
use crate::ui::timeline::TimelineState;
use crate::ui::topbar::MixSides;

/// Most lines that are listed at a time.
const MOST_LINES: usize = 12;

/// Strips that can be added, with the processor that they begin with.
const NEW_STRIPS: [(&str, StripKind, Option<&str>); 5] = [
    ("Add an empty track", StripKind::Audio, None),
    ("Add a group around the chosen strips", StripKind::Group, None),
    ("Add a return with a reverb", StripKind::Return, Some("reverb")),
    ("Add a return with a delay", StripKind::Return, Some("delay")),
    ("Add an empty return", StripKind::Return, None),
];

/// What a line does.
#[derive(Clone, Copy)]
enum Act {
    Command(Command),
    AddInsert(dsp::protocol::StripId, &'static str),
    AddStrip(StripKind, Option<&'static str>),
    Freeze(dsp::protocol::StripId),
    Thaw(dsp::protocol::StripId),
    Select(dsp::protocol::StripId),
    ChooseBeside(dsp::protocol::StripId),
    Locate(u64),
    Show(Room),
}

/// A line of the palette.
#[derive(Clone)]
struct Line {
    text: String,
    keys: String,
    act: Act,
}

impl Line {
    fn new(text: impl Into<String>, act: Act) -> Self {
        Self { text: text.into(), keys: String::new(), act }
    }
}

/// Everything that can be chosen now.
fn lines(studio: Studio, choice: KeyChoice) -> Vec<Line> {
    let commands = BINDINGS
        .iter()
        .filter(|binding| !binding.keys.is_empty() && !matches!(binding.command, Command::Palette | Command::Escape))
        .map(|binding| Line {
            text: binding.text.to_owned(),
            keys: choice.peek(|own| own.written(binding)),
            act: Act::Command(binding.command),
        });
    let rooms = Room::ALL.map(|room| Line::new(format!("Go to {}", room.name()), Act::Show(room)));
    let strips = NEW_STRIPS.map(|(text, kind, processor)| Line::new(text, Act::AddStrip(kind, processor)));
    let selected = studio.selected.get_untracked();
    let of_song = studio.peek_song(|song| {
        let add = selected.and_then(|strip| song.strip(strip)).into_iter().flat_map(|strip| {
            SPECS.iter().map(|spec| Line::new(format!("Add {} to {}", spec.name, strip.name), Act::AddInsert(strip.id, spec.id)))
        });
        let select = song.strips.iter().map(|strip| Line::new(format!("Select {}", strip.name), Act::Select(strip.id)));
        let beside = selected.and_then(|strip| song.strip(strip)).into_iter().flat_map(|chosen| {
            let others = song.strips.iter().filter(|strip| strip.id != chosen.id && strip.kind != StripKind::Master);
            others.map(|strip| Line::new(format!("Choose {} beside {}", strip.name, chosen.name), Act::ChooseBeside(strip.id)))
        });
        let freezes = song.strips.iter().filter_map(|strip| match strip.frozen {
            Some(_) => Some(Line::new(format!("Thaw {}", strip.name), Act::Thaw(strip.id))),
            None => session::freeze::can_freeze(strip).then(|| Line::new(format!("Freeze {}", strip.name), Act::Freeze(strip.id))),
        });
        let markers = song.markers.iter().map(|marker| Line::new(format!("Go to marker {}", marker.name), Act::Locate(marker.frame)));
        add.chain(select).chain(beside).chain(freezes).chain(markers).collect::<Vec<_>>()
    });
    commands.chain(rooms).chain(strips).chain(of_song.unwrap_or_default()).collect()
}

/// Whether every word that was typed is in the text.
fn fits(text: &str, typed: &str) -> bool {
    let text = text.to_lowercase();
    typed.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// The dialog "Commands".
#[component]
pub fn Palette(dialogs: Dialogs) -> impl IntoView {
    let open = dialogs.palette;
    let sides = expect_context::<MixSides>();
    let studio = expect_context::<Studio>();
    let timeline = expect_context::<TimelineState>();
    let choice = expect_context::<KeyChoice>();
    let (dialog, input) = (NodeRef::<Dialog>::new(), NodeRef::<Input>::new());
    let (typed, chosen, all) = (RwSignal::new(String::new()), RwSignal::new(0usize), RwSignal::new(Vec::<Line>::new()));
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            all.set(lines(studio, choice));
            typed.set(String::new());
            chosen.set(0);
            let _ = dialog.show_modal();
            if let Some(input) = input.get_untracked() {
                input.set_value("");
                let _ = input.focus();
            }
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let found = Memo::new_with_compare(
        move |_| {
            let typed = typed.get();
            all.with(|all| all.iter().filter(|line| fits(&line.text, &typed)).take(MOST_LINES).cloned().collect::<Vec<_>>())
        },
        |_, _| true,
    );
    let run = move |act: Act| {
        // Closed first: a command may open a dialog of its own, and the focus goes back to where it was.
        open.set(false);
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
        perform(studio, timeline, sides, dialogs, act);
    };
    let key = move |event: KeyboardEvent| {
        let count = found.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => chosen.update(|chosen| *chosen = (*chosen + 1) % count),
            "ArrowUp" if count > 0 => chosen.update(|chosen| *chosen = (*chosen + count - 1) % count),
            "Enter" => {
                if let Some(act) = found.with_untracked(|found| found.get(chosen.get_untracked()).map(|line| line.act)) {
                    run(act);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let line = move |(place, line): (usize, Line)| {
        let act = line.act;
        let is_chosen = move || if chosen.get() == place { "true" } else { "false" };
        view! {
            <li id=format!("palette-{place}") role="option" aria-selected=is_chosen on:pointerdown=move |event| {
                event.prevent_default();
                run(act);
            }>
                <span class="grow">{line.text}</span>
                {(!line.keys.is_empty()).then(|| view! { <kbd>{line.keys}</kbd> })}
            </li>
        }
    };
    view! {
        <dialog class="dialog palette" node_ref=dialog aria-label="Commands" on:close=move |_| open.set(false)>
            <input
                node_ref=input
                class="palette-input"
                type="text"
                role="combobox"
                aria-label="Find a command"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || format!("palette-{}", chosen.get())
                placeholder="Command, processor, strip or marker"
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    chosen.set(0);
                }
                on:keydown=key
            />
            <ul id="palette-list" role="listbox" aria-label="Commands">{move || found.get().into_iter().enumerate().map(line).collect_view()}</ul>
            <Show when=move || found.with(Vec::is_empty)><p class="palette-none">"Nothing is called so."</p></Show>
        </dialog>
    }
}

fn perform(studio: Studio, timeline: TimelineState, sides: MixSides, dialogs: Dialogs, act: Act) {
    match act {
        Act::Command(command) => {
            super::run(studio, timeline, sides, dialogs, command, false);
        }
        Act::AddInsert(strip, processor) => add_insert(studio, strip, processor),
        Act::AddStrip(StripKind::Group, _) => studio.add_group(&studio.also.get_untracked()),
        Act::AddStrip(StripKind::Return, processor) => studio.add_return(processor),
        Act::AddStrip(..) => studio.add_track(),
        Act::Freeze(strip) => studio.freeze(vec![strip]),
        Act::Thaw(strip) => studio.thaw(&[strip]),
        Act::Select(strip) => studio.selected.set(Some(strip)),
        Act::ChooseBeside(strip) => studio.choose_also(strip),
        Act::Locate(frame) => studio.locate(frame),
        Act::Show(room) => studio.show_room(room),
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn every_word_that_is_typed_must_be_in_the_line_in_any_order() {
        assert!(fits("Add Compressor to Kick", "kick comp"));
        assert!(!fits("Add Compressor to Kick", "kick gate"));
        assert!(fits("Undo", ""));
    }
}
