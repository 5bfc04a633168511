//! Edits of strips: their place, fields, values, sends and automation.

use dsp::params::Flags;
use dsp::protocol::{SendId, StripId, StripKind};

use super::apply::{Outcome, run_all, song_mut, strip_mut};
use super::check::{self, Touched};
use super::{Edit, EditError};
use crate::model::{Lane, Look, Send, Session, Song, SongId, SongKind, Strip, Target};
use crate::rules;

pub(super) fn add(session: &mut Session, song: SongId, at: usize, strip: &Strip, touched: &mut Touched) -> Outcome {
    let ids = rules::strip_ids(strip);
    check::new_ids(session, &ids, "strip")?;
    let found = session.song(song).ok_or(EditError::Missing("song"))?;
    if strip.kind == StripKind::Master || found.kind == SongKind::Stereo {
        return Err(EditError::Refused("This song takes no more strips of this kind."));
    }
    if found.strips.len() >= rules::MAX_STRIPS {
        return Err(EditError::Refused("A song holds at most 256 strips."));
    }
    check::insert_count(found, strip.inserts.len())?;
    check::strip(session, found, strip)?;
    touched.ids(&ids);
    touched.routing.insert(song);
    touched.clips.insert((song, strip.id));
    let mut tidy = strip.clone();
    rules::tidy_strip(&mut tidy);
    let strips = &mut song_mut(session, song)?.strips;
    strips.insert(at.min(strips.len().saturating_sub(1)), tidy);
    Ok(Edit::RemoveStrip { song, strip: strip.id })
}

pub(super) fn remove(session: &mut Session, song: SongId, strip: StripId, touched: &mut Touched) -> Outcome {
    let found = session.song(song).ok_or(EditError::Missing("song"))?;
    let kind = check::strip_of(found, strip)?.kind;
    if kind == StripKind::Master || found.kind == SongKind::Stereo {
        return Err(EditError::Refused("This strip belongs to the song and stays."));
    }
    let naming = edits_that_forget(found, strip);
    let forgotten = run_all(session, &naming, touched)?;
    let strips = &mut song_mut(session, song)?.strips;
    let at = strips.iter().position(|found| found.id == strip).ok_or(EditError::Missing("strip"))?;
    let add = Edit::AddStrip { song, at, strip: Box::new(strips.remove(at)) };
    Ok(if naming.is_empty() { add } else { Edit::Batch(vec![add, forgotten]) })
}

/// What takes a strip's name out of every output, send and key of the others.
fn edits_that_forget(song: &Song, gone: StripId) -> Vec<Edit> {
    let id = song.id;
    let mut edits = Vec::new();
    for strip in song.strips.iter().filter(|strip| strip.id != gone) {
        if strip.output == Some(gone) {
            edits.push(Edit::SetOutput { song: id, strip: strip.id, output: None });
        }
        let sends = strip.sends.iter().filter(|send| send.to == gone);
        edits.extend(sends.map(|send| Edit::RemoveSend { song: id, strip: strip.id, send: send.id }));
        let keyed = strip.inserts.iter().filter(|insert| insert.key == Some(gone));
        edits.extend(keyed.map(|insert| Edit::SetKey { song: id, strip: strip.id, insert: insert.id, key: None }));
    }
    edits
}

pub(super) fn move_to(session: &mut Session, song: SongId, strip: StripId, at: usize) -> Outcome {
    let found = song_mut(session, song)?;
    let old_at = found.strip_index(strip).ok_or(EditError::Missing("strip"))?;
    if found.strips[old_at].kind == StripKind::Master {
        return Err(EditError::Refused("The master stays last."));
    }
    let moved = found.strips.remove(old_at);
    found.strips.insert(at.min(found.strips.len().saturating_sub(1)), moved);
    Ok(Edit::MoveStrip { song, strip, at: old_at })
}

pub(super) fn set_name(session: &mut Session, song: SongId, strip: StripId, name: &str) -> Outcome {
    let name = rules::tidy_name(name).ok_or(EditError::Refused("A name has at least one letter."))?;
    let name = std::mem::replace(&mut strip_mut(session, song, strip)?.name, name);
    Ok(Edit::SetName { song, strip, name })
}

pub(super) fn set_colour(session: &mut Session, song: SongId, strip: StripId, colour: u8) -> Outcome {
    let colour = std::mem::replace(&mut strip_mut(session, song, strip)?.colour, colour.min(rules::MAX_COLOUR));
    Ok(Edit::SetColour { song, strip, colour })
}

pub(super) fn set_look(session: &mut Session, song: SongId, strip: StripId, look: &Look) -> Outcome {
    let found = strip_mut(session, song, strip)?;
    if found.kind == StripKind::Master && look.hidden {
        return Err(EditError::Refused("The master is always in sight."));
    }
    let mut look = look.clone();
    rules::tidy_look(&mut look);
    let look = std::mem::replace(&mut found.look, look);
    Ok(Edit::SetLook { song, strip, look })
}

pub(super) fn set_output(session: &mut Session, song: SongId, strip: StripId, output: Option<StripId>, touched: &mut Touched) -> Outcome {
    let found = song_mut(session, song)?;
    check::output(found, check::strip_of(found, strip)?, output)?;
    touched.routing.insert(song);
    let output = std::mem::replace(&mut check::strip_of_mut(found, strip)?.output, output);
    Ok(Edit::SetOutput { song, strip, output })
}

