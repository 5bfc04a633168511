//! The spectrum of the mix, and how it was over the last seconds.

use dsp::meters::spectrum::Size;
use leptos::either::Either;
use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::CanvasRenderingContext2d;

use super::looking::{HIGH_HZ, LOW_HZ, Looking, ROWS, Settings};
use super::overlay::{Overlay, match_db, overlay};
use super::references::References;
use crate::state::Studio;
use crate::ui::frame::FrameLoop;
use crate::ui::paint::{Align, Surface};
use crate::ui::widgets::{Select, SelectOption};

/// Levels of the picture's top and bottom.
const TOP_DB: f32 = 0.0;
/// See [`TOP_DB`].
const BOTTOM_DB: f32 = -84.0;
/// Room for the numbers at the right.
const SCALE_PX: f64 = 30.0;
/// Room for the frequencies' names.
const FOOT_PX: f64 = 14.0;
/// Columns of the picture over time.
const COLUMNS: u32 = 300;
/// Between two columns; where less motion is wanted the picture moves four times a second.
const COLUMN_MS: f64 = 50.0;
/// See [`COLUMN_MS`].
const CALM_COLUMN_MS: f64 = 250.0;

/// Names, and what they stand for.
const SIZES: [(&str, Size); 3] = [("4096", Size::Frames4096), ("8192", Size::Frames8192), ("16384", Size::Frames16384)];
/// Lifts in dB an octave: none, pink noise flat, most masters flat.
const TILTS: [(&str, f64); 3] = [("No tilt", 0.0), ("3 dB/oct", 3.0), ("4.5 dB/oct", 4.5)];
/// Time constants of the average.
const AVERAGES: [(&str, f64); 3] = [("Fast", 80.0), ("Medium", 400.0), ("Slow", 2_000.0)];
const VIEWS: [&str; 2] = ["Spectrum", "Spectrogram"];

/// When the picture over time took its last column.
struct Spectrogram {
    taken_at_ms: f64,
}

impl Spectrogram {
    /// Whether a column is due; it counts as taken then.
    fn is_due(&mut self, now_ms: f64, period_ms: f64) -> bool {
        let is_due = now_ms - self.taken_at_ms >= period_ms;
        if is_due {
            self.taken_at_ms = now_ms;
        }
        is_due
    }
}

/// From 0 at the bottom to 1 at the top.
fn height(db: f32) -> f64 {
    f64::from(((db - BOTTOM_DB) / (TOP_DB - BOTTOM_DB)).clamp(0.0, 1.0))
}

/// A frequency's place from 0 at the left.
fn across(hz: f64) -> f64 {
    (hz / LOW_HZ).log2() / (HIGH_HZ / LOW_HZ).log2()
}

fn draw_spectrum(surface: &Surface, levels: &[f32], beside: Option<&Overlay>) {
    let width = surface.width - SCALE_PX;
    let bottom = surface.height - FOOT_PX;
    let x = |hz: f64| across(hz) * width;
    let y = |db: f32| (1.0 - height(db)) * bottom;
    for (hz, text) in [(50.0, "50"), (100.0, "100"), (200.0, "200"), (500.0, "500"), (1e3, "1k"), (2e3, "2k"), (5e3, "5k"), (1e4, "10k")] {
        surface.ink("line-1", 1.0);
        surface.down(x(hz), 0.0, bottom);
        surface.ink("tx-3", 1.0);
        surface.text(text, x(hz), surface.height - 6.0, 10, 400, Align::Centre);
    }
    for db in [-12.0, -36.0, -60.0] {
        surface.ink("line-1", 1.0);
        surface.across(y(db), 0.0, width);
        surface.ink("tx-3", 1.0);
        surface.text(&format!("−{}", -db), surface.width - 6.0, y(db), 10, 400, Align::Right);
    }
    let line: Vec<(f64, f64)> = levels.iter().enumerate().map(|(row, db)| ((row as f64 + 0.5) / ROWS as f64 * width, y(*db))).collect();
    surface.ink("ivory", 0.14);
    surface.shape([(0.0, bottom)].into_iter().chain(line.iter().copied()).chain([(width, bottom)]));
    // Under the thirds the fine spectrum steps back.
    surface.ink("ivory", if beside.is_some() { 0.45 } else { 1.0 });
    surface.line(line, if beside.is_some() { 1.0 } else { 1.5 });
    if let Some(beside) = beside {
        draw_overlay(surface, beside);
    }
}

fn draw_overlay(surface: &Surface, beside: &Overlay) {
    let (width, bottom) = (surface.width - SCALE_PX, surface.height - FOOT_PX);
    let points = |curve: &[(f64, f32)]| -> Vec<(f64, f64)> {
        curve.iter().map(|(hz, db)| (across(*hz).clamp(0.0, 1.0) * width, (1.0 - height(*db)) * bottom)).collect()
    };
    surface.ink("ivory", 1.0);
    surface.line(points(&beside.song), 1.75);
    surface.ink("ref", 1.0);
    surface.dashed(points(&beside.reference), 1.5);
    let (y, right) = (9.0, width - 6.0);
    surface.text("Reference, as loud", right, y, 10, 400, Align::Right);
    surface.dashed([(right - 102.0, y), (right - 84.0, y)], 1.5);
    surface.ink("ivory", 1.0);
    surface.text("Song", right - 114.0, y, 10, 400, Align::Right);
    surface.line([(right - 160.0, y), (right - 142.0, y)], 1.75);
}

