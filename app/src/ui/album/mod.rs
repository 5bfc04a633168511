//! The Album room: the songs in order with what they measure, the album as one strip, and where it goes: players, a CD, a record, files.

mod bar;
mod cells;
mod contour;
mod desk;
mod disc;
mod files;
mod look;
mod playback;
mod record;
mod row;
mod take_in;
mod tone;

use leptos::prelude::*;

use crate::state::{Room, Studio};
use crate::ui::drop::{FilePicker, Imports, Intent};
use crate::ui::master::SongStrip;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};
use bar::AlbumBar;
pub use desk::Desk;
use disc::Disc;
use look::ToLookAt;
use playback::Playback;
use record::Record;
use row::Row;
use take_in::TakeIn;

/// Column heads of the table with their units.
const HEADS: [(&str, &str); 12] = [
    ("Length", ""),
    ("Integrated", "LUFS"),
    ("S max", "LUFS"),
    ("Range", "LU"),
    ("True peak", "dBTP"),
    ("PLR", "LU"),
    ("Side", "%"),
    ("Tone against anchor", "dB"),
    ("Offset", "LU"),
    ("Gain", "dB"),
    ("Fade in", "s"),
    ("Fade out", "s"),
];

/// The Album room.
#[component]
pub fn AlbumRoom() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let has_songs = Memo::new(move |_| !desk.lines().is_empty());
    view! {
        <div class="album-room">
            <AlbumBar desk />
            <Show when=move || has_songs.get() fallback=move || view! { <Nothing desk /> }>
                <SongStrip />
                <div class="album-body">
                    <Songs desk />
                    <div class="album-side" role="region" aria-label="What the album measures" tabindex="0">
                        <ToLookAt desk />
                        <Playback desk />
                    </div>
                </div>
                <div class="album-foot">
                    <Record desk />
                    <Disc desk />
                </div>
            </Show>
        </div>
    }
}

/// What the room says before it has a song.
#[component]
fn Nothing(desk: Desk) -> impl IntoView {
    let picker = expect_context::<FilePicker>();
    let imports = expect_context::<Imports>();
    let is_waiting = move || !imports.of(Room::Album).is_empty();
    view! {
        <div class="master-nothing">
            <Show when=move || !is_waiting() fallback=|| view! { <p>"The songs appear here as soon as they are read."</p> }>
                <p>"Drop finished stereo files here: each becomes a song of the album."</p>
                <div class="album-begin">
                    <Button look=ButtonLook::Primary class="is-large" on_press=move |()| picker.open(Intent::Room(Room::Album))>
                        <IconView icon=Icon::Wave />
                        "Choose songs"
                    </Button>
                    <TakeIn desk />
                </div>
            </Show>
        </div>
    }
}

/// The table.
#[component]
fn Songs(desk: Desk) -> impl IntoView {
    let dragged = RwSignal::new(None);
    let clips = Memo::new(move |_| desk.lines().into_iter().map(|line| line.clip).collect::<Vec<_>>());
    let head = |(name, unit): (&'static str, &'static str)| {
        let unit = (!unit.is_empty()).then(|| view! { <span class="u">{unit}</span> });
        view! { <th scope="col">{name}{unit}</th> }
    };
    view! {
        <div class="album-table" role="region" aria-label="Songs of the album" tabindex="0">
            <table aria-label="Songs">
                <thead>
                    <tr>
                        <th scope="col"><span class="sr">"Move"</span></th>
                        <th scope="col">"#"</th>
                        <th scope="col" class="is-left">"Song"</th>
                        <th scope="col" class="is-left">"Loudness over time"</th>
                        {HEADS.map(head).collect_view()}
                        <th scope="col">"Gap after"<span class="u">"s"</span></th>
                        <th scope="col"><span class="sr">"Hear, take out"</span></th>
                    </tr>
                </thead>
                <tbody><For each=move || clips.get() key=|clip| *clip children=move |clip| view! { <Row desk clip dragged /> } /></tbody>
            </table>
            <Arriving />
        </div>
    }
}

/// The files on their way in.
#[component]
fn Arriving() -> impl IntoView {
    let imports = expect_context::<Imports>();
    let line = move |import: crate::ui::drop::Import| {
        let id = import.id;
        let percent = move || imports.percent(id).map_or_else(|| "waits".to_owned(), |percent| format!("{percent}\u{2009}%"));
        view! {
            <p class="album-arriving">
                <span class="el">{import.file_name.to_string()}</span>
                <span class="n lbl" role="progressbar" aria-label=format!("Reading {}", import.file_name) aria-valuemin="0" aria-valuemax="100"
                    aria-valuenow=move || imports.percent(id).unwrap_or(0).to_string()>{percent}</span>
                <Button look=ButtonLook::Quiet class="is-icon is-small" name=format!("Cancel {}", import.file_name) on_press=move |()| imports.cancel(id)><IconView icon=Icon::Close /></Button>
            </p>
        }
    };
    view! { <For each=move || imports.of(Room::Album) key=|import| import.id children=line /> }
}

/// Goes to the chain that all songs share.
pub fn show_chain(studio: Studio, desk: Desk) {
    if let Some(song) = desk.song() {
        studio.show_room(Room::Master);
        studio.show_song(song);
    }
}
