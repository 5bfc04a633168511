//! The commands between two states of a song.
//!
//! First everything that goes, then the strips that come, then values and chains, then routing, then clips and automation. Each
//! command is right for the engine's state at that moment: no name is used before it exists, and no loop exists on the way.

use std::collections::BTreeSet;
use std::sync::Arc;

use dsp::engine::{SEND_PARAMS, STRIP_PARAMS};
use dsp::params::{Flags, ParamSpec};
use dsp::protocol::{Address, Command, InsertId, SendId, StripId};

use super::Purpose;
use super::clips::{set_clips, set_lane};
use crate::model::{Insert, Lane, Send, Song, Strip, Target, Values};

pub(super) fn commands(old: &[Strip], old_bpm: f32, new: &Song, purpose: Purpose) -> Vec<Command> {
    let before = Before::of(old, new);
    let tempos = Tempos { old_bpm, bpm: new.tempo.bpm };
    let mut out = Vec::new();
    remove(&before, new, &mut out);
    let mut added: Vec<&Strip> = new.strips.iter().filter(|strip| before.strip(strip.id).is_none()).collect();
    added.sort_by_key(|strip| strip.id);
    out.extend(added.iter().map(|strip| Command::AddStrip { strip: strip.id, kind: strip.kind }));
    for strip in &new.strips {
        set_values(before.strip(strip.id), strip, purpose, &mut out);
        set_chain(&before, strip, tempos, purpose, &mut out);
    }
    set_routing(&before, new, &mut out);
    for strip in &new.strips {
        let old = before.strip(strip.id);
        let had: &[_] = old.map_or(&[], |old| &old.clips);
        if had != strip.clips {
            out.extend(set_clips(strip.id, &strip.clips));
        }
        set_lanes(&before, strip, &mut out);
    }
    out
}

/// The song's tempo before and now.
#[derive(Clone, Copy)]
struct Tempos {
    old_bpm: f32,
    bpm: f32,
}

/// A processor's value as the engine gets it: where it follows the song, its tempo is the song's.
fn heard_value(insert: &Insert, specs: &[ParamSpec], spec: &ParamSpec, bpm: f32) -> f32 {
    let value = |spec: &ParamSpec| insert.values.get(spec.id).copied().unwrap_or(spec.default);
    let follows = || specs.iter().any(|spec| spec.flags.has(Flags::FOLLOWS_SONG) && value(spec) >= 0.5);
    if spec.flags.has(Flags::TEMPO) && follows() { spec.clamp(bpm) } else { value(spec) }
}

/// The old state, without the strips and inserts that must be made anew although their ids stay.
struct Before<'a> {
    strips: Vec<&'a Strip>,
    /// Everything that stands on another strip now, or was changed into something else.
    gone_inserts: BTreeSet<InsertId>,
    gone_sends: BTreeSet<SendId>,
    removed: Vec<StripId>,
}

impl<'a> Before<'a> {
    fn of(old: &'a [Strip], new: &Song) -> Self {
        let stays = |strip: &&Strip| new.strip(strip.id).is_some_and(|now| now.kind == strip.kind);
        let (strips, removed): (Vec<&Strip>, Vec<&Strip>) = old.iter().partition(stays);
        let mut gone_inserts = BTreeSet::new();
        let mut gone_sends = BTreeSet::new();
        for strip in &strips {
            let Some(now) = new.strip(strip.id) else { continue };
            let is_gone = |insert: &&Insert| now.insert(insert.id).is_none_or(|now| now.processor != insert.processor);
            gone_inserts.extend(strip.inserts.iter().filter(is_gone).map(|insert| insert.id));
            let is_gone = |send: &&Send| now.send(send.id).is_none_or(|now| now.to != send.to);
            gone_sends.extend(strip.sends.iter().filter(is_gone).map(|send| send.id));
        }
        Self { strips, gone_inserts, gone_sends, removed: removed.iter().map(|strip| strip.id).collect() }
    }

