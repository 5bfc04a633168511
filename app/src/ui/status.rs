//! The status bar: the hint line at the left, what is true of the engine and the store at the right.

use leptos::prelude::*;

use super::console::HiddenStrips;
use super::frame::FrameLoop;
use super::widgets::{ButtonLook, ToggleButton};
use crate::state::{Room, Studio};

/// The status bar.
#[component]
pub fn StatusBar() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let frames = expect_context::<FrameLoop>();
    let latency = RwSignal::new(None::<u32>);
    let dropouts = RwSignal::new(None::<u32>);
    frames.each(move |frame| {
        let now = frame.readings.running.then_some(frame.readings.latency_frames);
        if frame.is_number_time && latency.get_untracked() != now {
            latency.set(now);
        }
        if frame.is_reader_time {
            let now = frame.readings.running.then(|| studio.sound.engine()?.playback_stats()).flatten().map(|stats| stats.underruns);
            if dropouts.get_untracked() != now {
                dropouts.set(now);
            }
        }
    });
    let rate = Memo::new(move |_| studio.song(|song| song.rate_hz));
    let latency_text = move || {
        let frames = latency.get()?;
        Some(view! { <span>"Latency compensated " <b class="n">{format!("{frames} frames")}</b></span> })
    };
    let dropouts_text = move || {
        let count = dropouts.get()?;
        Some(
            view! { <span title="How often the browser ran out of sound since audio was started">"Dropouts " <b class="n">{count}</b></span> },
        )
    };
    view! {
        <footer class="status">
            <span class="hint" id="hint">
                <b>{move || studio.hints.get().0}</b>
                <span>{move || studio.hints.get().1}</span>
            </span>
            {latency_text}
            {dropouts_text}
            {move || rate.get().map(|hz| view! { <span>"Session " <b class="n">{rate_text(hz)}</b></span> })}
            {move || (studio.room.get() == Room::Mix).then(|| view! { <HiddenStrips /> <ConsoleToggle /> <ChannelToggle /> })}
        </footer>
    }
}

/// Lays the channel panel over the timeline; the stylesheet shows it only where the panel has no column of its own.
#[component]
fn ChannelToggle() -> impl IntoView {
    let over = expect_context::<Studio>().channel_over;
    view! {
        <ToggleButton
            look=ButtonLook::Quiet
            class="is-small channel-toggle"
            name="Channel"
            hint="The selected strip's width, pan law, sends and chain (C)"
            pressed=over
            on_press=move |_| over.update(|over| *over = !*over)
        >
            "Channel"
        </ToggleButton>
    }
}

/// Gives the console the whole room.
#[component]
fn ConsoleToggle() -> impl IntoView {
    let alone = expect_context::<Studio>().console_alone;
    view! {
        <ToggleButton look=ButtonLook::Quiet class="is-small console-toggle" name="Console alone" hint="The console with long faders, in the timeline's place (V)"
            pressed=alone on_press=move |_| alone.update(|alone| *alone = !*alone)>
            "Console"
        </ToggleButton>
    }
}

/// A sample rate as it is written: "44.1 kHz".
pub fn rate_text(hz: u32) -> String {
    format!("{} kHz", f64::from(hz) / 1000.0)
}
