//! What is compared is as loud, measured over the same frames; nothing of it reaches the mix, and no way from one to the other clicks.

mod engine_support;

use dsp::engine::{BLOCK_FRAMES, strip_param};
use dsp::monitor::{DEVICES, monitor_param, source};
use dsp::processors;
use dsp::protocol::telemetry::{insert, insert_at, word};
use dsp::protocol::{Command, InsertId, Listen};
use engine_support::{MASTER, RATE_HZ, Sound, Studio, bits, noise, noise_at, strip_param as strip_address};

const STEP: InsertId = InsertId(7);
/// A second.
const SECOND: usize = RATE_HZ as usize;
/// Of every A and B.
const TOLERANCE_LU: f64 = 0.1;

/// Low-passed noise that is louder in every other quarter of a second: strokes for a compressor, lows for an equalizer.
fn music() -> Sound {
    Box::new(|frame| {
        let level = if (frame / (SECOND as u64 / 4)).is_multiple_of(2) { 0.9 } else { 0.45 };
        [3, 4].map(|seed| {
            let smooth: f32 = (0..6).map(|back| noise_at(seed, frame.saturating_sub(back))).sum();
            level * (0.12 * smooth + 0.25 * noise_at(9, frame / 24))
        })
    })
}

fn values(id: &str, set: &[(&str, f32)]) -> Vec<f32> {
    let spec = processors::SPECS.iter().find(|spec| spec.id == id).expect("a processor");
    let given = |param: &str| set.iter().find(|(name, _)| *name == param).map(|(_, value)| *value);
    spec.params.iter().map(|param| given(param.id).unwrap_or(param.default)).collect()
}

/// A master with this chain, in a loop of two seconds.
fn studio(chain: &[(&str, &[(&str, f32)])]) -> Studio {
    let mut studio = Studio::built_by(processors::build, vec![music()], dsp::engine::EngineOptions::default());
    for (at, (id, set)) in chain.iter().enumerate() {
        studio.insert(MASTER.0, STEP.0 + at as u32, id, &values(id, set));
    }
    studio.feeder.turn = Some((0, 2 * SECOND as u64));
    studio.play(1, 0);
    studio
}

/// Plays on and keeps what is heard.
fn heard(studio: &mut Studio, frames: usize) -> Vec<[f32; 2]> {
    let (mut out, mut tap) = (Vec::new(), Vec::new());
    while out.len() < frames {
        studio.block(&mut tap);
        let (left, right) = studio.engine.output();
        out.extend(left.iter().zip(right).map(|(left, right)| [*left, *right]));
    }
    out
}

/// What the `ebur128` crate says of two turns of the loop.
fn loudness(studio: &mut Studio) -> f64 {
    heard(studio, SECOND / 4);
    let frames = heard(studio, 4 * SECOND);
    let mut meter = ebur128::EbuR128::new(2, RATE_HZ as u32, ebur128::Mode::I).expect("a meter");
    meter.add_frames_f32(frames.as_flattened()).expect("frames");
    meter.loudness_global().expect("a loudness")
}

#[track_caller]
fn alike(one: f64, other: f64) {
    assert!((one - other).abs() <= TOLERANCE_LU, "{one} and {other} LUFS");
}

fn listen(studio: &mut Studio, listen: Listen) {
    studio.apply(Command::Compare { insert: STEP, listen: Some(listen) });
}

fn monitor(studio: &mut Studio, index: usize, value: f32) {
    studio.apply(Command::SetMonitor { index: index as u16, value });
}

fn turn_utility(studio: &mut Studio, gain_db: f32) {
    let index = processors::SPECS.iter().find(|spec| spec.id == "utility").and_then(|spec| spec.index_of("gain")).expect("a gain");
    studio.apply(Command::SetParam { address: dsp::protocol::Address::Insert(STEP, index as u16), value: gain_db });
}

/// The newest record's word, as a float.
fn record(studio: &mut Studio, at: usize) -> f32 {
    // What lies there is of before.
    studio.engine.telemetry_ready();
    loop {
        studio.block(&mut Vec::new());
        if let Some(record) = studio.engine.telemetry_ready() {
            return f32::from_bits(record[at]);
        }
    }
}

