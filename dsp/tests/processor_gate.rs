//! The gate's figures: static curve, hysteresis, hold, times, sidechain and lookahead.

mod support;

use dsp::processors::{Key, Stereo};
use support::{Clip, constant, db, made, rise_frames, run};

const RATE_HZ: f64 = 48_000.0;

#[test]
fn the_static_curve_is_within_a_hundredth_of_a_decibel() {
    for (threshold, ratio, range) in
        [(-20.0f32, 2.0f32, 80.0f32), (-30.0, 4.0, 80.0), (-40.0, 1.2, 30.0), (-12.0, 100.0, 40.0), (-50.0, 10.0, 12.0)]
    {
        let mut gate = made("gate", RATE_HZ, &[("threshold", threshold), ("ratio", ratio), ("range", range), ("release", 5.0)]);
        for step in 0..=160 {
            let level_db = -80.25 + 0.5 * step as f64;
            gate.reset();
            let out = run(gate.as_mut(), &constant(8_000, level_db), 128);
            let below = (threshold as f64 - level_db).max(0.0);
            let slope = if ratio >= 100.0 { f64::INFINITY } else { ratio as f64 - 1.0 };
            let want = if below > 0.0 { -(slope * below).min(range as f64) } else { 0.0 };
            let got = db(out.left[7_999] as f64) - level_db;
            assert!((got - want).abs() <= 0.01, "threshold {threshold}, ratio {ratio}, {level_db} dB: {got:.4} dB, not {want:.4}");
        }
    }
}

#[test]
fn it_opens_at_the_threshold_and_closes_the_hysteresis_below_it() {
    let settings = [("threshold", -30.0), ("hysteresis", 6.0), ("hold", 0.0), ("release", 5.0), ("attack", 0.1), ("range", 50.0)];
    let mut gate = made("gate", RATE_HZ, &settings);
    let mut gain_db = |level_db: f64| db(run(gate.as_mut(), &constant(9_600, level_db), 128).left[9_599] as f64) - level_db;
    assert!((gain_db(-30.1) + 50.0).abs() < 0.01, "closed below the threshold");
    assert!(gain_db(-29.9).abs() < 1e-4, "open above it");
    assert!(gain_db(-35.9).abs() < 1e-4, "still open within the hysteresis");
    assert!((gain_db(-36.1) + 50.0).abs() < 0.01, "closed below the hysteresis");
    assert!((gain_db(-30.1) + 50.0).abs() < 0.01, "and not open again within it");
}

#[test]
fn attack_and_release_take_their_time_within_two_per_cent_and_never_overshoot() {
    for (attack_ms, release_ms) in [(1.0, 50.0), (10.0, 120.0), (30.0, 400.0)] {
        let settings = [("threshold", -30.0), ("range", 30.0), ("hold", 0.0), ("attack", attack_ms), ("release", release_ms)];
        let mut gate = made("gate", RATE_HZ, &settings);
        let mut input = constant(4_800, -60.0);
        input.append(&constant(48_000, -6.0));
        input.append(&constant(240_000, -60.0));
        let out = run(gate.as_mut(), &input, 128);
        let gains: Vec<f64> = out.left.iter().zip(&input.left).map(|(y, x)| db(*y as f64) - db(*x as f64)).collect();
        let ninety_per_cent = libm::log(9.0) * RATE_HZ / 1000.0;
        for (part, time_ms) in [(&gains[4_799..52_800], attack_ms), (&gains[52_799..], release_ms)] {
            let (got, want) = (rise_frames(part), ninety_per_cent * time_ms as f64);
            assert!((got / want - 1.0).abs() < 0.02, "{time_ms} ms: {got:.1} frames, not {want:.1}");
            let sign = (part[part.len() - 1] - part[0]).signum();
            assert!(part.windows(2).all(|pair| (pair[1] - pair[0]) * sign > -1e-4), "{time_ms} ms overshoots");
        }
    }
}

#[test]
fn hold_keeps_it_open_for_exactly_its_time() {
    let mut gate = made("gate", RATE_HZ, &[("threshold", -30.0), ("hold", 100.0), ("release", 5.0)]);
    run(gate.as_mut(), &constant(9_600, -6.0), 128);
    let out = run(gate.as_mut(), &constant(9_600, -60.0), 128);
    let quiet = out.left[0];
    let closing = out.left.iter().position(|sample| *sample < quiet * 0.999).expect("it closes");
    // The level falls after its window of 10 ms; then the hold runs.
    assert_eq!(closing, 479 + 4_800);
}

#[test]
fn a_wave_of_fifty_hertz_does_not_make_it_flutter() {
    let mut gate = made("gate", RATE_HZ, &[("threshold", -30.0), ("hysteresis", 0.0), ("hold", 0.0), ("release", 5.0), ("attack", 0.1)]);
    let wave = Clip::sine(48_000, RATE_HZ, 50.0, 0.05);
    let out = run(gate.as_mut(), &wave, 128);
    assert!(out.left[4_800..] == wave.left[4_800..]);
}

#[test]
fn the_sidechain_opens_it_for_what_is_quiet() {
    let mut gate = made("gate", RATE_HZ, &[("threshold", -20.0), ("range", 80.0)]);
    let (quiet, loud) = (constant(9_600, -60.0), constant(9_600, 0.0));
    let mut out = quiet.clone();
    for start in (0..9_600).step_by(100) {
        let span = start..start + 100;
        let key = Key { left: &loud.left[span.clone()], right: &loud.right[span.clone()] };
        gate.process(Stereo { left: &mut out.left[span.clone()], right: &mut out.right[span] }, Some(key));
    }
    assert_eq!(out.left[9_599], quiet.left[9_599]);
    gate.take_reduction_db();
    run(gate.as_mut(), &quiet, 128);
    let reduction = gate.take_reduction_db();
    assert!(reduction < -20.0, "{reduction}");
}

#[test]
fn with_lookahead_it_is_open_before_the_sound_arrives() {
    let mut input = Clip::silence(4_800);
    input.append(&constant(4_800, 0.0));
    let first_db = |lookahead| {
        let mut gate = made("gate", RATE_HZ, &[("attack", 0.5), ("lookahead", lookahead)]);
        let out = run(gate.as_mut(), &input, 128);
        db(out.left[4_800 + gate.latency_frames()] as f64)
    };
    assert!(first_db(0.0) < -30.0, "{}", first_db(0.0));
    assert!(first_db(5.0) > -0.01, "{}", first_db(5.0));
}
