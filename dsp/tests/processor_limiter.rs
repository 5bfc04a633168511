//! The limiter's figures: its ceiling by sixteenfold interpolation, and how the gain comes back.

mod support;

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;
use support::{Clip, Noise, db, made, run, set};

const RATE_HZ: f64 = 48_000.0;
const FRAMES: usize = 1 << 16;
/// Silence at both ends, so that the interpolation's period does not join them.
const MARGIN_FRAMES: usize = 4_096;
const OVERSAMPLING: usize = 16;
/// The most by which the output may exceed the ceiling.
const LIMIT_DB: f64 = 0.005;

/// The spectrum as the FFT gives it, with everything above `highest_hz` taken out.
fn spectrum(samples: &[f32], highest_hz: f64) -> Vec<Complex<f64>> {
    let mut planner = RealFftPlanner::<f64>::new();
    let forward = planner.plan_fft_forward(samples.len());
    let mut input: Vec<f64> = samples.iter().map(|sample| *sample as f64).collect();
    let mut bins = forward.make_output_vec();
    forward.process(&mut input, &mut bins).expect("lengths fit");
    let highest = (highest_hz / RATE_HZ * samples.len() as f64) as usize;
    for bin in bins.iter_mut().skip(highest + 1) {
        *bin = Complex::new(0.0, 0.0);
    }
    bins
}

fn interpolated(bins: &[Complex<f64>], frames: usize, factor: usize) -> Vec<f64> {
    let inverse = RealFftPlanner::<f64>::new().plan_fft_inverse(frames * factor);
    let mut wide = inverse.make_input_vec();
    wide[..bins.len()].copy_from_slice(bins);
    wide[0].im = 0.0;
    if let Some(last) = wide.last_mut() {
        last.im = 0.0;
    }
    let mut out = inverse.make_output_vec();
    inverse.process(&mut wide, &mut out).expect("lengths fit");
    out.iter_mut().for_each(|value| *value /= frames as f64);
    out
}

fn true_peak_db(samples: &[f32]) -> f64 {
    let wide = interpolated(&spectrum(samples, RATE_HZ), samples.len(), OVERSAMPLING);
    db(wide.iter().fold(0.0, |peak: f64, value| peak.max(value.abs())))
}

/// The signal without anything above 20 kHz, silent at both ends, with a true peak of +5 dB.
fn pushed(samples: &[f32]) -> Vec<f32> {
    let mut limited: Vec<f32> =
        interpolated(&spectrum(samples, 20_000.0), samples.len(), 1).into_iter().map(|value| value as f32).collect();
    let frames = limited.len();
    for edge in 0..MARGIN_FRAMES {
        let fade = if edge < MARGIN_FRAMES / 2 { 0.0 } else { (edge - MARGIN_FRAMES / 2) as f32 / (MARGIN_FRAMES / 2) as f32 };
        let smooth = fade * fade * (3.0 - 2.0 * fade);
        limited[edge] *= smooth;
        limited[frames - 1 - edge] *= smooth;
    }
    let gain = libm::pow(10.0, (5.0 - true_peak_db(&limited)) / 20.0) as f32;
    limited.iter().map(|sample| sample * gain).collect()
}

/// Drums, a bass and a chord, dense enough to be limited most of the time.
fn music() -> Vec<f32> {
    let mut noise = Noise::new(9);
    let tone = |hz: f64, time: f64| libm::sin(2.0 * std::f64::consts::PI * hz * time);
    (0..FRAMES)
        .map(|frame| {
            let time = frame as f64 / RATE_HZ;
            let beat = time % 0.25;
            let kick = libm::exp(-beat * 18.0) * tone(50.0 + 90.0 * libm::exp(-beat * 40.0), beat);
            let hat = libm::exp(-(time % 0.125) * 60.0) * noise.sample() as f64;
            let snare = if time % 0.5 >= 0.25 { libm::exp(-beat * 25.0) * noise.sample() as f64 } else { 0.0 };
            let saw = |hz: f64| (1..=40).map(|n| tone(hz * n as f64, time) / n as f64).sum::<f64>();
            let chord = [220.0, 277.2, 329.6, 440.0].into_iter().map(saw).sum::<f64>();
            (0.8 * kick + 0.3 * hat + 0.5 * snare + 0.3 * saw(55.0) + 0.12 * chord) as f32
        })
        .collect()
}