const LOUD_EQ: (&str, &[(&str, f32)]) = ("equalizer", &[("output", 5.0)]);
const PRESS: (&str, &[(&str, f32)]) = ("compressor", &[("threshold", -30.0), ("ratio", 4.0), ("makeup", 12.0)]);
const GENTLE_LIMITER: (&str, &[(&str, f32)]) = ("limiter", &[("gain", 2.0), ("ceiling", -1.0)]);

#[test]
fn a_step_is_as_loud_as_the_way_around_it_and_the_match_is_told() {
    for chain in [[LOUD_EQ, GENTLE_LIMITER], [PRESS, GENTLE_LIMITER], [("saturator", &[("drive", 18.0)]), GENTLE_LIMITER]] {
        let mut studio = studio(&chain);
        listen(&mut studio, Listen::Through);
        heard(&mut studio, 2 * SECOND);
        let through = loudness(&mut studio);
        listen(&mut studio, Listen::Around);
        alike(loudness(&mut studio), through);
        let match_db = record(&mut studio, insert_at(0) + insert::MATCH_DB);
        assert!(match_db.is_finite(), "{}: {match_db}", chain[0].0);
        if chain[0] == LOUD_EQ {
            assert!((match_db - 5.0).abs() < 0.05, "{match_db}");
        }
        listen(&mut studio, Listen::Through);
        alike(loudness(&mut studio), through);
    }
}

#[test]
fn the_match_follows_what_the_step_is_set_to() {
    let mut studio = studio(&[("utility", &[("gain", 6.0)])]);
    listen(&mut studio, Listen::Around);
    heard(&mut studio, SECOND);
    assert!((record(&mut studio, insert_at(0) + insert::MATCH_DB) - 6.0).abs() < 0.01);
    turn_utility(&mut studio, -9.0);
    heard(&mut studio, 2 * SECOND);
    assert!((record(&mut studio, insert_at(0) + insert::MATCH_DB) + 9.0).abs() < 0.05);
    studio.apply(Command::Compare { insert: STEP, listen: None });
    heard(&mut studio, SECOND);
    studio.apply(Command::ResetMeters);
    assert!(record(&mut studio, insert_at(0) + insert::MATCH_DB).is_nan(), "nobody compares any more");
}

#[test]
fn the_whole_chain_is_as_loud_as_without_it_either_way() {
    let mut studio = studio(&[PRESS, GENTLE_LIMITER]);
    monitor(&mut studio, monitor_param::WATCH, 1.0);
    heard(&mut studio, 2 * SECOND);
    let behind = loudness(&mut studio);
    monitor(&mut studio, monitor_param::SOURCE, source::BEFORE as f32);
    alike(loudness(&mut studio), behind);
    monitor(&mut studio, monitor_param::MATCH, 1.0);
    let before = loudness(&mut studio);
    monitor(&mut studio, monitor_param::SOURCE, source::SONG as f32);
    alike(loudness(&mut studio), before);
    assert!((before - behind).abs() > 1.0, "the chain changes the loudness");
    let match_db = record(&mut studio, word::CHAIN_MATCH_DB);
    assert!((f64::from(match_db) - (before - behind)).abs() < TOLERANCE_LU, "{match_db}");
}

#[test]
fn what_only_turns_changes_nothing_but_the_loudness() {
    let mut studio = studio(&[("utility", &[("gain", 6.0)])]);
    listen(&mut studio, Listen::Change);
    heard(&mut studio, 3 * SECOND);
    let rest = loudness_db(&heard(&mut studio, SECOND));
    assert!(rest < -60.0, "{rest} dB are left of a gain");
    listen(&mut studio, Listen::Through);
    monitor(&mut studio, monitor_param::SOURCE, source::CHANGE as f32);
    heard(&mut studio, 3 * SECOND);
    let rest = loudness_db(&heard(&mut studio, SECOND));
    assert!(rest < -60.0, "{rest} dB are left of a chain of a gain");
}

