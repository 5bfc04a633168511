//! A song of the album as a row of the table: what it measures and what is set of it.

use leptos::ev::{DragEvent, KeyboardEvent};
use leptos::prelude::*;
use session::album::edits::{Piece, change_one, move_to, remove};
use session::analysis::Analysis;
use session::model::ClipId;
use wasm_bindgen::JsCast;

use super::cells::NumberCell;
use super::contour::Contour;
use super::desk::{Desk, Line, TOLERANCE_LU};
use super::tone::Tone;
use crate::ui::master::{difference, number};
use crate::ui::timeline::time;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, NameField, keep_focus};

/// The song whose row is being dragged.
pub type Dragged = RwSignal<Option<ClipId>>;

/// The share of the side signal in the whole power, %.
fn side_percent(analysis: &Analysis) -> f64 {
    let side: f64 =
        analysis.regions().iter().map(|region| 10f64.powf(region.level_db / 10.0) * region.width).filter(|share| share.is_finite()).sum();
    side * 100.0
}

/// The figures of a row as they are written: integrated, short-term maximum, range, true peak, PLR, side.
fn figures(desk: Desk, line: &Line) -> [String; 6] {
    let Some((analysis, gain_db)) = desk.known(line) else { return [(); 6].map(|()| "–".to_owned()) };
    [
        number(analysis.integrated_lufs + gain_db, 1),
        number(analysis.short_term_max_lufs + gain_db, 1),
        number(analysis.range_lu, 1),
        number(analysis.true_peak_dbtp + gain_db, 1),
        number(analysis.plr_lu(), 1),
        number(side_percent(&analysis), 0),
    ]
}

/// The row.
#[component]
pub fn Row(
    /// The desk.
    desk: Desk,
    /// The song.
    clip: ClipId,
    /// The song whose row is being dragged.
    dragged: Dragged,
) -> impl IntoView {
    let studio = desk.studio;
    let line = Memo::new(move |_| desk.lines().into_iter().find(|line| line.clip == clip));
    let place = Memo::new(move |_| desk.lines().iter().position(|line| line.clip == clip).unwrap_or(0));
    let title = Memo::new(move |_| line.get().map(|line| line.title).unwrap_or_default());
    let is_anchor = Memo::new(move |_| desk.anchor() == Some(clip));
    let shown = Memo::new(move |_| line.get().map(|line| figures(desk, &line)).unwrap_or_default());
    let is_off = Memo::new(move |_| desk.off_by_lu(clip).is_some_and(|off| off.abs() > TOLERANCE_LU));
    let length = move || line.get().map(|line| time::short(line.range.end - line.range.start, line.rate_hz));
    let set = move |what: &str, how: &dyn Fn(&mut Piece)| {
        let edit = studio.peek(|session| change_one(session, clip, how)).flatten();
        if let Some(edit) = edit {
            studio.dispatch(format!("{} {what}", title.get_untracked()), edit);
        }
    };
    let rename = move |name: String| set("title", &|piece| piece.track.title.clone_from(&name));
    let cell = move |what: &'static str, hint: &'static str, read: fn(&Line) -> String, write: fn(&mut Piece, f64)| {
        let text = Memo::new(move |_| line.get().as_ref().map(read).unwrap_or_default());
        let name = Signal::derive(move || format!("{what} of {}", title.get()));
        let on_number = move |value: f64| set(what, &|piece| write(piece, value));
        view! { <td><NumberCell name hint text on_number /></td> }
    };
    let figure = move |at: usize| view! { <td class="n">{move || shown.with(|shown| shown[at].clone())}</td> };
    let over = move |event: DragEvent| {
        if dragged.get_untracked().is_some_and(|other| other != clip) {
            event.prevent_default();
        }
    };
    let dropped = move |event: DragEvent| {
        if let Some(other) = dragged.get_untracked() {
            event.prevent_default();
            dragged.set(None);
            move_song(desk, other, place.get_untracked());
        }
    };
    view! {
        <tr class:is-anchor=is_anchor class:is-dragged=move || dragged.get() == Some(clip) on:dragover=over on:drop=dropped>
            <td><Handle desk clip place title dragged /></td>
            <td class="n album-place">{move || place.get() + 1}</td>
            <th scope="row">
                <span class="album-title">
                    <NameField label="Song title" name=title on_name=rename />
                    {move || is_anchor.get().then(|| view! { <span class="album-tag">"Anchor"</span> })}
                </span>
            </th>
            <td><Contour desk line /></td>
            <td class="n">{length}</td>
            <td class="n album-main" class:is-off=is_off>
                {move || is_off.get().then(|| view! { <IconView icon=Icon::Warn /> })}
                {move || shown.with(|shown| shown[0].clone())}
            </td>
            {(1..6).map(figure).collect_view()}
            <td><Tone desk line /></td>
            {cell("Offset", "How much louder than the anchor it is meant to be, LU", |line| difference(line.offset_lu, 1), |piece, value| piece.track.offset_lu = value as f32)}
            {cell("Gain", "The gain with which it is played, dB", |line| difference(line.gain_db, 1), |piece, value| piece.clip.gain_db = value as f32)}
            {cell("Fade in", "Seconds", |line| number(f64::from(line.fades_ms[0]) / 1_000.0, 1), |piece, value| piece.track.fade_in_ms = millis(value).max(0) as u32)}
            {cell("Fade out", "Seconds", |line| number(f64::from(line.fades_ms[1]) / 1_000.0, 1), |piece, value| piece.track.fade_out_ms = millis(value).max(0) as u32)}
            {cell("Gap after", "Seconds; a negative one lets the next song begin over the end", |line| number(f64::from(line.gap_ms) / 1_000.0, 1), |piece, value| piece.track.gap_ms = millis(value))}
            <td><Acts desk line title /></td>
        </tr>
    }
}

