//! The whole native path: document, compile, feeder, engine.

use dsp::engine::BLOCK_FRAMES;
use dsp::protocol::Command;
use session::compile::{Purpose, diff};
use session::feed::FeedPlan;
use session::model::{Clip, Cycle, Insert, Range, Session, Song, SongId, SourceId, Strip, Target};
use session::{Edit, Ids};
use tests::example::{example, noise};
use tests::render::{MemorySamples, Pace, Stage, render_to_memory};

const RATE_HZ: u32 = 48_000;

fn find(session: &Session, song: SongId) -> &Song {
    session.song(song).expect("the song")
}

fn rendered(session: &Session, song: SongId, range: Range, samples: &mut MemorySamples, pace: Pace) -> [Vec<f32>; 2] {
    render_to_memory((session, find(session, song), range), Purpose::Export, samples, pace).expect("a render")
}

fn bits(planes: &[Vec<f32>; 2]) -> [Vec<u32>; 2] {
    planes.each_ref().map(|plane| plane.iter().map(|sample| sample.to_bits()).collect())
}

/// A stereo song of one source of noise, at unity.
fn plain(frames: usize) -> (Session, SongId, MemorySamples) {
    let (mut session, example_song, _) = example(RATE_HZ);
    session.apply(&Edit::RemoveSong { song: example_song }).expect("removable");
    let mut ids = session.ids();
    let source = session.source(SourceId(2)).expect("the source").clone();
    let mut song = Song::stereo(&mut ids, "Plain", RATE_HZ, &source);
    song.strips[0].clips[0].length = frames as u64;
    let id = song.id;
    session.apply(&Edit::AddSong { at: 0, song: Box::new(song) }).expect("a valid song");
    let planes = vec![noise(5, frames), noise(6, frames)];
    (session, id, MemorySamples([(SourceId(2), planes)].into()))
}

#[test]
fn a_file_at_unity_with_nothing_inserted_comes_out_as_the_same_samples() {
    let (session, song, mut samples) = plain(100_001);
    let out = rendered(&session, song, Range { start: 0, end: 100_001 }, &mut samples, Pace::default());
    assert_eq!(
        bits(&out).as_slice(),
        samples.0[&SourceId(2)].iter().map(|plane| plane.iter().map(|s| s.to_bits()).collect()).collect::<Vec<Vec<u32>>>()
    );
}

#[test]
fn a_range_holds_its_frames_and_no_others() {
    let (session, song, mut samples) = plain(100_001);
    let out = rendered(&session, song, Range { start: 12_345, end: 54_321 }, &mut samples, Pace::default());
    assert_eq!(out[0], samples.0[&SourceId(2)][0][12_345..54_321]);
}

#[test]
fn a_slow_feeder_and_a_small_ring_give_the_same_bits() {
    let (session, song, mut samples) = example(RATE_HZ);
    let range = Range { start: 4_001, end: 404_001 };
    let whole = bits(&rendered(&session, song, range, &mut samples, Pace::default()));
    assert!(whole[0].iter().filter(|bits| **bits != 0).count() > 300_000, "the song is nearly silent");
    for pace in [Pace { slots: 3, every: 1, blocks: 1 }, Pace { slots: 8, every: 10, blocks: 1 }] {
        assert!(bits(&rendered(&session, song, range, &mut samples, pace)) == whole, "other bits with {pace:?}");
    }
}

#[test]
fn a_song_that_was_edited_step_by_step_sounds_as_one_that_was_opened() {
    let (mut session, song, mut samples) = example(RATE_HZ);
    let range = Range { start: 9 * 48_000, end: 9 * 48_000 + 30_000 };
    let mut edited_samples = samples.clone();
    let mut edited = Stage::new(&session, find(&session, song), Purpose::Live, &mut edited_samples, Pace::default());
    for edit in edits(&session, song) {
        let old = find(&session, song).clone();
        session.apply(&edit).expect("an edit that fits");
        edited.apply(diff(&old, find(&session, song)));
        edited.feeder.set_plan(FeedPlan::from_song(&session, find(&session, song), Purpose::Live));
        let mut opened = Stage::new(&session, find(&session, song), Purpose::Live, &mut samples, Pace::default());
        assert_eq!(edited.engine.latency_frames(), opened.engine.latency_frames(), "after {edit:?}");
        let (edited, opened) = (play(&mut edited, range), play(&mut opened, range));
        let differs = edited.iter().zip(&opened).position(|(edited, opened)| edited.map(f32::to_bits) != opened.map(f32::to_bits));
        assert_eq!(differs, None, "{:?} and {:?} after {edit:?}", differs.map(|at| edited[at]), differs.map(|at| opened[at]));
    }
}

