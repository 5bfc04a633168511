//! One control per parameter: a combobox for words, a switch for on and off, a knob or a value bar for the rest.

use dsp::params::{ParamSpec, Unit};
use leptos::prelude::*;

use super::sections::caption;
use crate::ui::widgets::{BarLook, ChoiceSelect, Control, Knob, Switch, ValueBar};

/// A switch for a parameter that is on or off.
#[component]
pub fn ParamSwitch(control: Control) -> impl IntoView {
    let spec = control.spec;
    let on = Signal::derive(move || control.value.get() >= 0.5);
    let change = move |on: bool| control.set_once(f32::from(u8::from(on)));
    view! { <Switch name=spec.name caption=caption(spec) hint=spec.help on on_change=change /> }
}

/// The class of a row with a name at its left.
pub const fn param_row_class() -> &'static str {
    "param-row"
}

/// The control that fits a parameter, in a row with its caption.
#[component]
pub fn ParamRow(control: Control) -> impl IntoView {
    let spec = control.spec;
    match spec.unit {
        Unit::Toggle => view! { <div class="param-row is-switch"><ParamSwitch control /></div> }.into_any(),
        Unit::Choice(_) => view! {
            <div class=param_row_class()>
                <span class="param-name" aria-hidden="true">{caption(spec)}</span>
                <ChoiceSelect control name=spec.name />
            </div>
        }
        .into_any(),
        _ => view! {
            <div class=param_row_class()>
                <span class="param-name" aria-hidden="true">{caption(spec)}</span>
                <ValueBar control name=spec.name look=look_of(spec) unit=true />
            </div>
        }
        .into_any(),
    }
}

fn look_of(spec: &ParamSpec) -> BarLook {
    if spec.unit == Unit::Pan { BarLook::Tick } else { BarLook::Bar }
}

/// A knob for a main parameter.
#[component]
pub fn ParamKnob(control: Control) -> impl IntoView {
    view! { <Knob control name=control.spec.name caption=caption(control.spec) /> }
}
