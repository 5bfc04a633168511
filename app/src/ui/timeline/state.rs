//! What the timeline shows and what is taken hold of on it: no part of the document, kept while the page is open.

use dsp::engine::{STRIP_PARAMS, strip_param};
use dsp::protocol::{LanePoint, StripId, StripKind};
use leptos::prelude::*;
use session::model::{Clip, ClipId, Range, SongId, Target};

use super::clipboard::Board;
use super::rows::{self, Row};
use super::shape::Part;
use super::snap::{self, Grid};
use super::span::Span;
use super::window::Window;
use crate::state::Studio;

/// Length of an empty song's timeline in seconds.
const EMPTY_SONG_S: f64 = 60.0;
/// A dragged thing lands on lines and edges within this distance.
const SNAP_REACH_PX: f64 = 9.0;

/// A clip as it will be when the pointer lets go.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The track that it was taken from.
    pub from: StripId,
    /// The track over which it is.
    pub to: StripId,
    /// Its new shape.
    pub clip: Clip,
    /// Whether a copy is made.
    pub is_copy: bool,
    /// The clips that move with it, with their tracks.
    pub others: Vec<(StripId, Clip)>,
}

impl Held {
    /// Whether it takes a clip with it.
    pub fn moves(&self, id: ClipId) -> bool {
        self.clip.id == id || self.others.iter().any(|(_, other)| other.id == id)
    }

    /// What of it lies on a track.
    pub fn on(&self, strip: StripId) -> impl Iterator<Item = &Clip> {
        let own = (self.to == strip).then_some(&self.clip);
        own.into_iter().chain(self.others.iter().filter(move |(of, _)| *of == strip).map(|(_, clip)| clip))
    }
}

/// A rectangle that is drawn to choose clips, in pixels of the view of the tracks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Left end.
    pub left: f64,
    /// Upper end.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Band {
    /// Between two corners.
    pub fn between(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { left: from.0.min(to.0), top: from.1.min(to.1), width: (from.0 - to.0).abs(), height: (from.1 - to.1).abs() }
    }
}

/// What is in view: the song's stretch, and how far down the tracks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The song's stretch.
    pub window: Window,
    /// Pixels that the tracks are scrolled down.
    pub scroll: f64,
    /// Height of the view of the tracks.
    pub height: f64,
}

/// What the pointer holds between its press and its letting go.
#[derive(Clone, Debug, PartialEq)]
pub enum Grip {
    /// A clip by one of its parts.
    Clip {
        /// Its track at the press.
        from: StripId,
        /// As it was at the press.
        clip: Clip,
        /// What of it.
        part: Part,
        /// Where that was.
        origin: u64,
        /// Where the pointer was.
        x: f64,
        /// Whether the pointer has moved since.
        moved: bool,
    },
    /// A point of the open lane.
    Point {
        /// The lane's row.
        row: Row,
        /// Its place among the points.
        index: usize,
    },
    /// The way after a point of the open lane, which is bent.
    Bend {
        /// The point's place.
        index: usize,
        /// Where the pointer was, under the lane's top.
        y: f64,
        /// The bend at the press.
        bend: f32,
    },
    /// A pen in the open lane.
    Draw {
        /// The lane's row.
        row: Row,
        /// Where it drew last.
        last: u64,
    },
    /// A stretch of the open lane that is being chosen.
    Stretch {
        /// Where the press was.
        from: u64,
    },
    /// The chosen stretch, lifted.
    Lift {
        /// The lane's row.
        row: Row,
        /// Where the pointer was, under the view's top.
        y: f64,
    },
    /// A span that is being chosen.
    Span {
        /// Where the press was.
        from: u64,
        /// Where the pointer was, under the first row's top.
        y: f64,
    },
    /// Nothing: letting go moves the playhead, a drag draws a band around clips.
    Empty {
        /// Where the pointer was.
        x: f64,
        /// The same, down.
        y: f64,
        /// Whether the pointer has moved since.
        moved: bool,
    },
}

