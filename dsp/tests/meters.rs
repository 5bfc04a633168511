//! The meters against EBU Tech 3341 and 3342 (every case that can be synthesised), against the `ebur128` crate, and their promises.
#![allow(clippy::disallowed_methods, reason = "test signals and references need not have equal bits everywhere")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::f64::consts::{FRAC_PI_2, PI, TAU};

use dsp::meters::{Loudness, MasterMeter, SURROUND_5_0, StripMeter};
use dsp::units::{db_to_gain, gain_to_db};

const RATE_HZ: f64 = 48_000.0;
/// How often a live meter is read.
const POLL_FRAMES: usize = 480;

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

const SILENCE: f64 = f64::NEG_INFINITY;

fn measure(mono: &[f32]) -> MasterMeter {
    let mut meter = MasterMeter::new(RATE_HZ);
    meter.process(mono, mono);
    meter
}

/// Every reading that a reader polling at 100 Hz gets.
fn polled(mono: &[f32], read: impl Fn(&MasterMeter) -> f64) -> Vec<f64> {
    let mut meter = MasterMeter::new(RATE_HZ);
    mono.chunks(POLL_FRAMES)
        .map(|chunk| {
            meter.process(chunk, chunk);
            read(&meter)
        })
        .collect()
}

fn near(value: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((value - expected).abs() <= tolerance, "{what}: {value} instead of {expected} ± {tolerance}");
}

