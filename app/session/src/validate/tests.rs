//! Documents as files bring them: whole, damaged, of other versions.

use dsp::protocol::StripKind;

use crate::file::{FileError, from_json, to_json};
use crate::model::{Session, SourceId, Strip, Target};
use crate::testing::{Chance, random_edit, session};

/// A document written by format version 1: it must open in every later version.
const GOLDEN: &[u8] = include_bytes!("golden_1.json");

fn reread(session: &Session) -> (Session, Vec<String>) {
    let opened = from_json(&to_json(session)).expect("a session that was just written");
    (opened.session, opened.notes)
}

fn mended(change: impl FnOnce(&mut Session)) -> (Session, Vec<String>) {
    let mut session = session().0;
    change(&mut session);
    reread(&session)
}

fn refused(change: impl FnOnce(&mut Session)) -> String {
    let mut session = session().0;
    change(&mut session);
    from_json(&to_json(&session)).expect_err("a damaged session").to_string()
}

#[test]
fn the_document_of_version_1_opens_as_it_was_meant() {
    let opened = from_json(GOLDEN).expect("a valid document");
    let unknown = "This version does not know the processor time_machine on Kick: it is kept, and the sound passes through.";
    assert_eq!(opened.notes, [unknown]);
    let written: serde_json::Value = serde_json::from_slice(&to_json(&opened.session)).expect("JSON");
    let golden: serde_json::Value = serde_json::from_slice(GOLDEN).expect("JSON");
    assert_eq!(written, golden, "a document changes when it is opened and saved");
}

#[test]
fn what_edits_make_is_written_and_read_without_loss_or_note() {
    let (mut session, song) = session();
    let mut chance = Chance::new(3);
    for _ in 0..500 {
        let edit = random_edit(&mut chance, &session, song);
        let _ = session.apply(&edit);
    }
    for strip in &mut session.songs[0].strips {
        strip.values.remove("solo");
    }
    let (read, notes) = reread(&session);
    assert_eq!(read, session);
    assert!(notes.iter().all(|note| note.contains("does not know the processor")), "{notes:?}");
}

#[test]
fn solo_is_not_written_and_mute_is() {
    let (session, _) = mended(|session| {
        session.songs[0].strips[0].values.insert("solo".into(), 1.0);
        session.songs[0].strips[0].values.insert("mute".into(), 1.0);
    });
    let strip = &session.songs[0].strips[0];
    assert_eq!((strip.is_on("solo"), strip.is_on("mute")), (false, true));
}

#[test]
fn other_files_are_not_sessions() {
    for bytes in [&b""[..], b"hello", b"{}", br#"{"format":"other","version":1}"#, br#"{"format":"headroom-session","version":0}"#] {
        assert_eq!(from_json(bytes), Err(FileError::NotASession));
    }
    let nested = "[".repeat(1_000_000);
    assert_eq!(from_json(nested.as_bytes()), Err(FileError::NotASession));
}

#[test]
fn a_newer_document_is_refused_with_a_way_on() {
    let newer = br#"{"format":"headroom-session","version":2,"of_the_future":true}"#;
    assert_eq!(from_json(newer), Err(FileError::Newer));
    assert!(FileError::Newer.to_string().contains("reload the page"));
}

#[test]
fn a_cut_document_is_damaged_wherever_it_is_cut() {
    let whole = to_json(&session().0);
    for end in (1..whole.len()).step_by(97) {
        assert!(from_json(&whole[..end]).is_err());
    }
}

#[test]
fn what_cannot_be_mended_is_refused_with_a_reason() {
    assert!(refused(|session| session.songs[0].strips[0].id = session.songs[0].strips[1].id).contains("two of its parts have one id"));
    assert!(refused(|session| session.songs[0].strips[0].kind = StripKind::Master).contains("Song has 2 masters"));
    assert!(refused(|session| session.id = "../../etc".into()).contains("no valid id"));
    assert!(refused(|session| session.songs[0].rate_hz = 0).contains("rate is between"));
    assert!(refused(|session| session.songs[0].strips[0].clips[0].id.0 = 0).contains("never given"));
}

#[test]
fn a_circle_is_opened_and_named() {
    let (session, notes) = mended(|session| {
        let (drums, music) = (session.songs[0].strips[3].id, session.songs[0].strips[4].id);
        session.songs[0].strips[3].output = Some(music);
        session.songs[0].strips[4].output = Some(drums);
    });
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].starts_with("The sound ran in a circle (") && notes[0].contains("Drums → Music"), "{notes:?}");
    assert!(crate::rules::routing_loop(&session.songs[0]).is_none());
}

#[test]
fn connections_to_nowhere_are_taken_away() {
    let (session, notes) = mended(|session| {
        let strip = &mut session.songs[0].strips[0];
        strip.output = Some(dsp::protocol::StripId(9999));
        strip.sends[0].to = dsp::protocol::StripId(9999);
        strip.inserts[0].key = Some(strip.id);
    });
    let strip: &Strip = &session.songs[0].strips[0];
    assert_eq!((strip.output, strip.sends.len(), strip.inserts[0].key), (None, 0, None));
    assert_eq!(notes, ["Kick was connected to something that is not there; the connection was taken away."]);
}

#[test]
fn clips_without_audio_go_and_long_ones_are_shortened() {
    let (session, notes) = mended(|session| {
        let clips = &mut session.songs[0].strips[0].clips;
        clips[0].source = SourceId(9999);
        clips[1].length = u64::MAX;
    });
    let clips = &session.songs[0].strips[0].clips;
    assert_eq!((clips.len(), clips[0].length), (1, 200_000));
    assert_eq!(notes, ["1 clip(s) of Kick had no audio and were taken away."]);
}

#[test]
fn a_source_whose_name_in_the_store_is_a_path_is_left_out_with_its_clips() {
    let (session, notes) = mended(|session| session.sources[0].hash = "../../secret".into());
    assert_eq!(session.sources.len(), 1);
    assert!(session.songs[0].clips().all(|(_, clip)| clip.source == SourceId(2)));
    assert!(notes[0].starts_with("1.wav is described wrongly"));
}

#[test]
fn values_out_of_range_are_brought_back() {
    let (session, _) = mended(|session| {
        let strip = &mut session.songs[0].strips[0];
        strip.values.insert("volume".into(), 1e30);
        strip.colour = 200;
        strip.clips[0].gain_db = 999.0;
        strip.clips[0].fade_in.frames = u32::MAX;
        session.songs[0].tempo.bpm = 0.0;
    });
    let strip = &session.songs[0].strips[0];
    assert_eq!(strip.value_of(&Target::Strip("volume".into())), 6.0);
    assert_eq!((strip.colour, strip.clips[0].gain_db, strip.clips[0].fade_in.frames), (12, 24.0, 30_000));
    assert_eq!(session.songs[0].tempo.bpm, 120.0);
}

#[test]
fn a_third_clip_over_two_others_is_taken_away() {
    let (session, notes) = mended(|session| {
        let strip = &mut session.songs[0].strips[0];
        let third = crate::model::Clip { id: crate::model::ClipId(session.next_id), start: 26_000, ..strip.clips[0].clone() };
        strip.clips.push(third);
    });
    assert_eq!(session.songs[0].strips[0].clips.len(), 2);
    assert_eq!(notes, ["A clip of Kick lay over two others and was taken away."]);
}
