//! How each command changes the engine. Called between blocks; here memory is taken and given back, never while rendering.

use alloc::string::String;
use alloc::vec::Vec;

use super::automation::Driven;
use super::controls::{SEND_PARAMS, STRIP_PARAMS, strip_param};
use super::engine::Engine;
use super::graph::{destinations, index_of, loop_of, master_of, output_of};
use super::insert::InsertSlot;
use super::send::Send;
use super::strip::Strip;
use super::transport::{Change, Phase};
use crate::protocol::feed::LAST_FRAME;
use crate::protocol::{Address, ClipPlay, Command, Event, InsertId, Listen, Piece, SendId, StripId, StripKind};

/// What [`Command::PutInsert`] says of an insert.
struct InsertPlan {
    id: InsertId,
    processor: String,
    place: usize,
    bypassed: bool,
    key: Option<StripId>,
    values: Vec<f32>,
}

/// Whether what was measured of the song before the command does not describe it after.
fn changes_the_song(command: &Command) -> bool {
    !matches!(
        command,
        Command::SetMonitor { .. }
            | Command::SetTap { .. }
            | Command::Compare { .. }
            | Command::ResetMeters
            | Command::ResetPeak { .. }
            | Command::Play { .. }
            | Command::Stop
            | Command::Locate { .. }
    )
}

impl Engine {
    /// Carries a command out; one that names something unknown does nothing.
    pub fn apply(&mut self, command: Command) {
        self.take_out_gone_inserts();
        self.strips.iter_mut().flat_map(|strip| &mut strip.inserts).for_each(InsertSlot::drop_ended_comparison);
        let changes_the_song = changes_the_song(&command);
        if changes_the_song {
            self.restart_matches();
        }
        match command {
            Command::AddStrip { strip, kind } => self.add_strip(strip, kind),
            Command::RemoveStrip { strip } => self.remove_strip(strip),
            Command::SetOutput { strip, to } => self.set_output(strip, to),
            Command::PutInsert { strip, insert, processor, place, bypassed, key, values } => {
                let place = usize::from(place);
                self.put_insert(strip, InsertPlan { id: insert, processor, place, bypassed, key, values });
            }
            Command::MoveInsert { insert, place } => self.move_insert(insert, usize::from(place)),
            Command::RemoveInsert { insert } => self.remove_insert(insert),
            Command::SetBypass { insert, bypassed } => self.set_bypass(insert, bypassed),
            Command::SetKey { insert, key } => self.set_key(insert, key),
            Command::PutSend { strip, send, to, pre, values } => self.put_send(strip, send, to, pre, &values),
            Command::RemoveSend { send } => self.remove_send(send),
            Command::SetParam { address, value } => self.set_param(address, value),
            Command::SetClips { strip, revision, piece, clips } => self.set_clips(strip, revision, piece, &clips),
            Command::SetLane { address, piece, points } => self.change_lane(address, |driven, at| driven.take_points(at, piece, &points)),
            Command::EnableLane { address, enabled } => self.change_lane(address, |driven, at| driven.enable_lane(at, enabled)),
            Command::Play { generation } => self.play(generation),
            Command::Stop => self.change_transport(Change::Stop),
            Command::Locate { frame } => self.locate(frame.min(LAST_FRAME)),
            Command::SetMonitor { index, value } => self.monitor.set(usize::from(index), value),
            Command::SetTap { slot, number, point } => self.taps.set(usize::from(slot), number, point),
            Command::Compare { insert, listen } => self.compare(insert, listen),
            Command::ResetMeters => self.reset_meters(),
            Command::ResetPeak { strip } => {
                index_of(&self.strips, strip).into_iter().for_each(|at| self.strips[at].meter.reset_peak());
            }
        }
        if changes_the_song {
            self.follow_listening();
        }
    }

    fn compare(&mut self, insert: InsertId, listen: Option<Listen>) {
        let rate_hz = self.rate_hz;
        for slot in self.strips.iter_mut().flat_map(|strip| &mut strip.inserts) {
            if slot.id == insert {
                slot.compare(listen, rate_hz);
            } else if listen.is_some_and(|listen| listen != Listen::Through) && slot.listens().is_some() {
                slot.compare(Some(Listen::Through), rate_hz);
            }
        }
        self.follow_listening();
    }

    fn follow_listening(&mut self) {
        let mut slots = self.strips.iter().flat_map(|strip| &strip.inserts);
        self.monitor.hear_step(slots.any(|slot| slot.listens() == Some(Listen::Change) && !slot.is_leaving()));
    }

    fn restart_matches(&mut self) {
        self.strips.iter_mut().flat_map(|strip| &mut strip.inserts).for_each(InsertSlot::restart_comparison);
        self.monitor.restart_matches();
    }

    fn set_bypass(&mut self, insert: InsertId, bypassed: bool) {
        if let Some((strip, at)) = self.find_insert(insert) {
            self.strips[strip].inserts[at].set_bypassed(bypassed);
        }
    }

