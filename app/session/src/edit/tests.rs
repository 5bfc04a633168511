//! Edits and history, driven as the studio drives them.

use super::*;
use crate::history::Document;
use crate::model::{Fade, Song};
use crate::testing::{Chance, clip, random_edit, session};
use dsp::protocol::StripKind;

fn strip_named(song: &Song, name: &str) -> StripId {
    song.strips.iter().find(|strip| strip.name == name).expect("the strip").id
}

fn named(session: &Session, song: SongId, name: &str) -> StripId {
    strip_named(session.song(song).expect("the song"), name)
}

/// Ids are never given twice, so undo does not take the counter back.
fn without_counter(session: &Session) -> Session {
    Session { next_id: 0, ..session.clone() }
}

#[test]
fn a_thousand_random_edits_undone_give_the_same_session_and_redone_the_last_again() {
    let mut accepted = 0;
    for seed in 0..4 {
        let mut chance = Chance::new(seed);
        let (session, song) = session();
        let mut document = Document::new(session);
        let mut states = vec![without_counter(document.session())];
        for _ in 0..1000 {
            let edit = random_edit(&mut chance, document.session(), song);
            let before = document.session().clone();
            match document.dispatch("Edit", edit) {
                Ok(_) => states.push(without_counter(document.session())),
                Err(_) => assert_eq!(*document.session(), before, "a refused edit left a trace"),
            }
        }
        accepted += states.len() - 1;
        let last = states.len() - 1;
        let oldest = last - document.names().1;
        for state in states[oldest..last].iter().rev() {
            document.undo().expect("an inverse that fits").expect("an entry");
            assert_eq!(without_counter(document.session()), *state);
        }
        assert_eq!(document.undo(), Ok(None));
        for state in &states[oldest + 1..] {
            document.redo().expect("an edit that fits").expect("an entry");
            assert_eq!(without_counter(document.session()), *state);
        }
        assert_eq!(document.redo(), Ok(None));
    }
    assert!(accepted > 1000, "only {accepted} edits fitted");
}

#[test]
fn a_refused_batch_leaves_the_session_as_it_was() {
    let (mut session, song) = session();
    let before = session.clone();
    let kick = named(&session, song, "Kick");
    let rename = Edit::SetName { song, strip: kick, name: "Boom".into() };
    let impossible = Edit::RemoveStrip { song, strip: StripId(9999) };
    assert_eq!(session.apply(&Edit::Batch(vec![rename, impossible])), Err(EditError::Missing("strip")));
    assert_eq!(session, before);
}

#[test]
fn a_group_cannot_be_routed_in_a_circle_and_the_message_names_the_way() {
    let (mut session, song) = session();
    let (drums, music) = (named(&session, song, "Drums"), named(&session, song, "Music"));
    session.apply(&Edit::SetOutput { song, strip: drums, output: Some(music) }).expect("no circle yet");
    let refused = session.apply(&Edit::SetOutput { song, strip: music, output: Some(drums) }).expect_err("a circle");
    assert_eq!(refused.to_string(), "The sound would run in a circle: Drums → Music → Drums.");
    let mut ids = session.ids();
    let keyed = Insert { key: Some(music), ..Insert::new(&mut ids, "utility") };
    let refused = session.apply(&Edit::AddInsert { song, strip: drums, at: 0, insert: keyed }).expect_err("a circle by a key");
    assert!(matches!(refused, EditError::Loop { .. }));
}

#[test]
fn routes_may_be_exchanged_in_one_batch() {
    let (mut session, song) = session();
    let (drums, music) = (named(&session, song, "Drums"), named(&session, song, "Music"));
    session.apply(&Edit::SetOutput { song, strip: drums, output: Some(music) }).expect("no circle");
    let exchange = Edit::Batch(vec![
        Edit::SetOutput { song, strip: music, output: Some(drums) },
        Edit::SetOutput { song, strip: drums, output: None },
    ]);
    assert!(session.apply(&exchange).is_ok());
}

#[test]
fn two_clips_may_overlap_and_a_third_is_refused() {
    let (mut session, song) = session();
    let kick = named(&session, song, "Kick");
    let mut ids = session.ids();
    let third = clip(&mut ids, SourceId(1), (26_000, 0, 100));
    let refused = session.apply(&Edit::AddClip { song, strip: kick, clip: third.clone() }).expect_err("a third overlap");
    assert_eq!(refused.to_string(), "Three clips would overlap on Kick; a track plays two at a time.");
    let beside = Clip { start: 64_950, ..third };
    assert!(session.apply(&Edit::AddClip { song, strip: kick, clip: beside }).is_ok());
}

