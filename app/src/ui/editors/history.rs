//! The gain reduction of the last seconds, as the engine measured it: it hangs from the top over the level of what goes in and what comes out,
//! with now, the most and the average beside it. A ceiling stands as a line in it.

use std::collections::VecDeque;

use dsp::params::ProcessorSpec;
use dsp::protocol::InsertId;
use leptos::html::{Canvas, Span};
use leptos::prelude::*;

use super::levels::Levels;
use super::view::{InsertView, value_by_id};
use crate::state::Studio;
use crate::ui::frame::{Frame, FrameLoop};
use crate::ui::paint::{Align, Surface};

/// What the picture spans.
const SPAN_MS: f64 = 6000.0;
/// Its lower end, and the one while more than that is turned down.
const DEEPEST_DB: [f32; 2] = [24.0, 72.0];
/// Lines and names in the height.
const LINES: u8 = 4;
/// Room for the names at the right, beside what moves.
const SCALE_PX: f64 = 28.0;
/// Less counts as no reduction.
pub const SMALLEST_DB: f32 = 0.05;

/// Whether a processor turns the gain down: it has a threshold (or its first band has one) or a ceiling.
pub fn reduces(spec: &ProcessorSpec) -> bool {
    let is_dynamic_band = spec.id != dsp::processors::equalizer::SPEC.id;
    spec.params.iter().any(|param| matches!(param.id, "threshold" | "ceiling") || (is_dynamic_band && param.id == "band1_threshold"))
}

/// What was taken away over the last seconds.
#[derive(Default)]
pub struct History {
    points: VecDeque<(f64, f32)>,
    moves: bool,
}

impl History {
    /// Takes a reading in; `false` while nothing has changed that a picture could show.
    pub fn take(&mut self, frame: &Frame<'_>, insert: InsertId) -> bool {
        let reduction = -frame.readings.reduction_db(insert);
        self.points.push_back((frame.now_ms, reduction));
        while self.points.front().is_some_and(|point| frame.now_ms - point.0 > SPAN_MS) {
            self.points.pop_front();
        }
        let moves = self.points.iter().any(|point| point.1 >= SMALLEST_DB);
        std::mem::replace(&mut self.moves, moves) || moves
    }

    /// What was taken away, dB, over a picture's width from 0 to 1.
    pub fn course(&self) -> impl Iterator<Item = (f64, f32)> {
        let now_ms = self.points.back().map_or(0.0, |point| point.0);
        self.points.iter().map(move |(at_ms, db)| (1.0 - (now_ms - at_ms) / SPAN_MS, *db))
    }

    fn most(&self) -> f32 {
        self.points.iter().map(|point| point.1).fold(0.0, f32::max)
    }

    fn average(&self) -> f32 {
        self.points.iter().map(|point| point.1).sum::<f32>() / self.points.len().max(1) as f32
    }
}

/// A reduction as it is written, without its unit.
pub fn number(reduction: f32) -> String {
    if reduction < SMALLEST_DB { "0.0".to_owned() } else { format!("−{reduction:.1}") }
}

