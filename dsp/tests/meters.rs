//! The meters against EBU Tech 3341 and 3342 (every case that can be synthesised), against the `ebur128` crate, and their promises.
#![allow(clippy::disallowed_methods, reason = "test signals and references need not have equal bits everywhere")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::f64::consts::TAU;

use dsp::meters::proof::{CASES, Case, Proof, prove};
use dsp::meters::spectrum::{Size, Spectrum};
use dsp::meters::{Goniometer, KScale, Loudness, MasterMeter, POINTS, REFERENCE_DB, SURROUND_5_0, StripMeter, Vu};
use dsp::units::{db_to_gain, gain_to_db};

const RATE_HZ: f64 = 48_000.0;

fn frames(seconds: f64) -> usize {
    (seconds * RATE_HZ).round() as usize
}

/// A 1 kHz sine through steps of (seconds, peak dBFS), its phase running on; −∞ is silence.
fn steps(parts: &[(f64, f64)]) -> Vec<f32> {
    let mut out = Vec::new();
    for &(seconds, level_db) in parts {
        let gain = db_to_gain(level_db);
        for _ in 0..frames(seconds) {
            out.push((gain * (TAU * 1_000.0 * out.len() as f64 / RATE_HZ).sin()) as f32);
        }
    }
    out
}

fn measure(mono: &[f32]) -> MasterMeter {
    let mut meter = MasterMeter::new(RATE_HZ);
    meter.process(mono, mono);
    meter
}

fn near(value: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((value - expected).abs() <= tolerance, "{what}: {value} instead of {expected} ± {tolerance}");
}

#[test]
fn every_stereo_case_of_ebu_3341_and_3342_passes_at_every_rate() {
    for rate_hz in [44_100.0, RATE_HZ, 96_000.0] {
        for case in CASES {
            for proof in prove(case, rate_hz) {
                let Proof { reading, expected, read, passes } = proof;
                assert!(passes, "{} at {rate_hz} Hz: {} of {read:.3} instead of {expected}", case.name, reading.name());
            }
        }
    }
}

#[test]
fn a_case_that_is_not_met_is_told() {
    let wrong = Case { expected: -22.0, ..CASES[0] };
    let proofs = prove(&wrong, RATE_HZ);
    assert_eq!(proofs.len(), 3);
    for proof in proofs {
        assert!(!proof.passes && proof.expected == -22.0);
        near(proof.read, -23.0, 0.1, proof.reading.name());
    }
}

#[test]
fn ebu_3341_case_6_weighs_the_surround_channels() {
    let [front, centre, surround] = [-28.0, -24.0, -30.0].map(|level| steps(&[(20.0, level)]));
    let silence = vec![0.0; front.len()];
    let mut meter = Loudness::new(RATE_HZ, SURROUND_5_0);
    meter.process([[&front, &front], [&centre, &silence], [&surround, &surround]]);
    near(meter.integrated_lufs(), -23.0, 0.1, "integrated");
}

/// Uniform numbers in −1 to 1 from a fixed seed (a 64-bit linear congruential generator, Knuth's constants).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }
}

/// Stereo noise with the spectrum and the ups and downs of a programme: two leaky integrators under a slow, uneven envelope.
fn programme(rate_hz: f64, seconds: f64) -> [Vec<f32>; 2] {
    let mut noise = Noise(7);
    let mut sides = [Vec::new(), Vec::new()];
    let (mut low, mut mid, mut level) = ([0.0; 2], [0.0; 2], 0.3);
    for at in 0..(rate_hz * seconds) as usize {
        if at % (rate_hz as usize / 3) == 0 {
            level = 0.02 + 0.5 * noise.next().abs();
        }
        let common = noise.next();
        for side in 0..2 {
            low[side] += 0.01 * (common + 0.4 * noise.next() - low[side]);
            mid[side] += 0.2 * (0.5 * common + noise.next() - mid[side]);
            sides[side].push((level * (4.0 * low[side] + 0.5 * mid[side])) as f32);
        }
    }
    sides
}

