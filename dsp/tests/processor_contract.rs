//! What every processor promises while it runs, asked of each in the list.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use dsp::params::{Flags, ProcessorSpec, Smoothing};
use dsp::primitives::filter_design::{Biquad, butterworth_quality};
use dsp::processors::{Key, Processor, SPECS, Stereo, build};
use support::{Clip, Noise, db, made, run};

const RATE_HZ: f64 = 48_000.0;
const SPLITS: [usize; 5] = [1, 7, 64, 441, 1024];

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

/// Counts the allocations of the thread that asks.
struct Counting;

// SAFETY: every call goes on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn new(spec: &ProcessorSpec) -> Box<dyn Processor> {
    build(spec.id, RATE_HZ).expect("every declaration has its processor")
}

/// Sets every parameter to a value in range.
fn scatter(processor: &mut dyn Processor, noise: &mut Noise) {
    for (index, param) in processor.spec().params.iter().enumerate() {
        let position = match (noise.unit() * 8.0) as u32 {
            0 => 0.0,
            1 => 1.0,
            _ => noise.unit(),
        };
        processor.set(index, param.from_position(position));
    }
}

/// Settings at which a processor that is there to change even quiet sound hands it on as it is; the others do so at their defaults.
fn transparent(spec: &ProcessorSpec) -> Box<dyn Processor> {
    let values: &[(&str, f32)] = match spec.id {
        "gate" | "deesser" => &[("range", 0.0)],
        "delay" | "reverb" => &[("mix", 0.0)],
        _ => &[],
    };
    made(spec.id, RATE_HZ, values)
}

/// A processor at scattered values, taken at once.
fn scattered(spec: &ProcessorSpec, seed: u64) -> Box<dyn Processor> {
    let mut processor = new(spec);
    scatter(processor.as_mut(), &mut Noise::new(seed));
    processor.reset();
    processor
}

#[test]
fn splitting_a_stretch_gives_the_same_bits() {
    let clip = Clip::noise(6_000, 0.7, 5);
    for spec in SPECS {
        for seed in 0..12 {
            let whole = run(scattered(spec, seed).as_mut(), &clip, 128).bits();
            for split in SPLITS {
                assert!(run(scattered(spec, seed).as_mut(), &clip, split).bits() == whole, "{} seed {seed}, calls of {split}", spec.id);
            }
        }
    }
}

#[test]
fn a_running_cross_fade_does_not_depend_on_the_split() {
    for spec in SPECS {
        for (index, param) in spec.params.iter().enumerate().filter(|(_, param)| param.is_discrete()) {
            let go = |split| {
                let mut processor = scattered(spec, 3);
                let before = run(processor.as_mut(), &Clip::noise(1_000, 0.5, 1), 128);
                processor.set(index, if param.default > param.min { param.min } else { param.max });
                let during = run(processor.as_mut(), &Clip::noise(3_000, 0.5, 2), split);
                (before, during)
            };
            assert!(go(64) == go(441), "{} {}", spec.id, param.id);
        }
    }
}

#[test]
fn reset_gives_the_same_bits_again() {
    let clip = Clip::noise(4_000, 0.7, 8);
    for spec in SPECS {
        let mut processor = scattered(spec, 21);
        let first = run(processor.as_mut(), &clip, 128).bits();
        processor.reset();
        assert!(run(processor.as_mut(), &clip, 128).bits() == first, "{}", spec.id);
    }
}

#[test]
fn anything_that_goes_in_comes_out_finite() {
    for spec in SPECS {
        for seed in 0..40 {
            let mut noise = Noise::new(seed + 100);
            let mut processor = new(spec);
            for _ in 0..30 {
                scatter(processor.as_mut(), &mut noise);
                let mut clip = Clip::noise(200, [1.0, 1e5, 1e30][seed as usize % 3], seed);
                for strange in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN_POSITIVE / 2.0] {
                    clip.left[(noise.unit() * 199.0) as usize] = strange;
                    clip.right[(noise.unit() * 199.0) as usize] = strange;
                }
                let out = run(processor.as_mut(), &clip, 64);
                assert!(out.samples().all(|sample| sample.is_finite()), "{} seed {seed}", spec.id);
                assert!(processor.take_reduction_db() <= 0.0, "{} seed {seed}", spec.id);
            }
        }
    }
}