fn loudness_db(frames: &[[f32; 2]]) -> f64 {
    let power = frames.iter().flatten().map(|sample| f64::from(*sample) * f64::from(*sample)).sum::<f64>() / frames.len() as f64;
    10.0 * libm::log10(power)
}

#[test]
fn nothing_that_is_only_listened_to_reaches_the_mix() {
    let tap = |settings: &[(usize, f32)], compares: bool| {
        let mut studio = studio(&[PRESS, GENTLE_LIMITER]);
        for (index, value) in settings {
            monitor(&mut studio, *index, *value);
        }
        if compares {
            listen(&mut studio, Listen::Change);
        }
        let (left, right) = studio.engine.reference_mut();
        left.fill(0.7);
        right.fill(-0.7);
        bits(&studio.render(SECOND))
    };
    let plain = tap(&[], false);
    for source in [source::REFERENCE, source::BEFORE, source::CHANGE] {
        let all = [
            (monitor_param::SOURCE, source as f32),
            (monitor_param::MATCH, 1.0),
            (monitor_param::WATCH, 1.0),
            (monitor_param::DEVICE, 1.0),
            (monitor_param::PREVIEW, -6.0),
            (monitor_param::PREVIEW_LIMIT, 1.0),
            (monitor_param::MONO, 1.0),
            (monitor_param::DIM, 1.0),
        ];
        assert!(tap(&all, true) == plain);
    }
}

#[test]
fn a_reference_takes_the_song_s_place_under_the_monitor_s_rules() {
    let mut studio = studio(&[]);
    let lay = |studio: &mut Studio| {
        let (left, right) = studio.engine.reference_mut();
        left.fill(0.4);
        right.fill(0.2);
    };
    lay(&mut studio);
    let last = |studio: &mut Studio| *heard(studio, SECOND / 4).last().expect("frames");
    monitor(&mut studio, monitor_param::SOURCE, source::REFERENCE as f32);
    assert_eq!(last(&mut studio), [0.4, 0.2]);
    monitor(&mut studio, monitor_param::SWAP, 1.0);
    assert_eq!(last(&mut studio), [0.2, 0.4]);
    monitor(&mut studio, monitor_param::MONO, 1.0);
    let [left, right] = last(&mut studio);
    assert!((left - 0.3).abs() < 1e-6 && left == right);
    monitor(&mut studio, monitor_param::DIM, 1.0);
    assert!((last(&mut studio)[0] - 0.03).abs() < 1e-6);
}

#[test]
fn two_settings_of_a_step_are_as_loud_as_its_input_where_they_are_matched() {
    let plain = loudness(&mut studio(&[]));
    let mut studio = studio(&[("utility", &[("gain", 5.0)])]);
    listen(&mut studio, Listen::Matched);
    heard(&mut studio, 2 * SECOND);
    alike(loudness(&mut studio), plain);
    turn_utility(&mut studio, -7.0);
    heard(&mut studio, 2 * SECOND);
    alike(loudness(&mut studio), plain);
    listen(&mut studio, Listen::Through);
    assert!((loudness(&mut studio) - plain + 7.0).abs() < 0.05);
}

#[test]
fn a_reference_is_as_loud_as_the_song_over_the_loop_that_is_played_of_both() {
    let mut studio = studio(&[]);
    let plain = loudness(&mut studio);
    monitor(&mut studio, monitor_param::REFERENCE_MATCH, 1.0);
    monitor(&mut studio, monitor_param::SOURCE, source::REFERENCE as f32);
    let beside = |studio: &mut Studio, frames: usize| {
        let (mut out, mut at) = (Vec::new(), 0);
        while out.len() < frames {
            let (left, right) = studio.engine.reference_mut();
            for (left, right) in left.iter_mut().zip(right) {
                *left = 0.05 * noise_at(21, at % (2 * SECOND as u64));
                *right = *left;
                at += 1;
            }
            out.extend(heard(studio, BLOCK_FRAMES));
        }
        out
    };
    beside(&mut studio, 4 * SECOND);
    let frames = beside(&mut studio, 4 * SECOND);
    let mut meter = ebur128::EbuR128::new(2, RATE_HZ as u32, ebur128::Mode::I).expect("a meter");
    meter.add_frames_f32(frames.as_flattened()).expect("frames");
    alike(meter.loudness_global().expect("a loudness"), plain);
    assert!(record(&mut studio, word::REFERENCE_MATCH_DB).is_finite());
    monitor(&mut studio, monitor_param::REFERENCE_MATCH, 0.0);
    assert!(record(&mut studio, word::REFERENCE_MATCH_DB).is_nan());
}

