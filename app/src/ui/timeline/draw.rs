//! The picture of the tracks: clips with their waveforms, fades and handles, the grid behind them and the lane of the open track.

use std::rc::Rc;

use dsp::protocol::StripId;
use session::model::{Clip, ClipId, Range, Song};
use session::worker::PeaksData;

use super::rows::Row;
use super::ruler::{self, TickKind};
use super::span::Span;
use super::state::Held;
use super::wave::{self, Column, Stroke};
use super::window::Window;
use super::{lane, peaks};
use crate::ui::paint::{Align, Surface};

/// Points of a fade's drawn curve.
const FADE_POINTS: u32 = 24;
/// Clips at least this high show their name.
const NAMED_FROM_PX: f64 = 30.0;

/// Finds the peaks of a clip's source, when they are here, and its frames per frame of the song.
pub type PeaksOf<'a> = dyn Fn(&Clip) -> Option<(Rc<PeaksData>, f64)> + 'a;

/// Everything that the picture shows.
pub struct Scene<'a> {
    /// The song.
    pub song: &'a Song,
    /// What part of it.
    pub window: Window,
    /// Pixels that the tracks are scrolled down.
    pub scroll: f64,
    /// The visible rows.
    pub rows: &'a [Row],
    /// The selected track.
    pub strip: Option<StripId>,
    /// Whether a clip is chosen.
    pub is_chosen: &'a dyn Fn(ClipId) -> bool,
    /// The clip that is being dragged.
    pub held: Option<&'a Held>,
    /// The chosen span.
    pub span: Option<&'a Span>,
    /// The loop, when it is on.
    pub cycle: Option<Range>,
    /// The open lane.
    pub lane: Option<lane::Shown<'a>>,
    /// The peaks of a clip's source, when they are here, and its frames per frame of the song.
    pub peaks: &'a PeaksOf<'a>,
    /// The file name of a clip's source.
    pub file_name: &'a dyn Fn(&Clip) -> String,
}

/// Draws all of it.
pub fn tracks(surface: &Surface, scene: &Scene<'_>) {
    if let Some(range) = scene.cycle {
        surface.ink("ivory", 0.035);
        let (from, to) = (scene.window.x(range.start), scene.window.x(range.end));
        surface.rect(from, 0.0, to - from, surface.height);
    }
    for row in scene.rows {
        track(surface, scene, row);
    }
    surface.ink("tx-1", 0.07);
    for tick in ruler::bar_ticks(&scene.window, scene.song.rate_hz, &scene.song.tempo) {
        if tick.kind == TickKind::Phrase && tick.x > 0.0 {
            surface.down(tick.x, 0.0, surface.height);
        }
    }
    if let Some(range) = scene.cycle {
        surface.ink("ivory", 0.3);
        surface.down(scene.window.x(range.start), 0.0, surface.height);
        surface.down(scene.window.x(range.end), 0.0, surface.height);
    }
}

fn track(surface: &Surface, scene: &Scene<'_>, row: &Row) {
    let Some(strip) = scene.song.strip(row.strip) else { return };
    let y = row.top - scene.scroll;
    if scene.strip == Some(row.strip) {
        surface.ink("bg-2", 1.0);
        surface.rect(0.0, y, surface.width, row.height - 1.0);
    }
    let muted = strip.is_on("mute");
    let colour = if muted || strip.colour > 12 { "wav-0".to_owned() } else { format!("wav-{}", strip.colour) };
    let colour = surface.token(&colour);
    let moves = |clip: &Clip| scene.held.is_some_and(|held| !held.is_copy && held.moves(clip.id));
    let resting = strip.clips.iter().filter(|clip| !moves(clip));
    let held = scene.held.iter().flat_map(|held| held.on(row.strip));
    let is_seen = |clip: &&Clip| scene.window.x(clip.end()) >= 0.0 && scene.window.x(clip.start) <= surface.width;
    let seen: Vec<&Clip> = resting.chain(held).filter(is_seen).collect();
    clips(surface, scene, &seen, &Look { colour: &colour, muted, top: y + 1.0, height: row.height - 3.0 });
    if let Some(span) = scene.span.filter(|span| span.strips.contains(&row.strip)) {
        let (from, to) = (scene.window.x(span.range.start).max(-2.0), scene.window.x(span.range.end).min(surface.width + 2.0));
        surface.ink("ivory", 0.16);
        surface.rect(from, y, to - from, row.height - 1.0);
        surface.ink("ivory", 0.95);
        surface.frame(from, y, to - from, row.height - 1.0);
    }
    if row.lane_height > 0.0
        && let Some(shown) = &scene.lane
    {
        lane::draw(surface, &scene.window, shown, &colour, y + row.height, row.lane_height);
    }
    surface.ink("line-1", 1.0);
    surface.across(y + row.height - 1.0, 0.0, surface.width);
    surface.across(y + row.height + row.lane_height - 1.0, 0.0, surface.width);
}

/// The rows of files on their way in, from `top` on: hatched, and filled as far as they are read.
pub fn arriving(surface: &Surface, top: f64, row_px: f64, percents: &[Option<u8>]) {
    for (index, percent) in percents.iter().enumerate() {
        let y = top + index as f64 * row_px + 1.0;
        let height = row_px - 3.0;
        surface.ink("wav-0", 0.17);
        surface.rect(0.0, y, surface.width, height);
        surface.ink("wav-0", 0.3);
        surface.hatch(0.0, y, surface.width, height);
        surface.rect(0.0, y, surface.width * f64::from(percent.unwrap_or(0)) / 100.0, height);
        surface.ink("line-1", 1.0);
        surface.across(y + height + 1.0, 0.0, surface.width);
    }
}

struct Look<'a> {
    colour: &'a str,
    muted: bool,
    top: f64,
    height: f64,
}

