//! The compressor's figures: static curve, times, sidechain and what its switches do.

mod support;

use dsp::processors::{Key, Stereo};
use support::{Clip, amplitude, constant, db, made, rise_frames, run};

const RATE_HZ: f64 = 48_000.0;

fn expected_gain_db(level_db: f64, threshold_db: f64, ratio: f64, knee_db: f64, range_db: f64) -> f64 {
    let over = level_db - threshold_db;
    let slope = 1.0 - 1.0 / ratio;
    let reduction = if 2.0 * over < -knee_db {
        0.0
    } else if 2.0 * over <= knee_db && knee_db > 0.0 {
        slope * (over + knee_db / 2.0) * (over + knee_db / 2.0) / (2.0 * knee_db)
    } else {
        slope * over
    };
    -reduction.min(range_db)
}

#[test]
fn the_static_curve_is_within_a_hundredth_of_a_decibel() {
    let settings =
        [(-20.0, 4.0, 0.0, 60.0), (-30.0, 2.0, 12.0, 60.0), (-40.0, 100.0, 6.0, 60.0), (-12.0, 1.5, 36.0, 60.0), (-50.0, 10.0, 3.0, 12.0)];
    for (threshold, ratio, knee, range) in settings {
        for detector in [0.0, 1.0] {
            let mut compressor = made(
                "compressor",
                RATE_HZ,
                &[("threshold", threshold), ("ratio", ratio), ("knee", knee), ("range", range), ("attack", 0.1), ("detector", detector)],
            );
            for step in 0..=160 {
                let level_db = -80.0 + 0.5 * step as f64;
                compressor.reset();
                let out = run(compressor.as_mut(), &constant(12_000, level_db), 128);
                let got = db(out.left[11_999] as f64) - level_db;
                let ratio = if ratio >= 100.0 { f64::INFINITY } else { ratio as f64 };
                let want = expected_gain_db(level_db, threshold as f64, ratio, knee as f64, range as f64);
                assert!((got - want).abs() <= 0.01, "threshold {threshold}, {level_db} dB: {got:.4} dB, not {want:.4}");
            }
        }
    }
}

#[test]
fn attack_and_release_take_their_time_within_two_per_cent_and_never_overshoot() {
    for (attack_ms, release_ms) in [(1.0, 50.0), (10.0, 120.0), (30.0, 400.0)] {
        let mut compressor =
            made("compressor", RATE_HZ, &[("threshold", -30.0), ("knee", 0.0), ("attack", attack_ms), ("release", release_ms)]);
        let mut input = constant(4_800, -40.0);
        input.append(&constant(48_000, -6.0));
        input.append(&constant(240_000, -40.0));
        let out = run(compressor.as_mut(), &input, 128);
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
fn hold_keeps_the_gain_down() {
    let mut compressor = made("compressor", RATE_HZ, &[("attack", 0.1), ("release", 20.0), ("hold", 100.0)]);
    run(compressor.as_mut(), &constant(9_600, 0.0), 128);
    compressor.take_reduction_db();
    let out = run(compressor.as_mut(), &constant(9_600, -40.0), 128);
    let gain_db = |frame: usize| db(out.left[frame] as f64) + 40.0;
    assert!(gain_db(4_700) < -13.4, "{}", gain_db(4_700));
    assert!(gain_db(9_599) > -0.5, "{}", gain_db(9_599));
}

#[test]
fn auto_release_lets_a_short_peak_go_faster_than_a_long_one() {
    let remaining_db = |loud_frames| {
        let mut compressor = made("compressor", RATE_HZ, &[("attack", 0.1), ("release", 60.0), ("auto_release", 1.0)]);
        run(compressor.as_mut(), &constant(loud_frames, 0.0), 128);
        let out = run(compressor.as_mut(), &constant(9_600, -40.0), 128);
        -(db(out.left[9_599] as f64) + 40.0)
    };
    let (short, long) = (remaining_db(480), remaining_db(96_000));
    assert!(short < 1.0 && long > 5.0, "after a short peak {short:.2} dB, after a long one {long:.2} dB");
}

#[test]
fn the_sidechain_decides_and_the_strip_is_turned_down() {
    let mut compressor = made("compressor", RATE_HZ, &[("threshold", -20.0), ("knee", 0.0), ("attack", 0.1)]);
    let quiet = constant(9_600, -40.0);
    let loud = constant(9_600, 0.0);
    let mut out = quiet.clone();
    for start in (0..9_600).step_by(100) {
        let span = start..start + 100;
        let key = Key { left: &loud.left[span.clone()], right: &loud.right[span.clone()] };
        compressor.process(Stereo { left: &mut out.left[span.clone()], right: &mut out.right[span] }, Some(key));
    }
    assert!((db(out.left[9_599] as f64) + 55.0).abs() < 0.02, "{}", db(out.left[9_599] as f64));
    let reduction = compressor.take_reduction_db();
    assert!((reduction + 15.0).abs() < 0.02, "{reduction}");
    assert_eq!(run(compressor.as_mut(), &Clip::silence(0), 128).frames(), 0);
    assert_eq!(compressor.take_reduction_db(), 0.0);
}

#[test]
fn the_key_filter_is_3_db_down_at_its_corners() {
    for (hz, corner) in [(100.0, "key_high_pass"), (2_000.0, "key_low_pass")] {
        let settings = [("key_filter", 1.0), ("key_listen", 1.0), (corner, hz as f32)];
        let mut compressor = made("compressor", RATE_HZ, &settings);
        let out = run(compressor.as_mut(), &Clip::sine(96_000, RATE_HZ, hz, 0.25), 128);
        let got = db(amplitude(&out.left[48_000..], RATE_HZ, hz) / 0.25);
        assert!((got + 3.01).abs() < 0.1, "{corner}: {got:.3} dB");
    }
}

#[test]
fn unlinked_channels_are_turned_down_each_for_itself() {
    let mut input = constant(9_600, 0.0);
    input.right = constant(9_600, -40.0).right;
    let right_db = |link| {
        let mut compressor = made("compressor", RATE_HZ, &[("threshold", -20.0), ("knee", 0.0), ("attack", 0.1), ("link", link)]);
        db(run(compressor.as_mut(), &input, 128).right[9_599] as f64)
    };
    assert!((right_db(0.0) + 40.0).abs() < 1e-4);
    assert!((right_db(100.0) + 55.0).abs() < 0.02);
    assert!((right_db(50.0) + 47.5).abs() < 0.02);
}

#[test]
fn auto_make_up_gives_back_half_of_what_full_scale_loses() {
    let settings = [("threshold", -20.0), ("ratio", 2.0), ("knee", 0.0), ("attack", 0.1), ("auto_makeup", 1.0)];
    let mut compressor = made("compressor", RATE_HZ, &settings);
    let out = run(compressor.as_mut(), &constant(9_600, 0.0), 128);
    assert!((db(out.left[9_599] as f64) + 5.0).abs() < 0.02, "{}", db(out.left[9_599] as f64));
}

#[test]
fn with_lookahead_the_gain_is_down_before_the_peak_arrives() {
    let mut input = Clip::silence(4_800);
    input.append(&constant(4_800, 0.0));
    let first_db = |lookahead| {
        let settings = [("attack", 1.0), ("knee", 0.0), ("lookahead", lookahead)];
        let mut compressor = made("compressor", RATE_HZ, &settings);
        let out = run(compressor.as_mut(), &input, 128);
        db(out.left[4_800 + compressor.latency_frames()] as f64)
    };
    assert!(first_db(0.0) > -0.5);
    assert!(first_db(5.0) < -13.2, "{}", first_db(5.0));
}
