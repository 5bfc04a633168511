//! While it plays: starving loses nothing, edits do not click, and what is not a number never leaves.

mod engine_support;

use dsp::engine::{BLOCK_FRAMES, strip_param};
use dsp::monitor::monitor_param;
use dsp::protocol::{ClipPlay, Command, Event, InsertId, SendId, StripId, StripKind, telemetry};
use engine_support::*;

#[test]
fn a_starved_engine_holds_everything_and_loses_no_frame() {
    let build = || {
        let mut studio = Studio::new(vec![noise(1), noise(2)]);
        studio.insert(1, 1, processors::ECHO, &[]);
        studio.insert(2, 2, processors::LATE, &[500.0]);
        studio
    };
    let whole = build().play_and_render(1, 0, 30_000);
    let mut studio = build();
    let mut tap = studio.play_and_render(1, 0, 100 * BLOCK_FRAMES);
    studio.starve(37);
    tap.extend(studio.render(50 * BLOCK_FRAMES));
    studio.starve(1);
    tap.extend(studio.render(30_000 - 150 * BLOCK_FRAMES));
    assert!(bits(&tap) == bits(&whole));
    let mut events = studio.events();
    events.retain(|event| !matches!(event, Event::Clipped { .. }));
    assert_eq!(events, [Event::Started { generation: 1 }, Event::Starved { count: 1 }, Event::Starved { count: 2 }]);
}

#[test]
fn a_hold_is_heard_as_a_fade_out_and_a_fade_in() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.play_and_render(1, 0, 2000);
    let mut out = Vec::new();
    for block in 0..30 {
        if (5..15).contains(&block) {
            studio.starve(1);
        } else {
            studio.block(&mut Vec::new());
        }
        let (left, right) = studio.engine.output();
        out.extend(left.iter().zip(right).map(|(&left, &right)| [left, right]));
    }
    assert!(largest_step(&out) < 0.003, "{}", largest_step(&out));
    assert_eq!(out[12 * BLOCK_FRAMES], [0.0; 2]);
    assert_eq!(out[29 * BLOCK_FRAMES], [0.5; 2]);
}

#[test]
fn a_hold_is_flagged_in_the_records_and_its_position_stands() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.play_and_render(1, 0, 50 * BLOCK_FRAMES);
    studio.starve(40);
    let record = studio.engine.telemetry_ready().unwrap();
    assert_eq!(record[telemetry::word::FLAGS], telemetry::flag::PLAYING | telemetry::flag::HOLDING);
    assert_eq!(record[telemetry::word::POSITION], 50 * BLOCK_FRAMES as u32);
    assert_eq!(record[telemetry::word::STARVED], 1);
}

#[test]
fn a_feeder_that_seeks_a_moment_before_the_command_is_not_called_late() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.play_and_render(1, 0, 5000);
    studio.feeder.seek(2, 90_000);
    studio.starve(6);
    studio.play(2, 90_000);
    studio.render(5000);
    assert_eq!(studio.events(), [Event::Started { generation: 1 }, Event::Started { generation: 2 }]);
}

/// One change of a running studio.
type Edit = Box<dyn Fn(&mut Studio)>;

/// Plays constants of 0.5, carries edits out 3000 frames apart and gives the tap.
fn edited(studio: &mut Studio, edits: Vec<Edit>) -> Vec<[f32; 2]> {
    let mut tap = studio.play_and_render(1, 0, 3000);
    for edit in edits {
        edit(studio);
        tap.extend(studio.render(3000));
    }
    tap
}

