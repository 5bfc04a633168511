//! How strips stand in the console: the lines of their menu, the marks on their names, and the way back for hidden ones.

use dsp::protocol::{StripId, StripKind};
use leptos::prelude::*;
use session::model::StripWidth;

use crate::state::Studio;
use crate::ui::widgets::{Menu, MenuItem};

/// The lines of a strip's menu.
pub fn lines(studio: Studio, strip: StripId, kind: StripKind) -> Vec<MenuItem> {
    let Some(look) = studio.peek_strip(strip, |strip| strip.look.clone()) else { return Vec::new() };
    let widths = [(StripWidth::Narrow, "Narrow"), (StripWidth::Normal, "Normal width"), (StripWidth::Wide, "Wide")];
    let other = widths.into_iter().filter(|(width, _)| *width != look.width);
    let mut lines: Vec<MenuItem> = other
        .map(|(width, text)| MenuItem::new(text, "How wide the strip stands in the console", move || studio.set_strip_width(strip, width)))
        .collect();
    lines.push(MenuItem::new("Hide", "Out of sight, still heard; the status bar brings it back", move || studio.hide(strip)));
    if kind == StripKind::Group {
        let text = if look.folded { "Unfold" } else { "Fold" };
        lines.push(MenuItem::new(text, "What goes into the group, in or out of sight: F", move || studio.toggle_fold(strip)));
    }
    if studio.also.with_untracked(|also| also.contains(&strip)) {
        lines.push(MenuItem::new("Group the chosen strips", "They go into a new group", move || {
            studio.add_group(&studio.also.get_untracked())
        }));
        lines.push(MenuItem::new("Link the chosen faders", "They move together from then on", move || studio.link_faders(strip)));
    }
    if look.link > 0 {
        lines.push(MenuItem::new("Unlink the fader", "It moves alone again", move || studio.unlink_fader(strip)));
    }
    lines
}

/// Small marks under a strip's name: what is folded into it, its link, that there is a note.
#[component]
pub fn LookMarks(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let look = studio.strip_memo(strip, |strip| (strip.look.link, strip.look.note.clone()));
    let marks = Memo::new(move |_| {
        let folded = studio.folded_count(strip).map(|count| (format!("+{count}"), format!("{count} strips folded in")));
        let (link, note) = look.get();
        let link = (link > 0).then(|| (format!("L{link}"), format!("fader link {link}")));
        let note = (!note.is_empty()).then(|| ("N".to_owned(), format!("note: {note}")));
        folded.into_iter().chain(link).chain(note).collect::<Vec<_>>()
    });
    let short = move || marks.with(|marks| marks.iter().map(|mark| mark.0.as_str()).collect::<Vec<_>>().join(" "));
    let said = move || marks.with(|marks| marks.iter().map(|mark| mark.1.as_str()).collect::<Vec<_>>().join(", "));
    view! {
        <Show when=move || marks.with(|marks| !marks.is_empty())>
            <span class="look-marks n" on:pointerenter=move |_| studio.hints.show("Marks", &untrack(said))>
                <span aria-hidden="true">{short}</span>
                <span class="sr">{said}</span>
            </span>
        </Show>
    }
}

/// In the status bar: how many strips are hidden, and the way back for each.
#[component]
pub fn HiddenStrips() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let hidden = Memo::new(move |_| studio.hidden_strips());
    let name = Signal::derive(move || format!("{} hidden strips", hidden.with(Vec::len)));
    let items = Callback::new(move |()| {
        let hidden = hidden.get_untracked();
        let all: Vec<StripId> = hidden.iter().map(|(strip, _)| *strip).collect();
        let every = MenuItem::new("Show all", "Brings all hidden strips back", move || studio.show(&all));
        let each =
            hidden.into_iter().map(|(strip, name)| MenuItem::new(format!("Show {name}"), "Brings it back", move || studio.show(&[strip])));
        std::iter::once(every).chain(each).collect()
    });
    view! {
        <Show when=move || hidden.with(|hidden| !hidden.is_empty())>
            <Menu name class="btn is-quiet is-small status-hidden" hint="Strips that are hidden; they are still heard" items>
                {move || format!("{} hidden", hidden.with(Vec::len))}
            </Menu>
        </Show>
    }
}
