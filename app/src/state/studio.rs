//! The studio: one document, one song at a time, and everything that views ask of them.

use dsp::protocol::{InsertId, StripId, StripKind};
use leptos::prelude::*;
use session::model::{Session, Song, SongId, SongKind, SourceId, Strip};
use session::{Document, Edit};

use super::{Automation, Freezing, Hints, Messages, Midi, Room, Sound, Theme, Workers};

/// The context of every view; a handful of signals, copied freely.
#[derive(Clone, Copy)]
pub struct Studio {
    document: StoredValue<Option<Document>, LocalStorage>,
    revision: RwSignal<u64>,
    /// The room that is shown.
    pub room: RwSignal<Room>,
    /// The song that the Master room shows; `None` is its first stereo file, or the mix.
    pub master_song: RwSignal<Option<SongId>>,
    /// The strip that keys act on.
    pub selected: RwSignal<Option<StripId>>,
    /// The strips that are edited together with the selected one, itself among them; none or at least two.
    pub also: RwSignal<Vec<StripId>>,
    /// The processors whose editors are open, in the order of opening.
    pub editors: RwSignal<Vec<InsertId>>,
    /// Whether the transport plays.
    pub playing: RwSignal<bool>,
    /// Where the transport stands or was last started; where it is now, drawings read from [`super::Readings`].
    pub locator: RwSignal<u64>,
    /// Whether audio has been started.
    pub audio_on: RwSignal<bool>,
    /// The monitor stage's values, as [`dsp::monitor::MONITOR_PARAMS`] orders them.
    pub monitor: RwSignal<Vec<f32>>,
    /// The inserts that are compared with what goes into them.
    pub listening: RwSignal<super::listen::Compared>,
    /// The reference that is heard in the song's place; `None` is the song.
    pub heard: RwSignal<Option<SourceId>>,
    /// The reference that the key goes to.
    pub compared: RwSignal<Option<SourceId>>,
    /// When the session was kept last, as a short text.
    pub saved: RwSignal<String>,
    /// Whether the export dialog is open.
    pub export_open: RwSignal<bool>,
    /// Whether the settings are open.
    pub settings_open: RwSignal<bool>,
    /// Whether the channel panel lies over the timeline, where the window has no column for it.
    pub channel_over: RwSignal<bool>,
    /// Whether the console has the whole room, with long faders.
    pub console_alone: RwSignal<bool>,
    /// Dark or light.
    pub theme: RwSignal<Theme>,
    /// What is written while playing.
    pub automation: Automation,
    /// Knobs of a controller.
    pub midi: Midi,
    /// What is being frozen.
    pub freezing: Freezing,
    /// News and alerts.
    pub messages: Messages,
    /// The hint line.
    pub hints: Hints,
    /// Decoding, storage, delivery.
    pub workers: Workers,
    /// The engine.
    pub sound: Sound,
}

/// Two editors stand side by side; a third takes the first one's place.
const MOST_EDITORS: usize = 2;

impl Studio {
    /// Without a document: the start page.
    pub fn new() -> Self {
        Self {
            document: StoredValue::new_local(None),
            revision: RwSignal::new(0),
            room: RwSignal::new(Room::Mix),
            master_song: RwSignal::new(None),
            selected: RwSignal::new(None),
            also: RwSignal::new(Vec::new()),
            editors: RwSignal::new(Vec::new()),
            playing: RwSignal::new(false),
            locator: RwSignal::new(0),
            audio_on: RwSignal::new(false),
            monitor: RwSignal::new(dsp::monitor::MONITOR_PARAMS.iter().map(|spec| spec.default).collect()),
            listening: RwSignal::new(Vec::new()),
            heard: RwSignal::new(None),
            compared: RwSignal::new(None),
            saved: RwSignal::new(String::new()),
            export_open: RwSignal::new(false),
            settings_open: RwSignal::new(false),
            channel_over: RwSignal::new(false),
            console_alone: RwSignal::new(false),
            theme: RwSignal::new(Theme::first()),
            automation: Automation::new(),
            midi: Midi::kept(),
            freezing: Freezing::new(),
            messages: Messages::new(),
            hints: Hints::new(),
            workers: Workers::new(),
            sound: Sound::new(),
        }
    }

