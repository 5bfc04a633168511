//! The console's meters: one canvas over all strips, drawn by the frame loop.
//!
//! Strips register where their meter and their number stand; nothing here goes through a signal. RMS is solid, the peak above it dimmed,
//! a line holds the maximum, the gain reduction of the chain hangs from the top at the right.

use std::collections::HashMap;

use dsp::protocol::{InsertId, StripId};
use leptos::html::{Canvas, Div, Span};
use leptos::prelude::*;
use web_sys::DomRect;

use super::labels::scale_position;
use crate::state::{Readings, StripReading};
use crate::ui::ballistics::{FLOOR_DB, PeakChannel, level_db};
use crate::ui::frame::Frame;
use crate::ui::paint::Surface;

/// The colours of level, each up to its upper end in dB.
pub const LEVEL_ZONES: [(f32, &str); 5] = [(-18.0, "lv-1"), (-9.0, "lv-2"), (-3.0, "lv-3"), (0.0, "lv-4"), (6.0, "lv-5")];
/// Opacity of the part between RMS and peak.
const PEAK_ALPHA: f64 = 0.42;
/// Width of the gain reduction's bar and its distance from the meter.
const REDUCTION_PX: f64 = 3.0;
const REDUCTION_GAP_PX: f64 = 2.0;
/// A reduction of this much fills the height.
const FULL_REDUCTION_DB: f32 = 18.0;
/// From this level on a number counts as an over.
const FULL_SCALE: f32 = 1.0;

/// Where a strip's meter stands.
#[derive(Clone, Copy)]
pub struct MeterPlace {
    /// Whose.
    pub strip: StripId,
    /// The element that it fills.
    pub node: NodeRef<Div>,
    /// The chain whose reductions hang beside it.
    pub inserts: Memo<Vec<InsertId>>,
    /// The master's is wider and has no reduction bar.
    pub wide: bool,
}

#[derive(Default)]
struct Places {
    meters: Vec<MeterPlace>,
    numbers: Vec<(StripId, NodeRef<Span>)>,
}

/// The places of all meters; a context of the console.
#[derive(Clone, Copy)]
pub struct MeterBoard {
    places: StoredValue<Places, LocalStorage>,
    /// Whether the strips' bars show the peak before the fader; the master's never does.
    pub pre: RwSignal<bool>,
}

impl MeterBoard {
    /// Without places.
    pub fn new() -> Self {
        Self { places: StoredValue::new_local(Places::default()), pre: RwSignal::new(false) }
    }

    /// A meter, until the calling view goes.
    pub fn add_meter(self, place: MeterPlace) {
        self.places.update_value(|places| places.meters.push(place));
        on_cleanup(move || {
            self.places.try_update_value(|places| places.meters.retain(|kept| kept.strip != place.strip || kept.wide != place.wide));
        });
    }

    /// The number of a held maximum, until the calling view goes.
    pub fn add_number(self, strip: StripId, node: NodeRef<Span>) {
        self.places.update_value(|places| places.numbers.push((strip, node)));
        on_cleanup(move || {
            self.places.try_update_value(|places| places.numbers.retain(|kept| kept.0 != strip));
        });
    }

    /// What the frame loop runs.
    pub fn drawing(self, overlay: NodeRef<Canvas>) -> impl FnMut(&Frame<'_>) + 'static {
        let mut channels: HashMap<StripId, [PeakChannel; 2]> = HashMap::new();
        let mut last_picture = Vec::new();
        move |frame| {
            let Some(canvas) = overlay.get_untracked() else { return };
            let pre = self.pre.get_untracked();
            let drawn = self.places.with_value(|places| {
                let origin = canvas.get_bounding_client_rect();
                places.meters.iter().filter_map(|place| bars_of(place, pre, &origin, frame, &mut channels)).collect::<Vec<_>>()
            });
            if drawn != last_picture || frame.is_reader_time {
                draw(&canvas, &drawn);
                last_picture = drawn;
            }
            if frame.is_number_time {
                self.places
                    .with_value(|places| places.numbers.iter().for_each(|(strip, node)| write_number(frame.readings, *strip, *node)));
            }
            if frame.is_reader_time {
                self.places.with_value(|places| places.meters.iter().for_each(|place| tell_readers(frame.readings, place)));
            }
        }
    }
}

/// One meter as it will be drawn, in CSS pixels of the overlay.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bars {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    clip: (f64, f64),
    rms_db: [f32; 2],
    bar_db: [f32; 2],
    line_db: [f32; 2],
    reduction_db: f32,
    wide: bool,
    measured: bool,
}

