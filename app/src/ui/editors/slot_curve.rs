//! An equalizer's curve in its slot of the console, where strips are wide and high enough; for eyes only, as the editor says it in words. It is
//! a path, so nothing is drawn while no value changes, however many strips there are.

use std::fmt::Write;

use dsp::processors::equalizer::{self, OUTPUT, Response};
use dsp::protocol::{InsertId, StripId};
use leptos::prelude::*;
use session::model::Insert;

use super::equalizer::working_gains;
use super::scale::{down, hz_at, span_db};
use super::view::InsertView;
use crate::state::Studio;

/// The path's field; the stylesheet stretches it over the slot.
const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 20.0;
/// Points of the curve.
const POINTS: usize = 50;

/// The curve; nothing for other processors.
#[component]
pub fn SlotCurve(strip: StripId, insert: InsertId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let spec = studio.peek_strip(strip, |strip| strip.insert(insert).and_then(Insert::spec)).flatten();
    let spec = spec.filter(|spec| spec.id == equalizer::SPEC.id)?;
    let view = InsertView::new(studio, strip, insert, spec);
    let path = Memo::new(move |_| {
        let rate_hz = view.rate_hz();
        view.values.with(|values| path(values, rate_hz))
    });
    Some(view! {
        <svg class="slot-curve" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
            <path d=path />
        </svg>
    })
}

/// The response from the picture's left end to its right one, closed along 0 dB.
fn path(values: &[f32], rate_hz: f64) -> String {
    let (response, span) = (Response::new(values, rate_hz), span_db(working_gains(values)));
    let output = values.get(OUTPUT).copied().unwrap_or(0.0);
    let mut path = format!("M0 {:.1}", HEIGHT / 2.0);
    for point in 0..=POINTS {
        let across = point as f64 / POINTS as f64;
        let hz = hz_at(across).min(0.49 * rate_hz);
        let y = (down(f64::from(response.db(hz) + output), span) * HEIGHT).clamp(0.0, HEIGHT);
        // A text takes what is written.
        let _ = write!(path, "L{:.1} {y:.1}", across * WIDTH);
    }
    path + &format!("L{WIDTH} {:.1}Z", HEIGHT / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::editors::view::values_with;

    #[test]
    fn a_flat_equalizer_is_a_line_in_the_middle_and_a_boost_rises_over_it() {
        let heights = |changed: &[(&str, f32)]| -> Vec<f64> {
            let path = path(&values_with(&equalizer::SPEC, changed), 48_000.0);
            let points = path.trim_start_matches('M').trim_end_matches('Z').split('L');
            points.map(|point| point.split(' ').nth(1).expect("two numbers").parse().expect("a number")).collect()
        };
        assert!(heights(&[]).iter().all(|y| *y == HEIGHT / 2.0));
        let boosted = heights(&[("band3_on", 1.0), ("band3_shape", 0.0), ("band3_frequency", 1_000.0), ("band3_gain", 9.0)]);
        let highest = boosted.iter().copied().fold(HEIGHT, f64::min);
        assert!((3.0..6.0).contains(&highest), "{highest}");
    }
}
