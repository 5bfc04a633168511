//! Formats made by code: what goes in comes out, exactly, whatever the header's quirks.

use std::io::Cursor;

use media::decode::{Decoder, Refusal};
use session::model::SampleFormat;

use crate::support::{Random, decode, float_wav, wav};

const RATE_HZ: u32 = 44_100;

fn integers(bits: u32, count: usize) -> Vec<i32> {
    let mut random = Random(7);
    let edges = [i32::MIN >> (32 - bits), i32::MAX >> (32 - bits), 0, -1, 1];
    edges.into_iter().chain(std::iter::repeat_with(|| random.next() as i32 >> (32 - bits))).take(count).collect()
}

fn refusal(bytes: Vec<u8>) -> Option<Refusal> {
    let mut decoder = match Decoder::open(Box::new(Cursor::new(bytes)), "x") {
        Ok(decoder) => decoder,
        Err(error) => return Some(error.refusal),
    };
    decoder.next("x").err().map(|error| error.refusal)
}

/// A chunk of a RIFF file.
fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = name.to_vec();
    bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
    bytes.extend_from_slice(body);
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend_from_slice(&(body.len() as u32 + 4).to_le_bytes());
    bytes.extend_from_slice(b"WAVE");
    bytes.extend_from_slice(&body);
    bytes
}

fn fmt(tag: u16, channels: u16, bits: u16) -> Vec<u8> {
    let block = channels * bits.div_ceil(8);
    let mut body = Vec::new();
    body.extend_from_slice(&tag.to_le_bytes());
    body.extend_from_slice(&channels.to_le_bytes());
    body.extend_from_slice(&RATE_HZ.to_le_bytes());
    body.extend_from_slice(&(RATE_HZ * u32::from(block)).to_le_bytes());
    body.extend_from_slice(&block.to_le_bytes());
    body.extend_from_slice(&bits.to_le_bytes());
    chunk(b"fmt ", &body)
}

#[test]
fn sixteen_bits_are_n_over_two_to_the_fifteenth() {
    let samples = integers(16, 5000);
    let expected: Vec<f32> = samples.iter().map(|sample| *sample as f32 / 32_768.0).collect();
    assert_eq!(decode(wav(SampleFormat::I16, RATE_HZ, 2, &samples)).0, expected);
}

#[test]
fn twenty_four_bits_are_n_over_two_to_the_twenty_third() {
    let samples = integers(24, 40_000);
    let expected: Vec<f32> = samples.iter().map(|sample| *sample as f32 / 8_388_608.0).collect();
    assert_eq!(decode(wav(SampleFormat::I24, RATE_HZ, 1, &samples)).0, expected);
}

#[test]
fn floats_stay_as_they_are_above_full_scale_too() {
    let samples = [0.0, -0.0, 1.5, -3.25, f32::MIN_POSITIVE, 1.0e-30, 0.1];
    assert_eq!(decode(float_wav(RATE_HZ, 1, &samples)).0, samples);
}

#[test]
fn doubles_and_wide_integers_are_rounded_to_floats() {
    let doubles: Vec<u8> = [0.1_f64, -1.0, 0.999_999_999].iter().flat_map(|sample| sample.to_le_bytes()).collect();
    assert_eq!(decode(riff(&[fmt(3, 1, 64), chunk(b"data", &doubles)])).0, [0.1, -1.0, 1.0]);
    let wide: Vec<u8> = [i32::MIN, 1 << 30, -(1 << 8)].iter().flat_map(|sample| sample.to_le_bytes()).collect();
    assert_eq!(decode(riff(&[fmt(1, 1, 32), chunk(b"data", &wide)])).0, [-1.0, 0.5, -256.0 / 2_147_483_648.0]);
}

#[test]
fn eight_bits_are_unsigned_and_g711_follows_its_tables() {
    assert_eq!(decode(riff(&[fmt(1, 1, 8), chunk(b"data", &[0, 128, 192])])).0, [-1.0, 0.0, 0.5]);
    let mu = decode(riff(&[fmt(7, 1, 8), chunk(b"data", &[0x00, 0x80, 0xff, 0x7f])])).0;
    assert_eq!(mu, [-32_124.0 / 32_768.0, 32_124.0 / 32_768.0, 0.0, 0.0]);
    let a = decode(riff(&[fmt(6, 1, 8), chunk(b"data", &[0xaa, 0x2a, 0xd5, 0x55])])).0;
    assert_eq!(a, [32_256.0 / 32_768.0, -32_256.0 / 32_768.0, 8.0 / 32_768.0, -8.0 / 32_768.0]);
}