/// Left and right end of a clip as far as they are on the surface.
fn ends(surface: &Surface, window: &Window, clip: &Clip) -> (f64, f64) {
    (window.x(clip.start).max(-2.0), window.x(clip.end()).min(surface.width + 2.0))
}

/// The clips of a track, layer by layer: hundreds of short ones take as many changes of ink as one long one.
fn clips(surface: &Surface, scene: &Scene<'_>, seen: &[&Clip], look: &Look<'_>) {
    surface.ink_value(look.colour, if look.muted { 0.07 } else { 0.17 });
    for clip in seen {
        let (from, to) = ends(surface, &scene.window, clip);
        surface.rect(from, look.top, to - from, look.height);
    }
    waveforms(surface, scene, seen, look);
    seen.iter().for_each(|clip| fades(surface, &scene.window, clip, look));
    if look.height >= NAMED_FROM_PX {
        names(surface, scene, seen, look);
    }
    surface.ink_value(look.colour, 1.0);
    for edge in seen.iter().flat_map(|clip| [scene.window.x(clip.start), scene.window.x(clip.end()) - 1.0]) {
        surface.down(edge, look.top, look.top + look.height);
    }
    for clip in seen.iter().filter(|clip| (scene.is_chosen)(clip.id)) {
        let (from, to) = ends(surface, &scene.window, clip);
        handles(surface, &scene.window, clip, look, from, to);
    }
}

fn names(surface: &Surface, scene: &Scene<'_>, seen: &[&Clip], look: &Look<'_>) {
    surface.ink("tx-2", 1.0);
    for clip in seen {
        let (from, to) = ends(surface, &scene.window, clip);
        surface.clipped(from, look.top, to - from, look.height, || {
            surface.text(&(scene.file_name)(clip), from.max(0.0) + 6.0, look.top + 7.0, 10, 400, Align::Left);
        });
    }
}

fn waveforms(surface: &Surface, scene: &Scene<'_>, seen: &[&Clip], look: &Look<'_>) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for clip in seen {
        match (scene.peaks)(clip) {
            Some((data, rate)) => {
                found.push(wave::strokes(clip, &scene.window, surface.ratio, |from, to| peaks::column(&data, from * rate, to * rate)));
            }
            None => missing.push(clip),
        }
    }
    surface.ink_value(look.colour, 0.3);
    for clip in missing {
        let (left, right) = (scene.window.x(clip.start).max(0.0), scene.window.x(clip.end()).min(surface.width));
        surface.hatch(left, look.top, right - left, look.height);
    }
    let dim = surface.token("wave-dim").parse().unwrap_or(0.62);
    surface.ink_value(look.colour, if look.muted { 0.3 } else { dim });
    surface.shapes(found.iter().map(|strokes| outline(strokes, look, |column| (column.min, column.max))));
    if !look.muted {
        surface.ink_value(look.colour, 1.0);
        surface.shapes(found.iter().map(|strokes| outline(strokes, look, |column| (-column.rms, column.rms))));
    }
}

/// There along the upper edge and back along the lower one.
fn outline<'a>(
    strokes: &'a [Stroke],
    look: &Look<'_>,
    swing: impl Fn(&Column) -> (f32, f32) + Copy + 'a,
) -> impl Iterator<Item = (f64, f64)> + 'a {
    let (middle, half) = (look.top + look.height / 2.0, look.height / 2.0 - 1.0);
    // At least half a pixel on both sides: silence is a line.
    let upper = move |column: &Column| middle - (f64::from(swing(column).1) * half).max(0.5);
    let lower = move |column: &Column| middle - (f64::from(swing(column).0) * half).min(-0.5);
    let there = strokes.iter().map(move |stroke| (stroke.x, upper(&stroke.column)));
    there.chain(strokes.iter().rev().map(move |stroke| (stroke.x, lower(&stroke.column))))
}

fn fades(surface: &Surface, window: &Window, clip: &Clip, look: &Look<'_>) {
    let end = clip.length as f64;
    let ends = [(0.0, f64::from(clip.fade_in.frames)), (end - f64::from(clip.fade_out.frames), end)];
    for (index, (from, to)) in ends.into_iter().enumerate() {
        if (to - from) / window.frames_per_px < 3.0 {
            continue;
        }
        let x = |into: f64| (clip.start as f64 + into - window.start) / window.frames_per_px;
        let curve: Vec<(f64, f64)> = (0..=FADE_POINTS)
            .map(|point| from + (to - from) * f64::from(point) / f64::from(FADE_POINTS))
            .map(|into| (x(into), look.top + look.height * (1.0 - wave::fade_at(clip, into))))
            .collect();
        let corner = if index == 0 { x(from) } else { x(to) };
        surface.ink("bg-0", 0.62);
        surface.shape(curve.iter().copied().chain([(corner, look.top)]));
        surface.ink("tx-2", 1.0);
        surface.line(curve, 1.0);
    }
}

fn handles(surface: &Surface, window: &Window, clip: &Clip, look: &Look<'_>, from: f64, to: f64) {
    surface.ink("ivory", 0.95);
    surface.frame(from, look.top, to - from, look.height);
    let fade_in = window.x(clip.start + u64::from(clip.fade_in.frames));
    let fade_out = window.x(clip.start + clip.length) - f64::from(clip.fade_out.frames) / window.frames_per_px;
    if to - from < 24.0 {
        return;
    }
    for x in [fade_in.max(from + 3.0), fade_out.min(to - 4.0)] {
        surface.ink("ivory", 1.0);
        surface.rect(x.round() - 3.0, look.top, 7.0, 7.0);
        surface.ink("bg-1", 1.0);
        surface.rect(x.round() - 1.0, look.top + 2.0, 3.0, 3.0);
    }
}
