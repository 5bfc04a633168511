//! The master strip: loudness where the others have sends, what is only listened to where they have trim, a wide meter with its own scale.

use dsp::engine::strip_param;
use dsp::monitor::monitor_param;
use dsp::protocol::StripId;
use leptos::html::Span;
use leptos::prelude::*;

use super::inserts::Inserts;
use super::level::{FaderAndMeter, LevelNumbers};
use super::strip::{StripName, press_strip};
use super::switches::{MuteOnly, Polarity};
use crate::state::Studio;
use crate::ui::frame::{Frame, FrameLoop};
use crate::ui::widgets::{BarLook, Button, ButtonLook, Select, SelectOption, ToggleButton, ValueBar};

/// The master strip; the console keeps it in sight at the right.
#[component]
pub fn MasterStrip(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let name = studio.strip_memo(strip, |strip| strip.name.clone());
    let muted = studio.strip_memo(strip, |strip| strip.is_on("mute"));
    let typing = RwSignal::new(false);
    view! {
        <section
            class="strip is-master console-grid"
            class:is-selected=move || studio.selected.get() == Some(strip)
            class:is-muted=muted
            role="group"
            aria-label=name
            class:is-chosen-also=move || studio.is_chosen_also(strip)
            on:pointerdown=move |event| press_strip(studio, strip, &event)
            on:focusin=move |_| studio.select_strip(strip)
        >
            <Inserts strip />
            <LoudnessNumbers />
            <div class="trim">
                <Polarity strip />
                <ValueBar control=studio.strip_control(strip, strip_param::TRIM) name="Trim" />
                <ListenSwitch index=monitor_param::DIM text="Dim" />
                <ListenSwitch index=monitor_param::MONO text="Mono" />
            </div>
            <div class="pan">
                <ValueBar control=studio.strip_control(strip, strip_param::PAN) name="Pan" look=BarLook::Tick />
            </div>
            <LevelNumbers strip typing />
            <FaderAndMeter strip typing wide=true />
            <div class="ms">
                <MuteOnly strip />
                <Button class="is-small is-wide" hint="Starts integrated loudness and held maxima anew" on_press=move |()| studio.reset_meters()>
                    "Reset meters"
                </Button>
            </div>
            <div class="output listen">
                <ListenTo />
                <ListenSwitch index=monitor_param::SWAP text="Swap" />
            </div>
            <StripName strip name />
        </section>
    }
}

/// A switch of the monitor stage: heard, never exported.
#[component]
fn ListenSwitch(index: usize, text: &'static str) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let pressed = Signal::derive(move || studio.monitor.with(|values| values[index] >= 0.5));
    let press = move |_| studio.set_monitor(index, f32::from(u8::from(!pressed.get_untracked())));
    let spec = &dsp::monitor::MONITOR_PARAMS[index];
    view! {
        <ToggleButton look=ButtonLook::Listen class="is-small is-wide" name=spec.name hint=spec.help pressed on_press=press>
            {text}
        </ToggleButton>
    }
}

/// Which part of the sound is heard.
#[component]
fn ListenTo() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let spec = &dsp::monitor::MONITOR_PARAMS[monitor_param::CHANNEL];
    let dsp::params::Unit::Choice(words) = spec.unit else { return ().into_any() };
    let options = words.iter().enumerate().map(|(index, word)| SelectOption::new(index.to_string(), *word)).collect::<Vec<_>>();
    let chosen = Signal::derive(move || (studio.monitor.with(|values| values[monitor_param::CHANNEL]) as usize).to_string());
    let choose = move |value: String| {
        if let Ok(index) = value.parse::<u16>() {
            studio.set_monitor(monitor_param::CHANNEL, f32::from(index));
        }
    };
    view! { <Select name="Listen to" hint=spec.help class="is-quiet is-listen" options=Signal::stored(options) chosen on_choose=choose /> }
        .into_any()
}

/// A loudness as it is written, a dash while nothing was measured.
pub fn loudness_text(lufs: f32) -> String {
    /// The absolute gate of BS.1770: below it nothing counts as loudness.
    const GATE_LUFS: f32 = -70.0;
    if !lufs.is_finite() || lufs < GATE_LUFS {
        return "–".to_owned();
    }
    let text = format!("{:.1}", lufs.abs());
    if lufs < 0.0 && text != "0.0" { format!("−{text}") } else { text }
}

fn number(node: NodeRef<Span>, read: impl Fn(&Frame<'_>) -> String + 'static) -> impl FnMut(&Frame<'_>) + 'static {
    let mut shown = String::new();
    move |frame| {
        if !frame.is_number_time {
            return;
        }
        let text = if frame.readings.running { read(frame) } else { "–".to_owned() };
        if text != shown
            && let Some(node) = node.get_untracked()
        {
            node.set_text_content(Some(&text));
            shown = text;
        }
    }
}

#[component]
fn LoudnessNumbers() -> impl IntoView {
    let frames = expect_context::<FrameLoop>();
    let (integrated, short_term, true_peak) = (NodeRef::new(), NodeRef::new(), NodeRef::new());
    frames.each(number(integrated, |frame| loudness_text(frame.readings.integrated)));
    frames.each(number(short_term, |frame| loudness_text(frame.readings.short_term)));
    frames.each(number(true_peak, |frame| super::meters::number_of(frame.readings.true_peak_max)));
    view! {
        <div class="loudness">
            <span class="loudness-name">"Integrated"</span>
            <span class="loudness-value is-big"><span class="n" node_ref=integrated>"–"</span><span class="u">"LUFS"</span></span>
            <span class="loudness-name is-short-term">"Short-term"</span>
            <span class="loudness-value is-short-term"><span class="n" node_ref=short_term>"–"</span><span class="u">"LUFS"</span></span>
            <span class="loudness-name">"True peak"</span>
            <span class="loudness-value"><span class="n" node_ref=true_peak>"–"</span><span class="u">"dBTP"</span></span>
        </div>
    }
}
