//! Both ways to a state of the engine: by its snapshot, and by the differences between states.

use dsp::protocol::{Address, Command, PIECE_ELEMENTS};

use super::model_engine::ModelEngine;
use super::{Purpose, diff, revision, snapshot};
use crate::edit::Edit;
use crate::model::{Clip, Insert, Song, Target, Tempo};
use crate::testing::{Chance, random_edit, session};

fn built(song: &Song) -> ModelEngine {
    let mut engine = ModelEngine::default();
    engine.apply_all(&snapshot(song, Purpose::Live));
    engine
}

#[test]
fn an_engine_fed_by_differences_is_in_the_state_of_the_snapshot() {
    for seed in 10..18 {
        let mut chance = Chance::new(seed);
        let (mut session, song) = session();
        let mut followed = built(session.song(song).expect("the song"));
        for step in 0..300 {
            let old = session.song(song).expect("the song").clone();
            for _ in 0..=chance.below(4) {
                let edit = random_edit(&mut chance, &session, song);
                let _ = session.apply(&edit);
            }
            let new = session.song(song).expect("the song");
            followed.apply_all(&diff(&old, new));
            let fresh = built(new);
            assert_eq!((followed.refused, fresh.refused), (0, 0), "a command was refused in step {step} of seed {seed}");
            assert!(followed == fresh, "states differ in step {step} of seed {seed}");
        }
    }
}

#[test]
fn nothing_is_said_when_nothing_has_changed_that_is_heard() {
    let (mut session, song) = session();
    let old = session.song(song).expect("the song").clone();
    session.apply(&Edit::RenameSong { song, name: "Other".into() }).expect("a name");
    session.apply(&Edit::MoveStrip { song, strip: old.strips[0].id, at: 2 }).expect("a place");
    assert_eq!(diff(&old, session.song(song).expect("the song")), []);
}

#[test]
fn one_fader_is_one_command() {
    let (mut session, song) = session();
    let old = session.song(song).expect("the song").clone();
    let set = Edit::SetValue { song, strip: old.strips[0].id, target: Target::Strip("volume".into()), value: -6.0 };
    session.apply(&set).expect("a value");
    let commands = diff(&old, session.song(song).expect("the song"));
    assert!(matches!(commands.as_slice(), [Command::SetParam { value: -6.0, .. }]));
}

#[test]
fn a_delay_in_beats_follows_the_song_s_tempo_unless_it_has_its_own() {
    let (mut session, song) = session();
    let strip = session.song(song).expect("the song").strips[0].id;
    let insert = Insert::new(&mut session.ids(), "delay");
    session.apply(&Edit::AddInsert { song, strip, at: 0, insert: insert.clone() }).expect("an insert");
    let tempo = |bpm| Edit::SetTempo { song, tempo: Tempo { bpm, ..Tempo::default() } };
    let index = dsp::processors::spec("delay").and_then(|spec| spec.index_of("tempo")).expect("a tempo");
    let said = |session: &mut crate::model::Session, edit: &Edit| {
        let old = session.song(song).expect("the song").clone();
        session.apply(edit).expect("an edit");
        diff(&old, session.song(song).expect("the song"))
    };
    let set = Command::SetParam { address: Address::Insert(insert.id, index as u16), value: 93.0 };
    assert_eq!(said(&mut session, &tempo(93.0)), [set]);
    let built = snapshot(session.song(song).expect("the song"), Purpose::Export);
    let put = |command: &Command| matches!(command, Command::PutInsert { values, .. } if values.get(index) == Some(&93.0));
    assert_eq!(built.iter().filter(|command| put(command)).count(), 1);
    let target = Target::Insert(insert.id, "song_tempo".into());
    said(&mut session, &Edit::SetValue { song, strip, target, value: 0.0 });
    assert_eq!(said(&mut session, &tempo(140.0)), []);
}

#[test]
fn an_export_leaves_solo_out_unless_it_is_asked_for() {
    let (mut session, song) = session();
    let strip = session.song(song).expect("the song").strips[0].id;
    session.apply(&Edit::SetValue { song, strip, target: Target::Strip("solo".into()), value: 1.0 }).expect("a switch");
    let song = session.song(song).expect("the song");
    let count = |purpose| snapshot(song, purpose).iter().filter(|command| matches!(command, Command::SetParam { .. })).count();
    assert_eq!([Purpose::Live, Purpose::ExportAsSoloed, Purpose::Export].map(count), [1, 1, 0]);
}

#[test]
fn long_lists_travel_in_pieces_that_add_up() {
    let (session, song) = session();
    let mut song = session.song(song).expect("the song").clone();
    let clip = song.strips[0].clips[0].clone();
    song.strips[0].clips = (0..1000).map(|at| Clip { start: at * 50_000, ..clip.clone() }).collect();
    let lengths: Vec<usize> = snapshot(&song, Purpose::Live)
        .iter()
        .filter_map(|command| match command {
            Command::SetClips { strip, clips, piece, .. } if *strip == song.strips[0].id => {
                assert_eq!(piece.total, 1000);
                Some(clips.len())
            }
            _ => None,
        })
        .collect();
    assert_eq!(lengths, [PIECE_ELEMENTS, PIECE_ELEMENTS, PIECE_ELEMENTS, 1000 - 3 * PIECE_ELEMENTS]);
}

#[test]
fn a_gain_keeps_the_revision_of_what_is_fed_and_a_move_changes_it() {
    let (session, song) = session();
    let clips = session.song(song).expect("the song").strips[0].clips.clone();
    let with = |change: fn(&mut Clip)| {
        let mut clips = clips.clone();
        change(&mut clips[0]);
        revision(&clips)
    };
    assert_eq!(with(|clip| clip.gain_db = -6.0), revision(&clips));
    assert_ne!(with(|clip| clip.start += 1), revision(&clips));
    assert_ne!(with(|clip| clip.offset += 1), revision(&clips));
}
