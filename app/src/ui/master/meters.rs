//! The meters of the Master room: loudness, range, true peak, correlation, and the history of loudness. A dash stands for what was not
//! measured.

use leptos::html::{Canvas, Div, Span};
use leptos::prelude::*;

use super::history::History;
use crate::state::{Readings, Studio};
use crate::ui::console::loudness_text;
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
/// A loudness range over less than this is only a hint.
const RANGE_FROM_S: f64 = 60.0;

impl Scale {
    /// From 0 at the bottom to 1 at the top.
    pub fn position(self, lufs: f32) -> f64 {
        f64::from(((lufs - self.bottom) / (self.top - self.bottom)).clamp(0.0, 1.0))
    }
}

/// What a meter shows and says.
struct Value {
    /// As it is written.
    text: String,
    /// As a number, when it was measured.
    number: Option<f32>,
}

impl Value {
    fn of(number: f32, measured: bool, write: impl Fn(f32) -> String) -> Self {
        let number = Some(number).filter(|number| measured && number.is_finite());
        Self { text: number.map_or_else(|| "–".into(), write), number }
    }
}

/// Which meter; its place in the design, its name for readers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meter {
    Momentary,
    ShortTerm,
    Integrated,
    Range,
    TruePeak,
    Correlation,
}

impl Meter {
    /// Name, unit, lowest and highest number.
    const fn about(self) -> (&'static str, &'static str, f32, f32) {
        match self {
            Self::Momentary => ("Momentary loudness", "LUFS", -70.0, 10.0),
            Self::ShortTerm => ("Short-term loudness", "LUFS", -70.0, 10.0),
            Self::Integrated => ("Integrated loudness", "LUFS", -70.0, 10.0),
            Self::Range => ("Loudness range", "LU", 0.0, 60.0),
            Self::TruePeak => ("True peak", "dBTP", -90.0, 24.0),
            Self::Correlation => ("Correlation", "", -1.0, 1.0),
        }
    }

    fn read(self, readings: &Readings, rate_hz: u32) -> Value {
        let on = readings.running;
        let loudness = |lufs: f32| Value::of(lufs, on && lufs > -70.0, loudness_text);
        match self {
            Self::Momentary => loudness(readings.momentary),
            Self::ShortTerm => loudness(readings.short_term),
            Self::Integrated => loudness(readings.integrated),
            Self::Range => {
                let is_short = (readings.measured_frames as f64) < RANGE_FROM_S * f64::from(rate_hz);
                Value::of(readings.range, on, |range| format!("{}{range:.1}", if is_short { "≈\u{2009}" } else { "" }))
            }
            Self::TruePeak => {
                let db = dsp::units::gain_to_db(f64::from(readings.true_peak_max)) as f32;
                Value::of(db, on && readings.true_peak_max > 0.0, |db| signed(db, 1, false))
            }
            Self::Correlation => Value::of(readings.correlation, on && readings.momentary > -70.0, |value| signed(value, 2, true)),
        }
    }
}

/// A number with a true minus, a plus where asked, and no minus zero.
fn signed(value: f32, places: usize, plus: bool) -> String {
    let text = format!("{:.places$}", value.abs());
    let is_zero = text.chars().all(|c| c == '0' || c == '.');
    match (is_zero, value < 0.0, plus) {
        (true, ..) => text,
        (_, true, _) => format!("−{text}"),
        (_, false, true) => format!("+{text}"),
        (_, false, false) => text,
    }
}

/// The column "Meters".
#[component]
pub fn MeterColumn() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let frames = expect_context::<FrameLoop>();
    let length = Memo::new(move |_| span_of_song(studio));
    let rate = Memo::new(move |_| studio.song(|song| song.rate_hz).unwrap_or(48_000));
    let since = NodeRef::<Span>::new();
    let plr = NodeRef::<Span>::new();
    let (bars, history_canvas, correlation_canvas) = (NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new());
    let history = StoredValue::new_local(History::new());
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
            history.with_value(|history| history.draw(&surface, HISTORY, place));
        }
        if let Some(surface) = surface(correlation_canvas) {
            draw_correlation(&surface, Meter::Correlation.read(readings, rate.get_untracked()).number);
        }
        write(since, &measured_text(readings, rate.get_untracked()));
        write(plr, &plr_text(readings));
    });
    view! {
        <section class="meters" aria-label="Meters">
            <header class="meters-head">
                <h2>"Loudness"</h2>
                <span class="lbl n grow" node_ref=since></span>
                <Button look=ButtonLook::Quiet class="is-small" name="Reset meters" hint="Starts integrated loudness, range and maxima anew" on_press=reset>"Reset"</Button>
            </header>
            <div class="meters-main">
                <Reading meter=Meter::Integrated class="meters-big" caption="LUFS integrated" rate />
                <div class="meters-bars">
                    <canvas node_ref=bars aria-hidden="true"></canvas>
                    <Reading meter=Meter::Momentary class="meters-bar-value" caption="M" rate />
                    <Reading meter=Meter::ShortTerm class="meters-bar-value" caption="S" rate />
                </div>
            </div>
            <div class="meters-tiles">
                <Reading meter=Meter::Range class="meters-tile" caption="Range" rate />
                <Reading meter=Meter::TruePeak class="meters-tile" caption="True peak" rate />
                <div class="meters-tile"><span class="lbl">"PLR"</span><b class="n"><span node_ref=plr>"–"</span><span class="u">"LU"</span></b></div>
            </div>
            <div class="meters-history"><canvas node_ref=history_canvas aria-hidden="true"></canvas><span class="lbl">"Short-term over the song"</span></div>
            <div class="meters-correlation">
                <Reading meter=Meter::Correlation class="meters-line" caption="Correlation" rate />
                <canvas node_ref=correlation_canvas aria-hidden="true"></canvas>
                <div class="meters-ends lbl n" aria-hidden="true"><span>"−1"</span><span>"0"</span><span>"+1"</span></div>
            </div>
        </section>
    }
}

