//! What frozen strips show: a slot that thaws, and a dialog while a track is being rendered.

use dsp::protocol::{StripId, StripKind};
use leptos::html::Dialog;
use leptos::prelude::*;

use crate::state::Studio;
use crate::ui::widgets::{Button, MenuItem, keep_focus, modal};

/// The first slot of a frozen strip: how many inserts are put aside; a press brings them back.
#[component]
pub fn FrozenSlot(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let inserts = studio.strip_memo(strip, |strip| strip.frozen.as_ref().map(|frozen| frozen.inserts.len()));
    let name = move || match inserts.get() {
        Some(0) => "Thaw".to_owned(),
        Some(1) => "Thaw 1 insert".to_owned(),
        count => format!("Thaw {} inserts", count.unwrap_or(0)),
    };
    let hint = move || {
        studio.hints.show(
            "Frozen",
            "It plays its render, or live while something that goes into it is soloed; a press brings back what stood there",
        )
    };
    view! {
        <Show when=move || inserts.get().is_some()>
            <button
                type="button"
                class="slot is-frozen"
                aria-label=name
                on:mousedown=keep_focus
                on:click=move |_| studio.thaw(&[strip])
                on:focus=move |_| hint()
                on:pointerenter=move |_| hint()
            >
                <span class="slot-name" data-short="Frozen"></span>
            </button>
        </Show>
    }
}

/// The lines of a strip's menu: its own, and those of a group's tracks.
pub fn lines(studio: Studio, strip: StripId, kind: StripKind) -> Vec<MenuItem> {
    let tracks = studio.tracks_of(strip);
    let (warm, cold): (Vec<_>, Vec<_>) = tracks.into_iter().partition(|track| !studio.is_frozen(*track));
    let warm: Vec<_> = warm.into_iter().filter(|track| studio.can_freeze(*track)).collect();
    let (freeze, thaw) = if kind == StripKind::Audio { ("Freeze", "Thaw") } else { ("Freeze its tracks", "Thaw its tracks") };
    let mut lines = if kind == StripKind::Group { of_group(studio, strip) } else { Vec::new() };
    if !warm.is_empty() {
        lines.push(MenuItem::new(freeze, "Renders clips and inserts, and frees their cost", move || studio.freeze(warm.clone())));
    }
    if !cold.is_empty() {
        lines.push(MenuItem::new(thaw, "Brings clips and inserts back", move || studio.thaw(&cold)));
    }
    lines
}

/// A group's own line.
fn of_group(studio: Studio, strip: StripId) -> Vec<MenuItem> {
    if studio.is_frozen(strip) {
        vec![MenuItem::new("Thaw", "Brings its inserts back, and what goes into it", move || studio.thaw(&[strip]))]
    } else if studio.can_freeze(strip) {
        vec![MenuItem::new("Freeze", "Renders what goes into it with its inserts, and frees their cost", move || {
            studio.freeze(vec![strip])
        })]
    } else {
        Vec::new()
    }
}

/// The dialog "Freeze", as long as tracks are rendered.
#[component]
pub fn FreezeDialog() -> impl IntoView {
    let freezing = expect_context::<Studio>().freezing;
    let node = NodeRef::<Dialog>::new();
    modal(node, move || freezing.now.with(Option::is_some));
    let name = move || freezing.now.with(|now| now.as_ref().map(|now| now.0.clone()).unwrap_or_default());
    let percent = move || freezing.now.with(|now| now.as_ref().map_or(0, |now| (now.1 * 100.0) as u32)).to_string();
    view! {
        <dialog class="dialog freeze" node_ref=node aria-labelledby="freeze-title" on:cancel=move |event: web_sys::Event| {
            event.prevent_default();
            freezing.cancel();
        }>
            <header class="dialog-head"><h2 id="freeze-title">"Freeze " {name}</h2></header>
            <div class="freeze-body">
                <progress class="goal-bar" aria-label="Freeze progress" max="100" value=percent></progress>
                <Button on_press=move |()| freezing.cancel()>"Cancel"</Button>
            </div>
        </dialog>
    }
}
