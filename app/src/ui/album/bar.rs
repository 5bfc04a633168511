//! The head of the room: the album's names, its anchor, and the buttons that measure and bring.

use leptos::prelude::*;
use session::Edit;
use session::album::edits::change_album;
use session::album::of;
use session::model::ClipId;

use super::desk::Desk;
use super::show_chain;
use super::take_in::TakeIn;
use crate::state::Room;
use crate::ui::drop::{FilePicker, Intent};
use crate::ui::timeline::time;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, NameField, Select, SelectOption};

/// The bar.
#[component]
pub fn AlbumBar(desk: Desk) -> impl IntoView {
    let has_songs = Memo::new(move |_| !desk.lines().is_empty());
    view! {
        <div class="album-bar">
            <Show when=move || has_songs.get() fallback=|| view! { <h2 class="lbl">"No songs yet"</h2> }>
                <Names desk />
                <span class="grow"></span>
                <Measuring desk />
                <Anchor desk />
            </Show>
        </div>
    }
}

#[component]
fn Names(desk: Desk) -> impl IntoView {
    let studio = desk.studio;
    let picker = expect_context::<FilePicker>();
    let title = Memo::new(move |_| studio.session(|session| of(session).map(|(_, song)| song.name.clone())).flatten().unwrap_or_default());
    let performer =
        Memo::new(move |_| studio.session(|session| of(session).map(|(album, _)| album.performer.clone())).flatten().unwrap_or_default());
    let rename = move |name: String| {
        if let Some(song) = desk.song() {
            studio.dispatch(format!("Name the album {name}"), Edit::RenameSong { song, name });
        }
    };
    let perform = move |name: String| {
        if let Some(edit) = studio.peek(|session| change_album(session, |album| album.performer.clone_from(&name))).flatten() {
            studio.dispatch("Album performer", edit);
        }
    };
    let size = move || {
        let lines = desk.lines();
        let songs = if lines.len() == 1 { "1 song".to_owned() } else { format!("{} songs", lines.len()) };
        lines.last().map(|last| format!("{songs}, {}", time::short(last.range.end, last.rate_hz)))
    };
    view! {
        <NameField label="Album title" class="album-name" name=title on_name=rename />
        <label class="album-performer"><span class="lbl">"by"</span><NameField label="Performer" name=performer on_name=perform /></label>
        <span class="n lbl">{size}</span>
        <Button look=ButtonLook::Quiet class="is-icon is-small" name="Add songs" hint="Each file becomes a song of the album" on_press=move |()| picker.open(Intent::Room(Room::Album))>
            <IconView icon=Icon::Plus />
        </Button>
        <TakeIn desk />
    }
}

#[component]
fn Measuring(desk: Desk) -> impl IntoView {
    let percent = move || (desk.progress.get().unwrap_or(0.0) * 100.0).floor();
    let basis = move || if desk.is_heard() { "Measured behind the chain" } else { "Files with their gains" };
    view! {
        <Show when=move || desk.progress.with(Option::is_some) fallback=move || view! {
            <span class="lbl el" role="status">{basis}</span>
            <Button look=ButtonLook::Quiet class="is-small" hint="The master chain that all songs share, in the Master room" on_press=move |()| show_chain(desk.studio, desk)>"Shared chain"</Button>
            <Button look=ButtonLook::Quiet class="is-small" hint="Renders every song through the shared chain and measures it" on_press=move |()| desk.measure()>"Measure songs"</Button>
        }>
            <progress class="goal-bar album-progress" aria-label="Working on the album" max="100" value=percent></progress>
            <Button look=ButtonLook::Quiet class="is-small" on_press=move |()| desk.cancel()>"Cancel"</Button>
        </Show>
    }
}

#[component]
fn Anchor(desk: Desk) -> impl IntoView {
    let studio = desk.studio;
    let options = Signal::derive(move || {
        let line = |line: super::desk::Line| SelectOption::new(line.clip.0.to_string(), line.title);
        desk.lines().into_iter().map(line).collect::<Vec<_>>()
    });
    let chosen = Signal::derive(move || desk.anchor().map(|clip| clip.0.to_string()).unwrap_or_default());
    let choose = move |value: String| {
        let anchor = value.parse().ok().map(ClipId);
        if let Some(edit) = studio.peek(|session| change_album(session, |album| album.anchor = anchor)).flatten() {
            studio.dispatch("Choose the anchor", edit);
        }
    };
    let is_busy = Signal::derive(move || desk.progress.with(Option::is_some));
    view! {
        <span class="lbl">"Anchor"</span>
        <Select name="Anchor" class="album-anchor" hint="The song to whose loudness the others are brought" options chosen on_choose=choose />
        <Button look=ButtonLook::Line class="is-small" disabled=is_busy hint="Sets every song's gain so that it is as loud as the anchor, its offset kept; one undo takes it back" on_press=move |()| desk.bring()>
            "Bring to the anchor"
        </Button>
    }
}
