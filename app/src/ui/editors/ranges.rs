//! The parts of the range that a multiband compressor or an imager works on: splits are dragged across, each part's own value up and down. From
//! a band's gain hangs what is taken away of it now.

use dsp::params::ProcessorSpec;
use dsp::protocol::telemetry::BANDS;
use leptos::prelude::*;

use super::handle::Handle;
use super::picture::{Moves, Picture, tick};
use super::scale::{FOOT_PX, NAMED_HZ, across, hz_at};
use super::spectrum::{Spectra, SpectrumLayer};
use super::view::{InsertView, value_by_id};
use crate::ui::frame::Frame;
use crate::ui::paint::{Align, Surface};
use crate::ui::widgets::Control;

/// Width of a digit of the frequencies' names.
const DIGIT_PX: f64 = 6.0;

/// How a processor names its parts.
#[derive(Clone, Copy)]
struct Naming {
    /// Parts at the choice's first word.
    fewest: usize,
    /// What comes before and after a part's number in the id of its value.
    value: (&'static str, &'static str),
    /// What the parts' values stand for.
    word: &'static str,
}

fn naming(spec: &ProcessorSpec) -> Option<Naming> {
    match spec.id {
        "multiband" => Some(Naming { fewest: 2, value: ("band", "_gain"), word: "gain" }),
        "imager" => Some(Naming { fewest: 1, value: ("width", ""), word: "width" }),
        _ => None,
    }
}

/// Whether a processor works on parts of the range.
pub fn has_ranges(spec: &ProcessorSpec) -> bool {
    naming(spec).is_some()
}

/// How many parts there are by these values; `None` for processors without.
pub fn count(spec: &ProcessorSpec, values: &[f32]) -> Option<usize> {
    naming(spec).map(|naming| naming.fewest + value_by_id(spec, values, "bands") as usize)
}

impl Naming {
    fn value_id(self, part: usize) -> String {
        format!("{}{}{}", self.value.0, part + 1, self.value.1)
    }
}

/// The splits at work in Hz: none lies below the one before it.
fn splits_hz(spec: &ProcessorSpec, values: &[f32]) -> Vec<f64> {
    let parts = count(spec, values).unwrap_or(1);
    let mut highest = 0.0f64;
    let split = |number: usize| {
        highest = highest.max(f64::from(value_by_id(spec, values, &format!("split{number}"))));
        highest
    };
    (1..parts).map(split).collect()
}

/// The left and right ends of the parts, as shares of the width.
fn ends(spec: &ProcessorSpec, values: &[f32]) -> Vec<(f64, f64)> {
    let splits = splits_hz(spec, values).into_iter().map(across);
    let edges: Vec<f64> = std::iter::once(0.0).chain(splits).chain(std::iter::once(1.0)).collect();
    edges.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// A part as pictures show it, in shares of their width and height.
pub struct Part {
    /// Its left end.
    pub from: f64,
    /// Its right end.
    pub to: f64,
    /// Where its own value stands.
    pub value_down: f64,
    /// Where a value stands that leaves the part as it is.
    pub still_down: f64,
    /// How far one more of its value's unit stands.
    down_per_unit: f64,
}

/// All parts; none for processors without.
pub fn parts(spec: &ProcessorSpec, values: &[f32]) -> Vec<Part> {
    let Some(naming) = naming(spec) else { return Vec::new() };
    let one = |(number, (from, to)): (usize, (f64, f64))| {
        let param = &spec.params[spec.index_of(&naming.value_id(number))?];
        let down = |value: f32| f64::from((param.max - value) / (param.max - param.min));
        let down_per_unit = 1.0 / f64::from(param.max - param.min);
        Some(Part { from, to, value_down: down(value_by_id(spec, values, param.id)), still_down: down(param.default), down_per_unit })
    };
    ends(spec, values).into_iter().enumerate().filter_map(one).collect()
}

/// The picture with its handles.
#[component]
pub fn RangePicture(view: InsertView) -> impl IntoView {
    let Some(naming) = naming(view.spec) else { return ().into_any() };
    let spec = view.spec;
    let parts = Memo::new(move |_| view.values.with(|values| count(spec, values).unwrap_or(1)));
    let label = Signal::derive(move || {
        let said = |part: usize| view.control_of(&naming.value_id(part)).map(|control| control.spec.text(control.value.get()));
        let values: Vec<String> = (0..parts.get()).filter_map(said).collect();
        format!("{} of {} bands: {}", naming.word, parts.get(), values.join(", "))
    });
    let taken_db = StoredValue::new_local([0.0; BANDS]);
    let moves = move |frame: &Frame<'_>| {
        let now_db = std::array::from_fn(|part| frame.readings.band_reduction_db(view.insert, part));
        taken_db.try_update_value(|known_db| std::mem::replace(known_db, now_db) != now_db).unwrap_or_default()
    };
    let draw = move |surface: &Surface, values: &[f32]| draw(surface, spec, naming, values, taken_db.get_value());
    let splits = move || {
        let split = move |number| view.control_of(&format!("split{number}")).map(|control| view! { <Split view control number /> });
        (1..parts.get()).map(split).collect_view()
    };
    let values = move || {
        let value = move |part| view.control_of(&naming.value_id(part)).map(|control| view! { <PartValue view control part /> });
        (0..parts.get()).map(value).collect_view()
    };
    view! {
        <div class="picture">
            <SpectrumLayer view spectra=Spectra::new() />
            <Picture view label moves=Box::new(moves) as Moves draw />
            {splits}
            {values}
        </div>
    }
    .into_any()
}

