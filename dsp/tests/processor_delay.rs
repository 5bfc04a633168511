//! The delay's figures: times, feedback, sides, ducking, and what another time does.

mod support;

use support::{Clip, amplitude, db, made, run, set};

const RATE_HZ: f64 = 48_000.0;
/// Settings that leave nothing but repeats, hardly filtered.
const BARE: [(&str, f32); 3] = [("mix", 100.0), ("low_cut", 20.0), ("high_cut", 20_000.0)];

fn with(more: &[(&'static str, f32)]) -> Vec<(&'static str, f32)> {
    [&BARE[..], more].concat()
}

/// Where each side of an impulse's repeats is loudest within windows of `every` frames that begin half a window early.
fn loudest(settings: &[(&str, f32)], every: usize, repeats: usize) -> Vec<(usize, f32, f32)> {
    let mut delay = made("delay", RATE_HZ, settings);
    let out = run(delay.as_mut(), &Clip::impulse(every * (repeats + 1)), 128);
    (1..=repeats)
        .map(|repeat| {
            let window = repeat * every - every / 2..repeat * every + every / 2;
            let at = window.clone().max_by(|a, b| {
                let peak = |at: usize| out.left[at].abs().max(out.right[at].abs());
                peak(*a).total_cmp(&peak(*b))
            });
            let at = at.expect("a frame");
            (at, out.left[at].abs(), out.right[at].abs())
        })
        .collect()
}

#[test]
fn repeats_come_on_the_frame_whether_the_time_is_free_or_in_beats() {
    for (settings, frames) in [
        (vec![("time", 250.0)], 12_000),
        (vec![("time", 1.0)], 48),
        (vec![("in_beats", 1.0), ("note", 5.0), ("tempo", 120.0)], 18_000),
        (vec![("in_beats", 1.0), ("note", 0.0), ("tempo", 40.0)], 144_000),
        (vec![("in_beats", 1.0), ("note", 11.0), ("tempo", 300.0)], 1_200),
    ] {
        let settings = with(&[&settings[..], &[("feedback", 0.0)]].concat());
        let mut delay = made("delay", RATE_HZ, &settings);
        let out = run(delay.as_mut(), &Clip::impulse(frames + 100), 128);
        assert!(out.left[..frames].iter().all(|sample| *sample == 0.0), "{settings:?} is early");
        let peak = out.left.iter().position(|sample| sample.abs() > 0.5);
        assert!(peak.is_some_and(|at| at.abs_diff(frames) <= 1), "{settings:?}: {peak:?}, not {frames}");
    }
}

#[test]
fn each_repeat_is_softer_by_the_feedback_within_a_twentieth_of_a_decibel() {
    for feedback in [25.0, 50.0, 90.0] {
        let mut delay = made("delay", RATE_HZ, &with(&[("time", 100.0), ("feedback", feedback)]));
        // A burst of 100 ms meets its own repeats end to end.
        let mut input = Clip::sine(4_800, RATE_HZ, 1_000.0, 0.5);
        input.append(&Clip::silence(24_000));
        let out = run(delay.as_mut(), &input, 128);
        let levels: Vec<f64> =
            (1..6).map(|repeat| amplitude(&out.left[repeat * 4_800 + 960..(repeat + 1) * 4_800 - 960], RATE_HZ, 1_000.0)).collect();
        for pair in levels.windows(2) {
            let (got, want) = (db(pair[1] / pair[0]), db(feedback as f64 / 100.0));
            assert!((got - want).abs() < 0.05, "{feedback} %: {got:.3} dB a repeat, not {want:.3}");
        }
    }
}

#[test]
fn ping_pong_changes_sides_with_every_repeat() {
    let heard = loudest(&with(&[("time", 50.0), ("feedback", 80.0), ("ping_pong", 1.0)]), 2_400, 4);
    for (repeat, (_, left, right)) in heard.iter().enumerate() {
        let (loud, soft) = if repeat % 2 == 0 { (left, right) } else { (right, left) };
        // The low cut's swing after the other side's impulse is still there.
        assert!(*loud > 0.1 && *soft < 1e-3 * loud, "repeat {repeat}: {left} left, {right} right");
    }
}

#[test]
fn another_time_crosses_over_between_what_both_times_give() {
    let input = Clip::sine(96_000, RATE_HZ, 440.0, 0.5);
    let settled = |time| run(made("delay", RATE_HZ, &with(&[("time", time), ("feedback", 0.0)])).as_mut(), &input, 128);
    let (old, new) = (settled(300.0), settled(471.3));
    let mut delay = made("delay", RATE_HZ, &with(&[("time", 300.0), ("feedback", 0.0)]));
    let half = Clip { left: input.left[..48_000].to_vec(), right: input.right[..48_000].to_vec() };
    let rest = Clip { left: input.left[48_000..].to_vec(), right: input.right[48_000..].to_vec() };
    run(delay.as_mut(), &half, 128);
    set(delay.as_mut(), "time", 471.3);
    let out = run(delay.as_mut(), &rest, 128);
    for (frame, sample) in out.left.iter().enumerate() {
        let (from, to) = (old.left[48_000 + frame], new.left[48_000 + frame]);
        let between = from.min(to) - 1e-3..=from.max(to) + 1e-3;
        assert!(between.contains(sample), "frame {frame}: {sample} is not between {from} and {to}");
        assert!(frame < 2_400 || (sample - to).abs() < 1e-3, "frame {frame}: {sample}, not {to}");
    }
}

#[test]
fn repeats_give_way_to_what_comes_in_and_come_back() {
    let mut delay = made("delay", RATE_HZ, &with(&[("time", 500.0), ("feedback", 90.0), ("ducking", 12.0), ("duck_threshold", -30.0)]));
    let mut plain = made("delay", RATE_HZ, &with(&[("time", 500.0), ("feedback", 90.0)]));
    let mut input = Clip::sine(24_000, RATE_HZ, 1_000.0, 0.5);
    input.append(&Clip::silence(24_000));
    input.append(&Clip::sine(24_000, RATE_HZ, 1_000.0, 0.5));
    input.append(&Clip::silence(96_000));
    let (ducked, free) = (run(delay.as_mut(), &input, 128), run(plain.as_mut(), &input, 128));
    let lower_db = |frames: core::ops::Range<usize>| {
        db(amplitude(&ducked.left[frames.clone()], RATE_HZ, 1_000.0) / amplitude(&free.left[frames], RATE_HZ, 1_000.0))
    };
    assert!((lower_db(60_000..70_800) + 12.0).abs() < 0.1, "{}", lower_db(60_000..70_800));
    assert!(lower_db(150_000..160_800).abs() < 0.1, "{}", lower_db(150_000..160_800));
}

#[test]
fn the_highest_feedback_falls_by_sixty_decibels_within_half_a_minute() {
    for time in [20.0, 500.0, 3_000.0] {
        let mut delay = made("delay", RATE_HZ, &with(&[("time", time), ("feedback", 95.0)]));
        run(delay.as_mut(), &Clip::sine(48_000, RATE_HZ, 1_000.0, 0.5), 128);
        let start = run(delay.as_mut(), &Clip::silence(4 * 48_000), 1_024).peak();
        run(delay.as_mut(), &Clip::silence(24 * 48_000), 1_024);
        let end = run(delay.as_mut(), &Clip::silence(4 * 48_000), 1_024).peak();
        assert!(end < start * 1e-3, "{time} ms: from {start} to {end}");
    }
}
