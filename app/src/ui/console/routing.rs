//! Where a strip's sound goes.

use dsp::protocol::{StripId, StripKind};
use leptos::prelude::*;
use session::Edit;

use crate::state::Studio;
use crate::ui::widgets::{Select, SelectOption};

/// The combobox "Output": the master and the groups.
#[component]
pub fn Output(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let options = Memo::new(move |_| {
        studio
            .song(|song| {
                let master = song.master().map(|master| SelectOption::new("", master.name.clone()));
                let groups = song.strips_of(StripKind::Group).filter(|group| group.id != strip);
                let groups = groups.map(|group| SelectOption::new(group.id.0.to_string(), group.name.clone()));
                master.into_iter().chain(groups).collect::<Vec<_>>()
            })
            .unwrap_or_default()
    });
    let chosen = studio.strip_memo(strip, |strip| strip.output.map(|output| output.0.to_string()).unwrap_or_default());
    let choose = move |value: String| {
        let Some(song) = studio.peek_song_id() else { return };
        let output = value.parse().ok().map(StripId);
        studio.dispatch(studio.step_name(strip, "output"), Edit::SetOutput { song, strip, output });
    };
    view! {
        <div class="output">
            <Select name="Output" hint="Where the strip's sound goes" class="is-quiet" options chosen on_choose=choose />
        </div>
    }
}
