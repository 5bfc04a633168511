//! What a processor does to the level: both sides as bars, what goes in over what comes out, and the power that comes out against the power
//! that goes in over the last seconds.

use dsp::protocol::TapPoint;
use dsp::units::power_to_db;
use leptos::html::{Canvas, Span};
use leptos::prelude::*;

use super::view::InsertView;
use crate::audio::Tap;
use crate::state::Studio;
use crate::ui::frame::FrameLoop;
use crate::ui::paint::Surface;

/// Time constant of the means that the number compares.
const MEAN_S: f64 = 3.0;
/// Time constant of the bars, as of a meter's RMS.
const BAR_S: f64 = 0.3;
/// Where the bars begin; they end at full scale.
const BAR_FLOOR_DB: f64 = -48.0;
/// Height of a bar and the gap under it.
const BAR_PX: f64 = 4.0;
const GAP_PX: f64 = 2.0;
/// Means below this (−70 dB) are silence: nothing is said of it.
const SILENT_POWER: f64 = 1e-7;

/// Running means of squares: the number's and the bar's.
#[derive(Default)]
struct Power {
    mean: f64,
    bar: f64,
}

impl Power {
    fn take(&mut self, tap: &mut Tap) {
        let rate_hz = f64::from(tap.rate_hz().unwrap_or(48_000));
        tap.read(|left, right| {
            let sum: f64 = left.iter().zip(right).map(|(l, r)| f64::from(*l) * f64::from(*l) + f64::from(*r) * f64::from(*r)).sum();
            let power = sum / (2.0 * left.len().max(1) as f64);
            let share = |time_s: f64| 1.0 - (-(left.len() as f64) / (time_s * rate_hz)).exp();
            self.mean += share(MEAN_S) * (power - self.mean);
            self.bar += share(BAR_S) * (power - self.bar);
        });
    }

    /// How much of its bar is filled, 0 to 1.
    fn share(&self) -> f64 {
        (1.0 - power_to_db(self.bar.max(SILENT_POWER)) / BAR_FLOOR_DB).clamp(0.0, 1.0)
    }
}

fn draw(surface: &Surface, shares: [f64; 2]) {
    for (at, (share, ink)) in shares.into_iter().zip(["tx-3", "ivory"]).enumerate() {
        let top = at as f64 * (BAR_PX + GAP_PX);
        surface.ink("bg-0", 1.0);
        surface.rect(0.0, top, surface.width, BAR_PX);
        surface.ink(ink, 1.0);
        surface.rect(0.0, top, share * surface.width, BAR_PX);
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
    let (node, bars) = (NodeRef::<Span>::new(), NodeRef::<Canvas>::new());
    let mut taps = [TapPoint::BeforeInsert(view.insert), TapPoint::AfterInsert(view.insert)].map(|point| studio.sound.tap(point));
    let mut powers = [Power::default(), Power::default()];
    let mut shown = String::new();
    let mut drawn = [f64::NAN; 2];
    expect_context::<FrameLoop>().each(move |frame| {
        powers.iter_mut().zip(&mut taps).for_each(|(power, tap)| power.take(tap));
        // A theme may have changed: twice a second they are drawn whatever they show.
        let shares = powers.each_ref().map(Power::share);
        if (shares != drawn || frame.is_reader_time)
            && let Some(surface) = bars.get_untracked().and_then(|canvas| Surface::of(&canvas))
        {
            draw(&surface, shares);
            drawn = shares;
        }
        let Some(node) = node.get_untracked().filter(|_| frame.is_number_time) else { return };
        let now = text(powers[0].mean, powers[1].mean);
        if now != shown {
            node.set_text_content(Some(&now));
            shown = now;
        }
    });
    let hint = move |_| {
        studio.hints.show(
            "Level",
            "What goes in over what comes out; RMS of the last seconds against each other, so that a bypass can be judged fairly",
        )
    };
    view! {
        <span class="level-change n" on:pointerenter=hint>
            <canvas class="level-change-bars" node_ref=bars aria-hidden="true"></canvas>
            <span class="level-change-text">"Level " <span class="level-change-value" node_ref=node>"–"</span></span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::{Power, text};

    #[test]
    fn the_difference_has_its_sign_and_silence_has_none() {
        assert_eq!(text(0.01, 0.02), "+3.0 dB");
        assert_eq!(text(0.02, 0.01), "−3.0 dB");
        assert_eq!(text(0.02, 0.020_000_1), "0.0 dB");
        assert_eq!(text(0.0, 0.01), "–");
    }

    #[test]
    fn a_bar_is_empty_in_silence_half_full_halfway_and_full_at_full_scale() {
        let share = |bar: f64| (Power { bar, ..Power::default() }.share() * 100.0).round();
        assert_eq!([0.0, 10f64.powf(-2.4), 1.0, 4.0].map(share), [0.0, 50.0, 100.0, 100.0]);
    }
}
