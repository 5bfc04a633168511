//! The level at an end of the chain: both sides as bars, RMS solid under a dimmed peak with a line at the held one, and the highest sample
//! so far as a number.

use dsp::protocol::StripId;
use leptos::html::{Canvas, Div, Span};
use leptos::prelude::*;

use crate::ui::ballistics::{FLOOR_DB, PeakChannel, level_db};
use crate::ui::console::{LEVEL_ZONES, number_of};
use crate::ui::frame::FrameLoop;
use crate::ui::paint::Surface;

/// The bars' ends.
const LOW_DB: f32 = -48.0;
const HIGH_DB: f32 = 3.0;
/// Opacity of the part between RMS and peak.
const PEAK_ALPHA: f64 = 0.42;
/// Between both sides.
const GAP_PX: f64 = 1.0;

/// One side as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Side {
    rms_db: f32,
    peak_db: f32,
    line_db: f32,
}

/// The meter "Level in" or "Level out" with its name and number.
#[component]
pub fn EndMeter(strip: StripId, what: &'static str) -> impl IntoView {
    let (meter, bars, number) = (NodeRef::<Div>::new(), NodeRef::<Canvas>::new(), NodeRef::<Span>::new());
    let mut held = [PeakChannel::default(); 2];
    let mut drawn = None;
    expect_context::<FrameLoop>().each(move |frame| {
        let reading = frame.readings.strip(strip);
        let sides = [0, 1].map(|side| {
            held[side].take(reading.map_or(FLOOR_DB, |reading| level_db(reading.peak[side])), frame.now_ms);
            let rms_db = reading.map_or(FLOOR_DB, |reading| level_db(reading.rms[side]));
            Side { rms_db, peak_db: held[side].bar_db, line_db: held[side].line_db }
        });
        // A theme may have changed: twice a second it is drawn whatever it shows.
        if (drawn != Some(sides) || frame.is_reader_time)
            && let Some(surface) = bars.get_untracked().and_then(|canvas| Surface::of(&canvas))
        {
            draw(&surface, sides);
            drawn = Some(sides);
        }
        let text = reading.map_or_else(|| "–".to_owned(), |reading| number_of(reading.peak_max));
        if frame.is_number_time
            && let Some(node) = number.get_untracked().filter(|node| node.text_content().as_deref() != Some(text.as_str()))
        {
            node.set_text_content(Some(&text));
            let _ = node.class_list().toggle_with_force("is-over", reading.is_some_and(|reading| reading.peak_max > 1.0));
        }
        if let Some(node) = meter.get_untracked().filter(|_| frame.is_reader_time) {
            let level_db = sides[0].rms_db.max(sides[1].rms_db);
            let _ = node.set_attribute("aria-valuenow", &format!("{level_db:.1}"));
            let said = if reading.is_some() { format!("highest {text} dBFS") } else { "not measured".to_owned() };
            let _ = node.set_attribute("aria-valuetext", &said);
        }
    });
    let label = format!("Level {}", what.to_lowercase());
    view! {
        <span class="lbl">{what}</span>
        <span class="n master-end-number" node_ref=number>"–"</span>
        <div class="master-end-bars" node_ref=meter role="meter" aria-label=label aria-valuemin="-90" aria-valuemax="6" aria-valuenow="-90" aria-valuetext="not measured">
            <canvas node_ref=bars aria-hidden="true"></canvas>
        </div>
    }
}

/// Height over the bottom as a share.
fn share(db: f32) -> f64 {
    f64::from((db - LOW_DB) / (HIGH_DB - LOW_DB)).clamp(0.0, 1.0)
}

fn draw(surface: &Surface, sides: [Side; 2]) {
    let width = (surface.width - GAP_PX) / 2.0;
    for (at, side) in sides.into_iter().enumerate() {
        let left = at as f64 * (width + GAP_PX);
        surface.ink("meter-bg", 1.0);
        surface.rect(left, 0.0, width, surface.height);
        for (level_db, alpha) in [(side.peak_db, PEAK_ALPHA), (side.rms_db, 1.0)] {
            let mut from_db = LOW_DB;
            for (upper_db, token) in LEVEL_ZONES {
                let to_db = upper_db.min(level_db);
                if to_db > from_db {
                    surface.ink(token, alpha);
                    surface.rect(left, surface.height * (1.0 - share(to_db)), width, surface.height * (share(to_db) - share(from_db)));
                }
                from_db = from_db.max(upper_db);
            }
        }
        if side.line_db > LOW_DB {
            surface.ink("meter-ink", 1.0);
            surface.across(surface.height * (1.0 - share(side.line_db)), left, left + width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_level_stands_between_the_ends_of_the_bar() {
        assert_eq!([-60.0, -48.0, 3.0, 9.0].map(share), [0.0, 0.0, 1.0, 1.0]);
        assert!(share(-6.0) > 0.8 && share(-6.0) < share(0.0));
    }
}
