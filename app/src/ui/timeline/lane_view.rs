//! The automation lane's elements: what it shows and whether it is read, and its points as a list.

use std::sync::Arc;

use dsp::engine::{SEND_PARAMS, STRIP_PARAMS};
use dsp::params::{Flags, ParamSpec};
use dsp::protocol::{LanePoint, Segment, StripId};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use session::Edit;
use session::model::{Lane, Range, Song, Strip, Target};

use super::state::TimelineState;
use super::{clipboard, lane, stretch, time};
use crate::state::{AutomationMode, Studio};
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Select, SelectOption, Switch, keep_focus};

/// Most points that are listed as elements; a lane with more is drawn, and read by its first ones.
const MOST_LISTED: usize = 500;

/// How far a key bends a way.
const BEND_STEP: f32 = 0.1;

/// The declaration and the points of a lane.
pub fn lane_of(studio: Studio, strip: StripId, target: &Target) -> Option<(&'static ParamSpec, Vec<LanePoint>)> {
    studio.peek_strip(strip, |strip| {
        Some((strip.spec_of(target)?, strip.lane(target).map(|lane| lane.points.to_vec()).unwrap_or_default()))
    })?
}

/// The declaration of what the open lane shows.
pub fn spec_of(studio: Studio, state: TimelineState) -> Option<&'static ParamSpec> {
    let (strip, target) = state.lane.get_untracked()?;
    studio.peek_strip(strip, |strip| strip.spec_of(&target)).flatten()
}

/// Puts other points into the open lane; the first one switches it on, none takes it away.
pub fn put_points(studio: Studio, state: TimelineState, points: Vec<LanePoint>, what: &str) {
    let (Some(song), Some((strip, target))) = (studio.peek_song_id(), state.lane.get_untracked()) else { return };
    let enabled = studio.peek_strip(strip, |strip| strip.lane(&target).is_none_or(|lane| lane.enabled)).unwrap_or(true);
    let lane = (!points.is_empty()).then(|| Lane { target: target.clone(), enabled, points: Arc::new(points) });
    let step = format!("{} automation {what}", studio.peek_strip(strip, |strip| strip.name.clone()).unwrap_or_default());
    studio.dispatch(step, Edit::SetLane { song, strip, target, lane });
}

/// What of a strip can be automated: the strip's own values, then each insert's, then each send's.
fn targets(song: &Song, strip: &Strip) -> Vec<(Target, String)> {
    let automatable = |spec: &&ParamSpec| spec.flags.has(Flags::AUTOMATABLE);
    let own = STRIP_PARAMS.iter().filter(automatable).map(|spec| (Target::Strip(spec.id.into()), spec.name.to_owned()));
    let inserts = strip.inserts.iter().flat_map(|insert| {
        let specs = insert.spec().map_or(&[][..], |spec| spec.params);
        specs.iter().filter(automatable).map(move |spec| {
            let group = if spec.group.is_empty() { String::new() } else { format!("{} ", spec.group) };
            (Target::Insert(insert.id, spec.id.into()), format!("{}: {group}{}", insert.name(), spec.name))
        })
    });
    let sends = strip.sends.iter().flat_map(|send| {
        let to = song.strip(send.to).map(|strip| strip.name.clone()).unwrap_or_default();
        let line = move |spec: &ParamSpec| (Target::Send(send.id, spec.id.into()), format!("Send to {to}: {}", spec.name));
        SEND_PARAMS.iter().filter(automatable).map(line)
    });
    own.chain(inserts).chain(sends).collect()
}

