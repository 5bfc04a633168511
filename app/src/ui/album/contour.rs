//! A song's loudness over its time, small, with the anchor's loudness across.

use leptos::html::Canvas;
use leptos::prelude::*;
use session::analysis::Analysis;

use super::desk::{Desk, Line};
use crate::ui::frame::FrameLoop;
use crate::ui::paint::Surface;

/// Ends of the scale.
const TOP_LUFS: f64 = -4.0;
const BOTTOM_LUFS: f64 = -32.0;

/// The picture in a row of the table.
#[component]
pub fn Contour(
    /// The desk.
    desk: Desk,
    /// The song.
    line: Memo<Option<Line>>,
) -> impl IntoView {
    let frames = expect_context::<FrameLoop>();
    let node = NodeRef::<Canvas>::new();
    let stale = StoredValue::new(true);
    Effect::new(move |_| {
        line.track();
        desk.standings();
        desk.studio.theme.track();
        node.track();
        stale.set_value(true);
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| stale.set_value(true));
    on_cleanup(move || resized.remove());
    frames.each(move |_| {
        if stale.try_get_value() == Some(true)
            && let Some(surface) = node.get_untracked().and_then(|canvas| Surface::of(&canvas))
        {
            stale.set_value(false);
            untrack(|| draw(&surface, desk, line));
        }
    });
    view! { <canvas class="album-contour" node_ref=node aria-hidden="true"></canvas> }
}

fn draw(surface: &Surface, desk: Desk, line: Memo<Option<Line>>) {
    let y = |lufs: f64| (TOP_LUFS - lufs).clamp(0.0, TOP_LUFS - BOTTOM_LUFS) / (TOP_LUFS - BOTTOM_LUFS) * surface.height;
    let Some(line) = line.get() else { return };
    if let Some((analysis, gain_db)) = desk.known(&line) {
        let points = course(&analysis, gain_db, surface.width);
        let drawn: Vec<(f64, f64)> = points.into_iter().map(|(x, lufs)| (x, y(lufs))).collect();
        if let (Some(first), Some(last)) = (drawn.first(), drawn.last()) {
            let ground = [(last.0, surface.height), (first.0, surface.height)];
            surface.ink("tx-3", 0.25);
            surface.shape(drawn.iter().copied().chain(ground));
            surface.ink("tx-2", 1.0);
            surface.line(drawn, 1.25);
        }
    }
    let anchor = desk.anchor().and_then(|anchor| desk.lines().into_iter().find(|line| line.clip == anchor));
    if let Some(level) = anchor.and_then(|anchor| desk.level(&anchor)) {
        surface.ink("ivory", 0.6);
        surface.across(y(level.lufs), 0.0, surface.width);
    }
}

/// Short-term loudness over a width, one point a pixel at most.
fn course(analysis: &Analysis, gain_db: f64, width: f64) -> Vec<(f64, f64)> {
    let course = &analysis.short_term_lufs;
    let step = (course.len() / width.max(1.0) as usize).max(1);
    let x = |at: usize| (at + 1) as f64 / course.len() as f64 * width;
    let points = course.iter().enumerate().step_by(step).filter(|(_, lufs)| lufs.is_finite());
    points.map(|(at, lufs)| (x(at), f64::from(*lufs) + gain_db)).collect()
}