#[test]
fn every_device_is_as_loud_as_none() {
    let mut studio = studio(&[]);
    let plain = loudness(&mut studio);
    for device in 1..=DEVICES.len() {
        monitor(&mut studio, monitor_param::DEVICE, device as f32);
        heard(&mut studio, 2 * SECOND);
        alike(loudness(&mut studio), plain);
    }
    monitor(&mut studio, monitor_param::DEVICE, 0.0);
    alike(loudness(&mut studio), plain);
}

#[test]
fn a_place_turns_the_song_by_its_gain_and_limits_what_it_raises() {
    let mut studio = studio(&[]);
    let plain = loudness(&mut studio);
    monitor(&mut studio, monitor_param::PREVIEW, -4.5);
    assert!((loudness(&mut studio) - plain + 4.5).abs() < 0.01);
    monitor(&mut studio, monitor_param::PREVIEW, 20.0);
    monitor(&mut studio, monitor_param::PREVIEW_LIMIT, 1.0);
    let loud = heard(&mut studio, 2 * SECOND);
    let mean = loud[SECOND..].iter().flatten().map(|sample| f64::from(sample.abs())).sum::<f64>() / (2 * SECOND) as f64;
    assert!(mean < 1.0, "a limiter without lookahead overshoots, but holds: {mean}");
}

/// Greatest fourth difference, which a slow sine hardly has and a click has plenty of.
fn roughness(out: &[[f32; 2]]) -> f32 {
    let at = |w: &[[f32; 2]], side: usize| (w[0][side] - 4.0 * w[1][side] + 6.0 * w[2][side] - 4.0 * w[3][side] + w[4][side]).abs();
    out.windows(5).map(|w| at(w, 0).max(at(w, 1))).fold(0.0, f32::max)
}

#[test]
fn no_way_from_one_to_the_other_clicks() {
    let sine: Sound = Box::new(|frame| [0.5 * libm::sin(2.0 * std::f64::consts::PI * 100.0 / RATE_HZ * frame as f64) as f32; 2]);
    let mut studio = Studio::built_by(processors::build, vec![sine, noise(1)], dsp::engine::EngineOptions::default());
    studio.apply(Command::SetParam { address: strip_address(2, strip_param::MUTE), value: 1.0 });
    studio.insert(MASTER.0, STEP.0, "utility", &values("utility", &[("gain", 3.0)]));
    monitor(&mut studio, monitor_param::WATCH, 1.0);
    studio.play(1, 0);
    heard(&mut studio, SECOND);
    let mut out = heard(&mut studio, 20 * BLOCK_FRAMES);
    let mut stretch = |studio: &mut Studio| out.extend(heard(studio, 40 * BLOCK_FRAMES));
    for source in [source::BEFORE, source::SONG, source::CHANGE, source::REFERENCE, source::SONG] {
        monitor(&mut studio, monitor_param::SOURCE, source as f32);
        stretch(&mut studio);
    }
    for way in [Listen::Around, Listen::Matched, Listen::Through, Listen::Change, Listen::Through] {
        listen(&mut studio, way);
        stretch(&mut studio);
    }
    for device in [1, 4, 7, 0, 2, 3, 0] {
        monitor(&mut studio, monitor_param::DEVICE, device as f32);
        stretch(&mut studio);
    }
    for db in [-6.0, 2.0, 0.0] {
        monitor(&mut studio, monitor_param::PREVIEW, db);
        stretch(&mut studio);
    }
    let worst = roughness(&out);
    assert!(worst < 0.02, "{worst}");
}
