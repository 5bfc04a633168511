//! How wide the mix is: a cloud of left against right, correlation and balance.

use leptos::html::{Canvas, Div, Span};
use leptos::prelude::*;

use super::looking::{Looking, PARTS_HZ};
use super::reading::{Meter, Reading, Subject, signed, write};
use crate::ui::frame::FrameLoop;
use crate::ui::paint::{Align, Surface};

/// Names of the parts of the range whose correlation is told; their borders are [`PARTS_HZ`].
const PARTS: [&str; PARTS_HZ.len() - 1] = ["Low", "Low mid", "High mid", "High"];

/// Room for the letters at the goniometer's upper corners.
const NAME_PX: f64 = 13.0;

/// Goniometer, correlation as a whole and by parts of the range, and balance.
#[component]
pub fn StereoView(looking: StoredValue<Looking, LocalStorage>, subject: Memo<Subject>) -> impl IntoView {
    let frames = expect_context::<FrameLoop>();
    let (cloud, correlation) = (NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new());
    frames.each(move |frame| {
        let surface = |node: NodeRef<Canvas>| node.get_untracked().and_then(|canvas| Surface::of(&canvas));
        if let Some(surface) = surface(cloud) {
            looking.with_value(|looking| draw_cloud(&surface, looking.goniometer.points()));
        }
        if frame.is_number_time
            && let Some(surface) = surface(correlation)
        {
            draw_correlation(&surface, Meter::Correlation.read(frame.readings, subject.get_untracked()).number);
        }
    });
    view! {
        <div class="meters-stereo">
            <canvas class="meters-cloud" role="img" aria-label="Goniometer; correlation and balance say it in numbers" node_ref=cloud></canvas>
            <div class="meters-stereo-numbers">
                <Reading meter=Meter::Correlation class="meters-line" caption="Correlation" subject />
                <canvas class="meters-scale" node_ref=correlation aria-hidden="true"></canvas>
                <Parts looking subject />
                <Reading meter=Meter::Balance class="meters-line" caption="Balance" subject />
            </div>
        </div>
    }
}

/// The correlation of each part of the range.
#[component]
fn Parts(looking: StoredValue<Looking, LocalStorage>, subject: Memo<Subject>) -> impl IntoView {
    let frames = expect_context::<FrameLoop>();
    let nodes: [NodeRef<Div>; PARTS.len()] = std::array::from_fn(|_| NodeRef::new());
    let numbers: [NodeRef<Span>; PARTS.len()] = std::array::from_fn(|_| NodeRef::new());
    let bars: [NodeRef<Canvas>; PARTS.len()] = std::array::from_fn(|_| NodeRef::new());
    frames.each(move |frame| {
        if !frame.is_number_time {
            return;
        }
        // The parts are told while the whole is: in silence there is nothing to tell.
        let is_measured = Meter::Correlation.read(frame.readings, subject.get_untracked()).number.is_some();
        let parts = looking.with_value(Looking::correlations).map(|part| part.filter(|_| is_measured));
        for (at, part) in parts.into_iter().enumerate() {
            let text = part.map_or_else(|| "–".to_owned(), |value| signed(value, 2, true));
            write(numbers[at], &text);
            if let Some(surface) = bars[at].get_untracked().and_then(|canvas| Surface::of(&canvas)) {
                draw_correlation(&surface, part);
            }
            if let Some(node) = nodes[at].get_untracked().filter(|_| frame.is_reader_time) {
                let _ = node.set_attribute("aria-valuenow", &format!("{:.2}", part.unwrap_or(-1.0)));
                let _ = node.set_attribute("aria-valuetext", if part.is_some() { &text } else { "not measured" });
            }
        }
    });
    let one = move |(at, name): (usize, &'static str)| {
        let label = format!("Correlation, {name}, {:.0} to {:.0} Hz", PARTS_HZ[at], PARTS_HZ[at + 1]);
        view! {
            <div class="meters-part" node_ref=nodes[at] role="meter" aria-label=label aria-valuemin="-1" aria-valuemax="1" aria-valuenow="-1" aria-valuetext="not measured">
                <span class="lbl">{name}</span>
                <canvas class="meters-scale" node_ref=bars[at] aria-hidden="true"></canvas>
                <b class="n"><span node_ref=numbers[at]>"–"</span></b>
            </div>
        }
    };
    PARTS.into_iter().enumerate().map(one).collect_view()
}

fn draw_cloud(surface: &Surface, points: impl Iterator<Item = [f32; 2]>) {
    let (middle, centre) = (surface.width / 2.0, surface.height / 2.0);
    let reach = middle.min(centre) - 2.0;
    surface.ink("line-2", 1.0);
    // The axes end before the letters that name them.
    let named = reach - NAME_PX;
    surface.line([(middle - named, centre - named), (middle + reach, centre + reach)], 1.0);
    surface.line([(middle + named, centre - named), (middle - reach, centre + reach)], 1.0);
    surface.ink("tx-3", 1.0);
    surface.text("L", middle - reach + 5.0, centre - reach + 6.0, 10, 400, Align::Centre);
    surface.text("R", middle + reach - 5.0, centre - reach + 6.0, 10, 400, Align::Centre);
    surface.ink("ivory", 0.7);
    for [side, mid] in points {
        let place = |value: f32| f64::from(value).clamp(-1.0, 1.0) * reach;
        surface.rect(middle + place(side), centre - place(mid), 1.0, 1.0);
    }
}

/// From −1 to +1: a bar from the middle; while something is measured, its end where mono cancels is marked.
fn draw_correlation(surface: &Surface, value: Option<f32>) {
    const BAR_PX: f64 = 8.0;
    const CANCELS_BELOW: f64 = -0.5;
    let (width, middle) = (surface.width, surface.width / 2.0);
    let top = ((surface.height - BAR_PX) / 2.0).round();
    surface.ink("bg-0", 1.0);
    surface.rect(0.0, top, width, BAR_PX);
    if let Some(value) = value {
        surface.ink("bad", 0.35);
        surface.rect(0.0, top, middle * (1.0 + CANCELS_BELOW), BAR_PX);
        let end = middle + f64::from(value) * middle;
        surface.ink(if value < 0.0 { "bad" } else { "ivory" }, 1.0);
        surface.rect(middle.min(end), top, (end - middle).abs(), BAR_PX);
    }
    surface.ink("tx-2", 1.0);
    surface.down(middle, top - 2.0, top + BAR_PX + 2.0);
}
