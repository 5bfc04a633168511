//! The equalizer's figures: its curve against the analogue one, its accuracy in 32-bit floats, and inversion.

mod support;

use dsp::processors::equalizer::{SPEC, response_db};
use support::{Clip, amplitude, db, made, run, set};

const RATE_HZ: f64 = 48_000.0;
const BELL: f32 = 0.0;
const LOW_SHELF: f32 = 1.0;
const HIGH_SHELF: f32 = 2.0;
const LOW_CUT: f32 = 3.0;
const HIGH_CUT: f32 = 4.0;

fn values(changes: &[(&str, f32)]) -> Vec<f32> {
    let mut values: Vec<f32> = SPEC.params.iter().map(|param| param.default).collect();
    for (id, value) in changes {
        values[SPEC.index_of(id).expect("a parameter of the equalizer")] = *value;
    }
    values
}

fn band(shape: f32, frequency_hz: f64, gain_db: f64, q: f64) -> Vec<f32> {
    values(&[("band1_shape", shape), ("band1_frequency", frequency_hz as f32), ("band1_gain", gain_db as f32), ("band1_q", q as f32)])
}

fn square(x: f64) -> f64 {
    x * x
}

/// The analogue prototype's power in dB: (n2 s² + n1 s + n0) / (d2 s² + d1 s + d0) at s = j·x.
fn analogue_db(n: [f64; 3], d: [f64; 3], x: f64) -> f64 {
    let power = |c: [f64; 3]| square(c[0] - c[2] * x * x) + square(c[1] * x);
    10.0 * libm::log10(power(n) / power(d))
}

fn analogue_bell_db(x: f64, q: f64, gain_db: f64) -> f64 {
    let a = libm::pow(10.0, gain_db / 40.0);
    analogue_db([1.0, a / q, 1.0], [1.0, 1.0 / (a * q), 1.0], x)
}

fn analogue_high_shelf_db(x: f64, q: f64, gain_db: f64) -> f64 {
    let a = libm::pow(10.0, gain_db / 40.0);
    let middle = libm::sqrt(a) / q;
    gain_db / 2.0 + analogue_db([1.0, middle, a], [a, middle, 1.0], x)
}

/// Greatest distance between our curve and the analogue one from 20 Hz to 20 kHz.
fn worst_db(values: &[f32], analogue_db: impl Fn(f64) -> f64) -> f64 {
    (0..=400)
        .map(|step| 20.0 * libm::pow(1000.0, step as f64 / 400.0))
        .map(|hz| (response_db(values, RATE_HZ, hz) as f64 - analogue_db(hz)).abs())
        .fold(0.0, f64::max)
}

const CENTRES_HZ: [f64; 12] = [20.0, 60.0, 200.0, 600.0, 1_000.0, 2_500.0, 5_000.0, 8_000.0, 10_000.0, 12_500.0, 15_000.0, 18_000.0];

#[test]
fn bells_follow_the_analogue_curve_within_0_12_db() {
    for hz in CENTRES_HZ {
        for q in [0.5, 0.7, 1.0, 2.0, 5.0, 10.0] {
            for gain_db in [-12.0, -6.0, 6.0, 12.0] {
                let worst = worst_db(&band(BELL, hz, gain_db, q), |f| analogue_bell_db(f / hz, q, gain_db));
                assert!(worst <= 0.12, "{hz} Hz, Q {q}, {gain_db} dB: {worst:.3} dB");
            }
        }
    }
}

#[test]
fn shelves_follow_the_analogue_curve_within_0_37_db() {
    for hz in CENTRES_HZ {
        for q in [0.5, std::f64::consts::FRAC_1_SQRT_2, 1.0] {
            for gain_db in [-12.0, -6.0, 6.0, 12.0] {
                let high = worst_db(&band(HIGH_SHELF, hz, gain_db, q), |f| analogue_high_shelf_db(f / hz, q, gain_db));
                let low = worst_db(&band(LOW_SHELF, hz, gain_db, q), |f| analogue_high_shelf_db(hz / f, q, gain_db));
                assert!(high <= 0.37 && low <= 0.37, "{hz} Hz, Q {q}, {gain_db} dB: high {high:.3} dB, low {low:.3} dB");
            }
        }
    }
}