#[test]
fn programme_like_noise_reads_as_the_ebur128_crate_reads_it_at_every_rate() {
    for rate_hz in [44_100.0, 48_000.0, 96_000.0] {
        let [left, right] = programme(rate_hz, 30.0);
        let mut ours = MasterMeter::new(rate_hz);
        ours.process(&left, &right);
        let mut theirs = ebur128::EbuR128::new(2, rate_hz as u32, ebur128::Mode::all()).unwrap();
        theirs.add_frames_planar_f32(&[&left, &right]).unwrap();
        near(ours.integrated_lufs(), theirs.loudness_global().unwrap(), 0.01, "integrated");
        near(ours.momentary_lufs(), theirs.loudness_momentary().unwrap(), 0.01, "momentary");
        near(ours.short_term_lufs(), theirs.loudness_shortterm().unwrap(), 0.01, "short-term");
        let peak = theirs.true_peak(0).unwrap().max(theirs.true_peak(1).unwrap());
        near(gain_to_db(f64::from(ours.true_peak_max())), gain_to_db(peak), 0.05, "true peak");
    }
}

/// All readings as bits, so that equal means equal.
fn readings(meter: &mut MasterMeter) -> Vec<u64> {
    let peaks = meter.take_true_peak();
    let floats = [
        meter.momentary_lufs(),
        meter.momentary_max_lufs(),
        meter.short_term_lufs(),
        meter.short_term_max_lufs(),
        meter.integrated_lufs(),
        meter.range_lu(),
        meter.correlation(),
        f64::from(meter.true_peak_max()),
        meter.plr_lu(),
        meter.psr_lu(),
        f64::from(peaks[0]),
        f64::from(peaks[1]),
    ];
    floats.into_iter().map(f64::to_bits).chain([meter.measured_frames()]).collect()
}

#[test]
fn how_the_audio_is_split_does_not_change_a_reading() {
    let [left, right] = programme(44_100.0, 5.0);
    let read = |sizes: &[usize]| {
        let (mut meter, mut strip) = (MasterMeter::new(44_100.0), StripMeter::new(44_100.0));
        let mut at = 0;
        for size in sizes.iter().cycle() {
            let end = (at + size).min(left.len());
            meter.process(&left[at..end], &right[at..end]);
            strip.process(&left[at..end], &right[at..end]);
            at = end;
            if at == left.len() {
                break;
            }
        }
        (readings(&mut meter), strip.take_peaks(), strip.rms())
    };
    let whole = read(&[left.len()]);
    for sizes in [&[1][..], &[7], &[64], &[441], &[1_024], &[3, 130, 1, 60]] {
        assert_eq!(read(sizes), whole, "in pieces of {sizes:?}");
    }
}

#[test]
fn correlation_tells_mono_from_opposite_sides_and_from_unrelated_ones() {
    let mut noise = Noise(3);
    let [one, other]: [Vec<f32>; 2] = std::array::from_fn(|_| (0..frames(2.0)).map(|_| noise.next() as f32).collect());
    let opposite: Vec<f32> = one.iter().map(|sample| -sample).collect();
    for (right, expected, tolerance) in
        [(&one, 1.0, 1.0e-9), (&opposite, -1.0, 1.0e-9), (&other, 0.0, 0.05), (&vec![0.0; one.len()], 0.0, 0.0)]
    {
        let mut meter = MasterMeter::new(RATE_HZ);
        meter.process(&one, right);
        near(meter.correlation(), expected, tolerance, "correlation");
    }
}

#[test]
fn vu_reaches_99_per_cent_in_300_ms_and_overshoots_by_a_little() {
    let tone = steps(&[(2.0, REFERENCE_DB)]);
    let mut meter = Vu::new(RATE_HZ);
    let reads: Vec<f64> = tone
        .chunks(48)
        .map(|chunk| {
            meter.process(chunk);
            meter.read()
        })
        .collect();
    let reached = reads.iter().position(|read| *read >= 20.0 * 0.99_f64.log10()).expect("the needle arrives");
    assert!((270..=330).contains(&reached), "{reached} ms");
    let overshoot = 10.0_f64.powf(reads.iter().copied().fold(f64::MIN, f64::max) / 20.0);
    assert!((1.01..1.02).contains(&overshoot), "{overshoot}");
    near(reads[1_999], 0.0, 0.02, "VU of the alignment level");
}

#[test]
fn the_k_scales_put_their_headroom_above_zero() {
    for (scale, headroom) in [(KScale::K12, 12.0), (KScale::K14, 14.0), (KScale::K20, 20.0)] {
        near(scale.of_rms(db_to_gain(-headroom) / std::f64::consts::SQRT_2), 0.0, 1.0e-9, "a sine at zero");
    }
}

