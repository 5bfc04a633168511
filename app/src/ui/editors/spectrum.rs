//! The sound behind a picture of the range: spectra of what goes into a processor, of what comes out, and of another strip.

use dsp::meters::spectrum::{FLOOR_DB, Size};
use dsp::protocol::{StripId, StripKind, TapPoint};
use leptos::html::Canvas;
use leptos::prelude::*;

use super::picture::{scale_text, tick};
use super::scale::{FOOT_PX, HIGHEST_HZ, LOWEST_HZ, across};
use super::view::InsertView;
use crate::audio::Analyser;
use crate::state::Studio;
use crate::ui::frame::FrameLoop;
use crate::ui::paint::{Align, Surface};
use crate::ui::widgets::{ButtonLook, Select, SelectOption, ToggleButton};

/// Levels of the picture's top and bottom.
const TOP_DB: f64 = -6.0;
const BOTTOM_DB: f64 = -90.0;
/// Levels that are named: none of them lies on a gain's line, of which every picture has one in its middle.
const NAMED_DB: [f64; 4] = [-24.0, -36.0, -60.0, -72.0];
/// Lift in dB an octave above 1 kHz: most music lies level then.
const TILT_DB: f64 = 4.5;
/// Above this nothing is heard, and at low rates nothing is there.
const LAST_HZ: f64 = 21_000.0;
/// Rows of a spectrum.
const ROWS: usize = 320;
/// Between two transforms.
const LOOK_PERIOD_MS: f64 = 40.0;
/// Time constant of the average.
const AVERAGE_MS: f64 = 160.0;

/// Which spectra are drawn.
#[derive(Clone, Copy)]
pub struct Spectra {
    /// What goes in.
    before: RwSignal<bool>,
    /// What comes out.
    after: RwSignal<bool>,
    /// Another strip.
    other: RwSignal<Option<StripId>>,
}

impl Spectra {
    /// What comes out, alone.
    pub fn new() -> Self {
        Self { before: RwSignal::new(false), after: RwSignal::new(true), other: RwSignal::new(None) }
    }

    /// What is looked at, as it is drawn: from behind to the front.
    fn points(self, view: InsertView) -> [Option<TapPoint>; 3] {
        let (before, after) = (self.before.get_untracked(), self.after.get_untracked());
        [
            self.other.get_untracked().map(TapPoint::Strip),
            before.then_some(TapPoint::BeforeInsert(view.insert)),
            after.then_some(TapPoint::AfterInsert(view.insert)),
        ]
    }
}

/// A spectrum that is looked at.
struct Look {
    analyser: Analyser,
    levels: Vec<f32>,
}

/// The canvas behind the picture, between the frequencies of [`super::scale`].
#[component]
pub fn SpectrumLayer(view: InsertView, spectra: Spectra) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let node = NodeRef::<Canvas>::new();
    let mut looks: [Option<Look>; 3] = [None, None, None];
    let (mut looked_at_ms, mut shown) = (0.0, None);
    expect_context::<FrameLoop>().each(move |frame| {
        let since_ms = frame.now_ms - looked_at_ms;
        let Some(canvas) = node.get_untracked().filter(|_| since_ms >= LOOK_PERIOD_MS) else { return };
        looked_at_ms = frame.now_ms;
        let points = spectra.points(view);
        let share = (1.0 - (-since_ms / AVERAGE_MS).exp()) as f32;
        let mut has_moved = false;
        for (look, point) in looks.iter_mut().zip(points) {
            if look.as_ref().map(|look| look.analyser.point()) != point {
                *look = point
                    .map(|point| Look { analyser: Analyser::new(studio.sound.tap(point), Size::Frames4096), levels: vec![FLOOR_DB; ROWS] });
            }
            let Some(look) = look else { continue };
            if look.analyser.look(share, |_, _| {}) {
                look.analyser.levels(LOWEST_HZ, HIGHEST_HZ, TILT_DB, &mut look.levels);
                has_moved = true;
            }
        }
        let now = Some((points, canvas.client_width(), canvas.client_height(), studio.theme.get_untracked()));
        if (has_moved || shown != now)
            && let Some(surface) = Surface::of(&canvas)
        {
            shown = now;
            draw(&surface, &looks, colour_of_other(studio, spectra));
        }
    });
    view! { <canvas class="picture-canvas" node_ref=node aria-hidden="true"></canvas> }
}

fn colour_of_other(studio: Studio, spectra: Spectra) -> String {
    let other = spectra.other.get_untracked();
    let colour = other.and_then(|other| studio.peek_strip(other, |strip| strip.colour)).unwrap_or(0);
    format!("wav-{}", colour.min(12))
}

fn draw(surface: &Surface, looks: &[Option<Look>; 3], other: String) {
    let foot = surface.height - FOOT_PX;
    let y = |db: f64| (TOP_DB - db) / (TOP_DB - BOTTOM_DB) * foot;
    for db in NAMED_DB {
        tick(surface, &scale_text(db), 5.0, y(db), Align::Left);
    }
    tick(surface, "dBFS", 5.0, 9.0, Align::Left);
    let inks = [(other.as_str(), 0.9, 0.0), ("tx-3", 0.9, 0.0), ("ivory", 0.7, 0.12)];
    for (look, (ink, line, fill)) in looks.iter().zip(inks) {
        let Some(look) = look else { continue };
        let at = |(row, db): (usize, &f32)| {
            let x = (row as f64 + 0.5) / ROWS as f64 * surface.width;
            (x, y(f64::from(*db)).clamp(0.0, foot))
        };
        let shown = (across(LAST_HZ) * ROWS as f64) as usize;
        let curve: Vec<(f64, f64)> = look.levels.iter().enumerate().take(shown).map(at).collect();
        let end = curve.last().map_or(0.0, |last| last.0);
        if fill > 0.0 {
            surface.ink(ink, fill);
            surface.shape([(0.0, foot)].into_iter().chain(curve.iter().copied()).chain([(end, foot)]));
        }
        surface.ink(ink, line);
        surface.line(curve, 1.0);
    }
}

/// The switches "Pre" and "Post", and the choice of another strip.
#[component]
pub fn SpectrumChoice(view: InsertView, spectra: Spectra) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let turn = |signal: RwSignal<bool>| move |_| signal.update(|on| *on = !*on);
    let options = Memo::new(move |_| {
        let others = studio.song(|song| {
            let others = song.strips.iter().filter(|other| other.id != view.strip && other.kind != StripKind::Master);
            others.map(|other| SelectOption::new(other.id.0.to_string(), other.name.clone())).collect::<Vec<_>>()
        });
        std::iter::once(SelectOption::new("", "No other")).chain(others.unwrap_or_default()).collect::<Vec<_>>()
    });
    let chosen = Signal::derive(move || spectra.other.get().map(|other| other.0.to_string()).unwrap_or_default());
    let choose = move |value: String| spectra.other.set(value.parse().ok().map(StripId));
    view! {
        <div class="picture-choice" role="group" aria-label="Spectra" on:dblclick=|event| event.stop_propagation()>
            <ToggleButton look=ButtonLook::Quiet class="is-small is-soft" name="Pre spectrum" hint="The spectrum of what goes in" pressed=spectra.before on_press=turn(spectra.before)>"Pre"</ToggleButton>
            <ToggleButton look=ButtonLook::Quiet class="is-small is-soft" name="Post spectrum" hint="The spectrum of what comes out" pressed=spectra.after on_press=turn(spectra.after)>"Post"</ToggleButton>
            <Select name="Other spectrum" hint="The spectrum of another strip, in its colour" class="is-quiet is-small" options chosen on_choose=choose />
        </div>
    }
}
