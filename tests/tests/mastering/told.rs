//! What is told of a song from its whole-file measurement: its loudest moments, what its parts hold, what vanishes in mono, and how a place
//! plays it; each against the audio itself.

use std::f64::consts::TAU;

use dsp::protocol::InsertId;
use ebur128::{EbuR128, Mode};
use session::destination::{Playback, destinations};
use tests::masters::{analyse, independent, near, programme, render, song};

const RATE_HZ: u32 = 48_000;
/// A moment is a window of so long.
const WINDOW_S: f64 = 3.0;

/// Loudness of a stretch, by the `ebur128` crate.
fn loudness(planes: &[Vec<f32>; 2], frames: std::ops::Range<usize>) -> f64 {
    let mut meter = EbuR128::new(2, RATE_HZ, Mode::S).expect("a meter");
    meter.add_frames_planar_f32(&[&planes[0][frames.clone()], &planes[1][frames]]).expect("frames");
    meter.loudness_shortterm().expect("a loudness")
}

#[test]
fn the_loudest_moments_are_where_the_audio_is_loudest_and_move_with_it() {
    for seed in [71, 72] {
        let mut planes = programme(seed, RATE_HZ, 24);
        // Of three loud passages another one is louder still in each song.
        let from = (if seed == 71 { 10 } else { 18 }) * RATE_HZ as usize;
        for plane in &mut planes {
            plane[from..from + 2 * RATE_HZ as usize].iter_mut().for_each(|sample| *sample *= 1.8);
        }
        let moments = analyse(&planes, RATE_HZ, 8_192).loudest_moments(2);
        assert_eq!(moments.len(), 2);
        let window = |middle_s: f64| {
            let start = ((middle_s - WINDOW_S / 2.0) * f64::from(RATE_HZ)).round() as usize;
            loudness(&planes, start..start + (WINDOW_S * f64::from(RATE_HZ)) as usize)
        };
        for moment in &moments {
            near(moment.lufs, window(moment.seconds), 0.1);
        }
        let anywhere = (0..210).map(|at| window(1.5 + f64::from(at) / 10.0));
        near(moments[0].lufs, anywhere.fold(f64::NEG_INFINITY, f64::max), 0.1);
        assert!((moments[0].seconds - (from as f64 / f64::from(RATE_HZ) + 1.0)).abs() < 1.5, "seed {seed}: {moments:?}");
    }
}

/// A tone in the middle of each part of the range, with these levels of left and right.
fn tones(levels: [[f64; 2]; 6]) -> [Vec<f32>; 2] {
    const HZ: [f64; 6] = [31.6, 112.2, 446.7, 1_778.3, 5_623.4, 12_589.3];
    [0, 1].map(|side| {
        let at = |frame: u32| {
            let tone = |(hz, level): (f64, [f64; 2])| level[side] * (TAU * hz * f64::from(frame) / f64::from(RATE_HZ)).sin();
            HZ.into_iter().zip(levels).map(tone).sum::<f64>() as f32
        };
        (0..8 * RATE_HZ).map(at).collect()
    })
}

#[test]
fn each_part_of_the_range_has_the_level_and_the_width_of_the_tone_in_it() {
    let levels = [[0.2, 0.2], [0.15, 0.1], [0.1, 0.05], [0.08, -0.02], [0.03, 0.05], [0.01, -0.01]];
    for levels in [levels, levels.map(|[left, right]| [0.5 * right, left])] {
        let power = |[left, right]: [f64; 2]| left * left + right * right;
        let total: f64 = levels.into_iter().map(power).sum();
        let regions = analyse(&tones(levels), RATE_HZ, 8_192).regions();
        assert_eq!(regions.len(), levels.len());
        for (region, [left, right]) in regions.iter().zip(levels) {
            let side = (left - right) * (left - right) / 2.0;
            println!("{}: {:.2} dB, {:.3} wide", region.name, region.level_db, region.width);
            near(region.level_db, 10.0 * (power([left, right]) / total).log10(), 0.2);
            near(region.width, side / power([left, right]), 0.03);
        }
    }
}

#[test]
fn what_is_told_to_vanish_in_mono_is_what_summing_the_sides_takes_away() {
    let mut levels = [[0.1, 0.1]; 6];
    assert!(analyse(&tones(levels), RATE_HZ, 8_192).mono_losses().is_empty());
    levels[3] = [0.1, -0.05];
    let losses = analyse(&tones(levels), RATE_HZ, 8_192).mono_losses();
    let loudest = losses.iter().min_by(|a, b| (a.hz - 1_778.3).abs().total_cmp(&(b.hz - 1_778.3).abs())).expect("a loss");
    // Each side's mean power against that of their mean.
    let [left, right] = levels[3];
    let expected = 10.0 * (((left * left + right * right) / 2.0) / ((left + right) / 2.0).powi(2)).log10();
    near(loudest.loss_db, expected, 0.3);
    assert!((loudest.hz / 1_778.3 - 1.0).abs() < 0.15, "{losses:?}");
}

#[test]
fn a_song_is_heard_at_a_place_as_loud_as_is_told() {
    let planes = programme(81, RATE_HZ, 10);
    for gain in [1.0, 0.3] {
        let song = planes.clone().map(|plane| plane.iter().map(|sample| gain * sample).collect::<Vec<f32>>());
        let analysis = analyse(&song, RATE_HZ, 8_192);
        // A place that limits may turn up into its limiter; what others do is a gain and nothing else.
        for place in destinations().iter().filter(|place| place.playback != Playback::Limits) {
            let outcome = place.outcome(&analysis);
            let turned = 10f64.powf(outcome.gain_db / 20.0) as f32;
            let there = song.clone().map(|plane| plane.iter().map(|sample| turned * sample).collect::<Vec<f32>>());
            let [heard, _, peak] = independent(&there, RATE_HZ);
            near(outcome.heard_lufs, heard, 0.02);
            assert!(outcome.gain_db <= 0.0 || peak <= place.peak_dbtp + 0.1, "{}: {peak} dBTP", place.name);
        }
    }
}

#[test]
fn a_song_that_is_its_file_is_exported_as_the_file_bit_for_bit() {
    let planes = programme(91, RATE_HZ, 3);
    let (session, id, mut samples) = song(planes.clone(), RATE_HZ);
    assert!(session.plain_file(id).is_some());
    let (out, _) = render(&session, id, InsertId(0), &mut samples);
    for (out, plane) in out.iter().zip(&planes) {
        let is_equal = out.iter().zip(plane).all(|(out, sample)| out.to_bits() == sample.to_bits());
        assert!(out.len() >= plane.len() && is_equal);
        assert!(out[plane.len()..].iter().all(|sample| *sample == 0.0), "what comes after it is silence");
    }
}