fn max(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

#[test]
fn ebu_3341_cases_1_and_2_read_a_steady_tone_alike_in_all_three_windows() {
    for level in [-23.0, -33.0] {
        let meter = measure(&steps(&[(20.0, level)]));
        near(meter.momentary_lufs(), level, 0.1, "momentary");
        near(meter.short_term_lufs(), level, 0.1, "short-term");
        near(meter.integrated_lufs(), level, 0.1, "integrated");
    }
}

#[test]
fn ebu_3341_cases_3_to_5_gate_quiet_passages_out() {
    let case_3 = [(10.0, -36.0), (60.0, -23.0), (10.0, -36.0)];
    let case_4 = [(10.0, -72.0), (10.0, -36.0), (60.0, -23.0), (10.0, -36.0), (10.0, -72.0)];
    let case_5 = [(20.0, -26.0), (20.1, -20.0), (20.0, -26.0)];
    for case in [&case_3[..], &case_4, &case_5] {
        near(measure(&steps(case)).integrated_lufs(), -23.0, 0.1, "integrated");
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

#[test]
fn ebu_3341_case_9_holds_short_term_still_after_three_seconds() {
    let signal = steps(&[(1.34, -20.0), (1.66, -30.0)].repeat(5));
    for reading in &polled(&signal, MasterMeter::short_term_lufs)[300..] {
        near(*reading, -23.0, 0.1, "short-term");
    }
}

#[test]
fn ebu_3341_case_10_finds_the_full_short_term_maximum_wherever_the_tone_starts() {
    for segment in 0..20 {
        let meter = measure(&steps(&[(f64::from(segment) * 0.15, SILENCE), (3.0, -23.0), (1.0, SILENCE)]));
        near(meter.short_term_max_lufs(), -23.0, 0.1, "maximum short-term");
    }
}

#[test]
fn ebu_3341_case_11_follows_rising_tones_in_the_short_term() {
    let mut parts = Vec::new();
    for segment in 0..20 {
        let delay = f64::from(segment) * 0.15;
        parts.extend([(delay, SILENCE), (3.0, f64::from(segment) - 38.0), (3.0 - delay, SILENCE)]);
    }
    let readings = polled(&steps(&parts), MasterMeter::short_term_lufs);
    for (segment, readings) in readings.chunks(600).enumerate() {
        near(max(readings), segment as f64 - 38.0, 0.1, "maximum short-term");
    }
}

#[test]
fn ebu_3341_case_12_holds_momentary_still_after_a_second() {
    let signal = steps(&[(0.18, -20.0), (0.22, -30.0)].repeat(25));
    for reading in &polled(&signal, MasterMeter::momentary_lufs)[100..] {
        near(*reading, -23.0, 0.1, "momentary");
    }
}

#[test]
fn ebu_3341_case_13_finds_the_full_momentary_maximum_wherever_the_burst_starts() {
    for segment in 0..20 {
        let meter = measure(&steps(&[(f64::from(segment) * 0.02, SILENCE), (0.4, -23.0), (1.0, SILENCE)]));
        near(meter.momentary_max_lufs(), -23.0, 0.1, "maximum momentary");
    }
}

#[test]
fn ebu_3341_case_14_follows_rising_bursts_in_the_momentary() {
    let mut parts = Vec::new();
    for segment in 0..20 {
        let delay = f64::from(segment) * 0.02;
        parts.extend([(delay, SILENCE), (0.4, f64::from(segment) - 38.0), (0.4 - delay, SILENCE)]);
    }
    let readings = polled(&steps(&parts), MasterMeter::momentary_lufs);
    for (segment, readings) in readings.chunks(80).enumerate() {
        near(max(readings), segment as f64 - 38.0, 0.1, "maximum momentary");
    }
}

fn assert_true_peak(signal: &[f32], expected_db: f64) {
    let reading = gain_to_db(f64::from(measure(signal).true_peak_max()));
    assert!((expected_db - 0.4..=expected_db + 0.2).contains(&reading), "{reading} dBTP instead of {expected_db}");
}

#[test]
fn ebu_3341_cases_15_to_19_find_the_peaks_between_samples() {
    for (divisor, gain, degrees, expected_db) in
        [(4.0, 0.5, 0.0, -6.0), (4.0, 0.5, 45.0, -6.0), (6.0, 0.5, 60.0, -6.0), (8.0, 0.5, 67.5, -6.0), (4.0, 1.41, 45.0, 3.0_f64)]
    {
        let (length, fade) = (frames(1.0), frames(0.01) as f64);
        let signal: Vec<f32> = (0..length)
            .map(|at| {
                let edge = (at.min(length - 1 - at) as f64 / fade).min(1.0);
                let phase = TAU * at as f64 / divisor + f64::to_radians(degrees);
                (gain * edge * edge * (3.0 - 2.0 * edge) * phase.sin()) as f32
            })
            .collect();
        assert_true_peak(&signal, expected_db);
    }
}

#[test]
fn ebu_3341_cases_20_to_23_find_one_loud_period_at_any_offset() {
    // At four times the rate: fs/6 at 0.5 with one period of fs/4 at 1.0 in the middle, the phase running on through both seams.
    let length = 4 * 4_800;
    let mut phase = 0.0_f64;
    let mut loud = 0.0;
    let source: Vec<f64> = (0..length)
        .map(|at| {
            let inside = at >= length / 2 && loud < TAU;
            let step = if inside { FRAC_PI_2 / 4.0 } else { PI / 3.0 / 4.0 };
            loud += if inside { step } else { 0.0 };
            let edge = (at.min(length - 1 - at) as f64 / 480.0).min(1.0);
            let value = edge * if inside { phase.sin() } else { 0.5 * phase.sin() };
            phase += step;
            value
        })
        .collect();
    let low_pass = windowed_sinc(0.45 / 4.0, 401);
    for offset in 0..4 {
        let signal: Vec<f32> = (offset..length).step_by(4).map(|at| convolved(&source, &low_pass, at) as f32).collect();
        assert_true_peak(&signal, 0.0);
    }
}

fn windowed_sinc(cutoff: f64, taps: usize) -> Vec<f64> {
    let middle = (taps - 1) as f64 / 2.0;
    let taps: Vec<f64> = (0..taps)
        .map(|tap| {
            let x = tap as f64 - middle;
            let sinc = if x == 0.0 { 2.0 * cutoff } else { (TAU * cutoff * x).sin() / (PI * x) };
            sinc * (0.42 + 0.5 * (PI * x / middle).cos() + 0.08 * (TAU * x / middle).cos())
        })
        .collect();
    let sum: f64 = taps.iter().sum();
    taps.into_iter().map(|tap| tap / sum).collect()
}

fn convolved(source: &[f64], filter: &[f64], at: usize) -> f64 {
    let half = filter.len() / 2;
    filter.iter().enumerate().filter_map(|(tap, gain)| source.get((at + tap).checked_sub(half)?).map(|value| value * gain)).sum()
}

#[test]
fn ebu_3342_cases_1_to_4_give_their_range() {
    let cases: [(&[f64], f64); 4] =
        [(&[-20.0, -30.0], 10.0), (&[-20.0, -15.0], 5.0), (&[-40.0, -20.0], 20.0), (&[-50.0, -35.0, -20.0, -35.0, -50.0], 15.0)];
    for (levels, range) in cases {
        let parts: Vec<(f64, f64)> = levels.iter().map(|&level| (20.0, level)).collect();
        near(measure(&steps(&parts)).range_lu(), range, 1.0, "range");
    }
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