#[test]
fn peak_to_loudness_ratios_follow_from_peak_and_loudness() {
    let meter = measure(&steps(&[(10.0, -10.0), (5.0, -30.0)]));
    near(meter.plr_lu(), gain_to_db(f64::from(meter.true_peak_max())) - meter.integrated_lufs(), 1.0e-9, "PLR");
    // A tone on both channels is as loud as its peak is high.
    near(meter.psr_lu(), 0.0, 0.1, "PSR of the quiet end");
    assert!(MasterMeter::new(RATE_HZ).psr_lu().is_nan() && MasterMeter::new(RATE_HZ).plr_lu().is_nan());
}

#[test]
fn the_histogram_counts_short_term_windows_by_loudness() {
    let counts = measure(&steps(&[(13.0, -20.5), (3.0, -40.5)])).short_term_counts();
    assert_eq!(counts.iter().sum::<u32>(), 131);
    assert!(counts[49] >= 100 && counts[29] >= 1, "{counts:?}");
}

#[test]
fn the_goniometer_stands_upright_for_mono_and_lies_for_side() {
    let mut gonio = Goniometer::new(7);
    let tone = steps(&[(0.5, -6.0)]);
    let opposite: Vec<f32> = tone.iter().map(|sample| -sample).collect();
    gonio.process(&tone, &tone);
    assert_eq!(gonio.points().count(), POINTS);
    assert!(gonio.points().all(|[side, _]| side == 0.0) && gonio.points().any(|[_, mid]| mid > 0.6));
    gonio.process(&tone, &opposite);
    assert!(gonio.points().all(|[_, mid]| mid == 0.0));
    gonio.reset();
    assert_eq!(gonio.points().count(), 0);
}

#[test]
fn the_spectrum_reads_a_sine_at_its_level_in_its_row_and_tilts() {
    for size in [Size::Frames4096, Size::Frames8192, Size::Frames16384] {
        let mut spectrum = Spectrum::new(RATE_HZ, size);
        let hz = 85.0 * RATE_HZ / 4_096.0;
        let tone: Vec<f32> = (0..20_000).map(|at| (0.5 * (TAU * hz * at as f64 / RATE_HZ).sin()) as f32).collect();
        spectrum.process(&tone, &tone);
        spectrum.analyse(1.0);
        let (mut levels, mut tilted) = ([0.0f32; 100], [0.0f32; 100]);
        spectrum.levels(20.0, 20_000.0, 0.0, &mut levels);
        spectrum.column(20.0, 20_000.0, 4.5, &mut tilted);
        let row = (0..100).max_by(|a, b| levels[*a].total_cmp(&levels[*b])).expect("rows");
        assert_eq!(row, (100.0 * (hz / 20.0).log2() / 1_000.0_f64.log2()) as usize);
        near(f64::from(levels[row]), -6.02, 0.05, "a sine of half scale");
        assert!(levels[10] < -90.0 && levels[95] < -90.0);
        let octaves = ((20.0 * 1_000.0_f64.powf((row as f64 + 0.5) / 100.0)) / 1_000.0).log2();
        near(f64::from(tilted[row] - levels[row]), 4.5 * octaves, 0.01, "tilt");
        spectrum.process(&vec![0.0; 20_000], &vec![0.0; 20_000]);
        spectrum.analyse(0.5);
        spectrum.levels(20.0, 20_000.0, 0.0, &mut levels);
        near(f64::from(levels[row]), -9.03, 0.05, "half the mean");
    }
}

#[test]
fn parts_of_the_range_have_their_power_and_each_its_own_correlation() {
    for size in [Size::Frames4096, Size::Frames8192, Size::Frames16384] {
        let mut spectrum = Spectrum::new(RATE_HZ, size);
        let sine = |hz: f64, at: usize| 0.4 * (TAU * hz * at as f64 / RATE_HZ).sin();
        let side = |sign: f64, share: f64| -> Vec<f32> {
            // Alike at 100 Hz, turned upside down at 3 kHz, a quarter turn apart at 10 kHz; between them nothing.
            let quarter = |at: usize| 0.4 * (TAU * (10_000.0 * at as f64 / RATE_HZ + share)).sin();
            (0..20_000).map(|at| (sine(100.0, at) + sign * sine(3_000.0, at) + quarter(at)) as f32).collect()
        };
        spectrum.process(&side(1.0, 0.0), &side(-1.0, 0.25));
        spectrum.analyse(1.0);
        near(f64::from(spectrum.power_db(20.0, 500.0)), -10.97, 0.05, "a sine's mean square");
        near(f64::from(spectrum.power_db(20.0, 20_000.0)), -6.2, 0.05, "three sines");
        for (low_hz, high_hz, expected) in [(20.0, 500.0, 1.0), (1_000.0, 5_000.0, -1.0), (8_000.0, 12_000.0, 0.0)] {
            near(spectrum.correlation(low_hz, high_hz).expect("sound"), expected, 0.01, "correlation");
        }
        assert_eq!(spectrum.correlation(15_000.0, 20_000.0), None);
    }
}

