//! The resampler's figures.

use media::resample::Resampler;

/// Frames at both ends that the filter's ringing reaches.
const EDGE: usize = 16_384;

fn resample(samples: &[f32], from_hz: u32, to_hz: u32, channels: u16) -> Vec<f32> {
    let mut resampler = Resampler::new(from_hz, to_hz, channels).expect("usable rates");
    let mut out = Vec::new();
    for piece in samples.chunks(1000 * usize::from(channels)) {
        resampler.push(piece, &mut out);
    }
    resampler.finish(&mut out);
    out
}

fn sine(hz: f64, rate_hz: u32, frames: usize) -> Vec<f32> {
    (0..frames).map(|at| (std::f64::consts::TAU * hz * at as f64 / f64::from(rate_hz)).sin() as f32).collect()
}

/// Power of the difference to a sine of full scale, in dB under it.
fn error_db(samples: &[f32], hz: f64, rate_hz: u32) -> f64 {
    let inner = EDGE..samples.len() - EDGE;
    let power: f64 = inner
        .clone()
        .map(|at| {
            let ideal = (std::f64::consts::TAU * hz * at as f64 / f64::from(rate_hz)).sin();
            (f64::from(samples[at]) - ideal).powi(2)
        })
        .sum();
    10.0 * (power / (inner.len() as f64 / 2.0)).log10()
}

#[test]
fn a_sine_arrives_in_its_place_with_the_error_of_stored_floats() {
    for (from_hz, to_hz) in [(44_100, 48_000), (48_000, 44_100), (96_000, 48_000), (48_000, 96_000), (44_100, 96_000), (192_000, 44_100)] {
        for hz in [100.0, 997.0, 10_000.0, 18_000.0] {
            let out = resample(&sine(hz, from_hz, from_hz as usize * 2), from_hz, to_hz, 1);
            let error = error_db(&out, hz, to_hz);
            println!("{from_hz} to {to_hz}, {hz} Hz: {error:.1} dB");
            assert!(error < -145.0, "{from_hz} to {to_hz}, {hz} Hz: {error:.1} dB");
        }
    }
}

#[test]
fn before_rounding_a_sine_is_wrong_by_less_than_170_db_and_so_is_what_folds_back() {
    for (from_hz, to_hz, hz) in [
        (44_100, 48_000, 997.0),
        (44_100, 96_000, 18_000.0),
        (48_000, 44_100, 10_000.0),
        (96_000, 44_100, 30_000.0),
        (48_000, 192_000, 997.0),
    ] {
        let samples: Vec<f64> =
            (0..2 * from_hz).map(|at| (std::f64::consts::TAU * hz * f64::from(at) / f64::from(from_hz)).sin()).collect();
        let mut resampler = Resampler::new(from_hz, to_hz, 1).expect("usable rates");
        let mut out: Vec<f64> = Vec::new();
        resampler.push(&samples, &mut out);
        resampler.finish(&mut out);
        // What lies above the new band has nothing to be compared with but silence.
        let level = if hz < f64::from(to_hz) / 2.0 { 1.0 } else { 0.0 };
        let inner = EDGE..out.len() - EDGE;
        let power: f64 =
            inner.clone().map(|at| (out[at] - level * (std::f64::consts::TAU * hz * at as f64 / f64::from(to_hz)).sin()).powi(2)).sum();
        let error_db = 10.0 * (2.0 * power / inner.len() as f64).log10();
        println!("{from_hz} to {to_hz}, {hz} Hz: {error_db:.1} dB");
        assert!(error_db <= -170.0, "{from_hz} to {to_hz}, {hz} Hz: {error_db:.1} dB");
    }
}

#[test]
fn what_lies_above_the_new_band_does_not_fold_back() {
    for (from_hz, to_hz, hz) in [(96_000, 48_000, 30_000.0), (96_000, 44_100, 24_000.0), (48_000, 44_100, 22_800.0)] {
        let out = resample(&sine(hz, from_hz, from_hz as usize * 2), from_hz, to_hz, 1);
        let inner = &out[EDGE..out.len() - EDGE];
        let power: f64 = inner.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / inner.len() as f64;
        let alias_db = 10.0 * (2.0 * power).log10();
        println!("{from_hz} to {to_hz}, {hz} Hz: {alias_db:.1} dB");
        assert!(alias_db < -145.0, "{from_hz} to {to_hz}, {hz} Hz: {alias_db:.1} dB");
    }
}

#[test]
fn the_length_is_exact_and_an_impulse_stays_in_its_place() {
    for (from_hz, to_hz, frames) in
        [(44_100, 48_000, 1), (48_000, 44_100, 7), (44_100, 48_000, 44_100), (22_050, 48_000, 12_345), (44_056, 48_000, 9_999)]
    {
        let mut samples = vec![0.0; frames];
        samples[frames / 2] = 1.0;
        let out = resample(&samples, from_hz, to_hz, 1);
        let expected = (frames as f64 * f64::from(to_hz) / f64::from(from_hz)).round().max(1.0) as usize;
        assert_eq!(out.len(), expected);
        let peak = (0..out.len()).max_by(|a, b| out[*a].abs().total_cmp(&out[*b].abs())).expect("frames");
        let place = (frames / 2) as f64 * f64::from(to_hz) / f64::from(from_hz);
        assert!((peak as f64 - place).abs() <= 1.0, "{from_hz} to {to_hz}: at {peak}, not {place}");
    }
}

#[test]
fn channels_do_not_touch_each_other() {
    let mono = sine(440.0, 44_100, 30_000);
    let stereo: Vec<f32> = mono.iter().flat_map(|sample| [*sample, 0.0]).collect();
    let (alone, both) = (resample(&mono, 44_100, 48_000, 1), resample(&stereo, 44_100, 48_000, 2));
    assert!(both.chunks(2).zip(&alone).all(|(frame, sample)| frame == [*sample, 0.0]));
}
