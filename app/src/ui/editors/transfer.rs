//! From the level that goes in to the level that comes out, with the threshold to take hold of, and the point at which the gain is now.

use dsp::params::ProcessorSpec;
use dsp::processors::curves::{level_out_db, level_out_while_open_db};
use leptos::prelude::*;

use super::handle::Handle;
use super::history::SMALLEST_DB;
use super::picture::{Moves, Picture, scale_text, tick};
use super::view::{InsertView, value_by_id};
use crate::ui::frame::Frame;
use crate::ui::paint::{Align, Surface};
use crate::ui::widgets::Control;

/// Levels that have a line, in steps of this.
const STEP_DB: f64 = 12.0;
/// Pixels between two points of the curve.
const STEP_PX: f64 = 2.0;
/// Halvings that find the point on the curve: to less than a thousandth of a dB.
const HALVINGS: u32 = 16;

/// Whether a processor turns levels into levels.
pub fn has_curve(spec: &ProcessorSpec) -> bool {
    level_out_db(spec.id, &[], 0.0).is_some()
}

/// The picture's lower and left end: the threshold's lowest value.
fn floor_db(spec: &ProcessorSpec) -> f64 {
    spec.index_of("threshold").map_or(-60.0, |index| f64::from(spec.params[index].min)).min(-60.0)
}

/// The picture with its handle.
#[component]
pub fn TransferPicture(view: InsertView) -> impl IntoView {
    let spec = view.spec;
    let floor = floor_db(spec);
    let reduction = StoredValue::new(0.0f32);
    let moves = move |frame: &Frame<'_>| {
        let now = -frame.readings.reduction_db(view.insert);
        let before = reduction.get_value();
        reduction.set_value(now);
        now != before
    };
    let draw = move |surface: &Surface, values: &[f32]| {
        grid(surface, floor);
        curves(surface, spec, values, floor);
        if let Some(levels) = point_at_reduction(spec, values, floor, reduction.get_value()) {
            point(surface, floor, levels);
        }
    };
    let threshold = view.control_of("threshold");
    let label = Signal::derive(move || {
        let said = threshold.map_or_else(String::new, |control| format!(", threshold {}", spec_text(control)));
        format!("Level out against level in{said}")
    });
    view! {
        <div class="picture is-square">
            <Picture view label moves=Box::new(moves) as Moves draw />
            {threshold.map(|threshold| view! { <Threshold view threshold floor /> })}
        </div>
    }
}

fn spec_text(control: Control) -> String {
    control.spec.text(control.value.get())
}

/// The handle at the threshold: across for the threshold; the wheel turns the knee or the hysteresis.
#[component]
fn Threshold(view: InsertView, threshold: Control, floor: f64) -> impl IntoView {
    let bend = view.control_of("knee").or_else(|| view.control_of("hysteresis"));
    let place = move || {
        let level = threshold.value.get();
        let out = view.values.with(|values| level_out_db(view.spec.id, values, level)).unwrap_or(level);
        (1.0 - f64::from(level) / floor, (f64::from(out) / floor).clamp(0.0, 1.0))
    };
    let move_to = move |(across, _): (f64, f64)| {
        let level = (floor * (1.0 - across)) as f32;
        threshold.set.run(threshold.spec.clamp((level * 10.0).round() / 10.0));
    };
    let wheel = move |is_up: bool| {
        if let Some(bend) = bend {
            let step = if is_up { bend.spec.steps.step } else { -bend.spec.steps.step };
            bend.set_once(bend.spec.clamp(bend.value.get_untracked() + step));
        }
    };
    let hint = match bend.map(|bend| bend.spec.id) {
        Some("knee") => "Drag across for the threshold · wheel for the knee · double-click for the default",
        Some(_) => "Drag across for the threshold · wheel for the hysteresis · double-click for the default",
        None => "Drag across for the threshold · double-click for the default",
    };
    view! {
        <Handle class="handle is-dot" place=Signal::derive(place) name=threshold.spec.name.to_owned() hint on_move=move_to
            on_done=move |()| threshold.done.run(()) on_wheel=Callback::new(wheel)
            on_reset=move |()| threshold.set_once(threshold.spec.default)>
            ""
        </Handle>
    }
}

/// Levels in and out at which the curve turns down by so much: where the gain now stands on it. `None` while nothing is turned down.
fn point_at_reduction(spec: &ProcessorSpec, values: &[f32], floor_db: f64, reduction_db: f32) -> Option<(f32, f32)> {
    if reduction_db < SMALLEST_DB {
        return None;
    }
    // The reading is of the gain before untouched sound is mixed in.
    let mut wet = values.to_vec();
    if let Some(mix) = spec.index_of("mix") {
        wet[mix] = 100.0;
    }
    let change = |level: f32| level_out_db(spec.id, &wet, level).map_or(0.0, |out| out - level);
    let (mut quiet, mut loud) = (floor_db as f32, 0.0f32);
    // Whatever is turned down stands between an end where nothing is and one where most is.
    let is_downward = change(loud) < change(quiet);
    let still = if is_downward { change(quiet) } else { change(loud) };
    for _ in 0..HALVINGS {
        let middle = 0.5 * (quiet + loud);
        let is_enough = still - change(middle) >= reduction_db;
        if is_enough == is_downward { loud = middle } else { quiet = middle }
    }
    let level = 0.5 * (quiet + loud);
    // On a curve that falls straight down the level alone would not say how far.
    let out = if wet == values { level + still - reduction_db } else { level_out_db(spec.id, values, level)? };
    Some((level, out))
}

