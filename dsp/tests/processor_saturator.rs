//! The saturator's figures: aliases against harmonics, what small sound gains, offset and level.

mod support;

use realfft::RealFftPlanner;
use support::{Clip, amplitude, db, made, run, set};

const RATE_HZ: f64 = 48_000.0;
/// Frames of a spectrum, so that a bin is a hertz.
const FRAMES: usize = 48_000;
/// Frames until everything has settled.
const LEAD_FRAMES: usize = 24_000;
const TUBE: f32 = 1.0;
const SOFT_CLIP: f32 = 3.0;
const HARD_CLIP: f32 = 4.0;

/// Power that is no harmonic against power that is one, 20 Hz to 20 kHz, in dB.
fn alias_db(id: &str, settings: &[(&str, f32)], hz: usize) -> f64 {
    let clip = Clip::sine(LEAD_FRAMES + FRAMES, RATE_HZ, hz as f64, 1.0);
    let out = run(made(id, RATE_HZ, settings).as_mut(), &clip, 128);
    let forward = RealFftPlanner::<f64>::new().plan_fft_forward(FRAMES);
    let mut input: Vec<f64> = out.left[LEAD_FRAMES..].iter().map(|sample| *sample as f64).collect();
    let mut bins = forward.make_output_vec();
    forward.process(&mut input, &mut bins).expect("lengths fit");
    let (mut harmonics, mut rest) = (0.0, 0.0);
    for (bin, value) in bins.iter().enumerate().take(20_001).skip(20) {
        *(if bin % hz == 0 { &mut harmonics } else { &mut rest }) += value.norm_sqr();
    }
    10.0 * libm::log10(rest / harmonics)
}