    fn set_clips(&mut self, strip: StripId, revision: u32, piece: Piece, clips: &[ClipPlay]) {
        if let Some(at) = index_of(&self.strips, strip) {
            self.strips[at].player.take_clips(revision, piece, clips);
        }
    }

    fn change_lane(&mut self, address: Address, change: impl FnOnce(&mut Driven, usize)) {
        if let Some((driven, index)) = self.driven(address) {
            change(driven, index);
        }
    }

    fn reset_meters(&mut self) {
        self.master_meters.reset();
        self.strips.iter_mut().for_each(|strip| strip.meter.reset_peak());
    }

    fn add_strip(&mut self, id: StripId, kind: StripKind) {
        let has_master = self.strips.iter().any(|strip| strip.kind == StripKind::Master);
        if kind == StripKind::Master && has_master {
            return;
        }
        if let Err(place) = self.strips.binary_search_by_key(&id, |strip| strip.id) {
            self.strips.insert(place, Strip::new(id, kind, self.rate_hz));
            self.lay_out();
        }
    }

    fn remove_strip(&mut self, id: StripId) {
        let Some(at) = index_of(&self.strips, id) else {
            return;
        };
        self.arm_destinations(at);
        self.strips.remove(at);
        for strip in &mut self.strips {
            strip.sends.retain(|send| send.to != id);
            strip.inserts.iter_mut().filter(|slot| slot.key == Some(id)).for_each(|slot| slot.key = None);
            if strip.output == Some(id) {
                strip.output = None;
                strip.out_edge.shut();
            }
        }
        self.lay_out();
    }

    fn set_output(&mut self, id: StripId, to: Option<StripId>) {
        let Some(at) = index_of(&self.strips, id) else {
            return;
        };
        let new = match to {
            Some(to) => index_of(&self.strips, to).filter(|&to| self.strips[to].kind != StripKind::Audio),
            None => master_of(&self.strips),
        };
        if to.is_some() && new.is_none() || self.strips[at].kind == StripKind::Master {
            return;
        }
        if let Some(new) = new
            && self.refuse_loop(at, new)
        {
            return;
        }
        let old = output_of(&self.strips, at);
        self.strips[at].output = to;
        if old != new {
            if let Some(old) = old {
                self.strips[old].input_declick.arm();
            }
            self.strips[at].out_edge.shut();
        }
        self.lay_out();
    }

    fn put_insert(&mut self, strip: StripId, plan: InsertPlan) {
        let Some(at) = index_of(&self.strips, strip) else {
            return;
        };
        match self.find_insert(plan.id) {
            Some((owner, _)) if owner != at => {}
            Some((_, slot)) if self.strips[at].inserts[slot].processor_id == plan.processor => {
                let slot = &mut self.strips[at].inserts[slot];
                slot.set_bypassed(plan.bypassed);
                if slot.set_targets(&plan.values) {
                    self.strips[at].insert_declick.arm();
                }
                self.move_insert(plan.id, plan.place);
                self.set_key(plan.id, plan.key);
            }
            Some(_) => {
                self.remove_insert(plan.id);
                self.add_insert(at, plan);
            }
            None => self.add_insert(at, plan),
        }
    }

    fn add_insert(&mut self, at: usize, plan: InsertPlan) {
        let mut slot = InsertSlot::new(plan.id, plan.processor, &plan.values, self.options.build, self.rate_hz);
        slot.set_bypassed(plan.bypassed);
        if !self.is_live() {
            slot.reset(0);
        }
        let place = self.place_among_inserts(at, plan.place);
        self.strips[at].inserts.insert(place, slot);
        self.set_key(plan.id, plan.key);
    }

    /// Index in the chain, which may hold inserts that are fading out, of a place in the chain as the page knows it.
    fn place_among_inserts(&self, strip: usize, place: usize) -> usize {
        let inserts = &self.strips[strip].inserts;
        let staying = inserts.iter().enumerate().filter(|(_, slot)| !slot.is_leaving());
        staying.map(|(at, _)| at).nth(place).unwrap_or(inserts.len())
    }

    fn move_insert(&mut self, id: InsertId, place: usize) {
        let Some((strip, from)) = self.find_insert(id) else {
            return;
        };
        let slot = self.strips[strip].inserts.remove(from);
        let to = self.place_among_inserts(strip, place);
        self.strips[strip].inserts.insert(to, slot);
        if to != from {
            self.strips[strip].insert_declick.arm();
        }
        self.lay_out();
    }

    fn remove_insert(&mut self, id: InsertId) {
        if let Some((strip, at)) = self.find_insert(id) {
            if self.is_live() {
                self.strips[strip].inserts[at].leave();
            } else {
                self.strips[strip].inserts.remove(at);
            }
            self.lay_out();
        }
    }

    fn set_key(&mut self, id: InsertId, key: Option<StripId>) {
        let Some((strip, at)) = self.find_insert(id) else {
            return;
        };
        let key = key.and_then(|id| index_of(&self.strips, id));
        if let Some(key) = key
            && self.refuse_loop(key, strip)
        {
            return self.lay_out();
        }
        self.strips[strip].inserts[at].key = key.map(|key| self.strips[key].id);
        self.lay_out();
    }

