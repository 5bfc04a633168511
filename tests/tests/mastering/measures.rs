//! The rest of a whole file's numbers against an independent measure of each: loudest windows, PSR, sides, offset.

use std::collections::VecDeque;

use ebur128::{EbuR128, Mode};
use tests::masters::{analyse, near, programme};

const RATE_HZ: u32 = 48_000;
const SECONDS: u32 = 12;
/// Largest momentary and short-term loudness, and the smallest PSR, are looked for so often a second.
const STEPS_HZ: u32 = 10;
/// Windows that are so much softer than the loudest have no say in the smallest PSR.
const PSR_WINDOW_LU: f64 = 10.0;

/// Largest momentary loudness, largest short-term loudness, smallest PSR, by the `ebur128` crate.
pub fn windows(planes: &[Vec<f32>; 2]) -> [f64; 3] {
    let mut meter = EbuR128::new(2, RATE_HZ, Mode::all()).expect("a meter");
    let step = (RATE_HZ / STEPS_HZ) as usize;
    let (mut momentary, mut short, mut peaks) = (f64::NEG_INFINITY, Vec::new(), VecDeque::new());
    for (at, (left, right)) in planes[0].chunks(step).zip(planes[1].chunks(step)).enumerate() {
        meter.add_frames_planar_f32(&[left, right]).expect("frames");
        if at >= 3 {
            momentary = momentary.max(meter.loudness_momentary().expect("a loudness"));
        }
        peaks.push_back(meter.prev_true_peak(0).expect("a peak").max(meter.prev_true_peak(1).expect("a peak")));
        if peaks.len() == 3 * STEPS_HZ as usize {
            let peak = peaks.iter().fold(0.0f64, |most, peak| most.max(*peak));
            let lufs = meter.loudness_shortterm().expect("a loudness");
            short.push((lufs, 20.0 * peak.log10() - lufs));
            peaks.pop_front();
        }
    }
    let loudest = short.iter().fold(f64::NEG_INFINITY, |most, (lufs, _)| most.max(*lufs));
    let ratios = short.iter().filter(|(lufs, _)| *lufs > loudest - PSR_WINDOW_LU).map(|(_, ratio)| *ratio);
    [momentary, loudest, ratios.fold(f64::INFINITY, f64::min)]
}

#[test]
fn loudest_windows_ratio_sides_and_offset_are_what_others_measure() {
    let mut planes = programme(41, RATE_HZ, SECONDS);
    planes[1].iter_mut().for_each(|sample| *sample = 0.8 * *sample + 0.002);
    let analysis = analyse(&planes, RATE_HZ, 10_000);
    let [momentary, short, ratio] = windows(&planes);
    println!(
        "momentary {momentary:.3} ({:.3}), short-term {short:.3} ({:.3}), PSR {ratio:.3} ({:.3})",
        analysis.momentary_max_lufs, analysis.short_term_max_lufs, analysis.psr_min_lu
    );
    // Ours looks ten times as often: it can only find a little more.
    near(analysis.momentary_max_lufs, momentary, 0.1);
    near(analysis.short_term_max_lufs, short, 0.05);
    near(analysis.psr_min_lu, ratio, 0.15);
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        planes[0].iter().zip(&planes[1]).map(|(left, right)| of(f64::from(*left), f64::from(*right))).sum()
    };
    let [left, right, both] = [sum(&|l, _| l * l), sum(&|_, r| r * r), sum(&|l, r| l * r)];
    near(analysis.correlation, both / (left * right).sqrt(), 1e-6);
    near(analysis.balance_db, 10.0 * (right / left).log10(), 1e-4);
    for (side, total) in [sum(&|l, _| l), sum(&|_, r| r)].into_iter().enumerate() {
        near(analysis.dc[side], total / f64::from(RATE_HZ * SECONDS), 1e-7);
    }
    let peak = planes.iter().flatten().fold(0.0f32, |most, sample| most.max(sample.abs()));
    near(analysis.sample_peak_db, 20.0 * f64::from(peak).log10(), 1e-4);
}