fn driven(style: f32, doublings: f32) -> [(&'static str, f32); 4] {
    [("style", style), ("drive", 20.0), ("oversampling", doublings), ("level_match", 0.0)]
}

#[test]
fn aliases_of_a_driven_4186_hz_sine_stay_below_their_limits() {
    for (style, doublings, limit_db) in [
        (SOFT_CLIP, 2.0, -91.0),
        (SOFT_CLIP, 1.0, -48.0),
        (SOFT_CLIP, 3.0, -115.0),
        (HARD_CLIP, 2.0, -80.0),
        (HARD_CLIP, 3.0, -90.0),
        (0.0, 2.0, -66.0),
        (TUBE, 2.0, -80.0),
        (2.0, 2.0, -66.0),
        (5.0, 3.0, -60.0),
    ] {
        let got = alias_db("saturator", &driven(style, doublings), 4_186);
        assert!(got <= limit_db, "style {style}, {}×: {got:.1} dB", 1 << doublings as usize);
    }
}

#[test]
fn aliases_of_the_clipper_stay_below_their_limit() {
    for (knee, limit_db) in [(0.0, -80.0), (50.0, -85.0), (100.0, -85.0)] {
        let got = alias_db("clipper", &[("gain", 20.0), ("knee", knee)], 4_186);
        assert!(got <= limit_db, "knee {knee}: {got:.1} dB");
    }
}

#[test]
fn small_sound_gains_the_drive_flatly_to_20_khz() {
    for style in 0..6 {
        for hz in [200.0, 1_000.0, 10_000.0, 20_000.0] {
            let settings = [("style", style as f32), ("drive", 12.0), ("level_match", 0.0)];
            let out = run(made("saturator", RATE_HZ, &settings).as_mut(), &Clip::sine(72_000, RATE_HZ, hz, 1e-3), 128);
            let got = db(amplitude(&out.left[24_000..], RATE_HZ, hz) / 1e-3);
            assert!((got - 12.0).abs() < 0.02, "style {style}, {hz} Hz: {got:.3} dB");
        }
    }
}

#[test]
fn bias_adds_even_harmonics_and_no_offset() {
    let settings = [("style", SOFT_CLIP), ("drive", 6.0), ("bias", 50.0)];
    let out = run(made("saturator", RATE_HZ, &settings).as_mut(), &Clip::sine(192_000, RATE_HZ, 500.0, 0.5), 128);
    let last = &out.left[144_000..];
    assert!(amplitude(last, RATE_HZ, 1_000.0) > 0.02);
    let mean = last.iter().map(|sample| *sample as f64).sum::<f64>() / last.len() as f64;
    assert!(mean.abs() < 1e-5, "{mean}");
    let silent = run(made("saturator", RATE_HZ, &settings).as_mut(), &Clip::silence(9_600), 128);
    assert!(silent.peak() < 1e-6, "{}", silent.peak());
}

#[test]
fn level_match_keeps_the_level_of_what_goes_in() {
    for style in 0..6 {
        for drive in [3.0, 12.0, 30.0] {
            let clip = Clip::noise(144_000, 0.3, 6);
            let out = run(made("saturator", RATE_HZ, &[("style", style as f32), ("drive", drive)]).as_mut(), &clip, 128);
            let power = |samples: &[f32]| samples.iter().map(|sample| *sample as f64 * *sample as f64).sum::<f64>();
            let change = 10.0 * libm::log10(power(&out.left[96_000..]) / power(&clip.left[96_000..]));
            assert!(change.abs() < 0.3, "style {style}, {drive} dB: {change:.2} dB");
        }
    }
}

#[test]
fn without_drive_the_sound_is_only_delayed_whatever_else_is_set() {
    let clip = Clip::noise(9_600, 0.9, 3);
    let mut saturator = made("saturator", RATE_HZ, &[("style", TUBE), ("bias", 60.0), ("oversampling", 3.0)]);
    let out = run(saturator.as_mut(), &clip, 128);
    let latency = saturator.latency_frames();
    assert!(out.left[latency..] == clip.left[..9_600 - latency]);
}

#[test]
fn each_factor_has_its_latency() {
    for id in ["saturator", "clipper"] {
        let latencies: Vec<usize> =
            (0..5).map(|doublings| made(id, RATE_HZ, &[("oversampling", doublings as f32)]).latency_frames()).collect();
        assert_eq!(latencies, [0, 48, 53, 55, 56], "{id}");
    }
}

#[test]
fn below_the_knee_the_clipper_only_delays() {
    let clip = Clip::noise(9_600, 0.25, 3);
    let mut clipper = made("clipper", RATE_HZ, &[("ceiling", -1.0), ("knee", 50.0)]);
    let out = run(clipper.as_mut(), &clip, 128);
    let latency = clipper.latency_frames();
    assert!(out.left[latency..] == clip.left[..9_600 - latency]);
    assert_eq!(clipper.take_reduction_db(), 0.0);
}

#[test]
fn the_clipper_cuts_at_its_ceiling_and_says_by_how_much() {
    let mut clipper = made("clipper", RATE_HZ, &[("gain", 6.0), ("ceiling", -6.0)]);
    let out = run(clipper.as_mut(), &Clip::sine(48_000, RATE_HZ, 60.0, 0.5), 128);
    let settled = &out.left[4_800..];
    let flat = settled.iter().filter(|sample| (sample.abs() - 0.5012).abs() < 1e-3).count();
    assert!(flat > settled.len() / 3, "{flat} of {}", settled.len());
    assert!((clipper.take_reduction_db() + 5.98).abs() < 0.02);
    let delta =
        run(made("clipper", RATE_HZ, &[("gain", 6.0), ("delta_listen", 1.0)]).as_mut(), &Clip::sine(9_600, RATE_HZ, 60.0, 0.4), 128);
    assert_eq!(delta.peak(), 0.0);
}

#[test]
fn another_factor_is_reached_in_silence_and_another_style_without_a_gap() {
    let clip = Clip::sine(48_000, RATE_HZ, 100.0, 0.5);
    let mut saturator = made("saturator", RATE_HZ, &[("drive", 6.0), ("level_match", 0.0)]);
    run(saturator.as_mut(), &clip, 128);
    set(saturator.as_mut(), "style", SOFT_CLIP);
    let out = run(saturator.as_mut(), &clip, 128);
    let quietest = out.left.windows(480).map(|w| w.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()))).fold(f32::MAX, f32::min);
    assert!(quietest > 0.5, "{quietest}");
    set(saturator.as_mut(), "oversampling", 4.0);
    let latency = saturator.latency_frames();
    let after = run(saturator.as_mut(), &clip, 128);
    let mut fresh = made("saturator", RATE_HZ, &[("drive", 6.0), ("level_match", 0.0), ("style", SOFT_CLIP), ("oversampling", 4.0)]);
    assert_eq!(fresh.latency_frames(), latency);
    let wanted = run(fresh.as_mut(), &clip, 128);
    let worst = after.left[24_000..].iter().zip(&wanted.left[24_000..]).fold(0.0f32, |worst, (a, b)| worst.max((a - b).abs()));
    assert!(worst < 1e-5, "{worst}");
}