/// A number that is a `meter` for readers: what they hear changes at most twice a second.
#[component]
fn Reading(meter: Meter, class: &'static str, caption: &'static str, rate: Memo<u32>) -> impl IntoView {
    let frames = expect_context::<FrameLoop>();
    let (name, unit, lowest, highest) = meter.about();
    let (node, number) = (NodeRef::<Div>::new(), NodeRef::<Span>::new());
    let mut spoken = String::new();
    frames.each(move |frame| {
        if !frame.is_number_time {
            return;
        }
        let value = meter.read(frame.readings, rate.get_untracked());
        write(number, &value.text);
        if frame.is_reader_time
            && value.text != spoken
            && let Some(node) = node.get_untracked()
        {
            let now = value.number.unwrap_or(lowest).clamp(lowest, highest);
            let text = if value.number.is_some() { format!("{} {unit}", value.text) } else { "not measured".to_owned() };
            let _ = node.set_attribute("aria-valuenow", &format!("{now:.2}"));
            let _ = node.set_attribute("aria-valuetext", text.trim_end());
            spoken = value.text;
        }
    });
    view! {
        <div class=class node_ref=node role="meter" aria-label=name aria-valuemin=lowest.to_string() aria-valuemax=highest.to_string()
            aria-valuenow=lowest.to_string() aria-valuetext="not measured">
            <span class="lbl">{caption}</span>
            <b class="n"><span node_ref=number>"–"</span><span class="u">{unit}</span></b>
        </div>
    }
}

fn write(node: NodeRef<Span>, text: &str) {
    if let Some(node) = node.get_untracked()
        && node.text_content().as_deref() != Some(text)
    {
        node.set_text_content(Some(text));
    }
}

fn measured_text(readings: &Readings, rate_hz: u32) -> String {
    if readings.running && readings.measured_frames > 0 {
        format!("over {}", time::short(readings.measured_frames, rate_hz))
    } else {
        "not measured yet".into()
    }
}

/// Peak to loudness ratio: the true peak's maximum over the integrated loudness.
fn plr_text(readings: &Readings) -> String {
    let peak_db = dsp::units::gain_to_db(f64::from(readings.true_peak_max));
    let measured = readings.running && peak_db.is_finite() && readings.integrated > -70.0;
    if measured { format!("{:.1}", peak_db - f64::from(readings.integrated)) } else { "–".into() }
}

fn draw_bars(surface: &Surface, readings: &Readings) {
    const BAR_PX: f64 = 18.0;
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
    for lufs in [-30.0f32, -24.0, -18.0, -12.0, -6.0] {
        surface.ink("tx-3", 1.0);
        surface.text(&format!("−{}", -lufs), width * LOUDNESS.position(lufs), surface.height - 6.0, 10, 400, Align::Centre);
    }
}

fn draw_correlation(surface: &Surface, value: Option<f32>) {
    let (width, middle) = (surface.width, surface.width / 2.0);
    surface.ink("bg-0", 1.0);
    surface.rect(0.0, 2.0, width, 9.0);
    surface.ink("bad", 0.35);
    surface.rect(0.0, 2.0, width / 4.0, 9.0);
    if let Some(value) = value {
        let end = middle + f64::from(value) * middle;
        surface.ink("ivory", 1.0);
        surface.rect(middle.min(end), 2.0, (end - middle).abs(), 9.0);
    }
    surface.ink("tx-2", 1.0);
    surface.down(middle, 0.0, 13.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_printed_that_was_not_measured() {
        let silent =
            Readings { running: true, momentary: f32::NEG_INFINITY, integrated: f32::NEG_INFINITY, range: f32::NAN, ..Readings::default() };
        for meter in [Meter::Momentary, Meter::Integrated, Meter::Range, Meter::TruePeak, Meter::Correlation] {
            assert_eq!(meter.read(&silent, 48_000).text, "–");
        }
        assert_eq!(plr_text(&silent), "–");
        assert_eq!(measured_text(&Readings::default(), 48_000), "not measured yet");
    }

    #[test]
    fn measured_numbers_read_as_the_design_writes_them() {
        let readings = Readings {
            running: true,
            momentary: -10.2,
            integrated: -11.6,
            range: 7.44,
            true_peak_max: 0.891_251,
            correlation: 0.78,
            measured_frames: 48_000 * 90,
            ..Readings::default()
        };
        let text = |meter: Meter| meter.read(&readings, 48_000).text;
        assert_eq!(text(Meter::Momentary), "−10.2");
        assert_eq!(text(Meter::Range), "7.4");
        assert_eq!(text(Meter::TruePeak), "−1.0");
        assert_eq!(text(Meter::Correlation), "+0.78");
        assert_eq!(plr_text(&readings), "10.6");
    }
}
