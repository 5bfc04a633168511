//! The line over the chain: whole chains to begin with, versions A to D, and listening to the chain against the song without it.

use leptos::prelude::*;
use session::chain_preset::{self, CHAIN_PRESETS};
use session::versions;

use super::listening::ChainListening;
use crate::state::Studio;
use crate::ui::widgets::{ButtonLook, Select, SelectOption, ToggleButton};

/// The line.
#[component]
pub fn ChainHead() -> impl IntoView {
    view! {
        <div class="chain-head">
            <Presets />
            <Versions />
            <span class="grow"></span>
            <ChainListening />
        </div>
    }
}

/// The combobox "Chain preset": it sets all and keeps no name, since every step can be changed after.
#[component]
fn Presets() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let line = |preset: &chain_preset::ChainPreset| SelectOption::new(preset.name, format!("{} — {}", preset.name, preset.about));
    let options = std::iter::once(SelectOption::new("", "Chain preset")).chain(CHAIN_PRESETS.iter().map(line)).collect::<Vec<_>>();
    let chosen = RwSignal::new(String::new());
    let choose = move |name: String| {
        chosen.set(name.clone());
        let Some(preset) = CHAIN_PRESETS.iter().find(|preset| preset.name == name) else { return };
        let song = studio.peek_song_id();
        let edit = song.and_then(|song| studio.peek(|session| chain_preset::apply(session, song, preset)).flatten());
        if let Some(edit) = edit {
            studio.dispatch(format!("Chain preset {name}"), edit);
        }
        chosen.set(String::new());
    };
    view! { <Select name="Chain preset" hint="Puts a whole chain in the place of this one; undo takes it back" class="is-quiet chain-presets" options=Signal::stored(options) chosen on_choose=choose /> }
}

/// The buttons "Version A" to "Version D".
#[component]
fn Versions() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let current = Memo::new(move |_| studio.song(|song| song.versions.current).unwrap_or(0));
    let one = move |(at, name): (usize, &'static str)| {
        let at = at as u8;
        let pressed = Signal::derive(move || current.get() == at);
        let exists = Memo::new(move |_| current.get() == at || studio.song(|song| song.versions.others.contains_key(&at)).unwrap_or(false));
        view! {
            <span class:is-empty=move || !exists.get()>
                <ToggleButton look=ButtonLook::Quiet class="is-small is-soft" name=format!("Version {name}") hint="Versions of the whole chain; a new one begins as a copy. N goes to the next" pressed
                    on_press=move |_| studio.show_version(at)>{name}</ToggleButton>
            </span>
        }
    };
    view! { <span class="chain-versions" role="group" aria-label="Versions of the chain">{versions::NAMES.into_iter().enumerate().map(one).collect_view()}</span> }
}