#[test]
fn clips_may_pass_through_each_other_while_a_batch_moves_them() {
    let (mut session, song) = session();
    let kick = named(&session, song, "Kick");
    let clips = session.strip(song, kick).expect("the strip").clips.clone();
    let mut ids = session.ids();
    let third = clip(&mut ids, SourceId(1), (70_000, 0, 20_000));
    session.apply(&Edit::AddClip { song, strip: kick, clip: third.clone() }).expect("free there");
    let moved = |clip: &Clip, by: u64| Edit::SetClip { song, strip: kick, clip: Clip { start: clip.start + by, ..clip.clone() } };
    let all = Edit::Batch(vec![moved(&clips[0], 50_000), moved(&clips[1], 50_000), moved(&third, 50_000)]);
    assert!(session.apply(&all).is_ok());
}

#[test]
fn a_clip_cannot_reach_past_its_source() {
    let (mut session, song) = session();
    let kick = named(&session, song, "Kick");
    let clip = Clip { offset: 99_999, length: 2, ..session.strip(song, kick).expect("the strip").clips[0].clone() };
    let refused = session.apply(&Edit::SetClip { song, strip: kick, clip }).expect_err("past the end");
    assert_eq!(refused.to_string(), "The clip would reach past the end of 1.wav.");
}

#[test]
fn removing_a_group_takes_its_name_out_of_every_route_and_undo_brings_all_back() {
    let (mut session, song) = session();
    let (drums, room) = (named(&session, song, "Drums"), named(&session, song, "Room"));
    let before = without_counter(&session);
    let inverses: Vec<Edit> = [drums, room].map(|strip| session.apply(&Edit::RemoveStrip { song, strip }).expect("removable")).into();
    let found = session.song(song).expect("the song");
    assert!(found.strips.iter().all(|strip| strip.output.is_none() && strip.send_to(room).is_none()));
    for inverse in inverses.iter().rev() {
        session.apply(inverse).expect("an inverse");
    }
    assert_eq!(without_counter(&session), before);
}

#[test]
fn a_source_goes_only_when_no_clip_plays_it() {
    let (mut session, _) = session();
    let refused = session.apply(&Edit::RemoveSource { source: SourceId(1) }).expect_err("in use");
    assert_eq!(refused.to_string(), "1.wav is still played by a clip.");
}

#[test]
fn values_are_brought_into_range_and_defaults_are_not_written() {
    let (mut session, song) = session();
    let kick = named(&session, song, "Kick");
    let volume = Target::Strip("volume".into());
    let set = |value| Edit::SetValue { song, strip: kick, target: volume.clone(), value };
    session.apply(&set(99.0)).expect("clamped");
    assert_eq!(session.strip(song, kick).expect("the strip").value_of(&volume), 6.0);
    session.apply(&set(0.0)).expect("the default");
    assert!(session.strip(song, kick).expect("the strip").values.is_empty());
}

#[test]
fn another_rate_keeps_every_time_and_its_undo_is_exact() {
    let (mut session, song) = session();
    let before = without_counter(&session);
    let inverse = session.apply(&Edit::SetRate { song, rate_hz: 96_000 }).expect("a rate");
    let clip = &session.song(song).expect("the song").strips[0].clips[1];
    assert_eq!((clip.start, clip.length), (50_002, 80_000));
    session.apply(&Edit::SetRate { song, rate_hz: 44_100 }).expect("a rate");
    session.apply(&Edit::SetRate { song, rate_hz: 48_000 }).expect("a rate");
    assert_eq!(session.song(song).expect("the song").strips[0].clips[1].start, 25_001);
    session.apply(&inverse).expect("an inverse");
    assert_eq!(without_counter(&session), before);
}

#[test]
fn an_insert_takes_its_automation_along_to_another_strip() {
    let (mut session, song) = session();
    let (kick, snare) = (named(&session, song, "Kick"), named(&session, song, "Snare"));
    let insert = session.strip(song, kick).expect("the strip").inserts[0].id;
    let target = Target::Insert(insert, "gain".into());
    let lane = Lane { target: target.clone(), enabled: true, points: Default::default() };
    session.apply(&Edit::SetLane { song, strip: kick, target: target.clone(), lane: Some(lane) }).expect("automatable");
    session.apply(&Edit::MoveInsert { song, strip: kick, insert, to_strip: snare, at: 0 }).expect("movable");
    assert!(session.strip(song, kick).expect("the strip").lane(&target).is_none());
    assert!(session.strip(song, snare).expect("the strip").lane(&target).is_some());
}

#[test]
fn solo_cannot_be_automated() {
    let (mut session, song) = session();
    let kick = named(&session, song, "Kick");
    let target = Target::Strip("solo".into());
    let lane = Lane { target: target.clone(), enabled: true, points: Default::default() };
    let refused = session.apply(&Edit::SetLane { song, strip: kick, target, lane: Some(lane) }).expect_err("not automatable");
    assert_eq!(refused.to_string(), "This parameter cannot be automated.");
}

