//! The transient shaper's figures: its gain over the course of a burst, whatever the level.

mod support;

use support::{Clip, constant, db, made, run};

const RATE_HZ: f64 = 48_000.0;
/// Frames by which the level falls behind a sound's end.
const WINDOW_FRAMES: usize = 480;

/// A soft stretch, a loud one, a soft one.
fn burst(soft_db: f64, loud_db: f64) -> Clip {
    let mut clip = constant(96_000, soft_db);
    clip.append(&constant(96_000, loud_db));
    clip.append(&constant(96_000, soft_db));
    clip
}

fn gains_db(settings: &[(&str, f32)], input: &Clip) -> Vec<f64> {
    let out = run(made("transient", RATE_HZ, settings).as_mut(), input, 128);
    out.left.iter().zip(&input.left).map(|(y, x)| db(*y as f64 / *x as f64)).collect()
}

fn bent(difference_db: f64) -> f64 {
    difference_db * 24.0 / (difference_db + 24.0)
}

/// What is left of a step after this many frames, by a time constant.
fn left(frames: usize, time_ms: f64) -> f64 {
    libm::exp(-(frames as f64) * 1000.0 / (time_ms * RATE_HZ))
}

#[test]
fn the_gain_follows_its_formula_within_five_hundredths_of_a_decibel() {
    for amount in [-1.0, 0.5, 1.0] {
        let percent = 100.0 * amount as f32;
        let input = burst(-50.0, -20.0);
        let attack = gains_db(&[("attack", percent)], &input);
        let sustain = gains_db(&[("sustain", percent)], &input);
        for after in [1, 24, 48, 120, 480, 2_400, 12_000] {
            let want = amount * bent(30.0 * (left(after, 25.0) - left(after, 1.0)));
            let got = attack[96_000 + after - 1];
            assert!((got - want).abs() < 0.05, "{after} frames into the burst: {got:.3} dB, not {want:.3}");
            let want = amount * bent(30.0 * (left(after, 300.0) - left(after, 20.0)));
            let got = sustain[192_000 + WINDOW_FRAMES + after - 2];
            assert!((got - want).abs() < 0.05, "{after} frames after the burst: {got:.3} dB, not {want:.3}");
        }
    }
}

#[test]
fn soft_and_loud_sounds_get_the_same_shape() {
    let settings = [("attack", 70.0), ("sustain", 40.0)];
    let (loud, soft) = (gains_db(&settings, &burst(-40.0, -10.0)), gains_db(&settings, &burst(-65.0, -35.0)));
    let apart = loud[95_000..].iter().zip(&soft[95_000..]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart < 0.01, "{apart} dB");
}

#[test]
fn a_steady_tone_passes_within_a_hundredth_of_a_decibel() {
    let sine = Clip::sine(192_000, RATE_HZ, 997.0, 0.25);
    let out = run(made("transient", RATE_HZ, &[("attack", 100.0), ("sustain", 100.0)]).as_mut(), &sine, 128);
    let worst = out.left[150_000..].iter().zip(&sine.left[150_000..]).map(|(y, x)| (y - x).abs()).fold(0.0, f32::max);
    assert!(worst < 0.25 * 0.0012, "{worst}");
}

#[test]
fn a_lowered_attack_reads_as_reduction_and_a_raised_one_does_not() {
    let input = burst(-50.0, -20.0);
    let mut lowered = made("transient", RATE_HZ, &[("attack", -100.0)]);
    run(lowered.as_mut(), &input, 128);
    assert!(lowered.take_reduction_db() < -10.0);
    let mut raised = made("transient", RATE_HZ, &[("attack", 100.0)]);
    run(raised.as_mut(), &input, 128);
    assert!(raised.take_reduction_db() > -1e-3);
}