/// The picture with its three numbers.
#[component]
pub fn ReductionHistory(view: InsertView) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let (insert, spec) = (view.insert, view.spec);
    let mut levels = Levels::new(studio, insert, SPAN_MS);
    let mut was_heard = false;
    let ceiling_db = move || {
        spec.index_of("ceiling")?;
        Some(view.values.with_untracked(|values| value_by_id(spec, values, "ceiling")))
    };
    let mut last_ceiling_db = None;
    let canvas = NodeRef::<Canvas>::new();
    let numbers: [NodeRef<Span>; 3] = [NodeRef::new(), NodeRef::new(), NodeRef::new()];
    let mut history = History::default();
    let mut size = (0, 0, studio.theme.get_untracked());
    expect_context::<FrameLoop>().each(move |frame| {
        let Some(canvas) = canvas.get_untracked() else { return };
        let now = (canvas.client_width(), canvas.client_height(), studio.theme.get_untracked());
        let resized = std::mem::replace(&mut size, now) != now;
        let is_heard = levels.take(frame.now_ms);
        let goes_on = std::mem::replace(&mut was_heard, is_heard) || is_heard;
        let ceiling_db = ceiling_db();
        let is_moved = std::mem::replace(&mut last_ceiling_db, ceiling_db) != ceiling_db;
        if history.take(frame, insert) || goes_on || resized || is_moved {
            draw(&canvas, &history, &levels, ceiling_db, frame.now_ms);
        }
        if frame.is_number_time {
            let last = history.points.back().map_or(0.0, |point| point.1);
            for (node, value) in numbers.iter().zip([last, history.most(), history.average()]) {
                write(*node, value);
            }
        }
    });
    let values = ["Now", "Most", "Average"].into_iter().zip(numbers).map(|(name, node)| {
        view! { <span class="history-number">{name} " " <span class="n history-value" node_ref=node>"0.0"</span><span class="u">"dB"</span></span> }
    });
    view! {
        <div class="history">
            <canvas class="history-canvas" node_ref=canvas role="img" aria-label="Gain reduction over the level of the last 6 seconds"></canvas>
            <p class="history-numbers"><span class="grow">"Gain reduction over level, last 6 s"</span> {values.collect_view()}</p>
        </div>
    }
}

/// Writes a reduction where it has changed.
pub fn write(node: NodeRef<Span>, reduction: f32) {
    let Some(node) = node.get_untracked() else { return };
    let text = number(reduction);
    if node.text_content().as_deref() != Some(text.as_str()) {
        node.set_text_content(Some(&text));
    }
}

fn draw(canvas: &web_sys::HtmlCanvasElement, history: &History, levels: &Levels, ceiling_db: Option<f32>, now_ms: f64) {
    let Some(surface) = Surface::of(canvas) else { return };
    let deepest = if history.most() < DEEPEST_DB[0] { DEEPEST_DB[0] } else { DEEPEST_DB[1] };
    let y = |db: f32| f64::from(db / deepest) * surface.height;
    let width = surface.width - SCALE_PX;
    let x = |at_ms: f64| width * (1.0 - (now_ms - at_ms) / SPAN_MS);
    draw_levels(&surface, levels, x, |db| y(-db).clamp(0.0, surface.height));
    for line in 0..LINES {
        let db = deepest * f32::from(line) / f32::from(LINES);
        surface.ink("line-1", 1.0);
        surface.across(y(db), 0.0, width);
        surface.ink("tx-3", 1.0);
        let text = if db == 0.0 { "0".to_owned() } else { format!("−{db}") };
        surface.text(&text, surface.width - 6.0, y(db).max(6.0), 10, 400, Align::Right);
    }
    if let Some(db) = ceiling_db {
        surface.ink("bad", 1.0);
        surface.across(y(-db), 0.0, width);
    }
    let points: Vec<(f64, f64)> = history.points.iter().map(|point| (x(point.0), y(point.1))).collect();
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    surface.ink("change", 0.3);
    surface.shape(std::iter::once((first.0, 0.0)).chain(points.iter().copied()).chain([(last.0, 0.0)]));
    surface.ink("change", 1.0);
    surface.line(points.iter().copied(), 1.5);
}

/// What goes in behind what comes out, both standing on the lower end.
fn draw_levels(surface: &Surface, levels: &Levels, x: impl Fn(f64) -> f64, y: impl Fn(f32) -> f64) {
    for (side, ink, alpha) in [(0, "tx-3", 0.3), (1, "ivory", 0.45)] {
        let points: Vec<(f64, f64)> = levels.looks().map(|look| (x(look.0), y(look.1[side]))).collect();
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
        surface.ink(ink, alpha);
        surface.shape(std::iter::once((first.0, surface.height)).chain(points.iter().copied()).chain([(last.0, surface.height)]));
    }
}
