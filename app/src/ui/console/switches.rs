//! Mute, solo and polarity of a strip.

use dsp::engine::{STRIP_PARAMS, strip_param};
use dsp::protocol::StripId;
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use session::Edit;
use session::model::Target;

use crate::state::Studio;
use crate::ui::widgets::ToggleButton;

fn set_switch(song: session::model::SongId, strip: StripId, index: usize, on: bool) -> Edit {
    Edit::SetValue { song, strip, target: Target::Strip(STRIP_PARAMS[index].id.into()), value: f32::from(u8::from(on)) }
}

/// Turns a switch of a strip over. With Alt it goes off on all strips, with Shift it is on for this one alone.
pub fn toggle(studio: Studio, strip: StripId, index: usize, event: &MouseEvent) {
    let Some(song) = studio.peek_song_id() else { return };
    let spec = &STRIP_PARAMS[index];
    let is_on = studio.peek_strip(strip, |strip| strip.is_on(spec.id)).unwrap_or(false);
    let what = spec.name.to_lowercase();
    if !event.alt_key() && !event.shift_key() {
        studio.set_strip_value(strip, index, f32::from(u8::from(!is_on)));
        return;
    }
    let on: Vec<StripId> = studio
        .peek_song(|song| song.strips.iter().filter(|strip| strip.is_on(spec.id)).map(|strip| strip.id).collect())
        .unwrap_or_default();
    let keep = event.shift_key().then_some(strip);
    let mut edits: Vec<Edit> = on.iter().filter(|id| Some(**id) != keep).map(|id| set_switch(song, *id, index, false)).collect();
    if keep.is_some() && !is_on {
        edits.push(set_switch(song, strip, index, true));
    }
    if !edits.is_empty() {
        let name = if keep.is_some() { studio.step_name(strip, &format!("{what} alone")) } else { format!("{} off everywhere", spec.name) };
        studio.dispatch(name, Edit::Batch(edits));
    }
}

#[component]
fn StripSwitch(strip: StripId, index: usize, class: &'static str, hint: &'static str, letter: &'static str) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let spec = &STRIP_PARAMS[index];
    let pressed = studio.strip_memo(strip, move |strip| strip.is_on(spec.id));
    let press = move |event: MouseEvent| toggle(studio, strip, index, &event);
    view! {
        <ToggleButton class name=spec.name hint pressed on_press=press>
            {letter}
        </ToggleButton>
    }
}

/// The row with M and S.
#[component]
pub fn MuteAndSolo(strip: StripId) -> impl IntoView {
    const MUTE_HINT: &str = "Silences the strip and its sends. Alt clears all mutes";
    const SOLO_HINT: &str = "Silences the strips that are not soloed, in what you hear only. Shift: this one alone. Alt: none";
    view! {
        <div class="ms">
            <StripSwitch strip index=strip_param::MUTE class="is-small is-mute" hint=MUTE_HINT letter="M" />
            <StripSwitch strip index=strip_param::SOLO class="is-small is-solo" hint=SOLO_HINT letter="S" />
        </div>
    }
}

/// The mute alone: the master cannot be soloed.
#[component]
pub fn MuteOnly(strip: StripId) -> impl IntoView {
    view! { <StripSwitch strip index=strip_param::MUTE class="is-small is-mute" hint="Silences everything, in the export as well" letter="M" /> }
}

/// The polarity switch.
#[component]
pub fn Polarity(strip: StripId) -> impl IntoView {
    view! { <StripSwitch strip index=strip_param::POLARITY class="is-small is-polarity" hint=STRIP_PARAMS[strip_param::POLARITY].help letter="Ø" /> }
}