#[test]
fn a_late_insert_comes_moves_and_goes_without_a_dip() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.insert(1, 9, processors::FACTOR, &[1.0]);
    let tap = edited(
        &mut studio,
        vec![
            Box::new(|studio| studio.insert(1, 1, processors::LATE, &[700.0])),
            Box::new(|studio| studio.apply(Command::MoveInsert { insert: InsertId(1), place: 0 })),
            Box::new(|studio| studio.apply(Command::SetBypass { insert: InsertId(1), bypassed: true })),
            Box::new(|studio| studio.apply(Command::SetBypass { insert: InsertId(1), bypassed: false })),
            Box::new(|studio| studio.apply(Command::RemoveInsert { insert: InsertId(1) })),
        ],
    );
    let lowest = tap.iter().map(|frame| frame[0]).fold(1.0, f32::min);
    assert!(lowest > 0.499_99, "{lowest}");
    assert_eq!(tap.len(), 18_000);
    assert_eq!(studio.engine.latency_frames(), 0);
}

#[test]
fn edits_that_change_the_level_glide() {
    let mut studio = Studio::new(vec![constant(0.5), constant(0.25)]);
    studio.add(10, StripKind::Group);
    studio.add(20, StripKind::Return);
    studio.set(10, strip_param::VOLUME, -20.0);
    let solo = |value: f32| -> Edit { Box::new(move |studio| studio.set(2, strip_param::SOLO, value)) };
    let tap = edited(
        &mut studio,
        vec![
            Box::new(|studio| studio.insert(1, 1, processors::FACTOR, &[0.2])),
            Box::new(|studio| studio.apply(Command::SetBypass { insert: InsertId(1), bypassed: true })),
            Box::new(|studio| studio.apply(Command::SetBypass { insert: InsertId(1), bypassed: false })),
            Box::new(|studio| studio.apply(Command::RemoveInsert { insert: InsertId(1) })),
            Box::new(|studio| studio.output(1, 10)),
            Box::new(|studio| studio.send(1, 1, 20, false, 0.0)),
            Box::new(|studio| studio.send(1, 1, 20, true, -20.0)),
            Box::new(|studio| studio.apply(Command::RemoveSend { send: SendId(1) })),
            solo(1.0),
            solo(0.0),
            Box::new(|studio| studio.set(1, strip_param::POLARITY, 1.0)),
            Box::new(|studio| studio.set(1, strip_param::PAN_LAW, 3.0)),
            Box::new(|studio| studio.apply(Command::RemoveStrip { strip: StripId(10) })),
            Box::new(|studio| studio.apply(Command::RemoveStrip { strip: StripId(1) })),
        ],
    );
    assert!(largest_step(&tap) < 0.01, "{}", largest_step(&tap));
    assert_eq!(tap[tap.len() - 1], [0.25; 2]);
}

#[test]
fn an_edited_gain_of_a_clip_and_clips_that_change_without_a_fade_do_not_click() {
    let clips = |revision: u32, gain: f32| -> Edit {
        let clip = ClipPlay { gain, ..endless_clip() };
        Box::new(move |studio| {
            studio.feeder.tracks[0].revision = revision;
            studio.apply(Command::SetClips { strip: StripId(1), revision, piece: WHOLE, clips: vec![clip] });
        })
    };
    let mut studio = Studio::new(vec![constant(0.5)]);
    let tap = edited(&mut studio, vec![clips(1, 0.2), clips(2, 1.0), clips(2, 0.5), clips(1, 1.0)]);
    assert!(largest_step(&tap) < 0.01, "{}", largest_step(&tap));
    assert_eq!(tap[2999 + 3000], [0.1; 2]);
    assert_eq!(tap[2999 + 9000], [0.25; 2]);
}

#[test]
fn a_new_latency_of_an_insert_is_reached_without_a_click() {
    let mut studio = Studio::new(vec![constant(0.5), constant(0.25)]);
    studio.insert(1, 1, processors::LATE, &[100.0]);
    let values = |frames: f32| -> Edit { Box::new(move |studio| studio.insert(1, 1, processors::LATE, &[frames])) };
    let tap = edited(&mut studio, vec![values(900.0), values(30.0)]);
    assert!(largest_step(&tap[2000..]) < 0.003, "{}", largest_step(&tap[2000..]));
    assert_eq!(studio.engine.latency_frames(), 30);
}

