//! Delivered files: exact, dithered, headed.

use std::rc::Rc;

use dsp::protocol::LocalWords;
use dsp::protocol::output::{CHANNELS, OutputRing, State, words_for};
use media::delivery::{DeliveryRun, Quantiser, Step, header, safe_file_name};
use media::store::{Files, MemoryFiles, StoreError, StoreFile, now};
use session::model::SampleFormat;
use session::worker::{Delivery, DeliveryFormat, Dither};

use crate::support::{Random, decode};

/// Words that two sides hold.
#[derive(Clone)]
struct Shared(Rc<LocalWords>);

impl dsp::protocol::SharedWords for Shared {
    fn len(&self) -> usize {
        self.0.len()
    }
    fn load(&self, index: usize) -> u32 {
        self.0.load(index)
    }
    fn store(&self, index: usize, value: u32) {
        self.0.store(index, value);
    }
    fn read(&self, start: usize, into: &mut [u32]) {
        self.0.read(start, into);
    }
    fn write(&self, start: usize, from: &[u32]) {
        self.0.write(start, from);
    }
    fn write_f32(&self, start: usize, from: &[f32]) {
        self.0.write_f32(start, from);
    }
}

/// A file, and the memory that it lives in as long as that does.
fn file() -> (MemoryFiles, Rc<dyn StoreFile>) {
    let files = MemoryFiles::default();
    let file = now(files.open("out", "x", true)).expect("files").expect("a file");
    (files, file)
}

fn bytes_of(file: &dyn StoreFile) -> Vec<u8> {
    let mut bytes = vec![0; file.len().expect("a length") as usize];
    file.read_at(0, &mut bytes).expect("readable");
    bytes
}

fn delivery(format: DeliveryFormat, dither: Dither) -> Delivery {
    Delivery {
        file_name: "mix.wav".into(),
        rate_hz: 48_000,
        file_rate_hz: Some(48_000),
        ceiling_dbtp: None,
        format,
        dither,
        expected_frames: 0,
    }
}

/// What interleaved frames become on the way through a small ring into a file.
fn deliver(samples: &[f32], format: DeliveryFormat, dither: Dither) -> Vec<u8> {
    let words = Shared(Rc::new(LocalWords::new(words_for(256))));
    let ring = OutputRing::new(words.clone());
    ring.format();
    let (_files, file) = file();
    let mut run = DeliveryRun::new(words, &delivery(format, dither), file.clone()).expect("a ring");
    let mut written = 0;
    loop {
        written += ring.write(&samples[written * CHANNELS..]);
        if written * CHANNELS == samples.len() {
            ring.end(State::Finished);
        }
        if let Step::Done(_) = run.step().expect("room") {
            return bytes_of(&*file);
        }
    }
}

#[test]
fn integers_at_unity_come_out_as_the_same_integers() {
    let mut random = Random(1);
    for (format, bits) in [(DeliveryFormat::Wav16, 16), (DeliveryFormat::Wav24, 24)] {
        let scale = f64::from(1_u32 << (bits - 1)) as f32;
        let edges = [i32::MIN >> (32 - bits), i32::MAX >> (32 - bits)];
        let whole: Vec<i32> = edges.into_iter().chain((0..9998).map(|_| random.next() as i32 >> (32 - bits))).collect();
        let samples: Vec<f32> = whole.iter().map(|sample| *sample as f32 / scale).collect();
        assert_eq!(decode(deliver(&samples, format, Dither::None)).0, samples);
    }
}

#[test]
fn floats_come_out_as_the_same_bits() {
    let mut random = Random(2);
    let samples: Vec<f32> = (0..5000).map(|_| random.sample() * 3.0).collect();
    assert_eq!(decode(deliver(&samples, DeliveryFormat::WavFloat, Dither::Triangular)).0, samples);
}

#[test]
fn rounding_is_to_the_nearest_half_to_even_and_clips() {
    let mut quantiser = Quantiser::new(16, 1, Dither::None, 0);
    let lsb = 1.0 / 32_768.0;
    for (sample, expected) in
        [(0.5 * lsb, 0), (1.5 * lsb, 2), (-0.5 * lsb, 0), (-1.5 * lsb, -2), (1.0, 32_767), (-1.5, -32_768), (f32::NAN, 0)]
    {
        assert_eq!(quantiser.round(sample), expected, "{sample}");
    }
}

const DITHERS: [Dither; 4] = [Dither::Triangular, Dither::ShapedGentle, Dither::ShapedMedium, Dither::ShapedStrong];

/// The error in steps of what is rounded at so many bits, the signal given in steps.
fn errors(bits: u32, dither: Dither, signal: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut quantiser = Quantiser::new(bits, 1, dither, 5);
    let scale = f64::from(1_u32 << (bits - 1));
    let round = |at| {
        let sample = (signal(at) / scale) as f32;
        f64::from(quantiser.round(sample)) - f64::from(sample) * scale
    };
    (0..200_000).map(round).collect()
}

