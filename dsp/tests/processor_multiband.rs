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
fn bands_sum_flat_within_a_thousandth_of_a_decibel_in_either_phase() {
    for (phase, bands, slope) in (0..2).flat_map(|phase| (0..25).map(move |both| (phase, both / 5, both % 5))) {
        let splits = [("split1", 90.0), ("split2", 400.0), ("split3", 3_000.0)];
        let settings = [&splits[..], &[("phase", phase as f32), ("bands", bands as f32), ("slope", slope as f32), AT_WORK]].concat();
        let mut multiband = made("multiband", RATE_HZ, &settings);
        for hz in [40.0, 90.0, 400.0, 1_000.0, 3_000.0, 15_000.0] {
            multiband.reset();
            let out = run(multiband.as_mut(), &Clip::sine(36_000, RATE_HZ, hz, 0.5), 128);
            let got = db(amplitude(&out.left[12_000..], RATE_HZ, hz) / 0.5);
            assert!(got.abs() < 0.001, "phase {phase}, {} bands, slope {slope}, {hz} Hz: {got:.5} dB", bands + 2);
        }
    }
}

const LINEAR: (&str, f32) = ("phase", 1.0);
/// Half the taps and a block.
const LINEAR_FRAMES: usize = 4_096 + 1_024;

#[test]
fn in_linear_phase_the_bands_sum_to_the_delayed_sound_itself() {
    let settings = [("bands", 4.0), ("split1", 60.0), ("lookahead", 5.0), LINEAR, AT_WORK];
    let mut multiband = made("multiband", RATE_HZ, &settings);
    let clip = Clip::noise(48_000, 0.9, 7);
    let out = run(multiband.as_mut(), &clip, 128);
    let latency = multiband.latency_frames();
    assert_eq!(latency, LINEAR_FRAMES + 240);
    let error = out.left[latency..].iter().zip(&clip.left).map(|(out, sound)| (out - sound).abs()).fold(0.0, f32::max);
    assert!(error < 1e-5, "{error}");
}

#[test]
fn a_band_has_the_same_slopes_in_either_phase_and_turns_none_in_linear() {
    for slope in 1..5 {
        let settings = |phase| [("band2_solo", 1.0), ("split1", 200.0), ("split2", 2_000.0), ("slope", slope as f32), ("phase", phase)];
        for hz in [60.0, 100.0, 200.0, 300.0, 700.0, 2_000.0, 3_000.0, 6_000.0, 12_000.0] {
            let [minimum, linear] = [0.0, 1.0].map(|phase| level_db(&settings(phase), hz, 0.5));
            let gain = |level_db: f64| libm::pow(10.0, level_db / 20.0);
            let apart = db((gain(minimum) - gain(linear)).abs());
            assert!(minimum < -40.0 || (minimum - linear).abs() < 0.05, "slope {slope}, {hz} Hz: {minimum:.3} and {linear:.3} dB");
            assert!(apart < -46.0, "slope {slope}, {hz} Hz: {apart:.1} dB apart");
        }
        let out = run(made("multiband", RATE_HZ, &settings(1.0)).as_mut(), &Clip::impulse(2 * LINEAR_FRAMES), 128);
        let skew = (1..4_000).map(|at| (out.left[LINEAR_FRAMES - at] - out.left[LINEAR_FRAMES + at]).abs()).fold(0.0, f32::max);
        assert!(skew < 1e-6, "slope {slope}: {skew}");
    }
}

#[test]
fn in_linear_phase_another_split_and_another_number_of_bands_are_heard_within_two_seconds() {
    let mut multiband = made("multiband", RATE_HZ, &[("band2_solo", 1.0), ("split1", 200.0), ("split2", 2_000.0), LINEAR]);
    let tone = Clip::sine(96_000, RATE_HZ, 4_000.0, 0.5);
    let mut heard = |param: &str, value: f32| {
        set(multiband.as_mut(), param, value);
        let out = run(multiband.as_mut(), &tone, 128);
        db(amplitude(&out.left[72_000..], RATE_HZ, 4_000.0) / 0.5)
    };
    assert!(heard("mix", 100.0) < -20.0);
    assert!(heard("split2", 8_000.0) > -1.0);
    assert!(heard("split2", 2_000.0) < -20.0);
    assert!(heard("bands", 0.0) > -0.1);
}

#[test]
fn a_band_hears_its_key_through_its_own_filter() {
    let mut settings = vec![("split1", 200.0), ("split2", 4_000.0), ("band2_threshold", -30.0), ("band2_ratio", 8.0)];
    let plain = level_db(&settings, 600.0, 0.5);
    settings.extend([("band2_key_filter", 1.0), ("band2_key_high_pass", 3_000.0)]);
    let (low, high) = (level_db(&settings, 600.0, 0.5), level_db(&settings, 3_000.0, 0.5));
    assert!(plain < -15.0 && low > plain + 10.0 && high < low - 5.0, "{plain:.1} dB, with the filter {low:.1} and {high:.1} dB");
    settings.push(("band2_key_listen", 1.0));
    let key = level_db(&settings, 600.0, 0.5);
    assert!((-30.0..-26.0).contains(&key), "the key is heard at {key:.1} dB: two octaves and a third below its corner, 12 dB/oct");
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
