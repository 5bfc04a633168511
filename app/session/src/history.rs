//! Undo and redo over a session: entries named by whoever edits, one per gesture, bounded.

use std::collections::VecDeque;

use crate::edit::{Edit, EditError};
use crate::model::Session;

/// Most entries that are kept; the oldest is forgotten first.
pub const MAX_ENTRIES: usize = 500;

/// One step of the history.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    /// Takes the step back, in this order.
    undo: Vec<Edit>,
    /// Does it again, in this order.
    redo: Vec<Edit>,
}

/// A session with its history.
#[derive(Clone, Debug)]
pub struct Document {
    session: Session,
    done: VecDeque<Entry>,
    undone: Vec<Entry>,
    /// The newest entry is a gesture that goes on.
    in_gesture: bool,
    revision: u64,
}

impl Document {
    /// A document without history.
    pub fn new(session: Session) -> Self {
        Self { session, done: VecDeque::new(), undone: Vec::new(), in_gesture: false, revision: 0 }
    }

    /// The session as it is now.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Counts changes of any kind; a saver compares it.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Applies an edit as an entry of its own, and gives the edits that were applied. A running gesture ends before it.
    ///
    /// # Errors
    /// Why the edit was refused; nothing has changed then.
    pub fn dispatch(&mut self, name: impl Into<String>, edit: Edit) -> Result<Vec<Edit>, EditError> {
        let inverse = self.session.apply(&edit)?;
        self.end_gesture();
        self.push(Entry { name: name.into(), undo: vec![inverse], redo: vec![edit.clone()] });
        Ok(flat(edit))
    }

    /// Applies an edit as a part of the running gesture (a fader's drag, a wheel's turn), which it begins when there is none. The
    /// entry takes the last name.
    ///
    /// # Errors
    /// Why the edit was refused; nothing has changed then.
    pub fn gesture(&mut self, name: impl Into<String>, edit: Edit) -> Result<Vec<Edit>, EditError> {
        let inverse = self.session.apply(&edit)?;
        let applied = flat(edit.clone());
        match self.done.back_mut().filter(|_| self.in_gesture) {
            Some(entry) => {
                entry.name = name.into();
                entry.join(inverse, edit);
                self.revision += 1;
            }
            None => {
                self.push(Entry { name: name.into(), undo: vec![inverse], redo: vec![edit] });
                self.in_gesture = true;
            }
        }
        Ok(applied)
    }

    /// Whether a gesture is running.
    pub fn in_gesture(&self) -> bool {
        self.in_gesture
    }

    /// Ends the running gesture. One that came back to where it began leaves no entry.
    pub fn end_gesture(&mut self) {
        if std::mem::take(&mut self.in_gesture) && self.done.back().is_some_and(Entry::is_nothing) {
            self.done.pop_back();
        }
    }

    /// Ends the running gesture and takes it back without a trace (Escape during a drag).
    ///
    /// # Errors
    /// Never for a history that this document made.
    pub fn cancel_gesture(&mut self) -> Result<(), EditError> {
        if std::mem::take(&mut self.in_gesture)
            && let Some(entry) = self.done.pop_back()
        {
            self.run(&entry.undo)?;
        }
        Ok(())
    }

    /// Takes the newest entry back and gives its name; `None` when there is none.
    ///
    /// # Errors
    /// Never for a history that this document made.
    pub fn undo(&mut self) -> Result<Option<String>, EditError> {
        self.end_gesture();
        let Some(entry) = self.done.pop_back() else { return Ok(None) };
        self.run(&entry.undo)?;
        let name = entry.name.clone();
        self.undone.push(entry);
        Ok(Some(name))
    }

    /// Does the entry again that was taken back last, and gives its name; `None` when there is none.
    ///
    /// # Errors
    /// Never for a history that this document made.
    pub fn redo(&mut self) -> Result<Option<String>, EditError> {
        self.end_gesture();
        let Some(entry) = self.undone.pop() else { return Ok(None) };
        self.run(&entry.redo)?;
        let name = entry.name.clone();
        self.done.push_back(entry);
        Ok(Some(name))
    }

    /// The name of what undo would take back.
    pub fn undo_name(&self) -> Option<&str> {
        self.done.back().map(|entry| entry.name.as_str())
    }

