//! The multiband compressor's figures: the flat sum, what each band does and which band does it.

mod support;

use dsp::processors::{Key, Stereo};
use support::{Clip, amplitude, db, made, run, set};

const RATE_HZ: f64 = 48_000.0;
/// Loud enough that the tiny gain which puts the crossover to work is all that changes.
const AT_WORK: (&str, f32) = ("band1_gain", 0.000_01);

fn level_db(settings: &[(&str, f32)], hz: f64, level: f64) -> f64 {
    let out = run(made("multiband", RATE_HZ, settings).as_mut(), &Clip::sine(96_000, RATE_HZ, hz, level), 128);
    db(amplitude(&out.left[48_000..], RATE_HZ, hz) / level)
}

#[test]
fn bands_sum_flat_within_a_thousandth_of_a_decibel() {
    for bands in 0..5 {
        for slope in 0..5 {
            let settings =
                [("bands", bands as f32), ("slope", slope as f32), ("split1", 90.0), ("split2", 400.0), ("split3", 3_000.0), AT_WORK];
            for hz in [40.0, 90.0, 400.0, 1_000.0, 3_000.0, 15_000.0] {
                let out = run(made("multiband", RATE_HZ, &settings).as_mut(), &Clip::sine(36_000, RATE_HZ, hz, 0.5), 128);
                let got = db(amplitude(&out.left[12_000..], RATE_HZ, hz) / 0.5);
                assert!(got.abs() < 0.001, "{} bands, slope {slope}, {hz} Hz: {got:.5} dB", bands + 2);
            }
        }
    }
}

#[test]
fn a_band_turns_down_its_own_range_by_its_curve() {
    let settings =
        [("band1_threshold", -30.0), ("band1_ratio", 4.0), ("band1_knee", 0.0), ("band1_detector", 1.0), ("band1_attack", 100.0)];
    // 0.5 at 40 Hz is −9 dBFS RMS; 24 of the 48 dB/oct splits lie more than an octave away.
    let low = level_db(&settings, 40.0, 0.5);
    assert!((low + 0.75 * 20.97).abs() < 0.6, "{low:.2} dB");
    let high = level_db(&settings, 1_000.0, 0.5);
    assert!(high.abs() < 0.01, "{high:.3} dB");
}

#[test]
fn quiet_sound_is_lifted_by_its_curve_and_no_more_than_the_range() {
    let lifted = |ratio, range, level| {
        let settings = [
            ("band2_up_threshold", -30.0),
            ("band2_up_ratio", ratio),
            ("band2_up_range", range),
            ("band2_detector", 1.0),
            ("band2_attack", 100.0),
        ];
        level_db(&settings, 600.0, level)
    };
    // A sine of −50 dBFS peak has −53 dBFS RMS: 23 dB below, of which half is lifted.
    let half = lifted(2.0, 36.0, 0.003_162);
    assert!((half - 11.5).abs() < 0.2, "{half:.2} dB");
    let held = lifted(2.0, 6.0, 0.003_162);
    assert!((held - 6.0).abs() < 0.05, "{held:.2} dB");
    let loud = lifted(2.0, 36.0, 0.5);
    assert!(loud.abs() < 0.02, "{loud:.2} dB");
}

#[test]
fn at_rest_the_sound_is_only_delayed() {
    let clip = Clip::noise(9_600, 0.9, 3);
    let mut multiband = made("multiband", RATE_HZ, &[("lookahead", 5.0), ("band2_threshold", -60.0)]);
    let out = run(multiband.as_mut(), &clip, 128);
    assert_eq!(multiband.latency_frames(), 240);
    assert!(out.left[240..] == clip.left[..9_360]);
    assert_eq!(multiband.take_reduction_db(), 0.0);
}

#[test]
fn with_a_key_each_band_follows_the_key_s_own_range() {
    let settings = [("band1_threshold", -30.0), ("band1_ratio", 4.0), ("band2_threshold", -30.0), ("band2_ratio", 4.0)];
    let mut multiband = made("multiband", RATE_HZ, &settings);
    let clip = Clip::sine(48_000, RATE_HZ, 600.0, 0.01);
    let mut go = |key_hz: f64| {
        let key = Clip::sine(48_000, RATE_HZ, key_hz, 0.5);
        let mut out = clip.clone();
        for at in (0..48_000).step_by(480) {
            let span = at..at + 480;
            let audio = Stereo { left: &mut out.left[span.clone()], right: &mut out.right[span.clone()] };
            multiband.process(audio, Some(Key { left: &key.left[span.clone()], right: &key.right[span] }));
        }
        db(amplitude(&out.left[24_000..], RATE_HZ, 600.0) / 0.01)
    };
    let (low, middle) = (go(40.0), go(800.0));
    assert!(low.abs() < 0.2 && middle < -12.0, "{low:.2} dB, {middle:.2} dB");
}

