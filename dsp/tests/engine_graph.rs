//! The graph: paths of different latency stay together, solo and mute silence what they should, loops are refused by name.

mod engine_support;

use dsp::engine::{EngineOptions, send_param, strip_param};
use dsp::protocol::{Address, Command, Event, InsertId, SendId, StripId, StripKind};
use engine_support::*;

/// A null is below this.
const NULL_DB: f64 = -120.0;

/// The level that a studio of constant sounds settles at, left and right.
fn settled(studio: &mut Studio, generation: u32) -> [f32; 2] {
    let tap = studio.play_and_render(generation, 0, 4000);
    tap[3999]
}

#[test]
fn two_tracks_of_the_same_sound_null_although_one_is_late() {
    let mut studio = Studio::new(vec![noise(1), noise(1)]);
    studio.insert(1, 1, processors::LATE, &[777.0]);
    studio.set(2, strip_param::POLARITY, 1.0);
    assert!(peak_db(&studio.play_and_render(1, 0, 20_000)) < NULL_DB);
    assert_eq!(studio.engine.latency_frames(), 777);
}

#[test]
fn groups_and_sends_stay_together_over_paths_of_any_latency() {
    let mut studio = Studio::new(vec![noise(1), noise(2)]);
    studio.add(10, StripKind::Group);
    studio.add(11, StripKind::Group);
    studio.add(20, StripKind::Return);
    studio.add(21, StripKind::Return);
    studio.output(1, 10);
    studio.output(10, 11);
    studio.insert(1, 1, processors::LATE, &[13.0]);
    studio.insert(10, 2, processors::LATE, &[1001.0]);
    studio.insert(20, 3, processors::LATE, &[300.0]);
    studio.insert(2, 4, processors::LATE, &[2222.0]);
    studio.send(1, 1, 20, false, 0.0);
    studio.send(2, 2, 21, true, 0.0);
    studio.set(20, strip_param::POLARITY, 1.0);
    studio.set(21, strip_param::POLARITY, 1.0);
    assert!(peak_db(&studio.play_and_render(1, 0, 20_000)) < NULL_DB);
    assert_eq!(studio.engine.latency_frames(), 2222);
}

#[test]
fn a_key_meets_the_sound_that_it_keys_whichever_of_them_is_late() {
    for (key_latency, own_latency) in [(900.0, 0.0), (0.0, 900.0), (400.0, 650.0), (650.0, 400.0)] {
        let mut studio = Studio::new(vec![noise(1), noise(1)]);
        studio.add(10, StripKind::Group);
        studio.set(10, strip_param::MUTE, 1.0);
        studio.output(1, 10);
        studio.insert(1, 1, processors::LATE, &[key_latency]);
        studio.insert(2, 2, processors::LATE, &[own_latency]);
        studio.insert_keyed(2, 3, processors::MINUS_KEY, &[], Some(1));
        assert!(peak_db(&studio.play_and_render(1, 0, 20_000)) < NULL_DB, "{key_latency} against {own_latency}");
        studio.apply(Command::SetKey { insert: InsertId(3), key: None });
        assert!(peak_db(&studio.play_and_render(2, 0, 5000)) > -10.0);
    }
}

#[test]
fn a_bypassed_insert_keeps_its_latency() {
    let mut studio = Studio::new(vec![noise(1), noise(1)]);
    studio.insert(1, 1, processors::LATE, &[512.0]);
    studio.insert(1, 2, processors::FACTOR, &[0.1]);
    studio.set(2, strip_param::POLARITY, 1.0);
    studio.apply(Command::SetBypass { insert: InsertId(1), bypassed: true });
    studio.apply(Command::SetBypass { insert: InsertId(2), bypassed: true });
    assert!(peak_db(&studio.play_and_render(1, 0, 20_000)) < NULL_DB);
    assert_eq!(studio.engine.latency_frames(), 512);
}

#[test]
fn an_unknown_processor_passes_sound_through() {
    let mut studio = Studio::new(vec![noise(1)]);
    studio.insert(1, 1, "of_the_future", &[1.0, 2.0]);
    let tap = studio.play_and_render(1, 0, 1000);
    assert_eq!(tap[999], noise(1)(999));
}