#[test]
fn chunks_may_stand_in_any_order_and_sizes_may_lie() {
    let data = chunk(b"data", &[0, 64, 0, 192]);
    assert_eq!(decode(riff(&[data.clone(), fmt(1, 1, 16)])).0, [0.5, -0.5]);
    let mut streamed = riff(&[fmt(1, 1, 16), data]);
    let at = streamed.len() - 8;
    streamed[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(decode(streamed.clone()), (vec![0.5, -0.5], vec![]));
    streamed[at..at + 4].copy_from_slice(&400_u32.to_le_bytes());
    let (samples, notes) = decode(streamed);
    assert_eq!(samples, [0.5, -0.5]);
    assert_eq!(notes, ["The file is cut short: 198 samples of its end are missing."]);
}

#[test]
fn long_files_say_their_size_in_ds64() {
    let mut sizes = Vec::new();
    for size in [0_u64, 4, 2, 0] {
        sizes.extend_from_slice(&size.to_le_bytes());
    }
    let mut long = riff(&[chunk(b"ds64", &sizes), fmt(1, 1, 16), chunk(b"data", &[0, 64, 0, 192, 0, 0])]);
    long[..4].copy_from_slice(b"RF64");
    let at = long.len() - 10;
    long[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(decode(long).0, [0.5, -0.5]);
}

#[test]
fn what_is_not_a_number_becomes_silence_and_is_counted() {
    let (samples, notes) = decode(float_wav(RATE_HZ, 1, &[0.5, f32::NAN, f32::INFINITY, 1.0e9, -0.5]));
    assert_eq!(samples, [0.5, 0.0, 0.0, 0.0, -0.5]);
    assert_eq!(notes, ["3 samples were not usable numbers and were replaced by silence."]);
}

#[test]
fn surround_is_folded_down() {
    let (samples, notes) = decode(float_wav(RATE_HZ, 6, &[0.5, 0.25, 0.1, 1.0, 0.2, 0.0]));
    let half_power = std::f32::consts::FRAC_1_SQRT_2;
    assert!((samples[0] - (0.5 + half_power * 0.3)).abs() < 1e-6);
    assert!((samples[1] - (0.25 + half_power * 0.1)).abs() < 1e-6);
    assert_eq!(notes, ["The file has 6 channels; they were folded down to stereo."]);
}

#[test]
fn nonsense_in_headers_is_refused() {
    let data = chunk(b"data", &[0; 8]);
    assert_eq!(refusal(riff(&[fmt(1, 200, 16), data.clone()])), Some(Refusal::Channels(200)));
    assert_eq!(refusal(riff(&[fmt(1, 0, 16), data.clone()])), Some(Refusal::Channels(0)));
    assert_eq!(refusal(riff(&[fmt(0x161, 2, 16), data.clone()])), Some(Refusal::WaveFormat(0x161)));
    assert_eq!(refusal(riff(&[fmt(1, 2, 16)])), Some(Refusal::NoFrames));
    assert_eq!(refusal(riff(&[data])), Some(Refusal::Header("it does not say what its samples are")));
    assert_eq!(refusal(Vec::new()), Some(Refusal::Empty));
    assert_eq!(refusal(b"dear diary, today I mixed".to_vec()), Some(Refusal::NotAudio("text")));
}

#[test]
fn a_sentence_names_the_file_and_the_way_on() {
    let Err(error) = Decoder::open(Box::new(Cursor::new(Vec::new())), "kick.wav") else { panic!("an empty file was taken") };
    assert_eq!(error.to_string(), "“kick.wav” holds no audio: it is an empty file. Export it again from where it came from.");
}

#[test]
fn any_bytes_after_a_good_start_neither_panic_nor_hang() {
    let good = wav(SampleFormat::I16, RATE_HZ, 2, &integers(16, 400));
    let mut random = Random(3);
    for _ in 0..3000 {
        let mut bad = good.clone();
        for _ in 0..1 + random.next() % 6 {
            let at = random.next() as usize % 80;
            bad[at] = random.next() as u8;
        }
        bad.truncate(1 + random.next() as usize % good.len());
        if let Ok(mut decoder) = Decoder::open(Box::new(Cursor::new(bad)), "x") {
            let mut samples = 0;
            while let Ok(Some(piece)) = decoder.next("x") {
                samples += piece.len();
            }
            assert!(samples <= 2 * good.len());
        }
    }
}