/// The timeline's own state; a context of the page.
#[derive(Clone, Copy)]
pub struct TimelineState {
    /// What part of the song is shown.
    pub window: RwSignal<Window>,
    /// The session and its song that all of this belongs to.
    shown: StoredValue<Option<(String, SongId)>>,
    /// What was in view when it last stood still: elements over the picture follow it, for there may be thousands of them.
    pub rested: RwSignal<View>,
    /// Pixels that the tracks are scrolled down.
    pub scroll: RwSignal<f64>,
    /// Height of the view of the tracks.
    pub height: RwSignal<f64>,
    /// Heights of a track and of a lane.
    pub row_px: RwSignal<(f64, f64)>,
    /// Where dragged things land.
    pub grid: RwSignal<Grid>,
    /// Whether the window turns with the playhead.
    pub follow: RwSignal<bool>,
    /// The clip that keys act on.
    pub selected: RwSignal<Option<ClipId>>,
    /// The clips that are edited together with it, itself among them; none or at least two.
    pub also: RwSignal<Vec<ClipId>>,
    /// The rubber band under the pointer's drag.
    pub band: RwSignal<Option<Band>>,
    /// The chosen span; while there is one, no clip is chosen.
    pub span: RwSignal<Option<Span>>,
    /// The lane that is open, and what it shows.
    pub lane: RwSignal<Option<(StripId, Target)>>,
    /// The selected point of that lane.
    pub point: RwSignal<Option<usize>>,
    /// The stretch of that lane that is chosen.
    pub stretch: RwSignal<Option<Range>>,
    /// What was copied last.
    pub board: StoredValue<Option<Board>>,
    /// What the pointer holds.
    pub grip: StoredValue<Option<Grip>>,
    /// The points of the open lane under the pointer's drag.
    pub held_points: RwSignal<Option<Vec<LanePoint>>>,
    /// The clip under the pointer's drag.
    pub held: RwSignal<Option<Held>>,
    /// The loop under the pointer's drag.
    pub held_loop: RwSignal<Option<Range>>,
}

impl TimelineState {
    /// Shows the start of nothing.
    pub fn new() -> Self {
        Self {
            window: RwSignal::new(Window::whole(1.0, 1.0)),
            rested: RwSignal::new(View { window: Window::whole(1.0, 1.0), scroll: 0.0, height: 0.0 }),
            shown: StoredValue::new(None),
            scroll: RwSignal::new(0.0),
            height: RwSignal::new(0.0),
            row_px: RwSignal::new((25.0, 58.0)),
            grid: RwSignal::new(Grid::default()),
            follow: RwSignal::new(true),
            selected: RwSignal::new(None),
            also: RwSignal::new(Vec::new()),
            band: RwSignal::new(None),
            span: RwSignal::new(None),
            lane: RwSignal::new(None),
            point: RwSignal::new(None),
            stretch: RwSignal::new(None),
            board: StoredValue::new(None),
            grip: StoredValue::new(None),
            held_points: RwSignal::new(None),
            held: RwSignal::new(None),
            held_loop: RwSignal::new(None),
        }
    }

    /// Shows another stretch of the song; where that is the same one, nothing that depends on it runs.
    pub fn turn(self, to: impl FnOnce(Window) -> Window) {
        let now = self.window.get_untracked();
        let next = to(now);
        if next != now {
            self.window.set(next);
        }
    }

    /// What is in view now.
    pub fn view(self) -> View {
        View { window: self.window.get_untracked(), scroll: self.scroll.get_untracked(), height: self.height.get_untracked() }
    }

    /// Forgets what belonged to another song.
    pub fn show(self, song: Option<(String, SongId)>) {
        if song.is_none() || self.shown.get_value() == song {
            return;
        }
        self.shown.set_value(song);
        self.let_go();
        self.turn(|window| Window::whole(window.length, window.width));
        self.scroll.set(0.0);
        self.choose_all(&[]);
        self.lane.set(None);
        self.point.set(None);
        self.stretch.set(None);
        self.board.set_value(None);
    }

    /// The tracks' places, tracked.
    pub fn rows(self, studio: Studio) -> Vec<Row> {
        let (track, lane) = self.row_px.get();
        let open = self.lane.with(|lane| lane.as_ref().map(|(strip, _)| *strip));
        let strips = studio.song(|song| song.shown_of(StripKind::Audio).map(|strip| strip.id).collect::<Vec<_>>()).unwrap_or_default();
        rows::stacked(strips.into_iter().map(|strip| (strip, open == Some(strip))), track, lane)
    }

    /// Zooms around the middle of the window; under 1 is closer.
    pub fn zoom(self, factor: f64) {
        self.turn(|window| window.zoomed(factor, window.width / 2.0));
    }