#[test]
fn a_pre_send_is_heard_with_the_fader_down_and_neither_send_with_the_strip_muted() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.add(20, StripKind::Return);
    studio.set(1, strip_param::VOLUME, -144.0);
    studio.send(1, 1, 20, true, -6.0);
    let heard = settled(&mut studio, 1)[0];
    assert!((heard - 0.5 * 0.501_187_2).abs() < 1e-6, "{heard}");
    studio.send(1, 1, 20, false, -6.0);
    assert_eq!(settled(&mut studio, 2), [0.0; 2]);
    studio.set(1, strip_param::VOLUME, 0.0);
    assert!(settled(&mut studio, 3)[0] > 0.7);
    studio.set(1, strip_param::MUTE, 1.0);
    assert_eq!(settled(&mut studio, 4), [0.0; 2]);
    studio.send(1, 1, 20, true, -6.0);
    assert_eq!(settled(&mut studio, 5), [0.0; 2]);
}

#[test]
fn a_send_has_its_own_pan_and_mute() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.add(20, StripKind::Return);
    studio.set(1, strip_param::VOLUME, -144.0);
    studio.send(1, 1, 20, true, 0.0);
    let set = |studio: &mut Studio, index: usize, value| {
        studio.apply(Command::SetParam { address: Address::Send(SendId(1), index as u16), value });
    };
    set(&mut studio, send_param::PAN, -100.0);
    assert_eq!(settled(&mut studio, 1), [0.5, 0.0]);
    set(&mut studio, send_param::MUTE, 1.0);
    assert_eq!(settled(&mut studio, 2), [0.0; 2]);
}

#[test]
fn width_zero_is_mono_and_width_two_hundred_doubles_the_side() {
    let mut studio = Studio::new(vec![Box::new(|_| [0.5, 0.25])]);
    studio.set(1, strip_param::WIDTH, 0.0);
    assert_eq!(settled(&mut studio, 1), [0.375, 0.375]);
    studio.set(1, strip_param::WIDTH, 200.0);
    assert_eq!(settled(&mut studio, 2), [0.625, 0.125]);
}

/// Strips 1 (alone), 2 and 3 (in group 10), return 20 that hears 1 and 3; each level a different binary digit, so that the sum says who is
/// heard: 1, 2, 4 for the strips, 8 and 16 for the return's shares of 1 and 3 (in units of 1/64).
fn solo_studio(options: EngineOptions) -> Studio {
    const UNIT: f32 = 1.0 / 64.0;
    let mut studio = Studio::with_options(vec![constant(UNIT), constant(2.0 * UNIT), constant(4.0 * UNIT)], options);
    studio.add(10, StripKind::Group);
    studio.add(20, StripKind::Return);
    studio.output(2, 10);
    studio.output(3, 10);
    studio.send(1, 1, 20, true, 0.0);
    studio.send(3, 3, 20, true, 0.0);
    studio.insert(20, 1, processors::FACTOR, &[2.0]);
    studio
}

fn heard_digits(studio: &mut Studio, generation: u32) -> f32 {
    settled(studio, generation)[0] * 64.0
}

#[test]
fn solo_silences_the_others_and_keeps_what_carries_the_soloed() {
    let all = 1.0 + 2.0 + 4.0 + 2.0 * (1.0 + 4.0);
    let cases: &[(&[u32], &[u32], f32)] = &[
        (&[], &[], all),
        (&[1], &[], 1.0 + 2.0),
        (&[2], &[], 2.0),
        (&[3], &[], 4.0 + 8.0),
        (&[1, 2], &[], 1.0 + 2.0 + 2.0),
        (&[10], &[], 2.0 + 4.0 + 8.0),
        (&[20], &[], 2.0 * (1.0 + 4.0)),
        (&[1], &[2], 1.0 + 2.0 + 2.0),
        (&[], &[2], all),
        (&[MASTER.0], &[], all),
    ];
    for (case, (soloed, safe, expected)) in cases.iter().enumerate() {
        let mut studio = solo_studio(EngineOptions::default());
        soloed.iter().for_each(|&strip| studio.set(strip, strip_param::SOLO, 1.0));
        safe.iter().for_each(|&strip| studio.set(strip, strip_param::SOLO_SAFE, 1.0));
        assert_eq!(heard_digits(&mut studio, 1), *expected, "case {case}");
    }
}