    /// The name of what redo would do again.
    pub fn redo_name(&self) -> Option<&str> {
        self.undone.last().map(|entry| entry.name.as_str())
    }

    /// The names of all entries, oldest first, and how many of them are done (the rest can be done again).
    pub fn names(&self) -> (Vec<&str>, usize) {
        let names = self.done.iter().chain(self.undone.iter().rev()).map(|entry| entry.name.as_str());
        (names.collect(), self.done.len())
    }

    /// Takes entries back, or does them again, until so many of [`Document::names`] are done.
    ///
    /// # Errors
    /// Never for a history that this document made.
    pub fn go_to(&mut self, done: usize) -> Result<(), EditError> {
        self.end_gesture();
        while self.done.len() > done && self.undo()?.is_some() {}
        while self.done.len() < done && self.redo()?.is_some() {}
        Ok(())
    }

    fn push(&mut self, entry: Entry) {
        self.undone.clear();
        self.done.push_back(entry);
        if self.done.len() > MAX_ENTRIES {
            self.done.pop_front();
        }
        self.revision += 1;
    }

    fn run(&mut self, edits: &[Edit]) -> Result<(), EditError> {
        self.revision += 1;
        self.session.apply(&Edit::Batch(edits.to_vec())).map(|_| ())
    }
}

impl Entry {
    /// Takes another step of the same gesture in. Steps that set the same thing as the step before take its place, so a long drag
    /// stays one step.
    fn join(&mut self, inverse: Edit, edit: Edit) {
        match self.redo.last_mut() {
            Some(last) if sets_the_same(last, &edit) => *last = edit,
            _ => {
                self.undo.insert(0, inverse);
                self.redo.push(edit);
            }
        }
    }

    fn is_nothing(&self) -> bool {
        matches!((self.undo.as_slice(), self.redo.as_slice()), ([undo], [redo]) if undo == redo)
    }
}

/// Whether both edits set the whole of one and the same thing, so that the second alone leads to the same end and the first's inverse
/// to the same beginning.
fn sets_the_same(a: &Edit, b: &Edit) -> bool {
    match (a, b) {
        (Edit::Batch(a), Edit::Batch(b)) => a.len() == b.len() && distinct(a) && a.iter().zip(b).all(|(a, b)| sets_the_same(a, b)),
        _ => thing(a).is_some_and(|thing_a| thing(b) == Some(thing_a)),
    }
}

/// Whether no two edits set the same thing (then their order does not matter for what each one's inverse holds).
fn distinct(edits: &[Edit]) -> bool {
    edits
        .iter()
        .enumerate()
        .all(|(at, edit)| thing(edit).is_some_and(|found| edits[..at].iter().all(|other| thing(other).as_ref() != Some(&found))))
}

/// What an edit sets, as the same edit with an empty value; `None` for edits that do more than set a value.
fn thing(edit: &Edit) -> Option<Edit> {
    let mut thing = edit.clone();
    match &mut thing {
        Edit::SetValue { value, .. } => *value = 0.0,
        Edit::SetName { name, .. } | Edit::RenameSong { name, .. } | Edit::RenameSession { name } => name.clear(),
        Edit::SetColour { colour, .. } => *colour = 0,
        Edit::SetLook { look, .. } => *look = crate::model::Look::default(),
        Edit::SetBypass { bypassed, .. } => *bypassed = false,
        Edit::SetInsertValues { values, preset, .. } => {
            values.clear();
            *preset = None;
        }
        Edit::SetLane { lane, .. } => *lane = None,
        Edit::SetMarkers { markers, .. } => markers.clear(),
        Edit::SetCycle { cycle, .. } => *cycle = crate::model::Cycle::default(),
        Edit::SetRange { range, .. } => *range = None,
        Edit::SetTempo { tempo, .. } => *tempo = crate::model::Tempo::default(),
        Edit::SetClip { clip, .. } => {
            (clip.source, clip.start, clip.offset, clip.length, clip.gain_db) = (crate::model::SourceId(0), 0, 0, 0, 0.0);
            (clip.fade_in, clip.fade_out) = Default::default();
        }
        _ => return None,
    }
    Some(thing)
}

fn flat(edit: Edit) -> Vec<Edit> {
    match edit {
        Edit::Batch(edits) => edits.into_iter().flat_map(flat).collect(),
        edit => vec![edit],
    }
}