fn across(surface: &Surface, floor_db: f64, db: f64) -> f64 {
    (1.0 - db / floor_db) * surface.width
}

fn down(surface: &Surface, floor_db: f64, db: f64) -> f64 {
    db / floor_db * surface.height
}

fn grid(surface: &Surface, floor_db: f64) {
    let lines = (floor_db / -STEP_DB) as i32;
    for line in 1..=lines {
        let db = -STEP_DB * f64::from(line);
        surface.ink("line-1", 1.0);
        surface.down(across(surface, floor_db, db), 0.0, surface.height);
        surface.across(down(surface, floor_db, db), 0.0, surface.width);
        // The corner's own level is no line, and its name would lie under the curve.
        if db > floor_db {
            tick(surface, &scale_text(db), across(surface, floor_db, db) + 3.0, surface.height - 7.0, Align::Left);
            tick(surface, &scale_text(db), 5.0, down(surface, floor_db, db) + 7.0, Align::Left);
        }
    }
    surface.ink("line-3", 0.6);
    surface.line([(0.0, surface.height), (surface.width, 0.0)], 1.0);
    tick(surface, "Out", 5.0, 9.0, Align::Left);
    tick(surface, "In", surface.width - 5.0, surface.height - 20.0, Align::Right);
}

fn curves(surface: &Surface, spec: &ProcessorSpec, values: &[f32], floor_db: f64) {
    let points = |out: &dyn Fn(f32) -> Option<f32>| -> Vec<(f64, f64)> {
        let steps = (surface.width / STEP_PX).ceil() as usize;
        let xs = (0..=steps).map(|step| (step as f64 * STEP_PX).min(surface.width));
        xs.filter_map(|x| Some((x, out((floor_db * (1.0 - x / surface.width)) as f32)?)))
            .map(|(x, db)| (x, down(surface, floor_db, f64::from(db)).clamp(-2.0, surface.height + 2.0)))
            .collect()
    };
    let threshold = f64::from(value_by_id(spec, values, "threshold"));
    surface.ink("change", 0.5);
    surface.down(across(surface, floor_db, threshold), 0.0, surface.height);
    let open = points(&|level| level_out_while_open_db(spec.id, values, level));
    if !open.is_empty() {
        surface.ink("change", 0.45);
        surface.line(open, 1.0);
    }
    let curve = points(&|level| level_out_db(spec.id, values, level));
    let foot = [(surface.width, surface.height), (0.0, surface.height)];
    surface.ink("change", 0.1);
    surface.shape(curve.iter().copied().chain(foot));
    surface.ink("change", 1.0);
    surface.line(curve, 2.0);
}

fn point(surface: &Surface, floor_db: f64, (level_db, out_db): (f32, f32)) {
    let (x, y) = (across(surface, floor_db, f64::from(level_db)), down(surface, floor_db, f64::from(out_db)));
    surface.ink("change", 1.0);
    let as_it_was = down(surface, floor_db, f64::from(level_db));
    surface.rect(x - 1.0, y.min(as_it_was), 2.0, (y - as_it_was).abs());
    surface.ink("ivory", 1.0);
    surface.disc(x, y, 4.5);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::editors::view::values_with as values;

    #[test]
    fn the_point_stands_where_the_curve_turns_down_by_what_was_measured() {
        let spec = dsp::processors::spec("compressor").expect("a processor");
        let values = values(spec, &[("threshold", -24.0), ("ratio", 4.0), ("knee", 0.0), ("makeup", 5.0), ("mix", 30.0)]);
        let (level, out) = point_at_reduction(spec, &values, -60.0, 6.0).expect("a point");
        assert!((level + 16.0).abs() < 0.01, "{level}");
        assert_eq!(level_out_db(spec.id, &values, level), Some(out), "untouched sound is mixed in");
        assert_eq!(point_at_reduction(spec, &values, -60.0, 0.0), None);
    }

    #[test]
    fn a_gates_point_goes_down_with_the_level_and_straight_down_at_the_highest_ratio() {
        let spec = dsp::processors::spec("gate").expect("a processor");
        let expander = values(spec, &[("threshold", -30.0), ("ratio", 3.0), ("range", 40.0)]);
        let (level, out) = point_at_reduction(spec, &expander, -80.0, 10.0).expect("a point");
        assert!((level + 35.0).abs() < 0.01 && (out + 45.0).abs() < 0.01, "{level} {out}");
        let gate = values(spec, &[("threshold", -30.0), ("ratio", 100.0), ("range", 40.0)]);
        let (level, out) = point_at_reduction(spec, &gate, -80.0, 10.0).expect("a point");
        assert!((level + 30.0).abs() < 0.01 && (out + 40.0).abs() < 0.01, "{level} {out}");
    }

    #[test]
    fn processors_with_a_threshold_over_the_whole_range_have_a_curve() {
        let with_curve: Vec<&str> = dsp::processors::SPECS.iter().filter(|spec| has_curve(spec)).map(|spec| spec.id).collect();
        assert_eq!(with_curve, ["compressor", "gate", "deesser"]);
    }
}