fn bars_of(
    place: &MeterPlace,
    pre: bool,
    origin: &DomRect,
    frame: &Frame<'_>,
    channels: &mut HashMap<StripId, [PeakChannel; 2]>,
) -> Option<Bars> {
    let pre = pre && !place.wide;
    let rect = place.node.get_untracked()?.get_bounding_client_rect();
    if rect.width() < 1.0 || rect.right() < origin.left() || rect.left() > origin.right() {
        return None;
    }
    let reading = frame.readings.strip(place.strip);
    let held = channels.entry(place.strip).or_default();
    for (channel, held) in held.iter_mut().enumerate() {
        let level = |reading: &StripReading| level_db(if pre { reading.peak_pre } else { reading.peak[channel] });
        held.take(reading.map_or(FLOOR_DB, level), frame.now_ms);
    }
    // Before the fader there is a peak alone.
    let rms = |channel: usize| reading.filter(|_| !pre).map_or(FLOOR_DB, |reading| level_db(reading.rms[channel]));
    let reduction = place.inserts.with_untracked(|inserts| inserts.iter().map(|insert| frame.readings.reduction_db(*insert)).sum());
    Some(Bars {
        left: rect.left() - origin.left(),
        top: rect.top() - origin.top(),
        width: rect.width(),
        height: rect.height(),
        clip: (0.0, origin.width()),
        rms_db: [rms(0), rms(1)],
        bar_db: [held[0].bar_db, held[1].bar_db],
        line_db: [held[0].line_db, held[1].line_db],
        reduction_db: reduction,
        wide: place.wide,
        measured: reading.is_some(),
    })
}

fn draw(canvas: &web_sys::HtmlCanvasElement, bars: &[Bars]) {
    let Some(surface) = Surface::of(canvas) else { return };
    // Strips scroll under the pinned master: what belongs to it is drawn last, over a cleared ground.
    let pinned_from = bars.iter().filter(|bar| bar.wide).map(|bar| bar.left - PINNED_MARGIN_PX).fold(surface.width, f64::min);
    let colours = LEVEL_ZONES.map(|(_, token)| surface.token(token));
    surface.clipped(PINNED_LABELS_PX, 0.0, (pinned_from - PINNED_LABELS_PX).max(0.0), surface.height, || {
        bars.iter().filter(|bar| !bar.wide).for_each(|bar| draw_one(&surface, bar, &colours));
    });
    bars.iter().filter(|bar| bar.wide).for_each(|bar| draw_one(&surface, bar, &colours));
}

/// The fader of the master stands at the left of its meter.
const PINNED_MARGIN_PX: f64 = 52.0;
/// The narrowest column of row labels.
const PINNED_LABELS_PX: f64 = 56.0;