#[test]
fn a_soloed_band_is_heard_alone() {
    let settings = [("band2_solo", 1.0)];
    let inside = level_db(&settings, 800.0, 0.5);
    let below = level_db(&settings, 30.0, 0.5);
    assert!(inside.abs() < 0.1 && below < -40.0, "{inside:.2} dB, {below:.2} dB");
}

#[test]
fn mix_blends_without_combing() {
    let settings = [("mix", 50.0), ("band1_gain", 12.0), ("band2_gain", 12.0), ("band3_gain", 12.0)];
    let expected = db(0.5 + 0.5 * libm::pow(10.0, 12.0 / 20.0));
    for hz in [50.0, 120.0, 700.0, 2_500.0, 9_000.0] {
        let got = level_db(&settings, hz, 0.1);
        assert!((got - expected).abs() < 0.001, "{hz} Hz: {got:.4} dB, not {expected:.4}");
    }
}

#[test]
fn the_reading_is_the_deepest_band() {
    let mut multiband =
        made("multiband", RATE_HZ, &[("band2_threshold", -20.0), ("band2_ratio", 100.0), ("band2_knee", 0.0), ("band2_detector", 1.0)]);
    run(multiband.as_mut(), &Clip::sine(48_000, RATE_HZ, 600.0, 0.5), 128);
    let reading = multiband.take_reduction_db();
    assert!((reading + 10.97).abs() < 0.3, "{reading}");
    set(multiband.as_mut(), "band2_on", 0.0);
    let out = run(multiband.as_mut(), &Clip::sine(48_000, RATE_HZ, 600.0, 0.5), 128);
    assert!((out.left[24_000..].iter().fold(0.0f32, |peak, sample| peak.max(sample.abs())) - 0.5).abs() < 1e-3);
}

#[test]
fn each_band_s_reading_is_what_it_takes_from_the_tone_in_it() {
    // A tone in the middle of each of three bands; hold keeps the gain still between the peaks of the lowest.
    let tones = [(80.0, 0.25), (600.0, 0.125), (5_000.0, 0.2)];
    let mut settings = vec![("split1", 220.0), ("split2", 1_800.0), ("slope", 4.0), ("band3_on", 0.0)];
    for band in ["band1", "band2", "band3"] {
        for (param, value) in [("threshold", -30.0), ("ratio", 3.0), ("knee", 0.0), ("hold", 50.0)] {
            settings.push((String::leak(format!("{band}_{param}")), value));
        }
    }
    let mut clip = Clip::silence(96_000);
    for (hz, level) in tones {
        let tone = Clip::sine(clip.frames(), RATE_HZ, hz, level);
        for (side, tone) in [(&mut clip.left, &tone.left), (&mut clip.right, &tone.right)] {
            side.iter_mut().zip(tone).for_each(|(sample, tone)| *sample += tone);
        }
    }
    let mut multiband = made("multiband", RATE_HZ, &settings);
    let mut beginning = clip.clone();
    beginning.left.truncate(48_000);
    beginning.right.truncate(48_000);
    run(multiband.as_mut(), &beginning, 128);
    multiband.take_reduction_db();
    let out = run(multiband.as_mut(), &clip, 128);
    let deepest = multiband.take_reduction_db();
    let readings = multiband.band_reductions_db().to_vec();
    assert_eq!(readings.len(), 3);
    assert!(deepest == readings.iter().copied().fold(0.0, f32::min));
    for ((hz, level), reading) in tones.into_iter().zip(&readings) {
        let taken = db(amplitude(&out.left[48_000..], RATE_HZ, hz) / level);
        assert!((f64::from(*reading) - taken).abs() < 0.3, "{hz} Hz: {reading:.2} dB read, {taken:.2} dB taken");
    }
    assert!(readings[0] < -10.0 && readings[1] < -6.0 && readings[2] == 0.0, "{readings:?}");
}
