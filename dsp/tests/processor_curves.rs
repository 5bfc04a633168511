//! The curves of the editors are what the processors do: each is compared with the processor itself.

mod support;

use dsp::processors::curves::{Repeat, decay_ms, harmonics, level_out_db, level_out_while_open_db, repeat, sample_out};
use dsp::processors::spec;
use dsp::units::{db_to_gain, gain_to_db};
use support::{Clip, constant, made, run};

const RATE_HZ: f64 = 48_000.0;

/// The declaration's defaults with some other values.
fn values(id: &str, changed: &[(&str, f32)]) -> Vec<f32> {
    let spec = spec(id).expect("a processor");
    let value = |id: &str| changed.iter().find(|(changed, _)| *changed == id).map(|(_, value)| *value);
    spec.params.iter().map(|param| value(param.id).unwrap_or(param.default)).collect()
}

/// What a processor makes of a level that lasts, in dB.
fn lasting_db(id: &str, changed: &[(&str, f32)], level_db: f32) -> f32 {
    let heard = run(made(id, RATE_HZ, changed).as_mut(), &constant(96_000, f64::from(level_db)), 512);
    gain_to_db(f64::from(heard.left[95_990])) as f32
}

#[test]
fn a_compressors_curve_is_what_comes_out_of_a_level_that_lasts() {
    let settings: [&[(&str, f32)]; 4] = [
        &[("threshold", -24.0), ("ratio", 4.0), ("knee", 12.0), ("makeup", 3.0)],
        &[("threshold", -30.0), ("ratio", 100.0), ("knee", 0.0), ("range", 9.0)],
        &[("threshold", -20.0), ("ratio", 3.0), ("auto_makeup", 1.0)],
        &[("threshold", -36.0), ("ratio", 8.0), ("mix", 40.0)],
    ];
    for changed in settings {
        for level_db in [-50.0, -27.0, -20.0, -12.0, -3.0] {
            let drawn = level_out_db("compressor", &values("compressor", changed), level_db).expect("a curve");
            let heard = lasting_db("compressor", changed, level_db);
            assert!((drawn - heard).abs() < 0.02, "{changed:?} at {level_db} dB: drawn {drawn}, heard {heard}");
        }
    }
}

#[test]
fn a_gates_curve_is_what_comes_out_while_it_is_closed() {
    let changed = [("threshold", -30.0), ("ratio", 3.0), ("range", 20.0), ("release", 5.0)];
    for level_db in [-60.0, -38.0, -31.0, -29.0, -10.0] {
        let drawn = level_out_db("gate", &values("gate", &changed), level_db).expect("a curve");
        let heard = lasting_db("gate", &changed, level_db);
        assert!((drawn - heard).abs() < 0.02, "at {level_db} dB: drawn {drawn}, heard {heard}");
    }
}

#[test]
fn an_open_gate_keeps_what_is_above_the_threshold_less_the_hysteresis() {
    let values = values("gate", &[("threshold", -30.0), ("hysteresis", 6.0)]);
    assert_eq!(level_out_while_open_db("gate", &values, -35.0), Some(-35.0));
    assert!(level_out_while_open_db("gate", &values, -37.0).is_some_and(|db| db < -70.0));
    assert_eq!(level_out_while_open_db("compressor", &values, -35.0), None);
}

#[test]
fn a_de_essers_curve_holds_for_sibilants_far_above_its_corner() {
    let changed = [("mode", 1.0), ("frequency", 3_000.0), ("threshold", -30.0), ("range", 10.0)];
    for level_db in [-40.0, -24.0, -6.0] {
        let sibilant = Clip::sine(48_000, RATE_HZ, 11_100.0, db_to_gain(f64::from(level_db)));
        let clip = run(made("deesser", RATE_HZ, &changed).as_mut(), &sibilant, 512);
        let heard = gain_to_db(f64::from(clip.left[40_000..].iter().fold(0.0f32, |peak, sample| peak.max(sample.abs())))) as f32;
        let drawn = level_out_db("deesser", &values("deesser", &changed), level_db).expect("a curve");
        assert!((drawn - heard).abs() < 0.2, "at {level_db} dB: drawn {drawn}, heard {heard}");
    }
}

