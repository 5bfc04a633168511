//! In what the song differs from a reference, drawn over the third octaves: its level at the same loudness, and its width.

use std::sync::Arc;

use leptos::html::Canvas;
use leptos::prelude::*;
use session::analysis::{Analysis, BANDS, band_hz};

use super::figures::{difference, hertz};
use crate::state::Studio;
use crate::ui::frame::FrameLoop;
use crate::ui::paint::{Align, Surface};

/// What the picture reaches to.
const MOST_DB: f64 = 9.0;
/// Bands that neither has are not compared: so far under the loudest.
const SILENT_DB: f32 = 60.0;

/// The song's band less the reference's, at the same loudness, dB; bands that one of them does not have are left out.
fn apart_db(own: &Analysis, other: &Analysis) -> Vec<(f64, f64)> {
    let loudest = |analysis: &Analysis| analysis.bands.iter().fold(f32::NEG_INFINITY, |most, band| most.max(band.level_db));
    let floors = [loudest(own) - SILENT_DB, loudest(other) - SILENT_DB];
    let offset = own.integrated_lufs - other.integrated_lufs;
    let pairs = own.bands.iter().zip(&other.bands).enumerate();
    let heard = pairs.filter(|(_, (own, other))| own.level_db > floors[0] && other.level_db > floors[1]);
    heard.map(|(at, (own, other))| (band_hz(at), f64::from(own.level_db - other.level_db) - offset)).collect()
}

/// What the picture shows, in words.
fn summary(apart: &[(f64, f64)]) -> String {
    let most = apart.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let least = apart.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    match (most, least) {
        (Some(most), Some(least)) => {
            let text = |(hz, db): &(f64, f64)| format!("{} dB at {}", difference(*db, 1), hertz(*hz));
            format!("Song against reference at one loudness: from {} to {}", text(least), text(most))
        }
        _ => "Song against reference: nothing to compare".into(),
    }
}

/// The picture.
#[component]
pub fn DifferenceCurves(
    /// Song and reference.
    both: Memo<Option<(Arc<Analysis>, Arc<Analysis>)>>,
) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let frames = expect_context::<FrameLoop>();
    let node = NodeRef::<Canvas>::new();
    let stale = StoredValue::new(true);
    Effect::new(move |_| {
        both.track();
        studio.theme.track();
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
            if let Some((own, other)) = both.get_untracked() {
                draw(&surface, &own, &other);
            }
        }
    });
    let label = move || both.with(|both| both.as_ref().map_or_else(String::new, |(own, other)| summary(&apart_db(own, other))));
    view! {
        <div class="goal-difference">
            <canvas node_ref=node role="img" aria-label=label></canvas>
            <p class="lbl"><span class="is-level">"Level apart, dB"</span><span class="is-width">"Width apart, ±100 %"</span></p>
        </div>
    }
}

fn draw(surface: &Surface, own: &Analysis, other: &Analysis) {
    let (lowest, highest) = (band_hz(0).ln(), band_hz(BANDS - 1).ln());
    let x = |hz: f64| (hz.ln() - lowest) / (highest - lowest) * surface.width;
    let y = |db: f64| (0.5 - 0.5 * (db / MOST_DB).clamp(-1.0, 1.0)) * surface.height;
    for db in [-6.0, 0.0, 6.0] {
        surface.ink("line-1", 1.0);
        surface.across(y(db), 0.0, surface.width);
        surface.ink("tx-3", 1.0);
        surface.text(&difference(db, 0), surface.width - 4.0, y(db) - 6.0, 10, 400, Align::Right);
    }
    // A width of a whole reaches as far as the picture.
    let width = |at: usize| f64::from(own.bands[at].width - other.bands[at].width) * MOST_DB;
    let bands = own.bands.len().min(other.bands.len());
    surface.ink("ref", 1.0);
    surface.line((0..bands).map(|at| (x(band_hz(at)), y(width(at)))), 1.0);
    surface.ink("ivory", 1.0);
    let apart = apart_db(own, other);
    if apart.len() > 1 {
        surface.line(apart.into_iter().map(|(hz, db)| (x(hz), y(db))), 1.75);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_name_the_bands_that_lie_furthest_apart() {
        assert_eq!(
            summary(&[(50.0, 2.04), (1_000.0, -0.3), (8_000.0, -1.96)]),
            "Song against reference at one loudness: from −2.0 dB at 8.0 kHz to +2.0 dB at 50 Hz"
        );
    }
}
