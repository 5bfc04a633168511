//! A stand-in for the engine that only keeps what commands say, to compare the ways that lead to one state.

use std::collections::BTreeMap;

use dsp::engine::STRIP_PARAMS;
use dsp::params::ParamSpec;
use dsp::protocol::{Address, ClipPlay, Command, InsertId, LanePoint, Piece, SendId, StripId, StripKind};

/// A parameter's automation and whether it is read.
type Lanes = BTreeMap<u16, (Vec<LanePoint>, bool)>;

#[derive(Clone, Debug, PartialEq)]
struct Values(Vec<f32>, Lanes);

impl Values {
    fn new(specs: &[ParamSpec]) -> Self {
        Self(specs.iter().map(|spec| spec.default).collect(), Lanes::new())
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Strip {
    kind: StripKind,
    output: Option<StripId>,
    values: Values,
    inserts: Vec<InsertId>,
    clips: (u32, Vec<ClipPlay>),
}

#[derive(Clone, Debug, PartialEq)]
struct Insert {
    processor: String,
    bypassed: bool,
    key: Option<StripId>,
    values: Values,
}

#[derive(Clone, Debug, PartialEq)]
struct Send {
    from: StripId,
    to: StripId,
    pre: bool,
    values: Values,
}

/// See the module's text.
#[derive(Clone, Debug, Default)]
pub struct ModelEngine {
    strips: BTreeMap<StripId, Strip>,
    inserts: BTreeMap<InsertId, Insert>,
    sends: BTreeMap<SendId, Send>,
    arriving_clips: Vec<ClipPlay>,
    arriving_points: Vec<LanePoint>,
    /// Commands that named something unknown or would have closed a loop: a valid list has none.
    pub refused: usize,
}

impl PartialEq for ModelEngine {
    fn eq(&self, other: &Self) -> bool {
        (&self.strips, &self.inserts, &self.sends) == (&other.strips, &other.inserts, &other.sends)
    }
}

impl ModelEngine {
    pub fn apply_all(&mut self, commands: &[Command]) {
        commands.iter().for_each(|command| self.apply(command));
    }

    fn apply(&mut self, command: &Command) {
        let done = match command.clone() {
            Command::AddStrip { strip, kind } => self.add_strip(strip, kind),
            Command::RemoveStrip { strip } => self.remove_strip(strip),
            Command::SetOutput { strip, to } => self.set_output(strip, to),
            Command::PutInsert { strip, insert, processor, place, bypassed, key, values } => {
                let lanes = self.inserts.get(&insert).map(|old| old.values.1.clone()).unwrap_or_default();
                let new = Insert { processor, bypassed, key, values: Values(values, lanes) };
                self.put_insert(strip, insert, usize::from(place), new)
            }
            Command::MoveInsert { insert, place } => self.move_insert(insert, usize::from(place)),
            Command::RemoveInsert { insert } => {
                self.strips.values_mut().for_each(|strip| strip.inserts.retain(|id| *id != insert));
                self.inserts.remove(&insert).is_some()
            }
            Command::SetBypass { insert, bypassed } => self.inserts.get_mut(&insert).map(|found| found.bypassed = bypassed).is_some(),
            Command::SetKey { insert, key } => self.set_key(insert, key),
            Command::PutSend { strip, send, to, pre, values } => {
                let lanes = self.sends.get(&send).map(|old| old.values.1.clone()).unwrap_or_default();
                self.put_send(send, Send { from: strip, to, pre, values: Values(values, lanes) })
            }
            Command::RemoveSend { send } => self.sends.remove(&send).is_some(),
            Command::SetParam { address, value } => self.values(address).map(|(values, index)| values.0[index] = value).is_some(),
            Command::SetClips { strip, revision, piece, clips } => self.set_clips(strip, revision, piece, &clips),
            Command::SetLane { address, piece, points } => self.set_lane(address, piece, &points),
            Command::EnableLane { address, enabled } => {
                let lane = self.values(address).and_then(|(values, index)| values.1.get_mut(&(index as u16)));
                // A lane without points is no lane to the engine, on or off.
                if let Some(lane) = lane {
                    lane.1 = enabled;
                }
                true
            }
            _ => false,
        };
        self.refused += usize::from(!done);
    }

    fn add_strip(&mut self, id: StripId, kind: StripKind) -> bool {
        let values = Values::new(STRIP_PARAMS);
        let new = Strip { kind, output: None, values, inserts: Vec::new(), clips: (crate::compile::revision(&[]), Vec::new()) };
        self.strips.insert(id, new).is_none()
    }

    fn remove_strip(&mut self, id: StripId) -> bool {
        let Some(gone) = self.strips.remove(&id) else { return false };
        self.inserts.retain(|insert, _| !gone.inserts.contains(insert));
        self.sends.retain(|_, send| send.from != id && send.to != id);
        self.inserts.values_mut().filter(|insert| insert.key == Some(id)).for_each(|insert| insert.key = None);
        self.strips.values_mut().filter(|strip| strip.output == Some(id)).for_each(|strip| strip.output = None);
        true
    }

    fn set_output(&mut self, strip: StripId, to: Option<StripId>) -> bool {
        if to.is_some_and(|to| !self.strips.contains_key(&to) || self.reaches(to, strip)) {
            return false;
        }
        self.strips.get_mut(&strip).map(|found| found.output = to).is_some()
    }

    fn put_insert(&mut self, strip: StripId, id: InsertId, place: usize, new: Insert) -> bool {
        let Some(found) = self.strips.get_mut(&strip) else { return false };
        found.inserts.insert(place.min(found.inserts.len()), id);
        self.inserts.insert(id, new).is_none()
    }

    fn move_insert(&mut self, id: InsertId, place: usize) -> bool {
        let Some(strip) = self.strips.values_mut().find(|strip| strip.inserts.contains(&id)) else { return false };
        strip.inserts.retain(|other| *other != id);
        strip.inserts.insert(place.min(strip.inserts.len()), id);
        true
    }

    fn set_key(&mut self, id: InsertId, key: Option<StripId>) -> bool {
        let owner = self.strips.iter().find(|(_, strip)| strip.inserts.contains(&id)).map(|(owner, _)| *owner);
        let Some(owner) = owner else { return false };
        if key.is_some_and(|key| !self.strips.contains_key(&key) || self.reaches(owner, key)) {
            return false;
        }
        self.inserts.get_mut(&id).map(|insert| insert.key = key).is_some()
    }

    fn put_send(&mut self, id: SendId, send: Send) -> bool {
        let known = self.strips.contains_key(&send.from) && self.strips.contains_key(&send.to);
        if !known || self.reaches(send.to, send.from) {
            return false;
        }
        self.sends.insert(id, send);
        true
    }

    /// Whether `to` hears `from`.
    fn reaches(&self, from: StripId, to: StripId) -> bool {
        if from == to {
            return true;
        }
        let output = self.strips.get(&from).and_then(|strip| strip.output);
        let sends = self.sends.values().filter(|send| send.from == from).map(|send| send.to);
        let keyed = self.strips.iter().filter(|(_, strip)| {
            strip.inserts.iter().any(|insert| self.inserts.get(insert).is_some_and(|insert| insert.key == Some(from)))
        });
        let next: Vec<StripId> = output.into_iter().chain(sends).chain(keyed.map(|(id, _)| *id)).collect();
        next.into_iter().any(|next| self.reaches(next, to))
    }

    fn values(&mut self, address: Address) -> Option<(&mut Values, usize)> {
        let (values, index) = match address {
            Address::Strip(id, index) => (&mut self.strips.get_mut(&id)?.values, index),
            Address::Insert(id, index) => (&mut self.inserts.get_mut(&id)?.values, index),
            Address::Send(id, index) => (&mut self.sends.get_mut(&id)?.values, index),
        };
        Some((values, usize::from(index)))
    }

    fn set_clips(&mut self, strip: StripId, revision: u32, piece: Piece, clips: &[ClipPlay]) -> bool {
        if piece.first {
            self.arriving_clips.clear();
        }
        self.arriving_clips.extend(clips);
        if !piece.last {
            return true;
        }
        let list = std::mem::take(&mut self.arriving_clips);
        list.len() == piece.total as usize && self.strips.get_mut(&strip).map(|found| found.clips = (revision, list)).is_some()
    }

    fn set_lane(&mut self, address: Address, piece: Piece, points: &[LanePoint]) -> bool {
        if piece.first {
            self.arriving_points.clear();
        }
        self.arriving_points.extend(points);
        if !piece.last {
            return true;
        }
        let list = std::mem::take(&mut self.arriving_points);
        let is_whole = list.len() == piece.total as usize;
        let Some((values, index)) = self.values(address) else { return false };
        if list.is_empty() {
            values.1.remove(&(index as u16));
        } else {
            values.1.entry(index as u16).or_insert((Vec::new(), true)).0 = list;
        }
        is_whole
    }
}
