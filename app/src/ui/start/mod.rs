//! The start page: two halves for stems and for a finished mix, the sessions in this browser, and where audio stays.

mod picture;
mod recents;

use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;

use crate::state::{Room, Studio};
use crate::ui::assist::PathSwitch;
use crate::ui::drop::{DropZone, FilePicker, Intent, promise};
use crate::ui::paint::Surface;
use crate::ui::topbar::{Mark, OpenSessionFile, RoomTabs, ThemeButton};
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};
use recents::Recents;

pub use recents::size_text;

/// What is true of audio and privacy, with the icons that stand beside it.
const FACTS: [(Icon, &str); 3] = [
    (Icon::Lock, "Audio is decoded, processed and stored in this browser. There is no account and no server to send it to."),
    (Icon::File, "Clearing site data deletes sessions. Save a session file to keep a copy of your own."),
    (Icon::Check, "The page is not allowed to connect to any address but its own."),
];

/// The start page.
#[component]
pub fn StartPage() -> impl IntoView {
    view! {
        <div class="start">
            <StartHead />
            <main class="start-main">
                <div class="start-halves" role="tabpanel" id="room-panel" aria-label="Start">
                    <Half room=Room::Mix />
                    <Half room=Room::Master />
                </div>
            </main>
            <div class="start-low">
                <Recents />
                <section aria-labelledby="start-privacy">
                    <h2 id="start-privacy">"Nothing leaves this computer"</h2>
                    <ul class="start-facts">
                        {FACTS.map(|(icon, fact)| view! { <li><IconView icon />{fact}</li> }).collect_view()}
                    </ul>
                </section>
            </div>
            <footer class="start-foot">
                <span class="grow">"Drop files anywhere in this window. A folder of stems works too."</span>
                <PathSwitch />
                <span>{concat!("Version ", env!("CARGO_PKG_VERSION"))}</span>
                <span>"Open source"</span>
            </footer>
        </div>
    }
}

#[component]
fn StartHead() -> impl IntoView {
    view! {
        <header class="start-head">
            <span class="start-brand"><Mark /><span>"Headroom"</span></span>
            <RoomTabs />
            <span class="grow"></span>
            <OpenSessionFile is_worded=true />
            <ThemeButton />
        </header>
    }
}

/// One half: what it takes, a drawing of it, and its buttons.
#[component]
fn Half(room: Room) -> impl IntoView {
    let zone = expect_context::<DropZone>();
    let picker = expect_context::<FilePicker>();
    let over = Memo::new(move |_| zone.hover.get().filter(|hover| hover.room == room).map(|hover| hover.files));
    let aside = Memo::new(move |_| zone.hover.get().is_some_and(|hover| hover.room != room));
    let is_master = room == Room::Master;
    let (id, title, text, choose, icon) = if is_master {
        (
            "start-master",
            "Master: drop a stereo mix",
            "One finished file, or several as songs. Equalize, compress, limit, and watch its loudness and true peak while you do.",
            "Choose a mix",
            Icon::Wave,
        )
    } else {
        (
            "start-mix",
            "Mix: drop stems",
            "One file per instrument. They line up at the start, take their names and colours from the file names, and land in a console.",
            "Choose stems",
            Icon::Stems,
        )
    };
    let words = move || match over.get() {
        Some(files) => view! { <b>{promise(files, room)}</b><br />"Let go to import. Nothing is uploaded." }.into_any(),
        None => text.into_any(),
    };
    view! {
        <section class="start-half" class:is-over=move || over.get().is_some() class:is-aside=aside aria-labelledby=id>
            <Picture is_master />
            <div class="start-words">
                <h1 id=id>{title}</h1>
                <p>{words}</p>
            </div>
            <div class="start-acts">
                <Button look=ButtonLook::Primary class="is-large" on_press=move |()| picker.open(Intent::Room(room))>
                    <IconView icon />
                    {choose}
                </Button>
                {if is_master { view! { <AlbumButton /> }.into_any() } else { view! { <DemoButton /> }.into_any() }}
            </div>
        </section>
    }
}

#[component]
fn AlbumButton() -> impl IntoView {
    let picker = expect_context::<FilePicker>();
    view! {
        <Button look=ButtonLook::Line class="is-large" on_press=move |()| picker.open(Intent::Room(Room::Album))>"Choose songs of an album"</Button>
        <span class="start-note">"WAV, AIFF, FLAC, MP3, Ogg, M4A"</span>
    }
}

#[component]
fn DemoButton() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let making = RwSignal::new(None::<u8>);
    let open = move |()| {
        if making.get_untracked().is_none() {
            making.set(Some(0));
            leptos::task::spawn_local(async move {
                studio
                    .open_demo(move |fraction| {
                        making.try_set(Some((fraction * 100.0) as u8));
                    })
                    .await;
                making.try_set(None);
            });
        }
    };
    let note = move || match making.get() {
        Some(percent) => format!("Playing it in, {percent}\u{2009}%"),
        None => "Made by code in this browser".to_owned(),
    };
    view! {
        <Button look=ButtonLook::Line class="is-large" on_press=open>"Open demo song"</Button>
        <span class="start-note n" role="status">{note}</span>
    }
}

/// The drawing behind a half; it follows the window's size and the theme.
#[component]
fn Picture(is_master: bool) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let node = NodeRef::<Canvas>::new();
    let draw = move || {
        if let Some(surface) = node.get_untracked().and_then(|canvas| Surface::of(&canvas)) {
            if is_master { picture::headroom(&surface) } else { picture::stems(&surface) }
        }
    };
    Effect::new(move |_| {
        studio.theme.track();
        node.track();
        request_animation_frame(draw);
    });
    let resized = window_event_listener(leptos::ev::resize, move |_| draw());
    on_cleanup(move || resized.remove());
    // Text on the canvas needs the font.
    if let Ok(ready) = document().fonts().ready() {
        let then = Closure::once(move |_| draw());
        drop(ready.then(&then));
        then.forget();
    }
    view! { <canvas node_ref=node aria-hidden="true"></canvas> }
}
