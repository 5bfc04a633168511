//! The tools that measure, propose and explain: a menu in the top bar, and one dialog a tool.

mod culprits;
mod ledger;
mod masking;
mod staging;
mod surveys;

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::state::{Room, Studio};
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Menu, MenuItem};
use culprits::Culprits;
use ledger::{Assistant, LedgerView};
use masking::Masking;
use staging::Staging;
use surveys::Surveys;

/// A tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Trims and faults.
    GainStaging,
    /// What stands out on the master, and which tracks cause it.
    Culprits,
    /// Who covers the track that matters.
    Masking,
    /// Moves for the master.
    Assistant,
}

impl Tool {
    const ALL: [Self; 4] = [Self::GainStaging, Self::Culprits, Self::Masking, Self::Assistant];

    const fn name(self) -> &'static str {
        match self {
            Self::GainStaging => "Gain staging",
            Self::Culprits => "What stands out",
            Self::Masking => "Masking",
            Self::Assistant => "Assistant",
        }
    }

    const fn hint(self) -> &'static str {
        match self {
            Self::GainStaging => "Measures every track, finds faults and overloads, and proposes trims",
            Self::Culprits => "Measures what stands out on the master, and names the tracks that cause it",
            Self::Masking => "Measures who covers the track that matters, and proposes cuts that make room",
            Self::Assistant => "Measures the song and proposes a master chain, each move with its reason",
        }
    }

    const fn room(self) -> Room {
        match self {
            Self::GainStaging | Self::Culprits | Self::Masking => Room::Mix,
            Self::Assistant => Room::Master,
        }
    }
}

/// Which tool is open, and what was measured for it; a context of the page.
#[derive(Clone, Copy)]
pub struct Assist {
    open: RwSignal<Option<Tool>>,
    surveys: Surveys,
    assistant: Assistant,
}

impl Assist {
    /// Nothing is open or measured.
    pub fn new(studio: Studio) -> Self {
        Self { open: RwSignal::new(None), surveys: Surveys::new(studio), assistant: Assistant::new(studio) }
    }
}

/// The menu "Tools" of the room on show.
#[component]
pub fn AssistMenu() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let assist = expect_context::<Assist>();
    let items = Callback::new(move |()| {
        let room = studio.room.get_untracked();
        let of_room = Tool::ALL.into_iter().filter(|tool| tool.room() == room);
        of_room.map(|tool| MenuItem::new(tool.name(), tool.hint(), move || assist.open.set(Some(tool)))).collect()
    });
    view! {
        <Menu name=Signal::stored("Tools".to_owned()) class="btn is-quiet is-icon" hint="Measure, and propose with reasons" items>
            <IconView icon=Icon::Measure />
        </Menu>
    }
}

/// The dialog of the tool that is open.
#[component]
pub fn AssistDialog() -> impl IntoView {
    let assist = expect_context::<Assist>();
    let node = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            let is_wanted = assist.open.with(Option::is_some);
            if is_wanted && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !is_wanted && dialog.open() {
                dialog.close();
            }
        }
    });
    let body = move || match assist.open.get()? {
        Tool::GainStaging => Some(view! { <Staging surveys=assist.surveys /> }.into_any()),
        Tool::Culprits => Some(view! { <Culprits assist /> }.into_any()),
        Tool::Masking => Some(view! { <Masking surveys=assist.surveys /> }.into_any()),
        Tool::Assistant => Some(view! { <LedgerView assistant=assist.assistant /> }.into_any()),
    };
    let title = move || assist.open.get().map(Tool::name);
    view! {
        <dialog class="dialog assist" node_ref=node aria-labelledby="assist-title" on:close=move |_| assist.open.set(None)>
            <header class="dialog-head">
                <h2 id="assist-title">{title}</h2>
                <span class="grow"></span>
                <Button look=ButtonLook::Quiet class="is-icon" name="Close" on_press=move |()| assist.open.set(None)><IconView icon=Icon::Close /></Button>
            </header>
            {body}
        </dialog>
    }
}
