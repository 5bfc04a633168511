//! Every switch of every processor, on a sine and on plucked notes.

use dsp::processors::SPECS;

use super::Figure;
use super::signal::db;
use super::support::switches::{excess, inputs, is_remembered, step_excess, switches};

/// The farthest that any switch's output leaves the stretch between what both settled states give; where sound of before is still heard
/// after a switch, the most that it steps further than they do.
pub fn figures() -> Vec<Figure> {
    let inputs = inputs();
    let of_processor = |spec: &&'static dsp::params::ProcessorSpec| {
        let mut worst: f32 = 1e-9;
        for (index, param) in switches(spec) {
            for (from, to) in [(param.min, param.max), (param.max, param.min)] {
                let measure = if is_remembered(spec, param) { step_excess } else { excess };
                worst = inputs.iter().map(|input| measure(spec, index, from, to, input)).fold(worst, f32::max);
            }
        }
        Figure::new(format!("{}, switches: beyond both settled states", spec.name), db(f64::from(worst)), -60.0, "dBFS")
    };
    SPECS.iter().filter(|spec| switches(spec).next().is_some()).map(of_processor).collect()
}