    fn put_send(&mut self, strip: StripId, id: SendId, to: StripId, pre: bool, values: &[f32]) {
        let (Some(at), Some(dest)) = (index_of(&self.strips, strip), index_of(&self.strips, to)) else {
            return;
        };
        let takes_sends = matches!(self.strips[dest].kind, StripKind::Group | StripKind::Return);
        let owner = self.find_send(id).map(|(owner, _)| owner);
        if !takes_sends || owner.is_some_and(|owner| owner != at) || self.refuse_loop(at, dest) {
            return;
        }
        match self.strips[at].sends.binary_search_by_key(&id, |send| send.id) {
            Err(place) => self.strips[at].sends.insert(place, Send::new(id, to, pre, values, self.rate_hz)),
            Ok(place) => {
                let send = &mut self.strips[at].sends[place];
                send.driven.set_targets(values);
                let old = core::mem::replace(&mut send.to, to);
                let was_pre = core::mem::replace(&mut send.pre, pre);
                if old != to || was_pre != pre {
                    send.edge.shut();
                    self.arm_input(old);
                }
            }
        }
        self.lay_out();
    }

    fn remove_send(&mut self, id: SendId) {
        if let Some((strip, at)) = self.find_send(id) {
            let send = self.strips[strip].sends.remove(at);
            self.arm_input(send.to);
            self.lay_out();
        }
    }

    fn set_param(&mut self, address: Address, value: f32) {
        match address {
            Address::Insert(id, index) => {
                if let Some((strip, at)) = self.find_insert(id)
                    && self.strips[strip].inserts[at].set_target(usize::from(index), value)
                {
                    self.strips[strip].insert_declick.arm();
                    self.lay_out();
                }
            }
            Address::Strip(..) | Address::Send(..) => {
                if let Some((driven, index)) = self.driven(address) {
                    driven.set_target(index, value);
                }
            }
        }
        if let Address::Strip(_, index) = address
            && matches!(usize::from(index), strip_param::SOLO | strip_param::SOLO_SAFE)
        {
            self.apply_solo();
        }
    }

    fn play(&mut self, generation: u32) {
        if !self.transport.plays(generation) {
            self.change_transport(Change::Play(generation));
        }
    }

    fn change_transport(&mut self, change: Change) {
        self.transport.change = Some(change);
        if self.monitor.is_silent() {
            self.commit_change();
        }
    }

    fn locate(&mut self, frame: u64) {
        if self.transport.phase == Phase::Stopped && self.transport.change.is_none() {
            self.timeline.stand(frame);
        } else {
            self.transport.stand_at = Some(frame);
        }
    }

    fn driven(&mut self, address: Address) -> Option<(&mut Driven, usize)> {
        let (driven, index) = match address {
            Address::Strip(id, index) if usize::from(index) < STRIP_PARAMS.len() => {
                let at = index_of(&self.strips, id)?;
                (self.strips[at].driven(usize::from(index)), index)
            }
            Address::Insert(id, index) => {
                let (strip, at) = self.find_insert(id)?;
                (&mut self.strips[strip].inserts[at].driven, index)
            }
            Address::Send(id, index) if usize::from(index) < SEND_PARAMS.len() => {
                let (strip, at) = self.find_send(id)?;
                (&mut self.strips[strip].sends[at].driven, index)
            }
            _ => return None,
        };
        Some((driven, usize::from(index)))
    }

    /// Strip and place of an insert that is not on its way out.
    fn find_insert(&self, id: InsertId) -> Option<(usize, usize)> {
        let place = |strip: &Strip| strip.inserts.iter().position(|slot| slot.id == id && !slot.is_leaving());
        self.strips.iter().enumerate().find_map(|(at, strip)| Some((at, place(strip)?)))
    }

    fn find_send(&self, id: SendId) -> Option<(usize, usize)> {
        let place = |strip: &Strip| strip.sends.iter().position(|send| send.id == id);
        self.strips.iter().enumerate().find_map(|(at, strip)| Some((at, place(strip)?)))
    }

    /// Tells of a loop and gives `true` when a connection would close one.
    fn refuse_loop(&mut self, from: usize, to: usize) -> bool {
        let path = loop_of(&self.strips, from, to);
        let refused = path.is_some();
        if let Some(path) = path {
            self.events.push(Event::LoopRefused { path });
        }
        refused
    }

    fn take_out_gone_inserts(&mut self) {
        if self.strips.iter().any(|strip| strip.inserts.iter().any(InsertSlot::is_gone)) {
            self.strips.iter_mut().for_each(|strip| strip.inserts.retain(|slot| !slot.is_gone()));
            self.lay_out();
        }
    }

    fn arm_input(&mut self, id: StripId) {
        if let Some(at) = index_of(&self.strips, id) {
            self.strips[at].input_declick.arm();
        }
    }

    fn arm_destinations(&mut self, at: usize) {
        let reached: Vec<usize> = destinations(&self.strips, at).collect();
        reached.into_iter().for_each(|to| self.strips[to].input_declick.arm());
    }
}