/// The lane's head: which parameter, its value, and whether the lane is read.
#[component]
pub fn LaneHead(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let choices = Memo::new(move |_| studio.song(|song| song.strip(strip).map(|strip| targets(song, strip))).flatten().unwrap_or_default());
    let options = Signal::derive(move || {
        let line = |(place, (_, name)): (usize, &(Target, String))| SelectOption::new(place.to_string(), name.clone());
        choices.with(|choices| choices.iter().enumerate().map(line).collect::<Vec<_>>())
    });
    let target = Memo::new(move |_| state.lane.with(|lane| lane.as_ref().filter(|lane| lane.0 == strip).map(|lane| lane.1.clone())));
    let chosen = Signal::derive(move || {
        let target = target.get();
        choices.with(|choices| choices.iter().position(|choice| Some(&choice.0) == target.as_ref()).unwrap_or(0).to_string())
    });
    let choose = move |value: String| {
        let chosen = value
            .parse::<usize>()
            .ok()
            .and_then(|place| choices.with_untracked(|choices| choices.get(place).map(|choice| choice.0.clone())));
        if let Some(target) = chosen {
            state.point.set(None);
            state.stretch.set(None);
            state.lane.set(Some((strip, target)));
        }
    };
    let lane = Memo::new(move |_| {
        let target = target.get()?;
        studio.strip(strip, |strip| strip.lane(&target).map(|lane| (lane.enabled, lane.points.len()))).flatten()
    });
    let enable = move |on: bool| {
        let (Some(song), Some(target)) = (studio.peek_song_id(), target.get_untracked()) else { return };
        let lane = studio.peek_strip(strip, |strip| strip.lane(&target).cloned()).flatten();
        if let Some(lane) = lane {
            studio.dispatch("Automation on or off", Edit::SetLane { song, strip, target, lane: Some(Lane { enabled: on, ..lane }) });
        }
    };
    let modes = AutomationMode::ALL.map(|(mode, name)| SelectOption::new(format!("{mode:?}"), name)).to_vec();
    let mode = studio.automation.mode;
    let choose_mode = move |value: String| {
        if let Some((chosen, _)) = AutomationMode::ALL.into_iter().find(|(mode, _)| format!("{mode:?}") == value) {
            mode.set(chosen);
        }
    };
    view! {
        <div class="lane-head">
            <Select name="Automated parameter" class="is-quiet is-small" hint="What the lane below this track moves" options chosen on_choose=choose />
            <div class="lane-line">
                <Select name="Automation mode" class="is-quiet is-small" hint="What a control that is moved while playing does to its lane"
                    options=Signal::stored(modes) chosen=Signal::derive(move || format!("{:?}", mode.get())) on_choose=choose_mode />
                <Button look=ButtonLook::Quiet class="is-icon is-small" name="Add point" hint="At the playhead, where the lane is there already; keys move it" on_press=move |()| add_point(studio, state)>
                    <IconView icon=Icon::Plus />
                </Button>
                <Switch name="Read automation" caption=String::from("On") hint="Whether the points move the parameter"
                    on=Signal::derive(move || lane.get().is_some_and(|lane| lane.0)) on_change=enable />
            </div>
        </div>
    }
}

/// A point at the playhead that changes nothing yet, with the focus on it.
fn add_point(studio: Studio, state: TimelineState) {
    let frame = studio.locator.get_untracked();
    let made = clipboard::open_course(studio, state, |course| lane::with_point(course.points, course.point(frame)));
    if let Some((points, index)) = made {
        put_points(studio, state, points, "point");
        refocus(index);
    }
}

/// The points of the open lane as buttons above the picture.
#[component]
pub fn LanePoints() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let shown = Memo::new(move |_| {
        let (strip, target) = state.lane.get()?;
        let row = state.rows(studio).into_iter().find(|row| row.strip == strip)?;
        let (spec, name, points) = studio.strip(strip, |strip| {
            let points = strip.lane(&target).map(|lane| lane.points.clone()).unwrap_or_default();
            Some((strip.spec_of(&target)?, strip.name.clone(), points))
        })??;
        let points: Vec<LanePoint> = points.iter().take(MOST_LISTED).copied().collect();
        Some((row.top + row.height, row.lane_height, spec.id, name, points))
    });
    let list = move || {
        let (top, height, id, name, points) = shown.get()?;
        let spec = spec_of(studio, state).filter(|spec| spec.id == id)?;
        let line = |(index, point): (usize, LanePoint)| view! { <PointButton spec index point height /> };
        Some(view! {
            <ol class="tl-points" aria-label=format!("{name} {} points", spec.name) style:top=format!("{top}px") style:height=format!("{height}px")>
                {points.into_iter().enumerate().map(line).collect_view()}
            </ol>
        })
    };
    let shift = move || format!("translateY({}px)", -state.scroll.get());
    view! { <div class="tl-clips" style:transform=shift>{list}</div> }
}

