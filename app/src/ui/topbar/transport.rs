//! Transport buttons and the clock.

use leptos::html::Span;
use leptos::prelude::*;

use super::tempo::TempoButton;
use crate::state::Studio;
use crate::ui::frame::FrameLoop;
use crate::ui::timeline::time;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, ToggleButton};

/// Return to start, play, loop.
#[component]
pub fn TransportButtons() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let looping = Memo::new(move |_| studio.song(|song| song.cycle.enabled).unwrap_or(false));
    let play_name = Signal::derive(move || if studio.playing.get() { "Stop" } else { "Play" }.to_owned());
    let icon = move || if studio.playing.get() { Icon::Stop } else { Icon::Play };
    view! {
        <div class="transport" role="toolbar" aria-label="Transport">
            <Button look=ButtonLook::Quiet class="is-icon" name="Return to start" hint="Home" on_press=move |()| studio.return_to_start()>
                <IconView icon=Icon::Start />
            </Button>
            <div class="play" class:is-playing=studio.playing>
                <Button look=ButtonLook::Quiet class="is-icon" name=play_name hint="Space" on_press=move |()| studio.toggle_play()>
                    {move || view! { <IconView icon=icon() /> }}
                </Button>
            </div>
            <ToggleButton look=ButtonLook::Quiet class="is-icon" name="Loop" hint="L" pressed=looping on_press=move |_| studio.toggle_loop()>
                <IconView icon=Icon::Loop />
            </ToggleButton>
        </div>
    }
}

/// The timer "Position": bars and beats, minutes and seconds.
#[component]
pub fn Clock() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let frames = expect_context::<FrameLoop>();
    let (bars, clock) = (NodeRef::<Span>::new(), NodeRef::<Span>::new());
    let song = Memo::new(move |_| studio.song(|song| (song.rate_hz, song.tempo)));
    let mut shown = None;
    frames.each(move |frame| {
        let position = if frame.readings.playing { frame.readings.position } else { studio.locator.get_untracked() };
        let now = (position, song.get_untracked());
        if !frame.is_number_time || shown == Some(now) {
            return;
        }
        let ((Some(bars), Some(clock)), Some((rate_hz, tempo))) = ((bars.get_untracked(), clock.get_untracked()), now.1) else { return };
        bars.set_text_content(Some(&time::bars(position, rate_hz, &tempo)));
        clock.set_text_content(Some(&time::clock(position, rate_hz)));
        shown = Some(now);
    });
    view! {
        <div class="clock">
            <span role="timer" aria-label="Position" class="clock-position">
                <span class="clock-bars n" node_ref=bars>"1.1.1"</span>
                <span class="clock-time n" node_ref=clock>"0:00.000"</span>
            </span>
            <TempoButton />
        </div>
    }
}
