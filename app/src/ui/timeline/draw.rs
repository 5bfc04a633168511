//! The picture of the tracks: clips with their waveforms, fades and handles, the grid behind them and the lane of the open track.

use dsp::protocol::StripId;
use session::model::{Clip, ClipId, Range, Song};

use super::rows::Row;
use super::ruler::{self, TickKind};
use super::span::Span;
use super::state::Held;
use super::stencil::Stencil;
use super::swing::Swing;
use super::window::Window;
use super::{bodies, lane, wave};
use crate::ui::paint::{Align, Surface};

/// Most points of a fade's drawn curve.
const FADE_POINTS: f64 = 24.0;
/// Clips at least this high and wide show their name.
const NAMED_FROM_PX: f64 = 30.0;
/// Size of the names, and the height of what they stand on.
const NAME_PX: u32 = 10;
const NAME_ROW_PX: f64 = 14.0;

/// Finds how far a clip's source swings, when that is known.
pub type SwingOf<'a> = dyn Fn(&Clip) -> Option<Swing> + 'a;

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
    /// How far a clip's source swings, when that is known.
    pub swing: &'a SwingOf<'a>,
    /// The file name of a clip's source.
    pub file_name: &'a dyn Fn(&Clip) -> String,
}

/// A visible track as it is drawn.
pub struct Track<'a> {
    row: &'a Row,
    /// Its colour's value.
    pub colour: String,
    /// Whether it is muted.
    pub is_muted: bool,
    /// Top of its clips.
    pub top: f64,
    /// Their height.
    pub height: f64,
    /// Its clips in view.
    pub seen: Vec<&'a Clip>,
}

impl<'a> Track<'a> {
    fn of(surface: &Surface, scene: &Scene<'a>, row: &'a Row) -> Option<Self> {
        let strip = scene.song.strip(row.strip)?;
        let is_muted = strip.is_on("mute");
        let colour = if is_muted || strip.colour > 12 { "wav-0".to_owned() } else { format!("wav-{}", strip.colour) };
        let moves = |clip: &Clip| scene.held.is_some_and(|held| !held.is_copy && held.moves(clip.id));
        let resting = strip.clips.iter().filter(|clip| !moves(clip));
        let held = scene.held.iter().flat_map(|held| held.on(row.strip));
        let is_seen = |clip: &&Clip| scene.window.x(clip.end()) >= 0.0 && scene.window.x(clip.start) <= surface.width;
        let seen = resting.chain(held).filter(is_seen).collect();
        Some(Self { row, colour: surface.token(&colour), is_muted, top: row.top - scene.scroll + 1.0, height: row.height - 3.0, seen })
    }

    /// Left and right end of a clip as far as they are on the surface.
    pub fn ends(&self, surface: &Surface, scene: &Scene<'_>, clip: &Clip) -> (f64, f64) {
        (scene.window.x(clip.start).max(-2.0), scene.window.x(clip.end()).min(surface.width + 2.0))
    }
}

/// Draws all of it.
pub fn tracks(surface: &Surface, scene: &Scene<'_>, stencil: &mut Stencil) {
    if let Some(range) = scene.cycle {
        surface.ink("ivory", 0.035);
        let (from, to) = (scene.window.x(range.start), scene.window.x(range.end));
        surface.rect(from, 0.0, to - from, surface.height);
    }
    let tracks: Vec<Track<'_>> = scene.rows.iter().filter_map(|row| Track::of(surface, scene, row)).collect();
    for track in tracks.iter().filter(|track| scene.strip == Some(track.row.strip)) {
        surface.ink("bg-2", 1.0);
        surface.rect(0.0, track.row.top - scene.scroll, surface.width, track.row.height - 1.0);
    }
    bodies::draw(surface, scene, &tracks, stencil);
    tracks.iter().for_each(|track| above(surface, scene, track));
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

/// What stands on a track's clips and under them.
fn above(surface: &Surface, scene: &Scene<'_>, track: &Track<'_>) {
    let Track { row, .. } = track;
    let y = row.top - scene.scroll;
    track.seen.iter().for_each(|clip| fades(surface, &scene.window, clip, track));
    if track.height >= NAMED_FROM_PX {
        names(surface, scene, track);
    }
    for clip in track.seen.iter().filter(|clip| (scene.is_chosen)(clip.id)) {
        handles(surface, scene, clip, track);
    }
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
        let heard = track.seen.iter().filter_map(|clip| Some((clip, (scene.swing)(clip)?)));
        let ghost: Vec<_> = heard.map(|(clip, swing)| wave::strokes(clip, &scene.window, 1.0, |from, to| swing.column(from, to))).collect();
        lane::draw(surface, &scene.window, shown, &track.colour, y + row.height, row.lane_height, &ghost);
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

/// Each on a ground of its own, so that it can be read over any waveform.
fn names(surface: &Surface, scene: &Scene<'_>, track: &Track<'_>) {
    for clip in &track.seen {
        let (from, to) = track.ends(surface, scene, clip);
        if to - from >= NAMED_FROM_PX {
            surface.clipped(from, track.top, to - from, track.height, || {
                let (name, left) = ((scene.file_name)(clip), from.max(0.0) + 1.0);
                surface.ink("bg-0", 0.78);
                surface.rect(left, track.top, surface.text_width(&name, NAME_PX, 400) + 10.0, NAME_ROW_PX);
                surface.ink("tx-2", 1.0);
                surface.text(&name, left + 5.0, track.top + NAME_ROW_PX / 2.0, NAME_PX, 400, Align::Left);
            });
        }
    }
}

fn fades(surface: &Surface, window: &Window, clip: &Clip, track: &Track<'_>) {
    let end = clip.length as f64;
    let ends = [(0.0, f64::from(clip.fade_in.frames)), (end - f64::from(clip.fade_out.frames), end)];
    for (index, (from, to)) in ends.into_iter().enumerate() {
        let width = (to - from) / window.frames_per_px;
        if width < 3.0 {
            continue;
        }
        let x = |into: f64| (clip.start as f64 + into - window.start) / window.frames_per_px;
        let points = width.min(FADE_POINTS);
        let curve: Vec<(f64, f64)> = (0..=points as u32)
            .map(|point| from + (to - from) * f64::from(point) / points.floor())
            .map(|into| (x(into), track.top + track.height * (1.0 - wave::fade_at(clip, into))))
            .collect();
        let corner = if index == 0 { x(from) } else { x(to) };
        surface.ink("bg-0", 0.62);
        surface.shape(curve.iter().copied().chain([(corner, track.top)]));
        surface.ink("tx-2", 1.0);
        surface.line(curve, 1.0);
    }
}

fn handles(surface: &Surface, scene: &Scene<'_>, clip: &Clip, track: &Track<'_>) {
    let (window, (from, to)) = (&scene.window, track.ends(surface, scene, clip));
    surface.ink("ivory", 0.95);
    surface.frame(from, track.top, to - from, track.height);
    let fade_in = window.x(clip.start + u64::from(clip.fade_in.frames));
    let fade_out = window.x(clip.start + clip.length) - f64::from(clip.fade_out.frames) / window.frames_per_px;
    if to - from < 24.0 {
        return;
    }
    for x in [fade_in.max(from + 3.0), fade_out.min(to - 4.0)] {
        surface.ink("ivory", 1.0);
        surface.rect(x.round() - 3.0, track.top, 7.0, 7.0);
        surface.ink("bg-1", 1.0);
        surface.rect(x.round() - 1.0, track.top + 2.0, 3.0, 3.0);
    }
}
