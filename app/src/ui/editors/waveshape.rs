//! From sample to sample: the curve of a saturator or clipper, and the harmonics that it makes of a sine.

use dsp::params::ProcessorSpec;
use dsp::processors::curves::{HARMONICS, harmonics, sample_out};
use dsp::units::gain_to_db;
use leptos::prelude::*;

use super::picture::{Picture, scale_text, tick};
use super::view::InsertView;
use crate::ui::paint::{Align, Surface};

/// The picture reaches so far beyond full scale.
const REACH: f64 = 1.1;
/// Points of the curve.
const POINTS: usize = 160;
/// Level of the sine that the harmonics are of.
const SINE_DBFS: f32 = -6.0;
/// The harmonics' lower end.
const FLOOR_DB: f64 = -96.0;
/// Room for the harmonics' numbers.
const FOOT_PX: f64 = 16.0;
/// Room for the scale.
const SCALE_PX: f64 = 26.0;

/// Whether a processor is a curve from sample to sample.
pub fn has_shape(spec: &ProcessorSpec) -> bool {
    sample_out(spec.id, &[], 0.0).is_some()
}

/// Curve and harmonics side by side.
#[component]
pub fn WaveshapePicture(view: InsertView) -> impl IntoView {
    let id = view.spec.id;
    let shape = move |surface: &Surface, values: &[f32]| draw_shape(surface, id, values);
    let bars = move |surface: &Surface, values: &[f32]| draw_harmonics(surface, id, values);
    let said = format!("Harmonics of a sine at {SINE_DBFS} dBFS").replace('-', "−");
    view! {
        <div class="picture is-square"><Picture view label="Sample out against sample in, up to full scale" draw=shape /></div>
        <div class="picture is-narrow"><Picture view label=said draw=bars /></div>
    }
}

fn draw_shape(surface: &Surface, id: &str, values: &[f32]) {
    let x = |sample: f64| (0.5 + 0.5 * sample / REACH) * surface.width;
    let y = |sample: f64| (0.5 - 0.5 * sample / REACH) * surface.height;
    for line in [-1.0, -0.5, 0.5, 1.0] {
        surface.ink("line-1", 1.0);
        surface.down(x(line), 0.0, surface.height);
        surface.across(y(line), 0.0, surface.width);
    }
    surface.ink("line-2", 1.0);
    surface.down(x(0.0), 0.0, surface.height);
    surface.across(y(0.0), 0.0, surface.width);
    surface.ink("line-3", 0.6);
    surface.line([(x(-REACH), y(-REACH)), (x(REACH), y(REACH))], 1.0);
    let samples = (0..=POINTS).map(|point| REACH * (2.0 * point as f64 / POINTS as f64 - 1.0));
    let curve = samples.filter_map(|sample| Some((x(sample), y(f64::from(sample_out(id, values, sample as f32)?)))));
    let curve: Vec<(f64, f64)> = curve.map(|(x, y)| (x, y.clamp(-2.0, surface.height + 2.0))).collect();
    surface.ink("change", 1.0);
    surface.line(curve, 2.0);
    tick(surface, "Out", 5.0, 9.0, Align::Left);
    tick(surface, "In", surface.width - 5.0, surface.height - 9.0, Align::Right);
}

fn draw_harmonics(surface: &Surface, id: &str, values: &[f32]) {
    let Some(levels) = harmonics(id, values, SINE_DBFS) else { return };
    let (width, height) = (surface.width - SCALE_PX, surface.height - FOOT_PX);
    let y = |db: f64| (db / FLOOR_DB).clamp(0.0, 1.0) * height;
    for db in [-24.0, -48.0, -72.0] {
        surface.ink("line-1", 1.0);
        surface.across(y(db), 0.0, width);
        tick(surface, &scale_text(db), surface.width - 4.0, y(db), Align::Right);
    }
    let step = width / HARMONICS as f64;
    for (number, level) in levels.iter().enumerate() {
        let left = step * number as f64;
        let top = y(gain_to_db(f64::from(*level)).max(FLOOR_DB));
        surface.ink(if number == 0 { "ivory" } else { "change" }, 0.85);
        surface.rect(left + 0.15 * step, top, 0.7 * step, height - top);
        tick(surface, &format!("{}", number + 1), left + 0.5 * step, surface.height - FOOT_PX / 2.0, Align::Centre);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saturator_and_clipper_are_curves_and_nothing_else_is() {
        let shapes: Vec<&str> = dsp::processors::SPECS.iter().filter(|spec| has_shape(spec)).map(|spec| spec.id).collect();
        assert_eq!(shapes, ["saturator", "clipper"]);
    }
}