#[test]
fn cuts_are_butterworth_at_every_slope() {
    for (slope, order) in [(0, 1), (1, 2), (2, 3), (3, 4), (4, 6), (5, 8), (6, 12), (7, 16)] {
        for (shape, name) in [(LOW_CUT, "low"), (HIGH_CUT, "high")] {
            let cut = values(&[("band1_shape", shape), ("band1_frequency", 1_000.0), ("band1_slope", slope as f32)]);
            for ratio in [0.25, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0] {
                let x: f64 = if shape == LOW_CUT { 1.0 / ratio } else { ratio };
                let want = -10.0 * libm::log10(1.0 + libm::pow(x, 2.0 * order as f64));
                let got = response_db(&cut, RATE_HZ, 1_000.0 * ratio) as f64;
                assert!(
                    (got - want).abs() < 0.05 + 0.002 * want.abs(),
                    "{name} cut, order {order}, ratio {ratio}: {got:.3}, not {want:.3}"
                );
            }
        }
    }
}

#[test]
fn what_is_heard_is_the_curve_that_is_drawn() {
    let settings: &[(&str, f32)] = &[
        ("band1_gain", 6.0),
        ("band2_gain", -9.0),
        ("band3_gain", 4.0),
        ("band3_q", 4.0),
        ("band4_gain", -3.0),
        ("band5_gain", 7.5),
        ("band6_gain", -6.0),
        ("band7_on", 1.0),
        ("band7_slope", 7.0),
        ("band8_on", 1.0),
        ("band8_slope", 2.0),
    ];
    let mut equalizer = made("equalizer", RATE_HZ, settings);
    for hz in [20.0, 40.0, 100.0, 250.0, 600.0, 1_000.0, 4_000.0, 10_000.0, 15_000.0, 20_000.0] {
        equalizer.reset();
        let out = run(equalizer.as_mut(), &Clip::sine(144_000, RATE_HZ, hz, 0.25), 128);
        let want = response_db(&values(settings), RATE_HZ, hz) as f64;
        for side in [&out.left, &out.right] {
            let got = db(amplitude(&side[96_000..], RATE_HZ, hz) / 0.25);
            assert!((got - want).abs() < 0.002, "{hz} Hz: {got:.4} dB, drawn {want:.4} dB");
        }
    }
}

/// RMS in dB of the difference from what the same filter gives in 64-bit numbers, relative to that.
fn rounding_db(settings: &[(&str, f32)], reference: [f64; 5]) -> f64 {
    let mut input = Clip::noise(96_000, 0.2, 7);
    for (sample, tone) in input.left.iter_mut().zip(Clip::sine(96_000, RATE_HZ, 55.0, 0.5).left) {
        *sample += tone;
    }
    let out = run(made("equalizer", RATE_HZ, settings).as_mut(), &input, 128);
    let [b0, b1, b2, a1, a2] = reference;
    let (mut s1, mut s2, mut error, mut power) = (0.0, 0.0, 0.0, 0.0);
    for (x, got) in input.left.iter().zip(&out.left) {
        let x = *x as f64;
        let y = b0 * x + s1;
        s1 = b1 * x - a1 * y + s2;
        s2 = b2 * x - a2 * y;
        error += square(y - *got as f64);
        power += y * y;
    }
    10.0 * libm::log10(error / power)
}

#[test]
fn thirty_two_bit_floats_are_enough_at_30_hz() {
    use dsp::primitives::filter_design::Biquad;
    let flat = |biquad: Biquad| [biquad.b[0], biquad.b[1], biquad.b[2], biquad.a[0], biquad.a[1]];
    let omega = |hz: f64| 2.0 * std::f64::consts::PI * hz / RATE_HZ;
    let bell = &[("band1_shape", BELL), ("band1_frequency", 30.0), ("band1_gain", 6.0), ("band1_q", 1.0)];
    let bell_db = rounding_db(bell, flat(Biquad::bell(omega(30.0), 1.0, 6.0)));
    assert!(bell_db <= -110.0, "bell: {bell_db:.1} dB");
    let cut = &[("band1_shape", LOW_CUT), ("band1_frequency", 20.0), ("band1_q", std::f32::consts::FRAC_1_SQRT_2)];
    let cut_db = rounding_db(cut, flat(Biquad::high_pass(omega(20.0), std::f64::consts::FRAC_1_SQRT_2)));
    assert!(cut_db <= -95.0, "low cut: {cut_db:.1} dB");
}

