//! The top bar: session and rooms at the left, transport in the middle, history, headroom and files at the right.

mod files;
mod headroom;
mod history;
mod mix_match;
mod rooms;
mod snapshots;
mod tempo;
mod transport;

use leptos::prelude::*;
use session::Edit;

pub use self::files::OpenSessionFile;
use self::files::{AudioState, SaveSessionFile};
use self::headroom::HeadroomMeter;
use self::history::History;
pub use self::rooms::RoomTabs;
use self::snapshots::CompareMixes;
pub use self::snapshots::MixSides;
use self::transport::{Clock, TransportButtons};
use crate::state::{Studio, Theme};
use crate::ui::assist::AssistMenu;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, NameField};

/// The top bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let studio = expect_context::<Studio>();
    view! {
        <header class="top">
            <Brand />
            <SessionName />
            <RoomTabs />
            <span class="grow"></span>
            <TransportButtons />
            <Clock />
            <span class="grow"></span>
            <History />
            <CompareMixes />
            <AssistMenu />
            <span class="top-line"></span>
            <HeadroomMeter />
            <AudioState />
            <div class="top-group" role="group" aria-label="Session file">
                <OpenSessionFile />
                <SaveSessionFile />
            </div>
            <Button look=ButtonLook::Primary hint="Writes the mix or the master to a file (Ctrl E)" on_press=move |()| studio.export_open.set(true)>
                <IconView icon=Icon::Export />
                "Export"
            </Button>
            <ThemeButton />
            <Button look=ButtonLook::Quiet class="is-icon" name="Settings" hint="The meters' self-test" on_press=move |()| studio.settings_open.set(true)>
                <IconView icon=Icon::Settings />
            </Button>
        </header>
    }
}

/// Changes between dark and light, and keeps the choice.
#[component]
pub fn ThemeButton() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let change = move |()| {
        let other = studio.theme.get_untracked().other();
        other.keep();
        studio.theme.set(other);
    };
    let name = Signal::derive(move || if studio.theme.get() == Theme::Dark { "Light theme" } else { "Dark theme" }.to_owned());
    view! {
        <Button look=ButtonLook::Quiet class="is-icon" name on_press=change>
            <IconView icon=Icon::Theme />
        </Button>
    }
}

/// The mark and the word; a press leads back to the start page.
#[component]
fn Brand() -> impl IntoView {
    let studio = expect_context::<Studio>();
    view! {
        <Button look=ButtonLook::Quiet class="brand" name="Headroom, start page" hint="Back to the start page; the session is kept" on_press=move |()| studio.close()>
            <Mark />
            <span>"Headroom"</span>
        </Button>
    }
}

/// The mark: a ceiling and three levels under it.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 22 22" aria-hidden="true">
            <path class="mark-ceiling" d="M2 3.5h18" />
            <path class="mark-levels" d="M4 20v-7h3.4v7zM9.3 20V9.5h3.4V20zM14.6 20v-5H18v5z" />
        </svg>
    }
}

#[component]
fn SessionName() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let name = Memo::new(move |_| studio.session(|session| session.name.clone()).unwrap_or_default());
    let rename = move |name: String| {
        studio.dispatch(format!("Rename session to {name}"), Edit::RenameSession { name });
    };
    view! {
        <div class="session-name">
            <NameField label="Session name" name on_name=rename />
            <span class="session-saved">{move || studio.saved.get()}</span>
        </div>
    }
}