    fn strip(&self, id: StripId) -> Option<&'a Strip> {
        self.strips.iter().find(|strip| strip.id == id).copied()
    }

    fn insert(&self, strip: StripId, id: InsertId) -> Option<&'a Insert> {
        self.strip(strip)?.insert(id).filter(|_| !self.gone_inserts.contains(&id))
    }

    fn send(&self, strip: StripId, id: SendId) -> Option<&'a Send> {
        self.strip(strip)?.send(id).filter(|_| !self.gone_sends.contains(&id))
    }

    fn key(&self, strip: StripId, id: InsertId) -> Option<StripId> {
        self.insert(strip, id)?.key.filter(|key| !self.removed.contains(key))
    }

    fn output(&self, strip: StripId) -> Option<StripId> {
        self.strip(strip)?.output.filter(|output| !self.removed.contains(output))
    }

    fn lane(&self, strip: StripId, target: &Target) -> Option<&'a Lane> {
        let is_there = match target {
            Target::Strip(_) => true,
            Target::Insert(insert, _) => self.insert(strip, *insert).is_some(),
            Target::Send(send, _) => self.send(strip, *send).is_some(),
        };
        self.strip(strip)?.lane(target).filter(|_| is_there)
    }
}

fn address(strip: &Strip, target: &Target) -> Option<Address> {
    let index = |specs: &[ParamSpec], id: &str| specs.iter().position(|spec| spec.id == id).map(|index| index as u16);
    Some(match target {
        Target::Strip(id) => Address::Strip(strip.id, index(STRIP_PARAMS, id)?),
        Target::Send(send, id) => Address::Send(*send, index(SEND_PARAMS, id)?),
        Target::Insert(insert, id) => Address::Insert(*insert, index(strip.insert(*insert)?.spec()?.params, id)?),
    })
}

fn remove(before: &Before<'_>, new: &Song, out: &mut Vec<Command>) {
    for strip in &before.strips {
        let Some(now) = new.strip(strip.id) else { continue };
        let gone = strip.lanes.iter().filter(|lane| before.lane(strip.id, &lane.target).is_some() && now.lane(&lane.target).is_none());
        let gone = gone.filter_map(|lane| address(strip, &lane.target));
        out.extend(gone.flat_map(|address| set_lane(address, &[])));
    }
    out.extend(before.gone_sends.iter().map(|send| Command::RemoveSend { send: *send }));
    out.extend(before.gone_inserts.iter().map(|insert| Command::RemoveInsert { insert: *insert }));
    out.extend(before.removed.iter().map(|strip| Command::RemoveStrip { strip: *strip }));
}

/// One value per parameter, in the declaration's order.
fn list(specs: &[ParamSpec], values: &Values) -> Vec<f32> {
    specs.iter().map(|spec| values.get(spec.id).copied().unwrap_or(spec.default)).collect()
}

fn changed<'a>(specs: &'static [ParamSpec], old: &'a Values, new: &'a Values) -> impl Iterator<Item = (u16, f32)> + 'a {
    let value = |values: &Values, spec: &ParamSpec| values.get(spec.id).copied().unwrap_or(spec.default);
    let indexed = specs.iter().enumerate();
    indexed.filter(move |(_, spec)| value(old, spec) != value(new, spec)).map(move |(index, spec)| (index as u16, value(new, spec)))
}

fn set_values(old: Option<&Strip>, new: &Strip, purpose: Purpose, out: &mut Vec<Command>) {
    let defaults = Values::new();
    let values = changed(STRIP_PARAMS, old.map_or(&defaults, |old| &old.values), &new.values);
    let kept = values.filter(|(index, _)| purpose.keeps(STRIP_PARAMS[usize::from(*index)].flags));
    out.extend(kept.map(|(index, value)| Command::SetParam { address: Address::Strip(new.id, index), value }));
}

/// Inserts come, move and change; `chain` follows what the engine has at each step. Keys come with the routing.
fn set_chain(before: &Before<'_>, new: &Strip, tempos: Tempos, purpose: Purpose, out: &mut Vec<Command>) {
    let had = before.strip(new.id).map_or(&[][..], |old| &old.inserts);
    let mut chain: Vec<InsertId> = had.iter().map(|insert| insert.id).filter(|id| !before.gone_inserts.contains(id)).collect();
    for (place, insert) in new.inserts.iter().enumerate() {
        let specs = insert.spec().map_or(&[][..], |spec| spec.params);
        let Some(old) = before.insert(new.id, insert.id) else {
            chain.insert(place, insert.id);
            out.push(put_insert(new.id, insert, place, tempos.bpm, purpose));
            continue;
        };
        if chain[place] != insert.id {
            chain.retain(|id| *id != insert.id);
            chain.insert(place, insert.id);
            out.push(Command::MoveInsert { insert: insert.id, place: place as u16 });
        }
        for (index, spec) in specs.iter().enumerate() {
            let value = heard_value(insert, specs, spec, tempos.bpm);
            if value != heard_value(old, specs, spec, tempos.old_bpm) {
                out.push(Command::SetParam { address: Address::Insert(insert.id, index as u16), value });
            }
        }
        if old.bypassed != insert.bypassed {
            out.push(Command::SetBypass { insert: insert.id, bypassed: insert.bypassed });
        }
    }
}