    /// Reads the session; the reader runs again after every edit. `None` while no session is open.
    pub fn session<R>(self, read: impl FnOnce(&Session) -> R) -> Option<R> {
        self.revision.track();
        self.peek(read)
    }

    /// Reads the session once.
    pub fn peek<R>(self, read: impl FnOnce(&Session) -> R) -> Option<R> {
        self.document.with_value(|document| document.as_ref().map(|document| read(document.session())))
    }

    /// Whether a session is open, tracked.
    pub fn is_open(self) -> bool {
        self.session(|_| ()).is_some()
    }

    /// Whether a session is open, read once.
    pub fn is_open_untracked(self) -> bool {
        self.peek(|_| ()).is_some()
    }

    /// Counts changes of any kind, tracked: what reads it runs again after each.
    pub fn revision(self) -> u64 {
        self.revision.get()
    }

    /// Counts changes of the document; a saver compares it.
    pub fn document_revision(self) -> u64 {
        self.document.with_value(|document| document.as_ref().map_or(0, Document::revision))
    }

    /// The song on show: the mix in the Mix room, the chosen one in the Master room. Tracked.
    pub fn song_id(self) -> Option<SongId> {
        let (room, chosen) = (self.room.get(), self.master_song.get());
        self.session(|session| shown_song(session, room, chosen)).flatten()
    }

    /// The song on show, read once.
    pub fn peek_song_id(self) -> Option<SongId> {
        untrack(|| self.song_id())
    }

    /// Reads the song on show, tracked.
    pub fn song<R>(self, read: impl FnOnce(&Song) -> R) -> Option<R> {
        let id = self.song_id()?;
        self.session(|session| session.song(id).map(read)).flatten()
    }

    /// Reads the song on show once.
    pub fn peek_song<R>(self, read: impl FnOnce(&Song) -> R) -> Option<R> {
        untrack(|| self.song(read))
    }

    /// Reads a strip of the song on show, tracked.
    pub fn strip<R>(self, strip: StripId, read: impl FnOnce(&Strip) -> R) -> Option<R> {
        self.song(|song| song.strip(strip).map(read)).flatten()
    }

    /// Reads a strip of the song on show once.
    pub fn peek_strip<R>(self, strip: StripId, read: impl FnOnce(&Strip) -> R) -> Option<R> {
        untrack(|| self.strip(strip, read))
    }