pub(super) fn set_value(session: &mut Session, song: SongId, strip: StripId, target: &Target, value: f32) -> Outcome {
    let found = strip_mut(session, song, strip)?;
    let spec = found.spec_of(target).ok_or(EditError::Refused("This version does not know the parameter."))?;
    let (values, id) = match target {
        Target::Strip(id) => (&mut found.values, id),
        Target::Insert(insert, id) => {
            let insert = found.inserts.iter_mut().find(|found| found.id == *insert).ok_or(EditError::Missing("insert"))?;
            (&mut insert.values, id)
        }
        Target::Send(send, id) => (&mut send_mut(found, *send)?.values, id),
    };
    let value = spec.clamp(value);
    let old = if value == spec.default { values.remove(id) } else { values.insert(id.clone(), value) };
    Ok(Edit::SetValue { song, strip, target: target.clone(), value: old.unwrap_or(spec.default) })
}

pub(super) fn set_lane(session: &mut Session, song: SongId, strip: StripId, target: &Target, lane: Option<&Lane>) -> Outcome {
    let found = strip_mut(session, song, strip)?;
    match target {
        Target::Insert(insert, _) if found.insert(*insert).is_none() => return Err(EditError::Missing("insert")),
        Target::Send(send, _) if found.send(*send).is_none() => return Err(EditError::Missing("send")),
        _ => {}
    }
    let spec = found.spec_of(target);
    if lane.is_some() && spec.is_some_and(|spec| !spec.flags.has(Flags::AUTOMATABLE)) {
        return Err(EditError::Refused("This parameter cannot be automated."));
    }
    let at = found.lanes.iter().position(|lane| lane.target == *target);
    let old = at.map(|at| found.lanes.remove(at));
    if let Some(lane) = lane {
        let mut lane = Lane { target: target.clone(), ..lane.clone() };
        if !rules::points_are_tidy(spec, &lane.points) {
            rules::tidy_points(spec, std::sync::Arc::make_mut(&mut lane.points));
        }
        let at = found.lanes.partition_point(|other| other.target < *target);
        found.lanes.insert(at, lane);
    }
    Ok(Edit::SetLane { song, strip, target: target.clone(), lane: old })
}

fn send_mut(strip: &mut Strip, send: SendId) -> Result<&mut Send, EditError> {
    strip.sends.iter_mut().find(|found| found.id == send).ok_or(EditError::Missing("send"))
}

pub(super) fn add_send(session: &mut Session, song: SongId, strip: StripId, at: usize, send: &Send, touched: &mut Touched) -> Outcome {
    check::new_ids(session, &[send.id.0], "send")?;
    let found = song_mut(session, song)?;
    check::send(found, check::strip_of(found, strip)?, send)?;
    let mut send = send.clone();
    rules::tidy_values(dsp::engine::SEND_PARAMS, &mut send.values);
    touched.ids(&[send.id.0]);
    touched.routing.insert(song);
    let id = send.id;
    let sends = &mut check::strip_of_mut(found, strip)?.sends;
    sends.insert(at.min(sends.len()), send);
    Ok(Edit::RemoveSend { song, strip, send: id })
}

pub(super) fn remove_send(session: &mut Session, song: SongId, strip: StripId, send: SendId, touched: &mut Touched) -> Outcome {
    let found = strip_mut(session, song, strip)?;
    send_mut(found, send)?;
    let lanes: Vec<Edit> = found
        .lanes
        .iter()
        .filter(|lane| matches!(lane.target, Target::Send(of, _) if of == send))
        .map(|lane| Edit::SetLane { song, strip, target: lane.target.clone(), lane: None })
        .collect();
    let restored = run_all(session, &lanes, touched)?;
    let sends = &mut strip_mut(session, song, strip)?.sends;
    let at = sends.iter().position(|found| found.id == send).ok_or(EditError::Missing("send"))?;
    let add = Edit::AddSend { song, strip, at, send: sends.remove(at) };
    Ok(if lanes.is_empty() { add } else { Edit::Batch(vec![add, restored]) })
}

pub(super) fn set_send_pre(session: &mut Session, song: SongId, strip: StripId, send: SendId, pre: bool) -> Outcome {
    let pre = std::mem::replace(&mut send_mut(strip_mut(session, song, strip)?, send)?.pre, pre);
    Ok(Edit::SetSendPre { song, strip, send, pre })
}

pub(super) fn set_send_to(
    session: &mut Session,
    song: SongId,
    strip: StripId,
    send: SendId,
    to: StripId,
    touched: &mut Touched,
) -> Outcome {
    let found = song_mut(session, song)?;
    let mut changed = send_mut(check::strip_of_mut(found, strip)?, send)?.clone();
    let old = std::mem::replace(&mut changed.to, to);
    check::send(found, check::strip_of(found, strip)?, &changed)?;
    *send_mut(check::strip_of_mut(found, strip)?, send)? = changed;
    touched.routing.insert(song);
    Ok(Edit::SetSendTo { song, strip, send, to: old })
}
