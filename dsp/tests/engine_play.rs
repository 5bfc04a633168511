//! The engine plays: what comes out is the sum of what goes in, the same every time, whatever the caller's quantum.

mod engine_support;

use dsp::engine::{BLOCK_FRAMES, Excerpt, host, strip_param};
use dsp::protocol::feed::BlockHeader;
use dsp::protocol::{Command, Event, LocalWords, SharedWords, StripId, telemetry};
use engine_support::*;

#[test]
fn one_track_at_unity_leaves_with_the_bits_it_came_with() {
    let mut studio = Studio::new(vec![noise(1)]);
    let tap = studio.play_and_render(1, 777, 5000);
    let expected: Vec<[f32; 2]> = (777..5777).map(|frame| noise(1)(frame)).collect();
    assert!(bits(&tap) == bits(&expected));
}

#[test]
fn tracks_are_summed_and_a_mono_track_feeds_both_sides() {
    let mut studio = Studio::new(vec![noise(1), noise(2)]);
    studio.feeder.tracks[1].mono = true;
    let tap = studio.play_and_render(1, 0, 1000);
    for (frame, heard) in tap.iter().enumerate() {
        let (one, two) = (noise(1)(frame as u64), noise(2)(frame as u64));
        assert_eq!(*heard, [one[0] + two[0], one[1] + two[0]]);
    }
}

#[test]
fn values_set_before_the_play_hold_from_its_first_frame() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.set(1, strip_param::VOLUME, -20.0);
    studio.set(1, strip_param::PAN, 100.0);
    studio.set(1, strip_param::POLARITY, 1.0);
    let tap = studio.play_and_render(1, 0, 500);
    for frame in tap {
        assert_eq!(frame[0], 0.0);
        assert!((frame[1] + 0.05).abs() < 1e-7, "{frame:?}");
    }
}

#[test]
fn a_fader_moved_while_playing_glides_without_a_step() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.play_and_render(1, 0, 1000);
    studio.set(1, strip_param::VOLUME, -144.0);
    studio.set(MASTER.0, strip_param::MUTE, 1.0);
    let tap = studio.render(4000);
    let largest_step = tap.windows(2).map(|pair| (pair[1][0] - pair[0][0]).abs()).fold(0.0, f32::max);
    assert!(largest_step < 0.003, "{largest_step}");
    assert_eq!(tap[3999], [0.0; 2]);
}

#[test]
fn a_play_sounds_the_same_the_second_time_and_as_in_a_new_engine() {
    let build = || {
        let mut studio = Studio::new(vec![noise(1), noise(2)]);
        studio.insert(1, 1, processors::ECHO, &[]);
        studio.insert(2, 2, processors::LATE, &[333.0]);
        studio
    };
    let mut studio = build();
    let first = studio.play_and_render(1, 5000, 10_000);
    studio.set(1, strip_param::VOLUME, -12.0);
    studio.stop();
    studio.set(1, strip_param::VOLUME, 0.0);
    let second = studio.play_and_render(2, 5000, 10_000);
    let fresh = build().play_and_render(9, 5000, 10_000);
    assert_eq!(bits(&first), bits(&second));
    assert_eq!(bits(&first), bits(&fresh));
}

#[test]
fn the_output_does_not_depend_on_the_quantum() {
    let heard = |quantum: usize| {
        let mut studio = Studio::new(vec![noise(3)]);
        studio.play(1, 100);
        let mut quanta = host::Quanta::default();
        let (mut left, mut right) = (vec![0.0; 441 * 64], vec![0.0; 441 * 64]);
        let feeder = &mut studio.feeder;
        for (left, right) in left.chunks_mut(quantum).zip(right.chunks_mut(quantum)) {
            quanta.take(&mut studio.engine, left, right, |engine| {
                feeder.write_block();
                host::pump(engine, &feeder.ring);
                engine.render_block();
            });
        }
        left.into_iter().zip(right).map(|(left, right)| [left, right]).collect::<Vec<_>>()
    };
    let whole = heard(BLOCK_FRAMES);
    assert!(peak_db(&whole) > -10.0);
    for quantum in [1, 7, 64, 441, 1024] {
        assert_eq!(bits(&heard(quantum)), bits(&whole), "quantum {quantum}");
    }
}

#[test]
fn a_seek_while_rolling_fades_out_changes_over_and_fades_in() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.play_and_render(1, 0, 2000);
    studio.feeder.write_block();
    studio.apply(Command::Play { generation: 2 });
    let mut out = Vec::new();
    for _ in 0..12 {
        if studio.engine.wanted_block() == Some((2, 0)) && studio.feeder.generation == 1 {
            studio.feeder.seek(2, 90_000);
        }
        if studio.engine.wanted_block().is_some_and(|(_, sequence)| sequence == studio.feeder.sequence) {
            studio.feeder.write_block();
        }
        host::pump(&mut studio.engine, &studio.feeder.ring);
        studio.engine.render_block();
        out.extend_from_slice(studio.engine.output().0);
    }
    let largest_step = out.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(largest_step < 0.003, "{largest_step}");
    assert!(out.contains(&0.0) && out[out.len() - 1] == 0.5);
    assert!(studio.engine.position() > 90_000);
    assert_eq!(studio.events(), [Event::Started { generation: 1 }, Event::Started { generation: 2 }]);
}

