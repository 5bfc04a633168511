//! The console: a table whose rows are labelled at the left and whose columns are strips; the master stands at the right.

mod freeze;
mod inserts;
mod labels;
mod level;
mod looks;
mod master;
mod menus;
mod meters;
mod routing;
mod sends;
mod slot_drag;
mod strip;
mod switches;

use dsp::protocol::StripKind;
use leptos::html::Canvas;
use leptos::prelude::*;

pub use self::freeze::FreezeDialog;
pub use self::inserts::{AddInsert, Reduction, add_insert, toggle_bypass};
use self::labels::RowLabels;
pub use self::looks::HiddenStrips;
use self::master::MasterStrip;
pub use self::master::loudness_text;
pub use self::meters::{LEVEL_ZONES, MeterBoard, number_of};
pub use self::slot_drag::{SlotDrag, shift};
use self::strip::StripView;
pub use self::strip::colour_of;
pub use self::switches::toggle;
use super::frame::FrameLoop;
use crate::state::Studio;

/// The console of the song on show.
#[component]
pub fn Console() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let board = MeterBoard::new();
    provide_context(board);
    provide_context(SlotDrag::new());
    let overlay = NodeRef::<Canvas>::new();
    let frames = expect_context::<FrameLoop>();
    frames.each(board.drawing(overlay));
    let returns = studio.strips(StripKind::Return);
    let kinds = [StripKind::Audio, StripKind::Group, StripKind::Return];
    let sections = kinds.map(|kind| {
        let strips = studio.shown_strips(kind);
        let has_any = Memo::new(move |_| strips.with(|strips| !strips.is_empty()));
        view! {
            <For each=move || strips.get() key=|strip| *strip children=move |strip| view! { <StripView strip kind returns /> } />
            <Show when=move || has_any.get()>
                <i class="console-gap"></i>
            </Show>
        }
    });
    let master = studio.master();
    let master_view = move || master.get().map(|strip| view! { <MasterStrip strip /> });
    view! {
        <section
            class="console"
            aria-label="Console"
            style=("--send-count", move || returns.with(|returns| returns.len().max(1)).to_string())
        >
            <div class="console-scroll">
                <RowLabels returns />
                {sections.collect_view()}
                {master_view}
            </div>
            <canvas class="meter-overlay" node_ref=overlay aria-hidden="true"></canvas>
        </section>
    }
}
