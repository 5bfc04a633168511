//! The Master room: the songs, the song on show as a strip, what it measures and where it goes, its master chain with the editors, and the
//! meters.

mod chain;
mod chain_head;
mod cues;
mod difference;
mod distribution;
mod end_meter;
mod figures;
mod history;
mod level;
mod listening;
mod looking;
mod measures;
mod meters;
mod moments;
mod mono;
mod overlay;
mod preview;
mod reading;
mod references;
mod song_strip;
mod songs;
mod spectrum;
mod stereo;
mod target;
mod translation;

use leptos::prelude::*;
use session::model::SongKind;

use crate::state::{Room, Studio};
use crate::ui::drop::{FilePicker, Imports, Intent};
use crate::ui::editors::EditorDrawer;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};
use chain::Chain;
use chain_head::ChainHead;
pub use figures::{difference, number};
use listening::ListenBar;
pub use measures::Measures;
use meters::MeterColumn;
pub use preview::Preview;
use references::ReferenceBar;
pub use references::References;
pub use song_strip::SongStrip;
use songs::SongTabs;
use target::SongColumn;
pub use target::{Goal, lines};
use translation::Translation;

/// The Master room.
#[component]
pub fn MasterRoom() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let has_song = Memo::new(move |_| studio.song_id().is_some());
    view! {
        <div class="master-room">
            <div class="master-bar"><SongTabs /><span class="grow"></span><ReferenceBar /><ListenBar /></div>
            <Show when=move || has_song.get() fallback=|| view! { <Nothing /> }>
                <SongStrip />
                <div class="master-body">
                    <SongColumn />
                    <section class="master-middle" aria-label="Mastering">
                        <ChainHead />
                        <Chain />
                        <EditorDrawer />
                        <NoEditor />
                        <Translation />
                    </section>
                    <MeterColumn />
                </div>
            </Show>
        </div>
    }
}

/// What the room says before it has a song.
#[component]
fn Nothing() -> impl IntoView {
    let picker = expect_context::<FilePicker>();
    let imports = expect_context::<Imports>();
    let is_waiting = move || !imports.of(Room::Master).is_empty();
    view! {
        <div class="master-nothing">
            <Show when=move || !is_waiting() fallback=|| view! { <p>"The song appears here as soon as it is read."</p> }>
                <p>"Drop a finished stereo file here, or several: each becomes a song."</p>
                <Button look=ButtonLook::Primary class="is-large" on_press=move |()| picker.open(Intent::Room(Room::Master))>
                    <IconView icon=Icon::Wave />
                    "Choose a mix"
                </Button>
            </Show>
        </div>
    }
}

/// What stands in the editors' place while none is open.
#[component]
fn NoEditor() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let master = studio.master();
    let state = Memo::new(move |_| {
        let inserts = master.get().and_then(|strip| studio.strip(strip, |strip| strip.inserts.len())).unwrap_or(0);
        let any_open = studio.song(|song| studio.editors.with(|open| open.iter().any(|insert| song.insert(*insert).is_some())));
        (inserts, any_open.unwrap_or(false))
    });
    let is_mix = Memo::new(move |_| studio.song(|song| song.kind == SongKind::Mix).unwrap_or(false));
    move || {
        match state.get() {
        (_, true) => ().into_any(),
        (0, false) => view! {
            <div class="master-nothing">
                <p>{if is_mix.get() { "The mix's master chain is empty." } else { "The master chain is empty." }}</p>
                <Button look=ButtonLook::Line class="is-large" hint="At their defaults, the limiter at −1 dBTP; undo takes all three back" on_press=move |()| chain::suggest(studio)>
                    "Add EQ, compressor and limiter"
                </Button>
            </div>
        }
        .into_any(),
        (_, false) => view! { <div class="master-nothing"><p>"Press a processor in the chain to open its editor."</p></div> }.into_any(),
    }
    }
}
