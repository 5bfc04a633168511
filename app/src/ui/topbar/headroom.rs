//! How far the highest true peak is from full scale, and the output's level.

use leptos::html::{Canvas, Div, Span};
use leptos::prelude::*;

use crate::state::{Readings, Studio};
use crate::ui::ballistics::{FLOOR_DB, PeakChannel, level_db};
use crate::ui::console::LEVEL_ZONES;
use crate::ui::frame::{Frame, FrameLoop};
use crate::ui::paint::Surface;

/// Left end of the bar.
const BAR_FROM_DB: f32 = -48.0;
/// Height of a channel's bar and the space between the two.
const CHANNEL_PX: f64 = 4.0;
const CHANNEL_GAP_PX: f64 = 1.0;

/// The meter "Headroom".
#[component]
pub fn HeadroomMeter() -> impl IntoView {
    let frames = expect_context::<FrameLoop>();
    let hints = expect_context::<Studio>().hints;
    let (meter, number, canvas) = (NodeRef::<Div>::new(), NodeRef::<Span>::new(), NodeRef::<Canvas>::new());
    let mut channels = [PeakChannel::default(); 2];
    let mut last_picture = None;
    frames.each(move |frame| {
        let picture = levels(frame, &mut channels);
        if (last_picture != Some(picture) || frame.is_reader_time)
            && let Some(canvas) = canvas.get_untracked()
        {
            draw(&canvas, &picture);
            last_picture = Some(picture);
        }
        if frame.is_reader_time
            && let (Some(meter), Some(number)) = (meter.get_untracked(), number.get_untracked())
        {
            tell(&meter, &number, frame.readings);
        }
    });
    view! {
        <div
            class="headroom"
            node_ref=meter
            role="meter"
            aria-label="Headroom"
            aria-valuemin="-6"
            aria-valuemax="60"
            aria-valuenow="60"
            aria-valuetext="not measured"
            on:pointerenter=move |_| hints.show("Headroom", "From the highest true peak since the last reset to 0 dBFS")
        >
            <span class="headroom-name">"Headroom"</span>
            <span class="headroom-value"><span class="n" node_ref=number>"–"</span><span class="u">"dB"</span></span>
            <canvas class="headroom-bar" node_ref=canvas aria-hidden="true"></canvas>
        </div>
    }
}

type Picture = [(f32, f32); 2];

fn levels(frame: &Frame<'_>, channels: &mut [PeakChannel; 2]) -> Picture {
    [0, 1].map(|channel| {
        let level = if frame.readings.running { level_db(frame.readings.true_peak[channel]) } else { FLOOR_DB };
        channels[channel].take(level, frame.now_ms);
        (channels[channel].bar_db, channels[channel].line_db)
    })
}

fn draw(canvas: &web_sys::HtmlCanvasElement, picture: &Picture) {
    let Some(surface) = Surface::of(canvas) else { return };
    let x = |db: f32| f64::from(((db - BAR_FROM_DB) / -BAR_FROM_DB).clamp(0.0, 1.0)) * surface.width;
    for (channel, (bar_db, line_db)) in picture.iter().enumerate() {
        let top = channel as f64 * (CHANNEL_PX + CHANNEL_GAP_PX);
        surface.ink("meter-bg", 1.0);
        surface.rect(0.0, top, surface.width, CHANNEL_PX);
        let mut from_db = BAR_FROM_DB;
        for (upper_db, token) in LEVEL_ZONES {
            let to_db = upper_db.min(*bar_db);
            if to_db > from_db {
                surface.ink(token, 1.0);
                surface.rect(x(from_db), top, x(to_db) - x(from_db), CHANNEL_PX);
            }
            from_db = upper_db;
        }
        if *line_db > BAR_FROM_DB {
            surface.ink(if *line_db >= 0.0 { "lv-5" } else { "meter-ink" }, 1.0);
            surface.rect((x(*line_db) - 2.0).max(0.0), top, 2.0, CHANNEL_PX);
        }
    }
}

fn tell(meter: &web_sys::HtmlDivElement, number: &web_sys::HtmlSpanElement, readings: &Readings) {
    let measured = readings.running && readings.true_peak_max > 0.0;
    let headroom = -level_db(readings.true_peak_max);
    let text = match (measured, format!("{:.1}", headroom.abs())) {
        (false, _) => "–".to_owned(),
        (true, text) if headroom < 0.0 && text != "0.0" => format!("−{text}"),
        (true, text) => text,
    };
    if number.text_content().as_deref() == Some(text.as_str()) {
        return;
    }
    number.set_text_content(Some(&text));
    let _ = number.class_list().toggle_with_force("is-over", measured && headroom < 0.0);
    let spoken = if measured { format!("{text} dB to 0 dBFS") } else { "not measured".to_owned() };
    let _ = meter.set_attribute("aria-valuetext", &spoken);
    let _ = meter.set_attribute("aria-valuenow", &format!("{headroom:.1}"));
}
