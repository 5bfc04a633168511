//! A decoded master laid over the one that was encoded: the delay is found to the frame, the figures are those of what is heard, and the file
//! that is kept is read again.

use std::io::Cursor;

use media::analysis::Analyser;
use media::codec::{Compared, compare, ogg_opus};
use symphonia::core::formats::FormatOptions;
use symphonia::core::formats::probe::Hint;
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

use crate::support::Random;

const RATE_HZ: u32 = 48_000;

/// Low-passed noise that is loudest in its middle, both sides partly alike.
fn master(seed: u64, frames: usize) -> [Vec<f32>; 2] {
    let mut random = Random(seed);
    let mut held = [0.0f32; 2];
    let mut planes = [Vec::new(), Vec::new()];
    for frame in 0..frames {
        let common = random.sample();
        let level = 0.1 + 0.5 * (1.0 - (2.0 * frame as f32 / frames as f32 - 1.0).abs());
        for (held, plane) in held.iter_mut().zip(&mut planes) {
            *held += 0.2 * (0.5 * common + 0.5 * random.sample() - *held);
            plane.push(level * *held);
        }
    }
    planes
}

/// What a decoder gives: the master so many frames late (or early), turned, with an error of its own, and garbage in what came before.
fn decoded(master: &[Vec<f32>; 2], delay: i64, gain: f32, error: f32) -> [Vec<f32>; 2] {
    let mut random = Random(99);
    master.each_ref().map(|plane| {
        let frames = plane.len() as i64 + delay.max(0) + 700;
        let at = |frame: i64| usize::try_from(frame - delay).ok().and_then(|from| plane.get(from)).copied().unwrap_or(0.0);
        (0..frames).map(|frame| if frame < delay { 0.9 } else { gain * at(frame) + error * random.sample() }).collect()
    })
}

fn compared(master: &[Vec<f32>; 2], decoded: &[Vec<f32>; 2]) -> Compared {
    compare(master, decoded, RATE_HZ, |_| true).expect("nobody cancels")
}

#[test]
fn a_delay_is_found_to_the_frame_whatever_the_gain_and_the_error() {
    for (seed, delay) in [0, 1, 312, 960, 2_112, 6_000, -200].into_iter().enumerate() {
        for (frames, gain, error) in [(150_000, 1.0, 0.0), (150_000, 0.3, 0.01), (20_000, 0.8, 0.005)] {
            let master = master(seed as u64, frames);
            let found = compared(&master, &decoded(&master, delay, gain, error)).delay_frames;
            assert_eq!(found, delay, "{frames} frames at {gain}");
        }
    }
}

#[test]
fn a_tone_that_repeats_is_laid_on_its_beginning() {
    let step = std::f32::consts::TAU * 100.0 / RATE_HZ as f32;
    let tone: Vec<f32> = (0..40_000).map(|frame| 0.5 * (step * frame as f32).sin()).collect();
    let master = [tone.clone(), tone];
    assert_eq!(compared(&master, &decoded(&master, 2_112, 1.0, 0.0)).delay_frames, 2_112);
}

#[test]
fn what_is_measured_is_the_aligned_song_and_nothing_before_it() {
    let master = master(5, 100_000);
    let mut late = decoded(&master, 312, 1.0, 0.0);
    late[0][50_312] = 0.8;
    let found = compared(&master, &late);
    let mut analyser = Analyser::new(RATE_HZ);
    analyser.push(&late[0][312..100_312], &late[1][312..100_312]);
    let expected = analyser.finish();
    assert_eq!((found.decoded.true_peak_dbtp, found.decoded.integrated_lufs), (expected.true_peak_dbtp, expected.integrated_lufs));
    assert!((found.decoded.sample_peak_db - 20.0 * 0.8_f64.log10()).abs() < 1e-4, "the priming's 0.9 is not heard");
    assert_eq!(found.decoded.frames, 100_000);
}

#[test]
fn what_is_taken_away_is_told_over_the_master() {
    let master = master(6, 100_000);
    let half = compared(&master, &decoded(&master, 312, 0.5, 0.0));
    assert!((half.change_db + 6.0206).abs() < 1e-3, "{}", half.change_db);
    let same = compared(&master, &decoded(&master, 312, 1.0, 0.0));
    assert!(same.change_db < -150.0, "{}", same.change_db);
}

#[test]
fn silence_and_a_decoder_that_gives_nothing_are_laid_where_they_are() {
    let silence = [vec![0.0; 30_000], vec![0.0; 30_000]];
    assert_eq!(compared(&silence, &silence).delay_frames, 0);
    let master = master(7, 30_000);
    let nothing = compared(&master, &[Vec::new(), Vec::new()]);
    assert_eq!((nothing.delay_frames, nothing.decoded.is_silent()), (0, true));
    assert!(compare(&master, &master, RATE_HZ, |_| false).is_err());
}

#[test]
fn the_kept_file_holds_every_packet_and_ends_with_the_song() {
    let head = [b"OpusHead\x01\x02", &312u16.to_le_bytes()[..], &48_000u32.to_le_bytes(), &[0; 3]].concat();
    let mut random = Random(8);
    // Packets of 20 ms, of lengths around those that need another byte in a page's table.
    let packets: Vec<Vec<u8>> = [1, 254, 255, 256, 510, 1_275]
        .into_iter()
        .cycle()
        .take(180)
        .map(|bytes| (0..bytes).map(|at| if at == 0 { 0xfc } else { random.next() as u8 }).collect())
        .collect();
    let frames = 180 * 960 - 312 - 500;
    let file = ogg_opus(&head, &packets, frames);
    let source = MediaSourceStream::new(Box::new(Cursor::new(file)), MediaSourceStreamOptions::default());
    let probe = symphonia::default::get_probe();
    let mut format = probe.probe(&Hint::new(), source, FormatOptions::default(), MetadataOptions::default()).expect("an Ogg file");
    let mut read = Vec::new();
    while let Some(packet) = format.next_packet().expect("whole pages") {
        read.push(packet.data.to_vec());
    }
    assert_eq!(read, packets);
    // Positions count from the decoder's first frame, the priming among them.
    assert_eq!(format.tracks()[0].num_frames, Some(312 + frames));
}
