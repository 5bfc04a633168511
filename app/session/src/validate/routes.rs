//! Mends a song's routing: references that lead nowhere, and circles.

use dsp::protocol::{StripId, StripKind};

use crate::model::Song;
use crate::rules;

pub(super) fn mend(song: &mut Song, notes: &mut Vec<String>) {
    mend_references(song, notes);
    // Each turn takes at least one connection away.
    while let Some(path) = rules::routing_loop(song) {
        let names: Vec<&str> = path.iter().filter_map(|id| song.strip(*id)).map(|strip| strip.name.as_str()).collect();
        notes.push(format!("The sound ran in a circle ({}), which was opened.", names.join(" → ")));
        if let [.., from, to] = path.as_slice() {
            disconnect(song, *from, *to);
        }
    }
}

fn mend_references(song: &mut Song, notes: &mut Vec<String>) {
    let strips = song.strips.clone();
    let find = |id: StripId| strips.iter().find(|strip| strip.id == id);
    for strip in &mut song.strips {
        let Some(from) = find(strip.id) else { continue };
        let mut gone = 0;
        if strip.output.is_some_and(|to| !find(to).is_some_and(|to| rules::can_output_to(from, to))) {
            strip.output = None;
            gone += 1;
        }
        let before = strip.sends.len();
        strip.sends.retain(|send| find(send.to).is_some_and(|to| rules::can_send_to(from, to)));
        gone += before - strip.sends.len();
        for insert in &mut strip.inserts {
            let hears = |key: StripId| find(key).is_some_and(|key| key.id != from.id && key.kind != StripKind::Master);
            if insert.key.is_some_and(|key| !hears(key)) {
                insert.key = None;
                gone += 1;
            }
        }
        strip.lanes.retain(|lane| match &lane.target {
            crate::model::Target::Send(send, _) => strip.sends.iter().any(|found| found.id == *send),
            _ => true,
        });
        if gone > 0 {
            notes.push(format!("{} was connected to something that is not there; the connection was taken away.", strip.name));
        }
    }
}

fn disconnect(song: &mut Song, from: StripId, to: StripId) {
    for strip in &mut song.strips {
        if strip.id == from {
            if strip.output == Some(to) {
                strip.output = None;
            }
            let gone: Vec<_> = strip.sends.iter().filter(|send| send.to == to).map(|send| send.id).collect();
            strip.sends.retain(|send| send.to != to);
            strip.lanes.retain(|lane| !matches!(&lane.target, crate::model::Target::Send(send, _) if gone.contains(send)));
        }
        if strip.id == to {
            strip.inserts.iter_mut().filter(|insert| insert.key == Some(from)).for_each(|insert| insert.key = None);
        }
    }
}
