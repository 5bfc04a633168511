//! What a processor does to the level: the power that comes out against the power that goes in, over the last seconds.

use dsp::protocol::TapPoint;
use dsp::units::power_to_db;
use leptos::html::Span;
use leptos::prelude::*;

use super::view::InsertView;
use crate::audio::Tap;
use crate::state::Studio;
use crate::ui::frame::FrameLoop;

/// Time constant of the means.
const MEAN_S: f64 = 3.0;
/// Means below this (−70 dB) are silence: nothing is said of it.
const SILENT_POWER: f64 = 1e-7;

/// A running mean of squares.
#[derive(Default)]
struct Power(f64);

impl Power {
    fn take(&mut self, tap: &mut Tap) {
        let rate_hz = f64::from(tap.rate_hz().unwrap_or(48_000));
        let mean = &mut self.0;
        tap.read(|left, right| {
            let sum: f64 = left.iter().zip(right).map(|(l, r)| f64::from(*l) * f64::from(*l) + f64::from(*r) * f64::from(*r)).sum();
            let share = 1.0 - (-(left.len() as f64) / (MEAN_S * rate_hz)).exp();
            *mean += share * (sum / (2.0 * left.len().max(1) as f64) - *mean);
        });
    }
}

/// The difference as it is written: "+2.2 dB", a dash while either side is silent.
fn text(before: f64, after: f64) -> String {
    if before < SILENT_POWER || after < SILENT_POWER {
        return "–".to_owned();
    }
    let tenths = (10.0 * (power_to_db(after) - power_to_db(before))).round() / 10.0;
    match tenths {
        db if db > 0.0 => format!("+{db:.1} dB"),
        db if db < 0.0 => format!("−{:.1} dB", -db),
        _ => "0.0 dB".to_owned(),
    }
}

/// "Level +2.2 dB" in an editor's head.
#[component]
pub fn LevelChange(view: InsertView) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let node = NodeRef::<Span>::new();
    let mut taps = [TapPoint::BeforeInsert(view.insert), TapPoint::AfterInsert(view.insert)].map(|point| studio.sound.tap(point));
    let mut powers = [Power::default(), Power::default()];
    let mut shown = String::new();
    expect_context::<FrameLoop>().each(move |frame| {
        powers.iter_mut().zip(&mut taps).for_each(|(power, tap)| power.take(tap));
        let Some(node) = node.get_untracked().filter(|_| frame.is_number_time) else { return };
        let now = text(powers[0].0, powers[1].0);
        if now != shown {
            node.set_text_content(Some(&now));
            shown = now;
        }
    });
    let hint = move |_| {
        studio.hints.show("Level", "RMS of the last seconds that comes out against what goes in, so that a bypass can be judged fairly")
    };
    view! { <span class="level-change n" on:pointerenter=hint>"Level " <span node_ref=node>"–"</span></span> }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn the_difference_has_its_sign_and_silence_has_none() {
        assert_eq!(text(0.01, 0.02), "+3.0 dB");
        assert_eq!(text(0.02, 0.01), "−3.0 dB");
        assert_eq!(text(0.02, 0.020_000_1), "0.0 dB");
        assert_eq!(text(0.0, 0.01), "–");
    }
}
