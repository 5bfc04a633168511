//! New strips: empty tracks, groups around strips, returns with what they are for.

use dsp::protocol::{StripId, StripKind};
use leptos::prelude::*;
use session::Edit;
use session::model::{Insert, Strip};
use session::rules::MAX_COLOUR;

use super::Studio;

impl Studio {
    /// Adds a track without clips behind the others.
    pub fn add_track(self) {
        self.add_strip(StripKind::Audio, "Track", |_, _| {});
    }

    /// Adds a group, and leads strips into it that can go there.
    pub fn add_group(self, members: &[StripId]) {
        let Some(song) = self.peek_song_id() else { return };
        let can_go = |strip: &&StripId| self.peek_strip(**strip, |strip| strip.kind != StripKind::Master).unwrap_or(false);
        let members: Vec<StripId> = members.iter().filter(can_go).copied().collect();
        // A group of strips that share a group goes where they went.
        let outputs: Vec<Option<StripId>> = members.iter().filter_map(|strip| self.peek_strip(*strip, |strip| strip.output)).collect();
        let output = outputs.first().copied().flatten().filter(|first| outputs.iter().all(|output| *output == Some(*first)));
        self.add_strip(StripKind::Group, "Group", |group, edits| {
            group.output = output;
            let id = group.id;
            edits.extend(members.iter().map(|strip| Edit::SetOutput { song, strip: *strip, output: Some(id) }));
        });
    }

    /// Adds a return, with a processor that is all wet where one is named.
    pub fn add_return(self, processor: Option<&'static str>) {
        let name = processor.and_then(dsp::processors::spec).map_or("Return", |spec| spec.name);
        let insert = processor.and_then(|processor| {
            self.peek(|session| {
                let mut ids = session.ids();
                // The strip takes the first id.
                ids.strip();
                let mut insert = Insert::new(&mut ids, processor);
                let is_mixed = insert.spec().is_some_and(|spec| spec.index_of("mix").is_some());
                if is_mixed {
                    insert.values.insert("mix".into(), 100.0);
                }
                insert
            })
        });
        self.add_strip(StripKind::Return, name, |strip, _| strip.inserts.extend(insert));
    }

    /// Adds a strip of a kind with a name that no other has, and selects it; `set` completes it and may add edits.
    fn add_strip(self, kind: StripKind, name: &str, set: impl FnOnce(&mut Strip, &mut Vec<Edit>)) {
        let made = self.peek_song(|song| {
            let tracks = song.strips_of(StripKind::Audio).count();
            let at = if kind == StripKind::Audio { tracks } else { usize::MAX };
            let is_taken = |name: &str| song.strips.iter().any(|strip| strip.name == name);
            let numbered = (1..).map(|number| format!("{name} {number}")).find(|name| !is_taken(name)).unwrap_or_default();
            let name = if kind == StripKind::Return && !is_taken(name) { name.to_owned() } else { numbered };
            (song.id, at, name, (song.strips.len() % usize::from(MAX_COLOUR) + 1) as u8)
        });
        let Some((song, at, name, colour)) = made else {
            self.messages.news("Add an audio file first: it decides the sample rate.");
            return;
        };
        let strip = self.peek(|session| {
            let mut ids = session.ids();
            match kind {
                StripKind::Group => Strip::group(&mut ids, name, colour),
                StripKind::Return => Strip::return_(&mut ids, name, colour),
                _ => Strip::audio(&mut ids, name, colour),
            }
        });
        let Some(mut strip) = strip else { return };
        let mut edits = Vec::new();
        set(&mut strip, &mut edits);
        let (id, step) = (strip.id, format!("Add {}", strip.name));
        edits.insert(0, Edit::AddStrip { song, at, strip: Box::new(strip) });
        if self.dispatch(step, Edit::Batch(edits)) {
            self.also.set(Vec::new());
            self.selected.set(Some(id));
        }
    }
}
