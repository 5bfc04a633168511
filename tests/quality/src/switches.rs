//! Every switch of every processor, on a sine and on plucked notes.

use dsp::params::ProcessorSpec;
use dsp::processors::SPECS;

use super::Figure;
use super::signal::db;
use super::support::Clip;
use super::support::switches::{LATE, Moments, SOON, Switch, remembers, switches};

/// The farthest that any switch's output leaves the stretch between what both settled states give, or ends from the new one's.
pub fn figures() -> Vec<Figure> {
    let [soon, late] = [&SOON, &LATE].map(|moments| (moments, moments.inputs()));
    let of_processor = |spec: &&'static ProcessorSpec| {
        let mut worst = farthest(spec, &soon.1, soon.0);
        if remembers(spec) {
            worst = worst.max(farthest(spec, &late.1, late.0));
        }
        Figure::new(format!("{}, switches: beyond both settled states", spec.name), db(f64::from(worst)), -60.0, "dBFS")
    };
    SPECS.iter().filter(|spec| switches(spec).next().is_some()).map(of_processor).collect()
}

fn farthest(spec: &'static ProcessorSpec, inputs: &[Clip], moments: &Moments) -> f32 {
    let mut worst: f32 = 1e-9;
    for (index, _) in switches(spec) {
        for input in inputs {
            let farthest = Switch::new(spec, index, input, moments.after_frames).farthest(moments);
            worst = worst.max(farthest.around).max(farthest.end);
        }
    }
    worst
}