/// Bursts of sines from 500 Hz to 21 kHz with raised-cosine edges.
fn bursts() -> Vec<f32> {
    let tones = [500.0, 997.0, 2_500.0, 5_000.0, 8_000.0, 11_025.0, 12_000.0, 14_000.0, 16_000.0, 17_500.0, 19_000.0, 19_800.0];
    let length = FRAMES / tones.len();
    (0..FRAMES)
        .map(|frame| {
            let (burst, at) = (frame / length, frame % length);
            let Some(hz) = tones.get(burst) else {
                return 0.0;
            };
            let place = at as f64 / length as f64;
            let edge = (place.min(1.0 - place) * 20.0).min(1.0);
            let level = 0.5 - 0.5 * libm::cos(std::f64::consts::PI * edge);
            (level * libm::sin(2.0 * std::f64::consts::PI * hz * at as f64 / RATE_HZ + burst as f64)) as f32
        })
        .collect()
}

fn white() -> Vec<f32> {
    Clip::noise(FRAMES, 0.5, 31).left
}

fn over_the_ceiling_db(signal: &[f32], settings: &[(&str, f32)]) -> f64 {
    let input = Clip { left: signal.to_vec(), right: signal.iter().map(|sample| 0.7 * sample).collect() };
    let out = run(made("limiter", RATE_HZ, settings).as_mut(), &input, 128);
    true_peak_db(&out.left).max(true_peak_db(&out.right)) + 1.0
}

#[test]
fn the_ceiling_holds_within_five_thousandths_of_a_decibel() {
    for (name, signal) in [("music", pushed(&music())), ("bursts", pushed(&bursts())), ("white noise", pushed(&white()))] {
        for style in 0..4 {
            let over = over_the_ceiling_db(&signal, &[("style", style as f32)]);
            assert!(over <= LIMIT_DB, "{name}, style {style}: {over:+.4} dB");
        }
        let unlinked = over_the_ceiling_db(&signal, &[("link_transients", 0.0), ("link_release", 0.0), ("auto_release", 0.0)]);
        assert!(unlinked <= LIMIT_DB, "{name}, unlinked: {unlinked:+.4} dB");
        let short = over_the_ceiling_db(&signal, &[("lookahead", 1.0)]);
        assert!(short <= LIMIT_DB, "{name}, 1 ms: {short:+.4} dB");
    }
}

#[test]
fn without_true_peak_no_sample_passes_the_ceiling() {
    let input = Clip { left: pushed(&white()), right: pushed(&music()) };
    let settings = &[("true_peak", 0.0), ("gain", 6.0), ("ceiling", -0.5), ("style", 2.0)];
    let out = run(made("limiter", RATE_HZ, settings).as_mut(), &input, 128);
    let ceiling = libm::pow(10.0, -0.5 / 20.0) as f32;
    assert!(out.peak() <= ceiling && out.peak() > 0.999 * ceiling, "{}", out.peak());
}

#[test]
fn below_the_ceiling_the_sound_is_only_delayed() {
    let clip = Clip::noise(9_600, 0.4, 4);
    let mut limiter = made("limiter", RATE_HZ, &[("ceiling", 0.0)]);
    let out = run(limiter.as_mut(), &clip, 128);
    let latency = limiter.latency_frames();
    assert_eq!(latency, 35 + 144);
    assert_eq!(out.left[latency..], clip.left[..9_600 - latency]);
    assert_eq!(limiter.take_reduction_db(), 0.0);
}

