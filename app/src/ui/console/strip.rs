//! One strip: a column of the console, from inserts to name.

use dsp::engine::strip_param;
use dsp::protocol::{StripId, StripKind};
use leptos::prelude::*;
use session::Edit;
use session::model::StripWidth;
use wasm_bindgen::JsCast;

use super::inserts::Inserts;
use super::level::{FaderAndMeter, LevelNumbers};
use super::looks::LookMarks;
use super::menus::of_strip;
use super::routing::Output;
use super::sends::Sends;
use super::switches::{MuteAndSolo, Polarity};
use crate::state::Studio;
use crate::ui::widgets::{BarLook, ContextMenus, NameField, ValueBar};

/// The custom property that holds a track's colour.
pub fn colour_of(colour: u8) -> String {
    format!("var(--trk-{colour})")
}

/// A press anywhere on a strip selects it; on its name with Ctrl or Shift it is chosen beside the selected one.
pub fn press_strip(studio: Studio, strip: StripId, event: &leptos::ev::PointerEvent) {
    let on_name = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let on_name = on_name.is_some_and(|target| target.closest(".name").ok().flatten().is_some());
    if on_name && (event.ctrl_key() || event.meta_key() || event.shift_key()) {
        // The name is not typed in then.
        event.prevent_default();
        studio.choose_also(strip);
    } else {
        studio.select_strip(strip);
    }
}

/// A strip of a track, a group or a return.
#[component]
pub fn StripView(strip: StripId, kind: StripKind, returns: Memo<Vec<StripId>>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let name = studio.strip_memo(strip, |strip| strip.name.clone());
    let colour = studio.strip_memo(strip, |strip| strip.colour);
    let muted = studio.strip_memo(strip, |strip| strip.is_on("mute"));
    let width = studio.strip_memo(strip, |strip| strip.look.width);
    let kind_class = match kind {
        StripKind::Group => "strip console-grid is-bus",
        StripKind::Return => "strip console-grid is-return",
        _ => "strip console-grid",
    };
    let typing = RwSignal::new(false);
    view! {
        <section
            class=kind_class
            class:is-selected=move || studio.selected.get() == Some(strip)
            class:is-muted=muted
            class:is-narrow=move || width.get() == StripWidth::Narrow
            class:is-wide=move || width.get() == StripWidth::Wide
            role="group"
            aria-label=name
            style=("--c", move || colour_of(colour.get()))
            class:is-chosen-also=move || studio.is_chosen_also(strip)
            on:pointerdown=move |event| press_strip(studio, strip, &event)
            on:focusin=move |_| studio.select_strip(strip)
        >
            <Inserts strip />
            <Sends strip kind returns />
            <div class="trim">
                <Polarity strip />
                <ValueBar control=studio.strip_control(strip, strip_param::TRIM) name="Trim" />
            </div>
            <div class="pan">
                <ValueBar control=studio.strip_control(strip, strip_param::PAN) name="Pan" look=BarLook::Tick />
            </div>
            <LevelNumbers strip typing />
            <FaderAndMeter strip typing />
            <MuteAndSolo strip />
            <Output strip />
            <StripName strip name />
        </section>
    }
}

/// The tape with the strip's name.
#[component]
pub fn StripName(strip: StripId, #[prop(into)] name: Signal<String>) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let rename = move |name: String| {
        if let Some(song) = studio.peek_song_id() {
            let step = format!("Rename to {name}");
            studio.dispatch(step, Edit::SetName { song, strip, name });
        }
    };
    let menus = use_context::<ContextMenus>();
    let offer = move |event: leptos::ev::MouseEvent| {
        let items = of_strip(studio, strip);
        if let Some(menus) = menus.filter(|_| !items.is_empty()) {
            menus.open(&event, name.get_untracked(), items);
        }
    };
    view! {
        <div class="name" data-strip=strip.0.to_string() on:contextmenu=offer>
            <NameField class="tape" name on_name=rename />
            <LookMarks strip />
        </div>
    }
}
