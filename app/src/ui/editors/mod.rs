//! The editors: what the processors of a chain are set with. They open in the timeline's place; two stand side by side.

mod band_reduction;
mod compare;
mod controls;
mod decay;
mod echoes;
mod editor;
mod equalizer;
mod handle;
mod history;
mod level_change;
mod levels;
mod listening;
mod picture;
mod ranges;
mod scale;
mod sections;
mod slot_curve;
mod spectrum;
mod thumbnail;
mod transfer;
mod view;
mod waveshape;

use dsp::protocol::{InsertId, StripId};
use leptos::prelude::*;

pub use self::compare::Comparisons;
pub use self::controls::{ParamRow, param_row_class};
use self::editor::Editor;
pub use self::slot_curve::SlotCurve;
pub use self::thumbnail::Thumbnail;
use crate::state::Studio;

/// The open editors, or nothing.
#[component]
pub fn EditorDrawer() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let open = Memo::new(move |_| open_editors(studio));
    let is_open = Memo::new(move |_| open.with(|open| !open.is_empty()));
    view! {
        <Show when=move || is_open.get()>
            <div class="editors">
                <For
                    each=move || open.get()
                    key=|(_, insert)| *insert
                    children=|(strip, insert)| view! { <Editor strip insert /> }
                />
            </div>
        </Show>
    }
}

/// Whether an editor is on show, tracked.
pub fn has_open(studio: Studio) -> bool {
    !open_editors(studio).is_empty()
}

/// The open editors whose inserts are in the song on show, with their strips.
fn open_editors(studio: Studio) -> Vec<(StripId, InsertId)> {
    let open = studio.editors.get();
    let found = studio.song(|song| {
        let strip_of = |insert: &InsertId| song.insert(*insert).map(|(strip, _)| (strip.id, *insert));
        open.iter().filter_map(strip_of).collect()
    });
    found.unwrap_or_default()
}