fn draw_one(surface: &Surface, bars: &Bars, colours: &[String; 5]) {
    let gap = if bars.wide { 2.0 } else { 1.0 };
    let beside = if bars.wide { 0.0 } else { REDUCTION_PX + REDUCTION_GAP_PX };
    let width = ((bars.width - beside - gap) / 2.0).floor();
    for channel in 0..2 {
        let left = bars.left + channel as f64 * (width + gap);
        surface.ink("meter-bg", 1.0);
        surface.rect(left, bars.top, width, bars.height);
        if !bars.measured {
            continue;
        }
        fill_to(surface, bars, left, width, bars.bar_db[channel], PEAK_ALPHA, colours);
        fill_to(surface, bars, left, width, bars.rms_db[channel], 1.0, colours);
        let line = bars.line_db[channel];
        if line > FLOOR_DB {
            surface.ink(if line >= 0.0 { "lv-5" } else { "meter-ink" }, 1.0);
            surface.rect(left, (bars.top + bars.height * (1.0 - f64::from(scale_position(line)))).round(), width, 2.0);
        }
    }
    if !bars.wide && bars.reduction_db < -0.05 {
        let left = bars.left + bars.width - REDUCTION_PX;
        surface.ink("meter-bg", 1.0);
        surface.rect(left, bars.top, REDUCTION_PX, bars.height);
        surface.ink("meter-change", 1.0);
        surface.rect(left, bars.top, REDUCTION_PX, bars.height * f64::from((-bars.reduction_db / FULL_REDUCTION_DB).min(1.0)));
    }
    surface.ink("meter-bg", 0.0);
}

fn fill_to(surface: &Surface, bars: &Bars, left: f64, width: f64, level_db: f32, alpha: f64, colours: &[String; 5]) {
    let mut from_db = FLOOR_DB;
    for ((upper_db, _), colour) in LEVEL_ZONES.iter().zip(colours) {
        let to_db = upper_db.min(level_db);
        if to_db > from_db {
            let (low, high) = (f64::from(scale_position(from_db)), f64::from(scale_position(to_db)));
            surface.ink_value(colour, alpha);
            surface.rect(left, bars.top + bars.height * (1.0 - high), width, bars.height * (high - low));
        }
        from_db = *upper_db;
    }
}

/// A level as numbers show it: "−7.8", "+0.4", "−∞".
pub fn number_of(gain: f32) -> String {
    if gain <= 0.0 {
        return "−∞".to_owned();
    }
    let db = dsp::units::gain_to_db(f64::from(gain));
    let text = format!("{:.1}", db.abs());
    match (db, text.as_str()) {
        (_, "0.0") => text,
        (db, _) if db < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}

fn write_number(readings: &Readings, strip: StripId, node: NodeRef<Span>) {
    let Some(node) = node.get_untracked() else { return };
    let reading = readings.strip(strip);
    let text = reading.map_or_else(|| "–".to_owned(), |reading| number_of(reading.peak_max));
    if node.text_content().as_deref() != Some(text.as_str()) {
        node.set_text_content(Some(&text));
        let over = reading.is_some_and(|reading| reading.peak_max > FULL_SCALE);
        let _ = node.class_list().toggle_with_force("is-over", over);
    }
}

fn tell_readers(readings: &Readings, place: &MeterPlace) {
    let (Some(node), Some(reading)) = (place.node.get_untracked(), readings.strip(place.strip)) else { return };
    let level = level_db(reading.rms[0].max(reading.rms[1]));
    let now = format!("{level:.1}");
    if node.get_attribute("aria-valuenow").as_deref() != Some(now.as_str()) {
        let _ = node.set_attribute("aria-valuenow", &now);
        let _ = node.set_attribute("aria-valuetext", &spoken(reading));
    }
}

fn spoken(reading: &StripReading) -> String {
    let rms = number_of(reading.rms[0].max(reading.rms[1]));
    format!("{rms} dBFS, highest {} dBFS, clipped {} times", number_of(reading.peak_max), reading.clipped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_read_with_a_true_minus_and_a_sign_only_over_full_scale() {
        assert_eq!(number_of(0.5), "−6.0");
        assert_eq!(number_of(1.0), "0.0");
        assert_eq!(number_of(0.999), "0.0");
        assert_eq!(number_of(1.05), "+0.4");
        assert_eq!(number_of(0.0), "−∞");
    }
}
