//! Versions A to D of a master chain: one is heard, the others are kept beside it in the document; going from one to another is an edit.

use dsp::protocol::InsertId;

use crate::edit::Edit;
use crate::make::Ids;
use crate::model::{Chain, Insert, Lane, Session, SongId, Strip, Target};

/// Their names.
pub const NAMES: [&str; 4] = ["A", "B", "C", "D"];
/// What of the master strip belongs to a version beside its inserts.
const VOLUME: &str = "volume";

/// The edit that leads to another version; one that is not there yet begins as a copy. `None` when it is heard already, or is none.
pub fn switch(session: &Session, song: SongId, to: u8) -> Option<Edit> {
    let found = session.song(song)?;
    let (strip, mut versions) = (found.master()?, found.versions.clone());
    if to == versions.current || usize::from(to) >= NAMES.len() {
        return None;
    }
    let leaving = chain_of(strip);
    let coming = versions.others.remove(&to).unwrap_or_else(|| copy(&leaving, &mut session.ids()));
    versions.others.insert(versions.current, leaving);
    versions.current = to;
    let mut edits = vec![Edit::SetVersions { song, versions }];
    edits.extend(replace(song, strip, coming));
    Some(Edit::Batch(edits))
}

/// The edit that takes every step out of the chain; the fader behind it stays.
pub fn without_chain(session: &Session, song: SongId) -> Option<Edit> {
    let strip = session.song(song)?.master()?;
    let bare = Chain { inserts: Vec::new(), lanes: Vec::new(), ..chain_of(strip) };
    Some(Edit::Batch(replace(song, strip, bare)))
}

/// The edits that put a chain in the place of the strip's own.
pub(crate) fn replace(song: SongId, strip: &Strip, chain: Chain) -> Vec<Edit> {
    let mut edits: Vec<Edit> = strip.inserts.iter().map(|insert| Edit::RemoveInsert { song, strip: strip.id, insert: insert.id }).collect();
    edits.extend(chain.inserts.into_iter().map(|insert| Edit::AddInsert { song, strip: strip.id, at: usize::MAX, insert }));
    edits.extend(chain.lanes.into_iter().map(|lane| Edit::SetLane {
        song,
        strip: strip.id,
        target: lane.target.clone(),
        lane: Some(lane),
    }));
    edits.push(Edit::SetValue { song, strip: strip.id, target: Target::Strip(VOLUME.into()), value: chain.volume_db });
    edits
}

fn chain_of(strip: &Strip) -> Chain {
    let is_of_insert = |lane: &&Lane| matches!(lane.target, Target::Insert(..));
    Chain {
        inserts: strip.inserts.clone(),
        lanes: strip.lanes.iter().filter(is_of_insert).cloned().collect(),
        volume_db: strip.value_of(&Target::Strip(VOLUME.into())),
    }
}

/// The same chain of inserts of its own.
fn copy(chain: &Chain, ids: &mut Ids) -> Chain {
    let inserts: Vec<Insert> = chain.inserts.iter().map(|insert| Insert { id: ids.insert(), ..insert.clone() }).collect();
    let renamed = |id: InsertId| chain.inserts.iter().zip(&inserts).find(|(old, _)| old.id == id).map(|(_, new)| new.id);
    let lane = |lane: &Lane| {
        let Target::Insert(id, param) = &lane.target else { return None };
        Some(Lane { target: Target::Insert(renamed(*id)?, param.clone()), ..lane.clone() })
    };
    let lanes = chain.lanes.iter().filter_map(lane).collect();
    Chain { inserts, lanes, volume_db: chain.volume_db }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Song;
    use crate::testing;

    fn processors(song: &Song) -> Vec<&str> {
        song.master().map(|strip| strip.inserts.iter().map(|insert| insert.processor.as_str()).collect()).unwrap_or_default()
    }

    #[test]
    fn without_its_chain_a_song_keeps_its_fader() {
        let (mut session, song) = testing::stereo_session();
        let strip = session.song(song).and_then(Song::master).expect("a master").id;
        let limiter = Insert::new(&mut session.ids(), "limiter");
        session.apply(&Edit::AddInsert { song, strip, at: 0, insert: limiter }).expect("an insert");
        session.apply(&Edit::SetValue { song, strip, target: Target::Strip(VOLUME.into()), value: -3.0 }).expect("a value");
        session.apply(&without_chain(&session, song).expect("an edit")).expect("an edit that fits");
        let song = session.song(song).expect("the song");
        assert!(processors(song).is_empty());
        assert_eq!(song.master().expect("a master").value_of(&Target::Strip(VOLUME.into())), -3.0);
    }

    #[test]
    fn each_version_keeps_its_chain_and_undo_leads_back() {
        let (mut session, song) = testing::stereo_session();
        let strip = session.song(song).and_then(Song::master).expect("a master").id;
        let limiter = Insert::new(&mut session.ids(), "limiter");
        session.apply(&Edit::AddInsert { song, strip, at: 0, insert: limiter }).expect("an insert");
        let before = session.clone();
        let to_b = switch(&session, song, 1).expect("an edit");
        let back = session.apply(&to_b).expect("an edit that fits");
        assert_eq!(processors(session.song(song).expect("the song")), ["limiter"], "B begins as a copy");
        let added = Insert::new(&mut session.ids(), "equalizer");
        let undo_added = session.apply(&Edit::AddInsert { song, strip, at: 0, insert: added }).expect("an insert");
        let to_a = switch(&session, song, 0).expect("an edit");
        let undo_a = session.apply(&to_a).expect("an edit that fits");
        assert_eq!(session.song(song).expect("the song").strips, before.song(song).expect("the song").strips);
        assert!(switch(&session, song, 0).is_none() && switch(&session, song, 4).is_none());
        session.apply(&undo_a).expect("undone");
        assert_eq!(processors(session.song(song).expect("the song")), ["equalizer", "limiter"]);
        session.apply(&undo_added).expect("undone");
        session.apply(&back).expect("undone");
        assert_eq!(session.songs, before.songs);
    }
}