#[test]
fn after_a_stop_tails_ring_out_and_then_the_engine_rests() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.insert(1, 1, processors::ECHO, &[]);
    studio.play_and_render(1, 0, 5000);
    studio.apply(Command::Stop);
    let mut loudest = Vec::new();
    for _ in 0..2000 {
        studio.block(&mut Vec::new());
        loudest.push(studio.engine.output().0.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs())));
    }
    assert!(loudest[10] > 0.1, "the echo rings on");
    assert_eq!(loudest[1999], 0.0);
    assert_eq!(studio.engine.wanted_block(), None);
    assert_eq!(studio.engine.tap_frames(), 0);
}

#[test]
fn a_render_tells_when_its_last_frame_has_left_the_output() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.insert(MASTER.0, 1, processors::LATE, &[1000.0]);
    studio.feeder.end = Some(2500);
    assert_eq!(studio.engine.latency_frames(), 1000);
    studio.play(1, 0);
    let mut tap = Vec::new();
    while !studio.events().contains(&Event::Ended) {
        studio.block(&mut tap);
        assert!(tap.len() < 10_000);
    }
    assert!((3500..3500 + BLOCK_FRAMES).contains(&tap.len()), "{}", tap.len());
    let heard: Vec<usize> = (0..tap.len()).filter(|&at| tap[at][0] != 0.0).collect();
    assert_eq!((heard[0], heard[heard.len() - 1]), (1000, 3499));
}

/// Renders a song of 2500 frames and gives what an export keeps.
fn excerpt(studio: &mut Studio, tail_limit: u64) -> Vec<[f32; 2]> {
    let mut excerpt = Excerpt::new(RATE_HZ, tail_limit);
    let mut kept = Vec::new();
    studio.feeder.end = Some(2500);
    studio.play(1, 0);
    while !excerpt.is_complete() {
        if studio.engine.wanted_block().is_some() {
            studio.feeder.write_block();
            assert!(host::pump(&mut studio.engine, &studio.feeder.ring));
            excerpt.feed(&BlockHeader::from_words(studio.engine.input_mut()));
        }
        studio.engine.render_block();
        let frames = excerpt.keep(&studio.engine);
        let (left, right) = studio.engine.tap();
        kept.extend(left[frames.clone()].iter().zip(&right[frames]).map(|(&left, &right)| [left, right]));
        assert!(kept.len() < 100_000);
    }
    kept
}

#[test]
fn an_export_keeps_the_song_without_the_latency_and_with_its_tail() {
    let mut studio = Studio::new(vec![noise(1)]);
    studio.insert(MASTER.0, 1, processors::LATE, &[1000.0]);
    let kept = excerpt(&mut studio, 48_000);
    let expected: Vec<[f32; 2]> = (0..2500).map(|frame| noise(1)(frame)).collect();
    assert!(bits(&kept) == bits(&expected));

    let mut studio = Studio::new(vec![noise(1)]);
    studio.insert(1, 1, processors::LATE, &[1000.0]);
    studio.insert(1, 2, processors::ECHO, &[]);
    let kept = excerpt(&mut studio, 5000);
    assert_eq!(kept.len(), 7500);
    for at in 2500..7500 {
        assert_eq!(kept[at], kept[at - 1000].map(|sample| 0.5 * sample), "echo at {at}");
    }
}

#[test]
fn a_record_every_ten_milliseconds_tells_levels_position_and_latency() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.set(1, strip_param::VOLUME, -20.0);
    studio.insert(1, 5, processors::LATE, &[64.0]);
    let ring = LocalWords::new(telemetry::total_words());
    studio.play(1, 10_000);
    for _ in 0..375 {
        studio.block(&mut Vec::new());
        host::publish(&mut studio.engine, &ring);
    }
    assert_eq!(ring.load(telemetry::WRITTEN), 100, "375 blocks are one second");
    let start = telemetry::HEADER_WORDS + 99 % telemetry::RECORDS * telemetry::RECORD_WORDS;
    let word = |at: usize| ring.load(start + at);
    assert_eq!(word(telemetry::word::SEQUENCE), 100);
    assert_eq!(word(telemetry::word::FLAGS), telemetry::flag::PLAYING);
    assert_eq!(word(telemetry::word::LATENCY), 64);
    assert_eq!(word(telemetry::word::POSITION), 58_000);
    assert_eq!((word(telemetry::word::STRIPS), word(telemetry::word::INSERTS)), (2, 1));
    let strip = |at: usize| word(telemetry::strip_at(0) + at);
    assert_eq!(strip(telemetry::strip::ID), 1);
    assert!((f32::from_bits(strip(telemetry::strip::PEAK_LEFT)) - 0.05).abs() < 1e-6);
    assert!((f32::from_bits(strip(telemetry::strip::PEAK_PRE)) - 0.5).abs() < 1e-6);
    assert!((f32::from_bits(strip(telemetry::strip::RMS_RIGHT)) - 0.05).abs() < 1e-6);
    assert_eq!(word(telemetry::insert_at(0) + telemetry::insert::ID), 5);
}

#[test]
fn going_over_full_scale_is_told_once_until_the_peak_is_reset() {
    let mut studio = Studio::new(vec![constant(1.5)]);
    studio.play_and_render(1, 0, 2000);
    let clipped = |events: Vec<Event>| events.into_iter().filter(|event| *event == Event::Clipped { strip: StripId(1) }).count();
    assert_eq!(clipped(studio.events()), 1);
    studio.apply(Command::ResetPeak { strip: StripId(1) });
    studio.render(2000);
    assert_eq!(clipped(studio.events()), 1);
}