#[test]
fn samples_that_are_not_numbers_play_as_silence_and_are_counted() {
    let mut studio = Studio::new(vec![Box::new(|frame| match frame % 100 {
        7 => [f32::NAN, 0.5],
        8 => [0.5, f32::INFINITY],
        9 => [f32::NEG_INFINITY, f32::MAX],
        _ => [0.5; 2],
    })]);
    studio.set(1, strip_param::VOLUME, 6.0);
    studio.set(1, strip_param::WIDTH, 200.0);
    studio.insert(1, 1, processors::ECHO, &[]);
    let tap = studio.play_and_render(1, 0, 5000);
    assert!(tap.iter().flatten().all(|sample| sample.is_finite()));
    let (left, right) = studio.engine.output();
    assert!(left.iter().chain(right).all(|sample| sample.abs() < 8.0));
    let mut repaired = 0;
    while repaired == 0 {
        studio.block(&mut Vec::new());
        repaired = studio.engine.telemetry_ready().map_or(0, |record| record[telemetry::word::REPAIRED]);
    }
    assert!(repaired >= 150, "{repaired}");
}

#[test]
fn a_processor_that_breaks_is_reset_told_of_once_and_stood_in_for() {
    let mut studio = Studio::new(vec![Box::new(|frame| if frame % 1000 == 0 { [0.95; 2] } else { [0.5; 2] })]);
    studio.insert(1, 1, processors::BROKEN, &[]);
    let tap = studio.play_and_render(1, 0, 5000);
    let expected: Vec<[f32; 2]> = (0..5000).map(|frame| if frame % 1000 == 0 { [0.95; 2] } else { [0.5; 2] }).collect();
    assert!(bits(&tap) == bits(&expected));
    assert_eq!(studio.events(), [Event::Started { generation: 1 }, Event::Repaired { insert: InsertId(1) }]);
}

#[test]
fn the_monitor_changes_what_is_heard_and_never_the_mix() {
    let heard = |settings: &[(usize, f32)]| {
        let mut studio = Studio::new(vec![Box::new(|_| [0.5, 0.25])]);
        for &(index, value) in settings {
            studio.apply(Command::SetMonitor { index: index as u16, value });
        }
        let tap = studio.play_and_render(1, 0, 4000);
        assert_eq!(tap[3999], [0.5, 0.25]);
        let (left, right) = studio.engine.output();
        [left[BLOCK_FRAMES - 1], right[BLOCK_FRAMES - 1]]
    };
    assert_eq!(heard(&[]), [0.5, 0.25]);
    assert_eq!(heard(&[(monitor_param::MONO, 1.0)]), [0.375, 0.375]);
    assert_eq!(heard(&[(monitor_param::SWAP, 1.0)]), [0.25, 0.5]);
    assert_eq!(heard(&[(monitor_param::CHANNEL, 1.0)]), [0.5, 0.5]);
    assert_eq!(heard(&[(monitor_param::CHANNEL, 2.0)]), [0.25, 0.25]);
    assert_eq!(heard(&[(monitor_param::CHANNEL, 4.0)]), [0.125, 0.125]);
    assert_eq!(heard(&[(monitor_param::CHANNEL, 1.0), (monitor_param::SWAP, 1.0)]), [0.25, 0.25]);
    assert_eq!(heard(&[(monitor_param::MUTE, 1.0)]), [0.0, 0.0]);
    let [left, _] = heard(&[(monitor_param::DIM, 1.0), (monitor_param::LEVEL, -20.0)]);
    assert!((left - 0.005).abs() < 1e-8, "{left}");
}

#[test]
fn nothing_louder_than_the_safety_ceiling_reaches_the_speakers() {
    let mut studio = Studio::new(vec![constant(1000.0)]);
    assert_eq!(studio.play_and_render(1, 0, 2000)[1999], [1000.0; 2]);
    let ceiling = dsp::units::db_to_gain(18.0) as f32;
    assert!(studio.engine.output().0.iter().all(|&sample| sample == ceiling));
}
