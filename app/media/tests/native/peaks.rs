//! The pyramid of peaks against brute force.

use media::peaks::PeaksBuilder;
use media::store::now;
use session::worker::{PEAK_BASE_FRAMES, PEAK_STEP, PEAK_VALUES};

use crate::support::{Random, float_wav, store, take_in};

/// Lowest, highest and root mean square of a stretch of one channel.
fn brute(samples: &[f32], channels: usize, channel: usize, from: usize, to: usize) -> [f32; 3] {
    let stretch: Vec<f32> = samples.chunks(channels).skip(from).take(to - from).map(|frame| frame[channel]).collect();
    let squares: f64 = stretch.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    let low = stretch.iter().copied().fold(f32::INFINITY, f32::min);
    let high = stretch.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    [low, high, (squares / stretch.len() as f64).sqrt() as f32]
}

#[test]
fn every_level_is_what_brute_force_finds() {
    for (channels, frames) in [(1_usize, 1_usize), (2, 64), (1, 65), (2, 5000), (2, 70_001)] {
        let mut random = Random(frames as u64);
        let samples: Vec<f32> = (0..frames * channels).map(|_| random.sample() * 1.2).collect();
        let mut store = store();
        let source = take_in(&mut store, float_wav(48_000, channels as u16, &samples), "x.wav", None).expect("a good file");
        let peaks = now(store.peaks(&source.hash)).expect("peaks");
        assert_eq!((peaks.base_frames, peaks.frames), (PEAK_BASE_FRAMES, frames as u64));
        for (level, values) in peaks.levels.iter().enumerate() {
            let span = (PEAK_BASE_FRAMES * PEAK_STEP.pow(level as u32)) as usize;
            assert_eq!(values.len(), frames.div_ceil(span) * channels * PEAK_VALUES, "level {level} of {frames} frames");
            for (index, value) in values.chunks(PEAK_VALUES).enumerate() {
                let (peak, channel) = (index / channels, index % channels);
                let expected = brute(&samples, channels, channel, peak * span, frames.min((peak + 1) * span));
                for (value, expected) in value.iter().zip(expected) {
                    assert!((f32::from(*value) - (expected * 32_767.0).clamp(-32_767.0, 32_767.0)).abs() <= 0.51, "level {level}");
                }
            }
        }
    }
}

#[test]
fn a_close_up_holds_every_frame_of_its_stretch_and_ends_with_the_source() {
    let mut random = Random(3);
    let samples: Vec<f32> = (0..2 * 5_000).map(|_| random.sample()).collect();
    let mut store = store();
    let source = take_in(&mut store, float_wav(48_000, 2, &samples), "x.wav", None).expect("a good file");
    let close = now(store.close_up(&source.hash, 4_000, 2_000)).expect("a close-up");
    assert_eq!((close.channels, close.base_frames, close.frames), (1, 1, 1_000));
    for (frame, value) in samples[2 * 4_000..].chunks(2).zip(close.levels[0].chunks(PEAK_VALUES)) {
        let rms = ((frame[0].powi(2) + frame[1].powi(2)) / 2.0).sqrt();
        for (value, expected) in value.iter().zip([frame[0].min(frame[1]), frame[0].max(frame[1]), rms]) {
            assert!((f32::from(*value) - expected * 32_767.0).abs() <= 0.51);
        }
    }
}

#[test]
fn pieces_of_any_size_give_the_same_pyramid() {
    let mut random = Random(9);
    let samples: Vec<f32> = (0..20_000).map(|_| random.sample()).collect();
    let mut whole = PeaksBuilder::new(2);
    whole.push(&samples);
    let expected = whole.finish();
    let mut pieces = PeaksBuilder::new(2);
    let mut bytes = Vec::new();
    for piece in samples.chunks(354) {
        pieces.push(piece);
        bytes.extend(pieces.take_finest());
    }
    bytes.extend(pieces.finish());
    assert_eq!(bytes, expected);
}