#[test]
fn a_boost_and_the_same_cut_null() {
    for shape in [BELL, LOW_SHELF, HIGH_SHELF] {
        for hz in [60.0, 1_000.0, 12_000.0] {
            let common = [("band1_shape", shape), ("band1_frequency", hz), ("band2_shape", shape), ("band2_frequency", hz)];
            let both: Vec<_> = common.into_iter().chain([("band1_gain", 9.0), ("band2_gain", -9.0)]).collect();
            let input = Clip::noise(48_000, 0.5, 3);
            let out = run(made("equalizer", RATE_HZ, &both).as_mut(), &input, 128);
            let rest: f64 = out.left.iter().zip(&input.left).map(|(a, b)| square(*a as f64 - *b as f64)).sum();
            let power: f64 = input.left.iter().map(|sample| square(*sample as f64)).sum();
            let null_db = 10.0 * libm::log10(rest / power);
            assert!(null_db <= -110.0, "shape {shape} at {hz} Hz: {null_db:.1} dB");
        }
    }
}

#[test]
fn mid_and_side_bands_leave_the_other_part_alone() {
    let mut side_cut = made(
        "equalizer",
        RATE_HZ,
        &[("band1_shape", HIGH_CUT), ("band1_frequency", 500.0), ("band1_slope", 5.0), ("band1_placement", 2.0)],
    );
    let mono = Clip::sine(48_000, RATE_HZ, 4_000.0, 0.5);
    assert_eq!(run(side_cut.as_mut(), &mono, 128).left, mono.left);
    let mut wide = mono.clone();
    wide.right.iter_mut().for_each(|sample| *sample = -*sample);
    side_cut.reset();
    let out = run(side_cut.as_mut(), &wide, 128);
    assert!(amplitude(&out.left[24_000..], RATE_HZ, 4_000.0) < 1e-5);
}

#[test]
fn a_left_band_leaves_the_right_channel_alone() {
    let mut equalizer = made("equalizer", RATE_HZ, &[("band2_gain", 12.0), ("band2_placement", 3.0)]);
    let input = Clip::noise(4_800, 0.5, 11);
    let out = run(equalizer.as_mut(), &input, 128);
    assert_eq!(out.right, input.right);
    assert_ne!(out.left, input.left);
}

/// dB of a sine at the band's centre.
fn at_centre_db(settings: &[(&str, f32)], level: f64) -> f64 {
    let mut all = vec![("band2_frequency", 1_000.0), ("band2_q", 1.0), ("band2_dynamic", 1.0), ("band2_threshold", -30.0)];
    all.extend(settings);
    let out = run(made("equalizer", RATE_HZ, &all).as_mut(), &Clip::sine(96_000, RATE_HZ, 1_000.0, level), 128);
    db(amplitude(&out.left[48_000..], RATE_HZ, 1_000.0) / level)
}

#[test]
fn a_dynamic_band_moves_its_gain_by_two_thirds_of_what_is_over_up_to_the_range() {
    // A sine's mean power lies 3.01 dB below its peak.
    let quiet = at_centre_db(&[("band2_range", -12.0)], 0.01);
    assert!(quiet.abs() < 0.01, "{quiet:.3} dB");
    let level = libm::pow(10.0, (-21.0 + 3.01) / 20.0);
    let cut = at_centre_db(&[("band2_range", -12.0), ("band2_attack", 100.0)], level);
    assert!((cut + 6.0).abs() < 0.1, "{cut:.3} dB");
    let deepest = at_centre_db(&[("band2_range", -12.0)], 0.9);
    assert!((deepest + 12.0).abs() < 0.02, "{deepest:.3} dB");
    let lifted = at_centre_db(&[("band2_range", 8.0), ("band2_gain", -8.0)], 0.9);
    assert!(lifted.abs() < 0.02, "{lifted:.3} dB");
}