/// Plays a range from a stop and stops again.
fn play(stage: &mut Stage<'_, MemorySamples>, range: Range) -> Vec<[f32; 2]> {
    let mut out = Vec::new();
    stage.start(range.start, None);
    while out.len() < (range.end - range.start) as usize {
        stage.step().expect("a block");
        let (left, right) = stage.engine.tap();
        out.extend(left.iter().zip(right).take(stage.engine.tap_frames()).map(|(left, right)| [*left, *right]));
    }
    stage.apply([Command::Stop]);
    while stage.engine.wanted_block().is_some() {
        stage.step().expect("a block");
    }
    out
}

/// Edits of every kind that reaches the engine.
fn edits(session: &Session, song: SongId) -> Vec<Edit> {
    let found = find(session, song);
    let id = |name: &str| found.strips.iter().find(|strip| strip.name == name).expect("the strip");
    let (kick, bass, keys, vocal, drums, band, room) =
        (id("Kick"), id("Bass"), id("Keys"), id("Vocal"), id("Drums"), id("Band"), id("Room"));
    let mut ids: Ids = session.ids();
    let new =
        Strip { output: Some(band.id), clips: vec![Clip { id: ids.clip(), ..keys.clips[0].clone() }], ..Strip::audio(&mut ids, "New", 1) };
    let moved = Clip { start: vocal.clips[0].start + 4321, ..vocal.clips[0].clone() };
    vec![
        Edit::AddStrip { song, at: 1, strip: Box::new(new) },
        Edit::SetOutput { song, strip: kick.id, output: None },
        Edit::Batch(vec![
            Edit::SetOutput { song, strip: band.id, output: Some(drums.id) },
            Edit::SetOutput { song, strip: drums.id, output: None },
        ]),
        Edit::AddInsert { song, strip: kick.id, at: 0, insert: Insert::new(&mut ids, "equalizer") },
        Edit::MoveInsert { song, strip: keys.id, insert: keys.inserts[0].id, to_strip: vocal.id, at: 0 },
        Edit::SetKey { song, strip: bass.id, insert: bass.inserts[0].id, key: Some(vocal.id) },
        Edit::SetValue { song, strip: bass.id, target: Target::Insert(bass.inserts[0].id, "ratio".into()), value: 8.0 },
        Edit::RemoveSend { song, strip: kick.id, send: kick.sends[0].id },
        Edit::SetSendPre { song, strip: keys.id, send: keys.sends[0].id, pre: true },
        Edit::SetClip { song, strip: vocal.id, clip: moved },
        Edit::SetLane { song, strip: vocal.id, target: Target::Strip("pan".into()), lane: None },
        Edit::SetValue { song, strip: room.id, target: Target::Strip("mute".into()), value: 1.0 },
        Edit::SetValue { song, strip: room.id, target: Target::Strip("mute".into()), value: 0.0 },
        Edit::MoveStrip { song, strip: kick.id, at: 5 },
        Edit::RemoveStrip { song, strip: keys.id },
    ]
}

#[test]
fn a_loop_of_noise_turns_a_thousand_times_frame_for_frame() {
    let (mut session, song, mut samples) = plain(100_001);
    let (start, end) = (10_007_u64, 10_007 + 1_501);
    let cycle = Cycle { enabled: true, range: Some(Range { start, end }) };
    session.apply(&Edit::SetCycle { song, cycle }).expect("a loop");
    let left = samples.0[&SourceId(2)][0].clone();
    let mut stage = Stage::new(&session, find(&session, song), Purpose::Live, &mut samples, Pace::default());
    stage.start(start - 300, None);
    let mut position = start - 300;
    for _ in 0..1000 * 1_501 / BLOCK_FRAMES {
        stage.step().expect("a block");
        for sample in stage.engine.tap().0 {
            assert_eq!(sample.to_bits(), left[position as usize].to_bits(), "at frame {position}");
            position = if position + 1 == end { start } else { position + 1 };
        }
    }
}

#[test]
fn a_delay_s_tail_is_in_the_render_and_a_render_without_tail_ends_with_the_song() {
    let (mut session, song, mut samples) = plain(10_000);
    let range = Range { start: 0, end: 10_000 };
    assert_eq!(rendered(&session, song, range, &mut samples, Pace::default())[0].len(), 10_000);
    let strip = find(&session, song).strips[0].id;
    let mut ids = session.ids();
    let mut insert = Insert::new(&mut ids, "utility");
    insert.values.insert("delay".into(), 10.0);
    session.apply(&Edit::AddInsert { song, strip, at: 0, insert }).expect("an insert");
    let out = rendered(&session, song, range, &mut samples, Pace::default());
    assert!(out[0].len() >= 10_480);
    assert_eq!(out[0][480..10_480], samples.0[&SourceId(2)][0]);
}
