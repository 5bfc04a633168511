//! How wide the mix is: a cloud of left against right, correlation and balance.

use leptos::html::Canvas;
use leptos::prelude::*;

use super::looking::Looking;
use super::reading::{Meter, Reading, Subject};
use crate::ui::frame::FrameLoop;
use crate::ui::paint::{Align, Surface};

/// Goniometer, correlation and balance.
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
            <div>
                <Reading meter=Meter::Correlation class="meters-line" caption="Correlation" subject />
                <canvas class="meters-scale" node_ref=correlation aria-hidden="true"></canvas>
                <div class="meters-ends lbl n" aria-hidden="true"><span>"−1"</span><span>"0"</span><span>"+1"</span></div>
                <Reading meter=Meter::Balance class="meters-line" caption="Balance" subject />
            </div>
        </div>
    }
}

fn draw_cloud(surface: &Surface, points: impl Iterator<Item = [f32; 2]>) {
    let (middle, centre) = (surface.width / 2.0, surface.height / 2.0);
    let reach = middle.min(centre) - 2.0;
    surface.ink("line-2", 1.0);
    surface.line([(middle - reach, centre - reach), (middle + reach, centre + reach)], 1.0);
    surface.line([(middle + reach, centre - reach), (middle - reach, centre + reach)], 1.0);
    surface.ink("tx-3", 1.0);
    surface.text("L", middle - reach + 4.0, 8.0, 10, 400, Align::Centre);
    surface.text("R", middle + reach - 4.0, 8.0, 10, 400, Align::Centre);
    surface.ink("ivory", 0.7);
    for [side, mid] in points {
        let place = |value: f32| f64::from(value).clamp(-1.0, 1.0) * reach;
        surface.rect(middle + place(side), centre - place(mid), 1.0, 1.0);
    }
}

fn draw_correlation(surface: &Surface, value: Option<f32>) {
    let (width, middle) = (surface.width, surface.width / 2.0);
    surface.ink("bg-0", 1.0);
    surface.rect(0.0, 2.0, width, 9.0);
    surface.ink("bad", 0.35);
    surface.rect(0.0, 2.0, width / 4.0, 9.0);
    if let Some(value) = value {
        let end = middle + f64::from(value) * middle;
        surface.ink("ivory", 1.0);
        surface.rect(middle.min(end), 2.0, (end - middle).abs(), 9.0);
    }
    surface.ink("tx-2", 1.0);
    surface.down(middle, 0.0, 13.0);
}
