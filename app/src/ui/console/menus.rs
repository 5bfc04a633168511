//! What a right click offers on an insert and on a strip's name.

use dsp::engine::strip_param;
use dsp::protocol::{InsertId, StripId, StripKind};
use leptos::prelude::*;
use session::Edit;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::inserts::toggle_bypass;
use super::slot_drag::{Place, copy, remove, shift};
use super::{freeze, looks};
use crate::state::Studio;
use crate::ui::widgets::MenuItem;

/// The lines for an insert.
pub fn of_insert(studio: Studio, strip: StripId, insert: InsertId) -> Vec<MenuItem> {
    let found = studio.peek_strip(strip, |strip| {
        let at = strip.inserts.iter().position(|found| found.id == insert)?;
        Some((at, strip.inserts[at].bypassed))
    });
    let Some((at, bypassed)) = found.flatten() else { return Vec::new() };
    vec![
        MenuItem::new("Open or close the editor", "", move || studio.toggle_editor(insert)),
        MenuItem::new(if bypassed { "End the bypass" } else { "Bypass" }, "Ctrl and click", move || toggle_bypass(studio, strip, insert)),
        MenuItem::new("One place earlier", "Alt and up", move || shift(studio, strip, insert, -1)),
        MenuItem::new("One place later", "Alt and down", move || shift(studio, strip, insert, 1)),
        MenuItem::new("Copy behind it", "Alt, Shift and down", move || copy(studio, strip, insert, Place { strip, at: at + 1 })),
        MenuItem::new("Remove", "Delete", move || remove(studio, strip, insert)),
    ]
}

/// The lines for a strip.
pub fn of_strip(studio: Studio, strip: StripId) -> Vec<MenuItem> {
    let kind = studio.peek_strip(strip, |strip| strip.kind);
    let Some(kind) = kind.filter(|kind| *kind != StripKind::Master) else { return Vec::new() };
    let switch = |text: &str, index: usize| MenuItem::new(text, "Turns it over", move || studio.toggle_strip_switch(strip, index));
    let remove = move || {
        if let Some(song) = studio.peek_song_id() {
            studio.dispatch(studio.step_name(strip, "remove"), Edit::RemoveStrip { song, strip });
        }
    };
    let what = if kind == StripKind::Audio { "Remove the track" } else { "Remove the strip" };
    let mut lines = vec![
        MenuItem::new("Rename", "Its name is typed in place", move || rename(strip)),
        switch("Mute", strip_param::MUTE),
        switch("Solo", strip_param::SOLO),
        switch("Solo safe", strip_param::SOLO_SAFE),
        MenuItem::new("Fader to 0 dB", "0", move || studio.set_strip_value(strip, strip_param::VOLUME, 0.0)),
        MenuItem::new("One place left", "In the console and among the tracks", move || move_strip(studio, strip, -1)),
        MenuItem::new("One place right", "In the console and among the tracks", move || move_strip(studio, strip, 1)),
        MenuItem::new(what, "Undo brings it back", remove),
    ];
    let last = lines.len() - 1;
    lines.splice(last..last, freeze::lines(studio, strip, kind).into_iter().chain(looks::lines(studio, strip, kind)));
    lines
}

/// Puts the focus on a strip's name.
fn rename(strip: StripId) {
    request_animation_frame(move || {
        let field = document().query_selector(&format!(".console [data-strip=\"{}\"] .tape", strip.0)).ok().flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
    });
}

/// Moves a strip past its neighbour of the same kind.
fn move_strip(studio: Studio, strip: StripId, step: isize) {
    let found = studio.peek_song(|song| {
        let kind = song.strip(strip)?.kind;
        let same: Vec<usize> = (0..song.strips.len()).filter(|at| song.strips[*at].kind == kind).collect();
        let at = same.iter().position(|at| song.strips[*at].id == strip)?;
        Some((song.id, *same.get(at.checked_add_signed(step)?)?))
    });
    if let Some((song, at)) = found.flatten() {
        studio.dispatch(studio.step_name(strip, "place"), Edit::MoveStrip { song, strip, at });
    }
}