#[test]
fn the_master_is_one_and_stays_last() {
    let (mut session, song) = session();
    let master = session.song(song).expect("the song").master().expect("the master").id;
    assert!(session.apply(&Edit::RemoveStrip { song, strip: master }).is_err());
    assert!(session.apply(&Edit::MoveStrip { song, strip: master, at: 0 }).is_err());
    let kick = named(&session, song, "Kick");
    session.apply(&Edit::MoveStrip { song, strip: kick, at: 99 }).expect("movable");
    let strips = &session.song(song).expect("the song").strips;
    assert_eq!(strips.last().map(|strip| strip.kind), Some(StripKind::Master));
    assert_eq!(strips[strips.len() - 2].id, kick);
}

#[test]
fn one_gesture_is_one_entry_named_by_its_last_step() {
    let (session, song) = session();
    let kick = named(&session, song, "Kick");
    let before = session.clone();
    let mut document = Document::new(session);
    let set = |value| Edit::SetValue { song, strip: kick, target: Target::Strip("volume".into()), value };
    for step in 1..200 {
        document.gesture(format!("Kick volume 0.0 → −{step} dB"), set(-(step as f32) / 10.0)).expect("a value");
    }
    document.end_gesture();
    assert_eq!(document.names(), (vec!["Kick volume 0.0 → −199 dB"], 1));
    assert_eq!(document.undo(), Ok(Some("Kick volume 0.0 → −199 dB".into())));
    assert_eq!(*document.session(), before);
    document.redo().expect("the edit fits");
    assert_eq!(document.session().strip(song, kick).expect("the strip").value_of(&Target::Strip("volume".into())), -19.9);
}

#[test]
fn a_gesture_that_comes_back_to_its_beginning_leaves_no_entry() {
    let (session, song) = session();
    let kick = named(&session, song, "Kick");
    let mut document = Document::new(session);
    for colour in [5, 7, 1] {
        document.gesture("Kick colour", Edit::SetColour { song, strip: kick, colour }).expect("a colour");
    }
    document.end_gesture();
    assert_eq!(document.undo_name(), None);
}

#[test]
fn a_cancelled_gesture_leaves_nothing() {
    let (session, song) = session();
    let kick = named(&session, song, "Kick");
    let before = session.clone();
    let mut document = Document::new(session);
    let old = document.session().strip(song, kick).expect("the strip").clips[0].clone();
    for start in 1..50 {
        let moved = Clip { start, fade_in: Fade { frames: 9, ..Fade::default() }, ..old.clone() };
        document.gesture("Move clip", Edit::SetClip { song, strip: kick, clip: moved }).expect("a place");
    }
    document.cancel_gesture().expect("an inverse");
    assert_eq!((document.session(), document.undo_name()), (&before, None));
}

#[test]
fn a_new_edit_forgets_what_was_undone() {
    let (session, song) = session();
    let mut document = Document::new(session);
    document.dispatch("First", Edit::RenameSong { song, name: "A".into() }).expect("a name");
    document.undo().expect("an inverse");
    assert_eq!(document.redo_name(), Some("First"));
    document.dispatch("Second", Edit::RenameSong { song, name: "B".into() }).expect("a name");
    assert_eq!((document.redo_name(), document.undo_name()), (None, Some("Second")));
}

#[test]
fn the_history_goes_to_any_of_its_steps_and_back() {
    let mut document = Document::new(session().0);
    let opened = document.session().clone();
    for name in ["One", "Two", "Three"] {
        document.dispatch(name, Edit::RenameSession { name: name.into() }).expect("a name");
    }
    let newest = document.session().clone();
    document.go_to(0).expect("all steps are taken back");
    assert_eq!((document.session(), document.names().1), (&opened, 0));
    document.go_to(2).expect("two are done again");
    assert_eq!(document.session().name, "Two");
    document.go_to(9).expect("no more than there are");
    assert_eq!((document.session(), document.names().1), (&newest, 3));
}

#[test]
fn a_reference_s_cues_are_kept_in_order_inside_it_and_undone() {
    let (mut session, _) = crate::testing::session();
    let source = session.sources[0].id;
    let before = session.clone();
    let undo = session.apply(&Edit::SetCues { source, cues_s: vec![0.5, 0.25] }).expect("cues inside the source");
    assert_eq!(session.cues[&source], [0.25, 0.5]);
    assert!(session.apply(&Edit::SetCues { source, cues_s: vec![-1.0] }).is_err());
    assert!(session.apply(&Edit::SetCues { source, cues_s: vec![1.0e9] }).is_err());
    session.apply(&undo).expect("undone");
    assert_eq!(session, before);
}
