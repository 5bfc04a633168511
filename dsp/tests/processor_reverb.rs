//! The reverb's figures: decay time in every octave, density, level, and equal renders.

mod support;

use std::f64::consts::PI;

use support::decay::{OCTAVES_HZ, decay_seconds, impulse_responses, octave_energies};
use support::{Clip, Noise, db, made, run, set};

const RATE_HZ: f64 = 48_000.0;
/// Settings that leave nothing but the reverb, hardly filtered.
const BARE: [(&str, f32); 4] = [("mix", 100.0), ("low_cut", 20.0), ("high_cut", 20_000.0), ("pre_delay", 0.0)];

fn with(more: &[(&'static str, f32)]) -> Vec<(&'static str, f32)> {
    [&BARE[..], more].concat()
}

fn impulse_response(settings: &[(&str, f32)], seconds: f64) -> Vec<f32> {
    run(made("reverb", RATE_HZ, settings).as_mut(), &Clip::impulse((seconds * RATE_HZ) as usize), 128).left
}

#[test]
fn every_octave_decays_in_the_time_of_the_dial_within_five_per_cent() {
    for kind in 0..3 {
        for (decay_ms, size, modulation) in [(600.0, 100.0, 0.0), (2_000.0, 100.0, 60.0), (2_000.0, 60.0, 0.0), (6_000.0, 150.0, 100.0)] {
            let settings =
                with(&[("kind", kind as f32), ("decay", decay_ms), ("size", size), ("modulation", modulation), ("damping", 0.0)]);
            let seconds = f64::from(decay_ms) / 1000.0;
            let responses = impulse_responses(&settings, 1.2 * seconds);
            for hz in OCTAVES_HZ {
                let off = decay_seconds(&octave_energies(&responses, hz)) / seconds - 1.0;
                assert!(
                    off.abs() < 0.05,
                    "kind {kind}, {decay_ms} ms, size {size}, modulation {modulation}, {hz} Hz: {:.1} %",
                    100.0 * off
                );
            }
        }
    }
}

#[test]
fn damping_shortens_the_highs_by_its_formula_within_five_per_cent() {
    for (kind, corner_hz) in [(0.0, 5_000.0), (1.0, 6_000.0), (2.0, 4_000.0)] {
        for damping in [20.0, 50.0] {
            let settings = with(&[("kind", kind), ("decay", 3_000.0), ("damping", damping), ("modulation", 0.0)]);
            let responses = impulse_responses(&settings, 3.6);
            for hz in OCTAVES_HZ {
                let warped = |hz: f64| libm::tan(PI * hz / RATE_HZ);
                let x2 = libm::pow(warped(hz) / warped(corner_hz), 2.0);
                // An octave of falling highs is heard at its lower edge, which lasts longer: the steeper the damping, the more.
                let edge_x2 = libm::pow(warped(hz / core::f64::consts::SQRT_2) / warped(corner_hz), 2.0);
                let rate = |x2: f64| 1.0 + 9.0 * f64::from(damping) / 100.0 * x2 / (1.0 + x2);
                let off = decay_seconds(&octave_energies(&responses, hz)) * rate(x2) / 3.0 - 1.0;
                let spread = rate(x2) / rate(edge_x2) - 1.0;
                assert!(off > -0.05 && off < 0.05 + spread, "kind {kind}, damping {damping} %, {hz} Hz: {:.1} %", 100.0 * off);
            }
        }
    }
}

#[test]
fn two_renders_are_equal_to_the_bit() {
    let clip = Clip::noise(48_000, 0.5, 3);
    let settings = with(&[("modulation", 80.0)]);
    let render = || run(made("reverb", RATE_HZ, &settings).as_mut(), &clip, 128).bits();
    assert!(render() == render());
}

/// Abel and Huang's echo density: the share of samples beyond one standard deviation against that of Gaussian noise.
fn density(window: &[f32]) -> f64 {
    const GAUSSIAN_SHARE: f64 = 0.317_31;
    let deviation = libm::sqrt(window.iter().map(|sample| (*sample as f64) * (*sample as f64)).sum::<f64>() / window.len() as f64);
    let beyond = window.iter().filter(|sample| sample.abs() as f64 > deviation).count();
    beyond as f64 / window.len() as f64 / GAUSSIAN_SHARE
}

#[test]
fn echoes_are_as_dense_as_noise_after_a_tenth_of_a_second() {
    for kind in 0..3 {
        let response = impulse_response(&with(&[("kind", kind as f32), ("damping", 0.0)]), 0.4);
        // 40 ms from 100 ms on.
        let got = density(&response[4_800..6_720]);
        assert!(got > 0.9, "kind {kind}: {got:.2}");
    }
}

#[test]
fn both_sides_are_unlike_each_other() {
    for kind in 0..3 {
        let out = run(made("reverb", RATE_HZ, &with(&[("kind", kind as f32)])).as_mut(), &Clip::impulse(96_000), 128);
        let sum = |f: fn(f64, f64) -> f64| out.left.iter().zip(&out.right).map(|(l, r)| f(*l as f64, *r as f64)).sum::<f64>();
        let correlation = sum(|l, r| l * r) / libm::sqrt(sum(|l, _| l * l) * sum(|_, r| r * r));
        assert!(correlation.abs() < 0.3, "kind {kind}: {correlation:.2}");
    }
}

#[test]
fn a_steady_sound_is_as_loud_at_any_decay() {
    let clip = Clip::noise(10 * 48_000, 0.5, 9);
    let level_db = |decay| {
        let out = run(made("reverb", RATE_HZ, &with(&[("decay", decay), ("damping", 0.0)])).as_mut(), &clip, 512);
        let end = &out.left[9 * 48_000..];
        db(libm::sqrt(end.iter().map(|sample| (*sample as f64) * (*sample as f64)).sum::<f64>() / end.len() as f64))
    };
    let levels = [300.0, 700.0, 2_000.0, 8_000.0].map(level_db);
    let (least, most) = levels.iter().fold((f64::MAX, f64::MIN), |(least, most), level| (least.min(*level), most.max(*level)));
    assert!(most - least < 1.5, "{levels:?}");
}

#[test]
fn the_pre_delay_is_on_the_frame() {
    let begin = |pre_delay| {
        let settings = [&with(&[])[..], &[("pre_delay", pre_delay)]].concat();
        impulse_response(&settings, 0.5).iter().position(|sample| *sample != 0.0).expect("it sounds")
    };
    assert_eq!(begin(100.0) - begin(0.0), 4_800);
}

#[test]
fn a_size_that_never_stands_still_does_not_make_it_grow() {
    let mut reverb = made("reverb", RATE_HZ, &with(&[("decay", 20_000.0), ("damping", 0.0)]));
    let mut noise = Noise::new(5);
    run(reverb.as_mut(), &Clip::noise(48_000, 0.5, 2), 128);
    let before = run(reverb.as_mut(), &Clip::silence(9_600), 128).peak();
    for _ in 0..400 {
        set(reverb.as_mut(), "size", 30.0 + 120.0 * noise.unit());
        run(reverb.as_mut(), &Clip::silence(2_400), 128);
    }
    let after = run(reverb.as_mut(), &Clip::silence(9_600), 128).peak();
    assert!(after < before, "from {before} to {after}");
}