#[test]
fn it_recovers_from_what_is_not_a_number() {
    for spec in SPECS {
        let mut processor = new(spec);
        let mut poison = Clip::noise(512, 0.5, 1);
        poison.left[100] = f32::NAN;
        poison.right[200] = f32::INFINITY;
        run(processor.as_mut(), &poison, 128);
        run(processor.as_mut(), &Clip::silence(48_000), 128);
        let tail = Clip::silence(processor.tail_frames());
        run(processor.as_mut(), &tail, 128);
        let sine = Clip::sine(48_000, RATE_HZ, 1_000.0, 0.1);
        let (heard, fresh) = (run(processor.as_mut(), &sine, 128).peak(), run(new(spec).as_mut(), &sine, 128).peak());
        // A reverb's slow modulation has gone on meanwhile.
        assert!((heard - fresh).abs() < 0.05 * fresh, "{}: {heard}, a new one gives {fresh}", spec.id);
    }
}

#[test]
fn a_minute_of_silence_ends_in_silence_without_subnormals() {
    for spec in SPECS {
        for seed in 0..3 {
            let mut processor = scattered(spec, seed);
            run(processor.as_mut(), &Clip::noise(9_600, 0.8, seed), 128);
            let out = run(processor.as_mut(), &Clip::silence(60 * 48_000), 1024);
            let last = &out.left[59 * 48_000..];
            assert!(last.iter().all(|sample| !sample.is_subnormal()), "{} seed {seed} leaves subnormals", spec.id);
            assert!(last.iter().all(|sample| sample.abs() < 1e-6), "{} seed {seed} does not end", spec.id);
        }
    }
}

#[test]
fn the_tail_is_over_when_it_says_so() {
    for spec in SPECS {
        for seed in 0..6 {
            let mut processor = scattered(spec, seed);
            // What a listen function lets through is no part of any render.
            for (index, param) in spec.params.iter().enumerate().filter(|(_, param)| param.flags.has(Flags::MONITOR)) {
                processor.set(index, param.default);
            }
            processor.reset();
            let tail = processor.tail_frames() + processor.latency_frames();
            assert!(tail <= 61 * 48_000, "{}", spec.id);
            let during = run(processor.as_mut(), &Clip::noise(9_600, 0.8, seed), 128).peak();
            let rest = run(processor.as_mut(), &Clip::silence(tail + 4_800), 1024);
            let loudest = during.max(rest.peak()).max(1e-3);
            let after = rest.left[tail..].iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
            assert!(after <= loudest * 1e-3, "{} seed {seed}: {:.1} dB after {tail} frames", spec.id, db((after / loudest) as f64));
        }
    }
}

#[test]
fn the_latency_that_is_reported_is_the_one_that_is_there() {
    for spec in SPECS {
        let affecting: Vec<usize> = (0..spec.params.len()).filter(|index| spec.params[*index].flags.has(Flags::AFFECTS_LATENCY)).collect();
        for position in [0.0, 0.3, 1.0] {
            let mut processor = transparent(spec);
            for index in &affecting {
                processor.set(*index, spec.params[*index].from_position(position));
            }
            processor.reset();
            let latency = processor.latency_frames();
            let out = run(processor.as_mut(), &Clip::impulse(latency + 100), 128);
            let loudest = (0..out.frames()).max_by(|a, b| out.left[*a].abs().total_cmp(&out.left[*b].abs()));
            assert_eq!(loudest, Some(latency), "{} at {position}", spec.id);
        }
    }
}

#[test]
fn other_parameters_leave_the_latency_alone() {
    for spec in SPECS {
        let mut processor = new(spec);
        let latency = processor.latency_frames();
        for (index, param) in spec.params.iter().enumerate().filter(|(_, param)| !param.flags.has(Flags::AFFECTS_LATENCY)) {
            processor.set(index, param.max);
            assert_eq!(processor.latency_frames(), latency, "{} {}", spec.id, param.id);
        }
    }
}

#[test]
fn process_and_set_do_not_allocate() {
    for spec in SPECS {
        let mut noise = Noise::new(77);
        let mut processor = new(spec);
        // What changes the latency is only ever set between blocks: the first time it may make room.
        for (index, param) in spec.params.iter().enumerate().filter(|(_, param)| param.flags.has(Flags::AFFECTS_LATENCY)) {
            processor.set(index, param.max);
        }
        let mut clip = Clip::noise(1_024, 0.9, 1);
        let key = Clip::noise(1_024, 0.9, 2);
        let before = ALLOCATIONS.with(Cell::get);
        for _ in 0..100 {
            scatter(processor.as_mut(), &mut noise);
            let stereo = Stereo { left: &mut clip.left, right: &mut clip.right };
            processor.process(stereo, Some(Key { left: &key.left, right: &key.right }));
        }
        processor.reset();
        assert_eq!(ALLOCATIONS.with(Cell::get), before, "{} allocates", spec.id);
    }
}