#[test]
fn noise_of_known_power_stands_where_its_spectrum_stands() {
    let [noise, _] = programme(RATE_HZ, 20.0);
    let mut spectrum = Spectrum::new(RATE_HZ, Size::Frames4096);
    for (at, piece) in noise.chunks(2_048).enumerate() {
        spectrum.process(piece, piece);
        spectrum.analyse(1.0 / (at + 1) as f32);
    }
    let power = spectrum.power_db(900.0, 1_100.0);
    let mut levels = [0.0f32; 400];
    spectrum.levels(900.0, 1_100.0, 0.0, &mut levels);
    let mean = levels.iter().map(|level| f64::from(*level)).sum::<f64>() / 400.0;
    near(f64::from(spectrum.level_of_noise_db(power, 900.0, 1_100.0)), mean, 0.5, "the level of noise");
}

#[test]
fn a_strip_reads_peak_rms_and_samples_over_full_scale() {
    let mut meter = StripMeter::new(RATE_HZ);
    let mut left = steps(&[(1.0, -6.0)]);
    left[100..103].fill(-1.5);
    meter.process(&left[..frames(0.5)], &vec![0.25; frames(0.5)]);
    assert_eq!((meter.take_peaks(), meter.peak_max(), meter.clipped()), ([1.5, 0.25], 1.5, 3));
    meter.process(&left[frames(0.5)..], &vec![0.25; frames(0.5)]);
    near(gain_to_db(f64::from(meter.rms()[0])), -9.01, 0.01, "RMS of a sine");
    near(f64::from(meter.rms()[1]), 0.25, 1.0e-6, "RMS of a constant");
    meter.reset_peak();
    assert_eq!((meter.peak_max(), meter.clipped()), (0.0, 0));
}

#[test]
fn what_is_not_a_number_and_what_is_absurdly_loud_leaves_the_readings_finite_and_passes() {
    let mut signal = steps(&[(4.0, -20.0)]);
    signal[1_000] = f32::NAN;
    signal[2_000] = f32::INFINITY;
    signal[3_000] = f32::MAX;
    let mut meter = measure(&signal);
    assert!(meter.true_peak_max().is_finite() && meter.integrated_lufs().is_finite() && meter.correlation().is_finite());
    meter.take_true_peak();
    let quiet = steps(&[(4.0, -20.0)]);
    meter.process(&quiet, &quiet);
    near(meter.short_term_lufs(), -20.0, 0.1, "short-term afterwards");
    near(gain_to_db(f64::from(meter.take_true_peak()[0])), -20.0, 0.5, "true peak afterwards");
}

#[test]
fn a_reset_meter_reads_as_a_new_one() {
    let [left, right] = programme(RATE_HZ, 4.0);
    let mut fresh = MasterMeter::new(RATE_HZ);
    let mut used = MasterMeter::new(RATE_HZ);
    used.process(&right, &left);
    used.reset();
    fresh.process(&left, &right);
    used.process(&left, &right);
    assert_eq!(readings(&mut used), readings(&mut fresh));
}

struct CountingAllocator;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

#[test]
fn measuring_allocates_nothing() {
    let [left, right] = programme(RATE_HZ, 8.0);
    let (mut meter, mut strip) = (MasterMeter::new(RATE_HZ), StripMeter::new(RATE_HZ));
    let before = ALLOCATIONS.get();
    meter.process(&left, &right);
    strip.process(&left, &right);
    let sum = meter.integrated_lufs() + f64::from(meter.take_true_peak()[0]) + f64::from(strip.rms()[0]);
    assert!(sum.is_finite());
    assert_eq!(ALLOCATIONS.get(), before);
}

#[test]
fn the_weighting_at_a_frequency_is_that_of_the_standard() {
    // 0.691 dB at 997 Hz, of which the printed high-pass gives 0.04 dB everywhere: in a comparison that falls out.
    for (hz, db, tolerance) in [(997.0, 0.69, 0.05), (10_000.0, 4.0, 0.05), (38.0, -6.0, 0.2)] {
        near(10.0 * libm::log10(dsp::meters::k_weighting_power(hz)), db, tolerance, "the weighting");
    }
}
