//! What a clip is drawn with at every zoom: its body, its waveform and its edges, all tracks at once.

use super::draw::{Scene, Track};
use super::mask::{Band, Inks, Piles};
use super::stencil::Stencil;
use super::wave;
use crate::ui::paint::Surface;

/// Narrower clips show no edges: those of many side by side would leave nothing else to be seen.
const EDGED_FROM_PX: f64 = 4.0;
/// Opacity of a clip's body.
const BODY: f32 = 0.17;
/// The same of a muted track, and of its waveform.
const MUTED_BODY: f32 = 0.07;
const MUTED_WAVE: f32 = 0.3;
/// Opacity of the peaks where the stylesheet names none.
const DIM: f32 = 0.62;

/// Draws them.
pub fn draw(surface: &Surface, scene: &Scene<'_>, tracks: &[Track<'_>], stencil: &mut Stencil) {
    let (Some(first), Some(last)) = (tracks.first(), tracks.last()) else { return };
    let px = |css: f64| (css * surface.ratio).round() as i64;
    let (top, bottom) = (px(first.top).max(0), px(last.top + last.height).min(px(surface.height)));
    stencil.mask.clear(px(surface.width).max(0) as usize, (bottom - top).max(0) as usize);
    let dim = surface.token("wave-dim").parse().unwrap_or(DIM);
    let mut bands = Vec::with_capacity(tracks.len());
    for track in tracks {
        let band = Band { top: px(track.top) - top, height: (px(track.top + track.height) - px(track.top)).max(0) as usize };
        let mut piles = Piles::new(stencil.mask.width(), inks(track.is_muted, dim));
        pile(surface, scene, track, &mut piles);
        stencil.mask.lay(band, &piles, surface.ratio as f32);
        bands.push((band, track.colour.as_str()));
    }
    stencil.put(surface, top, bands);
    tracks.iter().for_each(|track| missing(surface, scene, track));
}

fn inks(is_muted: bool, dim: f32) -> Inks {
    if is_muted { Inks { body: MUTED_BODY, peak: MUTED_WAVE, rms: 0.0 } } else { Inks { body: BODY, peak: dim, rms: 1.0 } }
}

fn pile(surface: &Surface, scene: &Scene<'_>, track: &Track<'_>, piles: &mut Piles) {
    let edge = surface.ratio.round().max(1.0);
    for clip in &track.seen {
        let (from, to) = (scene.window.x(clip.start) * surface.ratio, scene.window.x(clip.end()) * surface.ratio);
        piles.body(from, to);
        if let Some(swing) = (scene.swing)(clip) {
            piles.wave(&wave::strokes(clip, &scene.window, surface.ratio, |from, to| swing.column(from, to)));
        }
        if to - from >= EDGED_FROM_PX * surface.ratio {
            piles.edge(from.round() as i64, edge as usize);
            piles.edge((to.round() - edge) as i64, edge as usize);
        }
    }
}

/// Hatches clips whose peaks are not here yet, those that touch as one.
fn missing(surface: &Surface, scene: &Scene<'_>, track: &Track<'_>) {
    let mut runs: Vec<(f64, f64)> = Vec::new();
    for clip in track.seen.iter().filter(|clip| (scene.swing)(clip).is_none()) {
        let (from, to) = track.ends(surface, scene, clip);
        match runs.last_mut() {
            Some(run) if from <= run.1 + 1.0 => run.1 = run.1.max(to),
            _ => runs.push((from, to)),
        }
    }
    surface.ink_value(&track.colour, 0.3);
    runs.into_iter().for_each(|(from, to)| surface.hatch(from, track.top, to - from, track.height));
}