    /// Zooms to the selected clip; to the whole song when none is, or when it is shown so already.
    pub fn zoom_to_selection(self, studio: Studio) {
        let clip = self
            .selected
            .get_untracked()
            .and_then(|id| studio.peek_song(|song| song.clip(id).map(|(_, clip)| (clip.start, clip.end()))).flatten());
        self.turn(|window| {
            let whole = Window::whole(window.length, window.width);
            let near = clip.map_or(whole, |(start, end)| window.showing(start, end));
            if near == window { whole } else { near }
        });
    }

    /// Chooses a span in place of clips, or none.
    pub fn choose_span(self, span: Option<Span>) {
        self.choose_all(&[]);
        self.span.set(span);
    }

    /// Opens the lane of the selected track, or closes it.
    pub fn toggle_lane(self, studio: Studio) {
        let Some(strip) = studio.selected.get_untracked() else { return };
        self.point.set(None);
        self.stretch.set(None);
        self.lane.update(|lane| {
            let volume = Target::Strip(STRIP_PARAMS[strip_param::VOLUME].id.into());
            *lane = if lane.as_ref().is_some_and(|lane| lane.0 == strip) { None } else { Some((strip, volume)) };
        });
    }

    /// Gives up what the pointer holds; nothing has changed.
    pub fn let_go(self) {
        self.grip.set_value(None);
        self.held.set(None);
        self.band.set(None);
        self.held_points.set(None);
        self.held_loop.set(None);
    }

    /// Scrolls the tracks, not further than they reach.
    pub fn scroll_rows(self, px: f64, rows_height: f64) {
        let last = (rows_height - self.height.get_untracked()).max(0.0);
        let now = self.scroll.get_untracked();
        let next = (now + px).clamp(0.0, last);
        if next != now {
            self.scroll.set(next);
        }
    }

    /// Brings a row into view.
    pub fn show_row(self, row: &Row) {
        let (scroll, height) = (self.scroll.get_untracked(), self.height.get_untracked());
        if row.top < scroll {
            self.scroll.set(row.top);
        } else if row.bottom() > scroll + height {
            self.scroll.set((row.bottom() - height).max(0.0));
        }
    }

    /// Brings a frame into view.
    pub fn show_frame(self, frame: u64) {
        let x = self.window.with_untracked(|window| window.x(frame));
        let width = self.window.with_untracked(|window| window.width);
        if !(0.0..=width).contains(&x) {
            self.turn(|window| window.starting_at(frame as f64 - window.width * 0.2 * window.frames_per_px));
        }
    }

    /// Where a dragged place lands; `free` suspends the grid and the edges.
    pub fn landed(self, studio: Studio, frame: u64, but: Option<ClipId>, free: bool) -> u64 {
        if free {
            return frame;
        }
        let grid = self.grid.get_untracked();
        let reach = (SNAP_REACH_PX * self.window.with_untracked(|window| window.frames_per_px)) as u64;
        let landed = studio.peek_song(|song| {
            let mut edges = vec![0];
            edges.extend(song.clips().filter(|(_, clip)| Some(clip.id) != but).flat_map(|(_, clip)| [clip.start, clip.end()]));
            edges.extend(song.markers.iter().map(|marker| marker.frame));
            edges.extend(song.cycle.range.into_iter().flat_map(|range| [range.start, range.end]));
            snap::snapped(frame, grid.frames(song.rate_hz, &song.tempo), &edges, reach)
        });
        landed.unwrap_or(frame)
    }

    /// One step of the grid, or a hundredth of a second where it is off.
    pub fn step_frames(self, studio: Studio) -> u64 {
        let grid = self.grid.get_untracked();
        let step = studio.peek_song(|song| grid.frames(song.rate_hz, &song.tempo).unwrap_or(f64::from(song.rate_hz) / 100.0));
        step.unwrap_or(480.0).round().max(1.0) as u64
    }
}

/// How long the timeline of the song on show is, tracked.
pub fn length_of_song(studio: Studio) -> f64 {
    let length = studio.song(|song| {
        let end = song.end_frame().max(song.cycle.range.map_or(0, |range| range.end));
        if end == 0 { EMPTY_SONG_S * f64::from(song.rate_hz) } else { end as f64 }
    });
    length.unwrap_or(EMPTY_SONG_S * 48_000.0)
}