fn millis(seconds: f64) -> i32 {
    (seconds * 1_000.0).round() as i32
}

/// Moves a song to another place.
fn move_song(desk: Desk, clip: ClipId, to: usize) {
    if let Some(edit) = desk.studio.peek(|session| move_to(session, clip, to)).flatten() {
        desk.studio.dispatch("Move a song", edit);
    }
}

/// What a row is dragged by; with the keyboard, arrows move the song.
#[component]
fn Handle(desk: Desk, clip: ClipId, place: Memo<usize>, title: Memo<String>, dragged: Dragged) -> impl IntoView {
    let hints = desk.studio.hints;
    let name = move || format!("Move {}", title.get());
    let show = move || hints.show(&format!("Move {}", title.get_untracked()), "Drag, or press the up and down arrows");
    let id = format!("album-move-{}", clip.0);
    let own_id = id.clone();
    let key = move |event: KeyboardEvent| {
        let to = match event.key().as_str() {
            "ArrowUp" => place.get_untracked().checked_sub(1),
            "ArrowDown" => Some(place.get_untracked() + 1),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(to) = to {
            move_song(desk, clip, to);
            // A row that moves in the page loses the focus.
            let id = id.clone();
            request_animation_frame(move || {
                if let Some(handle) = document().get_element_by_id(&id).and_then(|handle| handle.dyn_into::<web_sys::HtmlElement>().ok()) {
                    let _ = handle.focus();
                }
            });
        }
    };
    let start = move |event: DragEvent| {
        if let Some(data) = event.data_transfer() {
            let _ = data.set_data("text/plain", &title.get_untracked());
            data.set_effect_allowed("move");
        }
        dragged.set(Some(clip));
    };
    view! {
        <button type="button" id=own_id class="album-handle" draggable="true" aria-label=name on:keydown=key on:dragstart=start
            on:dragend=move |_| dragged.set(None) on:focus=move |_| show() on:pointerenter=move |_| show()>
            <IconView icon=Icon::Stems />
        </button>
    }
}

/// Hear from its start; take it out.
#[component]
fn Acts(desk: Desk, line: Memo<Option<Line>>, title: Memo<String>) -> impl IntoView {
    let studio = desk.studio;
    let hear = move |_| {
        if let Some(line) = line.get_untracked() {
            studio.locate(line.range.start);
            if !studio.playing.get_untracked() {
                studio.play();
            }
        }
    };
    let take_out = move |()| {
        let edit = line.get_untracked().and_then(|line| studio.peek(|session| remove(session, line.clip)).flatten());
        if let Some(edit) = edit {
            studio.dispatch(format!("Take {} out of the album", title.get_untracked()), edit);
        }
    };
    let hear_name = move || format!("Hear {}", title.get());
    let take_name = Signal::derive(move || format!("Take out {}", title.get()));
    view! {
        <span class="album-acts">
            <button type="button" class="btn is-quiet is-icon is-small" aria-label=hear_name on:mousedown=keep_focus on:click=hear><IconView icon=Icon::Play /></button>
            <Button look=ButtonLook::Quiet class="is-icon is-small" name=take_name hint="Undo brings it back" on_press=take_out><IconView icon=Icon::Remove /></Button>
        </span>
    }
}