#[test]
fn a_dynamic_band_attacks_and_releases_in_its_time_and_says_what_it_does() {
    let settings = [
        ("band2_frequency", 1_000.0),
        ("band2_dynamic", 1.0),
        ("band2_threshold", -60.0),
        ("band2_range", -12.0),
        ("band2_attack", 50.0),
        ("band2_release", 200.0),
    ];
    let mut equalizer = made("equalizer", RATE_HZ, &settings);
    let loud = Clip::sine(48_000, RATE_HZ, 1_000.0, 0.5);
    let out = run(equalizer.as_mut(), &loud, 128);
    // After one time constant, and the band's own rise, the gain is 63 % of the way down.
    let window = &out.left[2_400 + 96..2_400 + 144];
    let after = db(amplitude(window, RATE_HZ, 1_000.0) / 0.5);
    assert!((after + 12.0 * 0.632).abs() < 0.4, "{after:.2} dB");
    assert!((equalizer.take_reduction_db() + 12.0).abs() < 0.02);
    // A quiet tone elsewhere in the band's reach shows the gain coming back.
    let quiet = Clip::sine(48_000, RATE_HZ, 1_000.0, 1e-4);
    let out = run(equalizer.as_mut(), &quiet, 128);
    let after = db(amplitude(&out.left[9_600 + 240..9_600 + 480], RATE_HZ, 1_000.0) / 1e-4);
    assert!((after + 12.0 * 0.368).abs() < 0.6, "{after:.2} dB");
}

#[test]
fn a_dynamic_mid_band_does_not_hear_the_side() {
    let settings = [("band2_frequency", 1_000.0), ("band2_dynamic", 1.0), ("band2_threshold", -60.0), ("band2_placement", 1.0)];
    let mut clip = Clip::sine(24_000, RATE_HZ, 1_000.0, 0.5);
    clip.right.iter_mut().for_each(|sample| *sample = -*sample);
    let mut equalizer = made("equalizer", RATE_HZ, &settings);
    run(equalizer.as_mut(), &clip, 128);
    assert_eq!(equalizer.take_reduction_db(), 0.0);
}

#[test]
fn auto_gain_keeps_pink_noise_as_loud_as_it_was() {
    let mut noise = support::Noise::new(4);
    // Pink by Kellet's three poles.
    let mut poles = [0.0f32; 3];
    let pink: Vec<f32> = (0..192_000)
        .map(|_| {
            let white = noise.sample();
            poles[0] = 0.997_65 * poles[0] + white * 0.099_046;
            poles[1] = 0.963 * poles[1] + white * 0.296_516_4;
            poles[2] = 0.57 * poles[2] + white * 1.052_691_3;
            0.05 * (poles[0] + poles[1] + poles[2] + white * 0.184_8)
        })
        .collect();
    let clip = Clip { left: pink.clone(), right: pink };
    for settings in [
        &[("band2_gain", 9.0), ("band2_frequency", 300.0)][..],
        &[("band6_gain", 8.0), ("band6_frequency", 3_000.0)],
        &[("band3_gain", -12.0), ("band3_q", 0.3), ("band5_gain", 4.0)],
    ] {
        let mut all = settings.to_vec();
        all.push(("auto_gain", 1.0));
        let out = run(made("equalizer", RATE_HZ, &all).as_mut(), &clip, 128);
        let power = |samples: &[f32]| samples.iter().map(|sample| *sample as f64 * *sample as f64).sum::<f64>();
        let change = 10.0 * libm::log10(power(&out.left) / power(&clip.left));
        assert!(change.abs() < 1.3, "{settings:?}: {change:.2} dB");
    }
}

/// The gain in dB at a frequency of an impulse's answer.
fn gain_db(answer: &[f32], hz: f64) -> f64 {
    let step = 2.0 * std::f64::consts::PI * hz / RATE_HZ;
    let (re, im) = answer.iter().enumerate().fold((0.0, 0.0), |(re, im), (frame, value)| {
        (re + *value as f64 * libm::cos(step * frame as f64), im + *value as f64 * libm::sin(step * frame as f64))
    });
    10.0 * libm::log10(re * re + im * im)
}

