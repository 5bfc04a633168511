//! The key map: every key once, with what it does and how the sheet names it.

use super::chord::Chord;
use super::own::OwnKeys;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Plays or stops.
    Play,
    /// To the song's start.
    Start,
    /// The loop on or off.
    Loop,
    /// Mutes the selected strip.
    Mute,
    /// Solos the selected strip, or splits the selected clip.
    SoloOrSplit,
    /// Opens the lane of the selected track.
    Automation,
    /// Lays the channel panel over the timeline.
    Channel,
    /// Gives the console the whole room.
    Console,
    /// Folds the selected group, or unfolds it.
    Fold,
    /// Bypasses the processor whose editor was opened last.
    Bypass,
    /// To the reference, or back to the song.
    Reference,
    /// To the song before its master chain, or back.
    Before,
    /// To the next version of the master chain.
    NextVersion,
    /// The selected strip's fader to 0 dB.
    Unity,
    /// Takes the last step back.
    Undo,
    /// Takes it up again.
    Redo,
    /// Writes the session file.
    Save,
    /// Opens the export dialog.
    Export,
    /// Zooms in or out.
    Zoom(bool),
    /// Zooms to the selected clip, or to the whole song.
    ZoomSelection,
    /// Moves the selected clip, later when `true`.
    Nudge(bool),
    /// The same by a hundredth of the way.
    NudgeFine(bool),
    /// Trims the selected clip to the playhead: its end when `true`.
    Trim(bool),
    /// Fades the selected clip to the playhead: out when `true`.
    Fade(bool),
    /// Takes the selected clip away.
    Delete,
    /// Gives up what the pointer holds.
    Escape,
    /// The focus to the next or, with `false`, the previous region.
    Region(bool),
    /// Copies the chosen stretch of a lane, or the selected clips.
    Copy,
    /// Copies them and takes them away.
    Cut,
    /// Lays them down from the playhead on.
    Paste,
    /// Puts copies behind the selected clips.
    Duplicate,
    /// Fades the selected clip over into the clips that it overlaps.
    Crossfade,
    /// Chooses all clips.
    ChooseAll,
    /// Chooses the loop's range on the selected tracks.
    Span,
    /// To the other state of the mix.
    CompareMixes,
    /// Shows the palette of all commands.
    Palette,
    /// Shows the sheet.
    Sheet,
}

const fn plain(key: &'static str) -> Chord {
    Chord::new(key, false, Some(false))
}

const fn any_shift(key: &'static str) -> Chord {
    Chord::new(key, false, None)
}

const fn shift(key: &'static str) -> Chord {
    Chord::new(key, false, Some(true))
}

const fn ctrl(key: &'static str) -> Chord {
    Chord::new(key, true, Some(false))
}

const fn ctrl_shift(key: &'static str) -> Chord {
    Chord::new(key, true, Some(true))
}

/// A line of the map.
pub struct Binding {
    /// What it does.
    pub command: Command,
    /// The keys as the browser gives them.
    pub chords: &'static [Chord],
    /// The keys as the sheet writes them.
    pub keys: &'static str,
    /// What the sheet says.
    pub text: &'static str,
}

const fn line(command: Command, chords: &'static [Chord], keys: &'static str, text: &'static str) -> Binding {
    Binding { command, chords, keys, text }
}

