//! The meters of the Master room: loudness, range, true peak, correlation, and the history of loudness. A dash stands for what was not
//! measured.

use leptos::html::{Canvas, Span};
use leptos::prelude::*;

use super::distribution::Distribution;
use super::history::History;
use super::level::LevelView;
use super::looking::Looking;
use super::measures::Measures;
use super::moments::{LoudestMoments, measured};
use super::reading::{Meter, Reading, Subject, write};
use super::spectrum::SpectrumView;
use super::stereo::StereoView;
use super::target::Goal;
use crate::state::{Readings, Studio};
use crate::ui::frame::FrameLoop;
use crate::ui::paint::{Align, Surface};
use crate::ui::timeline::{span_of_song, time};
use crate::ui::widgets::{Button, ButtonLook};

/// The loudness that bars and history span.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    bottom: f32,
    top: f32,
}

/// From quiet passages to the loudest masters.
const LOUDNESS: Scale = Scale { bottom: -36.0, top: 0.0 };
/// The same for the history.
const HISTORY: Scale = Scale { bottom: -36.0, top: -4.0 };

impl Scale {
    /// From 0 at the bottom to 1 at the top.
    pub fn position(self, lufs: f32) -> f64 {
        f64::from(((lufs - self.bottom) / (self.top - self.bottom)).clamp(0.0, 1.0))
    }
}

/// The column "Meters".
#[component]
pub fn MeterColumn() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let frames = expect_context::<FrameLoop>();
    let length = Memo::new(move |_| span_of_song(studio));
    let goal = expect_context::<Goal>();
    let target_lufs = Memo::new(move |_| goal.destination().map_or(f32::NAN, |place| place.target_lufs as f32));
    let subject = Memo::new(move |_| {
        let target_lufs = target_lufs.get();
        let found = studio.song(|song| Subject { rate_hz: song.rate_hz, master: song.master().map(|strip| strip.id), target_lufs });
        found.unwrap_or(Subject { rate_hz: 48_000, master: None, target_lufs })
    });
    let since = NodeRef::<Span>::new();
    let (bars, history_canvas) = (NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new());
    let looking = StoredValue::new_local(Looking::new());
    let history = StoredValue::new_local(History::new());
    let measures = expect_context::<Measures>();
    let whole = Memo::new(move |_| measured(measures));
    let reset = move |()| {
        studio.reset_meters();
        history.set_value(History::new());
    };
    Effect::new(move |_| {
        studio.song_id();
        history.set_value(History::new());
    });
    frames.each(move |frame| {
        if !frame.is_number_time {
            return;
        }
        let readings = frame.readings;
        let place = readings.position as f64 / length.get_untracked().max(1.0);
        if readings.playing && readings.short_term > -70.0 {
            history.update_value(|history| {
                history.take(place, readings.short_term);
            });
        }
        let surface = |node: NodeRef<Canvas>| node.get_untracked().and_then(|canvas| Surface::of(&canvas));
        if let Some(surface) = surface(bars) {
            draw_bars(&surface, readings);
        }
        if let Some(surface) = surface(history_canvas) {
            let place = if readings.playing { place } else { studio.locator.get_untracked() as f64 / length.get_untracked().max(1.0) };
            let whole = whole.get_untracked();
            let target_lufs = target_lufs.get_untracked();
            history.with_value(|history| history.draw(&surface, HISTORY, place, target_lufs, whole.as_deref()));
        }
        write(since, &measured_text(readings, subject.get_untracked().rate_hz));
    });
    view! {
        <section class="meters" aria-label="Meters">
            <header class="meters-head">
                <h2>"Loudness"</h2>
                <span class="lbl n grow" node_ref=since></span>
                <Button look=ButtonLook::Quiet class="is-small" name="Reset meters" hint="Starts integrated loudness, range and maxima anew" on_press=reset>"Reset"</Button>
            </header>
            <div class="meters-main">
                <Reading meter=Meter::Integrated class="meters-big" caption="LUFS integrated" subject />
                <div class="meters-bars">
                    <canvas node_ref=bars aria-hidden="true"></canvas>
                    <Reading meter=Meter::Momentary class="meters-bar-value" caption="M" subject />
                    <Reading meter=Meter::ShortTerm class="meters-bar-value" caption="S" subject />
                </div>
            </div>
            <div class="meters-tiles">
                <Reading meter=Meter::ToTarget class="meters-tile" caption="To target" subject />
                <Reading meter=Meter::Range class="meters-tile" caption="Range" subject />
                <Reading meter=Meter::TruePeak class="meters-tile" caption="True peak" subject />
                <Reading meter=Meter::PeakToLoudness class="meters-tile" caption="PLR" subject />
                <Reading meter=Meter::PeakToShortTerm class="meters-tile" caption="PSR" subject />
                <Reading meter=Meter::ShortTermMax class="meters-tile" caption="S max" subject />
            </div>
            <div class="meters-history"><canvas node_ref=history_canvas aria-hidden="true"></canvas><Distribution scale=HISTORY /><span class="lbl">"Short-term over the song"</span></div>
            <LoudestMoments />
            <LevelView looking subject />
            <SpectrumView looking />
            <StereoView looking subject />
        </section>
    }
}

fn measured_text(readings: &Readings, rate_hz: u32) -> String {
    if readings.running && readings.measured_frames > 0 {
        format!("over {}", time::short(readings.measured_frames, rate_hz))
    } else {
        "not measured yet".into()
    }
}

fn draw_bars(surface: &Surface, readings: &Readings) {
    const BAR_PX: f64 = 18.0;
    const NARROW_PX: f64 = 130.0;
    let width = surface.width;
    for (row, (lufs, alpha)) in [(readings.momentary, 0.55), (readings.short_term, 0.95)].into_iter().enumerate() {
        let top = row as f64 * (BAR_PX + 8.0);
        surface.ink("bg-0", 1.0);
        surface.rect(0.0, top, width, BAR_PX);
        if readings.running && lufs.is_finite() {
            surface.ink("ivory", alpha);
            surface.rect(0.0, top, width * LOUDNESS.position(lufs), BAR_PX);
        }
    }
    // Every other number where they would run into each other.
    let step = if width < NARROW_PX { 2 } else { 1 };
    for lufs in [-30.0f32, -24.0, -18.0, -12.0, -6.0].into_iter().step_by(step) {
        surface.ink("tx-3", 1.0);
        surface.text(&format!("−{}", -lufs), width * LOUDNESS.position(lufs), surface.height - 6.0, 10, 400, Align::Centre);
    }
}
