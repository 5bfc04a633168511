//! Switches cross over: around each one the output lies between what both settled states give, and ends at the new one's.

mod support;

use dsp::params::ProcessorSpec;
use dsp::processors::SPECS;
use support::switches::{Switch, inputs, switches};

/// −60 dBFS.
const BOUND: f32 = 1e-3;

/// The switches among these that leave the stretch, or have not arrived so many frames later, thrown at any of these frames.
fn loud(specs: impl Iterator<Item = &'static ProcessorSpec>, frames: &[usize], after_frames: usize) -> Vec<String> {
    let mut loud = Vec::new();
    let inputs = inputs(frames.iter().copied().max().unwrap_or(0) + after_frames);
    for spec in specs {
        for (index, param) in switches(spec) {
            for (name, input) in ["sine", "music"].into_iter().zip(&inputs) {
                let switch = Switch::new(spec, index, input, after_frames);
                for (frame, is_up) in frames.iter().flat_map(|frame| [(*frame, true), (*frame, false)]) {
                    let excess = switch.turn(is_up, frame);
                    if excess.around > BOUND || excess.end > BOUND {
                        loud.push(format!("{} {}, {name}, at {frame}, up {is_up}: {excess:?}", spec.id, param.id));
                    }
                }
            }
        }
    }
    loud
}

#[test]
fn around_a_switch_the_output_lies_between_what_both_settled_states_give() {
    let loud = loud(SPECS.iter().copied(), &[24_000, 50_400], 62_400);
    assert!(loud.is_empty(), "{}", loud.join("\n"));
}

#[test]
fn a_switch_of_what_remembers_for_seconds_crosses_over_to_a_state_with_as_long_a_memory() {
    let remembering = ["saturator", "delay", "reverb"];
    let loud = loud(SPECS.iter().copied().filter(|spec| remembering.contains(&spec.id)), &[333_333], 200_000);
    assert!(loud.is_empty(), "{}", loud.join("\n"));
}