#[component]
fn PointButton(spec: &'static ParamSpec, index: usize, point: LanePoint, height: f64) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let rate_hz = studio.peek_song(|song| song.rate_hz).unwrap_or(48_000);
    let name = format!("{} at {}", spec.text(point.value), time::clock(point.frame, rate_hz));
    let left = move || format!("{}px", state.window.with(|window| window.x(point.frame)));
    let hidden = move || state.window.with(|window| !(-12.0..=window.width + 12.0).contains(&window.x(point.frame)));
    let key = move |event: KeyboardEvent| {
        if changed_by_key(studio, state, spec, index, &event) {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    view! {
        <li>
            <button
                type="button"
                class="lane-point"
                class:is-hidden=hidden
                aria-label=name
                style:left=left
                style:top=format!("{}px", lane::y_of(spec, point.value, height))
                on:mousedown=keep_focus
                on:focus=move |_| {
                    state.point.set(Some(index));
                    state.show_frame(point.frame);
                    studio.hints.show("Automation point", "Up and down: value · left and right: time · Shift for fine · Alt with up and down: curve · H holds · R chooses a stretch, Page keys lift it · Delete");
                }
                on:keydown=key
            ></button>
        </li>
    }
}

/// Arrows move a point, Delete takes it away; `false` for other keys.
fn changed_by_key(studio: Studio, state: TimelineState, spec: &'static ParamSpec, index: usize, event: &KeyboardEvent) -> bool {
    let Some((strip, target)) = state.lane.get_untracked() else { return false };
    let Some((_, points)) = lane_of(studio, strip, &target) else { return false };
    let Some(point) = points.get(index).copied() else { return false };
    let step = if event.shift_key() { spec.steps.fine } else { spec.steps.step };
    let frames = if event.shift_key() { state.step_frames(studio) / 8 + 1 } else { state.step_frames(studio) };
    if let Some(segment) = bent_by_key(point.segment, event) {
        put_points(studio, state, lane::with_segment(&points, index, segment), "curve");
        refocus(index);
        return true;
    }
    if marked_by_key(studio, state, &points, index, event) {
        refocus(index);
        return true;
    }
    let (frame, value) = match event.key().as_str() {
        "ArrowUp" => (point.frame, spec.clamp(point.value + step)),
        "ArrowDown" => (point.frame, spec.clamp(point.value - step)),
        "ArrowLeft" => (point.frame.saturating_sub(frames), point.value),
        "ArrowRight" => (point.frame + frames, point.value),
        "Delete" | "Backspace" => {
            state.point.set(None);
            put_points(studio, state, lane::without(&points, index), "point deleted");
            return true;
        }
        _ => return false,
    };
    put_points(studio, state, lane::with_moved(&points, index, frame, value), "point");
    refocus(index);
    true
}

/// R chooses the stretch from a point to the next, or widens the chosen one to the point; the Page keys lift it.
fn marked_by_key(studio: Studio, state: TimelineState, points: &[LanePoint], index: usize, event: &KeyboardEvent) -> bool {
    let (at, chosen) = (points[index].frame, state.stretch.get_untracked());
    let sign = match event.key().as_str() {
        "r" | "R" => {
            let next = points.get(index + 1).map_or(at + state.step_frames(studio), |next| next.frame);
            let range = chosen.map_or(Range { start: at, end: next }, |range| Range { start: range.start.min(at), end: range.end.max(at) });
            state.stretch.set(Some(range));
            return true;
        }
        "PageUp" => 1.0,
        "PageDown" => -1.0,
        _ => return false,
    };
    let Some(range) = chosen else { return false };
    let lifted = clipboard::open_course(studio, state, |course| course.lifted(range, sign * stretch::step(course.spec, event.shift_key())));
    if let Some(points) = lifted {
        put_points(studio, state, points, "trim");
    }
    true
}

/// The way after a point as a key makes it: Alt with up and down bends it, H holds the value or lets it go.
fn bent_by_key(segment: Segment, event: &KeyboardEvent) -> Option<Segment> {
    let bend = if let Segment::Curve(bend) = segment { bend } else { 0.0 };
    let bent = |by: f32| {
        let bend = ((bend + by) * 10.0).round() / 10.0;
        if bend == 0.0 { Segment::Linear } else { Segment::Curve(bend.clamp(-1.0, 1.0)) }
    };
    match event.key().as_str() {
        "ArrowUp" if event.alt_key() => Some(bent(-BEND_STEP)),
        "ArrowDown" if event.alt_key() => Some(bent(BEND_STEP)),
        "h" | "H" => Some(if segment == Segment::Hold { Segment::Linear } else { Segment::Hold }),
        _ => None,
    }
}

/// The list is made anew after an edit; the focus goes to the point in the same place.
fn refocus(index: usize) {
    request_animation_frame(move || {
        let found = document().query_selector_all(".lane-point").ok().and_then(|points| points.item(index as u32));
        if let Some(point) = found {
            use wasm_bindgen::JsCast;
            let _ = point.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
}
