//! What every processor promises, asked of each in the list.

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use dsp::params::{Flags, ProcessorSpec, Unit};
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
fn the_ids_are_the_ones_in_every_saved_file() {
    let ids: Vec<_> = SPECS.iter().map(|spec| spec.id).collect();
    assert_eq!(
        ids,
        [
            "equalizer",
            "compressor",
            "gate",
            "deesser",
            "transient",
            "multiband",
            "imager",
            "saturator",
            "clipper",
            "delay",
            "reverb",
            "limiter",
            "utility"
        ]
    );
    let params = |id| -> Vec<&str> {
        let spec = dsp::processors::spec(id).expect("a processor");
        spec.params.iter().map(|param| param.id).collect()
    };
    assert_eq!(params("equalizer").len(), 147);
    assert_eq!(
        params("equalizer")[..13],
        [
            "band1_on",
            "band1_shape",
            "band1_frequency",
            "band1_gain",
            "band1_q",
            "band1_slope",
            "band1_placement",
            "band1_dynamic",
            "band1_threshold",
            "band1_range",
            "band1_attack",
            "band1_release",
            "band2_on"
        ]
    );
    assert_eq!(params("equalizer")[143..], ["band12_release", "output", "gain_scale", "auto_gain"]);
    assert_eq!(
        params("compressor"),
        [
            "threshold",
            "ratio",
            "knee",
            "attack",
            "release",
            "auto_release",
            "hold",
            "lookahead",
            "detector",
            "range",
            "makeup",
            "auto_makeup",
            "mix",
            "link",
            "key_filter",
            "key_high_pass",
            "key_low_pass",
            "key_listen"
        ]
    );
    assert_eq!(
        params("gate"),
        [
            "threshold",
            "hysteresis",
            "ratio",
            "range",
            "attack",
            "hold",
            "release",
            "lookahead",
            "key_filter",
            "key_high_pass",
            "key_low_pass",
            "key_listen"
        ]
    );
    assert_eq!(params("deesser"), ["mode", "frequency", "threshold", "range", "attack", "release", "lookahead", "listen"]);
    assert_eq!(params("transient"), ["attack", "sustain", "output"]);
    assert_eq!(
        params("delay"),
        ["time", "in_beats", "note", "tempo", "ping_pong", "feedback", "low_cut", "high_cut", "ducking", "duck_threshold", "width", "mix"]
    );
    assert_eq!(params("reverb"), ["kind", "pre_delay", "decay", "size", "damping", "modulation", "low_cut", "high_cut", "width", "mix"]);
    assert_eq!(
        params("limiter"),
        [
            "gain",
            "ceiling",
            "style",
            "lookahead",
            "attack",
            "release",
            "auto_release",
            "link_transients",
            "link_release",
            "true_peak",
            "unity_listen",
            "delta_listen"
        ]
    );
    assert_eq!(params("multiband").len(), 107);
    assert_eq!(
        params("multiband")[..27],
        [
            "bands",
            "slope",
            "split1",
            "split2",
            "split3",
            "split4",
            "split5",
            "link",
            "lookahead",
            "mix",
            "output",
            "band1_on",
            "band1_solo",
            "band1_threshold",
            "band1_ratio",
            "band1_knee",
            "band1_attack",
            "band1_release",
            "band1_auto_release",
            "band1_hold",
            "band1_detector",
            "band1_range",
            "band1_up_threshold",
            "band1_up_ratio",
            "band1_up_range",
            "band1_gain",
            "band1_auto_makeup"
        ]
    );
    assert_eq!(
        params("imager"),
        ["bands", "split1", "split2", "split3", "width1", "width2", "width3", "width4", "mono_on", "mono_below", "rotation", "balance"]
    );
    assert_eq!(params("saturator"), ["style", "drive", "bias", "tone", "mix", "output", "level_match", "oversampling"]);
    assert_eq!(params("clipper"), ["gain", "ceiling", "knee", "oversampling", "delta_listen"]);
    assert_eq!(params("utility"), ["gain", "polarity_left", "polarity_right", "swap", "mono", "width", "remove_dc", "delay"]);
}

#[test]
fn ids_and_names_are_unique_and_defaults_lie_in_their_ranges() {
    for spec in SPECS {
        for (index, param) in spec.params.iter().enumerate() {
            assert!(param.min < param.max, "{} {}", spec.id, param.id);
            assert_eq!(param.clamp(param.default), param.default, "{} {}", spec.id, param.id);
            assert!(!param.help.is_empty() && param.steps.fine <= param.steps.step, "{} {}", spec.id, param.id);
            for other in &spec.params[..index] {
                assert!(param.id != other.id && param.name != other.name, "{} {}", spec.id, param.id);
            }
            if param.flags.has(Flags::AFFECTS_LATENCY) || param.flags.has(Flags::MONITOR) {
                assert!(!param.flags.has(Flags::AUTOMATABLE), "{} {}", spec.id, param.id);
            }
        }
    }
}

#[test]
fn values_survive_being_written_and_typed_back() {
    for spec in SPECS {
        for param in spec.params {
            for step in 0..=50 {
                let value = param.from_position(step as f32 / 50.0);
                let text = param.text(value);
                let parsed = param.parse(&text).unwrap_or_else(|_| panic!("{} {}: {text}", spec.id, param.id));
                assert_eq!(param.text(parsed), text, "{} {}", spec.id, param.id);
            }
        }
    }
}

#[test]
fn presets_name_existing_parameters_within_their_ranges() {
    for spec in SPECS {
        assert!(spec.presets.len() >= 5, "{} has {} presets", spec.id, spec.presets.len());
        for preset in spec.presets {
            assert!(!preset.values.is_empty(), "{} {}", spec.id, preset.name);
            for (id, value) in preset.values {
                let index = spec.index_of(id).unwrap_or_else(|| panic!("{} {}: {id}", spec.id, preset.name));
                let param = &spec.params[index];
                assert_eq!(param.clamp(*value), *value, "{} {}: {id}", spec.id, preset.name);
                assert!(!param.flags.has(Flags::MONITOR), "{} {}: {id}", spec.id, preset.name);
            }
        }
    }
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
fn switches_do_not_click() {
    // A jump of a fifth of the sine would show as 0.1 and more.
    const CLICK: f32 = 0.02;
    let clip = Clip::sine(24_000, RATE_HZ, 100.0, 0.5);
    for spec in SPECS {
        for (index, param) in spec.params.iter().enumerate() {
            if !matches!(param.unit, Unit::Toggle | Unit::Choice(_)) && !param.flags.has(Flags::AFFECTS_LATENCY) {
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
