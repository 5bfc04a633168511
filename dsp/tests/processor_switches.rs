//! Switches cross over: around each one the output lies between what both settled states give.

mod support;

use dsp::processors::SPECS;
use support::switches::{excess, inputs, is_remembered, step_excess, switches};

/// −60 dBFS.
const BOUND: f32 = 1e-3;

#[test]
fn around_a_switch_the_output_lies_between_what_both_settled_states_give() {
    let inputs = inputs();
    for spec in SPECS {
        for (index, param) in switches(spec).filter(|(_, param)| !is_remembered(spec, param)) {
            for (from, to) in [(param.min, param.max), (param.max, param.min)] {
                for input in &inputs {
                    let excess = excess(spec, index, from, to, input);
                    assert!(excess <= BOUND, "{} {} from {from} to {to}: {excess}", spec.id, param.id);
                }
            }
        }
    }
}

#[test]
fn a_switch_of_repeats_or_of_the_room_steps_no_further_than_both_settled_states_do() {
    let inputs = inputs();
    let mut tried = 0;
    for spec in SPECS {
        for (index, param) in switches(spec).filter(|(_, param)| is_remembered(spec, param)) {
            for (from, to) in [(param.min, param.max), (param.max, param.min)] {
                for input in &inputs {
                    let excess = step_excess(spec, index, from, to, input);
                    assert!(excess <= BOUND, "{} {} from {from} to {to}: {excess}", spec.id, param.id);
                    tried += 1;
                }
            }
        }
    }
    assert_eq!(tried, 16);
}