#[test]
fn linear_phase_has_the_same_magnitude_at_every_length_and_is_symmetric() {
    for (phase, taps) in [(1.0, 4_096usize), (2.0, 16_384), (3.0, 65_536)] {
        // Every band is at least 25 times the rate over the taps wide.
        let lowest = (25.0 * RATE_HZ / taps as f64) as f32;
        let settings: Vec<(&str, f32)> = vec![
            ("band2_frequency", 2.0 * lowest),
            ("band2_q", 2.0),
            ("band2_gain", 9.0),
            ("band4_frequency", 3_000.0),
            ("band4_q", 5.0),
            ("band4_gain", -12.0),
            ("band6_frequency", 9_000.0),
            ("band6_gain", 6.0),
            ("phase", phase),
        ];
        let mut equalizer = made("equalizer", RATE_HZ, &settings);
        let latency = equalizer.latency_frames();
        assert_eq!(latency, taps / 2 + 1_024);
        let answer = run(equalizer.as_mut(), &Clip::impulse(latency + taps / 2), 128).left;
        let drawn = values(&settings);
        for step in 0..=150 {
            let hz = 20.0 * libm::pow(1_000.0, step as f64 / 150.0);
            let error = gain_db(&answer, hz) - response_db(&drawn, RATE_HZ, hz) as f64;
            assert!(error.abs() < 0.05, "{taps} taps, {hz:.0} Hz: {error:.3} dB");
        }
        for distance in 1..taps / 2 {
            let difference = (answer[latency - distance] - answer[latency + distance - usize::from(distance == taps / 2)]).abs();
            assert!(difference < 1e-5, "{taps} taps, {distance} from the middle: {difference}");
        }
    }
}

#[test]
fn a_linear_curve_that_moves_is_heard_soon_without_a_click() {
    let mut equalizer = made("equalizer", RATE_HZ, &[("band3_gain", 6.0), ("band3_frequency", 1_000.0), ("phase", 1.0)]);
    let tone = Clip::sine(48_000, RATE_HZ, 1_000.0, 0.25);
    run(equalizer.as_mut(), &tone, 128);
    set(equalizer.as_mut(), "band3_gain", -6.0);
    let out = run(equalizer.as_mut(), &tone, 128);
    assert!((db(amplitude(&out.left[24_000..], RATE_HZ, 1_000.0) / 0.25) + 6.0).abs() < 0.05);
    let steepest = out.left.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0f32, f32::max);
    assert!(steepest < 0.07, "{steepest}");
}

#[test]
fn linear_mid_bands_leave_the_side_alone_and_left_bands_the_right() {
    let noise = Clip::noise(24_000, 0.5, 2);
    for (placement, pick) in [(1.0, 1.0f32), (4.0, 0.0)] {
        let settings = [("band3_gain", 12.0), ("band3_placement", placement), ("phase", 1.0)];
        let mut equalizer = made("equalizer", RATE_HZ, &settings);
        let latency = equalizer.latency_frames();
        let out = run(equalizer.as_mut(), &noise, 128);
        for frame in latency + 4_096..24_000 {
            let untouched = |clip: &Clip, frame: usize| clip.left[frame] - pick * clip.right[frame];
            let difference = (untouched(&out, frame) - untouched(&noise, frame - latency)).abs();
            assert!(difference < 1e-5, "placement {placement}, frame {frame}: {difference}");
        }
        assert!(out.right[latency..].iter().zip(&noise.right).any(|(a, b)| (a - b).abs() > 0.1));
    }
}

