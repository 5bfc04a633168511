//! The Mix room: the timeline or the open editors, the channel panel beside them, the console below, and the lines between them that can be
//! dragged.

use leptos::html::Div;
use leptos::prelude::*;

use super::channel::ChannelPanel;
use super::console::Console;
use super::editors::{EditorDrawer, has_open};
use super::timeline::Timeline;
use super::widgets::{Line, Splitter};
use crate::state::{Pane, Panes, Studio};

/// The room.
#[component]
pub fn MixRoom() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let panes = Panes::kept();
    let room = NodeRef::<Div>::new();
    let has_editor = Memo::new(move |_| has_open(studio));
    let px = move |pane: Pane| panes.get(pane).map(|size_px| format!("{size_px}px"));
    view! {
        <div
            class="mix"
            node_ref=room
            class:has-editor=has_editor
            class:has-channel-over=studio.channel_over
            class:is-console-alone=studio.console_alone
            class:has-own-console=move || panes.get(Pane::Console).is_some()
            class:has-own-channel=move || panes.get(Pane::Channel).is_some()
            style=("--own-fader-h", move || px(Pane::Console))
            style=("--own-insp-w", move || px(Pane::Channel))
        >
            <section class="stage" aria-label="Timeline">
                <Timeline />
            </section>
            <div class="stage-editors"><EditorDrawer /></div>
            <ChannelPanel />
            <Console />
            <PaneLine pane=Pane::Console panes room />
            <PaneLine pane=Pane::Channel panes room />
        </div>
    }
}

/// The line that changes a pane's size.
#[component]
fn PaneLine(pane: Pane, panes: Panes, room: NodeRef<Div>) -> impl IntoView {
    let (name, line, selector) = match pane {
        Pane::Console => ("Height of the console", Line::Across, ".console .scale"),
        Pane::Channel => ("Width of the channel panel", Line::Down, ".channel"),
    };
    let size = Callback::new(move |()| {
        let sized = room.get_untracked().and_then(|room| room.query_selector(selector).ok().flatten());
        sized.map_or(0.0, |element| {
            let frame = element.get_bounding_client_rect();
            if line == Line::Across { frame.height() } else { frame.width() }
        })
    });
    view! { <Splitter name line limits_px=pane.limits_px() size on_size=Callback::new(move |size_px| panes.set(pane, size_px)) /> }
}
