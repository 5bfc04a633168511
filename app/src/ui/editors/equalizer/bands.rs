//! A column of controls per band.

use dsp::processors::equalizer::{BAND_LISTEN, band_index, band_param};
use leptos::prelude::*;

use super::EqualizerView;
use super::handles::has_gain;
use crate::ui::editors::controls::ParamSwitch;
use crate::ui::widgets::{ButtonLook, ChoiceSelect, Icon, IconView, Switch, ToggleButton, ValueBar};

/// The group "Band N".
#[component]
pub fn BandColumn(view: EqualizerView, band: usize) -> impl IntoView {
    let control = move |param| view.control(band_index(band, param));
    let on_control = control(band_param::ON);
    let on = Signal::derive(move || on_control.value.get() >= 0.5);
    let bar = move |param, mark: &'static str| {
        let control = control(param);
        view! { <ValueBar control name=control.spec.name mark=Signal::stored(Some(mark)) unit=true /> }
    };
    let choice = move |param| {
        let control = control(param);
        view! { <ChoiceSelect control name=control.spec.name /> }
    };
    let dynamic_control = control(band_param::DYNAMIC);
    let is_dynamic = move || dynamic_control.value.get() >= 0.5;
    let dynamics = move || {
        is_dynamic().then(|| {
            view! {
                <div class="eq-band-pair">{bar(band_param::THRESHOLD, "T")} {bar(band_param::RANGE, "R")}</div>
                <div class="eq-band-pair">{bar(band_param::ATTACK, "A")} {bar(band_param::RELEASE, "R")}</div>
            }
        })
    };
    view! {
        <div
            class="eq-band"
            class:is-chosen=move || view.chosen.get() == band
            class:is-off=move || !on.get()
            role="group"
            aria-label=format!("Band {}", band + 1)
            on:focusin=move |_| view.chosen.set(band)
            on:pointerdown=move |_| view.chosen.set(band)
        >
            <div class="eq-band-head">
                <Switch
                    name=on_control.spec.name
                    caption=format!("{}", band + 1)
                    hint=on_control.spec.help
                    on
                    on_change=move |on: bool| on_control.set_once(f32::from(u8::from(on)))
                />
                {choice(band_param::SHAPE)}
            </div>
            <div class="eq-band-pair is-listened">{bar(band_param::FREQUENCY, "")} <BandListen view band /></div>
            <div class="eq-band-pair">{bar(band_param::GAIN, "")} {bar(band_param::Q, "Q")}</div>
            <div class="eq-band-pair is-words">{choice(band_param::SLOPE)} {choice(band_param::PLACEMENT)}</div>
            <Show when=move || has_gain(view, band)>
                <div class="param-row is-switch"><ParamSwitch control=dynamic_control /></div>
                {dynamics}
            </Show>
        </div>
    }
}

/// Hears the part of the sound that the band works on, or all of it again.
#[component]
fn BandListen(view: EqualizerView, band: usize) -> impl IntoView {
    let control = view.control(BAND_LISTEN);
    let number = (band + 1) as f32;
    let pressed = Signal::derive(move || control.value.get() == number);
    view! {
        <ToggleButton
            look=ButtonLook::Quiet
            class="is-icon is-small"
            name=format!("Listen to band {}", band + 1)
            hint=control.spec.help
            pressed
            on_press=move |_| control.set_once(if pressed.get_untracked() { 0.0 } else { number })
        >
            <IconView icon=Icon::Listen />
        </ToggleButton>
    }
}
