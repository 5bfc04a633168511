//! Random sessions: whatever was edited while playing, the next play sounds, bit for bit, as a new engine that was told the same.

mod engine_support;

use dsp::engine::{SEND_PARAMS, STRIP_PARAMS, strip_param};
use dsp::processors::SPECS;
use dsp::protocol::{Address, Command, InsertId, LanePoint, Segment, SendId, StripId, StripKind};
use engine_support::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn strip() -> impl Strategy<Value = StripId> {
    prop_oneof![(1_u32..=4), (10_u32..=12), (20_u32..=21), Just(MASTER.0)].prop_map(StripId)
}

fn address() -> impl Strategy<Value = Address> {
    prop_oneof![
        (strip(), 0..STRIP_PARAMS.len() as u16).prop_map(|(strip, index)| Address::Strip(strip, index)),
        (1_u32..8, 0_u16..30).prop_map(|(insert, index)| Address::Insert(InsertId(insert), index)),
        (1_u32..5, 0..SEND_PARAMS.len() as u16).prop_map(|(send, index)| Address::Send(SendId(send), index)),
    ]
}

fn points() -> impl Strategy<Value = Vec<LanePoint>> {
    let segment = prop_oneof![Just(Segment::Hold), Just(Segment::Linear), (-1.0_f32..1.0).prop_map(Segment::Curve)];
    let point = (0_u64..20_000, -60.0_f32..10.0, segment).prop_map(|(frame, value, segment)| LanePoint { frame, value, segment });
    prop::collection::vec(point, 0..6)
}

/// One of the product's own, somewhere in its ranges.
fn product_processor() -> impl Strategy<Value = (String, Vec<f32>)> {
    let positions = prop::collection::vec(0.0_f32..1.0, 160);
    (0..SPECS.len(), positions).prop_map(|(at, positions)| {
        let values = SPECS[at].params.iter().zip(positions).map(|(param, position)| param.from_position(position));
        (SPECS[at].id.into(), values.collect())
    })
}

fn processor() -> impl Strategy<Value = (String, Vec<f32>)> {
    prop_oneof![
        (0_u32..900).prop_map(|frames| (processors::LATE.into(), vec![frames as f32])),
        (0.0_f32..2.0).prop_map(|factor| (processors::FACTOR.into(), vec![factor])),
        Just((processors::ECHO.into(), vec![])),
        Just((processors::MINUS_KEY.into(), vec![])),
        product_processor(),
        product_processor(),
        Just(("unknown".into(), vec![1.0])),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let kind = prop_oneof![Just(StripKind::Audio), Just(StripKind::Group), Just(StripKind::Return), Just(StripKind::Master)];
    let insert = || (1_u32..8).prop_map(InsertId);
    let send = || (1_u32..5).prop_map(SendId);
    let put_insert = (strip(), insert(), processor(), 0_u16..5, any::<bool>(), prop::option::of(strip()));
    prop_oneof![
        1 => (strip(), kind).prop_map(|(strip, kind)| Command::AddStrip { strip, kind }),
        1 => (1_u32..30).prop_map(|strip| Command::RemoveStrip { strip: StripId(strip) }),
        4 => (strip(), prop::option::of(strip())).prop_map(|(strip, to)| Command::SetOutput { strip, to }),
        6 => put_insert.prop_map(|(strip, insert, (processor, values), place, bypassed, key)| {
            Command::PutInsert { strip, insert, processor, place, bypassed, key, values }
        }),
        2 => (insert(), 0_u16..5).prop_map(|(insert, place)| Command::MoveInsert { insert, place }),
        2 => insert().prop_map(|insert| Command::RemoveInsert { insert }),
        2 => (insert(), any::<bool>()).prop_map(|(insert, bypassed)| Command::SetBypass { insert, bypassed }),
        2 => (insert(), prop::option::of(strip())).prop_map(|(insert, key)| Command::SetKey { insert, key }),
        4 => (strip(), send(), strip(), any::<bool>(), -40.0_f32..6.0).prop_map(|(strip, send, to, pre, level_db)| {
            Command::PutSend { strip, send, to, pre, values: vec![level_db, 0.0, 0.0] }
        }),
        1 => send().prop_map(|send| Command::RemoveSend { send }),
        9 => (address(), -150.0_f32..150.0).prop_map(|(address, value)| Command::SetParam { address, value }),
        4 => (address(), points()).prop_map(|(address, points)| Command::SetLane { address, piece: WHOLE, points }),
        1 => (address(), any::<bool>()).prop_map(|(address, enabled)| Command::EnableLane { address, enabled }),
    ]
}

fn studio() -> Studio {
    let mut studio = Studio::new((1..=4).map(noise).collect());
    for group in 10..=12 {
        studio.add(group, StripKind::Group);
    }
    for home in 20..=21 {
        studio.add(home, StripKind::Return);
    }
    studio.set(MASTER.0, strip_param::VOLUME, -12.0);
    studio
}

#[test]
fn after_any_edits_a_play_has_the_bits_of_a_new_engine() {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config { cases: 150, failure_persistence: None, ..Config::default() }, rng);
    let result = runner.run(&prop::collection::vec(command(), 1..40), |commands| {
        let mut edited = studio();
        edited.play_and_render(1, 0, 3000);
        for command in &commands {
            edited.apply(command.clone());
            let tap = edited.render(300);
            prop_assert!(tap.iter().flatten().all(|sample| sample.is_finite()));
        }
        edited.stop();
        let again = edited.play_and_render(2, 4321, 6000);
        let mut fresh = studio();
        commands.iter().for_each(|command| fresh.apply(command.clone()));
        let expected = fresh.play_and_render(7, 4321, 6000);
        prop_assert_eq!(edited.engine.latency_frames(), fresh.engine.latency_frames());
        prop_assert!(bits(&again) == bits(&expected), "differs from frame {:?}", (0..6000).find(|&at| again[at] != expected[at]));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
