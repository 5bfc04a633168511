//! Reverb.

use super::support::decay::{OCTAVES_HZ, decay_seconds, impulse_responses, octave_energies};
use super::support::{Clip, made, run};
use super::{Figure, RATE_HZ};

/// All of them.
pub fn figures() -> Vec<Figure> {
    vec![decay(), equal_renders()]
}

/// Room, plate and hall at 0.6, 2 and 6 s, modulated and not: every octave from 125 Hz to 8 kHz against the dial.
fn decay() -> Figure {
    let mut worst: f64 = 0.0;
    for kind in [0.0, 1.0, 2.0] {
        for (decay_ms, modulation) in [(600.0, 0.0), (2_000.0, 60.0), (6_000.0, 100.0)] {
            let bare = [("mix", 100.0), ("low_cut", 20.0), ("high_cut", 20_000.0), ("pre_delay", 0.0), ("damping", 0.0)];
            let settings = [&bare[..], &[("kind", kind), ("decay", decay_ms), ("modulation", modulation)]].concat();
            let seconds = f64::from(decay_ms) / 1000.0;
            let responses = impulse_responses(&settings, 1.2 * seconds);
            for hz in OCTAVES_HZ {
                let off = decay_seconds(&octave_energies(&responses, hz)) / seconds - 1.0;
                worst = worst.max(100.0 * off.abs());
            }
        }
    }
    Figure::new("Reverb, decay time per octave against the dial", worst, 5.0, "%")
}

/// Samples in which two renders differ.
fn equal_renders() -> Figure {
    let clip = Clip::noise(96_000, 0.5, 3);
    let render = || run(made("reverb", RATE_HZ, &[("modulation", 100.0)]).as_mut(), &clip, 128).bits();
    let differing = render().iter().zip(render()).filter(|(one, other)| **one != *other).count();
    Figure::new("Reverb, samples in which two renders differ", differing as f64, 0.0, "")
}
