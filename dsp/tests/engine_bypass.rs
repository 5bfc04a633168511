//! Every processor's bypass: what goes around it is the input to the bit, at the right time, and neither way in nor way out clicks.

mod engine_support;

use dsp::engine::BLOCK_FRAMES;
use dsp::processors::SPECS;
use dsp::protocol::{Command, InsertId};
use engine_support::{RATE_HZ, Sound, Studio, bits, noise};

/// A preset's values in the order of the declaration.
fn values(spec: &dsp::params::ProcessorSpec) -> Vec<f32> {
    let given = |id: &str| spec.presets[1].values.iter().find(|(param, _)| *param == id).map(|(_, value)| *value);
    spec.params.iter().map(|param| given(param.id).unwrap_or(param.default)).collect()
}

fn studio(sound: Sound, processor: Option<&dsp::params::ProcessorSpec>) -> Studio {
    let mut studio = Studio::new(vec![sound]);
    if let Some(spec) = processor {
        studio.insert(1, 1, spec.id, &values(spec));
    }
    studio
}

fn bypass(studio: &mut Studio, bypassed: bool) {
    studio.apply(Command::SetBypass { insert: InsertId(1), bypassed });
}

#[test]
fn a_bypassed_processor_leaves_every_bit_alone() {
    for spec in SPECS {
        let plain = studio(noise(3), None).play_and_render(1, 0, 24_000);
        let mut bypassed = studio(noise(3), Some(spec));
        bypass(&mut bypassed, true);
        let latency = bypassed.engine.latency_frames();
        let tap = bypassed.play_and_render(1, 0, 24_000);
        assert!(bits(&tap[latency..]) == bits(&plain[..24_000 - latency]), "{}", spec.id);
    }
}

/// Greatest fourth difference, which a slow sine hardly has and a click has plenty of.
fn roughness(tap: &[[f32; 2]]) -> f32 {
    let at = |w: &[[f32; 2]], side: usize| (w[0][side] - 4.0 * w[1][side] + 6.0 * w[2][side] - 4.0 * w[3][side] + w[4][side]).abs();
    tap.windows(5).map(|w| at(w, 0).max(at(w, 1))).fold(0.0, f32::max)
}

#[test]
fn going_around_a_processor_and_back_does_not_click() {
    // A jump of a fiftieth of the sine would show.
    const CLICK: f32 = 0.02;
    let sine = || -> Sound { Box::new(|frame| [0.5 * libm::sin(2.0 * std::f64::consts::PI * 100.0 / RATE_HZ * frame as f64) as f32; 2]) };
    for spec in SPECS {
        let mut studio = studio(sine(), Some(spec));
        // Whole blocks: the stretches join without a gap.
        let mut tap = studio.play_and_render(1, 0, 200 * BLOCK_FRAMES);
        for bypassed in [true, false, true, false] {
            bypass(&mut studio, bypassed);
            tap.extend(studio.render(BLOCK_FRAMES * if bypassed { 80 } else { 8 }));
        }
        tap.extend(studio.render(200 * BLOCK_FRAMES));
        let worst = roughness(&tap[100 * BLOCK_FRAMES..]);
        assert!(worst < CLICK, "{}: {worst}", spec.id);
    }
}