/// The handle of a split, at the picture's foot.
#[component]
fn Split(view: InsertView, control: Control, number: usize) -> impl IntoView {
    let place = move || {
        let hz = view.values.with(|values| splits_hz(view.spec, values).get(number - 1).copied());
        (hz.map_or(1.0, across), 1.0)
    };
    view! {
        <Handle class="handle is-split" place=Signal::derive(place) name=control.spec.name.to_owned()
            hint="Drag across to move the split · double-click for the default"
            on_move=move |(across, _): (f64, f64)| control.set.run(control.spec.clamp(hz_at(across).round() as f32))
            on_done=move |()| control.done.run(()) on_reset=move |()| control.set_once(control.spec.default)>
            ""
        </Handle>
    }
}

/// The handle of a part's own value, in the part's middle.
#[component]
fn PartValue(view: InsertView, control: Control, part: usize) -> impl IntoView {
    let spec = control.spec;
    let place = move || {
        let end = view.values.with(|values| ends(view.spec, values).get(part).copied());
        let (from, to) = end.unwrap_or((0.0, 1.0));
        (0.5 * (from + to), f64::from((spec.max - control.value.get()) / (spec.max - spec.min)))
    };
    let move_to = move |(_, down): (f64, f64)| {
        let value = spec.max - down as f32 * (spec.max - spec.min);
        let grid = spec.steps.fine.max(f32::MIN_POSITIVE);
        control.set.run(spec.clamp((value / grid).round() * grid));
    };
    view! {
        <Handle class="handle is-dot" place=Signal::derive(place) name=spec.name.to_owned()
            hint="Drag up and down · double-click for the default" on_move=move_to
            on_done=move |()| control.done.run(()) on_reset=move |()| control.set_once(spec.default)>
            ""
        </Handle>
    }
}

fn draw(surface: &Surface, spec: &ProcessorSpec, naming: Naming, values: &[f32], taken_db: [f32; BANDS]) {
    let height = surface.height - FOOT_PX;
    let mut free_from = 0.0;
    for (hz, name) in NAMED_HZ {
        let x = across(hz) * surface.width;
        surface.ink("line-1", 1.0);
        surface.down(x, 0.0, height);
        // In a narrow picture names would run into each other.
        let half_width = DIGIT_PX * name.len() as f64 / 2.0;
        if x - half_width >= free_from && x + half_width <= surface.width {
            tick(surface, name, x, surface.height - FOOT_PX / 2.0, Align::Centre);
            free_from = x + half_width + DIGIT_PX;
        }
    }
    for (number, part) in parts(spec, values).into_iter().enumerate() {
        let (top, still) = (part.value_down * surface.height, part.still_down * surface.height);
        let (left, right) = (part.from * surface.width, part.to * surface.width);
        surface.ink("line-2", 1.0);
        surface.across(still, left, right);
        surface.ink("change", 0.3);
        surface.rect(left + 1.0, top.min(still), (right - left - 2.0).max(0.0), (top - still).abs());
        surface.ink("change", 1.0);
        surface.rect(left + 1.0, top - 1.0, (right - left - 2.0).max(0.0), 2.0);
        if let Some(taken_db) = taken_db.get(number).filter(|taken_db| **taken_db < 0.0) {
            surface.ink("change", 0.6);
            surface.rect(left + 1.0, top, (right - left - 2.0).max(0.0), f64::from(-taken_db) * part.down_per_unit * surface.height);
        }
        if number > 0 {
            surface.ink("change", 0.8);
            surface.down(left, 0.0, surface.height);
        }
        let id = naming.value_id(number);
        let text = spec.index_of(&id).map(|index| spec.params[index].text(value_by_id(spec, values, &id)));
        surface.ink("tx-1", 1.0);
        surface.text(&text.unwrap_or_default(), 0.5 * (left + right), (top - 16.0).max(9.0), 11, 500, Align::Centre);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::editors::view::values_with as values;

    #[test]
    fn a_split_below_the_one_before_it_stands_on_it() {
        let spec = dsp::processors::spec("multiband").expect("a processor");
        let values = values(spec, &[("bands", 2.0), ("split1", 500.0), ("split2", 200.0), ("split3", 4_000.0)]);
        assert_eq!(splits_hz(spec, &values), [500.0, 500.0, 4_000.0]);
        assert_eq!(ends(spec, &values).len(), 4);
    }

    #[test]
    fn every_part_of_both_processors_has_a_value_of_its_own() {
        for (id, most) in [("multiband", 6), ("imager", 4)] {
            let spec = dsp::processors::spec(id).expect("a processor");
            let naming = naming(spec).expect("parts");
            assert_eq!(count(spec, &values(spec, &[("bands", (most - naming.fewest) as f32)])), Some(most));
            assert!((0..most).all(|part| spec.index_of(&naming.value_id(part)).is_some()), "{id}");
        }
    }
}
