//! The bar of the chosen span: where it is, and what can be done with it.

use leptos::prelude::*;

use super::state::TimelineState;
use super::{clipboard, span, time};
use crate::state::Studio;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView};

/// The bar; nothing while no span is chosen.
#[component]
pub fn SpanBar() -> impl IntoView {
    let state = expect_context::<TimelineState>();
    let is_chosen = Memo::new(move |_| state.span.with(Option::is_some));
    view! { <Show when=move || is_chosen.get()><Bar /></Show> }
}

#[component]
fn Bar() -> impl IntoView {
    let studio = expect_context::<Studio>();
    let state = expect_context::<TimelineState>();
    let tracks = move || match state.span.with(|span| span.as_ref().map_or(0, |span| span.strips.len())) {
        1 => "Span on 1 track".to_owned(),
        count => format!("Span on {count} tracks"),
    };
    let times = move || {
        let (range, rate_hz) = (state.span.get()?.range, studio.song(|song| song.rate_hz)?);
        Some(format!("{} – {}", time::clock(range.start, rate_hz), time::clock(range.end, rate_hz)))
    };
    // Whether there was a span to act on is for the keys, which then mean clips.
    let act = |_: bool| {};
    view! {
        <div class="tl-clip-bar" role="group" aria-label="Span">
            <b class="el">{tracks}</b>
            <span class="n lbl clip-times">{times}</span>
            <span class="grow"></span>
            <Button look=ButtonLook::Quiet class="is-small" name="Loop the span" hint="Sets the loop to it and switches it on" on_press=move |()| span::set_loop(studio, state)>"Loop"</Button>
            <Button look=ButtonLook::Quiet class="is-small" name="Copy the span" hint="Key: Ctrl C" on_press=move |()| act(clipboard::copy(studio, state))>"Copy"</Button>
            <Button look=ButtonLook::Quiet class="is-small" name="Split at the span’s ends" hint="Key: S" on_press=move |()| act(span::split(studio, state))>"Split"</Button>
            <Button look=ButtonLook::Quiet class="is-small" name="Repeat the span" hint="Lays a copy behind it. Key: Ctrl D" on_press=move |()| act(span::repeat(studio, state))>"Repeat"</Button>
            <Button look=ButtonLook::Quiet class="is-small is-icon" name="Delete the span" hint="What lies in it, on its tracks. Key: Delete" on_press=move |()| act(span::delete(studio, state))>
                <IconView icon=Icon::Remove />
            </Button>
        </div>
    }
}
