//! The imager's figures: the mono sum, the width of each band, and the turn of the image.

mod support;

use support::{Clip, amplitude, db, made, run};

const RATE_HZ: f64 = 48_000.0;

/// A clip of side alone.
fn side(hz: f64) -> Clip {
    let mut clip = Clip::sine(96_000, RATE_HZ, hz, 0.25);
    clip.right.iter_mut().for_each(|sample| *sample = -*sample);
    clip
}

fn side_gain_db(settings: &[(&str, f32)], hz: f64) -> f64 {
    let out = run(made("imager", RATE_HZ, settings).as_mut(), &side(hz), 128);
    db(amplitude(&out.left[48_000..], RATE_HZ, hz) / 0.25)
}

#[test]
fn the_mono_sum_is_unchanged_to_minus_120_db() {
    let clip = Clip::noise(48_000, 0.5, 12);
    for settings in [
        &[("width1", 0.0), ("width2", 200.0), ("width3", 150.0)][..],
        &[("bands", 3.0), ("width1", 30.0), ("width4", 200.0), ("mono_on", 1.0), ("mono_below", 300.0)],
        &[("bands", 0.0), ("width1", 200.0)],
    ] {
        let out = run(made("imager", RATE_HZ, settings).as_mut(), &clip, 128);
        let (mut change, mut whole) = (0.0, 0.0);
        for frame in 0..clip.frames() {
            let before = clip.left[frame] as f64 + clip.right[frame] as f64;
            let after = out.left[frame] as f64 + out.right[frame] as f64;
            change += (after - before) * (after - before);
            whole += before * before;
        }
        let change_db = 10.0 * libm::log10(change / whole);
        assert!(change_db < -120.0, "{settings:?}: {change_db:.1} dB");
    }
}

#[test]
fn equal_widths_are_a_plain_gain_on_the_side() {
    for (width, expected_db) in [(200.0, 6.0206), (50.0, -6.0206)] {
        for hz in [60.0, 200.0, 1_000.0, 2_000.0, 15_000.0] {
            let got = side_gain_db(&[("bands", 3.0), ("width1", width), ("width2", width), ("width3", width), ("width4", width)], hz);
            assert!((got - expected_db).abs() < 0.001, "{width} %, {hz} Hz: {got:.4} dB");
        }
    }
}

#[test]
fn each_band_has_its_own_width() {
    let settings = [("bands", 1.0), ("split1", 1_000.0), ("width1", 0.0), ("width2", 200.0)];
    assert!(side_gain_db(&settings, 30.0) < -20.0);
    assert!((side_gain_db(&settings, 15_000.0) - 6.02).abs() < 0.2);
}

#[test]
fn what_is_below_the_mono_corner_is_mono() {
    let settings = [("mono_on", 1.0), ("mono_below", 200.0)];
    let corner = side_gain_db(&settings, 200.0);
    assert!((corner + 3.01).abs() < 0.01, "{corner:.3} dB");
    let below = side_gain_db(&settings, 50.0);
    assert!((below + 24.1).abs() < 0.1, "{below:.2} dB");
    assert!(side_gain_db(&settings, 5_000.0).abs() < 0.01);
}

#[test]
fn rotation_turns_the_middle_to_one_side_and_balance_lowers_the_other() {
    let clip = Clip::sine(4_800, RATE_HZ, 1_000.0, 0.5);
    let turned = run(made("imager", RATE_HZ, &[("rotation", 45.0)]).as_mut(), &clip, 128);
    assert!(turned.left.iter().all(|sample| sample.abs() < 1e-6));
    assert!((turned.right.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs())) - 0.5 * std::f32::consts::SQRT_2).abs() < 1e-3);
    let balanced = run(made("imager", RATE_HZ, &[("balance", 100.0)]).as_mut(), &clip, 128);
    assert_eq!(balanced.right, clip.right);
    assert!(balanced.left.iter().all(|sample| *sample == 0.0));
}