#[test]
fn quiet_sound_is_handed_on_as_it_is() {
    let clip = Clip::noise(9_600, 0.05, 4);
    for spec in SPECS {
        let mut processor = transparent(spec);
        let out = run(processor.as_mut(), &clip, 128);
        let latency = processor.latency_frames();
        assert!(out.left[latency..] == clip.left[..9_600 - latency], "{}", spec.id);
        assert!(out.right[latency..] == clip.right[..9_600 - latency], "{}", spec.id);
    }
}

/// Energy of a signal's fourth difference, which a 100 Hz sine hardly has and a click has plenty of.
fn roughness(samples: &[f32]) -> f32 {
    samples.windows(5).map(|w| (w[0] - 4.0 * w[1] + 6.0 * w[2] - 4.0 * w[3] + w[4]).abs()).fold(0.0, f32::max)
}

#[test]
fn what_is_not_smoothed_does_not_click() {
    // A jump of a fifth of the sine would show as 0.1 and more.
    const CLICK: f32 = 0.02;
    let clip = Clip::sine(24_000, RATE_HZ, 100.0, 0.5);
    for spec in SPECS {
        for (index, param) in spec.params.iter().enumerate() {
            if param.smoothing != Smoothing::None {
                continue;
            }
            let mut processor = made(spec.id, RATE_HZ, spec.presets[1].values);
            run(processor.as_mut(), &clip, 128);
            for value in [param.max, param.min, param.default] {
                processor.set(index, value);
                let out = run(processor.as_mut(), &clip, 128);
                let worst = roughness(&out.left[..]).max(roughness(&out.right[..]));
                assert!(worst < CLICK, "{} {} to {value}: {worst}", spec.id, param.id);
            }
        }
    }
}

/// A sine while one parameter runs through its whole range in a quarter of a second, told anew each `grain` frames.
fn swept(spec: &ProcessorSpec, index: usize, grain: usize) -> Clip {
    const SWEEP_FRAMES: usize = 12_000;
    let mut processor = made(spec.id, RATE_HZ, spec.presets[0].values);
    processor.set(index, spec.params[index].from_position(0.0));
    processor.reset();
    run(processor.as_mut(), &Clip::sine(9_600, RATE_HZ, 1_000.0, 0.5), 480);
    let mut out = Clip::sine(SWEEP_FRAMES, RATE_HZ, 1_000.0, 0.5);
    for at in (0..SWEEP_FRAMES).step_by(grain) {
        let end = at + grain;
        processor.set(index, spec.params[index].from_position(end as f32 / SWEEP_FRAMES as f32));
        processor.process(Stereo { left: &mut out.left[at..end], right: &mut out.right[at..end] }, None);
    }
    out
}

/// What lies above 1.5 kHz, 24 dB/oct: steps of 16 frames around a tone of 1 kHz sound at 2 kHz and higher.
fn above_the_tone(samples: &[f64]) -> Vec<f64> {
    let omega = 2.0 * std::f64::consts::PI * 1_500.0 / RATE_HZ;
    let mut out = samples.to_vec();
    for section in 0..2 {
        let high_pass = Biquad::high_pass(omega, butterworth_quality(4, section));
        let (mut s1, mut s2) = (0.0, 0.0);
        for sample in &mut out {
            let x = *sample;
            let y = high_pass.b[0] * x + s1;
            s1 = high_pass.b[1] * x - high_pass.a[0] * y + s2;
            s2 = high_pass.b[2] * x - high_pass.a[1] * y;
            *sample = y;
        }
    }
    out
}

#[test]
fn a_sweep_in_the_engine_s_grains_is_within_ninety_decibels_of_one_frame_by_frame() {
    // Automation moves every 16 frames.
    const GRAIN: usize = 16;
    for spec in SPECS {
        let first_group = spec.params.iter().map(|param| param.group).find(|group| !group.is_empty()).unwrap_or("");
        for (index, param) in spec.params.iter().enumerate() {
            let is_alike = !param.group.is_empty() && param.group != first_group;
            if is_alike || param.smoothing == Smoothing::None || !param.flags.has(Flags::AUTOMATABLE) {
                continue;
            }
            let (grains, frames) = (swept(spec, index, GRAIN), swept(spec, index, 1));
            let difference: Vec<f64> = grains.left.iter().zip(&frames.left).map(|(a, b)| f64::from(a - b)).collect();
            let energy: f64 = above_the_tone(&difference).iter().map(|sample| sample * sample).sum();
            // A boost may bring the output far above full scale: what it adds is measured against that.
            let loudest = f64::from(frames.peak()).max(1.0);
            let zipper_db = 0.5 * db(energy / grains.frames() as f64) - db(loudest);
            assert!(zipper_db <= -90.0, "{} {}: {zipper_db:.1} dB", spec.id, param.id);
        }
    }
}
