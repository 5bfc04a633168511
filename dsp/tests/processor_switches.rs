//! Switches cross over: around each one the output lies between what both settled states give, and ends at the new one's.

mod support;

use dsp::params::ProcessorSpec;
use dsp::processors::SPECS;
use support::switches::{LATE, Moments, SOON, Switch, remembers, switches};

/// −60 dBFS.
const BOUND: f32 = 1e-3;

/// The switches among these that leave the stretch, or do not arrive.
fn loud(specs: impl Iterator<Item = &'static ProcessorSpec>, moments: &Moments) -> Vec<String> {
    let mut loud = Vec::new();
    let inputs = moments.inputs();
    for spec in specs {
        for (index, param) in switches(spec) {
            for (name, input) in ["sine", "music"].into_iter().zip(&inputs) {
                let farthest = Switch::new(spec, index, input, moments.after_frames).farthest(moments);
                if farthest.around > BOUND || farthest.end > BOUND {
                    loud.push(format!("{} {}, {name}: {farthest:?}", spec.id, param.id));
                }
            }
        }
    }
    loud
}

#[test]
fn around_a_switch_the_output_lies_between_what_both_settled_states_give() {
    let loud = loud(SPECS.iter().copied(), &SOON);
    assert!(loud.is_empty(), "{}", loud.join("\n"));
}

#[test]
fn a_switch_of_what_remembers_for_seconds_crosses_over_to_a_state_with_as_long_a_memory() {
    let loud = loud(SPECS.iter().copied().filter(|spec| remembers(spec)), &LATE);
    assert!(loud.is_empty(), "{}", loud.join("\n"));
}