fn put_insert(strip: StripId, insert: &Insert, place: usize, bpm: f32, purpose: Purpose) -> Command {
    let specs = insert.spec().map_or(&[][..], |spec| spec.params);
    let mut values: Vec<f32> = specs.iter().map(|spec| heard_value(insert, specs, spec, bpm)).collect();
    for (value, spec) in values.iter_mut().zip(specs).filter(|(_, spec)| !purpose.keeps(spec.flags)) {
        *value = spec.default;
    }
    Command::PutInsert {
        strip,
        insert: insert.id,
        processor: insert.processor.clone(),
        place: place as u16,
        bypassed: insert.bypassed,
        key: None,
        values,
    }
}

/// What opens an old connection, and what makes the new one.
struct Rerouted {
    open: Option<Command>,
    connect: Option<Command>,
}

/// Connections change one after another and the engine refuses loops at each step, so when several change, the old ones are opened
/// first. (Sends that go elsewhere were taken away before.)
fn set_routing(before: &Before<'_>, new: &Song, out: &mut Vec<Command>) {
    let mut rerouted = Vec::new();
    for strip in &new.strips {
        let set_output = |to| Command::SetOutput { strip: strip.id, to };
        rerouted.extend(reroute(before.output(strip.id), strip.output, set_output));
        for insert in &strip.inserts {
            let set_key = |key| Command::SetKey { insert: insert.id, key };
            rerouted.extend(reroute(before.key(strip.id, insert.id), insert.key, set_key));
        }
        for send in &strip.sends {
            set_send(before.send(strip.id, send.id), strip.id, send, &mut rerouted, out);
        }
    }
    let several = rerouted.len() > 1;
    let (open, connect): (Vec<_>, Vec<_>) = rerouted.into_iter().map(|change| (change.open, change.connect)).unzip();
    if several || connect.iter().all(Option::is_none) {
        out.extend(open.into_iter().flatten());
    }
    out.extend(connect.into_iter().flatten());
}

fn reroute(old: Option<StripId>, new: Option<StripId>, set: impl Fn(Option<StripId>) -> Command) -> Option<Rerouted> {
    (old != new).then(|| Rerouted { open: old.map(|_| set(None)), connect: new.map(|to| set(Some(to))) })
}

fn set_send(old: Option<&Send>, strip: StripId, send: &Send, rerouted: &mut Vec<Rerouted>, out: &mut Vec<Command>) {
    if old.is_none_or(|old| old.pre != send.pre) {
        let put = Command::PutSend { strip, send: send.id, to: send.to, pre: send.pre, values: list(SEND_PARAMS, &send.values) };
        rerouted.push(Rerouted { open: None, connect: Some(put) });
    } else if let Some(old) = old {
        let values = changed(SEND_PARAMS, &old.values, &send.values);
        out.extend(values.map(|(index, value)| Command::SetParam { address: Address::Send(send.id, index), value }));
    }
}

fn set_lanes(before: &Before<'_>, new: &Strip, out: &mut Vec<Command>) {
    for lane in &new.lanes {
        let Some(address) = address(new, &lane.target) else { continue };
        let old = before.lane(new.id, &lane.target);
        let same_points = old.is_some_and(|old| Arc::ptr_eq(&old.points, &lane.points) || old.points == lane.points);
        if !same_points {
            out.extend(set_lane(address, &lane.points));
        }
        if !same_points || old.is_some_and(|old| old.enabled != lane.enabled) {
            out.push(Command::EnableLane { address, enabled: lane.enabled });
        }
    }
}
