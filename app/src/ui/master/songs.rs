//! The songs as tabs, and those on their way in.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use session::model::{SongId, SongKind};
use wasm_bindgen::JsCast;

use crate::state::{Room, Studio};
use crate::ui::drop::{FilePicker, Imports, Intent};
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, keep_focus};

/// The tabs "Songs" with the button that adds one.
#[component]
pub fn SongTabs() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let imports = expect_context::<Imports>();
    let picker = expect_context::<FilePicker>();
    let songs =
        Memo::new(move |_| studio.session(|session| session.songs.iter().map(|song| song.id).collect::<Vec<_>>()).unwrap_or_default());
    let tab = move |id: SongId| {
        let is_on = Memo::new(move |_| studio.song_id() == Some(id));
        let name = Memo::new(move |_| {
            studio
                .session(|session| {
                    session.song(id).map(|song| if song.kind == SongKind::Mix { "Mix".to_owned() } else { song.name.clone() })
                })
                .flatten()
                .unwrap_or_default()
        });
        view! {
            <button type="button" role="tab" class="song-tab" aria-selected=move || if is_on.get() { "true" } else { "false" }
                tabindex=move || if is_on.get() { "0" } else { "-1" } on:mousedown=keep_focus on:click=move |_| studio.show_song(id)>
                {name}
            </button>
        }
    };
    let arriving = move |import: crate::ui::drop::Import| {
        let id = import.id;
        let percent = move || imports.percent(id).map_or_else(|| "waits".to_owned(), |percent| format!("{percent}\u{2009}%"));
        view! {
            <span class="song-arriving">
                <span class="el">{import.file_name.to_string()}</span>
                <span class="n lbl" role="progressbar" aria-label=format!("Reading {}", import.file_name) aria-valuemin="0" aria-valuemax="100"
                    aria-valuenow=move || imports.percent(id).unwrap_or(0).to_string()>{percent}</span>
                <Button look=ButtonLook::Quiet class="is-icon is-small" name=format!("Cancel {}", import.file_name) on_press=move |()| imports.cancel(id)><IconView icon=Icon::Close /></Button>
            </span>
        }
    };
    let key = move |event: KeyboardEvent| {
        let step: i64 = match event.key().as_str() {
            "ArrowLeft" => -1,
            "ArrowRight" => 1,
            _ => return,
        };
        event.prevent_default();
        let songs = songs.get_untracked();
        let Some(now) = untrack(|| studio.song_id()).and_then(|now| songs.iter().position(|song| *song == now)) else { return };
        let next = (now as i64 + step).clamp(0, songs.len() as i64 - 1) as usize;
        studio.show_song(songs[next]);
        focus_tab(next);
    };
    view! {
        <div class="song-tabs">
            <div role="tablist" aria-label="Songs" on:keydown=key><For each=move || songs.get() key=|id| *id children=tab /></div>
            <For each=move || imports.of(Room::Master) key=|import| import.id children=arriving />
            <Button look=ButtonLook::Quiet class="is-icon is-small" name="Add songs" hint="Each file becomes a song" on_press=move |()| picker.open(Intent::Room(Room::Master))>
                <IconView icon=Icon::Plus />
            </Button>
        </div>
    }
}

fn focus_tab(index: usize) {
    let found = document().query_selector_all(".song-tab").ok().and_then(|tabs| tabs.item(index as u32));
    if let Some(tab) = found.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = tab.focus();
    }
}
