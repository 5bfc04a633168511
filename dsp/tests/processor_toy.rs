//! A processor is added by one file and one line: this adds one, and the engine plays and automates it as its own.

mod engine_support;
mod toy;

use dsp::engine::EngineOptions;
use dsp::protocol::{Address, InsertId, Segment};
use engine_support::{Studio, constant};

dsp::processors! {
    toy::Toy,
}

/// Half of full scale on a strip whose only insert is the toy.
fn studio(less_db: f32) -> Studio {
    let mut studio = Studio::built_by(build, vec![constant(0.5)], EngineOptions::default());
    studio.insert(1, 1, "toy", &[less_db]);
    studio
}

#[test]
fn it_is_in_the_list_and_the_factory_makes_it() {
    assert_eq!(SPECS.iter().map(|spec| spec.id).collect::<Vec<_>>(), ["toy"]);
    assert!(build("toy", 48_000.0).is_some_and(|processor| processor.spec() == &toy::SPEC));
    assert!(build("another", 48_000.0).is_none());
}

#[test]
fn the_engine_plays_it_at_its_value() {
    let tap = studio(20.0).play_and_render(1, 0, 4_800);
    assert!((tap[4_799][0] - 0.05).abs() < 1e-6, "{}", tap[4_799][0]);
}

#[test]
fn a_lane_drives_it() {
    let mut studio = studio(0.0);
    studio.lane(Address::Insert(InsertId(1), 0), &[(0, 0.0, Segment::Linear), (4_800, 40.0, Segment::Linear)]);
    let tap = studio.play_and_render(1, 0, 9_600);
    assert!((tap[2_400][0] - 0.05).abs() < 1e-3, "{}", tap[2_400][0]);
    assert!((tap[9_599][0] - 0.005).abs() < 1e-6, "{}", tap[9_599][0]);
}