#[test]
fn dither_makes_mean_and_power_of_the_error_independent_of_the_signal() {
    // A quarter of a step squared, times what each filter adds: 1 and the squares of its taps.
    for (dither, power_gain) in DITHERS.into_iter().zip([1.0, 4.610, 16.56, 69.17]) {
        for bits in [16, 24] {
            let signals: [&dyn Fn(usize) -> f64; 5] =
                [&|_| 100.0, &|_| 100.25, &|_| 100.5, &|at| 0.4 * (at as f64 * 0.05).sin() + 0.01, &|at| {
                    3_000.0 * (at as f64 * 0.131).sin()
                }];
            for signal in signals {
                let errors = errors(bits, dither, signal);
                let mean = errors.iter().sum::<f64>() / errors.len() as f64;
                let power = errors.iter().map(|error| error * error).sum::<f64>() / errors.len() as f64;
                assert!(mean.abs() < 0.01, "{dither:?}, {bits} bit: mean {mean}");
                assert!((power / (0.25 * power_gain) - 1.0).abs() < 0.04, "{dither:?}, {bits} bit: power {power}");
            }
        }
    }
}

#[test]
fn shaped_dither_is_softer_where_the_ear_is_keen() {
    // Noise from 2 to 5 kHz at 48 kHz against white dither's, by projection.
    let band = |dither| -> f64 {
        let errors = errors(16, dither, |_| 0.3);
        let bins = (2_000..5_000).step_by(125).map(|hz| {
            let step = std::f64::consts::TAU * f64::from(hz) / 48_000.0;
            errors
                .chunks_exact(2_000)
                .map(|chunk| {
                    let (re, im) = chunk.iter().enumerate().fold((0.0, 0.0), |(re, im), (at, error)| {
                        (re + error * (step * at as f64).cos(), im + error * (step * at as f64).sin())
                    });
                    re * re + im * im
                })
                .sum::<f64>()
        });
        10.0 * bins.sum::<f64>().log10()
    };
    let white = band(Dither::Triangular);
    for (dither, least_db) in [(Dither::ShapedGentle, 6.0), (Dither::ShapedMedium, 12.0), (Dither::ShapedStrong, 15.0)] {
        let softer = white - band(dither);
        assert!(softer > least_db, "{dither:?}: {softer:.1} dB");
    }
}

#[test]
fn digital_silence_stays_silent() {
    for dither in DITHERS {
        let mut quantiser = Quantiser::new(16, 2, dither, 7);
        assert!((0..10_000).all(|_| quantiser.round(0.0) == 0), "{dither:?} before the first sound");
        assert!((0..2_000).map(|_| quantiser.round(0.25)).any(|sample| sample != 8_192));
        let after: Vec<i32> = (0..8_000).map(|_| quantiser.round(0.0)).collect();
        assert!(after[..500].iter().any(|sample| *sample != 0), "{dither:?} hides the end of a fade");
        assert!(after[4_000..].iter().all(|sample| *sample == 0), "{dither:?} after the sound");
    }
}

#[test]
fn the_same_export_twice_is_the_same_file() {
    let samples: Vec<f32> = (0..1000).map(|at| at as f32 / 3000.0).collect();
    let twice = [0, 1].map(|_| deliver(&samples, DeliveryFormat::Wav16, Dither::Triangular));
    assert_eq!(twice[0], twice[1]);
    assert_ne!(twice[0], deliver(&samples, DeliveryFormat::Wav16, Dither::None));
}

#[test]
fn a_cancelled_or_failed_export_ends_the_delivery() {
    for (state, expected) in
        [(State::Cancelled, "Cancelled."), (State::Failed, "The audio store failed: the export stopped before its end. Reload the page.")]
    {
        let words = Shared(Rc::new(LocalWords::new(words_for(256))));
        let ring = OutputRing::new(words.clone());
        ring.format();
        let (_files, file) = file();
        let mut run = DeliveryRun::new(words, &delivery(DeliveryFormat::Wav24, Dither::None), file).expect("a ring");
        assert_eq!(run.step(), Ok(Step::Going(0)));
        ring.end(state);
        assert_eq!(run.step().map_err(|error: StoreError| error.to_string()), Err(expected.into()));
    }
}

#[test]
fn a_file_over_four_gibibytes_gets_long_sizes_in_a_header_of_the_same_length() {
    let (short, long) = (header(SampleFormat::F32, 48_000, 2, 1000), header(SampleFormat::F32, 48_000, 2, 5 << 30));
    assert_eq!(short.len(), long.len());
    assert_eq!((&short[..4], &short[12..16]), (&b"RIFF"[..], &b"JUNK"[..]));
    assert_eq!((&long[..4], &long[12..16]), (&b"RF64"[..], &b"ds64"[..]));
    assert_eq!(long[28..36], (5_u64 << 30).to_le_bytes());
    assert_eq!(long[long.len() - 4..], u32::MAX.to_le_bytes());
}

#[test]
fn a_download_has_a_name_that_every_disk_takes() {
    assert_eq!(safe_file_name("Mix/1: <b>?.wav"), "Mix_1_ _b__.wav");
    assert_eq!(safe_file_name("rtl-\u{202e}gnp.wav"), "rtl-_gnp.wav");
    assert_eq!(safe_file_name(".."), "Headroom");
    assert_eq!(safe_file_name("Grüße 🎸.wav"), "Grüße 🎸.wav");
}