#[test]
fn an_export_may_ignore_solo() {
    let mut studio = solo_studio(EngineOptions { ignore_solo: true, ..EngineOptions::default() });
    studio.set(1, strip_param::SOLO, 1.0);
    assert_eq!(heard_digits(&mut studio, 1), 17.0);
}

#[test]
fn a_soloed_strip_is_keyed_by_a_strip_that_solo_silences() {
    let mut studio = Studio::new(vec![constant(0.25), constant(0.5)]);
    studio.insert_keyed(2, 1, processors::MINUS_KEY, &[], Some(1));
    studio.set(2, strip_param::SOLO, 1.0);
    assert_eq!(settled(&mut studio, 1), [0.25; 2]);
}

#[test]
fn a_loop_is_refused_with_its_path_and_the_old_routing_stays() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    for group in [10, 11, 12] {
        studio.add(group, StripKind::Group);
    }
    studio.output(1, 10);
    studio.output(10, 11);
    studio.send(11, 1, 12, false, 0.0);
    studio.output(12, 10);
    let path = |ids: &[u32]| Event::LoopRefused { path: ids.iter().map(|&id| StripId(id)).collect() };
    assert_eq!(studio.events(), [path(&[12, 10, 11, 12])]);
    studio.output(10, 10);
    assert_eq!(studio.events(), [path(&[10, 10])]);
    studio.insert_keyed(10, 2, processors::MINUS_KEY, &[], Some(12));
    assert_eq!(studio.events(), [path(&[12, 10, 11, 12])]);
    studio.send(12, 3, 11, false, 0.0);
    assert_eq!(studio.events(), [path(&[12, 11, 12])]);
    assert_eq!(settled(&mut studio, 1), [1.0; 2], "11 and its send to 12, both into the master");
}

#[test]
fn what_went_to_a_removed_group_goes_to_the_master() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.add(10, StripKind::Group);
    studio.add(20, StripKind::Return);
    studio.output(1, 10);
    studio.set(10, strip_param::MUTE, 1.0);
    studio.send(1, 1, 20, false, 0.0);
    assert_eq!(settled(&mut studio, 1), [0.5; 2]);
    studio.apply(Command::RemoveStrip { strip: StripId(10) });
    assert_eq!(settled(&mut studio, 2), [1.0; 2]);
    studio.apply(Command::RemoveStrip { strip: StripId(20) });
    assert_eq!(settled(&mut studio, 3), [0.5; 2]);
}

#[test]
fn commands_about_unknown_things_are_ignored() {
    let mut studio = Studio::new(vec![constant(0.5)]);
    studio.output(1, 77);
    studio.output(77, 1);
    studio.send(1, 1, 1, false, 0.0);
    studio.set(77, 0, 0.0);
    studio.set(1, 999, 0.0);
    studio.insert(77, 1, processors::FACTOR, &[0.0]);
    studio.apply(Command::RemoveInsert { insert: InsertId(5) });
    studio.apply(Command::RemoveSend { send: SendId(5) });
    studio.apply(Command::MoveInsert { insert: InsertId(5), place: 0 });
    studio.apply(Command::RemoveStrip { strip: StripId(5) });
    assert_eq!(settled(&mut studio, 1), [0.5; 2]);
}

#[test]
fn the_bits_do_not_depend_on_the_order_in_which_the_session_was_built() {
    let render = |order: &[u32]| {
        let mut studio = Studio::new((1..=5).map(noise).collect());
        studio.add(20, StripKind::Return);
        for &strip in order {
            studio.send(strip, 10 - strip, 20, false, -3.0 * strip as f32);
            studio.set(strip, strip_param::VOLUME, -1.1 * strip as f32);
        }
        studio.play_and_render(1, 0, 5000)
    };
    assert_eq!(bits(&render(&[1, 2, 3, 4, 5])), bits(&render(&[4, 2, 5, 1, 3])));
}