#[test]
fn another_phase_is_reached_in_silence() {
    let clip = Clip::noise(120_000, 0.5, 2);
    let settings = [("band3_gain", 6.0)];
    let mut equalizer = made("equalizer", RATE_HZ, &settings);
    run(equalizer.as_mut(), &clip, 128);
    set(equalizer.as_mut(), "phase", 2.0);
    let after = run(equalizer.as_mut(), &clip, 128);
    let mut fresh = made("equalizer", RATE_HZ, &[("band3_gain", 6.0), ("phase", 2.0)]);
    let wanted = run(fresh.as_mut(), &clip, 128);
    let worst = after.left[60_000..].iter().zip(&wanted.left[60_000..]).fold(0.0f32, |worst, (a, b)| worst.max((a - b).abs()));
    assert!(worst < 1e-4, "{worst}");
}

#[test]
fn sweeping_a_frequency_stays_smooth() {
    let mut equalizer = made("equalizer", RATE_HZ, &[("band2_gain", 18.0), ("band2_q", 4.0)]);
    let mut previous = 0.0f32;
    let mut steepest = 0.0f32;
    for block in 0..400 {
        set(equalizer.as_mut(), "band2_frequency", (100.0 * libm::pow(100.0, block as f64 / 400.0)) as f32);
        let input = Clip { left: vec![0.1; 64], right: vec![0.1; 64] };
        for sample in run(equalizer.as_mut(), &input, 64).left {
            if block > 50 {
                steepest = steepest.max((sample - previous).abs());
            }
            previous = sample;
        }
    }
    assert!(steepest < 1e-3, "{steepest}");
}

/// dB that a sine keeps behind an equalizer with these settings; on the left channel alone where `is_left`.
fn kept_db(settings: &[(&str, f32)], hz: f64, is_left: bool) -> [f64; 2] {
    let mut clip = Clip::sine(48_000, RATE_HZ, hz, 0.25);
    if is_left {
        clip.right.iter_mut().for_each(|sample| *sample = 0.0);
    }
    let out = run(made("equalizer", RATE_HZ, settings).as_mut(), &clip, 128);
    [&out.left, &out.right].map(|side| db(amplitude(&side[24_000..], RATE_HZ, hz).max(1e-9) / 0.25))
}

#[test]
fn a_band_that_is_listened_to_is_heard_with_its_gain_and_without_the_rest() {
    let bell = [("band3_frequency", 1_000.0), ("band3_q", 4.0), ("band3_gain", 3.0), ("band_listen", 3.0)];
    assert!((kept_db(&bell, 1_000.0, false)[0] - 3.0).abs() < 0.05);
    assert!(kept_db(&bell, 8_000.0, false)[0] < -28.0 && kept_db(&bell, 125.0, false)[0] < -28.0);
    let shelf = [("band6_shape", HIGH_SHELF), ("band6_frequency", 4_000.0), ("band_listen", 6.0)];
    assert!(kept_db(&shelf, 15_000.0, false)[0] > -0.5 && kept_db(&shelf, 250.0, false)[0] < -40.0);
}

#[test]
fn a_side_band_that_is_listened_to_is_heard_as_the_side() {
    let side = [("band3_frequency", 1_000.0), ("band3_placement", 2.0), ("band_listen", 3.0)];
    assert!(kept_db(&side, 1_000.0, false)[0] < -100.0, "both sides the same have no side");
    for half in kept_db(&side, 1_000.0, true) {
        assert!((half + 6.02).abs() < 0.05, "{half:.2} dB");
    }
}

#[test]
fn another_band_is_reached_through_silence_and_off_is_the_equalised_sound_again() {
    let settings = [("band2_frequency", 250.0), ("band2_gain", 4.0), ("band_listen", 2.0)];
    let mut equalizer = made("equalizer", RATE_HZ, &settings);
    let tone = Clip::sine(9_600, RATE_HZ, 250.0, 0.25);
    run(equalizer.as_mut(), &tone, 128);
    set(equalizer.as_mut(), "band_listen", 5.0);
    let out = run(equalizer.as_mut(), &tone, 128);
    let rest = out.left[4_800..].iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
    assert!(rest < 0.05, "band 5 lies at 4 kHz: {rest}");
    set(equalizer.as_mut(), "band_listen", 0.0);
    let out = run(equalizer.as_mut(), &tone, 128);
    let level = db(amplitude(&out.left[4_800..], RATE_HZ, 250.0) / 0.25);
    assert!((level - 4.0).abs() < 0.05, "{level:.2} dB");
}
