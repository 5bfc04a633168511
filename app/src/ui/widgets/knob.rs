//! The knob: 270 degrees of arc from the origin to the value, name above, number below.

use leptos::prelude::*;

use super::Control;
use super::slider::{Slider, Travel};

/// The arc's whole sweep in radians.
const SWEEP: f32 = 1.5 * std::f32::consts::PI;

fn on_circle(centre: f32, radius: f32, position: f32) -> (f32, f32) {
    let angle = (position - 0.5) * SWEEP;
    (centre + radius * angle.sin(), centre - radius * angle.cos())
}

fn arc(centre: f32, radius: f32, from: f32, to: f32) -> String {
    let (from, to) = (from.min(to), from.max(to));
    if to - from < 0.002 {
        return String::new();
    }
    let (x0, y0) = on_circle(centre, radius, from);
    let (x1, y1) = on_circle(centre, radius, to);
    let large = u8::from((to - from) * SWEEP > std::f32::consts::PI);
    format!("M{x0:.2} {y0:.2}A{radius} {radius} 0 {large} 1 {x1:.2} {y1:.2}")
}

/// A knob of 32, 38 or 52 pixels.
#[component]
pub fn Knob(
    /// What it turns.
    control: Control,
    /// Its name, on screen and for readers.
    #[prop(into)]
    name: Signal<String>,
    /// What stands above it when the name would not fit.
    #[prop(optional, into)]
    caption: Option<String>,
    /// Diameter in pixels.
    #[prop(default = 38)]
    size: u8,
) -> impl IntoView {
    let typing = RwSignal::new(false);
    let size = f32::from(size);
    let (centre, radius) = (size / 2.0, size / 2.0 - 1.5);
    let track = arc(centre, radius, 0.0, 1.0);
    let filled = move || arc(centre, radius, control.origin(), control.position());
    let pointer = move |reach: f32| on_circle(centre, reach, control.position());
    let (near, far) = (radius * 0.35, radius - 4.5);
    let parts = move || control.spec.text_parts(control.value.get());
    let shown = move || caption.clone().unwrap_or_else(|| name.get());
    view! {
        <Slider control name class="knob" travel=Travel::Free typing>
            <span class="knob-name">{shown}</span>
            <svg width=size height=size viewBox=format!("0 0 {size} {size}") aria-hidden="true">
                <circle class="knob-disc" cx=centre cy=centre r=radius - 3.5 />
                <path class="knob-track" d=track />
                <path class="knob-fill" d=filled />
                <line
                    class="knob-pointer"
                    x1=move || pointer(near).0
                    y1=move || pointer(near).1
                    x2=move || pointer(far).0
                    y2=move || pointer(far).1
                />
            </svg>
            <span class="knob-value n" on:click=move |_| typing.set(true) on:dblclick=|event| event.stop_propagation()>
                {move || parts().0}
                <span class="u">{move || parts().1}</span>
            </span>
        </Slider>
    }
}
