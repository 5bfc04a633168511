//! Edits of a strip's chain.

use dsp::protocol::{InsertId, StripId};

use super::apply::{Outcome, run_all, song_mut, strip_mut};
use super::check::{self, Touched};
use super::{Edit, EditError};
use crate::model::{Insert, Lane, Session, SongId, Strip, Target};
use crate::rules;

pub(super) fn run(session: &mut Session, edit: &Edit, touched: &mut Touched) -> Outcome {
    match edit {
        Edit::AddInsert { song, strip, at, insert } => add(session, *song, *strip, *at, insert, touched),
        Edit::RemoveInsert { song, strip, insert } => remove(session, *song, *strip, *insert, touched),
        Edit::MoveInsert { song, strip, insert, to_strip, at } => move_to(session, *song, (*strip, *insert), *to_strip, *at, touched),
        Edit::SetBypass { song, strip, insert, bypassed } => {
            let found = insert_mut(strip_mut(session, *song, *strip)?, *insert)?;
            let bypassed = std::mem::replace(&mut found.bypassed, *bypassed);
            Ok(Edit::SetBypass { song: *song, strip: *strip, insert: *insert, bypassed })
        }
        Edit::SetKey { song, strip, insert, key } => {
            let found = song_mut(session, *song)?;
            check::key(found, check::strip_of(found, *strip)?, *key)?;
            let found = insert_mut(check::strip_of_mut(found, *strip)?, *insert)?;
            touched.routing.insert(*song);
            let key = std::mem::replace(&mut found.key, *key);
            Ok(Edit::SetKey { song: *song, strip: *strip, insert: *insert, key })
        }
        Edit::SetInsertValues { song, strip, insert, values, preset } => {
            let found = insert_mut(strip_mut(session, *song, *strip)?, *insert)?;
            let mut values = values.clone();
            rules::tidy_values(specs(found), &mut values);
            let values = std::mem::replace(&mut found.values, values);
            let preset = std::mem::replace(&mut found.preset, preset.clone());
            Ok(Edit::SetInsertValues { song: *song, strip: *strip, insert: *insert, values, preset })
        }
        _ => Err(EditError::Refused("This edit is not about inserts.")),
    }
}

fn specs(insert: &Insert) -> &'static [dsp::params::ParamSpec] {
    insert.spec().map_or(&[], |spec| spec.params)
}

fn index(strip: &Strip, insert: InsertId) -> Result<usize, EditError> {
    strip.inserts.iter().position(|found| found.id == insert).ok_or(EditError::Missing("insert"))
}

fn insert_mut(strip: &mut Strip, insert: InsertId) -> Result<&mut Insert, EditError> {
    strip.inserts.iter_mut().find(|found| found.id == insert).ok_or(EditError::Missing("insert"))
}

fn add(session: &mut Session, song: SongId, strip: StripId, at: usize, insert: &Insert, touched: &mut Touched) -> Outcome {
    check::new_ids(session, &[insert.id.0], "insert")?;
    let found = song_mut(session, song)?;
    check::insert_count(found, 1)?;
    check::insert(found, check::strip_of(found, strip)?, insert)?;
    let chain = &mut check::strip_of_mut(found, strip)?.inserts;
    let mut insert = insert.clone();
    rules::tidy_values(specs(&insert), &mut insert.values);
    touched.ids(&[insert.id.0]);
    touched.routing.insert(song);
    let id = insert.id;
    chain.insert(at.min(chain.len()), insert);
    Ok(Edit::RemoveInsert { song, strip, insert: id })
}

fn remove(session: &mut Session, song: SongId, strip: StripId, insert: InsertId, touched: &mut Touched) -> Outcome {
    let found = strip_mut(session, song, strip)?;
    index(found, insert)?;
    let lanes: Vec<Edit> = found
        .lanes
        .iter()
        .filter(|lane| is_of(lane, insert))
        .map(|lane| Edit::SetLane { song, strip, target: lane.target.clone(), lane: None })
        .collect();
    let lanes = if lanes.is_empty() { None } else { Some(run_all(session, &lanes, touched)?) };
    let chain = &mut strip_mut(session, song, strip)?.inserts;
    let at = chain.iter().position(|found| found.id == insert).ok_or(EditError::Missing("insert"))?;
    let add = Edit::AddInsert { song, strip, at, insert: chain.remove(at) };
    Ok(match lanes {
        Some(lanes) => Edit::Batch(vec![add, lanes]),
        None => add,
    })
}

fn is_of(lane: &Lane, insert: InsertId) -> bool {
    matches!(lane.target, Target::Insert(of, _) if of == insert)
}

fn move_to(
    session: &mut Session,
    song: SongId,
    (from, insert): (StripId, InsertId),
    to: StripId,
    at: usize,
    touched: &mut Touched,
) -> Outcome {
    let found = song_mut(session, song)?;
    let old_at = index(check::strip_of(found, from)?, insert)?;
    let key = check::strip_of(found, from)?.inserts[old_at].key;
    check::key(found, check::strip_of(found, to)?, key)?;
    let source = check::strip_of_mut(found, from)?;
    let moved = source.inserts.remove(old_at);
    let (lanes, others) = std::mem::take(&mut source.lanes).into_iter().partition(|lane| is_of(lane, insert));
    source.lanes = others;
    let target = check::strip_of_mut(found, to)?;
    target.inserts.insert(at.min(target.inserts.len()), moved);
    let lanes: Vec<Lane> = lanes;
    target.lanes.extend(lanes);
    target.lanes.sort_by(|a, b| a.target.cmp(&b.target));
    touched.routing.insert(song);
    Ok(Edit::MoveInsert { song, strip: to, insert, to_strip: from, at: old_at })
}
