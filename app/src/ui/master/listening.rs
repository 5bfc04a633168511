//! The Listen bar: what changes only what is heard. The song, the song before its chain, what the chain changes; level, mono, another device,
//! a place that plays it.

use dsp::monitor::{MONITOR_PARAMS, monitor_param, source};
use dsp::params::Unit;
use leptos::html::Span;
use leptos::prelude::*;

use super::figures::difference;
use super::preview::PreviewChoice;
use super::reading::write;
use crate::state::Studio;
use crate::ui::frame::FrameLoop;
use crate::ui::widgets::{ButtonLook, Icon, IconView, Select, SelectOption, ToggleButton};

/// The bar.
#[component]
pub fn ListenBar() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let switch = move |index: usize| {
        let spec = &MONITOR_PARAMS[index];
        let pressed = Signal::derive(move || studio.monitor.with(|values| values[index] >= 0.5));
        let press = move |_| studio.set_monitor(index, if pressed.get_untracked() { 0.0 } else { 1.0 });
        view! { <ToggleButton look=ButtonLook::Listen class="is-small" name=spec.name hint=spec.help pressed on_press=press>{spec.name}</ToggleButton> }
    };
    view! {
        <div class="listen-bar" role="toolbar" aria-label="Listen">
            <b>"Listen"</b>
            {[monitor_param::DIM, monitor_param::MONO, monitor_param::SWAP].map(switch).collect_view()}
            <Device />
            <PreviewChoice />
            <span class="lbl listen-note"><IconView icon=Icon::Lock /><span class="listen-note-text">"Not in the export"</span></span>
        </div>
    }
}

/// The combobox "Hear as on".
#[component]
fn Device() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let spec = &MONITOR_PARAMS[monitor_param::DEVICE];
    let Unit::Choice(words) = spec.unit else { return ().into_any() };
    let options =
        words.iter().enumerate().map(|(index, word)| SelectOption::new(index.to_string(), if index == 0 { "Full range" } else { word }));
    let options = options.collect::<Vec<_>>();
    let chosen = Signal::derive(move || (studio.monitor.with(|values| values[monitor_param::DEVICE]) as usize).to_string());
    let choose = move |value: String| {
        if let Ok(index) = value.parse::<u16>() {
            studio.set_monitor(monitor_param::DEVICE, f32::from(index));
        }
    };
    view! { <Select name=spec.name hint=spec.help class="is-quiet is-listen" options=Signal::stored(options) chosen on_choose=choose /> }
        .into_any()
}

/// The switch that plays everything as loud as the song before its chain, so that versions are compared at one level.
fn level_match(studio: Studio) -> impl IntoView {
    let spec = &MONITOR_PARAMS[monitor_param::MATCH];
    let pressed = Signal::derive(move || studio.monitor.with(|values| values[monitor_param::MATCH] >= 0.5));
    let press = move |_| studio.set_monitor(monitor_param::MATCH, if pressed.get_untracked() { 0.0 } else { 1.0 });
    view! { <ToggleButton look=ButtonLook::Listen class="is-small" name=spec.name hint=spec.help pressed on_press=press>"Match"</ToggleButton> }
}

/// Compares the whole chain with what goes into it, both as loud; stands over the chain.
#[component]
pub fn ChainListening() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let frames = expect_context::<FrameLoop>();
    let matched = NodeRef::<Span>::new();
    studio.set_monitor(monitor_param::WATCH, 1.0);
    on_cleanup(move || studio.set_monitor(monitor_param::WATCH, 0.0));
    frames.each(move |frame| {
        if frame.is_number_time {
            let db = if frame.readings.running { f64::from(-frame.readings.chain_match_db) } else { f64::NAN };
            write(matched, &if db.is_finite() { format!("matched {} dB", difference(db, 1)) } else { "not matched yet".to_owned() });
        }
    });
    let part = move |what: usize, name: &'static str, text: &'static str, hint: &'static str| {
        let pressed = Signal::derive(move || studio.source() == what);
        let press = move |_| studio.listen_to(if pressed.get_untracked() { source::SONG } else { what });
        view! { <ToggleButton look=ButtonLook::Listen class="is-small" name=name hint=hint pressed on_press=press>{text}</ToggleButton> }
    };
    view! {
        <div class="chain-listening" role="group" aria-label="Compare the chain">
            {part(source::BEFORE, "Without the chain", "Without", "Hear the song before its chain, as loud as behind it; O does it too")}
            {part(source::CHANGE, "Change of the chain", "Change", "Hear only what the chain changes beside the loudness")}
            {level_match(studio)}
            <span class="lbl n chain-matched" node_ref=matched>"not matched yet"</span>
        </div>
    }
}
