//! The tools that measure, propose and explain: a menu in the top bar, and one dialog a tool.

mod blind;
mod blind_view;
mod culprits;
mod in_step;
mod ledger;
mod masking;
mod matching;
mod matching_view;
mod path;
mod release;
mod release_view;
mod staging;
mod surveys;

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::state::{Room, Studio};
use crate::ui::topbar::MixSides;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, Menu, MenuItem, Switch};
use blind::Blind;
use blind_view::BlindView;
use culprits::Culprits;
use in_step::InStep;
use ledger::{Assistant, LedgerView};
use masking::Masking;
use matching::Matching;
use matching_view::MatchingView;
pub use path::PathBar;
use path::PathChoice;
use release::Release;
use release_view::ReleaseView;
use staging::Staging;
use surveys::Surveys;

const PATH: &str = "Path for beginners";
const PATH_HINT: &str = "The stages of a mix and of a master in order, with what each has reached";

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
    /// Tone, width, dynamics and loudness of references.
    MatchTone,
    /// What codecs make of the master.
    ReleaseCheck,
    /// Two states told apart by ear.
    BlindTest,
}

impl Tool {
    const ALL: [Self; 7] =
        [Self::GainStaging, Self::Culprits, Self::Masking, Self::Assistant, Self::MatchTone, Self::ReleaseCheck, Self::BlindTest];

    const fn name(self) -> &'static str {
        match self {
            Self::GainStaging => "Gain staging",
            Self::Culprits => "What stands out",
            Self::Masking => "Masking",
            Self::Assistant => "Assistant",
            Self::MatchTone => "Match tone",
            Self::ReleaseCheck => "Release check",
            Self::BlindTest => "Blind test",
        }
    }

    const fn hint(self) -> &'static str {
        match self {
            Self::GainStaging => "Measures every track, finds faults and overloads, and proposes trims",
            Self::Culprits => "Measures what stands out on the master, and names the tracks that cause it",
            Self::Masking => "Measures who covers the track that matters, and proposes cuts that make room",
            Self::Assistant => "Measures the song and proposes a master chain, each move with its reason",
            Self::MatchTone => "Brings the tone to that of one or several references, and width, dynamics and loudness if asked",
            Self::ReleaseCheck => "Sends the master through a codec, measures its peaks after decoding, and plays what is lost",
            Self::BlindTest => "Hides two states of the song behind X and Y, as loud as each other, and counts what you tell apart",
        }
    }

    const fn is_in(self, room: Room) -> bool {
        match self {
            Self::GainStaging | Self::Culprits | Self::Masking => matches!(room, Room::Mix),
            Self::Assistant | Self::MatchTone | Self::ReleaseCheck => matches!(room, Room::Master),
            Self::BlindTest => matches!(room, Room::Mix | Room::Master),
        }
    }
}

/// Which tool is open, and what was measured for it; a context of the page.
#[derive(Clone, Copy)]
pub struct Assist {
    open: RwSignal<Option<Tool>>,
    surveys: Surveys,
    assistant: Assistant,
    matching: Matching,
    release: Release,
    blind: Blind,
    /// Whether the path for beginners is shown.
    pub path: PathChoice,
}

impl Assist {
    /// Nothing is open or measured.
    pub fn new(studio: Studio, sides: MixSides) -> Self {
        let in_step = InStep::install(studio);
        Self {
            open: RwSignal::new(None),
            surveys: Surveys::new(studio),
            assistant: Assistant::new(studio, in_step),
            matching: Matching::new(studio),
            release: Release::new(studio, in_step),
            blind: Blind::new(studio, sides, in_step),
            path: PathChoice::kept(),
        }
    }
}

/// The menu "Tools" of the room on show.
#[component]
pub fn AssistMenu() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let assist = expect_context::<Assist>();
    let items = Callback::new(move |()| {
        let room = studio.room.get_untracked();
        let of_room = Tool::ALL.into_iter().filter(|tool| tool.is_in(room));
        let mut items: Vec<MenuItem> =
            of_room.map(|tool| MenuItem::new(tool.name(), tool.hint(), move || assist.open.set(Some(tool)))).collect();
        if room != Room::Album {
            items.push(path_item(assist.path));
        }
        items
    });
    view! {
        <Menu name=Signal::stored("Tools".to_owned()) class="btn is-quiet is-icon" hint="Measure, and propose with reasons" items>
            <IconView icon=Icon::Measure />
        </Menu>
    }
}

fn path_item(path: PathChoice) -> MenuItem {
    let is_shown = untrack(|| path.is_shown());
    let text = if is_shown { "Hide the path for beginners" } else { PATH };
    MenuItem::new(text, PATH_HINT, move || path.show(!is_shown))
}

/// The switch of the path on the start page.
#[component]
pub fn PathSwitch() -> impl IntoView {
    let path = expect_context::<Assist>().path;
    let on = Signal::derive(move || path.is_shown());
    view! { <Switch name=PATH hint=PATH_HINT on on_change=move |is_on| path.show(is_on) /> }
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
        Tool::MatchTone => Some(view! { <MatchingView matching=assist.matching /> }.into_any()),
        Tool::ReleaseCheck => Some(view! { <ReleaseView release=assist.release /> }.into_any()),
        Tool::BlindTest => Some(view! { <BlindView blind=assist.blind /> }.into_any()),
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
