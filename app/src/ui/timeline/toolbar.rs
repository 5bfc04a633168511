//! The corner above the heads: adding, the grid, following.

use leptos::prelude::*;
use session::model::Range;

use super::snap::Grid;
use super::state::TimelineState;
use super::{edits, markers};
use crate::state::{Room, Studio};
use crate::ui::drop::{FilePicker, Intent};
use crate::ui::widgets::{ButtonLook, Icon, IconView, Menu, MenuItem, Select, SelectOption, ToggleButton};

/// Add, snap, follow.
#[component]
pub fn Toolbar() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let picker = expect_context::<FilePicker>();
    let items = Callback::new(move |()| {
        vec![
            MenuItem::new("Audio files", "Each file becomes a track", move || picker.open(Intent::Room(Room::Mix))),
            MenuItem::new("Empty track", "A track without clips", move || studio.add_track()),
            MenuItem::new("Group", "Takes the chosen strips in, where several are chosen", move || {
                studio.add_group(&studio.also.get_untracked());
            }),
            MenuItem::new("Return with a reverb", "Each strip gets a send to it", move || studio.add_return(Some("reverb"))),
            MenuItem::new("Return with a delay", "Each strip gets a send to it", move || studio.add_return(Some("delay"))),
            MenuItem::new("Empty return", "Each strip gets a send to it", move || studio.add_return(None)),
            MenuItem::new("Marker at the playhead", "A named place on the ruler", move || {
                markers::add(studio, studio.locator.get_untracked())
            }),
            MenuItem::new("Loop around the selected clip", "Sets the loop and switches it on", move || loop_clip(studio, state)),
        ]
    });
    let grids = Grid::ALL.map(|(grid, name)| SelectOption::new(format!("{grid:?}"), format!("Snap: {name}"))).to_vec();
    let chosen = Signal::derive(move || format!("{:?}", state.grid.get()));
    let choose = move |value: String| {
        if let Some((grid, _)) = Grid::ALL.into_iter().find(|(grid, _)| format!("{grid:?}") == value) {
            state.grid.set(grid);
        }
    };
    view! {
        <div class="tl-bar" role="toolbar" aria-label="Timeline">
            <Menu name=Signal::stored("Add to the timeline".to_owned()) class="btn is-quiet is-small" hint="Tracks, markers, the loop" items>
                <IconView icon=Icon::Plus />
                "Add"
            </Menu>
            <span class="grow"></span>
            <Select name="Snap" class="is-quiet is-small" hint="Where dragged clips land; Ctrl while dragging suspends it" options=Signal::stored(grids) chosen on_choose=choose />
            <ToggleButton look=ButtonLook::Quiet class="is-small is-soft" name="Follow" hint="Turns the page with the playhead" pressed=state.follow
                on_press=move |_| state.follow.update(|follow| *follow = !*follow)>
                "Follow"
            </ToggleButton>
        </div>
    }
}

fn loop_clip(studio: Studio, state: TimelineState) {
    let clip = state.selected.get_untracked().and_then(|id| edits::find(studio, id));
    match clip {
        Some((_, clip, _)) => edits::set_loop(studio, Range { start: clip.start, end: clip.start + clip.length }),
        None => studio.messages.news("Select a clip first: the loop goes around it."),
    }
}