#[test]
fn the_curves_of_clipper_and_saturator_are_theirs_sample_by_sample() {
    let plain = ("oversampling", 0.0);
    let cases: [(&str, &[(&str, f32)]); 4] = [
        ("clipper", &[plain, ("gain", 6.0), ("ceiling", -6.0), ("knee", 60.0)]),
        ("clipper", &[plain, ("gain", 12.0), ("ceiling", -1.0)]),
        ("saturator", &[plain, ("style", 3.0), ("drive", 12.0), ("level_match", 0.0), ("mix", 70.0), ("output", -3.0)]),
        ("saturator", &[plain, ("style", 5.0), ("drive", 9.0), ("level_match", 0.0)]),
    ];
    for (id, changed) in cases {
        let before = Clip::sine(4_800, RATE_HZ, 100.0, 0.9);
        let clip = run(made(id, RATE_HZ, changed).as_mut(), &before, 480);
        let values = values(id, changed);
        for (sample, heard) in before.left.iter().zip(&clip.left).skip(100) {
            let drawn = sample_out(id, &values, *sample).expect("a curve");
            assert!((drawn - heard).abs() < 2e-3, "{id} {changed:?} at {sample}: drawn {drawn}, heard {heard}");
        }
    }
}

#[test]
fn a_symmetric_curve_has_odd_harmonics_alone_and_a_bias_brings_even_ones() {
    let level = |changed: &[(&str, f32)]| harmonics("saturator", &values("saturator", changed), -6.0).expect("a curve");
    let even = level(&[("style", 3.0), ("drive", 12.0)]);
    assert!(even[1] < 1e-5 && even[3] < 1e-5 && even[2] > 0.01, "{even:?}");
    let biased = level(&[("style", 3.0), ("drive", 12.0), ("bias", 50.0)]);
    assert!(biased[1] > 0.01, "{biased:?}");
    let straight = level(&[("drive", 0.0)]);
    assert!((gain_to_db(f64::from(straight[0])) + 6.0).abs() < 0.01 && straight[1..].iter().all(|level| *level < 1e-5), "{straight:?}");
}

#[test]
fn a_delays_repeats_stand_where_and_as_loud_as_they_are_heard() {
    let changed =
        [("time", 20.0), ("feedback", 50.0), ("ping_pong", 1.0), ("width", 60.0), ("mix", 40.0), ("low_cut", 20.0), ("high_cut", 20_000.0)];
    let mut clip = Clip::silence(9_600);
    // Short enough not to reach the next repeat, long enough to be in the middle of what the filters pass.
    let burst = Clip::sine(480, RATE_HZ, 2_000.0, 1.0);
    clip.left[..480].copy_from_slice(&burst.left);
    clip.right[..480].copy_from_slice(&burst.right);
    let clip = run(made("delay", RATE_HZ, &changed).as_mut(), &clip, 512);
    let values = values("delay", &changed);
    for number in 1..=4 {
        let Repeat { ms, gains } = repeat(&values, number);
        assert!((ms - 20.0 * f64::from(number)).abs() < 1e-9);
        let from = (ms * RATE_HZ / 1000.0) as usize;
        for (side, gain) in [&clip.left, &clip.right].into_iter().zip(gains) {
            let heard = side[from + 200..from + 480].iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
            assert!((heard - gain).abs() < 0.1 * gain.max(0.02), "repeat {number}: drawn {gain}, heard {heard}");
        }
    }
}

#[test]
fn the_reverbs_decay_is_the_dials_below_and_shorter_above() {
    let values = values("reverb", &[("decay", 2_000.0), ("damping", 50.0)]);
    let at = |hz: f64| decay_ms(&values, RATE_HZ, hz);
    assert!((at(60.0) - 2_000.0).abs() < 5.0, "{}", at(60.0));
    // At the damping's corner half of the loss is added: 1 + 9 · 0.5 · 0.5 times as fast.
    assert!((at(4_000.0) - 2_000.0 / 3.25).abs() < 1.0, "{}", at(4_000.0));
    assert!(at(16_000.0) < 420.0, "{}", at(16_000.0));
}