/// dB that are still missing some time after the loud part ends.
fn missing_db(settings: &[(&str, f32)], loud_frames: usize, after_frames: usize) -> f64 {
    let mut limiter = made("limiter", RATE_HZ, settings);
    run(limiter.as_mut(), &Clip::sine(loud_frames, RATE_HZ, 1_000.0, 2.0), 128);
    let reduction = limiter.take_reduction_db();
    assert!((reduction + 7.0).abs() < 0.1, "{reduction}");
    let quiet = Clip { left: vec![0.1; after_frames], right: vec![0.1; after_frames] };
    -db(run(limiter.as_mut(), &quiet, 128).left[after_frames - 1] as f64 / 0.1)
}

#[test]
fn the_release_takes_its_time_and_short_peaks_go_faster_when_it_is_automatic() {
    let plain = missing_db(&[("auto_release", 0.0), ("release", 200.0)], 24_000, 9_600 + 4_800);
    let expected = 7.02 * libm::exp(-(9_600.0 + 4_800.0 - 179.0 - 192.0) / 9_600.0);
    assert!((plain / expected - 1.0).abs() < 0.05, "{plain:.2} dB, not {expected:.2}");
    let short = missing_db(&[("release", 200.0), ("attack", 200.0)], 480, 4_800);
    let long = missing_db(&[("release", 200.0), ("attack", 200.0)], 96_000, 4_800);
    assert!(short < 0.5 * long, "short {short:.2} dB, long {long:.2} dB");
}

#[test]
fn parting_the_channels_while_limiting_goes_on_from_where_they_are() {
    let loud = Clip::noise(24_000, 1.0, 6);
    let settings = [("gain", 9.0), ("link_transients", 99.999), ("link_release", 99.999)];
    let (mut linked, mut nearly) = (made("limiter", RATE_HZ, &[("gain", 9.0)]), made("limiter", RATE_HZ, &settings));
    run(linked.as_mut(), &loud, 128);
    run(nearly.as_mut(), &loud, 128);
    for limiter in [linked.as_mut(), nearly.as_mut()] {
        set(limiter, "link_transients", 0.0);
        set(limiter, "link_release", 0.0);
    }
    let (one, other) = (run(linked.as_mut(), &loud, 128), run(nearly.as_mut(), &loud, 128));
    let worst = one.samples().zip(other.samples()).fold(0.0f32, |worst, (a, b)| worst.max((a - b).abs()));
    assert!(worst < 1e-3, "{worst}");
    assert_ne!(one.left, one.right);
}

#[test]
fn the_gain_makes_it_louder_until_the_ceiling() {
    let out = run(made("limiter", RATE_HZ, &[("gain", 12.0)]).as_mut(), &Clip::sine(48_000, RATE_HZ, 997.0, 0.1), 128);
    assert!((db(out.peak() as f64) + 8.0).abs() < 0.01);
    let out = run(made("limiter", RATE_HZ, &[("gain", 30.0)]).as_mut(), &Clip::sine(48_000, RATE_HZ, 997.0, 0.1), 128);
    // It keeps 0.02 dB for what its detector does not see.
    assert!((db(out.peak() as f64) + 1.02).abs() < 0.01);
}

#[test]
fn delta_and_unity_are_heard_and_leave_at_once() {
    let clip = Clip::sine(48_000, RATE_HZ, 997.0, 0.1);
    let unity = run(made("limiter", RATE_HZ, &[("gain", 12.0), ("unity_listen", 1.0)]).as_mut(), &clip, 128);
    assert!((db(unity.peak() as f64) + 20.0).abs() < 0.01);
    let delta = run(made("limiter", RATE_HZ, &[("gain", 12.0), ("delta_listen", 1.0)]).as_mut(), &clip, 128);
    assert_eq!(delta.peak(), 0.0);
}

#[test]
fn another_lookahead_is_reported_at_once_and_reached_in_silence() {
    let mut limiter = made("limiter", RATE_HZ, &[]);
    let clip = Clip::noise(48_000, 0.4, 2);
    run(limiter.as_mut(), &clip, 128);
    set(limiter.as_mut(), "lookahead", 8.0);
    assert_eq!(limiter.latency_frames(), 35 + 384);
    let out = run(limiter.as_mut(), &clip, 128);
    assert_eq!(out.left[24_000..], clip.left[24_000 - 419..48_000 - 419]);
}
