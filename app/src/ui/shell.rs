//! The frame of the page: top bar, room, status bar, messages.

use leptos::prelude::*;

use super::album::{AlbumRoom, Desk};
use super::assist::{Assist, AssistDialog, PathBar};
use super::console::FreezeDialog;
use super::drop::{AudioFilesInput, DropVeil, DropZone, FilePicker, Imports};
use super::editors::Comparisons;
use super::export::ExportDialog;
use super::frame::FrameLoop;
use super::keys::{Dialogs, KeyChoice, KeySheet, Palette, install_keys};
use super::master::{Goal, MasterRoom, Measures, Preview, References};
use super::messages::StateBars;
use super::mix_room::MixRoom;
use super::settings::SettingsDialog;
use super::start::StartPage;
use super::status::StatusBar;
use super::timeline::{PeakStore, TimelineState};
use super::topbar::{MixSides, TopBar};
use super::widgets::{ContextMenuHost, ContextMenus, Icon, IconView};
use crate::state::{Message, MessageKind, Room, Studio, install_keeper, install_sound};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let studio = Studio::new();
    provide_context(studio);
    provide_context(FrameLoop::start(move |readings| studio.sound.read_into(readings)));
    let (zone, imports) = (DropZone::new(), Imports::new());
    provide_context(zone);
    provide_context(imports);
    provide_context(FilePicker::new());
    let timeline = TimelineState::new();
    let dialogs = Dialogs { sheet: RwSignal::new(false), palette: RwSignal::new(false) };
    let sides = MixSides::new();
    provide_context(timeline);
    provide_context(sides);
    provide_context(PeakStore::new(studio));
    provide_context(Comparisons::new());
    let measures = Measures::new(studio);
    provide_context(measures);
    let preview = Preview::install(studio, measures);
    provide_context(preview);
    provide_context(References::install(studio, measures, preview));
    provide_context(Goal::new());
    provide_context(Desk::new(studio, measures));
    provide_context(Assist::new(studio, sides));
    provide_context(ContextMenus::new());
    zone.install(studio, imports);
    provide_context(KeyChoice::kept());
    install_keys(studio, timeline, sides, dialogs);
    install_keeper(studio);
    install_sound(studio);
    expect_context::<FrameLoop>().each(move |frame| {
        studio.hear(frame.readings.playing.then_some(frame.readings.position), || timeline.lane.get_untracked());
        if frame.is_number_time {
            studio.stop_after_end(frame.readings);
        }
    });
    Effect::new(move |_| studio.theme.get().show());
    let is_open = Memo::new(move |_| studio.is_open());
    view! {
        <Show when=move || is_open.get() fallback=|| view! { <StartPage /> }>
            <Workspace />
        </Show>
        <AudioFilesInput />
        <DropVeil />
        <StateBars />
        <KeySheet open=dialogs.sheet />
        <Palette dialogs />
        <ExportDialog />
        <SettingsDialog />
        <FreezeDialog />
        <AssistDialog />
        <MessageCorner />
    }
}

#[component]
fn Workspace() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let path = expect_context::<Assist>().path;
    view! {
        <div class="app">
            <TopBar />
            <main class="room" class:has-path=move || path.is_shown()>
                <h1 class="sr">{move || studio.room.get().name()}</h1>
                <PathBar />
                <div class="room-panel" role="tabpanel" id="room-panel" aria-label=move || studio.room.get().name()>
                    {move || match studio.room.get() {
                        Room::Mix => view! { <MixRoom /> }.into_any(),
                        Room::Master => view! { <MasterRoom /> }.into_any(),
                        Room::Album => view! { <AlbumRoom /> }.into_any(),
                    }}
                </div>
                <ContextMenuHost />
            </main>
            <StatusBar />
        </div>
    }
}

#[component]
fn MessageCorner() -> impl IntoView {
    let messages = expect_context::<Studio>().messages;
    let line = move |message: Message| {
        let id = message.id;
        let class = if message.kind == MessageKind::Attention { "toast is-alert" } else { "toast" };
        view! {
            <div class=class>
                <span class="toast-text">{message.text}</span>
                <button type="button" class="btn is-quiet is-icon is-small" aria-label="Close message" on:click=move |_| messages.close(id)>
                    <IconView icon=Icon::Close />
                </button>
            </div>
        }
    };
    view! {
        <div class="toasts">
            <div role="alert">
                <For each=move || messages.of(MessageKind::Attention) key=|message| message.id children=line />
            </div>
            <div role="status">
                <For each=move || messages.of(MessageKind::News) key=|message| message.id children=line />
            </div>
        </div>
    }
}
