//! The de-esser's figures: the shelf of the split, the curve, the times, and what passes untouched.

mod support;

use support::{Clip, amplitude, constant, db, made, rise_frames, run};

const RATE_HZ: f64 = 48_000.0;

/// dB by which a sine comes out quieter once the gain stands, at a level that makes it lose its whole range.
fn response_db(settings: &[(&str, f32)], hz: f64, level: f64) -> f64 {
    let mut deesser = made("deesser", RATE_HZ, settings);
    let out = run(deesser.as_mut(), &Clip::sine(96_000, RATE_HZ, hz, level), 128);
    db(amplitude(&out.left[48_000..], RATE_HZ, hz) / level)
}

/// The shelf's formula.
fn shelf_db(hz: f64, corner_hz: f64, gain_db: f64) -> f64 {
    let warped = |hz: f64| libm::tan(std::f64::consts::PI * hz / RATE_HZ);
    let w4 = libm::pow(warped(hz) / warped(corner_hz), 4.0);
    let g = libm::pow(10.0, gain_db / 20.0);
    0.5 * db((1.0 + g * g * w4) / (1.0 + w4))
}

#[test]
fn split_turns_down_by_the_shelf_and_wide_by_the_gain_within_a_hundredth_of_a_decibel() {
    for (corner, range) in [(4_000.0f32, 6.0f32), (6_000.0, 12.0), (9_000.0, 24.0)] {
        for share in [0.6, 1.0, 1.5, 2.0] {
            let hz = libm::round(corner as f64 * share);
            let settings = [("frequency", corner), ("range", range), ("threshold", -60.0), ("release", 500.0)];
            let got = response_db(&settings, hz, 0.5);
            let want = shelf_db(hz, corner as f64, -f64::from(range));
            assert!((got - want).abs() <= 0.01, "{corner} Hz, {range} dB, at {hz} Hz: {got:.4} dB, not {want:.4}");
            let wide = response_db(&[&settings[..], &[("mode", 1.0)]].concat(), hz, 0.5);
            assert!((wide + f64::from(range)).abs() <= 0.01, "wide at {hz} Hz: {wide:.4} dB");
        }
    }
}

#[test]
fn what_is_over_the_threshold_is_turned_down_by_three_quarters() {
    for over in [6.0, 12.0, 20.0] {
        let mut deesser =
            made("deesser", RATE_HZ, &[("mode", 1.0), ("threshold", -40.0), ("range", 24.0), ("frequency", 2_000.0), ("release", 500.0)]);
        // 12 kHz lies so far above the detector's corner that it passes whole.
        let level_db = -40.0 + over;
        let sine = Clip::sine(96_000, RATE_HZ, 11_000.0, libm::pow(10.0, level_db / 20.0));
        let out = run(deesser.as_mut(), &sine, 128);
        let got = db(amplitude(&out.left[48_000..], RATE_HZ, 11_000.0)) - level_db;
        assert!((got + 0.75 * over).abs() < 0.03, "{over} dB over: {got:.4} dB");
    }
}

#[test]
fn a_vowel_passes_untouched_and_a_sibilant_in_it_is_caught() {
    let settings = [("frequency", 6_000.0), ("threshold", -30.0), ("range", 10.0)];
    let vowel = Clip::sine(48_000, RATE_HZ, 500.0, 0.4);
    let mut deesser = made("deesser", RATE_HZ, &settings);
    let out = run(deesser.as_mut(), &vowel, 128);
    assert!(out == vowel);
    assert_eq!(deesser.take_reduction_db(), 0.0);
    let mut both = vowel.clone();
    let sibilant = Clip::sine(48_000, RATE_HZ, 9_000.0, 0.2);
    for (sample, more) in both.left.iter_mut().zip(&sibilant.left) {
        *sample += more;
    }
    both.right = both.left.clone();
    let out = run(deesser.as_mut(), &both, 128);
    let loss_db = |hz, level| db(amplitude(&out.left[24_000..], RATE_HZ, hz) / level);
    let want = shelf_db(9_000.0, 6_000.0, -10.0);
    assert!((loss_db(9_000.0, 0.2) - want).abs() < 0.05, "{:.3} dB, not {want:.3}", loss_db(9_000.0, 0.2));
    assert!(loss_db(500.0, 0.4).abs() < 0.01, "{}", loss_db(500.0, 0.4));
    assert!(deesser.take_reduction_db() < -9.0);
}

#[test]
fn attack_and_release_take_their_time_within_two_per_cent() {
    for (attack_ms, release_ms) in [(1.0, 40.0), (5.0, 100.0)] {
        let settings =
            [("mode", 1.0), ("threshold", -50.0), ("range", 12.0), ("frequency", 2_000.0), ("attack", attack_ms), ("release", release_ms)];
        let mut deesser = made("deesser", RATE_HZ, &settings);
        // A quarter of the rate, sampled at equal magnitudes, so that each frame shows its gain.
        let level = |amount: f32, frames: usize| {
            let side: Vec<f32> = (0..frames).map(|frame| if frame % 4 < 2 { amount } else { -amount }).collect();
            Clip { left: side.clone(), right: side }
        };
        let mut input = level(1e-5, 4_800);
        input.append(&level(0.5, 24_000));
        input.append(&level(1e-5, 96_000));
        let out = run(deesser.as_mut(), &input, 128);
        let gains: Vec<f64> = out.left.iter().zip(&input.left).map(|(y, x)| db((*y / *x) as f64)).collect();
        let ninety_per_cent = libm::log(9.0) * RATE_HZ / 1000.0;
        for (part, time_ms) in [(&gains[4_799..28_800], attack_ms), (&gains[28_799..], release_ms)] {
            let (got, want) = (rise_frames(part), ninety_per_cent * time_ms as f64);
            assert!((got / want - 1.0).abs() < 0.02, "{time_ms} ms: {got:.1} frames, not {want:.1}");
        }
    }
}

#[test]
fn lookahead_delays_by_exactly_its_latency() {
    let mut deesser = made("deesser", RATE_HZ, &[("lookahead", 3.0)]);
    assert_eq!(deesser.latency_frames(), 144);
    let clip = constant(1_000, -40.0);
    let out = run(deesser.as_mut(), &clip, 128);
    assert!(out.left[..144].iter().all(|sample| *sample == 0.0) && out.left[144..] == clip.left[..856]);
}

#[test]
fn listening_gives_the_sibilants_alone() {
    let mut deesser = made("deesser", RATE_HZ, &[("frequency", 6_000.0), ("listen", 1.0)]);
    let out = run(deesser.as_mut(), &Clip::sine(96_000, RATE_HZ, 6_000.0, 0.25), 128);
    let at_corner = db(amplitude(&out.left[48_000..], RATE_HZ, 6_000.0) / 0.25);
    assert!((at_corner + 3.01).abs() < 0.1, "{at_corner:.3} dB");
}