/// All keys.
pub static BINDINGS: &[Binding] = &[
    line(Command::Play, &[any_shift(" ")], "Space", "Play, stop"),
    line(Command::Start, &[plain("home"), plain("enter")], "Home or Enter", "To the start"),
    line(Command::Loop, &[plain("l")], "L", "Loop on or off"),
    line(Command::Mute, &[plain("m")], "M", "Mute the selected strip"),
    line(Command::SoloOrSplit, &[plain("s")], "S", "Solo the selected strip; with clips selected, split them at the playhead"),
    line(Command::Automation, &[plain("a")], "A", "Automation lane of the selected track"),
    line(Command::Channel, &[plain("c")], "C", "Channel panel over the timeline, in a small window"),
    line(Command::Console, &[plain("v")], "V", "The console alone, with long faders"),
    line(Command::Fold, &[plain("f")], "F", "Fold the selected group, or unfold it"),
    line(Command::Bypass, &[plain("b")], "B", "Bypass the processor opened last"),
    line(Command::Reference, &[plain("x")], "X", "Hear the reference, or the song again"),
    line(Command::Before, &[plain("o")], "O", "Hear the song before its master chain, as loud; or the song again"),
    line(Command::NextVersion, &[plain("n")], "N", "The next version of the master chain"),
    line(Command::Unity, &[plain("0")], "0", "Selected fader to 0 dB"),
    line(Command::Undo, &[ctrl("z")], "Ctrl Z", "Undo"),
    line(Command::Redo, &[ctrl_shift("z"), ctrl("y")], "Ctrl Y", "Redo; also Shift Ctrl Z"),
    line(Command::Save, &[ctrl("s")], "Ctrl S", "Save session file"),
    line(Command::Export, &[ctrl("e")], "Ctrl E", "Export"),
    line(Command::Zoom(true), &[any_shift("+"), any_shift("=")], "+", "Zoom in; also Ctrl wheel"),
    line(Command::Zoom(false), &[any_shift("-"), any_shift("_")], "−", "Zoom out"),
    line(Command::ZoomSelection, &[plain("z")], "Z", "Zoom to the selected clip, or to all"),
    line(Command::Nudge(false), &[plain(",")], ",", "Selected clips one step earlier"),
    line(Command::Nudge(true), &[plain(".")], ".", "Selected clips one step later"),
    line(Command::NudgeFine(false), &[shift(","), shift("<"), shift(";")], "Shift ,", "A little earlier"),
    line(Command::NudgeFine(true), &[shift("."), shift(">"), shift(":")], "Shift .", "A little later"),
    line(Command::Trim(false), &[any_shift("[")], "[", "Trim the clip's start to the playhead"),
    line(Command::Trim(true), &[any_shift("]")], "]", "Trim the clip's end to the playhead"),
    line(Command::Fade(false), &[any_shift("{")], "{", "Fade in up to the playhead"),
    line(Command::Fade(true), &[any_shift("}")], "}", "Fade out from the playhead"),
    line(
        Command::Delete,
        &[plain("delete"), plain("backspace")],
        "Delete",
        "Delete the selected clips, or the points of the chosen stretch",
    ),
    line(Command::Copy, &[ctrl("c")], "Ctrl C", "Copy the chosen stretch of a lane, or the selected clips"),
    line(Command::Cut, &[ctrl("x")], "Ctrl X", "Cut them"),
    line(Command::Paste, &[ctrl("v")], "Ctrl V", "Paste at the playhead"),
    line(Command::Duplicate, &[ctrl("d")], "Ctrl D", "Duplicate the selected clips behind themselves"),
    line(Command::Crossfade, &[shift("x")], "Shift X", "Cross-fade the selected clip with the clips that it overlaps"),
    line(Command::ChooseAll, &[ctrl("a")], "Ctrl A", "Select all clips"),
    line(Command::Span, &[plain("r")], "R", "Choose a span: the loop on the selected tracks; also Shift Alt and drag"),
    line(Command::CompareMixes, &[shift("b")], "Shift B", "To the other state of the mix, A or B"),
    line(Command::Palette, &[ctrl("k")], "Ctrl K", "All commands, processors, strips and markers by name"),
    line(Command::Escape, &[plain("escape")], "Escape", "Give up a drag"),
    line(Command::Region(true), &[plain("f6")], "F6", "Next part of the page; Shift F6 the previous"),
    line(Command::Region(false), &[shift("f6")], "", ""),
    line(Command::Sheet, &[any_shift("?")], "?", "This sheet"),
];

/// What holds the focus, as far as keys care.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// Text is typed there.
    pub is_text: bool,
    /// It has a use of its own for Space and Enter: a switch, a checkbox, a menu, a button that the keyboard is on.
    pub takes_space: bool,
    /// A dialog is open.
    pub in_dialog: bool,
}

/// The command of a key, or nothing where the focus needs the key itself.
pub fn command(own: &OwnKeys, key: &str, is_ctrl: bool, is_shift: bool, focus: Focus) -> Option<Command> {
    if focus.in_dialog || (focus.is_text && !is_ctrl) {
        return None;
    }
    let command = own.find(key, is_ctrl, is_shift)?.command;
    let is_taken = match command {
        _ if focus.takes_space && matches!(key, " " | "Enter") => true,
        // A text box undoes its own typing and copies its own text.
        Command::Undo | Command::Redo | Command::ChooseAll | Command::Copy | Command::Cut | Command::Paste => focus.is_text,
        _ => false,
    };
    (!is_taken).then_some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(key: &str, is_ctrl: bool, is_shift: bool, focus: Focus) -> Option<Command> {
        super::command(&OwnKeys::default(), key, is_ctrl, is_shift, focus)
    }

    const NOWHERE: Focus = Focus { is_text: false, takes_space: false, in_dialog: false };

    #[test]
    fn space_plays_unless_the_focus_has_a_use_for_it() {
        assert_eq!(command(" ", false, false, NOWHERE), Some(Command::Play));
        for focus in [Focus { is_text: true, ..NOWHERE }, Focus { takes_space: true, ..NOWHERE }, Focus { in_dialog: true, ..NOWHERE }] {
            assert_eq!(command(" ", false, false, focus), None);
        }
    }

    #[test]
    fn letters_are_typed_where_text_is_typed_and_saving_still_works_there() {
        let typing = Focus { is_text: true, ..NOWHERE };
        assert_eq!(command("m", false, false, typing), None);
        assert_eq!(command("z", true, false, typing), None);
        assert_eq!(command("s", true, false, typing), Some(Command::Save));
    }

    #[test]
    fn undo_redo_and_zoom_to_selection_share_a_letter() {
        assert_eq!(command("z", true, false, NOWHERE), Some(Command::Undo));
        assert_eq!(command("Z", true, true, NOWHERE), Some(Command::Redo));
        assert_eq!(command("y", true, false, NOWHERE), Some(Command::Redo));
        assert_eq!(command("z", false, false, NOWHERE), Some(Command::ZoomSelection));
    }

    #[test]
    fn no_chord_stands_for_two_commands() {
        let all: Vec<_> = BINDINGS.iter().flat_map(|binding| binding.chords.iter().map(move |chord| (chord, binding.command))).collect();
        for (index, (chord, command)) in all.iter().enumerate() {
            for (other, another) in &all[index + 1..] {
                assert!(!chord.meets(other), "{command:?} and {another:?} share {chord:?}");
            }
        }
    }
}