    /// A value of a strip that redraws its reader only when it changes.
    pub fn strip_memo<R>(self, strip: StripId, read: impl Fn(&Strip) -> R + Send + Sync + 'static) -> Memo<R>
    where
        R: Default + PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.strip(strip, &read).unwrap_or_default())
    }

    /// The strips of a kind in console order, tracked by their ids.
    pub fn strips(self, kind: StripKind) -> Memo<Vec<StripId>> {
        Memo::new(move |_| self.song(|song| song.strips_of(kind).map(|strip| strip.id).collect()).unwrap_or_default())
    }

    /// The master strip of the song on show.
    pub fn master(self) -> Memo<Option<StripId>> {
        Memo::new(move |_| self.song(|song| song.master().map(|strip| strip.id)).flatten())
    }

    /// Changes the document in one step; `name` is what undo says. A refused edit is said.
    pub fn dispatch(self, name: impl Into<String>, edit: Edit) -> bool {
        self.change(|document| document.dispatch(name, edit))
    }

    /// Changes the document as part of a gesture, which [`Studio::end_gesture`] closes into one step.
    pub fn gesture(self, name: impl Into<String>, edit: Edit) -> bool {
        self.change(|document| document.gesture(name, edit))
    }

    /// Closes a gesture.
    pub fn end_gesture(self) {
        self.document.update_value(|document| {
            if let Some(document) = document {
                document.end_gesture();
            }
        });
        self.revision.update(|revision| *revision += 1);
    }

    /// Takes the last step back.
    pub fn undo(self) {
        self.change(Document::undo);
    }

    /// Takes an undone step up again.
    pub fn redo(self) {
        self.change(Document::redo);
    }

    /// What undo would take back, tracked.
    pub fn undo_name(self) -> Option<String> {
        self.revision.track();
        self.document.with_value(|document| document.as_ref()?.undo_name().map(str::to_owned))
    }

    /// What redo would take up again, tracked.
    pub fn redo_name(self) -> Option<String> {
        self.revision.track();
        self.document.with_value(|document| document.as_ref()?.redo_name().map(str::to_owned))
    }

    /// The names of all steps, oldest first, and how many of them are done; the rest can be done again.
    pub fn step_names(self) -> (Vec<String>, usize) {
        let names = self.document.with_value(|document| {
            let (names, done) = document.as_ref()?.names();
            Some((names.into_iter().map(str::to_owned).collect(), done))
        });
        names.unwrap_or_default()
    }

    /// Takes steps back, or does them again, until so many are done.
    pub fn go_to_step(self, count: usize) {
        self.change(|document| document.go_to(count));
    }

    fn change<T, E: std::fmt::Display>(self, how: impl FnOnce(&mut Document) -> Result<T, E>) -> bool {
        let result = self.document.try_update_value(|document| document.as_mut().map(how)).flatten();
        match result {
            None => false,
            Some(Ok(_)) => {
                self.revision.update(|revision| *revision += 1);
                true
            }
            Some(Err(error)) => {
                self.messages.attention(error.to_string());
                false
            }
        }
    }

    /// Shows a session: its mix; where it has none its album, or its first stereo file.
    pub fn open(self, session: Session) {
        let room = match (session.mix(), session::album::of(&session)) {
            (Some(_), _) => Room::Mix,
            (None, Some(_)) => Room::Album,
            (None, None) => Room::Master,
        };
        self.document.set_value(Some(Document::new(session)));
        self.forget_selection();
        self.master_song.set(None);
        self.room.set(room);
        self.revision.update(|revision| *revision += 1);
        self.use_learned_knobs();
    }

    /// Back to the start page.
    pub fn close(self) {
        self.document.set_value(None);
        self.forget_selection();
        self.revision.update(|revision| *revision += 1);
    }

    /// Goes to a room; what plays stops when the room shows another song.
    pub fn show_room(self, room: Room) {
        let before = self.peek_song_id();
        self.room.set(room);
        if self.peek_song_id() != before {
            self.stop();
            self.locator.set(0);
            self.forget_selection();
        }
    }

    /// Shows a song in the Master room; what plays stops when it is another one.
    pub fn show_song(self, song: SongId) {
        if self.peek_song_id() == Some(song) {
            return;
        }
        self.stop();
        self.master_song.set(Some(song));
        self.locator.set(0);
        self.forget_selection();
    }

    /// Nothing is selected, no editor is open.
    fn forget_selection(self) {
        self.selected.set(None);
        self.also.set(Vec::new());
        self.editors.set(Vec::new());
    }

    /// Opens a processor's editor, or closes it when it is open.
    pub fn toggle_editor(self, insert: InsertId) {
        self.editors.update(|editors| {
            if let Some(at) = editors.iter().position(|open| *open == insert) {
                editors.remove(at);
                return;
            }
            if editors.len() == MOST_EDITORS {
                editors.remove(0);
            }
            editors.push(insert);
        });
    }
}

fn shown_song(session: &Session, room: Room, chosen: Option<SongId>) -> Option<SongId> {
    let mix = session.mix().map(|song| song.id);
    match room {
        Room::Mix => mix,
        Room::Master => {
            let chosen = chosen.filter(|id| session.song(*id).is_some());
            let first_stereo = || session.songs.iter().find(|song| song.kind == SongKind::Stereo).map(|song| song.id);
            chosen.or_else(first_stereo).or(mix)
        }
        Room::Album => session::album::of(session).map(|(_, song)| song.id),
    }
}
