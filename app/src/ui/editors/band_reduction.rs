//! The gain reduction of one band: a bar that grows from the right while the band is turned down, over it the number, of which readers are told.

use dsp::protocol::InsertId;
use leptos::html::{Canvas, Div, Span};
use leptos::prelude::*;

use super::history::{number, write};
use crate::ui::frame::FrameLoop;
use crate::ui::paint::Surface;

/// What the whole bar stands for: masters are turned down by a few dB in a band, and a tenth of that is to be seen.
const DEEPEST_DB: f32 = 12.0;
/// Height of the bar at the cell's foot.
const BAR_PX: f64 = 3.0;

/// The meter "BAND gain reduction".
#[component]
pub fn BandReduction(insert: InsertId, band: usize, name: &'static str) -> impl IntoView {
    let (meter, bar, text) = (NodeRef::<Div>::new(), NodeRef::<Canvas>::new(), NodeRef::<Span>::new());
    // Short reductions between two numbers count: each number is the deepest since the last one.
    let (mut deepest_db, mut shown_db, mut drawn_db) = (0.0_f32, 0.0_f32, f32::NAN);
    expect_context::<FrameLoop>().each(move |frame| {
        let now_db = -frame.readings.band_reduction_db(insert, band);
        deepest_db = deepest_db.max(now_db);
        // A theme may have changed: twice a second it is drawn whatever it shows.
        if (now_db != drawn_db || frame.is_reader_time)
            && let Some(surface) = bar.get_untracked().and_then(|canvas| Surface::of(&canvas))
        {
            draw(&surface, now_db);
            drawn_db = now_db;
        }
        if frame.is_number_time {
            shown_db = std::mem::take(&mut deepest_db);
            write(text, shown_db);
        }
        if let Some(node) = meter.get_untracked().filter(|_| frame.is_reader_time) {
            let _ = node.set_attribute("aria-valuenow", &format!("{:.1}", -shown_db));
            let _ = node.set_attribute("aria-valuetext", &format!("{} dB", number(shown_db)));
        }
    });
    let label = format!("{name} gain reduction");
    view! {
        <div class="band-reduction" node_ref=meter role="meter" aria-label=label aria-valuemin="-60" aria-valuemax="0" aria-valuenow="0" aria-valuetext="0.0 dB">
            <canvas node_ref=bar aria-hidden="true"></canvas>
            <span class="n" node_ref=text>"0.0"</span>
        </div>
    }
}

/// The filled share of the bar.
fn share(reduction_db: f32) -> f64 {
    f64::from(reduction_db / DEEPEST_DB).clamp(0.0, 1.0)
}

fn draw(surface: &Surface, reduction_db: f32) {
    let width = share(reduction_db) * surface.width;
    surface.ink("line-2", 1.0);
    surface.rect(0.0, surface.height - BAR_PX, surface.width, BAR_PX);
    surface.ink("change", 1.0);
    surface.rect(surface.width - width, surface.height - BAR_PX, width, BAR_PX);
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_bar_is_empty_at_rest_and_full_at_the_deepest_it_shows() {
        assert_eq!([0.0, 3.0, 12.0, 30.0].map(share), [0.0, 0.25, 1.0, 1.0]);
    }
}
