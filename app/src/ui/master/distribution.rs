//! How loud the song was how often: the short-term windows since the reset, counted by LU, beside the history and on its scale.

use dsp::meters::LOWEST_LUFS;
use leptos::html::Canvas;
use leptos::prelude::*;

use super::meters::Scale;
use crate::ui::frame::FrameLoop;
use crate::ui::paint::Surface;

/// The LU with the most windows, as its middle in LUFS.
fn commonest(counts: &[u32]) -> Option<f32> {
    let (at, most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
    (*most > 0).then_some(LOWEST_LUFS as f32 + at as f32 + 0.5)
}

fn summary(counts: &[u32]) -> String {
    let text = |lufs: f32| format!("Loudness distribution, most often around −{:.0} LUFS", lufs.abs());
    commonest(counts).map_or_else(|| "Loudness distribution, not measured yet".into(), text)
}

/// The picture.
#[component]
pub fn Distribution(scale: Scale) -> impl IntoView {
    let frames = expect_context::<FrameLoop>();
    let node = NodeRef::<Canvas>::new();
    let mut spoken = String::new();
    frames.each(move |frame| {
        let Some(canvas) = node.get_untracked().filter(|_| frame.is_number_time) else { return };
        let counts = &frame.readings.loudness_counts;
        if let Some(surface) = Surface::of(&canvas) {
            draw(&surface, counts, scale);
        }
        let text = summary(counts);
        if frame.is_reader_time && text != spoken {
            let _ = canvas.set_attribute("aria-label", &text);
            spoken = text;
        }
    });
    view! { <canvas class="meters-distribution" role="img" aria-label="Loudness distribution, not measured yet" node_ref=node></canvas> }
}

fn draw(surface: &Surface, counts: &[u32], scale: Scale) {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    surface.ink("ivory", 0.55);
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let lufs = LOWEST_LUFS as f32 + at as f32;
        let (top, bottom) = ((1.0 - scale.position(lufs + 1.0)) * surface.height, (1.0 - scale.position(lufs)) * surface.height);
        let width = surface.width * f64::from(*count) / f64::from(most);
        surface.rect(surface.width - width, top, width, (bottom - top - 0.5).max(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_names_where_the_song_mostly_is() {
        let mut counts = vec![0; 80];
        assert_eq!(summary(&counts), "Loudness distribution, not measured yet");
        (counts[46], counts[47]) = (7, 30);
        assert_eq!(commonest(&counts), Some(-22.5));
    }
}