/// Moves the picture on by a column of one pixel per row, in one colour, the louder the more of it.
fn draw_column(canvas: &web_sys::HtmlCanvasElement, levels: &[f32]) -> Option<()> {
    // Its own pixels, stretched by the page: a column is a pixel wide whatever the window is.
    if (canvas.width(), canvas.height()) != (COLUMNS, ROWS as u32) {
        canvas.set_width(COLUMNS);
        canvas.set_height(ROWS as u32);
    }
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let tokens = window().get_computed_style(&document().document_element()?).ok()??;
    context.set_global_alpha(1.0);
    context.set_global_composite_operation("copy").ok()?;
    context.draw_image_with_html_canvas_element(canvas, -1.0, 0.0).ok()?;
    context.set_global_composite_operation("source-over").ok()?;
    context.set_fill_style_str(tokens.get_property_value("--ivory").unwrap_or_default().trim());
    for (row, level) in levels.iter().enumerate() {
        context.set_global_alpha(height(*level));
        context.fill_rect(f64::from(COLUMNS - 1), (ROWS - 1 - row) as f64, 1.0, 1.0);
    }
    Some(())
}

fn wants_calm() -> bool {
    window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|query| query.matches())
}

fn frequency(hz: f64) -> String {
    if hz < 1_000.0 { format!("{hz:.0} Hz") } else { format!("{:.2} kHz", hz / 1_000.0) }
}

fn summary(looking: &Looking) -> String {
    looking.loudest().map_or_else(|| "no sound seen yet".into(), |(hz, db)| format!("loudest at {}, −{:.1} dB", frequency(hz), -db))
}

/// A choice among a few texts.
#[component]
pub fn Pick(
    /// Its name.
    name: &'static str,
    /// The texts.
    texts: Vec<&'static str>,
    /// The one that is chosen.
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let options: Vec<SelectOption> = texts.iter().enumerate().map(|(at, text)| SelectOption::new(at.to_string(), *text)).collect();
    let now = Signal::derive(move || chosen.get().to_string());
    let choose = move |value: String| chosen.set(value.parse().unwrap_or_default());
    view! { <Select name class="is-quiet" options=Signal::stored(options) chosen=now on_choose=choose /> }
}

/// Spectrum and spectrogram with their settings.
#[component]
pub fn SpectrumView(looking: StoredValue<Looking, LocalStorage>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let frames = expect_context::<FrameLoop>();
    let [view, size, tilt, average] = [RwSignal::new(0), RwSignal::new(1), RwSignal::new(2), RwSignal::new(1)];
    let (spectrum, past) = (NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new());
    let references = expect_context::<References>();
    let both = Memo::new(move |_| references.both());
    let mut spectrogram = Spectrogram { taken_at_ms: 0.0 };
    let mut spoken = String::new();
    frames.each(move |frame| {
        let pick = |signal: RwSignal<usize>| signal.get_untracked();
        let settings = Settings { size: SIZES[pick(size)].1, tilt_db: TILTS[pick(tilt)].1, average_ms: AVERAGES[pick(average)].1 };
        looking.update_value(|looking| {
            looking.look(studio, settings, frame.now_ms);
        });
        let period_ms = if wants_calm() { CALM_COLUMN_MS } else { COLUMN_MS };
        looking.with_value(|looking| {
            let moved = frame.readings.playing && spectrogram.is_due(frame.now_ms, period_ms);
            let is_past = pick(view) != 0;
            let shown = if is_past { past.get_untracked() } else { spectrum.get_untracked() };
            match &shown {
                Some(canvas) if !is_past => {
                    if let Some(surface) = Surface::of(canvas) {
                        let beside = both.with_untracked(|both| {
                            let (_, other) = both.as_ref()?;
                            let match_db = match_db(references, frame.readings, other)?;
                            Some(overlay(looking.spectrum()?, other, match_db, settings.tilt_db))
                        });
                        draw_spectrum(&surface, &looking.levels, beside.as_ref());
                    }
                }
                Some(canvas) if moved => {
                    draw_column(canvas, &looking.column);
                }
                _ => {}
            }
            let text = format!("{}, {}", VIEWS[pick(view)], summary(looking));
            if let Some(canvas) = shown.filter(|_| frame.is_reader_time && text != spoken) {
                let _ = canvas.set_attribute("aria-label", &text);
                spoken = text;
            }
        });
    });
    let picture = move || match view.get() {
        // Two elements: one that is kept would be drawn on in the other's way.
        0 => Either::Left(
            view! { <canvas class="meters-picture" role="img" aria-label="Spectrum, no sound seen yet" node_ref=spectrum></canvas> },
        ),
        _ => Either::Right(
            view! { <canvas class="meters-picture" role="img" aria-label="Spectrogram, no sound seen yet" node_ref=past></canvas> },
        ),
    };
    let names = |list: [(&'static str, f64); 3]| list.map(|(name, _)| name).to_vec();
    view! {
        <div class="meters-settings">
            <Pick name="View of the sound" texts=VIEWS.to_vec() chosen=view />
            <span class="grow"></span>
            <Pick name="Frames of the spectrum" texts=SIZES.map(|(name, _)| name).to_vec() chosen=size />
            <Pick name="Tilt of the spectrum" texts=names(TILTS) chosen=tilt />
            <Pick name="Average of the spectrum" texts=names(AVERAGES) chosen=average />
        </div>
        <div class="meters-spectrum">{picture}</div>
    }
}
