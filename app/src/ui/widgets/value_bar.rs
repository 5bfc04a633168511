//! The value bar: a number with a two-pixel bar under it, for strips and tables.

use dsp::params::{Flags, Unit};
use leptos::prelude::*;

use super::Control;
use super::slider::{Slider, Travel};

/// How a value bar is filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BarLook {
    /// From the origin to the value, the number at the right; silence shows a dash.
    #[default]
    Bar,
    /// A tick at the value, the number in the middle (pan).
    Tick,
}

/// A number that is also a slider.
#[component]
pub fn ValueBar(
    /// What it turns.
    control: Control,
    /// Its accessible name.
    #[prop(into)]
    name: Signal<String>,
    /// How it is filled.
    #[prop(optional)]
    look: BarLook,
    /// A short word at the left ("pre").
    #[prop(optional, into)]
    mark: Signal<Option<&'static str>>,
    /// Whether the unit stands after the number.
    #[prop(optional)]
    unit: bool,
) -> impl IntoView {
    let spec = control.spec;
    let is_off = move || spec.flags.has(Flags::MIN_IS_SILENCE) && control.value.get() <= spec.min;
    let class = Signal::derive(move || {
        let look = if look == BarLook::Tick { "vb is-tick" } else { "vb" };
        if is_off() { format!("{look} is-off") } else { look.to_owned() }
    });
    let number = move || if is_off() { "–".to_owned() } else { spec.text_parts(control.value.get()).0 };
    let unit_text = move || (unit && !is_off() && spec.unit != Unit::Pan).then(|| spec.text_parts(control.value.get()).1);
    let ends = move || {
        let (value, origin) = (control.position(), control.origin());
        (origin.min(value), origin.max(value))
    };
    view! {
        <Slider control name class travel=Travel::Free typing=RwSignal::new(false)>
            <span class="vb-fill" style=("--a", move || format!("{:.4}", ends().0)) style=("--z", move || format!("{:.4}", ends().1))
                style=("--v", move || format!("{:.4}", control.position()))></span>
            {move || mark.get().map(|mark| view! { <span class="vb-mark">{mark}</span> })}
            <span class="vb-number n">{number}{move || unit_text().map(|unit| view! { <span class="u">{unit}</span> })}</span>
        </Slider>
    }
}
